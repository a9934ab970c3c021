package mastodon

import (
	"context"
	"encoding/json"
	"log/slog"

	"engawa/social"
	"engawa/stream"
)

var _ stream.Renderer = (*API)(nil)

// Post implements stream.Renderer: a Post that comes by itself, so that who
// muted its author does not get it.
func (a *API) Post(ctx context.Context, v social.Viewer, place string, id social.ID, fresh bool) ([]byte, bool) {
	read := a.Home.PostFor
	if fresh {
		read = a.Home.NewPostFor
	}
	l, err := read(ctx, v, id)
	if err != nil {
		return nil, renderFailed("post", id, err)
	}
	p := l.Posts[0]
	if !wanted(v, l, p) {
		return nil, false
	}
	s, err := a.one(ctx, v, l, place)
	if err != nil {
		return nil, renderFailed("post", id, err)
	}
	return encode(s), true
}

// wanted applies WantsToSee to a Post and to what it passes on.
func wanted(v social.Viewer, l *social.Listing, p *social.Post) bool {
	if p.Actor != v.Actor && !social.WantsToSee(l.Relations[p.Actor]) {
		return false
	}
	if p.BoostOf == 0 {
		return true
	}
	orig := l.Bundle.Posts[p.BoostOf]
	return orig != nil && wanted(v, l, orig)
}

// Notification implements stream.Renderer.
func (a *API) Notification(ctx context.Context, v social.Viewer, id social.ID) ([]byte, bool) {
	n, err := a.notificationByID(ctx, v, id)
	if err != nil {
		return nil, renderFailed("notification", id, err)
	}
	return encode(n), true
}

// Conversation implements stream.Renderer.
func (a *API) Conversation(ctx context.Context, v social.Viewer, id social.ID) ([]byte, bool) {
	t, err := a.conversationByID(ctx, v, id)
	if err != nil {
		return nil, renderFailed("conversation", id, err)
	}
	data, err := json.Marshal(t)
	return data, err == nil
}

// renderFailed is always false; what is merely not there is no news.
func renderFailed(what string, id social.ID, err error) bool {
	if !social.IsKind(err, social.NotFound) {
		slog.Error("an event could not be rendered", "what", what, "id", id, "err", err)
	}
	return false
}
