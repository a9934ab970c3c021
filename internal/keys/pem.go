package keys

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// maxPEM bounds the text of a key, in bytes: an RSA private key of 8192 bits has about 6.4 kB.
const maxPEM = 16 << 10

// PEM is the public key as SubjectPublicKeyInfo ("PUBLIC KEY", RFC 7468, 13), as actors show it
// in publicKeyPem.
func (p Public) PEM() (string, error) {
	der, err := p.der()
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// DER is the key as PKIX SubjectPublicKeyInfo (RFC 5280, 4.1.2.7): what is stored.
func (p Public) DER() ([]byte, error) { return p.der() }

func (p Public) der() ([]byte, error) {
	switch {
	case p.rsa != nil:
		return x509.MarshalPKIXPublicKey(p.rsa)
	case p.ed != nil:
		return x509.MarshalPKIXPublicKey(p.ed)
	}
	return nil, errors.New("no public key to encode")
}

// PEM is the private key in the clear as PKCS #8 ("PRIVATE KEY", RFC 7468, 10). Use Master.Seal
// for what is stored.
func (p Private) PEM() (string, error) {
	der, err := p.der()
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

func (p Private) der() ([]byte, error) {
	switch {
	case p.rsa != nil:
		return x509.MarshalPKCS8PrivateKey(p.rsa)
	case p.ed != nil:
		return x509.MarshalPKCS8PrivateKey(p.ed)
	}
	return nil, errors.New("no private key to encode")
}

// ParsePublicPEM reads a public key: "PUBLIC KEY" (SubjectPublicKeyInfo) or "RSA PUBLIC KEY"
// (PKCS #1). White space around the block is allowed, anything else is not.
func ParsePublicPEM(text string) (Public, error) {
	block, err := onePEM(text)
	if err != nil {
		return Public{}, err
	}
	var key any
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return Public{}, fmt.Errorf(`a public key is a PEM block "PUBLIC KEY" or "RSA PUBLIC KEY", not %.40q`, block.Type)
	}
	if err != nil {
		return Public{}, fmt.Errorf("the public key cannot be read: %w", err)
	}
	return publicOf(key)
}

// ParseDER reads a public key as DER writes it.
func ParseDER(der []byte) (Public, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return Public{}, fmt.Errorf("the public key cannot be read: %w", err)
	}
	return publicOf(key)
}

// ParsePrivatePEM reads a private key: "PRIVATE KEY" (PKCS #8) or "RSA PRIVATE KEY" (PKCS #1, as
// Mastodon exports it).
func ParsePrivatePEM(text string) (Private, error) {
	block, err := onePEM(text)
	if err != nil {
		return Private{}, err
	}
	var key any
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return Private{}, fmt.Errorf(`a private key is a PEM block "PRIVATE KEY" or "RSA PRIVATE KEY", not %.40q`, block.Type)
	}
	if err != nil {
		return Private{}, fmt.Errorf("the private key cannot be read: %w", err)
	}
	return privateOf(key)
}

func onePEM(text string) (*pem.Block, error) {
	if len(text) > maxPEM {
		return nil, fmt.Errorf("a key has at most %d bytes of PEM, this one has %d", maxPEM, len(text))
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("no PEM block found (-----BEGIN … KEY-----)")
	}
	for _, c := range rest {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return nil, errors.New("more text follows the PEM block; exactly one key is wanted")
		}
	}
	return block, nil
}
