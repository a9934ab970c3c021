package mastodon

import (
	"context"

	"engawa/social"
)

// What the writes answer with: the thing they changed, as its viewer sees it.

// answerStatus is one Post, read anew.
func (a *API) answerStatus(c *call, id social.ID) (any, error) {
	l, err := a.Home.PostFor(c.ctx, c.viewer(), id)
	if err != nil {
		return nil, err
	}
	return a.statusIn(c.ctx, c.viewer(), l)
}

// statusIn is the only Post of a Listing.
func (a *API) statusIn(ctx context.Context, v social.Viewer, l *social.Listing) (*Status, error) {
	w, err := a.viewOf(ctx, v, l, "")
	if err != nil {
		return nil, err
	}
	return w.status(l.Posts[0]), nil
}

// subject is what the only Post of a Listing is about: the boosted one of a Boost.
func subject(l *social.Listing) *social.Post {
	p := l.Posts[0]
	if p.BoostOf == 0 {
		return p
	}
	if orig := l.Bundle.Posts[p.BoostOf]; orig != nil {
		return orig
	}
	return p
}

// myself reads who asks, as it is stored now.
func (a *API) myself(c *call) (*view, *social.Actor, *social.User, error) {
	actor, err := a.Home.Store.Actor(c.ctx, c.me())
	if err != nil {
		return nil, nil, nil, err
	}
	u, err := a.Home.Store.User(c.ctx, c.me())
	return a.view(c.viewer()), actor, u, err
}

// accountsOf are the Accounts of these Actors, as a stranger sees them.
func (a *API) accountsOf(ctx context.Context, ids []social.ID) (accountList, error) {
	actors, err := a.Home.Store.Actors(ctx, ids)
	if err != nil {
		return nil, err
	}
	return a.view(social.Viewer{}).accountsOf(actors), nil
}

// do carries out one Activity of the User who asks.
func (a *API) do(c *call, verb social.Verb, object social.Object) (*social.Result, error) {
	return a.Home.Do(c.ctx, &social.Activity{Verb: verb, Actor: c.me(), Object: object, Origin: social.Local})
}

// newID is a fresh id.
func (a *API) newID() social.ID { return social.ID(a.Home.IDs.Next()) }
