package mastodon

import "engawa/social"

func lists(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Lists(c.ctx, c.me())
	return listEntities(all), err
}

func listEntities(all []social.List) []List {
	out := make([]List, 0, len(all))
	for i := range all {
		out = append(out, listEntity(&all[i]))
	}
	return out
}

func listShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	l, err := a.Home.Store.List(c.ctx, c.me(), id)
	if err != nil {
		return nil, err
	}
	return listEntity(l), nil
}

// allMembers is what limit=0 means: everybody.
const allMembers = 5000

func listAccounts(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	if _, err := a.Home.Store.List(c.ctx, c.me(), id); err != nil {
		return nil, err
	}
	all := c.in.text("limit") == "0"
	if all {
		pg.Limit = allMembers
	}
	rows, err := a.Home.Store.ListMembers(c.ctx, id, pg)
	if err != nil {
		return nil, err
	}
	if !all {
		a.linkRows(c, rows)
	}
	return a.people(c.ctx, c.viewer(), idsOf(rows))
}

func accountLists(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.ListsWith(c.ctx, c.me(), id)
	return listEntities(all), err
}
