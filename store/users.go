package store

import (
	"context"
	"strings"

	"engawa/social"
)

const userColumns = `u.id, u.email, u.password, u.totp, u.locale, u.role, u.settings, u.setup_hash, u.setup_until,
	u.confirmed_at, u.approved_at, u.disabled_at, u.active_at, u.created_at, u.reason, u.sign_up_address, u.sign_up_app, u.invited_by`

func scanUser(r row, u *social.User) error {
	var settings string
	err := r.into(&u.ID, &u.Email, &u.Password, &u.TOTPSecret, &u.Locale, (*string)(&u.Role), &settings, &u.SetupHash, &u.SetupUntil,
		&u.ConfirmedAt, &u.ApprovedAt, &u.DisabledAt, &u.LastActiveAt, &u.CreatedAt, &u.Reason, &u.SignUpAddress, &u.SignUpApp, &u.InvitedBy)
	if err != nil {
		return err
	}
	return unpack(settings, &u.Settings)
}

func (r *reader) User(ctx context.Context, id ID) (*social.User, error) {
	return one(ctx, r, scanUser, "select "+userColumns+" from users u where u.id = $1", id)
}

// maxLogin is the longest e-mail address of RFC 5321 §4.5.3.1, its path's
// brackets left out.
const maxLogin = 254

// UserByLogin takes an e-mail address, a name of any of our homes, or
// name@domain, in any case. An e-mail address goes before a handle that reads
// the same, and the older User before a namesake of another home.
func (r *reader) UserByLogin(ctx context.Context, login string) (*social.User, error) {
	key := strings.ToLower(strings.TrimSpace(login))
	if key == "" || len(key) > maxLogin {
		return nil, social.ErrNotFound
	}
	name, domain, _ := strings.Cut(strings.TrimPrefix(key, "@"), "@")
	return one(ctx, r, scanUser,
		`select `+userColumns+` from users u where u.id in (
			select id from users where email = $1 and email <> ''
			union select id from actors where name_key = $2 and home <> 0 and ($3 = '' or domain = $3))
		order by case when u.email = $1 then 0 else 1 end, u.created_at, u.id limit 1`, key, name, domain)
}

// UserBySetup finds a User by its set-up token, whose age the caller judges.
func (r *reader) UserBySetup(ctx context.Context, hash []byte) (*social.User, error) {
	if len(hash) == 0 {
		return nil, social.ErrNotFound
	}
	return one(ctx, r, scanUser, "select "+userColumns+" from users u where u.setup_hash = $1", hash)
}

func (r *reader) Users(ctx context.Context, p social.Page) ([]*social.User, error) {
	b := newQuery("select "+userColumns+" from users u where u.id <> ", 0)
	users, err := paged(ctx, r, scanUser, b, "u.id", p)
	if err != nil {
		return nil, err
	}
	list := make([]*social.User, len(users))
	for i := range users {
		list[i] = &users[i]
	}
	return list, nil
}

// PutUser answers a Conflict when somebody else has the e-mail address.
func (t *tx) PutUser(ctx context.Context, u *social.User) error {
	email := strings.ToLower(u.Email)
	err := t.do(ctx,
		`insert into users (id, email, password, totp, locale, role, settings, setup_hash, setup_until,
			confirmed_at, approved_at, disabled_at, active_at, created_at, reason, sign_up_address, sign_up_app, invited_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		on conflict (id) do update set email = excluded.email, password = excluded.password, totp = excluded.totp,
			locale = excluded.locale, role = excluded.role, settings = excluded.settings, setup_hash = excluded.setup_hash,
			setup_until = excluded.setup_until, confirmed_at = excluded.confirmed_at, approved_at = excluded.approved_at,
			disabled_at = excluded.disabled_at, active_at = excluded.active_at, reason = excluded.reason,
			sign_up_address = excluded.sign_up_address, sign_up_app = excluded.sign_up_app, invited_by = excluded.invited_by`,
		u.ID, email, u.Password, u.TOTPSecret, u.Locale, u.Role, packed(&u.Settings), u.SetupHash, u.SetupUntil,
		u.ConfirmedAt, u.ApprovedAt, u.DisabledAt, u.LastActiveAt, u.CreatedAt, u.Reason, u.SignUpAddress, u.SignUpApp, u.InvitedBy)
	if err != nil && t.dialect.taken(err) {
		return emailTaken()
	}
	return err
}

func emailTaken() error {
	return &social.Error{Kind: social.Conflict, Op: "put user", Field: "email",
		Message: "Validation failed: Email has already been taken"}
}

// TouchUser never sets the clock back.
func (t *tx) TouchUser(ctx context.Context, id ID, at social.Millis) error {
	if err := t.do(ctx, "update users set active_at = $1 where id = $2 and active_at < $1", at, id); err != nil {
		return err
	}
	return t.do(ctx, "insert into user_days (day, user_id) values ($1, $2) on conflict do nothing", midnight(at), id)
}

func (r *reader) Secret(ctx context.Context, name string) ([]byte, error) {
	v, err := one(ctx, r, func(r row, v *[]byte) error { return r.into(v) },
		"select value from secrets where name = $1", name)
	if err != nil {
		return nil, err
	}
	return notNull(*v), nil
}

func (t *tx) PutSecret(ctx context.Context, name string, value []byte) error {
	return t.do(ctx,
		"insert into secrets (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, notNull(value))
}
