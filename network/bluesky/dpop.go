package bluesky

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"
)

var (
	raw64 = base64.RawURLEncoding
	p256  = elliptic.P256()
)

// dpopKey signs proofs of possession (RFC 9449) with ES256. Its text is the
// base64url of the private scalar.
type dpopKey struct{ *ecdsa.PrivateKey }

func newKey() (dpopKey, error) {
	k, err := ecdsa.GenerateKey(p256, rand.Reader)
	return dpopKey{k}, err
}

func parseKey(text string) (dpopKey, error) {
	d, err := raw64.DecodeString(text)
	if err != nil {
		return dpopKey{}, errors.New("the DPoP key is not base64url")
	}
	k, err := ecdsa.ParseRawPrivateKey(p256, d)
	if err != nil {
		return dpopKey{}, errors.New("the DPoP key is none of P-256")
	}
	return dpopKey{k}, nil
}

func (k dpopKey) text() (string, error) {
	d, err := k.Bytes()
	return raw64.EncodeToString(d), err
}

// jwk is the public half (RFC 7518, section 6.2).
func (k dpopKey) jwk() (map[string]string, error) {
	public, err := k.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	return map[string]string{"kty": "EC", "crv": "P-256", "x": raw64.EncodeToString(public[1:33]), "y": raw64.EncodeToString(public[33:65])}, nil
}

// proof is a DPoP proof for one request (RFC 9449, section 4.2). address is
// without query and fragment; token is the access token that goes with it, or "".
func (k dpopKey) proof(method, address, nonce, token string, now time.Time) (string, error) {
	jwk, err := k.jwk()
	if err != nil {
		return "", err
	}
	claims := map[string]any{"jti": random(16), "htm": method, "htu": address, "iat": now.Unix()}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	if token != "" {
		sum := sha256.Sum256([]byte(token))
		claims["ath"] = raw64.EncodeToString(sum[:])
	}
	return k.sign(map[string]any{"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk}, claims)
}

// sign makes a JWS in compact form with ES256 (RFC 7515, RFC 7518 section 3.4).
func (k dpopKey) sign(header, claims map[string]any) (string, error) {
	head, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed := raw64.EncodeToString(head) + "." + raw64.EncodeToString(payload)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, k.PrivateKey, sum[:])
	if err != nil {
		return "", err
	}
	var sig [64]byte
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return signed + "." + raw64.EncodeToString(sig[:]), nil
}

// random is n random bytes in base64url.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails (crypto/rand)
	return raw64.EncodeToString(b)
}
