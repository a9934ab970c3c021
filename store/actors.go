package store

import (
	"context"
	"strings"

	"engawa/social"
)

const actorColumns = `a.id, a.home, a.domain, a.name, a.kind, a.state, a.uri, a.url, a.inbox, a.outbox, a.shared_inbox,
	a.followers_uri, a.following_uri, a.featured_uri, a.display_name, a.summary, a.summary_source,
	a.locked, a.discoverable, a.indexable, a.hide_follows, a.memorial, a.avatar, a.header, a.details,
	a.moved_to, a.moved_at, a.posts, a.followers, a.following, a.last_post_at,
	a.created_at, a.updated_at, a.fetched_at, a.suspended, a.limited, a.mark_sensitive`

func scanActor(r row, a *social.Actor) error {
	var avatar, header, details string
	err := r.into(&a.ID, &a.Home, &a.Domain, &a.Name, (*string)(&a.Kind), (*uint8)(&a.State), &a.URI, &a.URL, &a.Inbox, &a.Outbox, &a.SharedInbox,
		&a.FollowersURI, &a.FollowingURI, &a.FeaturedURI, &a.DisplayName, &a.Summary, &a.SummarySource,
		&a.Locked, &a.Discoverable, &a.Indexable, &a.HideFollows, &a.Memorial, &avatar, &header, &details,
		&a.MovedTo, &a.MovedAt, &a.PostCount, &a.Followers, &a.Following, &a.LastPostAt,
		&a.CreatedAt, &a.UpdatedAt, &a.FetchedAt, &a.Suspended, &a.Limited, &a.MarkSensitive)
	if err != nil {
		return err
	}
	if err := unpackPicture(avatar, &a.Avatar); err != nil {
		return err
	}
	if err := unpackPicture(header, &a.Header); err != nil {
		return err
	}
	return unpackActor(details, a)
}

// Actor returns a shared row: it must not be changed.
func (r *reader) Actor(ctx context.Context, id ID) (*social.Actor, error) {
	kept, epoch := r.cached(id)
	if kept != nil {
		return kept, nil
	}
	a, err := one(ctx, r, scanActor, "select "+actorColumns+" from actors a where a.id = $1", id)
	if err == nil {
		r.keep(a, epoch)
	}
	return a, err
}

// Actors returns shared rows: they must not be changed.
func (r *reader) Actors(ctx context.Context, ids []ID) ([]*social.Actor, error) {
	found, err := r.actorsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*social.Actor, 0, len(ids))
	for _, id := range ids {
		if a := found[id]; a != nil {
			list = append(list, a)
		}
	}
	return list, nil
}

