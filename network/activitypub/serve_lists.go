package activitypub

import (
	"context"
	"net/url"
	"strconv"

	"engawa/social"
)

// Page sizes (mastodon.md 5.8).
const (
	outboxPage  = 20
	peoplePage  = 12
	repliesPage = 60
	threadRead  = 1000 // posts of a thread that are looked at for one page
)

// pathActor is whose collection is asked for.
func (f *Federation) pathActor(ctx context.Context, q *asked) (*social.Actor, error) {
	return f.localActor(ctx, q.PathValue("name"))
}

// pathPost is the post whose collection is asked for.
func (f *Federation) pathPost(ctx context.Context, q *asked) (*social.Post, error) {
	id, ok := social.ParseID(q.PathValue("id"))
	if !ok {
		return nil, social.ErrNotFound
	}
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.visible(ctx, q, id, a.Name)
}

// part reads ?page=true&max_id=…: the page asked for, or the head.
func part(q *asked, limit int) (social.Page, bool) {
	v := q.URL.Query()
	page := social.Page{Limit: limit}
	page.MaxID, _ = social.ParseID(v.Get("max_id"))
	page.MinID, _ = social.ParseID(v.Get("min_id"))
	return page, v.Get("page") != ""
}

// pageURI is the address of a page of a collection.
func pageURI(collection, key string, id social.ID) string {
	uri := collection + "?page=true"
	if id != 0 {
		uri += "&" + key + "=" + id.String()
	}
	return uri
}

// self is the address that was asked for, as it is known to others.
func (f *Federation) self(q *asked, collection string) string {
	uri := collection + "?page=true"
	v := q.URL.Query()
	for _, key := range [...]string{"max_id", "min_id"} {
		if s := v.Get(key); s != "" {
			uri += "&" + key + "=" + url.QueryEscape(s)
		}
	}
	return uri
}

func (f *Federation) outbox(ctx context.Context, q *asked) ([]byte, error) {
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	page, paged := part(q, outboxPage)
	if !paged {
		return f.encoder().Collection(a.Outbox, a.PostCount, pageURI(a.Outbox, "", 0)), nil
	}
	l, err := f.Home.ActorPosts(ctx, social.Viewer{}, social.ActorPostsQuery{Actor: a.ID, NoDirect: true, Page: page})
	if err != nil {
		return nil, err
	}
	p := PageOf{URI: f.self(q, a.Outbox), PartOf: a.Outbox}
	if l.Last != 0 {
		p.Next, p.Prev = pageURI(a.Outbox, "max_id", l.Last), pageURI(a.Outbox, "min_id", l.First)
	}
	return f.encoder().Outbox(ctx, p, a, l.Posts)
}

func (f *Federation) followers(ctx context.Context, q *asked) ([]byte, error) {
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.people(ctx, q, a, a.FollowersURI, a.Followers, f.Home.Store.Followers)
}

func (f *Federation) following(ctx context.Context, q *asked) ([]byte, error) {
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.people(ctx, q, a, a.FollowingURI, a.Following, f.Home.Store.Following)
}

// people is who follows or is followed: a count alone where its owner hides it.
func (f *Federation) people(ctx context.Context, q *asked, a *social.Actor, uri string, total int64, read func(context.Context, social.ID, social.Page) ([]social.Ranked, error)) ([]byte, error) {
	page, paged := part(q, peoplePage)
	switch {
	case a.HideFollows && paged:
		return nil, social.ErrNotFound
	case a.HideFollows:
		return f.encoder().Collection(uri, total, ""), nil
	case !paged:
		return f.encoder().Collection(uri, total, pageURI(uri, "", 0)), nil
	}
	rows, err := read(ctx, a.ID, page)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	actors, err := f.Home.Store.Actors(ctx, ids)
	if err != nil {
		return nil, err
	}
	items := make([]string, 0, len(actors))
	for _, x := range actors {
		items = append(items, x.URI)
	}
	p := PageOf{URI: f.self(q, uri), PartOf: uri}
	if len(rows) > 0 {
		p.Prev = pageURI(uri, "min_id", rows[0].Row)
	}
	if len(rows) == peoplePage {
		p.Next = pageURI(uri, "max_id", rows[len(rows)-1].Row)
	}
	return f.encoder().Page(p, items), nil
}

