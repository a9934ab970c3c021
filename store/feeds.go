package store

import (
	"context"

	"engawa/social"
)

// HomeFeed names what is boosted only where Posts are remembered: elsewhere the
// Bundle reads them all the same.
func (r *reader) HomeFeed(ctx context.Context, user ID, p social.Page) (posts, boosted []ID, err error) {
	rows, err := paged(ctx, r, scanRanked, newQuery("select subject, post from home_feed where user_id = ", user), "post", p)
	for _, x := range rows {
		posts = append(posts, x.Row)
		if x.ID != x.Row && r.remembers() {
			boosted = append(boosted, x.ID)
		}
	}
	return posts, boosted, err
}

func (r *reader) ListFeed(ctx context.Context, list ID, p social.Page) ([]ID, error) {
	return paged(ctx, r, scanID, newQuery("select post from list_feed where list = ", list), "post", p)
}

// notLimited leaves out authors that moderators keep out of public places.
const notLimited = " and not exists (select 1 from actors a where a.id = p.actor and (a.limited <> 0 or a.suspended <> 0))"

// PublicFeed reads the index posts_public, or posts_local.
func (r *reader) PublicFeed(ctx context.Context, f social.PublicQuery) ([]ID, error) {
	q := new(query).add("select p.id from posts p where p.audience = 0 and p.boost_of = 0 and p.reply_to_uri = ''")
	return paged(ctx, r, scanID, q.add(where(f.Local, f.Remote, f.OnlyMedia)+notLimited), "p.id", f.Page)
}

// where are the conditions on a Post p that public places share.
func where(local, remote, onlyMedia bool) string {
	s := ""
	if local {
		s += " and p.home <> 0"
	}
	if remote {
		s += " and p.home = 0"
	}
	if onlyMedia {
		s += " and p.media_count > 0"
	}
	return s
}

// TagFeed takes keys: the Tag or any of Any, with all of All and none of None.
func (r *reader) TagFeed(ctx context.Context, f social.TagQuery) ([]ID, error) {
	q := new(query)
	if len(f.Any) == 0 {
		q.add("select p.id from tags g join post_tags t on t.tag = g.id join posts p on p.id = t.post where g.name = ", f.Tag)
	} else { // a Post may have several of them
		q.add("select p.id from (select distinct post from post_tags where tag in (select id from tags where name = any(", append([]string{f.Tag}, f.Any...))
		q.add("))) t join posts p on p.id = t.post where p.boost_of = 0")
	}
	q.add(" and p.audience = 0" + where(f.Local, f.Remote, f.OnlyMedia) + notLimited)
	for _, name := range f.All {
		q.add(" and exists (select 1 from post_tags x join tags y on y.id = x.tag where x.post = p.id and y.name = ", name).add(")")
	}
	if len(f.None) > 0 {
		q.add(" and not exists (select 1 from post_tags x join tags y on y.id = x.tag where x.post = p.id and y.name = any(", f.None).add("))")
	}
	return paged(ctx, r, scanID, q, "t.post", f.Page)
}

func (r *reader) ActorPosts(ctx context.Context, f social.ActorPostsQuery) ([]ID, error) {
	q := newQuery("select p.id from posts p where p.actor = ", f.Actor)
	if f.OnlyMedia {
		q.add(" and p.media_count > 0 and p.boost_of = 0")
	} else if f.NoBoosts {
		q.add(" and p.boost_of = 0")
	}
	if f.NoReplies {
		q.add(" and (p.reply_to_uri = '' or p.reply_to_actor = p.actor)")
	}
	if f.NoDirect {
		q.add(" and p.audience <> ", social.Direct)
	}
	if len(f.Audiences) > 0 {
		args := make([]any, len(f.Audiences))
		for i, a := range f.Audiences {
			args[i] = a
		}
		q.add(" and (p.audience in (", args...).add(")")
		if f.SeenBy != 0 {
			q.add(" or (p.origin = 4 and exists (select 1 from mentions m where m.post = p.id and m.actor = ", f.SeenBy).add("))")
		}
		q.add(")")
	}
	if f.Tagged != "" {
		q.add(" and exists (select 1 from post_tags x join tags y on y.id = x.tag where x.post = p.id and y.name = ", social.TagKey(f.Tagged)).add(")")
	}
	return paged(ctx, r, scanID, q, "p.id", f.Page)
}

