package store

import (
	"testing"

	"engawa/social"
)

// full is a Post with everything set.
func full(id, actor ID) *social.Post {
	p := postOf(id, actor)
	p.Home, p.Kind, p.Audience, p.Origin = 1, social.Question, social.Unlisted, social.Imported
	p.Title, p.Source, p.Format, p.Warning, p.Sensitive = "題", "本文 <b>", social.MFM, "cw", true
	p.ReplyTo, p.ReplyToURI, p.ReplyToActor, p.Thread = 5, "https://posts.example/5", 2, 5
	p.Conversation, p.Context, p.AudienceURI = "c", "x", "a"
	p.QuoteOf, p.QuoteURI, p.QuoteState, p.QuoteStamp, p.QuotePolicy = 6, "q", social.QuoteAccepted, "s", social.QuoteManual
	p.Mentions = []social.Mention{{Actor: 1, Name: "n", Domain: "d", URI: "u", URL: "l"}, {Actor: 3, Name: "m", Silent: true}}
	p.Tags, p.Links, p.RepliesURI = []string{"寿司", "Sushi"}, words("l1 l2"), "r"
	p.Emojis = []social.Emoji{{Shortcode: "e", URL: "u"}}
	p.Reactions = []social.ReactionCount{{Content: "👍", Count: 2}, {Content: ":e:", Emoji: &social.Emoji{Shortcode: "e", URL: "u"}, Count: 1}}
	p.MediaCount, p.HasPoll, p.Card, p.App = 2, true, 8, 9
	p.Replies, p.Boosts, p.Favourites, p.Quotes = 1, 2, 3, 4
	p.EditedAt, p.Hidden = 11, 12
	return p
}

func TestPostsComeBackWhole(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2, 3)
		p := full(-40, 2)
		d.posts(p, postOf(50, 2))
		gives(d, "Post", p)(d.Post(d.ctx, -40))
		gives(d, "PostByURI", p)(d.PostByURI(d.ctx, p.URI))
		missing[*social.Post](d, "Post")(d.Post(d.ctx, 41))
		missing[*social.Post](d, "PostByURI")(d.PostByURI(d.ctx, "https://posts.example/none"))
		gives(d, "Posts", []*social.Post{postOf(50, 2), p})(d.Posts(d.ctx, ids(50, 41, -40)))
		gives(d, "no Posts", []*social.Post(nil))(d.Posts(d.ctx, nil))
		d.change(func(t *tx) error {
			again := postOf(60, 2)
			again.URI = p.URI
			d.answers("the same URI", false)(t.InsertPost(d.ctx, again))
			return nil
		})
		missing[*social.Post](d, "not inserted")(d.Post(d.ctx, 60))
		if err := d.writer.write(d.ctx, func(t *tx) error {
			again := postOf(50, 2)
			again.URI += "/other"
			_, err := t.InsertPost(d.ctx, again)
			return err
		}); err == nil || social.KindOf(err) != social.Temporary {
			d.Errorf("a taken id: %v", err)
		}
		missing[*social.Address](d, "undone address")(d.Address(d.ctx, postOf(50, 2).URI+"/other"))
	})
}

func TestTextThatPostgresRefuses(t *testing.T) {
	onBoth(t, func(d *desk) {
		p := postOf(1, 2)
		p.Content = "a\x00b\xff"
		d.posts(p)
		got, err := d.Post(d.ctx, 1)
		if err != nil || got.Content != "ab\uFFFD" {
			d.Errorf("%q, %v", got.Content, err)
		}
	})
}

func TestUpdatePost(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		old := postOf(10, 2)
		old.Tags = words("alt")
		d.posts(old)
		p := *old
		p.Title, p.Content, p.Source, p.Format, p.Warning, p.Sensitive, p.Language = "t", "c", "s", social.Markdown, "w", true, "en"
		p.QuoteState, p.QuoteStamp, p.QuotePolicy, p.MediaCount, p.HasPoll, p.EditedAt = social.QuoteRevoked, "st", social.QuoteNobody, 3, true, 99
		p.Mentions, p.Tags, p.URL = []social.Mention{{Actor: 1, Name: "x"}}, words("Neu"), "https://other.example"
		d.change(func(t *tx) error { return t.UpdatePost(d.ctx, &p) })
		gives(d, "Post", &p)(d.Post(d.ctx, 10))
		gives(d, "old tag", []ID(nil))(d.TagFeed(d.ctx, social.TagQuery{Tag: "alt", Page: social.Page{Limit: 9}}))
		gives(d, "new tag", ids(10))(d.TagFeed(d.ctx, social.TagQuery{Tag: "neu", Page: social.Page{Limit: 9}}))
		d.refuse(social.NotFound, func(t *tx) error { return t.UpdatePost(d.ctx, postOf(11, 2)) })
		d.change(func(t *tx) error {
			if err := t.CountPost(d.ctx, 10, 1, 2, 3, 4); err != nil {
				return err
			}
			return t.CountPost(d.ctx, 10, 0, -9, 0, 1)
		})
		got, err := d.Post(d.ctx, 10)
		if err != nil || got.Replies != 1 || got.Boosts != 0 || got.Favourites != 3 || got.Quotes != 5 {
			d.Errorf("%+v, %v", got, err)
		}
	})
}

