package mastodon

import (
	"unicode"
	"unicode/utf8"

	"engawa/internal/clock"
	"engawa/social"
)

// tagEntities converts Tags with their history: one query for all.
func (a *API) tagEntities(c *call, tags []social.Tag) ([]Tag, error) {
	names := make([]string, len(tags))
	for i := range tags {
		names[i] = tags[i].Name
	}
	w := a.view(c.viewer())
	out := make([]Tag, 0, len(tags))
	if len(tags) == 0 {
		return out, nil
	}
	days, err := a.Home.Store.TagHistory(c.ctx, names, w.now, historyDays)
	if err != nil {
		return nil, err
	}
	for i := range tags {
		out = append(out, w.tag(&tags[i], days[tags[i].Name]))
	}
	return out, nil
}

// tagByName is a Tag of the path; one that nobody used yet is there all the same.
func (a *API) tagByName(c *call, name string) (any, error) {
	key := social.TagKey(name)
	if !validTag(key) {
		return nil, social.ErrNotFound
	}
	t, err := a.Home.Store.Tag(c.ctx, c.viewer().Actor, key)
	if social.IsKind(err, social.NotFound) {
		t, err = &social.Tag{Name: key, Display: name}, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := a.tagEntities(c, []social.Tag{*t})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// maxTag is the longest tag, in characters.
const maxTag = 200

// validTag: letters, marks, digits and underscores, as the middle dot of Catalan.
func validTag(key string) bool {
	if n := utf8.RuneCountInString(key); n == 0 || n > maxTag {
		return false
	}
	for _, r := range key {
		if !(unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '·' || r == 'ー' || r == '・') {
			return false
		}
	}
	return true
}

func tagShow(a *API, c *call) (any, error) { return a.tagByName(c, c.PathValue("name")) }

func tagFollow(a *API, c *call) (any, error)   { return a.followTag(c, true) }
func tagUnfollow(a *API, c *call) (any, error) { return a.followTag(c, false) }

func (a *API) followTag(c *call, on bool) (any, error) {
	name := c.PathValue("name")
	key := social.TagKey(name)
	if !validTag(key) {
		return nil, social.ErrNotFound
	}
	err := a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		return tx.FollowTag(c.ctx, c.me(), key, on, clock.Millis(a.Home.Clock.Now()))
	})
	if err != nil {
		return nil, err
	}
	return a.tagByName(c, name)
}

func followedTags(a *API, c *call) (any, error) {
	pg, err := c.in.page(100)
	if err != nil {
		return nil, err
	}
	tags, rows, err := a.Home.Store.FollowedTags(c.ctx, c.me(), pg)
	if err != nil {
		return nil, err
	}
	a.linkRows(c, rows)
	for i := range tags {
		tags[i].Following = true
	}
	return a.tagEntities(c, tags)
}

func trendsTags(a *API, c *call) (any, error) {
	pg, err := c.in.page(10)
	if err != nil {
		return nil, err
	}
	tags, err := a.Home.Store.TrendingTags(c.ctx, clock.Millis(a.Home.Clock.Now()), pg)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(tags))
	if tags, err = trendable(a, c, social.ReviewTag, tags, func(t social.Tag) social.ID { return t.ID }); err != nil {
		return nil, err
	}
	return a.tagEntities(c, tags)
}

func trendsStatuses(a *API, c *call) (any, error) {
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
	kept := l.Posts[:0]
	for _, p := range l.Posts {
		if p.Actor == c.viewer().Actor || social.WantsToSee(l.Relations[p.Actor]) {
			kept = append(kept, p)
		}
	}
	if l.Posts, err = trendable(a, c, social.ReviewPost, kept, func(p *social.Post) social.ID { return p.ID }); err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(ids))
	return a.page(c, l, "public")
}

func directory(a *API, c *call) (any, error) {
	pg, err := c.in.page(40)
	if err != nil {
		return nil, err
	}
	read := a.Home.Store.Directory
	if c.in.text("order") == "new" {
		read = a.Home.Store.NewestActors
	}
	ids, err := read(c.ctx, c.in.flag("local", false), pg)
	if err != nil {
		return nil, err
	}
	a.linkOffset(c, pg, len(ids))
	return a.people(c.ctx, c.viewer(), ids)
}