// Bookmarks are Posts, paged by the bookmarks.
func (r *reader) Bookmarks(ctx context.Context, user ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select post, id from bookmarks where user_id = ", user), "id", p)
}

func (r *reader) RecentSubjects(ctx context.Context, user ID, n int) (map[ID]bool, error) {
	set := make(map[ID]bool, n)
	return set, r.rows(ctx, "select subject from home_feed where user_id = $1 order by post desc limit $2", []any{user, n}, func(row row) error {
		set[ID(row[0].(int64))] = true
		return nil
	})
}

// inExclusive says, of a User f and an Actor $1, whether that User has the Actor in an exclusive List.
const inExclusive = `exists (select 1 from list_members m join lists l on l.id = m.list where m.actor = $1 and l.user_id = u.id and l.exclusive)`

// merges says of a User u whether some Lane is merged into its Home.
const merges = `exists (select 1 from links k where k.user_id = u.id and k.merged)`

func scanTarget(r row, f *social.FeedTarget) error {
	var languages string
	if err := r.into(&f.User, &f.Follows, &f.HideBoosts, &f.Notify, &languages, &f.Exclusive, &f.Rules, &f.Merged); err != nil {
		return err
	}
	return fromJSON(languages, &f.Languages)
}

// FeedUsers take tags as written.
func (r *reader) FeedUsers(ctx context.Context, actor ID, tags []string) ([]social.FeedTarget, error) {
	list, err := many(ctx, r, scanTarget, `select u.id, true, f.hide_boosts, f.notify, f.languages, `+inExclusive+`, 0, `+merges+`
		from follows f join users u on u.id = f.actor where f.target = $1 and f.local and not f.pending order by u.id`, actor)
	if err != nil {
		return nil, err
	}
	a, err := r.Actor(ctx, actor)
	if missingOK(err) != nil {
		return nil, err
	}
	if err == nil && a.Local() {
		self, err := many(ctx, r, scanTarget, `select u.id, true, false, false, '', false, `+hasRules+`, `+merges+` from users u where u.id = $1`, actor)
		if err != nil {
			return nil, err
		}
		list = appendTargets(list, self)
	}
	names, _ := tagKeys(tags)
	if len(names) == 0 {
		return list, nil
	}
	tagged, err := many(ctx, r, scanTarget, `select distinct u.id, false, false, false, '', `+inExclusive+`, 0, `+merges+`
		from tag_follows f join users u on u.id = f.user_id where f.tag in (select id from tags where name = any($2)) order by u.id`, actor, names)
	return appendTargets(list, tagged), err
}

func appendTargets(list, more []social.FeedTarget) []social.FeedTarget {
	if len(more) == 0 {
		return list
	}
	seen := make(map[ID]bool, len(list))
	for i := range list {
		seen[list[i].User] = true
	}
	for _, f := range more {
		if !seen[f.User] {
			list = append(list, f)
		}
	}
	return list
}

func (r *reader) FeedLists(ctx context.Context, actor ID) ([]social.FeedList, error) {
	return many(ctx, r, func(r row, l *social.FeedList) error { return r.into(&l.List, &l.User, &l.Replies) },
		"select l.id, l.user_id, l.replies from list_members m join lists l on l.id = m.list where m.actor = $1 order by l.id", actor)
}

// fewRows is up to how many rows are written one by one.
const fewRows = 3

