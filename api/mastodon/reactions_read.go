package mastodon

import "engawa/social"

// EmojiReaction is one emoji of a Status with who reacted, as Pleroma and its
// kin tell it.
type EmojiReaction struct {
	Name     string      `json:"name"`
	Count    int64       `json:"count"`
	Me       bool        `json:"me"`
	URL      *string     `json:"url"`
	Accounts accountList `json:"accounts"`
}

// reactorsShown is how many Accounts are told of each Status.
const reactorsShown = 200

// reactions is GET /api/v1/pleroma/statuses/{id}/reactions, and with an emoji
// in the path only that one.
func reactions(a *API, c *call) (any, error) {
	l, p, err := a.opened(c)
	if err != nil {
		return nil, err
	}
	content := ""
	if c.PathValue("emoji") != "" {
		if content, _, err = a.reactionOf(c); err != nil {
			return nil, err
		}
	}
	all, err := a.Home.Store.ReactionsBy(c.ctx, p.ID, content, social.Page{Limit: reactorsShown})
	if err != nil {
		return nil, err
	}
	var ids []social.ID
	for i := range all {
		ids = append(ids, all[i].Actor)
	}
	actors, err := a.Home.Store.Actors(c.ctx, uniqueIDs(ids))
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), l, "")
	if err != nil {
		return nil, err
	}
	who := w.byID(actors)
	mine := l.Mine[p.ID]
	out := []EmojiReaction{}
	for i, shown := range w.reactions(p, &mine) {
		name := p.Reactions[i].Content
		r := EmojiReaction{Name: shown.Name, Count: shown.Count, Me: shown.Me, URL: textOr(shown.URL), Accounts: accountList{}}
		for j := range all {
			if acc := who[all[j].Actor]; acc != nil && all[j].Content == name {
				r.Accounts = append(r.Accounts, acc)
			}
		}
		if content == "" || content == name {
			out = append(out, r)
		}
	}
	return out, nil
}
