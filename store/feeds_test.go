package store

import (
	"testing"

	"engawa/social"
)

func TestPublicFeeds(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2, 3)
		limited := actorOf(3, "Far3", "far3.example", 0)
		limited.Limited = 9
		d.change(func(t *tx) error { return t.PutActor(d.ctx, limited) })
		for id, change := range map[ID]func(*social.Post){
			10: func(p *social.Post) {},
			11: func(p *social.Post) { p.Actor, p.Home = 1, 1 },
			12: func(p *social.Post) { p.MediaCount = 1 },
			13: func(p *social.Post) { p.Audience = social.Unlisted },
			14: func(p *social.Post) { p.ReplyToURI = "x" },
			15: func(p *social.Post) { p.BoostOf = 10 },
			16: func(p *social.Post) { p.Actor = 3 },
			17: func(p *social.Post) { p.Actor, p.Home, p.MediaCount = 1, 1, 2 },
		} {
			p := postOf(id, 2)
			change(p)
			d.posts(p)
		}
		all := social.Page{Limit: 9}
		for _, c := range []struct {
			q    social.PublicQuery
			want []ID
		}{
			{social.PublicQuery{Page: all}, ids(17, 12, 11, 10)},
			{social.PublicQuery{Local: true, Page: all}, ids(17, 11)},
			{social.PublicQuery{Remote: true, Page: all}, ids(12, 10)},
			{social.PublicQuery{OnlyMedia: true, Page: all}, ids(17, 12)},
			{social.PublicQuery{Local: true, OnlyMedia: true, Page: all}, ids(17)},
			{social.PublicQuery{Page: social.Page{Limit: 2, MaxID: 17}}, ids(12, 11)},
			{social.PublicQuery{Page: social.Page{Limit: 2, MinID: 10}}, ids(12, 11)},
			{social.PublicQuery{Page: social.Page{Limit: 9, SinceID: 11}}, ids(17, 12)},
		} {
			gives(d, "PublicFeed", c.want)(d.PublicFeed(d.ctx, c.q))
		}
	})
}

func TestTagFeed(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2)
		for id, tags := range map[ID]string{10: "Go", 11: "go 寿司", 12: "寿司", 13: "rust go", 14: "GO"} {
			p := postOf(id, 2)
			p.Tags = words(tags)
			if id == 14 {
				p.Audience = social.Unlisted
			}
			if id == 13 {
				p.Actor, p.Home = 1, 1
			}
			d.posts(p)
		}
		all := social.Page{Limit: 9}
		for _, c := range []struct {
			q    social.TagQuery
			want []ID
		}{
			{social.TagQuery{Tag: "go", Page: all}, ids(13, 11, 10)},
			{social.TagQuery{Tag: "go", Any: words("寿司 rust"), Page: all}, ids(13, 12, 11, 10)},
			{social.TagQuery{Tag: "go", All: words("寿司"), Page: all}, ids(11)},
			{social.TagQuery{Tag: "go", None: words("寿司 rust"), Page: all}, ids(10)},
			{social.TagQuery{Tag: "go", Local: true, Page: all}, ids(13)},
			{social.TagQuery{Tag: "go", Page: social.Page{Limit: 1, MaxID: 13}}, ids(11)},
			{social.TagQuery{Tag: "none", Page: all}, nil},
		} {
			gives(d, "TagFeed", c.want)(d.TagFeed(d.ctx, c.q))
		}
		gives(d, "Tagged", ids(14, 11, 10))(d.ActorPosts(d.ctx, social.ActorPostsQuery{Actor: 2, Tagged: "Go", Page: all}))
		tag, err := d.Tag(d.ctx, 0, "go")
		if err != nil || tag.LastUsed != testNow {
			d.Errorf("%+v, %v", tag, err)
		}
	})
}

func TestActorPosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		for id, change := range map[ID]func(*social.Post){
			10: func(p *social.Post) {},
			11: func(p *social.Post) { p.MediaCount = 1 },
			12: func(p *social.Post) { p.ReplyToURI, p.ReplyToActor = "x", 3 },
			13: func(p *social.Post) { p.ReplyToURI, p.ReplyToActor = "y", 2 },
			14: func(p *social.Post) { p.BoostOf = 10 },
			15: func(p *social.Post) { p.Audience = social.Direct },
			16: func(p *social.Post) { p.Audience = social.Followers },
			17: func(p *social.Post) { p.Actor = 9 },
		} {
			p := postOf(id, 2)
			change(p)
			d.posts(p)
		}
		all := social.Page{Limit: 9}
		for _, c := range []struct {
			q    social.ActorPostsQuery
			want []ID
		}{
			{social.ActorPostsQuery{}, ids(16, 15, 14, 13, 12, 11, 10)},
			{social.ActorPostsQuery{OnlyMedia: true}, ids(11)},
			{social.ActorPostsQuery{NoReplies: true, NoBoosts: true, NoDirect: true}, ids(16, 13, 11, 10)},
			{social.ActorPostsQuery{Audiences: []social.Audience{social.Followers, social.Direct}}, ids(16, 15)},
		} {
			c.q.Actor, c.q.Page = 2, all
			gives(d, "ActorPosts", c.want)(d.ActorPosts(d.ctx, c.q))
		}
	})
}

