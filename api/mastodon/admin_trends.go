package mastodon

import (
	"engawa/internal/clock"
	"engawa/social"
)

// adminTags converts Tags with what the staff said of them.
func (a *API) adminTags(c *call, tags []social.Tag) ([]AdminTag, error) {
	entities, err := a.tagEntities(c, tags)
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, len(tags))
	for i := range tags {
		ids[i] = tags[i].ID
	}
	said, err := a.Home.Store.ReviewsOf(c.ctx, social.ReviewTag, ids)
	if err != nil {
		return nil, err
	}
	out := make([]AdminTag, len(tags))
	for i := range tags {
		out[i] = AdminTag{Tag: entities[i], Trendable: true, Usable: true, Listable: true, RequiresReview: true}
		if v := said[tags[i].ID]; v != nil {
			out[i].Trendable, out[i].Usable, out[i].Listable, out[i].RequiresReview = v.Trendable, v.Usable, v.Listable, v.ReviewedAt == 0
		}
	}
	return out, nil
}

func adminTagList(a *API, c *call) (any, error) {
	pg, err := c.adminPaged()
	if err != nil {
		return nil, err
	}
	tags, err := a.Home.Store.AllTags(c.ctx, pg)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, tags, func(t *social.Tag) social.ID { return t.ID })
	return a.adminTags(c, tags)
}

func (a *API) adminTag(c *call) (*social.Tag, error) { return a.tagOfID(c, c.PathValue("id")) }

func (a *API) oneAdminTag(c *call, t *social.Tag) (any, error) {
	all, err := a.adminTags(c, []social.Tag{*t})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func adminTagShow(a *API, c *call) (any, error) {
	t, err := a.adminTag(c)
	if err != nil {
		return nil, err
	}
	return a.oneAdminTag(c, t)
}

// adminTagUpdate: the name may only be written otherwise, not become another.
func adminTagUpdate(a *API, c *call) (any, error) {
	t, err := a.adminTag(c)
	if err != nil {
		return nil, err
	}
	if name := c.in.text("display_name"); name != "" && name != t.Display {
		if social.TagKey(name) != t.Name {
			return nil, badInput("display_name", "Validation failed: Name must be the same, in other letters")
		}
		if err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.SetTagDisplay(c.ctx, t.ID, name) }); err != nil {
			return nil, err
		}
	}
	_, err = a.Home.SetReview(c.ctx, c.by(), social.Review{Kind: social.ReviewTag, Target: t.ID}, func(v *social.Review) {
		v.Trendable, v.Usable, v.Listable = c.in.flag("trendable", v.Trendable), c.in.flag("usable", v.Usable), c.in.flag("listable", v.Listable)
	})
	if err != nil {
		return nil, err
	}
	if t, err = a.Home.Store.TagByID(c.ctx, t.ID); err != nil {
		return nil, err
	}
	return a.oneAdminTag(c, t)
}

func adminTrendsTags(a *API, c *call) (any, error) {
	pg, err := c.in.page(10)
	if err != nil {
		return nil, err
	}
	tags, err := a.Home.Store.TrendingTags(c.ctx, clock.Millis(a.Home.Clock.Now()), pg)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(tags))
	return a.adminTags(c, tags)
}

// review says of something that it may trend, or not.
func (a *API) review(c *call, kind social.ReviewKind, target social.ID, trendable bool) (*social.Review, error) {
	return a.Home.SetReview(c.ctx, c.by(), social.Review{Kind: kind, Target: target}, func(v *social.Review) { v.Trendable = trendable })
}

func reviewTag(trendable bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		t, err := a.adminTag(c)
		if err != nil {
			return nil, err
		}
		if _, err := a.review(c, social.ReviewTag, t.ID, trendable); err != nil {
			return nil, err
		}
		return a.oneAdminTag(c, t)
	}
}

// adminStatuses converts a Listing with what the staff said of it.
func (a *API) adminStatuses(c *call, l *social.Listing) ([]adminStatus, error) {
	w, err := a.viewOf(c.ctx, c.viewer(), l, "")
	if err != nil {
		return nil, err
	}
	ids := make([]social.ID, len(l.Posts))
	for i, p := range l.Posts {
		ids[i] = p.ID
	}
	said, err := a.Home.Store.ReviewsOf(c.ctx, social.ReviewPost, ids)
	if err != nil {
		return nil, err
	}
	out := make([]adminStatus, 0, len(l.Posts))
	for _, p := range l.Posts {
		v := said[p.ID]
		out = append(out, adminStatus{w.status(p), v == nil || v.ReviewedAt == 0})
	}
	return out, nil
}

