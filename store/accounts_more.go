package store

import (
	"context"

	"engawa/social"
)

func scanIdentity(r row, i *social.Identity) error {
	return r.into(&i.Issuer, &i.Subject, &i.User, &i.CreatedAt)
}

func (r *reader) Identity(ctx context.Context, issuer, subject string) (*social.Identity, error) {
	return one(ctx, r, scanIdentity, "select issuer, subject, user_id, created_at from identities where issuer = $1 and subject = $2", issuer, subject)
}

func (r *reader) Identities(ctx context.Context, user ID) ([]social.Identity, error) {
	return many(ctx, r, scanIdentity, "select issuer, subject, user_id, created_at from identities where user_id = $1 order by created_at limit $2", user, most)
}

func (t *tx) PutIdentity(ctx context.Context, i *social.Identity) error {
	err := t.found(ctx, `insert into identities (issuer, subject, user_id, created_at) values ($1, $2, $3, $4)
		on conflict (issuer, subject) do update set created_at = identities.created_at where identities.user_id = excluded.user_id`,
		i.Issuer, i.Subject, i.User, i.CreatedAt)
	if social.IsKind(err, social.NotFound) {
		return &social.Error{Kind: social.Conflict, Op: "put identity", Message: "This identity belongs to another account"}
	}
	return err
}

func (t *tx) DropIdentity(ctx context.Context, user ID, issuer, subject string) error {
	return t.found(ctx, "delete from identities where issuer = $1 and subject = $2 and user_id = $3", issuer, subject, user)
}

func (r *reader) RecoveryCodes(ctx context.Context, user ID) (int64, error) {
	n, err := one(ctx, r, scanInt, "select count(*) from recovery_codes where user_id = $1", user)
	if err != nil {
		return 0, err
	}
	return *n, nil
}

func (t *tx) PutRecoveryCodes(ctx context.Context, user ID, hashes [][]byte) error {
	if err := t.do(ctx, "delete from recovery_codes where user_id = $1", user); err != nil {
		return err
	}
	for _, h := range hashes {
		if err := t.do(ctx, "insert into recovery_codes (user_id, hash) values ($1, $2)", user, notNull(h)); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) TakeRecoveryCode(ctx context.Context, user ID, hash []byte) error {
	return t.found(ctx, "delete from recovery_codes where user_id = $1 and hash = $2", user, notNull(hash))
}

func (r *reader) SpentCode(ctx context.Context, hash []byte) (*social.SpentCode, error) {
	return one(ctx, r, func(r row, c *social.SpentCode) error { return r.into(&c.Hash, &c.Token, &c.Until) },
		"select hash, token, until from spent_codes where hash = $1", notNull(hash))
}

func (t *tx) PutSpentCode(ctx context.Context, c *social.SpentCode) error {
	return t.do(ctx, "insert into spent_codes (hash, token, until) values ($1, $2, $3) on conflict do nothing", notNull(c.Hash), c.Token, c.Until)
}

func (r *reader) Sessions(ctx context.Context, user ID, now social.Millis) ([]social.Session, error) {
	return many(ctx, r, scanSession, `select hash, user_id, agent, address, created_at, seen_at, expires_at from sessions
		where user_id = $1 and expires_at > $2 order by seen_at desc, created_at desc limit $3`, user, now, most)
}

func (t *tx) DropSessionOf(ctx context.Context, user ID, hash []byte) error {
	return t.found(ctx, "delete from sessions where hash = $1 and user_id = $2", notNull(hash), user)
}

// TouchSession never sets the clock back.
func (t *tx) TouchSession(ctx context.Context, hash []byte, at social.Millis) error {
	return t.do(ctx, "update sessions set seen_at = $1 where hash = $2 and seen_at < $1", at, notNull(hash))
}

func (r *reader) Token(ctx context.Context, id ID) (*social.Token, error) {
	return one(ctx, r, scanToken, "select "+tokenColumns+" from tokens where id = $1", id)
}

func (r *reader) Tokens(ctx context.Context, user ID) ([]social.Token, error) {
	return many(ctx, r, scanToken, "select "+tokenColumns+` from tokens
		where user_id = $1 and user_id <> 0 and revoked_at = 0 order by case when used_at > created_at then used_at else created_at end desc, id desc limit $2`, user, most)
}

func (t *tx) RevokeTokenOf(ctx context.Context, user, id ID, at social.Millis) error {
	err := t.found(ctx, "update tokens set revoked_at = $1 where id = $2 and user_id = $3 and user_id <> 0 and revoked_at = 0", at, id, user)
	if err != nil {
		return err
	}
	return t.do(ctx, "delete from push_subscriptions where token = $1", id)
}

// dropAtOnce is how many are removed by one call of DropUnconfirmed.
const dropAtOnce = 200

func (t *tx) DropUnconfirmed(ctx context.Context, before social.Millis) (int, error) {
	ids, err := many(ctx, &t.reader, scanID, "select id from users where confirmed_at = 0 and created_at < $1 order by id limit $2", before, dropAtOnce)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	for _, query := range []string{
		"delete from uris where kind = 'actor' and target = any($1)",
		"delete from actor_keys where actor = any($1)",
		"delete from sessions where user_id = any($1)",
		"delete from tokens where user_id = any($1)",
		"delete from proofs where user_id = any($1)",
		"delete from identities where user_id = any($1)",
		"delete from notifications where actor = any($1)",
		"delete from users where id = any($1)",
		"delete from actors where id = any($1)",
	} {
		if err := t.do(ctx, query, ids); err != nil {
			return 0, err
		}
	}
	for _, id := range ids {
		t.changedActor(id, nil)
	}
	return len(ids), nil
}
