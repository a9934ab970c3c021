package nostr

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/bits"

	"github.com/btcsuite/btcd/btcec/v2"
	"github.com/btcsuite/btcd/btcec/v2/schnorr"
	"golang.org/x/crypto/chacha20"
)

// Encryption of NIP-44, version 2.

var errCipher = errors.New("the message cannot be decrypted (NIP-44)")

// conversation is the key of two parties: HKDF-extract of the x of their shared point.
func conversation(secret *btcec.PrivateKey, public string) ([]byte, error) {
	raw, err := hex.DecodeString(public)
	if err != nil {
		return nil, errCipher
	}
	pub, err := schnorr.ParsePubKey(raw)
	if err != nil {
		return nil, errCipher
	}
	return hkdf.Extract(sha256.New, btcec.GenerateSharedSecret(secret, pub), []byte("nip44-v2"))
}

// messageKeys are the ChaCha20 key and nonce and the HMAC key of one message.
func messageKeys(conversation, nonce []byte) (key, chachaNonce, mac []byte, err error) {
	out, err := hkdf.Expand(sha256.New, conversation, string(nonce), 76)
	if err != nil {
		return nil, nil, nil, err
	}
	return out[:32], out[32:44], out[44:], nil
}

// padded is the length a text of n bytes is padded to.
func padded(n int) int {
	if n <= 32 {
		return 32
	}
	next := 1 << bits.Len(uint(n-1))
	chunk := 32
	if next > 256 {
		chunk = next / 8
	}
	return chunk * ((n-1)/chunk + 1)
}

func encrypt(conversation []byte, text string) (string, error) {
	nonce := make([]byte, 32)
	rand.Read(nonce)
	return encryptWith(conversation, nonce, text)
}

func encryptWith(conversation, nonce []byte, text string) (string, error) {
	if len(text) < 1 || len(text) > 65535 {
		return "", errors.New("NIP-44 encrypts 1 to 65535 bytes")
	}
	key, chachaNonce, macKey, err := messageKeys(conversation, nonce)
	if err != nil {
		return "", err
	}
	plain := make([]byte, 2+padded(len(text)))
	binary.BigEndian.PutUint16(plain, uint16(len(text)))
	copy(plain[2:], text)
	stream, err := chacha20.NewUnauthenticatedCipher(key, chachaNonce)
	if err != nil {
		return "", err
	}
	stream.XORKeyStream(plain, plain)
	out := append(append([]byte{2}, nonce...), plain...)
	return base64.StdEncoding.EncodeToString(append(out, macOf(macKey, nonce, plain)...)), nil
}

func decrypt(conversation []byte, payload string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(payload)
	if err != nil || len(raw) < 99 || len(raw) > 65603 || raw[0] != 2 {
		return "", errCipher
	}
	nonce, body, mac := raw[1:33], raw[33:len(raw)-32], raw[len(raw)-32:]
	key, chachaNonce, macKey, err := messageKeys(conversation, nonce)
	if err != nil {
		return "", errCipher
	}
	if subtle.ConstantTimeCompare(macOf(macKey, nonce, body), mac) != 1 {
		return "", errCipher
	}
	stream, err := chacha20.NewUnauthenticatedCipher(key, chachaNonce)
	if err != nil {
		return "", errCipher
	}
	plain := make([]byte, len(body))
	stream.XORKeyStream(plain, body)
	n := int(binary.BigEndian.Uint16(plain))
	if n < 1 || len(plain) != 2+padded(n) {
		return "", errCipher
	}
	return string(plain[2 : 2+n]), nil
}

func macOf(key, nonce, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(nonce)
	mac.Write(body)
	return mac.Sum(nil)
}
