package bluesky

import (
	"crypto/sha256"
	"encoding/json"
	"net"
	"net/url"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/network"
)

const (
	oauthScope = "atproto transition:generic"
	// MetadataPath is where below the home's URL ClientMetadata is served.
	MetadataPath = "/oauth/bluesky/client-metadata.json"
)

// ClientMetadata is the document at homeURL + MetadataPath, served as
// application/json, by which authorization servers know this home: a public
// client that comes back to callbacks.
func ClientMetadata(homeURL, homeName string, callbacks ...string) ([]byte, error) {
	return json.Marshal(metadata(homeURL, homeName, callbacks))
}

// Metadata is ClientMetadata for the home's ClientKey: with one the home is a
// confidential client, which proves itself by it.
func (n *Network) Metadata(homeURL, homeName string, callbacks ...string) ([]byte, error) {
	doc := metadata(homeURL, homeName, callbacks)
	if n.ClientKey != nil {
		jwk, kid, err := n.clientJWK()
		if err != nil {
			return nil, err
		}
		jwk["kid"], jwk["use"], jwk["alg"] = kid, "sig", "ES256"
		doc["token_endpoint_auth_method"], doc["token_endpoint_auth_signing_alg"] = "private_key_jwt", "ES256"
		doc["jwks"] = map[string]any{"keys": []any{jwk}}
	}
	return json.Marshal(doc)
}

func metadata(homeURL, homeName string, callbacks []string) map[string]any {
	home := strings.TrimSuffix(homeURL, "/")
	return map[string]any{
		"client_id":                  home + MetadataPath,
		"client_name":                or(homeName, "Engawa"),
		"client_uri":                 home,
		"redirect_uris":              callbacks,
		"scope":                      oauthScope,
		"grant_types":                []string{"authorization_code", "refresh_token"},
		"response_types":             []string{"code"},
		"token_endpoint_auth_method": "none",
		"application_type":           "web",
		"dpop_bound_access_tokens":   true,
	}
}

// clientJWK is the public half of ClientKey and its thumbprint (RFC 7638).
func (n *Network) clientJWK() (jwk map[string]string, kid string, err error) {
	if jwk, err = (dpopKey{n.ClientKey}).jwk(); err != nil {
		return nil, "", err
	}
	text, err := json.Marshal(jwk) // its members in the order of their names, as the thumbprint wants them
	sum := sha256.Sum256(text)
	return jwk, raw64.EncodeToString(sum[:]), err
}

// signedForm makes the bodies of a request to the authorization server, of a
// confidential client each with an assertion of its own (RFC 7523, section 3).
func (n *Network) signedForm(o *oauthSide, form url.Values) bodies {
	return func(now time.Time) (*body, error) {
		if !o.Confidential {
			return formBody(form), nil
		}
		if n.ClientKey == nil {
			return nil, network.Reconnect(locale.W("link.fail.key_lost"), network.DoRelink, nil)
		}
		_, kid, err := n.clientJWK()
		if err != nil {
			return nil, err
		}
		assertion, err := dpopKey{n.ClientKey}.sign(map[string]any{"typ": "JWT", "alg": "ES256", "kid": kid},
			map[string]any{"iss": o.Client, "sub": o.Client, "aud": o.Issuer, "jti": random(16), "iat": now.Unix(), "exp": now.Unix() + 60})
		if err != nil {
			return nil, err
		}
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", assertion)
		return formBody(form), nil
	}
}

// clientID is the metadata's address, or for a home on loopback the address
// that authorization servers know without asking ("Localhost Client
// Development"); those take a callback by 127.0.0.1 alone.
func clientID(homeURL, callback string) (id, redirect string) {
	u, err := url.Parse(homeURL)
	if err != nil || u.Scheme != "http" || !loopback(u.Hostname()) {
		return strings.TrimSuffix(homeURL, "/") + MetadataPath, callback
	}
	if back, err := url.Parse(callback); err == nil && back.Hostname() == "localhost" {
		back.Host = net.JoinHostPort("127.0.0.1", or(back.Port(), "80"))
		callback = back.String()
	}
	return "http://localhost/?" + url.Values{"redirect_uri": {callback}, "scope": {oauthScope}}.Encode(), callback
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
