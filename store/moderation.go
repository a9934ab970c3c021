package store

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"engawa/social"
)

// AdminActors lists by id. Who is narrowed by what only Users have is looked for
// among the Users, who are few.
func (r *reader) AdminActors(ctx context.Context, f social.ActorFilter) ([]*social.Actor, error) {
	q := new(query).add("select " + actorColumns + " from actors a")
	users := f.Status == "pending" || f.Status == "disabled" || f.ByRole || f.Email != "" || f.Address != "" || f.InvitedBy != 0
	if users {
		q.add(" join users u on u.id = a.id")
	}
	q.add(" where a.kind <> 'Application'")
	q.add(adminOrigins[f.Origin] + adminStatuses[f.Status])
	q.adminNames(&f)
	if f.ByRole {
		roles := make([]string, len(f.Roles))
		for i, role := range f.Roles {
			roles[i] = string(role)
		}
		q.add(" and u.role = any(", roles).add(")")
	}
	if f.Email != "" {
		q.add(" and ").begins("u.email", strings.ToLower(f.Email))
	}
	if f.InvitedBy != 0 {
		q.add(" and u.invited_by = ", f.InvitedBy)
	}
	if f.Address != "" {
		ids, err := r.usersAt(ctx, f.Address)
		if err != nil {
			return nil, err
		}
		q.add(" and a.id = any(", ids).add(")")
	}
	rows, err := paged(ctx, r, scanActor, q, "a.id", f.Page)
	list := make([]*social.Actor, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list, err
}

var adminOrigins = map[string]string{"local": " and a.home <> 0", "remote": " and a.home = 0"}

var adminStatuses = map[string]string{
	"active": " and a.suspended = 0 and a.state = 0", "suspended": " and a.suspended <> 0", "silenced": " and a.limited <> 0",
	"sensitized": " and a.mark_sensitive <> 0", "pending": " and u.approved_at = 0", "disabled": " and u.disabled_at <> 0 and a.suspended = 0",
}

func (q *query) adminNames(f *social.ActorFilter) {
	if f.Username != "" {
		q.add(" and ").begins("a.name_key", strings.ToLower(f.Username))
	}
	if f.DisplayName != "" {
		q.add(" and a.display_key <> '' and ").begins("a.display_key", displayKey(f.DisplayName))
	}
	if f.Domain != "" {
		q.add(" and a.domain = ", f.Domain)
	}
}

// maxUsedAddresses bounds how many log-ins are looked at.
const maxUsedAddresses = 10_000

func scanUsed(r row, u *social.UsedAddress) error { return r.into(&u.User, &u.Address, &u.At) }

// usersAt are the Users that logged in from an address, or one of a prefix;
// what is neither is nobody's.
func (r *reader) usersAt(ctx context.Context, text string) ([]ID, error) {
	want, err := netip.ParsePrefix(text)
	if addr, e := netip.ParseAddr(text); e == nil {
		want, err = netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
	}
	if err != nil {
		return nil, nil
	}
	all, err := many(ctx, r, scanUsed, `select user_id, address, seen_at from sessions union all
		select id, sign_up_address, created_at from users where sign_up_address <> '' limit $1`, maxUsedAddresses)
	if err != nil {
		return nil, err
	}
	var ids []ID
	for _, u := range all {
		if addr, err := netip.ParseAddr(u.Address); err == nil && want.Contains(addr.Unmap()) && !slices.Contains(ids, u.User) {
			ids = append(ids, u.User)
		}
	}
	return ids, nil
}

// maxAddressesOf bounds the addresses told of a page of Users.
const maxAddressesOf = 1000

func (r *reader) UserAddresses(ctx context.Context, users []ID) ([]social.UsedAddress, error) {
	if len(users) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanUsed, `select x.user_id, x.address, max(x.at) from (
			select s.user_id as user_id, s.address as address, s.seen_at as at from sessions s where s.user_id = any($1) union all
			select u.id, u.sign_up_address, u.created_at from users u where u.id = any($1)) x
		where x.address <> '' group by x.user_id, x.address order by max(x.at) desc, x.address limit $2`, users, maxAddressesOf)
}

func (r *reader) UsersByID(ctx context.Context, ids []ID) (map[ID]*social.User, error) {
	found := make(map[ID]*social.User, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, err := many(ctx, r, scanUser, "select "+userColumns+" from users u where u.id = any($1)", ids)
	for i := range list {
		found[list[i].ID] = &list[i]
	}
	return found, err
}

func (r *reader) Staff(ctx context.Context) ([]*social.User, error) {
	rows, err := many(ctx, r, scanUser, "select "+userColumns+" from users u where u.role <> '' order by u.id limit $1", 1000)
	list := make([]*social.User, len(rows))
	for i := range rows {
		list[i] = &rows[i]
	}
	return list, err
}

// marks are the columns that a kind of Decision stands in.
var marks = map[string]string{
	social.DecideSuspend: "suspended", social.DecideLimit: "limited", social.DecideSensitive: "mark_sensitive",
}

func (t *tx) MarkActors(ctx context.Context, ids []ID, kind string, from, to ID) ([]ID, error) {
	column, ok := marks[kind]
	if !ok {
		return nil, &social.Error{Kind: social.Invalid, Op: "mark actors", Message: kind + " leaves no mark on an actor"}
	}
	changed, err := many(ctx, &t.reader, scanID,
		"update actors set "+column+" = $1 where id = any($2) and "+column+" = $3 returning id", to, ids, from)
	for _, id := range changed {
		t.changedActor(id, nil)
	}
	return changed, err
}

// DropSignUp leaves nothing of somebody who was never let in.
func (t *tx) DropSignUp(ctx context.Context, user ID) error {
	if err := t.found(ctx, "delete from users where id = $1 and approved_at = 0", user); err != nil {
		return err
	}
	t.changedActor(user, nil)
	t.effects.relations = true
	for _, text := range []string{
		"delete from actors where id = $1", "delete from actor_keys where actor = $1", "delete from uris where target = $1 and kind = 'actor'",
		"delete from sessions where user_id = $1", "delete from tokens where user_id = $1", "delete from follows where target = $1",
		"delete from follows where actor = $1", "delete from notifications where user_id = $1", "delete from notifications where actor = $1 and type = 'admin.sign_up'",
	} {
		if err := t.do(ctx, text, user); err != nil {
			return err
		}
	}
	return nil
}

const auditColumns = "id, by_actor, action, target_kind, target, label, details, created_at"

func (r *reader) Audit(ctx context.Context, p social.Page) ([]social.AuditEntry, error) {
	return paged(ctx, r, func(r row, e *social.AuditEntry) error {
		return r.into(&e.ID, &e.By, &e.Action, &e.TargetKind, &e.Target, &e.Label, &e.Details, &e.CreatedAt)
	}, newQuery("select "+auditColumns+" from audit where id <> ", 0), "id", p)
}

func (t *tx) PutAudit(ctx context.Context, e *social.AuditEntry) error {
	return t.do(ctx, "insert into audit ("+auditColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8)",
		e.ID, e.By, e.Action, e.TargetKind, e.Target, e.Label, e.Details, e.CreatedAt)
}
