package auth_test

import (
	"errors"
	"testing"

	"engawa/auth"
	"engawa/social"
)

// A code that is used twice takes the token along that it gave (RFC 6749 4.1.2).
func TestCodeUsedTwice(t *testing.T) {
	r := newRig(t)
	u := r.user("hanako", r.hash("correct horse"))
	app, err := r.Register(r.ctx, auth.Registration{Name: "app", RedirectURIs: []string{"https://app.example/cb"}, Scopes: []string{"read"}})
	if err != nil {
		t.Fatal(err)
	}
	ask := &auth.Ask{ClientID: app.ClientID, RedirectURI: "https://app.example/cb", ResponseType: "code", Scopes: []string{"read"}}
	code, err := r.Allow(r.ctx, app.App, u.ID, ask)
	if err != nil {
		t.Fatal(err)
	}
	x := auth.Exchange{GrantType: "authorization_code", ClientID: app.ClientID, Secret: app.Secret, Code: code, RedirectURI: ask.RedirectURI}
	first, err := r.Issue(r.ctx, x)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Grants.ByText(r.ctx, first.Text); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		var oe *auth.OAuthError
		if _, err := r.Issue(r.ctx, x); !errors.As(err, &oe) || oe.Code != "invalid_grant" {
			t.Errorf("the second use: %v", err)
		}
		_, err := r.Grants.ByText(r.ctx, first.Text)
		r.wants(err, social.Unauthenticated)
	}
}