func TestHomeAndLists(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2, 3, 4, 5)
		d.neighbours(20, 21)
		a, b, c := postOf(100, 20), postOf(101, 21), postOf(102, 21)
		c.BoostOf = 100
		d.posts(a, b, c)
		d.change(func(t *tx) error {
			for _, l := range []social.List{{ID: 7, User: 1, Replies: "list"}, {ID: 8, User: 2, Replies: "none", Exclusive: true}} {
				if err := t.PutList(d.ctx, &l); err != nil {
					return err
				}
			}
			for _, err := range []error{
				t.AddHome(d.ctx, ids(1, 2, 3, 4, 99), a), t.AddHome(d.ctx, ids(1), a), t.AddHome(d.ctx, ids(1), b), t.AddHome(d.ctx, ids(1), c), t.AddHome(d.ctx, nil, c),
				t.AddLists(d.ctx, ids(7, 8, 9), a), t.AddLists(d.ctx, ids(7), b), t.AddLists(d.ctx, nil, b),
				t.AddListMember(d.ctx, 7, 20, 1), t.AddListMember(d.ctx, 8, 20, 1),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		all := social.Page{Limit: 9}
		gives(d, "HomeFeed", ids(102, 101, 100))(d.home(1, all))
		gives(d, "HomeFeed", ids(100))(d.home(4, all))
		gives(d, "page", ids(101))(d.home(1, social.Page{Limit: 1, MaxID: 102}))
		gives(d, "ListFeed", ids(101, 100))(d.ListFeed(d.ctx, 7, all))
		gives(d, "RecentSubjects", map[ID]bool{100: true, 101: true})(d.RecentSubjects(d.ctx, 1, 2))
		gives(d, "FeedLists", []social.FeedList{{List: 7, User: 1, Replies: "list"}, {List: 8, User: 2, Replies: "none"}})(d.FeedLists(d.ctx, 20))
		d.change(func(t *tx) error {
			for _, err := range []error{t.DropFromHome(d.ctx, 1, 20), t.DropFromList(d.ctx, 7, 20), t.DropDomainFromHome(d.ctx, 4, "far20.example"), t.DropDomainFromHome(d.ctx, 3, "other.example")} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "without 20 and boosts of it", ids(101))(d.home(1, all))
		gives(d, "list without 20", ids(101))(d.ListFeed(d.ctx, 7, all))
		gives(d, "without the domain", []ID(nil))(d.home(4, all))
		gives(d, "with it", ids(100))(d.home(3, all))

		direct, answer, own := postOf(103, 20), postOf(104, 20), postOf(105, 20)
		direct.Audience = social.Direct
		answer.ReplyToURI, answer.ReplyToActor = "x", 21
		own.BoostOf = 101
		d.posts(direct, answer, own)
		hide := social.Follow{ID: 1, Actor: 3, Target: 20, HideBoosts: true}
		d.change(func(t *tx) error {
			for _, err := range []error{t.PutFollow(d.ctx, &hide), t.FillHome(d.ctx, 5, 20, 10), t.FillHome(d.ctx, 3, 20, 10), t.FillHome(d.ctx, 2, 20, 10), t.FillHome(d.ctx, 1, 20, 1), t.FillList(d.ctx, 8, 20, 1)} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "filled", ids(105, 100))(d.home(5, all))
		gives(d, "filled without boosts", ids(100))(d.home(3, all))
		gives(d, "exclusive", ids(100))(d.home(2, all)) // what was there
		gives(d, "one", ids(105, 101))(d.home(1, all))
		gives(d, "list filled", ids(105, 100))(d.ListFeed(d.ctx, 8, all))
		gives(d, "subject", map[ID]bool{101: true})(d.RecentSubjects(d.ctx, 1, 1))
	})
}

func TestFeedUsers(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2, 3, 4)
		d.neighbours(20, 21)
		d.change(func(t *tx) error {
			for _, f := range []social.Follow{
				{ID: 1, Actor: 1, Target: 20, HideBoosts: true, Notify: true, Languages: words("ja")},
				{ID: 2, Actor: 2, Target: 20, Pending: true},
				{ID: 3, Actor: 3, Target: 20},
				{ID: 4, Actor: 21, Target: 20}, // not ours
				{ID: 5, Actor: 20, Target: 1},
			} {
				if err := t.PutFollow(d.ctx, &f); err != nil {
					return err
				}
			}
			for _, err := range []error{
				t.PutList(d.ctx, &social.List{ID: 8, User: 3, Exclusive: true}), t.AddListMember(d.ctx, 8, 20, 1),
				t.FollowTag(d.ctx, 4, "寿司", true, 1), t.FollowTag(d.ctx, 3, "go", true, 1),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		one := social.FeedTarget{User: 1, Follows: true, HideBoosts: true, Notify: true, Languages: words("ja")}
		three := social.FeedTarget{User: 3, Follows: true, Exclusive: true}
		gives(d, "followers", []social.FeedTarget{one, three})(d.FeedUsers(d.ctx, 20, nil))
		gives(d, "and tags", []social.FeedTarget{one, three, {User: 4}})(d.FeedUsers(d.ctx, 20, words("Go 寿司 none")))
		gives(d, "own", []social.FeedTarget{{User: 1, Follows: true}})(d.FeedUsers(d.ctx, 1, nil))
		gives(d, "nobody", []social.FeedTarget(nil))(d.FeedUsers(d.ctx, 404, nil))
		gives(d, "LocalFollowers", ids(1, 3))(d.LocalFollowers(d.ctx, 20))
		gives(d, "FollowerInboxes", words("https://far20.example/inbox"))(d.FollowerInboxes(d.ctx, 1))
		gives(d, "FollowerInboxes", words("https://far21.example/inbox"))(d.FollowerInboxes(d.ctx, 20))
	})
}

func TestBookmarks(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.change(func(t *tx) error {
			d.answers("new", true)(t.Bookmark(d.ctx, 1, 10, 5, 1))
			d.answers("again", false)(t.Bookmark(d.ctx, 1, 10, 6, 1))
			d.answers("another's", true)(t.Bookmark(d.ctx, 2, 10, 7, 1))
			d.answers("second", true)(t.Bookmark(d.ctx, 1, 9, 8, 1))
			return nil
		})
		gives(d, "Bookmarks", []social.Ranked{{ID: 9, Row: 8}, {ID: 10, Row: 5}})(d.Bookmarks(d.ctx, 1, social.Page{Limit: 9}))
		d.change(func(t *tx) error {
			d.answers("taken back", true)(t.Unbookmark(d.ctx, 1, 10))
			d.answers("again", false)(t.Unbookmark(d.ctx, 1, 10))
			return t.MuteThread(d.ctx, 1, 3, true)
		})
		d.answers("muted", true)(d.ThreadMuted(d.ctx, 1, 3))
		d.change(func(t *tx) error { return t.MuteThread(d.ctx, 1, 3, false) })
		d.answers("not muted", false)(d.ThreadMuted(d.ctx, 1, 3))
	})
}

