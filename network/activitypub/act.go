package activitypub

import (
	"context"
	"strings"

	"engawa/social"
)

// act explains a bare URI by the table of addresses.
func (f *Federation) act(ctx context.Context, uri string) (Act, bool) {
	if id, ok := f.quoteRequestOf(ctx, uri); ok {
		return Act{Kind: social.ObjQuote, Answer: id, Post: id}, true
	}
	at, err := f.Home.Store.Address(ctx, uri)
	if err != nil {
		return f.followByRoute(ctx, uri)
	}
	if at.State == "gone" {
		return Act{}, false
	}
	switch at.Kind {
	case "post":
		return f.postAct(ctx, at.Target)
	case "actor":
		return Act{Kind: social.ObjActor, By: at.Target, Actor: at.Target}, true
	case "follow":
		return f.followAct(ctx, at.Target)
	case "reaction":
		if r, err := f.Home.Store.ReactionByID(ctx, at.Target); err == nil {
			return Act{Kind: social.ObjLike, By: r.Actor, Post: r.Post, Emoji: r.Content}, true
		}
	case "block":
		if b, err := f.Home.Store.BlockByID(ctx, at.Target); err == nil {
			return Act{Kind: social.ObjBlock, By: b.Actor, Actor: b.Target}, true
		}
	case "stamp", "quote":
		if q, err := f.Home.Store.Quote(ctx, at.Target); err == nil && (q.StampURI == uri || q.RequestURI == uri) {
			return Act{Kind: social.ObjQuote, By: q.QuotedActor, Post: q.Post, Answer: q.Post}, true
		}
	}
	return Act{}, false
}

func (f *Federation) postAct(ctx context.Context, id social.ID) (Act, bool) {
	p, err := f.Home.Store.Post(ctx, id)
	switch {
	case err != nil:
		return Act{}, false
	case p.BoostOf != 0:
		return Act{Kind: social.ObjBoost, By: p.Actor, Post: p.BoostOf}, true
	}
	return Act{Kind: social.ObjPost, By: p.Actor, Post: p.ID}, true
}

func (f *Federation) followAct(ctx context.Context, id social.ID) (Act, bool) {
	row, err := f.Home.Store.FollowByID(ctx, id)
	if err != nil {
		return Act{}, false
	}
	return Act{Kind: social.ObjFollow, By: row.Actor, Actor: row.Target}, true
}

// followByRoute is for follows of ours that were made before their address was
// kept: {actor}#follows/{id}.
func (f *Federation) followByRoute(ctx context.Context, uri string) (Act, bool) {
	_, number, ok := strings.Cut(uri, "#follows/")
	id, good := social.ParseID(number)
	if !ok || !good || !f.ours(uri) {
		return Act{}, false
	}
	row, err := f.Home.Store.FollowByID(ctx, id)
	if err != nil || row.URI != uri {
		return Act{}, false
	}
	return Act{Kind: social.ObjFollow, By: row.Actor, Actor: row.Target}, true
}

// quoteRequestOf is the quoting post behind {actor}/quote_requests/{id} of ours.
func (f *Federation) quoteRequestOf(ctx context.Context, uri string) (social.ID, bool) {
	_, number, ok := strings.Cut(uri, "/quote_requests/")
	id, good := social.ParseID(number)
	if !ok || !good || !f.ours(uri) {
		return 0, false
	}
	q, err := f.Home.Store.Quote(ctx, id)
	return id, err == nil && q.RequestURI == uri
}

// postByRoute finds a Post of ours by the shapes of addresses that its own URI
// may not have: the page, or the activity.
func (f *Federation) postByRoute(ctx context.Context, uri string) (*social.Post, error) {
	name, id, ok := f.routeOf(uri)
	if !ok {
		return nil, social.ErrNotFound
	}
	p, err := f.Home.Store.Post(ctx, id)
	if err != nil {
		return nil, err
	}
	a, err := f.Home.Store.Actor(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	if !a.Local() || !strings.EqualFold(a.Name, name) {
		return nil, social.ErrNotFound
	}
	return p, nil
}

// routeOf reads /users/{name}/statuses/{id}[/activity] and /@{name}/{id}.
func (f *Federation) routeOf(uri string) (name string, id social.ID, ok bool) {
	rest, ok := strings.CutPrefix(uri, f.Base+"/")
	if !ok {
		return "", 0, false
	}
	rest, _, _ = strings.Cut(rest, "?")
	part := strings.Split(strings.TrimSuffix(rest, "/activity"), "/")
	switch {
	case len(part) == 4 && part[0] == "users" && part[2] == "statuses":
		id, ok = social.ParseID(part[3])
		return part[1], id, ok
	case len(part) == 2 && strings.HasPrefix(part[0], "@"):
		id, ok = social.ParseID(part[1])
		return part[0][1:], id, ok
	}
	return "", 0, false
}
