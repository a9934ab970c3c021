package nostr

import (
	"encoding/hex"
	"errors"

	"github.com/btcsuite/btcd/btcec/v2"
)

// Key is a secret key with what belongs to it, for who speaks Nostr beside a
// Link: relays and signers of tests.
type Key struct{ key *btcec.PrivateKey }

// NewKey makes a key.
func NewKey() (Key, error) {
	key, err := btcec.NewPrivateKey()
	return Key{key}, err
}

// Secret is the key in hexadecimal.
func (k Key) Secret() string { return hex.EncodeToString(k.key.Serialize()) }

// Nsec is the key as people keep it.
func (k Key) Nsec() string { return encodeBech32("nsec", k.key.Serialize()) }

// Public is the public key in hexadecimal.
func (k Key) Public() string { return publicOf(k.key) }

// Npub is the public key as people write it.
func (k Key) Npub() string { return npub(k.Public()) }

// Sign completes e with the key, id and signature.
func (k Key) Sign(e *Event) error { return e.sign(k.key) }

// Seal encrypts text for the holder of another key (NIP-44).
func (k Key) Seal(public, text string) (string, error) {
	shared, err := conversation(k.key, public)
	if err != nil {
		return "", err
	}
	return encrypt(shared, text)
}

// Unseal decrypts what the holder of another key sealed for this one.
func (k Key) Unseal(public, sealed string) (string, error) {
	if !isHex32(public) {
		return "", errors.New("this is no public key")
	}
	shared, err := conversation(k.key, public)
	if err != nil {
		return "", err
	}
	return decrypt(shared, sealed)
}
