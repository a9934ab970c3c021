package keys

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"fmt"
)

// Multicodec prefixes, as unsigned varints.
var (
	codecEd25519Pub  = []byte{0xed, 0x01} // ed25519-pub 0xed
	codecEd25519Priv = []byte{0x80, 0x26} // ed25519-priv 0x1300
	codecRSAPub      = []byte{0x85, 0x24} // rsa-pub 0x1205, PKCS #1 follows
)

// Multikey is the value of publicKeyMultibase (FEP-521a; Controlled Identifiers 1.0, 2.2.2):
// base58btc over the multicodec prefix and the raw key.
func (p Public) Multikey() (string, error) {
	switch {
	case p.ed != nil:
		return EncodeMultibase(append(bytes.Clone(codecEd25519Pub), p.ed...)), nil
	case p.rsa != nil:
		return EncodeMultibase(append(bytes.Clone(codecRSAPub), x509.MarshalPKCS1PublicKey(p.rsa)...)), nil
	}
	return "", errors.New("no public key to encode")
}

// ParseMultikey reads publicKeyMultibase, in base58btc or base64url.
func ParseMultikey(s string) (Public, error) {
	b, err := DecodeMultibase(s)
	if err != nil {
		return Public{}, err
	}
	if raw, ok := bytes.CutPrefix(b, codecEd25519Pub); ok {
		if len(raw) != ed25519.PublicKeySize {
			return Public{}, fmt.Errorf("an Ed25519 multikey has 32 bytes after its prefix, not %d", len(raw))
		}
		return Public{ed: raw}, nil
	}
	if raw, ok := bytes.CutPrefix(b, codecRSAPub); ok {
		k, err := x509.ParsePKCS1PublicKey(raw)
		if err != nil {
			return Public{}, fmt.Errorf("the RSA multikey cannot be read: %w", err)
		}
		return publicOf(k)
	}
	return Public{}, errors.New("the multikey is neither Ed25519 (0xed01) nor RSA (0x8524)")
}

// ParseSecretMultikey reads the secretKeyMultibase of an Ed25519 key (Controlled Identifiers 1.0,
// 2.2.2): a 32-byte seed after the prefix 0x8026.
func ParseSecretMultikey(s string) (Private, error) {
	b, err := DecodeMultibase(s)
	if err != nil {
		return Private{}, err
	}
	seed, ok := bytes.CutPrefix(b, codecEd25519Priv)
	if !ok {
		return Private{}, errors.New("the secret multikey is not Ed25519 (0x8026)")
	}
	return Ed25519FromSeed(seed)
}