func (t *tx) AddHome(ctx context.Context, users []ID, post *social.Post) error {
	if len(users) > fewRows {
		return t.do(ctx, `insert into home_feed (user_id, post, actor, subject)
			select id, cast($1 as bigint), cast($2 as bigint), cast($3 as bigint) from users where id = any($4) on conflict do nothing`,
			post.ID, post.Actor, post.Subject(), users)
	}
	for _, user := range users {
		err := t.do(ctx, "insert into home_feed (user_id, post, actor, subject) values ($1, $2, $3, $4) on conflict do nothing",
			user, post.ID, post.Actor, post.Subject())
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) AddLists(ctx context.Context, lists []ID, post *social.Post) error {
	if len(lists) == 0 {
		return nil
	}
	return t.do(ctx, `insert into list_feed (list, post, actor) select id, cast($1 as bigint), cast($2 as bigint) from lists
		where id = any($3) on conflict do nothing`, post.ID, post.Actor, lists)
}

func (t *tx) DropFromHome(ctx context.Context, user, actor ID) error {
	return t.do(ctx, `delete from home_feed where user_id = $1 and (actor = $2
		or (subject <> post and exists (select 1 from posts p where p.id = home_feed.subject and p.actor = $2)))`, user, actor)
}

func (t *tx) DropDomainFromHome(ctx context.Context, user ID, domain string) error {
	return t.do(ctx, `delete from home_feed where user_id = $1 and (exists (select 1 from actors a where a.id = home_feed.actor and a.domain = $2)
		or (subject <> post and exists (select 1 from posts p join actors a on a.id = p.actor where p.id = home_feed.subject and a.domain = $2)))`, user, domain)
}

// filled are the Posts of an Actor ($2) that come into a feed when it is
// followed or listed: not direct, no answers to others.
const filled = ` from posts p where p.actor = $2 and p.audience <> 3 and (p.reply_to_uri = '' or p.reply_to_actor = p.actor)`

const fillHome = `insert into home_feed (user_id, post, actor, subject)
	select cast($1 as bigint), id, actor, case when boost_of = 0 then id else boost_of end from (select p.id, p.actor, p.boost_of` + filled + `
	and (p.boost_of = 0 or not exists (select 1 from follows f where f.actor = $1 and f.target = $2 and f.hide_boosts))
	and not exists (select 1 from list_members m join lists l on l.id = m.list where l.user_id = $1 and m.actor = $2 and l.exclusive)
	order by p.id desc limit $3) newest where true on conflict do nothing`

// FillHome leaves out boosts where the follow does, and all where the Actor is in an exclusive List.
func (t *tx) FillHome(ctx context.Context, user, actor ID, n int) error {
	return t.do(ctx, fillHome, user, actor, n)
}

const fillList = `insert into list_feed (list, post, actor) select cast($1 as bigint), id, actor from (select p.id, p.actor` + filled +
	` order by p.id desc limit $3) newest where true on conflict do nothing`

func (t *tx) FillList(ctx context.Context, list, actor ID, n int) error {
	return t.do(ctx, fillList, list, actor, n)
}

func (t *tx) DropFromList(ctx context.Context, list, actor ID) error {
	return t.do(ctx, "delete from list_feed where list = $1 and actor = $2", list, actor)
}

func (t *tx) Bookmark(ctx context.Context, user, post ID, row ID, at social.Millis) (bool, error) {
	t.did(user, marked)
	return t.once(ctx, "insert into bookmarks (user_id, id, post, created_at) values ($1, $2, $3, $4) on conflict do nothing", user, row, post, at)
}

func (t *tx) Unbookmark(ctx context.Context, user, post ID) (bool, error) {
	return t.once(ctx, "delete from bookmarks where user_id = $1 and post = $2", user, post)
}

func (t *tx) MuteThread(ctx context.Context, user, thread ID, on bool) error {
	if on {
		t.did(user, mutedThreads)
		return t.do(ctx, "insert into thread_mutes (user_id, thread) values ($1, $2) on conflict do nothing", user, thread)
	}
	return t.do(ctx, "delete from thread_mutes where user_id = $1 and thread = $2", user, thread)
}
