package store

import (
	"context"

	"engawa/internal/locale"
	"engawa/social"
)

const linkColumns = `l.id, l.user_id, l.network, l.name, l.base, l.account, l.handle, l.url, l.avatar, l.can, l.limits, l.settings, l.secret,
	l.state, l.ok_at, l.failed_at, l.error, l.remedy, l.expires_at, l.list, l.merged, l.cursors, l.created_at`

func scanLink(r row, l *social.Link) error {
	var can int64
	var limits string
	err := r.into(&l.ID, &l.User, &l.Network, &l.Name, &l.Base, &l.Account, &l.Handle, &l.URL, &l.Avatar, &can, &limits, &l.Settings, &l.Secret,
		(*string)(&l.State), &l.OKAt, &l.FailedAt, (*string)(&l.Error), (*string)(&l.Remedy), &l.ExpiresAt, &l.List, &l.Merge, &l.Cursors, &l.CreatedAt)
	if err != nil {
		return err
	}
	l.Can = social.Ability(can)
	if limits == "" {
		return nil
	}
	return unpack(limits, &l.Limits)
}

func (r *reader) Links(ctx context.Context, user ID) ([]social.Link, error) {
	return many(ctx, r, scanLink, "select "+linkColumns+" from links l where l.user_id = $1 order by l.id limit $2", user, most)
}

func (r *reader) AllLinks(ctx context.Context) ([]social.Link, error) {
	return many(ctx, r, scanLink, "select "+linkColumns+" from links l order by l.id")
}

func (r *reader) Link(ctx context.Context, user, id ID) (*social.Link, error) {
	if user == 0 {
		return one(ctx, r, scanLink, "select "+linkColumns+" from links l where l.id = $1", id)
	}
	return one(ctx, r, scanLink, "select "+linkColumns+" from links l where l.id = $1 and l.user_id = $2", id, user)
}

func (r *reader) LinkByList(ctx context.Context, list ID) (*social.Link, error) {
	return one(ctx, r, scanLink, "select "+linkColumns+" from links l where l.list = cast($1 as bigint) and l.list <> 0", list)
}

const putLink = `insert into links (id, user_id, network, name, base, account, handle, url, avatar, can, limits, settings, secret,
	state, ok_at, failed_at, error, remedy, expires_at, list, merged, cursors, created_at) values `

var putLinkText = putLink + params(23) + ` on conflict (id) do update set network = excluded.network, name = excluded.name, base = excluded.base,
	account = excluded.account, handle = excluded.handle, url = excluded.url, avatar = excluded.avatar, can = excluded.can,
	limits = excluded.limits, settings = excluded.settings, list = excluded.list, merged = excluded.merged
	where links.user_id = excluded.user_id`

func (t *tx) PutLink(ctx context.Context, l *social.Link) error {
	limits := ""
	if l.Limits != (social.Bounds{}) {
		limits = packed(&l.Limits)
	}
	state := l.State
	if state == "" {
		state = social.LinkActive
	}
	err := t.found(ctx, putLinkText, l.ID, l.User, l.Network, l.Name, l.Base, l.Account, l.Handle, l.URL, l.Avatar, l.Can, limits, l.Settings, l.Secret,
		state, l.OKAt, l.FailedAt, string(l.Error), string(l.Remedy), l.ExpiresAt, l.List, l.Merge, l.Cursors, l.CreatedAt)
	if err != nil && t.dialect.taken(err) {
		return &social.Error{Kind: social.Conflict, Op: "put link", Message: string(locale.W("link.bad.taken", "name", l.Name)), Err: err}
	}
	return err
}

func (t *tx) TouchLink(ctx context.Context, l *social.Link) error {
	return t.found(ctx, `update links set state = $1, ok_at = $2, failed_at = $3, error = $4, remedy = $5, expires_at = $6, secret = $7, cursors = $8
		where id = $9 and user_id = $10`, l.State, l.OKAt, l.FailedAt, string(l.Error), string(l.Remedy), l.ExpiresAt, l.Secret, l.Cursors, l.ID, l.User)
}

// DropLink leaves the rows of the Lane, which nothing reads any more, to TidyLanes.
func (t *tx) DropLink(ctx context.Context, user, id ID) error {
	l, err := t.Link(ctx, user, id)
	if err != nil {
		return err
	}
	if l.List != 0 {
		if err := missingOK(t.DropList(ctx, l.User, l.List)); err != nil {
			return err
		}
	}
	if err := t.do(ctx, "insert into links_gone (id, user_id) values ($1, $2) on conflict do nothing", l.ID, l.User); err != nil {
		return err
	}
	return t.do(ctx, "delete from links where id = $1", id)
}

func (r *reader) Rules(ctx context.Context, user ID) (string, error) {
	text, err := one(ctx, r, scanText, "select body from rule_books where user_id = $1", user)
	if err != nil {
		return "", missingOK(err)
	}
	return *text, nil
}

func (t *tx) PutRules(ctx context.Context, user ID, text string, at social.Millis) error {
	if text == "" {
		return t.do(ctx, "delete from rule_books where user_id = $1", user)
	}
	return t.do(ctx, `insert into rule_books (user_id, body, updated_at) values ($1, $2, $3)
		on conflict (user_id) do update set body = excluded.body, updated_at = excluded.updated_at`, user, text, at)
}

// hasRules says of a User $1 whether what it says may go through Links.
const hasRules = `case when exists (select 1 from rule_books b where b.user_id = $1)
	or exists (select 1 from copies c where c.user_id = $1 and c.ref_id <> '') then 1 else 0 end`

func (r *reader) HasRules(ctx context.Context, user ID) (bool, error) {
	n, err := one(ctx, r, scanInt, "select "+hasRules, user)
	return err == nil && *n == 1, err
}
