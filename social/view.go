package social

import "context"

// Listing is a page of Posts ready to be shown: what may be seen, with all that
// it needs. First and Last are the row ids that page it on, taken before
// anything was left out; zero when the place is at its end.
type Listing struct {
	Posts       []*Post
	First, Last ID
	*Bundle
}

// how says how strictly a place leaves things out.
type how uint8

const (
	byName how = iota // opened by name: only CanSee
	inFeed            // came by itself: WantsToSee too
)

// show loads ids and what they need, in a constant number of queries, and
// leaves out what v may not (or does not want to) see.
func (h *Home) show(ctx context.Context, v Viewer, ids []ID, mode how) (*Listing, error) {
	posts, err := h.Store.Posts(ctx, ids)
	if err != nil {
		return nil, err
	}
	return h.showPosts(ctx, v, posts, mode)
}

func (h *Home) showPosts(ctx context.Context, v Viewer, posts []*Post, mode how) (*Listing, error) {
	b, err := h.Store.Bundle(ctx, v.Actor, posts)
	if err != nil {
		return nil, err
	}
	l := &Listing{Bundle: b, Posts: make([]*Post, 0, len(posts))}
	for _, p := range posts {
		if l.visible(v, p, mode) {
			l.Posts = append(l.Posts, p)
		}
	}
	return l, nil
}

// visible applies CanSee to a Post and, for a Boost, to what it passes on.
func (l *Listing) visible(v Viewer, p *Post, mode how) bool {
	author := l.Actors[p.Actor]
	if mode == inFeed {
		v.Staff = false // what is hidden is looked up by name, it does not come by itself
	}
	if author == nil || !CanSee(v, p, author, l.Relations[p.Actor]) {
		return false
	}
	if mode == inFeed && p.Actor != v.Actor && !WantsToSee(l.Relations[p.Actor]) {
		return false
	}
	if p.BoostOf == 0 {
		return true
	}
	orig := l.Bundle.Posts[p.BoostOf]
	return orig != nil && orig.BoostOf == 0 && l.visible(v, orig, mode)
}

// Quoted returns the Post that p quotes if v may see it now, and the state to
// be shown otherwise: one of QuoteState's names or Mastodon's "unauthorized",
// "blocked_account", "blocked_domain", "muted_account".
func (l *Listing) Quoted(v Viewer, p *Post) (*Post, string) {
	switch p.QuoteState {
	case NoQuote:
		return nil, ""
	case QuotePending:
		return nil, "pending"
	case QuoteRejected:
		return nil, "rejected"
	case QuoteRevoked:
		return nil, "revoked"
	}
	q := l.Bundle.Posts[p.QuoteOf]
	if q == nil || p.QuoteState == QuoteDeleted {
		return nil, "deleted"
	}
	rel := l.Relations[q.Actor]
	author := l.Actors[q.Actor]
	switch {
	case author == nil || !CanSee(v, q, author, rel):
		return nil, "unauthorized"
	case rel != nil && rel.Blocking:
		return q, "blocked_account"
	case rel != nil && rel.BlockingDomain:
		return q, "blocked_domain"
	case rel != nil && rel.Muting:
		return q, "muted_account"
	}
	return q, "accepted"
}

// paged notes the bounds of a page of ids.
func (l *Listing) paged(ids []ID) *Listing {
	if len(ids) > 0 {
		l.First, l.Last = ids[0], ids[len(ids)-1]
	}
	return l
}

// pagedRows is paged for places ordered by another row than the Post's.
func (l *Listing) pagedRows(rows []Ranked) *Listing {
	if len(rows) > 0 {
		l.First, l.Last = rows[0].Row, rows[len(rows)-1].Row
	}
	return l
}

func rankedIDs(rows []Ranked) []ID {
	ids := make([]ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}

// PostFor is one Post opened by name.
func (h *Home) PostFor(ctx context.Context, v Viewer, id ID) (*Listing, error) {
	l, err := h.show(ctx, v, []ID{id}, byName)
	if err == nil && len(l.Posts) == 0 {
		return nil, notFound("post")
	}
	return l, err
}

// NewPostFor is a Post that v is just being told of: v can have done nothing
// with it yet, so that is not read.
func (h *Home) NewPostFor(ctx context.Context, v Viewer, id ID) (*Listing, error) {
	posts, err := h.Store.Posts(ctx, []ID{id})
	if err != nil {
		return nil, err
	}
	if len(posts) == 0 {
		return nil, notFound("post")
	}
	if posts[0].BoostOf != 0 {
		return h.PostFor(ctx, v, id)
	}
	b, err := h.Store.Bundle(ctx, 0, posts)
	if err != nil {
		return nil, err
	}
	authors := make([]ID, 0, len(b.Actors))
	for author := range b.Actors {
		authors = append(authors, author)
	}
	if b.Relations, err = h.Store.Relations(ctx, v.Actor, authors); err != nil {
		return nil, err
	}
	l := &Listing{Bundle: b, Posts: posts}
	if !l.visible(v, posts[0], byName) {
		return nil, notFound("post")
	}
	return l, nil
}

// PostsFor are several Posts opened by name; what may not be seen is left out.
func (h *Home) PostsFor(ctx context.Context, v Viewer, ids []ID) (*Listing, error) {
	return h.show(ctx, v, ids, byName)
}
