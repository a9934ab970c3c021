package mastodon

import "engawa/social"

// suggested are Actors whom the User might follow, best first, with why.
func (a *API) suggested(c *call) ([]Suggestion, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	ids, friends, err := a.Home.Store.Suggested(c.ctx, c.me(), pg.Limit+pg.Offset)
	if err != nil {
		return nil, err
	}
	why := make(map[social.ID]bool, len(ids))
	for i, id := range ids {
		why[id] = friends[i] > 0
	}
	ids = ids[min(pg.Offset, len(ids)):]
	people, err := a.people(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]Suggestion, 0, len(people))
	for _, acc := range people {
		s := Suggestion{Source: "global", Sources: []string{"most_followed"}, Account: acc}
		if why[acc.ID] {
			s.Source, s.Sources = "past_interactions", []string{"friends_of_friends"}
		}
		out = append(out, s)
	}
	return out, nil
}

func suggestionsV2(a *API, c *call) (any, error) {
	all, err := a.suggested(c)
	return all, err
}

func suggestionsV1(a *API, c *call) (any, error) {
	deprecated(c)
	all, err := a.suggested(c)
	if err != nil {
		return nil, err
	}
	out := make(accountList, len(all))
	for i := range all {
		out[i] = all[i].Account
	}
	return out, nil
}

// suggestionDrop: this one is not suggested any more.
func suggestionDrop(a *API, c *call) (any, error) {
	t, err := a.target(c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropSuggestion(c.ctx, c.me(), t.ID) })
}
