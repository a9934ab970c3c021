package store

import (
	"testing"

	"engawa/social"
)

func TestReactions(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.posts(postOf(10, 2))
		star := social.Reaction{ID: 1, Post: 10, Actor: 3, Content: social.Favourite, URI: "https://l.example/1", CreatedAt: 5}
		thumb := social.Reaction{ID: 2, Post: 10, Actor: 3, Content: "👍", CreatedAt: 6}
		blob := social.Reaction{ID: 3, Post: 10, Actor: 4, Content: ":blob:", Emoji: &social.Emoji{Shortcode: "blob", URL: "u"}, CreatedAt: 7}
		thumb2 := social.Reaction{ID: 4, Post: 10, Actor: 4, Content: "👍", CreatedAt: 8}
		d.change(func(t *tx) error {
			for _, r := range []*social.Reaction{&thumb, &star, &blob, &thumb2} {
				d.answers("fresh", true)(t.PutReaction(d.ctx, r))
			}
			d.answers("again", false)(t.PutReaction(d.ctx, &star))
			return nil
		})
		gives(d, "favourite", &star)(d.Reaction(d.ctx, 10, 3, social.Favourite))
		gives(d, "whichever", &star)(d.Reaction(d.ctx, 10, 3, ""))
		gives(d, "emoji", &blob)(d.Reaction(d.ctx, 10, 4, ":blob:"))
		missing[*social.Reaction](d, "Reaction")(d.Reaction(d.ctx, 10, 9, ""))
		gives(d, "favourites", []social.Reaction{star})(d.ReactionsBy(d.ctx, 10, social.Favourite, social.Page{Limit: 9}))
		gives(d, "others", []social.Reaction{thumb2, blob})(d.ReactionsBy(d.ctx, 10, "", social.Page{Limit: 2}))
		gives(d, "Favourites", []social.Ranked{{ID: 10, Row: 1}})(d.Favourites(d.ctx, 3, social.Page{Limit: 9}))
		gives(d, "address", &social.Address{URI: star.URI, Kind: "reaction", Target: 1, State: "primary"})(d.Address(d.ctx, star.URI))
		counts := []social.ReactionCount{{Content: "👍", Count: 2}, {Content: ":blob:", Emoji: blob.Emoji, Count: 1}}
		p, err := d.Post(d.ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		gives(d, "counts", counts)(p.Reactions, nil)
		d.change(func(t *tx) error {
			for _, r := range []*social.Reaction{&blob, &thumb, &star, &star} {
				if err := t.DropReaction(d.ctx, r); err != nil {
					return err
				}
			}
			return nil
		})
		p, err = d.Post(d.ctx, 10)
		gives(d, "counts", counts[:0:0])(p.Reactions[1:1:1], err)
		if len(p.Reactions) != 1 || p.Reactions[0].Count != 1 || p.Reactions[0].Content != "👍" {
			t.Errorf("counts: %+v", p.Reactions)
		}
		gives(d, "address", &social.Address{URI: star.URI, Kind: "reaction", Target: 1, State: "gone"})(d.Address(d.ctx, star.URI))
	})
}

func TestPollsAndVotes(t *testing.T) {
	onBoth(t, func(d *desk) {
		p := social.Poll{Post: 10, Options: []social.Option{{Title: "a", Votes: 1}, {Title: "b"}}, Multiple: true, HideTotals: true, ExpiresAt: 5, ClosedAt: 6, Voters: 7}
		d.change(func(t *tx) error { return t.PutPoll(d.ctx, &p) })
		gives(d, "Poll", &p)(d.Poll(d.ctx, 10))
		missing[*social.Poll](d, "Poll")(d.Poll(d.ctx, 11))
		votes := []social.Vote{{ID: 1, Post: 10, Actor: 3, Choice: 0, URI: "u1", At: 1}, {ID: 2, Post: 10, Actor: 3, Choice: 1, URI: "u2", At: 2}}
		d.change(func(t *tx) error {
			d.answers("vote", true)(t.AddVote(d.ctx, &votes[1]))
			d.answers("vote", true)(t.AddVote(d.ctx, &votes[0]))
			d.answers("again", false)(t.AddVote(d.ctx, &votes[0]))
			d.answers("other", true)(t.AddVote(d.ctx, &social.Vote{ID: 3, Post: 10, Actor: 2}))
			return nil
		})
		gives(d, "VotesOf", votes)(d.VotesOf(d.ctx, 10, 3))
		gives(d, "Voters", ids(2, 3))(d.Voters(d.ctx, 10))
		p.Options[0].Votes = 2
		d.change(func(t *tx) error { return t.PutPoll(d.ctx, &p) })
		gives(d, "same choices", votes)(d.VotesOf(d.ctx, 10, 3))
		p.Options[0].Title = "c"
		d.change(func(t *tx) error { return t.PutPoll(d.ctx, &p) })
		gives(d, "other choices", []social.Vote(nil))(d.VotesOf(d.ctx, 10, 3))
	})
}

