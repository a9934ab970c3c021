package webpush

import (
	"crypto/ecdh"
	"encoding/binary"
	"errors"
)

var errBroken = errors.New("the message is not whole, or not for this key")

// Open decrypts a message as a browser does: for tests, and for what receives
// pushes. Salt and Public of an AES128GCM message are read from its Body.
func Open(key *ecdh.PrivateKey, auth []byte, s *Sealed) ([]byte, error) {
	salt, sender, text := s.Salt, s.Public, s.Body
	if s.Encoding == AES128GCM {
		if len(text) < gcmHeader || text[saltSize+4] != keySize {
			return nil, errBroken
		}
		salt, sender = text[:saltSize], text[saltSize+5:gcmHeader]
		size := binary.BigEndian.Uint32(text[saltSize : saltSize+4])
		if text = text[gcmHeader:]; uint64(len(text)) > uint64(size) { // one record only (RFC 8291 §4)
			return nil, errBroken
		}
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, errBroken
	}
	shared, err := key.ECDH(public)
	if err != nil {
		return nil, err
	}
	gcm, nonce, err := derive(s.Encoding, shared, auth, key.PublicKey().Bytes(), sender, salt)
	if err != nil {
		return nil, err
	}
	padded, err := gcm.Open(nil, nonce, text, nil)
	if err != nil {
		return nil, errBroken
	}
	return unpadded(s.Encoding, padded)
}

func unpadded(e Encoding, b []byte) ([]byte, error) {
	if e == AESGCM {
		if len(b) < 2 || int(binary.BigEndian.Uint16(b)) > len(b)-2 {
			return nil, errBroken
		}
		return b[2+int(binary.BigEndian.Uint16(b)):], nil
	}
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] == 2 {
			return b[:i], nil
		}
		if b[i] != 0 {
			break
		}
	}
	return nil, errBroken
}
