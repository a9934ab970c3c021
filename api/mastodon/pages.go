package mastodon

import (
	"context"

	"engawa/social"
)

// page answers a Listing as a page of Statuses with its Link header. place is
// the context that Filters are applied for.
func (a *API) page(c *call, l *social.Listing, place string) (any, error) {
	a.link(c, l.First, l.Last)
	w, err := a.viewOf(c.ctx, c.viewer(), l, place)
	if err != nil {
		return nil, err
	}
	return w.statuses(l.Posts), nil
}

// one answers the first Post of a Listing.
func (a *API) one(ctx context.Context, v social.Viewer, l *social.Listing, place string) (*Status, error) {
	w, err := a.viewOf(ctx, v, l, place)
	if err != nil {
		return nil, err
	}
	return w.status(l.Posts[0]), nil
}

// statusByID is a Post as its viewer reads it.
func (a *API) statusByID(ctx context.Context, v social.Viewer, id social.ID) (*Status, error) {
	l, err := a.Home.PostFor(ctx, v, id)
	if err != nil {
		return nil, err
	}
	return a.one(ctx, v, l, "thread")
}

// people converts Actors by id, in this order.
func (a *API) people(ctx context.Context, v social.Viewer, ids []social.ID) (accountList, error) {
	actors, err := a.Home.Store.Actors(ctx, ids)
	if err != nil {
		return nil, err
	}
	w, err := a.viewActors(ctx, v, actors)
	if err != nil {
		return nil, err
	}
	return w.accountsOf(actors), nil
}

// viewActors begins a page of Actors.
func (a *API) viewActors(ctx context.Context, v social.Viewer, actors []*social.Actor) (*view, error) {
	w := a.view(v)
	byID := make(map[social.ID]*social.Actor, len(actors))
	for _, x := range actors {
		byID[x.ID] = x
	}
	return w, w.loadMoved(ctx, byID)
}

// rankedPeople answers a place of Actors that is paged by another row.
func (a *API) rankedPeople(c *call, rows []social.Ranked, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	a.linkRows(c, rows)
	return a.people(c.ctx, c.viewer(), idsOf(rows))
}

func idsOf(rows []social.Ranked) []social.ID {
	ids := make([]social.ID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	return ids
}
