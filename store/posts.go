package store

import (
	"context"
	"strings"

	"engawa/social"
)

const postColumns = `p.id, p.uri, p.actor, p.home, p.audience, p.origin, p.content, p.sensitive, p.reply_to, p.reply_to_uri,
	p.reply_to_actor, p.thread, p.boost_of, p.quote_of, p.quote_state, p.details, p.media_count, p.card, p.replies, p.boosts,
	p.favourites, p.quotes, p.reactions, p.created_at, p.edited_at, p.hidden`

func scanPost(r row, p *social.Post) error {
	var details []byte
	var reactions string
	err := r.into(&p.ID, &p.URI, &p.Actor, &p.Home, (*uint8)(&p.Audience), (*uint8)(&p.Origin), &p.Content, &p.Sensitive, &p.ReplyTo, &p.ReplyToURI,
		&p.ReplyToActor, &p.Thread, &p.BoostOf, &p.QuoteOf, (*uint8)(&p.QuoteState), &details, &p.MediaCount, &p.Card, &p.Replies, &p.Boosts,
		&p.Favourites, &p.Quotes, &reactions, &p.CreatedAt, &p.EditedAt, &p.Hidden)
	if err != nil {
		return err
	}
	if p.Reactions, err = unpackReactions(reactions); err != nil {
		return err
	}
	return unpackPost(string(details), p)
}

func (r *reader) Post(ctx context.Context, id ID) (*social.Post, error) {
	return one(ctx, r, scanPost, "select "+postColumns+" from posts p where p.id = $1", id)
}

func (r *reader) PostByURI(ctx context.Context, uri string) (*social.Post, error) {
	return one(ctx, r, scanPost, "select "+postColumns+` from uris u join posts p on p.id = u.target
		where u.uri = $1 and u.kind = 'post' and u.state <> 'gone'`, uri)
}

// Posts returns shared rows: they must not be changed.
func (r *reader) Posts(ctx context.Context, ids []ID) ([]*social.Post, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := r.postsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*social.Post, 0, len(ids))
	for _, id := range ids {
		if p := found[id]; p != nil {
			list = append(list, p)
		}
	}
	return list, nil
}

func (r *reader) ThreadPosts(ctx context.Context, thread ID, limit int) ([]*social.Post, error) {
	return many(ctx, r, func(r row, p **social.Post) error {
		*p = new(social.Post)
		return scanPost(r, *p)
	}, "select "+postColumns+" from posts p where p.thread = $1 and p.boost_of = 0 order by p.id limit $2", thread, limit)
}

func (r *reader) Orphans(ctx context.Context, uri string, limit int) ([]ID, error) {
	return many(ctx, r, scanID, `select id from posts where reply_to_uri = $1 and reply_to = 0 and reply_to_uri <> '' order by id limit $2`, uri, limit)
}

func (r *reader) BoostOf(ctx context.Context, actor, post ID) (*social.Post, error) {
	return one(ctx, r, scanPost, "select "+postColumns+" from posts p where p.boost_of = cast($1 as bigint) and p.actor = $2 and p.boost_of <> 0", post, actor)
}

// Boosters are Actors, paged by their boosts.
func (r *reader) Boosters(ctx context.Context, post ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select actor, id from posts where boost_of <> 0 and boost_of = cast(", post).add(" as bigint)"), "id", p)
}

// Quoters are Posts whose quote is accepted.
func (r *reader) Quoters(ctx context.Context, post ID, p social.Page) ([]ID, error) {
	q := newQuery("select id from posts where quote_of <> 0 and quote_of = ", post).add(" and quote_state = ", social.QuoteAccepted)
	return paged(ctx, r, scanID, q, "id", p)
}

var insertPost = "insert into posts (" + strings.ReplaceAll(postColumns, "p.", "") + ") values " + params(26)

// InsertPost fails when the id is another Post's: who tries again has a new one.
func (t *tx) InsertPost(ctx context.Context, p *social.Post) (bool, error) {
	fresh, err := t.registerNew(ctx, p.URI, addressKind(p), p.ID)
	if err != nil || !fresh {
		return false, err
	}
	err = t.do(ctx, insertPost,
		p.ID, p.URI, p.Actor, p.Home, columnAudience(p), p.Origin, p.Content, p.Sensitive, p.ReplyTo, p.ReplyToURI,
		p.ReplyToActor, p.Thread, p.BoostOf, p.QuoteOf, p.QuoteState, packPost(p), p.MediaCount, p.Card, p.Replies, p.Boosts,
		p.Favourites, p.Quotes, packReactions(p.Reactions), p.CreatedAt, p.EditedAt, p.Hidden)
	if err != nil {
		return false, err
	}
	t.madePost(p)
	if p.BoostOf != 0 {
		t.did(p.Actor, boosted)
		return true, nil
	}
	if err := t.putMentions(ctx, p); err != nil {
		return false, err
	}
	return true, t.putTags(ctx, p, p.Audience == social.Public)
}

