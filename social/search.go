package social

import (
	"context"
	"strings"
)

// SearchPosts finds text among what the viewer wrote, favourited, bookmarked or
// is mentioned in.
func (h *Home) SearchPosts(ctx context.Context, v Viewer, q SearchQuery) (*Listing, error) {
	if strings.TrimSpace(q.Text) == "" {
		return &Listing{Bundle: &Bundle{}}, nil
	}
	q.User = v.Actor
	ids, err := h.Store.SearchPosts(ctx, q)
	if err != nil {
		return nil, err
	}
	l, err := h.show(ctx, v, ids, byName)
	if err != nil {
		return nil, err
	}
	return l.paged(ids), nil
}
