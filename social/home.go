package social

import "context"

// HomeFeed is the place Home: what those whom the User follows said.
func (h *Home) HomeFeed(ctx context.Context, v Viewer, p Page) (*Listing, error) {
	ids, boosted, err := h.Store.HomeFeed(ctx, v.Actor, p)
	if err != nil {
		return nil, err
	}
	posts, err := h.Store.Posts(ctx, append(ids[:len(ids):len(ids)], boosted...))
	if err != nil {
		return nil, err
	}
	n := 0 // of posts that are rows of the page: Posts keeps the order
	for _, id := range ids {
		if n < len(posts) && posts[n].ID == id {
			n++
		}
	}
	l, err := h.showPosts(ctx, v, posts[:n], inFeed)
	if err != nil {
		return nil, err
	}
	return l.paged(ids), nil
}

// ListFeed is the timeline of one of the User's Lists.
func (h *Home) ListFeed(ctx context.Context, v Viewer, list ID, p Page) (*Listing, error) {
	if _, err := h.Store.List(ctx, v.Actor, list); err != nil {
		return nil, err
	}
	return h.feed(ctx, v, func() ([]ID, error) { return h.Store.ListFeed(ctx, list, p) })
}

// PublicFeed is the public timeline, of this home or of all it knows.
func (h *Home) PublicFeed(ctx context.Context, v Viewer, q PublicQuery) (*Listing, error) {
	return h.feed(ctx, v, func() ([]ID, error) { return h.Store.PublicFeed(ctx, q) })
}

// TagFeed is what was said publicly under a tag.
func (h *Home) TagFeed(ctx context.Context, v Viewer, q TagQuery) (*Listing, error) {
	q.Tag = TagKey(q.Tag)
	q.Any, q.All, q.None = tagKeysOf(q.Any), tagKeysOf(q.All), tagKeysOf(q.None)
	return h.feed(ctx, v, func() ([]ID, error) { return h.Store.TagFeed(ctx, q) })
}

func (h *Home) feed(ctx context.Context, v Viewer, read func() ([]ID, error)) (*Listing, error) {
	ids, err := read()
	if err != nil {
		return nil, err
	}
	l, err := h.show(ctx, v, ids, inFeed)
	if err != nil {
		return nil, err
	}
	return l.paged(ids), nil
}

// Favourites are the Posts the User favourited, Bookmarks those it kept.
func (h *Home) Favourites(ctx context.Context, v Viewer, p Page) (*Listing, error) {
	return h.ranked(ctx, v, func() ([]Ranked, error) { return h.Store.Favourites(ctx, v.Actor, p) })
}

// Bookmarks are the Posts the User kept.
func (h *Home) Bookmarks(ctx context.Context, v Viewer, p Page) (*Listing, error) {
	return h.ranked(ctx, v, func() ([]Ranked, error) { return h.Store.Bookmarks(ctx, v.Actor, p) })
}

func (h *Home) ranked(ctx context.Context, v Viewer, read func() ([]Ranked, error)) (*Listing, error) {
	rows, err := read()
	if err != nil {
		return nil, err
	}
	l, err := h.show(ctx, v, rankedIDs(rows), byName)
	if err != nil {
		return nil, err
	}
	return l.pagedRows(rows), nil
}
