package server

import (
	"cmp"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"engawa/auth"
)

// parseYears takes an age.
func parseYears(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 120 {
		return 0, &wrong{"is no age", "give whole years, such as 16, or 0"}
	}
	return n, nil
}

// OIDC says which identity provider people may log in with.
type OIDC struct{ Issuer, ClientID, Secret, Name string }

// String tells no secret.
func (o OIDC) String() string { return o.Issuer }

// GoString is String in quotes.
func (o OIDC) GoString() string { return quote(o.String()) }

// maskIf hides a secret that is set.
func maskIf(secret string) string {
	if secret == "" {
		return ""
	}
	return masked
}

// parseIssuer takes an issuer's address as it stands in its tokens.
func parseIssuer(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return "", &wrong{"is no address of an identity provider", "give it as the provider writes it, such as https://id.example.org"}
	}
	return text, nil
}

// provider is the identity provider, nil without one.
func (s *Server) provider() *auth.Provider {
	o := &s.Config.OIDC
	if o.Issuer == "" {
		return nil
	}
	u, _ := url.Parse(o.Issuer)
	return &auth.Provider{
		Issuer: o.Issuer, ClientID: o.ClientID, Secret: o.Secret, Name: cmp.Or(o.Name, u.Host), Redirect: s.Config.URL + identityBack,
		HTTP: &http.Client{Transport: s.fetch, Timeout: 20 * time.Second},
	}
}
