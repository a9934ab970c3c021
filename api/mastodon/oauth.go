package mastodon

import (
	"errors"
	"net/http"
	"strings"

	"engawa/auth"
)

// oauthFailure is an error of RFC 6749 5.2 with its status; other errors stay.
func oauthFailure(err error) error {
	var e *auth.OAuthError
	if !errors.As(err, &e) {
		return err
	}
	code := http.StatusBadRequest
	switch e.Code {
	case "invalid_client":
		code = http.StatusUnauthorized
	case "unauthorized_client":
		code = http.StatusForbidden
	}
	return &statusError{code, map[string]any{"error": e.Code, "error_description": e.Description}}
}

// client reads the credentials of an app: HTTP Basic (RFC 6749 2.3.1) or the body.
func (c *call) client() (id, secret string) {
	if id, secret, ok := c.BasicAuth(); ok {
		return id, secret
	}
	return c.in.text("client_id"), c.in.text("client_secret")
}

// Token is an access token, told this once.
type Token struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	CreatedAt   int64  `json:"created_at"` // seconds
}

func tokenEntity(t *auth.Issued) *Token {
	return &Token{t.Text, "Bearer", strings.Join(t.Scopes, " "), t.CreatedAt / 1000}
}

// issueToken is POST /oauth/token.
func issueToken(a *API, c *call) (any, error) {
	c.w.Header().Set("Cache-Control", "no-store") // RFC 6749 5.1
	x := auth.Exchange{
		GrantType: c.in.text("grant_type"), Code: c.in.text("code"), RedirectURI: c.in.text("redirect_uri"),
		Verifier: c.in.text("code_verifier"), Scopes: scopesOf(c.in, "scope"),
	}
	if x.GrantType == "" {
		return nil, oauthFailure(&auth.OAuthError{Code: "invalid_request", Description: "Missing required parameter: grant_type."})
	}
	x.ClientID, x.Secret = c.client()
	t, err := a.Auth.Issue(c.ctx, x)
	if err != nil {
		return nil, oauthFailure(err)
	}
	return tokenEntity(t), nil
}

// scopesOf reads scopes: one text, or a list.
func scopesOf(in Params, name string) []string {
	return auth.ParseScopes(strings.Join(in.texts(name), " "))
}

// revokeToken is POST /oauth/revoke.
func revokeToken(a *API, c *call) (any, error) {
	id, secret := c.client()
	if err := a.Auth.Revoke(c.ctx, id, secret, c.in.text("token")); err != nil {
		return nil, oauthFailure(err)
	}
	return empty, nil
}

// RegisteredApplication is an App with its secret, told this once.
type RegisteredApplication struct {
	Application
	ClientID        string `json:"client_id"`
	ClientSecret    string `json:"client_secret"`
	SecretExpiresAt int    `json:"client_secret_expires_at"`
}

// createApp is POST /api/v1/apps.
func createApp(a *API, c *call) (any, error) {
	reg := auth.Registration{Name: c.in.text("client_name"), Website: strings.TrimSpace(c.in.text("website")), Scopes: scopesOf(c.in, "scopes")}
	for _, text := range c.in.texts("redirect_uris") {
		reg.RedirectURIs = append(reg.RedirectURIs, strings.Fields(text)...)
	}
	if len(reg.RedirectURIs) > maxRedirects {
		return nil, badInput("redirect_uris", "Validation failed: Redirect URIs are too many")
	}
	app, err := a.Auth.Register(c.ctx, reg)
	if err != nil {
		return nil, err
	}
	return &RegisteredApplication{Application: a.application(c, app.App), ClientID: app.ClientID, ClientSecret: app.Secret}, nil
}

// maxRedirects is how many redirect URIs an app can name.
const maxRedirects = 20

// UserInfo is who a token speaks for (OpenID Connect Core 5.3).
type UserInfo struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Name     string `json:"name"`
	Username string `json:"preferred_username"`
	Profile  string `json:"profile"`
	Picture  string `json:"picture"`
}

func userInfo(a *API, c *call) (any, error) {
	w, actor, _, err := a.myself(c)
	if err != nil {
		return nil, err
	}
	acc := w.account(actor)
	return &UserInfo{a.Base + "/", actor.URI, orElse(acc.DisplayName, acc.Username), acc.Username, acc.URL, acc.Avatar}, nil
}

// oauthServer is GET /.well-known/oauth-authorization-server (RFC 8414).
func oauthServer(a *API, _ *call) (any, error) {
	return map[string]any{
		"issuer":                                a.Base + "/",
		"service_documentation":                 "https://docs.joinmastodon.org/",
		"authorization_endpoint":                a.Base + "/oauth/authorize",
		"token_endpoint":                        a.Base + "/oauth/token",
		"app_registration_endpoint":             a.Base + "/api/v1/apps",
		"revocation_endpoint":                   a.Base + "/oauth/revoke",
		"userinfo_endpoint":                     a.Base + "/oauth/userinfo",
		"scopes_supported":                      auth.Scopes,
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "client_credentials"},
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	}, nil
}
