package mastodon

import (
	"engawa/social"
)

// trendsLinks are the links that most people here and around tell of.
func trendsLinks(a *API, c *call) (any, error) {
	pg, err := c.in.page(10)
	if err != nil {
		return nil, err
	}
	now := a.now()
	ids, err := a.Home.Store.TrendingCards(c.ctx, now, pg)
	if err != nil {
		return nil, err
	}
	cards, err := a.Home.Store.Cards(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	if cards, err = a.trendableCards(c, cards); err != nil {
		return nil, err
	}
	days, err := a.Home.Store.CardHistory(c.ctx, ids, now, historyDays)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(ids))
	w := a.view(c.viewer())
	out := make([]*Card, 0, len(cards))
	for _, x := range cards {
		if card := w.card(x); card != nil {
			card.History = history(days[x.ID], now)
			out = append(out, card)
		}
	}
	return out, nil
}

// timelineLink are the public Posts that tell of one link.
func timelineLink(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	card, err := a.Home.Store.CardByURL(c.ctx, c.in.text("url"))
	if err != nil {
		return nil, err
	}
	ids, err := a.Home.Store.CardPosts(c.ctx, card.ID, pg)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	kept := l.Posts[:0]
	for _, p := range l.Posts {
		if p.Actor == c.viewer().Actor || social.WantsToSee(l.Relations[p.Actor]) {
			kept = append(kept, p)
		}
	}
	l.Posts = kept
	if len(ids) > 0 {
		l.First, l.Last = ids[0], ids[len(ids)-1]
	}
	return a.page(c, l, "public")
}

// timelineDirect is the place of direct Posts that conversations replaced: the
// newest of each.
func timelineDirect(a *API, c *call) (any, error) {
	deprecated(c)
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	all, err := a.Home.Store.Conversations(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, len(all))
	for i := range all {
		ids[i] = all[i].LastPost
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	if n := len(ids); n > 0 {
		l.First, l.Last = ids[0], ids[n-1]
	}
	return a.page(c, l, "home")
}
