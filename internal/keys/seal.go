package keys

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// MasterSize is the length of a master key, in bytes.
const MasterSize = chacha20poly1305.KeySize

// sealVersion begins every sealed text. A sealed text is "x1.", the id of the master key, ".",
// base64url of a nonce of 24 bytes and the XChaCha20-Poly1305 ciphertext.
const sealVersion = "x1"

// maxSealed bounds a sealed text, in bytes.
const maxSealed = 64 << 10

// ErrOtherMaster is returned when a text was sealed with another master key than the one at hand.
var ErrOtherMaster = errors.New("sealed with another master key")

// Master seals and opens secrets that are kept in the database. It is safe for concurrent use.
type Master struct {
	aead cipher.AEAD
	id   string
}

// NewMaster takes a master key of 32 random bytes.
func NewMaster(key []byte) (*Master, error) {
	if len(key) != MasterSize {
		return nil, fmt.Errorf("a master key has %d bytes, not %d", MasterSize, len(key))
	}
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("engawa master key id\x00"), key...))
	return &Master{aead: aead, id: hex.EncodeToString(sum[:4])}, nil
}

// ID tells master keys apart without giving them away: eight hexadecimal digits.
func (m *Master) ID() string { return m.id }

// SealBytes seals secret for one place: a text opens only with the context it was sealed with
// (say the id of the row), so that it cannot be moved to another.
func (m *Master) SealBytes(secret []byte, context string) string {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(secret)+chacha20poly1305.Overhead)
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	sealed := m.aead.Seal(nonce, nonce, secret, m.data(context))
	return sealVersion + "." + m.id + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// OpenBytes opens what SealBytes sealed with the same context. Errors: ErrOtherMaster, or that the
// text was damaged, altered or sealed for another context.
func (m *Master) OpenBytes(sealed, context string) ([]byte, error) {
	if len(sealed) > maxSealed {
		return nil, fmt.Errorf("a sealed secret has at most %d bytes, not %d", maxSealed, len(sealed))
	}
	version, rest, _ := strings.Cut(sealed, ".")
	id, text, ok := strings.Cut(rest, ".")
	if version != sealVersion || !ok {
		return nil, fmt.Errorf("a sealed secret begins with %q, this one does not", sealVersion+".")
	}
	if id != m.id {
		return nil, fmt.Errorf("%w: it wants the one with id %.16q, this one is %q", ErrOtherMaster, id, m.id)
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < chacha20poly1305.NonceSizeX {
		return nil, errors.New("the sealed secret is damaged")
	}
	nonce, box := b[:chacha20poly1305.NonceSizeX], b[chacha20poly1305.NonceSizeX:]
	secret, err := m.aead.Open(nil, nonce, box, m.data(context))
	if err != nil {
		return nil, errors.New("the sealed secret was altered, or belongs to another place")
	}
	return secret, nil
}

// Seal seals a private key (as PKCS #8); see SealBytes.
func (m *Master) Seal(key Private, context string) (string, error) {
	der, err := key.der()
	if err != nil {
		return "", err
	}
	return m.SealBytes(der, context), nil
}

// Open opens what Seal sealed.
func (m *Master) Open(sealed, context string) (Private, error) {
	der, err := m.OpenBytes(sealed, context)
	if err != nil {
		return Private{}, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return Private{}, fmt.Errorf("the sealed key cannot be read: %w", err)
	}
	return privateOf(key)
}

func (m *Master) data(context string) []byte {
	return []byte(sealVersion + "\x00" + context)
}