func TestSearch(t *testing.T) {
	onBoth(t, func(d *desk) {
		for id, text := range map[ID]string{
			10: "今日は寿司を食べた", 11: "東京の寿司屋 Go 1.26", 12: "<p class=\"東京\">golang &amp; Ｓｕｓｈｉ</p>", 13: "司寿", 14: "寿司", 15: "it's a < b",
		} {
			p := postOf(id, 1)
			if id == 14 {
				p.Actor = 2
			}
			if id == 10 {
				p.Home = 1
			}
			d.posts(p)
			d.change(func(t *tx) error { return t.IndexPost(d.ctx, id, text) })
		}
		d.change(func(t *tx) error {
			d.answers("bookmark", true)(t.Bookmark(d.ctx, 3, 10, 1, 1))
			d.answers("like", true)(t.PutReaction(d.ctx, &social.Reaction{ID: 1, Post: 11, Actor: 3, Content: social.Favourite}))
			return t.do(d.ctx, "insert into mentions (post, actor) values (14, 3)")
		})
		all := social.Page{Limit: 9}
		for _, c := range []struct {
			q    social.SearchQuery
			want []ID
		}{
			{social.SearchQuery{User: 1, Text: "寿司"}, ids(11, 10)},
			{social.SearchQuery{User: 1, Text: "寿"}, ids(13, 11, 10)},
			{social.SearchQuery{User: 1, Text: "寿司屋"}, ids(11)},
			{social.SearchQuery{User: 1, Text: "sushi"}, ids(12)},
			{social.SearchQuery{User: 1, Text: "GOLANG"}, ids(12)},
			{social.SearchQuery{User: 1, Text: "東京 go"}, ids(11)},
			{social.SearchQuery{User: 1, Text: "class"}, nil},
			{social.SearchQuery{User: 1, Text: "it b"}, ids(15)},
			{social.SearchQuery{User: 1, Text: `"'&|!`}, nil},
			{social.SearchQuery{User: 3, Text: "寿司"}, ids(14, 11, 10)},
			{social.SearchQuery{User: 3, Text: "寿司", Author: 2}, ids(14)},
			{social.SearchQuery{Text: "寿司"}, ids(10)},
		} {
			c.q.Page = all
			gives(d, c.q.Text, c.want)(d.SearchPosts(d.ctx, c.q))
		}
		gives(d, "page", ids(10))(d.SearchPosts(d.ctx, social.SearchQuery{User: 1, Text: "寿司", Page: social.Page{Limit: 1, MaxID: 11}}))
		d.change(func(t *tx) error { return t.IndexPost(d.ctx, 10, "別の話") })
		gives(d, "changed", ids(11))(d.SearchPosts(d.ctx, social.SearchQuery{User: 1, Text: "寿司", Page: all}))
		d.change(func(t *tx) error { return t.IndexPost(d.ctx, 11, "…") })
		gives(d, "emptied", []ID(nil))(d.SearchPosts(d.ctx, social.SearchQuery{User: 1, Text: "寿司", Page: all}))
	})
}

// home is HomeFeed without what its boosts pass on.
func (d *desk) home(user ID, p social.Page) ([]ID, error) {
	ids, _, err := d.HomeFeed(d.ctx, user, p)
	return ids, err
}
