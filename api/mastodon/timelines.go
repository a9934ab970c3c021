package mastodon

import "engawa/social"

func timelineHome(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.HomeFeed(c.ctx, c.viewer(), pg)
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "home")
}

func timelineList(a *API, c *call) (any, error) {
	id, err := c.pathID("list_id")
	if err != nil {
		return nil, err
	}
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.ListFeed(c.ctx, c.viewer(), id, pg)
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "home")
}

func timelinePublic(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PublicFeed(c.ctx, c.viewer(), social.PublicQuery{
		Local: c.in.flag("local", false), Remote: c.in.flag("remote", false), OnlyMedia: c.in.flag("only_media", false), Page: pg,
	})
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "public")
}

// maxTags is how many further tags a tag timeline takes in each list.
const maxTags = 4

func timelineTag(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.TagFeed(c.ctx, c.viewer(), social.TagQuery{
		Tag: c.PathValue("hashtag"), Any: tagKeys(c.in.texts("any")), All: tagKeys(c.in.texts("all")), None: tagKeys(c.in.texts("none")),
		Local: c.in.flag("local", false), Remote: c.in.flag("remote", false), OnlyMedia: c.in.flag("only_media", false), Page: pg,
	})
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "public")
}

func tagKeys(names []string) []string {
	var out []string
	for _, n := range names {
		if len(out) == maxTags {
			break
		}
		out = append(out, social.TagKey(n))
	}
	return out
}

func favourites(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.Favourites(c.ctx, c.viewer(), pg)
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "")
}

func bookmarks(a *API, c *call) (any, error) {
	pg, err := c.in.page(20)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.Bookmarks(c.ctx, c.viewer(), pg)
	if err != nil {
		return nil, err
	}
	return a.page(c, l, "")
}