func TestThreadsAndAdoption(t *testing.T) {
	onBoth(t, func(d *desk) {
		orphan, below := postOf(30, 2), postOf(31, 3)
		orphan.ReplyToURI = "https://posts.example/20"
		below.ReplyTo, below.ReplyToURI, below.ReplyToActor, below.Thread = 30, orphan.URI, 2, 30
		d.posts(orphan, below)
		gives(d, "Orphans", ids(30))(d.Orphans(d.ctx, "https://posts.example/20", 10))
		d.change(func(t *tx) error {
			if err := t.MuteThread(d.ctx, 1, 30, true); err != nil {
				return err
			}
			return t.TouchConversation(d.ctx, &social.Conversation{ID: 5, User: 1, Thread: 30, LastPost: 31})
		})
		root := postOf(10, 4)
		parent := postOf(20, 4)
		parent.Thread, parent.ReplyTo, parent.ReplyToURI = 10, 10, root.URI
		d.posts(root, parent)
		d.change(func(t *tx) error { return t.Adopt(d.ctx, parent, ids(30)) })
		rows, err := d.ThreadPosts(d.ctx, 10, 10)
		if err != nil || len(rows) != 4 || rows[0].ID != 10 || rows[2].ID != 30 || rows[2].ReplyTo != 20 || rows[2].ReplyToActor != 4 || rows[3].ID != 31 {
			d.Errorf("%v, %v", rows, err)
		}
		gives(d, "Orphans", []ID(nil))(d.Orphans(d.ctx, "https://posts.example/20", 10))
		d.answers("muted", true)(d.ThreadMuted(d.ctx, 1, 10))
		d.answers("muted", false)(d.ThreadMuted(d.ctx, 1, 30))
		c, err := d.Conversation(d.ctx, 1, 5)
		if err != nil || c.Thread != 10 {
			d.Errorf("%+v, %v", c, err)
		}
		d.change(func(t *tx) error { return t.DeletePost(d.ctx, parent, testNow) })
		if p, err := d.Post(d.ctx, 30); err != nil || p.ReplyTo != 0 || p.ReplyToURI == "" || p.Thread != 10 {
			d.Errorf("answer to a deleted post: %+v, %v", p, err)
		}
	})
}

func TestBoosts(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.posts(postOf(10, 2))
		for i, actor := range ids(3, 4, 5) {
			b := postOf(ID(20+i), actor)
			b.Kind, b.BoostOf = social.Boost, 10
			d.posts(b)
		}
		b, err := d.BoostOf(d.ctx, 4, 10)
		if err != nil || b.ID != 21 {
			d.Errorf("%v, %v", b, err)
		}
		missing[*social.Post](d, "BoostOf")(d.BoostOf(d.ctx, 9, 10))
		gives(d, "Boosters", []social.Ranked{{ID: 5, Row: 22}, {ID: 4, Row: 21}})(d.Boosters(d.ctx, 10, social.Page{Limit: 2}))
		gives(d, "Boosters from below", []social.Ranked{{ID: 4, Row: 21}})(d.Boosters(d.ctx, 10, social.Page{Limit: 1, MinID: 20}))
	})
}

