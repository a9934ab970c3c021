package mastodon

import "engawa/social"

func filtersV2(a *API, c *call) (any, error) {
	all, err := a.Home.Store.Filters(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := make([]Filter, 0, len(all))
	for i := range all {
		out = append(out, filter(&all[i]))
	}
	return out, nil
}

// filterByID is one of the User's Filters.
func (a *API) filterByID(c *call, id social.ID) (*social.Filter, error) {
	return a.findFilter(c, func(f *social.Filter) bool { return f.ID == id })
}

func (a *API) findFilter(c *call, is func(*social.Filter) bool) (*social.Filter, error) {
	all, err := a.Home.Store.Filters(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	for i := range all {
		if is(&all[i]) {
			return &all[i], nil
		}
	}
	return nil, social.ErrNotFound
}

// filterByKeyword finds the Filter that holds a keyword, and the keyword's place.
func (a *API) filterByKeyword(c *call, id social.ID) (*social.Filter, int, error) {
	at := 0
	f, err := a.findFilter(c, func(f *social.Filter) bool {
		for i := range f.Keywords {
			if f.Keywords[i].ID == id {
				at = i
				return true
			}
		}
		return false
	})
	return f, at, err
}

// filterByStatus finds the Filter that names a Post, and its place there.
func (a *API) filterByStatus(c *call, id social.ID) (*social.Filter, int, error) {
	at := 0
	f, err := a.findFilter(c, func(f *social.Filter) bool {
		for i := range f.Posts {
			if f.Posts[i].ID == id {
				at = i
				return true
			}
		}
		return false
	})
	return f, at, err
}

func filterShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	f, err := a.filterByID(c, id)
	if err != nil {
		return nil, err
	}
	return filter(f), nil
}

// filterParts serves four paths that one pattern of the mux has to take:
// keywords/{id}, statuses/{id}, {id}/keywords, {id}/statuses.
func filterParts(a *API, c *call) (any, error) {
	switch first, second := c.PathValue("first"), c.PathValue("second"); {
	case first == "keywords":
		id, err := c.pathID("second")
		if err != nil {
			return nil, err
		}
		f, at, err := a.filterByKeyword(c, id)
		if err != nil {
			return nil, err
		}
		return filterKeyword(f.Keywords[at]), nil
	case first == "statuses":
		id, err := c.pathID("second")
		if err != nil {
			return nil, err
		}
		f, at, err := a.filterByStatus(c, id)
		if err != nil {
			return nil, err
		}
		return filterStatus(f.Posts[at]), nil
	case second == "keywords" || second == "statuses":
		id, err := c.pathID("first")
		if err != nil {
			return nil, err
		}
		f, err := a.filterByID(c, id)
		if err != nil {
			return nil, err
		}
		if second == "keywords" {
			return filter(f).Keywords, nil
		}
		return filter(f).Statuses, nil
	}
	return nil, social.ErrNotFound
}

// filtersV1 are the keywords of all Filters, each by itself.
func filtersV1(a *API, c *call) (any, error) {
	deprecated(c)
	all, err := a.Home.Store.Filters(c.ctx, c.me())
	if err != nil {
		return nil, err
	}
	out := []V1Filter{}
	for i := range all {
		for _, k := range all[i].Keywords {
			out = append(out, v1Filter(&all[i], k))
		}
	}
	return out, nil
}

func filterShowV1(a *API, c *call) (any, error) {
	deprecated(c)
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	f, at, err := a.filterByKeyword(c, id)
	if err != nil {
		return nil, err
	}
	return v1Filter(f, f.Keywords[at]), nil
}

// deprecated says that a route has a successor (RFC 9745): since Mastodon 4.0,
// 2022-11-14.
func deprecated(c *call) { c.w.Header().Set("Deprecation", "@1668384000") }
