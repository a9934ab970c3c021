package webpush

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// ReadSealed takes a request apart as a push service and a browser do: the
// message, and the proof with the public key it was made by.
func ReadSealed(h http.Header, body []byte) (s *Sealed, proof, public string, err error) {
	s = &Sealed{Encoding: Encoding(h.Get("Content-Encoding")), Body: body}
	scheme, rest, _ := strings.Cut(h.Get("Authorization"), " ")
	switch {
	case s.Encoding == AES128GCM && scheme == "vapid":
		said := params(rest, ",")
		return s, said["t"], said["k"], nil
	case s.Encoding == AESGCM && scheme == "WebPush":
		keys := params(h.Get("Crypto-Key"), ";")
		if s.Salt, err = Decode64(params(h.Get("Encryption"), ";")["salt"]); err != nil {
			return nil, "", "", err
		}
		s.Public, err = Decode64(keys["dh"])
		return s, rest, keys["p256ecdsa"], err
	}
	return nil, "", "", fmt.Errorf("%s with %q is no way of web push", s.Encoding, scheme)
}

// params are name=value pairs.
func params(s, between string) map[string]string {
	out := map[string]string{}
	for part := range strings.SplitSeq(s, between) {
		if name, value, ok := strings.Cut(strings.TrimSpace(part), "="); ok {
			out[name] = value
		}
	}
	return out
}

// CheckProof reports whether a proof was made by public for the origin of a
// push service, and holds at now.
func CheckProof(proof, public, origin string, now time.Time) error {
	point, err := Decode64(public)
	if err != nil {
		return err
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	at := strings.LastIndexByte(proof, '.')
	if at < 0 {
		return errors.New("the proof is no JWT")
	}
	signature, err := base64.RawURLEncoding.DecodeString(proof[at+1:])
	if err != nil || len(signature) != 64 {
		return errors.New("the proof's signature is not 64 bytes")
	}
	sum := sha256.Sum256([]byte(proof[:at]))
	if !verify(key, sum[:], signature) {
		return errors.New("the proof was made by another key")
	}
	_, middle, _ := strings.Cut(proof[:at], ".")
	raw, err := base64.RawURLEncoding.DecodeString(middle)
	if err != nil {
		return err
	}
	var claims struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return err
	}
	left := time.Unix(claims.Expires, 0).Sub(now)
	if claims.Audience != origin || left <= 0 || left > 24*time.Hour {
		return fmt.Errorf("the proof is for %s and holds for %s", claims.Audience, left)
	}
	return nil
}

// verify checks a signature of r and s, 32 bytes each.
func verify(key *ecdsa.PublicKey, sum, signature []byte) bool {
	return ecdsa.Verify(key, sum, new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
}
