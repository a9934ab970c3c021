// Package keys holds the key pairs that actors sign with: RSA and Ed25519, their text forms
// (PEM, Multikey of FEP-521a) and the sealing of private halves for storage.
package keys

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
)

// Kind names an algorithm of keys; it is the text kept in the database.
type Kind string

// The kinds of keys known.
const (
	RSA     Kind = "rsa"
	Ed25519 Kind = "ed25519"
)

// Bounds on the modulus of RSA keys of others, in bits. Below 1024 Go refuses to verify; above
// 8192 a verification costs more than a stranger should be able to ask for.
const (
	minRSABits = 1024
	maxRSABits = 8192
	newRSABits = 2048
)

// ErrSignature is returned by Public.Verify for a signature that does not belong to message and key.
var ErrSignature = errors.New("the signature does not match the message and the key")

// Private is a private key. The zero value is no key: every method but IsZero fails on it.
// It holds references only and may be copied; it is safe for concurrent use.
type Private struct {
	rsa *rsa.PrivateKey
	ed  ed25519.PrivateKey
}

// Public is a public key. The zero value is no key. It may be copied and used concurrently.
type Public struct {
	rsa *rsa.PublicKey
	ed  ed25519.PublicKey
}

// Generate makes a new key: RSA with 2048 bits, or Ed25519.
func Generate(kind Kind) (Private, error) {
	switch kind {
	case RSA:
		k, err := rsa.GenerateKey(rand.Reader, newRSABits)
		return Private{rsa: k}, err
	case Ed25519:
		_, k, err := ed25519.GenerateKey(rand.Reader)
		return Private{ed: k}, err
	}
	return Private{}, fmt.Errorf("no kind of key is called %q; known are rsa and ed25519", kind)
}

// Ed25519FromSeed makes the Ed25519 key of a 32-byte seed (RFC 8032, 5.1.5).
func Ed25519FromSeed(seed []byte) (Private, error) {
	if len(seed) != ed25519.SeedSize {
		return Private{}, fmt.Errorf("an Ed25519 seed has 32 bytes, not %d", len(seed))
	}
	return Private{ed: ed25519.NewKeyFromSeed(seed)}, nil
}

// IsZero tells whether p is no key.
func (p Private) IsZero() bool { return p.rsa == nil && p.ed == nil }

// Kind is the kind of the key, "" for the zero value.
func (p Private) Kind() Kind { return p.Public().Kind() }

// Public is the public half.
func (p Private) Public() Public {
	switch {
	case p.rsa != nil:
		return Public{rsa: &p.rsa.PublicKey}
	case p.ed != nil:
		return Public{ed: p.ed.Public().(ed25519.PublicKey)}
	}
	return Public{}
}

// Sign signs message: RSASSA-PKCS1-v1_5 over its SHA-256 (RFC 8017, 8.2), or Ed25519 over the
// message itself (RFC 8032, 5.1.6).
func (p Private) Sign(message []byte) ([]byte, error) {
	switch {
	case p.rsa != nil:
		sum := sha256.Sum256(message)
		return rsa.SignPKCS1v15(nil, p.rsa, crypto.SHA256, sum[:])
	case p.ed != nil:
		return ed25519.Sign(p.ed, message), nil
	}
	return nil, errors.New("no private key to sign with")
}

// IsZero tells whether p is no key.
func (p Public) IsZero() bool { return p.rsa == nil && p.ed == nil }

// Kind is the kind of the key, "" for the zero value.
func (p Public) Kind() Kind {
	switch {
	case p.rsa != nil:
		return RSA
	case p.ed != nil:
		return Ed25519
	}
	return ""
}

// Verify checks what Private.Sign made; it returns ErrSignature when it does not match.
func (p Public) Verify(message, signature []byte) error {
	switch {
	case p.rsa != nil:
		sum := sha256.Sum256(message)
		if rsa.VerifyPKCS1v15(p.rsa, crypto.SHA256, sum[:], signature) != nil {
			return ErrSignature
		}
		return nil
	case p.ed != nil:
		if len(signature) != ed25519.SignatureSize || !ed25519.Verify(p.ed, message, signature) {
			return ErrSignature
		}
		return nil
	}
	return errors.New("no public key to verify with")
}

// Equal tells whether both are the same key.
func (p Public) Equal(q Public) bool {
	switch {
	case p.rsa != nil && q.rsa != nil:
		return p.rsa.Equal(q.rsa)
	case p.ed != nil && q.ed != nil:
		return p.ed.Equal(q.ed)
	}
	return p.IsZero() && q.IsZero()
}

// publicOf wraps a key that crypto/x509 parsed, after checking its size.
func publicOf(key any) (Public, error) {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if n := k.N.BitLen(); n < minRSABits || n > maxRSABits {
			return Public{}, fmt.Errorf("an RSA key has %d to %d bits, this one has %d", minRSABits, maxRSABits, n)
		}
		return Public{rsa: k}, nil
	case ed25519.PublicKey:
		return Public{ed: k}, nil
	}
	return Public{}, fmt.Errorf("a key is RSA or Ed25519, not %T", key)
}

// privateOf wraps a private key that crypto/x509 parsed.
func privateOf(key any) (Private, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey:
		_, err := publicOf(&k.PublicKey)
		return Private{rsa: k}, err
	case ed25519.PrivateKey:
		return Private{ed: k}, nil
	}
	return Private{}, fmt.Errorf("a key is RSA or Ed25519, not %T", key)
}
