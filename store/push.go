package store

import (
	"context"

	"engawa/social"
)

// pushDetails is where a push goes and what for; the endpoint is the browser's secret.
type pushDetails struct {
	Endpoint string          `json:"e"`
	P256DH   string          `json:"k"`
	Auth     string          `json:"a"`
	Standard bool            `json:"s,omitempty"`
	Policy   string          `json:"p,omitempty"`
	Alerts   map[string]bool `json:"n,omitempty"`
	Sealed   string          `json:"t,omitempty"`
}

const pushColumns = "id, token, user_id, details"

func scanPush(r row, s *social.PushSubscription) error {
	var details string
	if err := r.into(&s.ID, &s.Token, &s.User, &details); err != nil {
		return err
	}
	var d pushDetails
	if err := unpack(details, &d); err != nil {
		return err
	}
	s.Endpoint, s.P256DH, s.Auth, s.Standard, s.Policy, s.Alerts, s.Sealed = d.Endpoint, d.P256DH, d.Auth, d.Standard, d.Policy, d.Alerts, d.Sealed
	return nil
}

func (r *reader) PushSubscription(ctx context.Context, token ID) (*social.PushSubscription, error) {
	return one(ctx, r, scanPush, "select "+pushColumns+" from push_subscriptions where token = $1", token)
}

// PushSubscriptions are all of a User's, for who sends the pushes.
func (r *reader) PushSubscriptions(ctx context.Context, user ID) ([]social.PushSubscription, error) {
	return many(ctx, r, scanPush,
		"select "+pushColumns+" from push_subscriptions where user_id = $1 order by id desc limit $2", user, most)
}

// PutPushSubscription replaces the one of the same Token. A Token of somebody
// else, or one that was revoked, answers ErrNotFound.
func (t *tx) PutPushSubscription(ctx context.Context, s *social.PushSubscription) error {
	d := packed(pushDetails{s.Endpoint, s.P256DH, s.Auth, s.Standard, s.Policy, s.Alerts, s.Sealed})
	return t.found(ctx,
		`insert into push_subscriptions (id, token, user_id, details)
		select cast($1 as bigint), id, user_id, cast($2 as text) from tokens where id = $3 and user_id = $4 and revoked_at = 0
		on conflict (token) do update set id = excluded.id, user_id = excluded.user_id, details = excluded.details`,
		s.ID, d, s.Token, s.User)
}

func (t *tx) DropPushSubscription(ctx context.Context, token ID) error {
	return t.found(ctx, "delete from push_subscriptions where token = $1", token)
}
