package bluesky

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"engawa/network"
	"engawa/social"
)

// credentials are a Link's sealed secret.
type credentials struct {
	DID    string `json:"did"`
	Handle string `json:"handle,omitempty"`
	PDS    string `json:"pds"` // origin
	// Since is when the account was linked and Serial counts the renewals: the
	// newer one of two of a Link is the one with the later pair.
	Since  social.Millis `json:"since"`
	Serial int64         `json:"serial"`

	Access  string        `json:"access,omitempty"`
	Refresh string        `json:"refresh,omitempty"`
	Ends    social.Millis `json:"ends,omitempty"` // of Access

	Password string     `json:"password,omitempty"` // app password; empty: by OAuth
	OAuth    *oauthSide `json:"oauth,omitempty"`
}

// oauthSide is what only an account linked by OAuth has.
type oauthSide struct {
	Issuer string `json:"issuer"`
	Token  string `json:"token"` // endpoint
	Client string `json:"client"`
	Key    string `json:"key"` // DPoP
	// Confidential is whether the home proved itself by its ClientKey.
	Confidential bool `json:"confidential,omitempty"`
}

func parseCredentials(secret []byte) (*credentials, error) {
	var c credentials
	if err := json.Unmarshal(secret, &c); err != nil {
		return nil, network.Unreadable(nil)
	}
	if !validDID(c.DID) || c.PDS == "" || c.Password == "" && c.OAuth == nil {
		return nil, network.Unreadable(nil)
	}
	return &c, nil
}

func (c *credentials) secret() ([]byte, error) { return json.Marshal(c) }

// newer reports whether c was renewed after o.
func (c *credentials) newer(o *credentials) bool {
	return c.Since > o.Since || c.Since == o.Since && c.Serial > o.Serial
}

// How long a permission lasts, however often it is renewed: of a public and of
// a confidential client (atproto.com/specs/oauth, "Tokens and Session
// Lifetime"; the second as the PDS that Bluesky publishes has it).
const (
	publicSession       = 14 * 24 * time.Hour
	confidentialSession = 2 * 365 * 24 * time.Hour
)

// expires is when the person has to link again; zero: never. An app password
// lasts until it is withdrawn.
func (c *credentials) expires() social.Millis {
	switch {
	case c.OAuth == nil:
		return 0
	case c.OAuth.Confidential:
		return c.Since + confidentialSession.Milliseconds()
	}
	return c.Since + publicSession.Milliseconds()
}

// jwtEnd reads exp of a JWT without checking the signature: it is only a hint
// when to renew. Zero when there is none.
func jwtEnd(token string) social.Millis {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return 0
	}
	payload, err := raw64.DecodeString(parts[1])
	var claims struct {
		Exp int64 `json:"exp"`
	}
	if err != nil || json.Unmarshal(payload, &claims) != nil || claims.Exp < 0 || claims.Exp > 1<<40 {
		return 0
	}
	return claims.Exp * 1000
}

var errTokens = errors.New("the answer holds no tokens")