func TestQuotes(t *testing.T) {
	onBoth(t, func(d *desk) {
		q := social.Quote{Post: 20, Quoted: 10, QuotedURI: "u", Actor: 3, QuotedActor: 2, State: social.QuotePending, RequestURI: "https://r.example/1", CreatedAt: 5}
		p := postOf(20, 3)
		p.QuoteOf, p.QuoteState = 10, social.QuoteAccepted
		d.posts(postOf(10, 2), p)
		d.change(func(t *tx) error { return t.PutQuote(d.ctx, &q) })
		gives(d, "Quote", &q)(d.Quote(d.ctx, 20))
		q.State, q.StampURI = social.QuoteAccepted, "https://s.example/1"
		d.change(func(t *tx) error { return t.PutQuote(d.ctx, &q) })
		gives(d, "Quote", &q)(d.Quote(d.ctx, 20))
		gives(d, "stamp", &social.Address{URI: q.StampURI, Kind: "stamp", Target: 20, State: "primary"})(d.Address(d.ctx, q.StampURI))
		gives(d, "request", &social.Address{URI: q.RequestURI, Kind: "quote", Target: 20, State: "primary"})(d.Address(d.ctx, q.RequestURI))
		gives(d, "Quoters", ids(20))(d.Quoters(d.ctx, 10, social.Page{Limit: 9}))
		stamp := q.StampURI
		q.State, q.StampURI = social.QuoteRevoked, ""
		d.change(func(t *tx) error { return t.PutQuote(d.ctx, &q) })
		gives(d, "stamp", &social.Address{URI: stamp, Kind: "stamp", Target: 20, State: "gone"})(d.Address(d.ctx, stamp))
		d.change(func(t *tx) error { return t.DeletePost(d.ctx, postOf(10, 2), 1) })
		if p, err := d.Post(d.ctx, 20); err != nil || p.QuoteState != social.QuoteDeleted {
			d.Errorf("%+v, %v", p, err)
		}
		missing[*social.Quote](d, "Quote")(d.Quote(d.ctx, 21))
	})
}

func TestDeletePostTakesWhatHangsOnIt(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		p := full(10, 1)
		p.Audience, p.Thread, p.ReplyTo = social.Direct, 10, 0
		boost := postOf(11, 2)
		boost.BoostOf = 10
		d.posts(p, boost)
		d.change(func(t *tx) error {
			for _, err := range []error{
				t.AddHome(d.ctx, ids(1), p), t.AddHome(d.ctx, ids(1), boost), t.PutList(d.ctx, &social.List{ID: 4, User: 1}), t.AddLists(d.ctx, ids(4), p),
				t.PutMedia(d.ctx, &social.Media{ID: 3, Actor: 1, Post: 10, CreatedAt: 5, Key: "k", PreviewKey: "p"}),
				t.PutPoll(d.ctx, &social.Poll{Post: 10, Options: []social.Option{{Title: "a"}}}),
				t.PutEdit(d.ctx, &social.Edit{Post: 10, At: 1}), t.IndexPost(d.ctx, 10, "寿司"),
				t.PutQuote(d.ctx, &social.Quote{Post: 10, QuotedURI: "x"}),
				t.TouchConversation(d.ctx, &social.Conversation{ID: 5, User: 1, Thread: 10, LastPost: 10}),
			} {
				if err != nil {
					return err
				}
			}
			d.answers("vote", true)(t.AddVote(d.ctx, &social.Vote{ID: 1, Post: 10, Actor: 2, URI: "v"}))
			d.answers("like", true)(t.PutReaction(d.ctx, &social.Reaction{ID: 1, Post: 10, Actor: 2, Content: social.Favourite, URI: "l"}))
			d.answers("pin", true)(t.Pin(d.ctx, 1, 10, 1))
			d.answers("bookmark", true)(t.Bookmark(d.ctx, 1, 10, 1, 1))
			d.answers("notification", true)(t.Notify(d.ctx, &social.Notification{ID: 1, User: 1, Type: social.NotifyFavourite, Actor: 2, Post: 10}))
			return t.DeletePost(d.ctx, p, 77)
		})
		for _, table := range words("posts home_feed list_feed mentions post_tags polls votes reactions pins bookmarks notifications post_edits quotes conversations post_search") {
			n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from "+table)
			if err != nil || *n != 0 {
				d.Errorf("%s: %v rows stay, %v", table, n, err)
			}
		}
		for _, uri := range []string{p.URI, boost.URI, "v", "l"} {
			if a, err := d.Address(d.ctx, uri); err != nil || a.State != "gone" {
				d.Errorf("%s: %+v, %v", uri, a, err)
			}
		}
		missing[*social.Post](d, "PostByURI")(d.PostByURI(d.ctx, p.URI))
		d.change(func(t *tx) error {
			d.answers("again", false)(t.InsertPost(d.ctx, p))
			keys, err := t.Prune(d.ctx, testNow)
			gives(d, "blobs", words("k p"))(keys, err)
			return nil
		})
		n, err := one(d.ctx, &d.reader, scanInt, "select deleted_at from tombstones where uri = $1", p.URI)
		if err != nil || *n != 77 {
			d.Errorf("tombstone: %v, %v", n, err)
		}
	})
}