func TestMediaCardsEditsPins(t *testing.T) {
	onBoth(t, func(d *desk) {
		m := social.Media{ID: 1, Actor: 3, Kind: social.Image, ContentType: "image/png", Key: "k", PreviewKey: "p", RemoteURL: "r", PreviewURL: "v",
			Width: 1, Height: 2, PreviewWidth: 3, PreviewHeight: 4, FocusX: -0.5, FocusY: 0.25, Blurhash: "b", Description: "d", Sensitive: true, Size: 5, CreatedAt: testNow}
		n, other := m, m
		n.ID, n.FocusX = 2, 1
		other.ID, other.Actor = 3, 4
		d.change(func(t *tx) error {
			for _, x := range []*social.Media{&m, &n, &other} {
				if err := t.PutMedia(d.ctx, x); err != nil {
					return err
				}
			}
			attached, err := t.AttachMedia(d.ctx, 3, 10, ids(2, 3, 1, 99))
			gives(d, "attached", 2)(attached, err)
			return nil
		})
		n.Post, m.Post, m.Position = 10, 10, 2
		gives(d, "Media", &m)(d.Media(d.ctx, 1))
		gives(d, "MediaOf", []social.Media{n, m})(d.MediaOf(d.ctx, 10))
		d.change(func(t *tx) error {
			if err := t.DetachMedia(d.ctx, 10); err != nil {
				return err
			}
			return t.DeleteMedia(d.ctx, 1)
		})
		gives(d, "detached", []social.Media(nil))(d.MediaOf(d.ctx, 10))
		missing[*social.Media](d, "Media")(d.Media(d.ctx, 1))

		c := social.Card{ID: 5, URL: "https://c.example", Title: "t", Description: "d", Type: "link", AuthorName: "a", AuthorURL: "au", ProviderName: "p", ProviderURL: "pu",
			Image: social.Picture{Key: "k", Alt: "x"}, ImageWidth: 1, ImageHeight: 2, Language: "ja", PublishedAt: 3, FetchedAt: 4, Failed: true}
		d.posts(postOf(10, 3))
		d.change(func(t *tx) error {
			if err := t.PutCard(d.ctx, &c); err != nil {
				return err
			}
			again := c
			again.ID = 6
			if err := t.PutCard(d.ctx, &again); err != nil || again.ID != 5 {
				d.Errorf("the same URL: %d, %v", again.ID, err)
			}
			return t.SetCard(d.ctx, 10, 5)
		})
		gives(d, "CardByURL", &c)(d.CardByURL(d.ctx, c.URL))
		gives(d, "Card", &c)(d.Card(d.ctx, 5))
		if p, err := d.Post(d.ctx, 10); err != nil || p.Card != 5 {
			d.Errorf("%+v, %v", p, err)
		}

		e := social.Edit{Post: 10, At: 2, Content: "c", Warning: "w", Sensitive: true, Media: []social.Media{m}, Options: words("a b"), Emojis: []social.Emoji{{Shortcode: "s", URL: "u"}}}
		first := social.Edit{Post: 10, At: 1}
		d.change(func(t *tx) error {
			for _, x := range []*social.Edit{&e, &first, &e} {
				if err := t.PutEdit(d.ctx, x); err != nil {
					return err
				}
			}
			d.answers("pin", true)(t.Pin(d.ctx, 3, 10, 1))
			d.answers("pin", true)(t.Pin(d.ctx, 3, 11, 2))
			d.answers("again", false)(t.Pin(d.ctx, 3, 11, 3))
			d.answers("unpin none", false)(t.Unpin(d.ctx, 3, 12))
			return nil
		})
		gives(d, "Edits", []social.Edit{first, e})(d.Edits(d.ctx, 10))
		gives(d, "Pins", ids(11, 10))(d.Pins(d.ctx, 3))
		d.change(func(t *tx) error {
			d.answers("unpin", true)(t.Unpin(d.ctx, 3, 10))
			return t.RememberIdempotency(d.ctx, 3, "key", 10, testNow)
		})
		gives(d, "IdempotentPost", ID(10))(d.IdempotentPost(d.ctx, 3, "key", testNow))
		missing[ID](d, "too old")(d.IdempotentPost(d.ctx, 3, "key", testNow+1))
		missing[ID](d, "another's")(d.IdempotentPost(d.ctx, 4, "key", 0))
	})
}

