package store

import (
	"context"

	"engawa/social"
)

func scanSession(r row, s *social.Session) error {
	return r.into(&s.Hash, &s.User, &s.Agent, &s.Address, &s.CreatedAt, &s.SeenAt, &s.ExpiresAt)
}

// SessionByHash does not judge a Session's age.
func (r *reader) SessionByHash(ctx context.Context, hash []byte) (*social.Session, error) {
	return one(ctx, r, scanSession,
		"select hash, user_id, agent, address, created_at, seen_at, expires_at from sessions where hash = $1", notNull(hash))
}

// PutSession answers ErrNotFound for a cookie that is another User's.
func (t *tx) PutSession(ctx context.Context, s *social.Session) error {
	return t.found(ctx,
		`insert into sessions (hash, user_id, agent, address, created_at, seen_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (hash) do update set agent = excluded.agent, address = excluded.address,
			seen_at = excluded.seen_at, expires_at = excluded.expires_at
		where sessions.user_id = excluded.user_id`,
		notNull(s.Hash), s.User, s.Agent, s.Address, s.CreatedAt, s.SeenAt, s.ExpiresAt)
}

// DropSession does nothing for one that is not there.
func (t *tx) DropSession(ctx context.Context, hash []byte) error {
	return t.do(ctx, "delete from sessions where hash = $1", notNull(hash))
}

func (t *tx) DropSessions(ctx context.Context, user ID) error {
	return t.do(ctx, "delete from sessions where user_id = $1", user)
}
