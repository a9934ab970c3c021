package webpush

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Identity is the key by which a home proves to push services that it is the
// one a browser subscribed to (VAPID, RFC 8292).
type Identity struct {
	key    *ecdsa.PrivateKey
	public string
}

// NewIdentity makes a fresh one.
func NewIdentity() (*Identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	return identity(key)
}

// ParseIdentity reads what Private gave: 32 bytes.
func ParseIdentity(private []byte) (*Identity, error) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), private)
	if err != nil {
		return nil, fmt.Errorf("the key of web push must be 32 bytes on P-256: %w", err)
	}
	return identity(key)
}

func identity(key *ecdsa.PrivateKey) (*Identity, error) {
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	return &Identity{key, base64.RawURLEncoding.EncodeToString(public)}, nil
}

// Private is the secret half, 32 bytes, to be kept sealed.
func (i *Identity) Private() ([]byte, error) { return i.key.Bytes() }

// Public is the other half as browsers want it: an uncompressed point in base64url.
func (i *Identity) Public() string { return i.public }

// proofLife is how long a proof holds; RFC 8292 §2 allows 24 hours.
const proofLife = 12 * time.Hour

// Proof is the signed claim (a JWT, ES256) that this home sends to the push
// service of endpoint; subject is a mailto: or https: address of who runs it.
func (i *Identity) Proof(endpoint, subject string, now time.Time) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return "", errors.New("the address of the push service cannot be read")
	}
	claims, err := json.Marshal(struct {
		Audience string `json:"aud"`
		Expires  int64  `json:"exp"`
		Subject  string `json:"sub,omitempty"`
	}{u.Scheme + "://" + u.Host, now.Add(proofLife).Unix(), subject})
	if err != nil {
		return "", err
	}
	enc := base64.RawURLEncoding
	signed := enc.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + enc.EncodeToString(claims)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, i.key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64) // r and s, 32 bytes each (RFC 7518 §3.4)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + enc.EncodeToString(signature), nil
}

// Header is what goes beside a message: its coding and the proof.
func (i *Identity) Header(s *Sealed, proof string) http.Header {
	enc := base64.RawURLEncoding
	h := http.Header{"Content-Type": {"application/octet-stream"}, "Content-Encoding": {string(s.Encoding)}}
	if s.Encoding == AESGCM { // draft-ietf-webpush-encryption-04 §4, draft-ietf-webpush-vapid-01
		h.Set("Encryption", "salt="+enc.EncodeToString(s.Salt))
		h.Set("Crypto-Key", "dh="+enc.EncodeToString(s.Public)+";p256ecdsa="+i.public)
		h.Set("Authorization", "WebPush "+proof)
		return h
	}
	h.Set("Authorization", "vapid t="+proof+",k="+i.public) // RFC 8292 §3
	return h
}
