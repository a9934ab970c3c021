package mastodon

import (
	"net/url"
	"slices"

	"engawa/internal/hostname"
	"engawa/social"
)

// trendable leaves of a place that is ranked what moderators do not refuse it.
func trendable[T any](a *API, c *call, kind social.ReviewKind, list []T, id func(T) social.ID) ([]T, error) {
	ids := make([]social.ID, len(list))
	for i := range list {
		ids[i] = id(list[i])
	}
	said, err := a.Home.Store.ReviewsOf(c.ctx, kind, ids)
	return slices.DeleteFunc(list, func(x T) bool {
		v := said[id(x)]
		return v != nil && !v.Trendable
	}), err
}

// trendableCards is trendable for links, whose publishers may be refused too.
func (a *API) trendableCards(c *call, cards []*social.Card) ([]*social.Card, error) {
	cards, err := trendable(a, c, social.ReviewLink, cards, func(x *social.Card) social.ID { return x.ID })
	if err != nil {
		return nil, err
	}
	refused := map[string]bool{}
	for _, x := range cards {
		host := publisherOf(x)
		if _, known := refused[host]; known || host == "" {
			continue
		}
		v, err := a.Home.Store.ReviewOfName(c.ctx, social.ReviewPublisher, host)
		if err != nil && !social.IsKind(err, social.NotFound) {
			return nil, err
		}
		refused[host] = err == nil && !v.Trendable
	}
	return slices.DeleteFunc(cards, func(x *social.Card) bool { return refused[publisherOf(x)] }), nil
}

// publisherOf is the domain that a link leads to.
func publisherOf(x *social.Card) string {
	u, err := url.Parse(x.URL)
	if err != nil {
		return ""
	}
	host, _ := hostname.OfURL(u)
	return host
}
