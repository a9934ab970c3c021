// Package webpush makes the requests that bring a message to a push service:
// the two encryptions that browsers and apps read, and the proof of who sends.
// It speaks no HTTP.
//
//   - aes128gcm: RFC 8291 over RFC 8188
//   - aesgcm: draft-ietf-webpush-encryption-04, which many apps' relays still expect
//   - VAPID: RFC 8292, and its draft 01 for aesgcm
package webpush

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
)

// Encoding is the content coding of a message.
type Encoding string

// The encodings.
const (
	AES128GCM Encoding = "aes128gcm"
	AESGCM    Encoding = "aesgcm"
)

const (
	saltSize  = 16
	keySize   = 65 // an uncompressed P-256 point (X9.62)
	authSize  = 16
	tagSize   = 16
	gcmHeader = saltSize + 4 + 1 + keySize
	// recordSize is the rs of the one record that a message is; push services
	// need not take more (RFC 8291 §4).
	recordSize = 4096
	// MaxMessage is the longest message in bytes that fits in either encoding.
	MaxMessage = recordSize - gcmHeader - tagSize - 1
)

// Receiver is where a message goes: the keys of a subscription.
type Receiver struct {
	Public *ecdh.PublicKey
	Auth   []byte // 16 bytes
}

// ParseReceiver reads p256dh and auth as subscriptions have them: base64 of
// either alphabet, padded or not.
func ParseReceiver(p256dh, auth string) (*Receiver, error) {
	point, err := Decode64(p256dh)
	if err != nil {
		return nil, fmt.Errorf("p256dh must be base64: %w", err)
	}
	public, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		return nil, fmt.Errorf("p256dh must be an uncompressed P-256 point: %w", err)
	}
	secret, err := Decode64(auth)
	if err != nil || len(secret) != authSize {
		return nil, errors.New("auth must be 16 bytes in base64")
	}
	return &Receiver{public, secret}, nil
}

// Decode64 reads base64 of either alphabet, padded or not.
func Decode64(s string) (b []byte, err error) {
	for _, e := range []*base64.Encoding{base64.RawURLEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.StdEncoding} {
		if b, err = e.DecodeString(s); err == nil {
			return b, nil
		}
	}
	return nil, err
}

// Sealed is an encrypted message with what must be told beside it.
type Sealed struct {
	Encoding Encoding
	Body     []byte
	Salt     []byte // for the headers of AESGCM; in Body otherwise
	Public   []byte // the sender's key of this message, an uncompressed point
}

// Seal encrypts a message of at most MaxMessage bytes under a fresh key.
func Seal(r *Receiver, e Encoding, message []byte) (*Sealed, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	return seal(r, e, message, key, salt)
}

func seal(r *Receiver, e Encoding, message []byte, key *ecdh.PrivateKey, salt []byte) (*Sealed, error) {
	if len(message) > MaxMessage {
		return nil, fmt.Errorf("a message of %d bytes is too long: at most %d fit", len(message), MaxMessage)
	}
	shared, err := key.ECDH(r.Public)
	if err != nil {
		return nil, err
	}
	mine := key.PublicKey().Bytes()
	gcm, nonce, err := derive(e, shared, r.Auth, r.Public.Bytes(), mine, salt)
	if err != nil {
		return nil, err
	}
	s := &Sealed{Encoding: e, Salt: salt, Public: mine}
	if e == AESGCM {
		padded := append(make([]byte, 2, 2+len(message)), message...) // no padding (draft-ietf-httpbis-encryption-encoding-03 §2)
		s.Body = gcm.Seal(nil, nonce, padded, nil)
		return s, nil
	}
	s.Body = make([]byte, 0, gcmHeader+len(message)+1+tagSize)
	s.Body = append(s.Body, salt...)
	s.Body = binary.BigEndian.AppendUint32(s.Body, recordSize)
	s.Body = append(s.Body, keySize)
	s.Body = append(s.Body, mine...)
	last := append(append(make([]byte, 0, len(message)+1), message...), 2) // the delimiter of the last record (RFC 8188 §2)
	s.Body = gcm.Seal(s.Body, nonce, last, nil)
	return s, nil
}

// derive makes the cipher and nonce of the one record that both ends share.
func derive(e Encoding, shared, auth, receiver, sender, salt []byte) (cipher.AEAD, []byte, error) {
	var keyInfo, cekInfo, nonceInfo string
	switch e {
	case AES128GCM: // RFC 8291 §3.4
		keyInfo = "WebPush: info\x00" + string(receiver) + string(sender)
		cekInfo, nonceInfo = "Content-Encoding: aes128gcm\x00", "Content-Encoding: nonce\x00"
	case AESGCM: // draft-ietf-webpush-encryption-04 §3
		keyInfo = "Content-Encoding: auth\x00"
		context := "P-256\x00" + counted(receiver) + counted(sender)
		cekInfo, nonceInfo = "Content-Encoding: aesgcm\x00"+context, "Content-Encoding: nonce\x00"+context
	default:
		return nil, nil, fmt.Errorf("no encoding %q: take aes128gcm or aesgcm", e)
	}
	ikm, err := hkdf.Key(sha256.New, shared, auth, keyInfo, 32)
	if err != nil {
		return nil, nil, err
	}
	prk, err := hkdf.Extract(sha256.New, ikm, salt)
	if err != nil {
		return nil, nil, err
	}
	cek, err := hkdf.Expand(sha256.New, prk, cekInfo, 16)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := hkdf.Expand(sha256.New, prk, nonceInfo, 12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(cek)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return gcm, nonce, err
}

// counted is a key behind its length in two bytes.
func counted(key []byte) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(key)))) + string(key)
}
