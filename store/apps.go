package store

import (
	"context"
	"strings"

	"engawa/social"
)

const appColumns = "id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at"

func scanApp(r row, a *social.App) error {
	var redirects, scopes string
	err := r.into(&a.ID, &a.ClientID, &a.SecretHash, &a.Name, &a.Website, &redirects, &scopes, &a.CreatedAt)
	if err != nil {
		return err
	}
	a.Scopes = strings.Fields(scopes)
	return fromJSON(redirects, &a.RedirectURIs)
}

func (r *reader) App(ctx context.Context, id ID) (*social.App, error) {
	return one(ctx, r, scanApp, "select "+appColumns+" from apps where id = $1", id)
}

func (r *reader) AppByClientID(ctx context.Context, clientID string) (*social.App, error) {
	return one(ctx, r, scanApp, "select "+appColumns+" from apps where client_id = $1", clientID)
}

func (t *tx) PutApp(ctx context.Context, a *social.App) error {
	return t.do(ctx,
		`insert into apps (id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set client_id = excluded.client_id, secret_hash = excluded.secret_hash,
			name = excluded.name, website = excluded.website, redirect_uris = excluded.redirect_uris, scopes = excluded.scopes`,
		a.ID, a.ClientID, notNull(a.SecretHash), a.Name, a.Website, toJSON(a.RedirectURIs), joined(a.Scopes), a.CreatedAt)
}

// notNull is b for a column that takes no NULL.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