// actorsByID reads, in one query at most, what the cache has not. Those that are
// not there are nil or missing.
func (r *reader) actorsByID(ctx context.Context, ids []ID) (map[ID]*social.Actor, error) {
	found := make(map[ID]*social.Actor, len(ids))
	var missing []ID
	var oldest uint64
	for _, id := range ids {
		if _, known := found[id]; known {
			continue
		}
		a, epoch := r.cached(id)
		found[id] = a
		if a == nil {
			if len(missing) == 0 {
				oldest = epoch
			}
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return found, nil
	}
	err := r.rows(ctx, "select "+actorColumns+" from actors a where a.id = any($1)", []any{missing}, func(row row) error {
		a := new(social.Actor)
		if err := scanActor(row, a); err != nil {
			return err
		}
		found[a.ID] = a
		r.keep(a, oldest)
		return nil
	})
	return found, err
}

func (r *reader) ActorByHandle(ctx context.Context, name, domain string) (*social.Actor, error) {
	return one(ctx, r, scanActor, "select "+actorColumns+" from actors a where a.name_key = $1 and a.domain = $2", strings.ToLower(name), domain)
}

func (r *reader) ServerActor(ctx context.Context, home ID) (*social.Actor, error) {
	id, err := one(ctx, r, scanID, "select id from actors where home = $1 and home <> 0 and kind = $2 order by id limit 1", home, social.Server)
	if err != nil {
		return nil, err
	}
	return r.Actor(ctx, *id)
}

func (r *reader) Directory(ctx context.Context, localOnly bool, p social.Page) ([]ID, error) {
	where := "discoverable"
	if localOnly {
		where += " and home <> 0"
	}
	return many(ctx, r, scanID, "select id from actors where "+where+
		" and state = 0 and suspended = 0 and limited = 0 and moved_to = 0 order by last_post_at desc, id desc limit $1 offset $2",
		max(p.Limit, 1), max(p.Offset, 0))
}

const actorValues = `(id, home, domain, name, name_key, kind, state, uri, url, inbox, outbox, shared_inbox,
	followers_uri, following_uri, featured_uri, display_name, display_key, summary, summary_source, locked, discoverable,
	indexable, hide_follows, memorial, avatar, header, details, moved_to, moved_at, posts, followers,
	following, last_post_at, created_at, updated_at, fetched_at, suspended, limited, mark_sensitive)`

var putActor = "insert into actors " + actorValues + " values " + params(39) + " on conflict (id) do update set " + excluded(actorValues)

// PutActor answers a Conflict when the handle or the URI is another Actor's.
// An address that was the Actor's primary one before stays as an alias.
func (t *tx) PutActor(ctx context.Context, a *social.Actor) error {
	t.changedActor(a.ID, nil)
	err := t.do(ctx, putActor, a.ID, a.Home, a.Domain, a.Name, strings.ToLower(a.Name), a.Kind, a.State, a.URI, a.URL, a.Inbox, a.Outbox, a.SharedInbox,
		a.FollowersURI, a.FollowingURI, a.FeaturedURI, a.DisplayName, displayKey(a.DisplayName), a.Summary, a.SummarySource, a.Locked, a.Discoverable,
		a.Indexable, a.HideFollows, a.Memorial, packPicture(&a.Avatar), packPicture(&a.Header), packActor(a), a.MovedTo, a.MovedAt, a.PostCount, a.Followers,
		a.Following, a.LastPostAt, a.CreatedAt, a.UpdatedAt, a.FetchedAt, a.Suspended, a.Limited, a.MarkSensitive)
	if err != nil {
		if t.dialect.taken(err) {
			return &social.Error{Kind: social.Conflict, Op: "put actor", Message: "the handle " + a.Handle() + " or the address " + a.URI + " belongs to another actor", Err: err}
		}
		return err
	}
	if err := t.do(ctx, "update uris set state = 'alias' where target = $1 and kind = 'actor' and state = 'primary' and uri <> $2", a.ID, a.URI); err != nil {
		return err
	}
	if a.Local() {
		if err := t.do(ctx, "update follows set local = true where actor = $1 and not local", a.ID); err != nil {
			return err
		}
	}
	return t.register(ctx, a.URI, "actor", a.ID)
}

// maxDisplayKey bounds what a display name is found by, in bytes.
const maxDisplayKey = 60

func displayKey(name string) string {
	key := strings.ToLower(strings.TrimSpace(name))
	if len(key) > maxDisplayKey {
		key = strings.ToValidUTF8(key[:maxDisplayKey], "")
	}
	return key
}

// CountActor changes no count to less than zero.
func (t *tx) CountActor(ctx context.Context, id ID, posts, followers, following int64, lastPost social.Millis) error {
	n, err := t.exec(ctx, `update actors set posts = greatest(posts + $1, 0), followers = greatest(followers + $2, 0),
		following = greatest(following + $3, 0), last_post_at = greatest(last_post_at, $4) where id = $5`,
		posts, followers, following, lastPost, id)
	if err != nil || n == 0 {
		return err
	}
	c := t.counts(id)
	if c != nil {
		c.posts, c.followers = max(c.posts+posts, 0), max(c.followers+followers, 0)
		c.following, c.lastPost = max(c.following+following, 0), max(c.lastPost, lastPost)
	}
	t.changedActor(id, c)
	return nil
}

func (t *tx) KeepHandle(ctx context.Context, name, domain string, actor ID) error {
	return t.do(ctx, "insert into handles (name_key, domain, actor) values ($1, $2, $3) on conflict (name_key, domain) do update set actor = excluded.actor",
		strings.ToLower(name), domain, actor)
}

func (t *tx) HandleTaken(ctx context.Context, name, domain string) (bool, error) {
	n, err := one(ctx, &t.reader, scanInt, `select count(*) from (select 1 from actors where name_key = $1 and domain = $2
		union all select 1 from handles where name_key = $1 and domain = $2) x`, strings.ToLower(name), domain)
	return err == nil && *n > 0, err
}