func (t *tx) UpdatePost(ctx context.Context, p *social.Post) error {
	t.changedPost(p.ID)
	err := t.found(ctx, `update posts set content = $1, sensitive = $2, quote_of = $3, quote_state = $4, details = $5,
		media_count = $6, edited_at = $7, hidden = $8 where id = $9`,
		p.Content, p.Sensitive, p.QuoteOf, p.QuoteState, packPost(p), p.MediaCount, p.EditedAt, p.Hidden, p.ID)
	if err != nil {
		return err
	}
	if err := t.do(ctx, "delete from mentions where post = $1", p.ID); err != nil {
		return err
	}
	if p.Local() {
		if err := t.countFeatured(ctx, p, -1); err != nil {
			return err
		}
	}
	if err := t.do(ctx, "delete from post_tags where post = $1", p.ID); err != nil {
		return err
	}
	if err := t.putMentions(ctx, p); err != nil {
		return err
	}
	return t.putTags(ctx, p, false)
}

// putMentions makes a Post findable by those of our Actors that it names.
func (t *tx) putMentions(ctx context.Context, p *social.Post) error {
	if len(p.Mentions) == 0 {
		return nil
	}
	ids := make([]ID, len(p.Mentions))
	for i := range p.Mentions {
		ids[i] = p.Mentions[i].Actor
	}
	return t.do(ctx, `insert into mentions (post, actor) select cast($1 as bigint), id from actors
		where id = any($2) and home <> 0 on conflict do nothing`, p.ID, ids)
}

// putTags makes a Post findable by its tags; used counts it as a use of them.
func (t *tx) putTags(ctx context.Context, p *social.Post, used bool) error {
	if len(p.Tags) == 0 || p.Origin == social.Linked { // nobody finds it by its tags
		return nil
	}
	names, displays := tagKeys(p.Tags)
	var ids []ID
	if used {
		var err error
		if ids, err = t.touchTags(ctx, names, displays, p.Actor, p.CreatedAt); err != nil {
			return err
		}
	} else {
		byName, err := t.ensureTags(ctx, names, displays)
		if err != nil {
			return err
		}
		for _, id := range byName {
			ids = append(ids, id)
		}
	}
	err := t.do(ctx, `insert into post_tags (tag, post) select id, cast($1 as bigint) from tags where id = any($2) on conflict do nothing`, p.ID, ids)
	if err != nil || !p.Local() {
		return err
	}
	return t.countFeatured(ctx, p, 1)
}

// mostTags bounds the tags by which one Post is found.
const mostTags = 64

// tagKeys are the keys of tags, each once, and the tags as written.
func tagKeys(tags []string) (names, displays []string) {
	seen := make(map[string]bool, len(tags))
	for _, tag := range tags[:min(len(tags), mostTags)] {
		key := social.TagKey(tag)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		names, displays = append(names, key), append(displays, tag)
	}
	return names, displays
}

func (t *tx) CountPost(ctx context.Context, id ID, replies, boosts, favourites, quotes int64) error {
	t.changedPost(id)
	return t.do(ctx, `update posts set replies = greatest(replies + $1, 0), boosts = greatest(boosts + $2, 0),
		favourites = greatest(favourites + $3, 0), quotes = greatest(quotes + $4, 0) where id = $5`,
		replies, boosts, favourites, quotes, id)
}

// Adopt also moves the conversations and muted threads of the children's threads.
func (t *tx) Adopt(ctx context.Context, parent *social.Post, children []ID) error {
	t.effects.posts = true // whole threads are moved
	threads, err := many(ctx, &t.reader, scanID, "select distinct thread from posts where id = any($1) and thread <> $2 order by thread", children, parent.Thread)
	if err != nil {
		return err
	}
	err = t.do(ctx, "update posts set reply_to = $1, reply_to_actor = $2 where id = any($3)", parent.ID, parent.Actor, children)
	if err != nil {
		return err
	}
	for _, old := range threads {
		if err := t.joinThread(ctx, old, parent.Thread); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) joinThread(ctx context.Context, old, new ID) error {
	for _, query := range []string{
		"update posts set thread = $1 where thread = $2 and boost_of = 0",
		`update conversations set thread = $1 where thread = $2
			and not exists (select 1 from conversations c where c.user_id = conversations.user_id and c.thread = $1)`,
		`insert into thread_mutes (user_id, thread) select user_id, cast($1 as bigint) from thread_mutes where thread = $2 on conflict do nothing`,
	} {
		if err := t.do(ctx, query, new, old); err != nil {
			return err
		}
	}
	for _, query := range []string{"delete from conversations where thread = $1", "delete from thread_mutes where thread = $1"} {
		if err := t.do(ctx, query, old); err != nil {
			return err
		}
	}
	return nil
}
