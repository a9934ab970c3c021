package store

import (
	"testing"

	"engawa/social"
)

func TestDeeds(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(900)
		p := linkedPost(d, 50, 1)
		like := social.DeedRow{User: 1, Target: 50, Verb: social.Like, Content: social.Favourite, Link: 10, At: testNow}
		follow := social.DeedRow{User: 1, Target: 900, Verb: social.FollowVerb, Link: 10, At: testNow}
		for _, x := range []social.DeedRow{like, follow} {
			d.change(func(t *tx) error { return t.PutDeed(d.ctx, &x) })
		}
		gives(d, "a like", &like)(d.Deed(d.ctx, 1, 50, social.Like, social.Favourite))
		missing[*social.DeedRow](d, "another's")(d.Deed(d.ctx, 2, 50, social.Like, social.Favourite))
		following := func() (bool, error) {
			rels, err := d.Relations(d.ctx, 1, ids(900))
			return rels[900].FollowingThere && !rels[900].Following, err
		}
		gives(d, "followed there", true)(following())

		done := like
		done.Made = social.Ref{ID: "made", CID: "c"}
		d.change(func(t *tx) error { return t.PutDeed(d.ctx, &done) })
		like.At = 0 // to be undone: what was made is still known
		d.change(func(t *tx) error { return t.PutDeed(d.ctx, &like) })
		done.At = 0
		gives(d, "made is kept", &done)(d.Deed(d.ctx, 1, 50, social.Like, social.Favourite))
		follow.At = 0
		d.change(func(t *tx) error { return t.PutDeed(d.ctx, &follow) })
		gives(d, "followed no more", false)(following())
		d.change(func(t *tx) error { return t.DropDeed(d.ctx, 1, 900, social.FollowVerb, "") })
		missing[*social.DeedRow](d, "dropped")(d.Deed(d.ctx, 1, 900, social.FollowVerb, ""))
		d.change(func(t *tx) error { return t.ForgetPost(d.ctx, p) })
		missing[*social.DeedRow](d, "with its Post")(d.Deed(d.ctx, 1, 50, social.Like, social.Favourite))
	})
}

// A Post of Origin Linked keeps the audience that it has there, and no query finds
// it by it; it has no address until its own server tells of it.
func TestLinkedPosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(900, 901)
		p := postOf(50, 900)
		p.Origin, p.Audience, p.Tags, p.MediaCount = social.Linked, social.Unlisted, words("Cats"), 1
		open := postOf(51, 900)
		open.Origin, open.Tags = social.Linked, words("Cats")
		d.posts(p, open)
		d.change(func(t *tx) error { return t.Reveal(d.ctx, 51, 1) })
		d.change(func(t *tx) error { return t.Conceal(d.ctx, 51, 1) })
		for id, want := range map[ID]social.Audience{50: social.Unlisted, 51: social.Public} {
			got, err := d.Post(d.ctx, id)
			gives(d, "the audience there", want)(got.Audience, err)
		}
		none := func(what string) func([]ID, error) { return gives[[]ID](d, what, nil) }
		none("public")(d.PublicFeed(d.ctx, social.PublicQuery{Page: social.Page{Limit: 9}}))
		none("tag")(d.TagFeed(d.ctx, social.TagQuery{Tag: "cats", Page: social.Page{Limit: 9}}))
		none("profile")(d.ActorPosts(d.ctx, social.ActorPostsQuery{Actor: 900, Audiences: []social.Audience{social.Public, social.Unlisted, social.LocalOnly}, SeenBy: 1, Page: social.Page{Limit: 9}}))
		d.change(func(t *tx) error { return t.Reveal(d.ctx, 51, 1) })
		gives(d, "profile, for whom it came", ids(51))(d.ActorPosts(d.ctx, social.ActorPostsQuery{Actor: 900, Audiences: []social.Audience{social.Public}, SeenBy: 1, Page: social.Page{Limit: 9}}))
		missing[*social.Post](d, "by address")(d.PostByURI(d.ctx, p.URI))
		at, err := d.Address(d.ctx, p.URI)
		gives(d, "its address", &social.Address{URI: p.URI, Kind: "lane", Target: 50, State: "primary"})(at, err)

		next := *p
		next.Origin, next.Actor, next.Audience, next.Content, next.ReplyToURI = social.Federated, 901, social.Public, "<p>true</p>", "x"
		d.change(func(t *tx) error { return t.Naturalise(d.ctx, &next) })
		got, err := d.PostByURI(d.ctx, p.URI)
		if err != nil || got.Actor != 901 || got.Audience != social.Public || got.Content != "<p>true</p>" || got.Origin != social.Federated || got.ReplyToURI != "x" {
			t.Errorf("%+v, %v", got, err)
		}
		gives(d, "tag", ids(50))(d.TagFeed(d.ctx, social.TagQuery{Tag: "cats", Page: social.Page{Limit: 9}}))
		d.refuse(social.NotFound, func(t *tx) error { return t.Naturalise(d.ctx, &next) })
		d.refuse(social.NotFound, func(t *tx) error { return t.ForgetPost(d.ctx, got) })
		d.change(func(t *tx) error { return t.SetCounts(d.ctx, 50, social.Counters{Favourites: 99}) })
		got, err = d.Post(d.ctx, 50)
		gives(d, "counts of what is not Linked", int64(0))(got.Favourites, err)
		d.change(func(t *tx) error { return t.SetCounts(d.ctx, 51, social.Counters{Favourites: 99}) })
		got, err = d.Post(d.ctx, 51)
		gives(d, "counts", int64(99))(got.Favourites, err)
	})
}

func TestWhereLanesStand(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(900)
		d.change(func(t *tx) error { return t.PutLink(d.ctx, linkOf(10, 1, "a")) })
		linkedPost(d, 50, 1)
		linkedPost(d, 51, 1)
		a, b := laneRow(10, 1, 50, 0), laneRow(10, 1, 51, 0)
		d.laneRows(a, b)
		gives(d, "the newest", b)(d.LaneOfActor(d.ctx, 1, 900))
		missing[*social.LaneRow](d, "for another")(d.LaneOfActor(d.ctx, 2, 900))
		c := social.Counters{Favourites: 3, Boosts: 1}
		d.change(func(t *tx) error { return t.CountLaneRow(d.ctx, 10, a.Ref.ID, c) })
		a.Counts = c
		gives(d, "counted", []social.LaneRow{*a})(d.LaneRows(d.ctx, 1, ids(50)))
		d.put("home_feed", "user_id, post, actor, subject", []any{1, 50, 900, 50})
		d.put("list_feed", "list, post, actor", []any{77, 51, 900})
		gives(d, "in Home", map[ID]bool{50: true})(d.InHome(d.ctx, 1, ids(50, 51)))
		gives(d, "in a List", map[ID]bool{51: true})(d.InList(d.ctx, 77, ids(50, 51)))
		gives(d, "in no List", map[ID]bool{})(d.InList(d.ctx, 0, ids(50, 51)))
		d.change(func(t *tx) error { return t.DropLaneRow(d.ctx, 10, b.Ref.ID) })
		gives(d, "the other", a)(d.LaneOfActor(d.ctx, 1, 900))
	})
}
