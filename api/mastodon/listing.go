package mastodon

import (
	"context"

	"engawa/social"
)

// Statuses writes a Listing as a JSON list of Status entities, for other APIs
// of this home that show Posts. place is the context that Filters are applied for.
func (a *API) Statuses(ctx context.Context, v social.Viewer, l *social.Listing, place string) ([]byte, error) {
	w, err := a.viewOf(ctx, v, l, place)
	if err != nil {
		return nil, err
	}
	return encode(w.statuses(l.Posts)), nil
}
