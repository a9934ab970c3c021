package auth

import (
	"context"
	"net/http"

	"engawa/social"
)

// Waiting is Of, for what a User may ask for whose address is not confirmed yet.
func (g *Grants) Waiting(ctx context.Context, r *http.Request) (*Grant, error) {
	grant, err := g.Of(ctx, r)
	if !social.IsKind(err, social.Forbidden) {
		return grant, err
	}
	t, tokenErr := g.Store.TokenByHash(ctx, Hash(Bearer(r)))
	if tokenErr != nil || t.RevokedAt != 0 {
		return nil, err
	}
	u, userErr := g.Store.User(ctx, t.User)
	if userErr != nil || u.ConfirmedAt != 0 || u.DisabledAt != 0 {
		return nil, err
	}
	return &Grant{Token: t.ID, App: t.App, Scopes: t.Scopes, User: u, Actor: u.ID}, nil
}
