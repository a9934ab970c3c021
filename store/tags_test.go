package store

import (
	"slices"
	"testing"

	"engawa/social"
)

// touch is touchTags of tags whose display is their name in brackets.
func (d *desk) touch(actor ID, at social.Millis, names ...string) []ID {
	d.Helper()
	displays := make([]string, len(names))
	for i, n := range names {
		displays[i] = "[" + n + "]"
	}
	var ids []ID
	d.change(func(t *tx) (err error) {
		ids, err = t.touchTags(d.ctx, names, displays, actor, at)
		return err
	})
	return ids
}

func tagNames(tags []social.Tag, err error) ([]string, error) {
	var names []string
	for _, g := range tags {
		names = append(names, g.Name)
	}
	return names, err
}

func TestTouchTags(t *testing.T) {
	onBoth(t, func(d *desk) {
		first := d.touch(1, testNow, "cat", "猫", "cat")
		if len(first) != 2 {
			d.Fatalf("two tags, one twice, have the ids %v", first)
		}
		second := d.touch(2, testNow+1, "猫", "dog", "cat")
		if len(second) != 3 || !contains(second, first[0]) || !contains(second, first[1]) {
			d.Errorf("ids of known tags changed: %v, then %v", first, second)
		}
		if ids := d.touch(2, testNow); ids != nil {
			d.Errorf("no tags have the ids %v", ids)
		}
		cat, err := d.Tag(d.ctx, 1, "cat")
		if err != nil {
			d.Fatal(err)
		}
		gives(d, "the display as first written", &social.Tag{ID: cat.ID, Name: "cat", Display: "[cat]", LastUsed: testNow})(cat, nil)
		missing[*social.Tag](d, "Tag")(d.Tag(d.ctx, 1, "Cat"))

		d.touch(3, testNow+lastUsedStep, "cat")
		d.touch(3, testNow-dayMillis, "cat")
		cat.LastUsed = testNow + lastUsedStep
		gives(d, "used later", cat)(d.Tag(d.ctx, 1, "cat"))
	})
}

func TestFindTags(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.touch(1, testNow-5*lastUsedStep, "ca", "Z")
		d.touch(1, testNow-3*lastUsedStep, "cat", "c_t", "c%")
		d.touch(1, testNow, "cafe", "café", "ca猫", "cb", "dog")
		d.change(func(t *tx) error {
			_, err := t.ensureTags(d.ctx, []string{"casecret"}, []string{"casecret"})
			return err
		})
		for prefix, want := range map[string][]string{
			"ca": {"ca", "cafe", "café", "ca猫", "cat"}, "caf": {"cafe", "café"}, "c_": {"c_t"}, "c%": {"c%"}, "": nil, "x": nil,
			"CA": nil, "cas": nil, "ca\U0010ffff": nil,
		} {
			gives(d, "FindTags "+prefix, want)(tagNames(d.FindTags(d.ctx, prefix, social.Page{Limit: 9})))
		}
		gives(d, "page", []string{"cafe", "café"})(tagNames(d.FindTags(d.ctx, "ca", social.Page{Limit: 2, Offset: 1})))
	})
}

func TestFollowedTags(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.touch(9, testNow, "b")
		for _, name := range []string{"a", "b", "c", "b"} {
			d.change(func(t *tx) error { return t.FollowTag(d.ctx, 1, name, true, testNow) })
		}
		d.change(func(t *tx) error { return t.FollowTag(d.ctx, 2, "b", true, testNow) })
		read := func(p social.Page, want ...string) []social.Ranked {
			d.Helper()
			tags, rows, err := d.FollowedTags(d.ctx, 1, p)
			gives(d, "FollowedTags", want)(tagNames(tags, err))
			for i := range tags {
				if rows[i].ID != tags[i].ID || !tags[i].Following {
					d.Errorf("row %+v is of tag %+v", rows[i], tags[i])
				}
			}
			return rows
		}
		rows := read(social.Page{Limit: 2}, "c", "b")
		low := read(social.Page{Limit: 2, MaxID: rows[1].Row}, "a")
		read(social.Page{Limit: 1, MinID: low[0].Row}, "b")
		for viewer, want := range map[ID]bool{1: true, 2: true, 3: false, 0: false} {
			b, err := d.Tag(d.ctx, viewer, "b")
			gives(d, "Following by "+viewer.String(), want)(err == nil && b.Following, err)
		}
		for range 2 {
			d.change(func(t *tx) error { return t.FollowTag(d.ctx, 1, "b", false, testNow) })
		}
		d.change(func(t *tx) error { return t.FollowTag(d.ctx, 1, "unknown", false, testNow) })
		read(social.Page{Limit: 9}, "c", "a")
	})
}