func TestBundle(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2, 3, 4)
		quoted, boosted, boost, plain := postOf(10, 4), postOf(11, 3), postOf(12, 2), postOf(13, 1)
		boosted.QuoteOf, boosted.MediaCount, boosted.HasPoll, boosted.Card = 10, 1, true, 5
		boost.BoostOf, boost.Kind = 11, social.Boost
		plain.App, plain.QuoteOf = 7, 999
		mine := postOf(14, 1)
		mine.BoostOf = 11
		d.posts(quoted, boosted, boost, plain, mine)
		m := social.Media{ID: 1, Actor: 3, Post: 11, Kind: social.Image}
		poll := social.Poll{Post: 11, Options: []social.Option{{Title: "a"}}}
		card := social.Card{ID: 5, URL: "c"}
		d.follow([2]ID{1, 3}, [2]ID{2, 1})
		d.change(func(t *tx) error {
			for _, err := range []error{
				t.PutMedia(d.ctx, &m), t.PutPoll(d.ctx, &poll), t.PutCard(d.ctx, &card),
				t.PutApp(d.ctx, &social.App{ID: 7, ClientID: "c", SecretHash: []byte{1}, Name: "n", Website: "w"}), t.MuteThread(d.ctx, 1, 11, true),
			} {
				if err != nil {
					return err
				}
			}
			d.answers("vote", true)(t.AddVote(d.ctx, &social.Vote{ID: 1, Post: 11, Actor: 1, Choice: 0}))
			d.answers("like", true)(t.PutReaction(d.ctx, &social.Reaction{ID: 1, Post: 11, Actor: 1, Content: social.Favourite}))
			d.answers("react", true)(t.PutReaction(d.ctx, &social.Reaction{ID: 2, Post: 10, Actor: 1, Content: "👍"}))
			d.answers("bookmark", true)(t.Bookmark(d.ctx, 1, 11, 1, 1))
			d.answers("pin", true)(t.Pin(d.ctx, 1, 13, 1))
			return nil
		})
		page, err := d.Posts(d.ctx, ids(13, 12))
		if err != nil {
			t.Fatal(err)
		}
		b, err := d.Bundle(d.ctx, 1, page)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Posts) != 2 || b.Posts[11] == nil || b.Posts[10] == nil {
			d.Errorf("posts: %v", b.Posts)
		}
		if len(b.Actors) != 4 {
			d.Errorf("authors: %v", b.Actors)
		}
		gives(d, "Media", map[ID][]social.Media{11: {m}})(b.Media, nil)
		gives(d, "Polls", map[ID]*social.Poll{11: &poll})(b.Polls, nil)
		gives(d, "Cards", map[ID]*social.Card{5: &card})(b.Cards, nil)
		gives(d, "Apps", map[ID]*social.App{7: {ID: 7, Name: "n", Website: "w"}})(b.Apps, nil)
		gives(d, "Relations", map[ID]*social.Relation{1: {Target: 1}, 2: {Target: 2, FollowedBy: true}, 3: {Target: 3, Following: true}, 4: {Target: 4}})(b.Relations, nil)
		gives(d, "Mine", map[ID]social.Mine{
			10: {Reactions: words("👍")}, 13: {Pinned: true},
			11: {Favourited: true, Bookmarked: true, Boosted: true, Muted: true, Voted: true, Votes: []int{0}},
		})(b.Mine, nil)
		b, err = d.Bundle(d.ctx, 0, page)
		if err != nil || b.Relations != nil || b.Mine != nil || len(b.Actors) != 4 {
			d.Errorf("a stranger's: %+v, %v", b, err)
		}
		if b, err = d.Bundle(d.ctx, 1, nil); err != nil || b == nil {
			d.Errorf("of nothing: %v, %v", b, err)
		}
	})
}
