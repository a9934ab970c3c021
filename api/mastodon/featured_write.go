package mastodon

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"engawa/internal/markup"
	"engawa/social"
)

// tagName checks the name of a tag: what would be one in a text.
func tagName(field, name string) (display string, err error) {
	name = strings.TrimPrefix(strings.TrimSpace(name), "#")
	if name == "" {
		return "", badInput(field, "Validation failed: Name can't be blank")
	}
	spans := markup.Scan("#" + name)
	if !utf8.ValidString(name) || len(spans) != 1 || spans[0].Kind != markup.SpanTag || spans[0].Name != name || len(name) > markup.MaxTag {
		return "", badInput(field, "Validation failed: Tag is invalid")
	}
	return name, nil
}

// feature puts a tag on the User's profile and returns the row.
func (a *API) feature(c *call, display string) (*social.FeaturedTag, error) {
	f := &social.FeaturedTag{ID: a.newID(), Actor: c.me(), Tag: social.Tag{Name: social.TagKey(display), Display: display}}
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.FeaturedTags(c.ctx, c.me())
		if err != nil {
			return err
		}
		known := slices.ContainsFunc(all, func(x social.FeaturedTag) bool { return x.Tag.Name == f.Tag.Name })
		if !known && len(all) >= maxFeatured {
			return badInput("name", "Validation failed: You have already featured the maximum number of hashtags ("+strconv.Itoa(maxFeatured)+")")
		}
		return tx.PutFeaturedTag(c.ctx, f)
	})
	return f, err
}

func createFeaturedTag(a *API, c *call) (any, error) {
	display, err := tagName("name", c.in.text("name"))
	if err != nil {
		return nil, err
	}
	f, err := a.feature(c, display)
	if err != nil {
		return nil, err
	}
	w, actor, _, err := a.myself(c)
	if err != nil {
		return nil, err
	}
	return w.featuredTag(f, actor), nil
}

func deleteFeaturedTag(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.DropFeaturedTag(c.ctx, c.me(), id) })
}

// featureTag is POST /api/v1/tags/{name}/feature and /unfeature: the answer is
// the Tag.
func featureTag(on bool) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		display, err := tagName("id", c.PathValue("name"))
		if err != nil {
			return nil, social.ErrNotFound
		}
		if on {
			_, err = a.feature(c, display)
		} else {
			err = a.unfeature(c, social.TagKey(display))
		}
		if err != nil {
			return nil, err
		}
		t, err := a.Home.Store.Tag(c.ctx, c.me(), social.TagKey(display))
		if err != nil {
			return nil, err
		}
		out := a.view(c.viewer()).tag(t, nil)
		out.Featuring = &on
		return out, nil
	}
}

func (a *API) unfeature(c *call, key string) error {
	return a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		all, err := tx.FeaturedTags(c.ctx, c.me())
		if err != nil {
			return err
		}
		for _, f := range all {
			if f.Tag.Name == key {
				return tx.DropFeaturedTag(c.ctx, c.me(), f.ID)
			}
		}
		return nil
	})
}