func TestFeaturedTags(t *testing.T) {
	onBoth(t, func(d *desk) {
		ids := d.touch(1, testNow, "cat", "dog")
		cat, err := d.Tag(d.ctx, 0, "cat")
		if err != nil {
			d.Fatal(err)
		}
		dog := ids[slices.IndexFunc(ids, func(id ID) bool { return id != cat.ID })]
		hour := int64(3_600_000)
		at := func(h int64) ID { return ID((testNow + h*hour) << 16) }
		d.said(at(1), 1, social.Public, 0, 0, cat.ID)
		d.said(at(2), 1, social.Unlisted, 0, 0, cat.ID, dog)
		d.said(at(3), 1, social.Followers, 0, 0, cat.ID)
		d.said(at(4), 2, social.Public, 0, 0, cat.ID)

		f := social.FeaturedTag{ID: 7, Actor: 1, Tag: social.Tag{Name: "cat"}}
		d.change(func(t *tx) error { return t.PutFeaturedTag(d.ctx, &f) })
		again := social.FeaturedTag{ID: 8, Actor: 1, Tag: social.Tag{Name: "cat"}}
		d.change(func(t *tx) error { return t.PutFeaturedTag(d.ctx, &again) })
		if f.ID != 7 || again.ID != 7 || f.Posts != 2 || f.LastAt != testNow+2*hour || f.Tag.ID != cat.ID {
			d.Errorf("featured: %+v, then %+v", f, again)
		}
		fresh := social.FeaturedTag{ID: 9, Actor: 1, Tag: social.Tag{Name: "new", Display: "New"}}
		d.change(func(t *tx) error { return t.PutFeaturedTag(d.ctx, &fresh) })

		count := func(id ID, audience social.Audience, delta int64, posts int64, last social.Millis) {
			d.Helper()
			p := &social.Post{ID: id, Actor: 1, Audience: audience, CreatedAt: int64(id) >> 16}
			d.change(func(t *tx) error { return t.countFeatured(d.ctx, p, delta) })
			list, err := d.FeaturedTags(d.ctx, 1)
			want := []social.FeaturedTag{
				{ID: 7, Actor: 1, Tag: *cat, Posts: posts, LastAt: last},
				{ID: 9, Actor: 1, Tag: social.Tag{ID: fresh.Tag.ID, Name: "new", Display: "New"}},
			}
			gives(d, "FeaturedTags", want)(list, err)
		}
		d.said(at(5), 1, social.Public, 0, 0, cat.ID)
		count(at(5), social.Public, 1, 3, testNow+5*hour)
		count(at(3), social.Followers, 1, 3, testNow+5*hour)
		count(at(1), social.Public, -1, 2, testNow+5*hour)
		d.change(func(t *tx) error { return t.DropFeaturedTag(d.ctx, 1, 7) })
		list, err := d.FeaturedTags(d.ctx, 1)
		gives(d, "how many are left", 1)(len(list), err)
	})
}

// TestFeaturedTagsStayTrue: what is said, edited and deleted counts at once.
func TestFeaturedTagsStayTrue(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		said := func(id ID, at social.Millis, tags ...string) *social.Post {
			p := postOf(id, 1)
			p.Origin, p.Home, p.Tags, p.CreatedAt = social.Local, 1, tags, at
			return p
		}
		first := said(1, testNow, "Tea")
		d.posts(first)
		d.change(func(t *tx) error {
			return t.PutFeaturedTag(d.ctx, &social.FeaturedTag{ID: 7, Actor: 1, Tag: social.Tag{Name: "tea"}})
		})
		is := func(what string, posts int64, last social.Millis) {
			d.Helper()
			list, err := d.FeaturedTags(d.ctx, 1)
			if err != nil || len(list) != 1 || list[0].Posts != posts || list[0].LastAt != last {
				d.Errorf("%s: %+v, %v; want %d, %d", what, list, err, posts, last)
			}
		}
		is("one", 1, testNow)
		second := said(2, testNow+5, "tea", "Cake")
		d.posts(second, said(3, testNow+6, "cake"))
		is("another", 2, testNow+5)
		second.Tags = []string{"cake"}
		d.change(func(t *tx) error { return t.UpdatePost(d.ctx, second) })
		is("the tag edited away", 1, testNow)
		second.Tags = []string{"TEA"}
		d.change(func(t *tx) error { return t.UpdatePost(d.ctx, second) })
		is("the tag is back", 2, testNow+5)
		d.change(func(t *tx) error { return t.DeletePost(d.ctx, second, testNow+9) })
		d.change(func(t *tx) error { return t.DeletePost(d.ctx, first, testNow+9) })
		is("all deleted", 0, 0)
	})
}
