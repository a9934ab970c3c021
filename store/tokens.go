package store

import (
	"context"
	"strings"

	"engawa/social"
)

const tokenColumns = "id, hash, app, user_id, scopes, created_at, used_at, revoked_at"

func scanToken(r row, k *social.Token) error {
	var scopes string
	err := r.into(&k.ID, &k.Hash, &k.App, &k.User, &scopes, &k.CreatedAt, &k.UsedAt, &k.RevokedAt)
	k.Scopes = strings.Fields(scopes)
	return err
}

// TokenByHash returns revoked ones too, with their RevokedAt: the answer to a
// client differs.
func (r *reader) TokenByHash(ctx context.Context, hash []byte) (*social.Token, error) {
	return one(ctx, r, scanToken, "select "+tokenColumns+" from tokens where hash = $1", notNull(hash))
}

// PutToken changes of a Token that is there only scopes and use: whose it is,
// and that it was revoked, stays.
func (t *tx) PutToken(ctx context.Context, k *social.Token) error {
	return t.do(ctx,
		`insert into tokens (id, hash, app, user_id, scopes, created_at, used_at, revoked_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set scopes = excluded.scopes, used_at = excluded.used_at`,
		k.ID, notNull(k.Hash), k.App, k.User, joined(k.Scopes), k.CreatedAt, k.UsedAt, k.RevokedAt)
}

// RevokeTokens returns those that were valid until now. Their pushes end with
// them. With neither a user nor an app nothing is revoked.
func (t *tx) RevokeTokens(ctx context.Context, user, app ID, at social.Millis) ([]ID, error) {
	if user == 0 && app == 0 {
		return nil, nil
	}
	ids, err := many(ctx, &t.reader, scanID,
		`update tokens set revoked_at = $1
		where user_id = $2 and (cast($3 as bigint) = 0 or app = $3) and revoked_at = 0 returning id`, at, user, app)
	if err != nil || len(ids) == 0 {
		return ids, err
	}
	return ids, t.do(ctx, "delete from push_subscriptions where token = any($1)", ids)
}

// RevokeToken answers ErrNotFound for one that was revoked before.
func (t *tx) RevokeToken(ctx context.Context, hash []byte, at social.Millis) (*social.Token, error) {
	k, err := one(ctx, &t.reader, scanToken,
		"update tokens set revoked_at = $1 where hash = $2 and revoked_at = 0 returning "+tokenColumns, at, notNull(hash))
	if err != nil {
		return nil, err
	}
	return k, t.do(ctx, "delete from push_subscriptions where token = $1", k.ID)
}

// TouchToken never sets the clock back.
func (t *tx) TouchToken(ctx context.Context, id ID, at social.Millis) error {
	return t.do(ctx, "update tokens set used_at = $1 where id = $2 and used_at < $1", at, id)
}

func scanCode(r row, c *social.Code) error {
	var scopes string
	err := r.into(&c.Hash, &c.App, &c.User, &c.RedirectURI, &scopes, &c.Challenge, &c.CreatedAt, &c.ExpiresAt)
	c.Scopes = strings.Fields(scopes)
	return err
}

func (t *tx) PutCode(ctx context.Context, c *social.Code) error {
	return t.do(ctx,
		`insert into codes (hash, app, user_id, redirect_uri, scopes, challenge, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		notNull(c.Hash), c.App, c.User, c.RedirectURI, joined(c.Scopes), c.Challenge, c.CreatedAt, c.ExpiresAt)
}

// TakeCode does not judge a code's age.
func (t *tx) TakeCode(ctx context.Context, hash []byte) (*social.Code, error) {
	return one(ctx, &t.reader, scanCode,
		`delete from codes where hash = $1
		returning hash, app, user_id, redirect_uri, scopes, challenge, created_at, expires_at`, notNull(hash))
}

// joined are scopes as OAuth writes them (RFC 6749 §3.3): none contains a space.
func joined(scopes []string) string { return strings.Join(scopes, " ") }