func (f *Federation) featured(ctx context.Context, q *asked) ([]byte, error) {
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	l, err := f.Home.PinnedPosts(ctx, social.Viewer{}, a.ID)
	if err != nil {
		return nil, err
	}
	return f.encoder().Featured(ctx, a, l.Posts)
}

// empty is a collection of the server's own actor, which says nothing and
// follows nobody.
func (f *Federation) empty(_ context.Context, q *asked) ([]byte, error) {
	return f.encoder().Collection(f.Base+q.URL.Path, 0, ""), nil
}

func (f *Federation) postActivity(ctx context.Context, q *asked) ([]byte, error) {
	p, err := f.pathPost(ctx, q)
	if err != nil {
		if at, err := f.Home.Store.Address(ctx, f.Base+q.URL.Path); err == nil && at.State == "gone" {
			return nil, &gonePost{at.URI}
		}
		return nil, err
	}
	return f.encoder().Activity(ctx, p)
}

func (f *Federation) likes(ctx context.Context, q *asked) ([]byte, error) {
	p, err := f.pathPost(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.encoder().Collection(p.URI+"/likes", p.Favourites, ""), nil
}

func (f *Federation) shares(ctx context.Context, q *asked) ([]byte, error) {
	p, err := f.pathPost(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.encoder().Collection(p.URI+"/shares", p.Boosts, ""), nil
}

// replies is a page of the answers to a post that everybody may see, oldest first.
func (f *Federation) replies(ctx context.Context, q *asked) ([]byte, error) {
	p, err := f.pathPost(ctx, q)
	if err != nil {
		return nil, err
	}
	uri := p.URI + "/replies"
	page, paged := part(q, repliesPage)
	if !paged {
		return f.encoder().Collection(uri, p.Replies, pageURI(uri, "", 0)), nil
	}
	return f.threadPage(ctx, q, uri, p.Thread, page, func(x *social.Post) bool { return x.ReplyTo == p.ID })
}

// context is a page of a conversation that began here (FEP-7888).
func (f *Federation) context(ctx context.Context, q *asked) ([]byte, error) {
	id, ok := social.ParseID(q.PathValue("id"))
	if !ok {
		return nil, social.ErrNotFound
	}
	root, err := f.visible(ctx, q, id, "")
	if err != nil {
		return nil, err
	}
	uri := f.Base + "/contexts/" + strconv.FormatInt(int64(id), 10)
	page, paged := part(q, repliesPage)
	if !paged {
		return f.encoder().Collection(uri, root.Replies+1, pageURI(uri, "", 0)), nil
	}
	return f.threadPage(ctx, q, uri, root.Thread, page, func(*social.Post) bool { return true })
}

// threadPage is a page of those posts of a thread that everybody may see.
func (f *Federation) threadPage(ctx context.Context, q *asked, uri string, thread social.ID, page social.Page, keep func(*social.Post) bool) ([]byte, error) {
	rows, err := f.Home.Store.ThreadPosts(ctx, thread, threadRead)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, 0, repliesPage+1)
	for _, x := range rows {
		if x.Audience <= social.Unlisted && keep(x) && (page.MinID == 0 || x.ID > page.MinID) && len(ids) <= repliesPage {
			ids = append(ids, x.ID)
		}
	}
	p := PageOf{URI: f.self(q, uri), PartOf: uri, Unordered: true}
	if len(ids) > repliesPage {
		ids = ids[:repliesPage]
		p.Next = pageURI(uri, "min_id", ids[repliesPage-1])
	}
	l, err := f.Home.PostsFor(ctx, social.Viewer{}, ids)
	if err != nil {
		return nil, err
	}
	items := make([]string, 0, len(l.Posts))
	for _, x := range l.Posts {
		items = append(items, x.URI)
	}
	return f.encoder().Page(p, items), nil
}

// stamp is the authorization of a quote of one of our posts (FEP-044f).
func (f *Federation) stamp(ctx context.Context, q *asked) ([]byte, error) {
	id, ok := social.ParseID(q.PathValue("id"))
	if !ok {
		return nil, social.ErrNotFound
	}
	a, err := f.pathActor(ctx, q)
	if err != nil {
		return nil, err
	}
	return f.encoder().Stamp(ctx, a, id)
}
