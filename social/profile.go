package social

import "context"

// ActorPosts is the place of what one Actor said, as far as v may see it.
func (h *Home) ActorPosts(ctx context.Context, v Viewer, q ActorPostsQuery) (*Listing, error) {
	rels, err := h.Store.Relations(ctx, v.Actor, []ID{q.Actor})
	if err != nil {
		return nil, err
	}
	q.Audiences = audiencesFor(v, q.Actor, rels[q.Actor])
	if v.User {
		q.SeenBy = v.Actor
	}
	ids, err := h.Store.ActorPosts(ctx, q)
	if err != nil {
		return nil, err
	}
	l, err := h.show(ctx, v, ids, byName)
	if err != nil {
		return nil, err
	}
	return l.paged(ids), nil
}

// audiencesFor are the audiences of author's Posts that can be v's at all, so
// that pages come full. Direct ones are left to conversations, but for one's own.
func audiencesFor(v Viewer, author ID, rel *Relation) []Audience {
	switch {
	case v.Actor != 0 && v.Actor == author:
		return nil
	case rel != nil && rel.Following && v.User:
		return []Audience{Public, Unlisted, Followers, LocalOnly}
	case rel != nil && rel.Following:
		return []Audience{Public, Unlisted, Followers}
	case v.User:
		return []Audience{Public, Unlisted, LocalOnly}
	default:
		return []Audience{Public, Unlisted}
	}
}

// PinnedPosts are the Posts at the top of a profile.
func (h *Home) PinnedPosts(ctx context.Context, v Viewer, actor ID) (*Listing, error) {
	ids, err := h.Store.Pins(ctx, actor)
	if err != nil {
		return nil, err
	}
	return h.show(ctx, v, ids, byName)
}
