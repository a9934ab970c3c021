package store

import (
	"context"

	"engawa/social"
)

// most bounds what a User can have of one sort where the port has no Page:
// what stands beyond it is not read.
const most = 1000

const listColumns = "l.id, l.user_id, l.title, l.replies, l.exclusive"

func scanList(r row, l *social.List) error {
	return r.into(&l.ID, &l.User, &l.Title, &l.Replies, &l.Exclusive)
}

func (r *reader) Lists(ctx context.Context, user ID) ([]social.List, error) {
	return many(ctx, r, scanList,
		"select "+listColumns+" from lists l where l.user_id = $1 order by l.id desc limit $2", user, most)
}

func (r *reader) List(ctx context.Context, user, id ID) (*social.List, error) {
	return one(ctx, r, scanList,
		"select "+listColumns+" from lists l where l.id = $1 and l.user_id = $2", id, user)
}

// ListMembers are Actors, paged by the order in which they were added.
func (r *reader) ListMembers(ctx context.Context, list ID, p social.Page) ([]social.Ranked, error) {
	b := newQuery("select actor, id from list_members where list = ", list)
	return paged(ctx, r, scanRanked, b, "id", p)
}

func (r *reader) ListsWith(ctx context.Context, user, member ID) ([]social.List, error) {
	return many(ctx, r, scanList,
		"select "+listColumns+" from lists l join list_members m on m.list = l.id"+
			" where l.user_id = $1 and m.actor = $2 order by l.id desc limit $3", user, member, most)
}

func (t *tx) PutList(ctx context.Context, l *social.List) error {
	return t.found(ctx,
		`insert into lists (id, user_id, title, replies, exclusive) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set title = excluded.title, replies = excluded.replies, exclusive = excluded.exclusive
		where lists.user_id = excluded.user_id`,
		l.ID, l.User, l.Title, l.Replies, l.Exclusive)
}

// DropList takes the List's members and feed with it. A Lane that it showed is
// shown no more.
func (t *tx) DropList(ctx context.Context, user, id ID) error {
	if err := t.found(ctx, "delete from lists where id = $1 and user_id = $2", id, user); err != nil {
		return err
	}
	if err := t.do(ctx, "delete from list_members where list = $1", id); err != nil {
		return err
	}
	if err := t.do(ctx, "update links set list = 0 where list = cast($1 as bigint) and list <> 0", id); err != nil {
		return err
	}
	return t.do(ctx, "delete from list_feed where list = $1", id)
}

// AddListMember changes nothing for who is a member already; a List that is
// not there answers ErrNotFound.
func (t *tx) AddListMember(ctx context.Context, list, member ID, _ social.Millis) error {
	return t.found(ctx,
		`insert into list_members (list, actor, id)
		select l.id, cast($1 as bigint), cast($2 as bigint) from lists l where l.id = $3
		on conflict (list, actor) do update set id = list_members.id`,
		member, t.ids.Next(), list)
}

// DropListMember changes nothing for who is no member.
func (t *tx) DropListMember(ctx context.Context, list, member ID) error {
	return t.do(ctx, "delete from list_members where list = $1 and actor = $2", list, member)
}