func adminTrendsStatuses(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	ids, err := a.Home.Store.TrendingPosts(c.ctx, clock.Millis(a.Home.Clock.Now()), pg)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PostsFor(c.ctx, c.viewer(), ids)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(ids))
	return a.adminStatuses(c, l)
}

func reviewStatus(trendable bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		id, err := c.pathID("id")
		if err != nil {
			return nil, err
		}
		l, err := a.Home.PostFor(c.ctx, c.viewer(), id)
		if err != nil {
			return nil, err
		}
		if _, err := a.review(c, social.ReviewPost, l.Posts[0].ID, trendable); err != nil {
			return nil, err
		}
		all, err := a.adminStatuses(c, l)
		if err != nil {
			return nil, err
		}
		return all[0], nil
	}
}

// adminLinks converts Cards with what the staff said of them.
func (a *API) adminLinks(c *call, cards []*social.Card) ([]adminLink, error) {
	ids := make([]social.ID, len(cards))
	for i, x := range cards {
		ids[i] = x.ID
	}
	w := a.view(c.viewer())
	days, err := a.Home.Store.CardHistory(c.ctx, ids, w.now, historyDays)
	if err != nil {
		return nil, err
	}
	said, err := a.Home.Store.ReviewsOf(c.ctx, social.ReviewLink, ids)
	if err != nil {
		return nil, err
	}
	out := make([]adminLink, 0, len(cards))
	for _, x := range cards {
		card := w.card(x)
		if card == nil {
			continue
		}
		card.History = history(days[x.ID], w.now)
		v := said[x.ID]
		out = append(out, adminLink{card, x.ID, v == nil || v.ReviewedAt == 0})
	}
	return out, nil
}

func adminTrendsLinks(a *API, c *call) (any, error) {
	pg, err := c.in.page(10)
	if err != nil {
		return nil, err
	}
	ids, err := a.Home.Store.TrendingCards(c.ctx, clock.Millis(a.Home.Clock.Now()), pg)
	if err != nil {
		return nil, err
	}
	cards, err := a.Home.Store.Cards(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(ids))
	return a.adminLinks(c, cards)
}

func reviewLink(trendable bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		id, err := c.pathID("id")
		if err != nil {
			return nil, err
		}
		card, err := a.Home.Store.Card(c.ctx, id)
		if err != nil {
			return nil, err
		}
		all, err := a.adminLinks(c, []*social.Card{card})
		if err != nil {
			return nil, err
		}
		if len(all) == 0 {
			return nil, social.ErrNotFound
		}
		if _, err := a.review(c, social.ReviewLink, id, trendable); err != nil {
			return nil, err
		}
		all[0].requiresReview = false
		return all[0], nil
	}
}

func publisher(v *social.Review) AdminPublisher {
	return AdminPublisher{
		ID: v.ID.String(), Domain: v.Name, Trendable: v.Trendable, ReviewedAt: momentOr(v.ReviewedAt), RequiresReview: v.ReviewedAt == 0,
	}
}

func adminPublishers(a *API, c *call) (any, error) {
	pg, err := c.adminPaged()
	if err != nil {
		return nil, err
	}
	list, err := a.Home.Store.Reviews(c.ctx, social.ReviewPublisher, pg)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, list, func(v *social.Review) social.ID { return v.ID })
	out := make([]AdminPublisher, 0, len(list))
	for i := range list {
		out = append(out, publisher(&list[i]))
	}
	return out, nil
}

func reviewPublisher(trendable bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		id, err := c.pathID("id")
		if err != nil {
			return nil, err
		}
		old, err := a.Home.Store.Review(c.ctx, social.ReviewPublisher, id)
		if err != nil {
			return nil, err
		}
		v, err := a.Home.SetReview(c.ctx, c.by(), social.Review{Kind: old.Kind, Name: old.Name}, func(v *social.Review) { v.Trendable = trendable })
		if err != nil {
			return nil, err
		}
		return publisher(v), nil
	}
}
