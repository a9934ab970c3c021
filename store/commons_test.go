package store

import (
	"testing"

	"engawa/social"
)

func TestAnnouncements(t *testing.T) {
	onBoth(t, func(d *desk) {
		draft := social.Announcement{ID: 1, Text: "soon", CreatedAt: 1, UpdatedAt: 1}
		told := social.Announcement{ID: 2, Text: "now", StartsAt: 5, EndsAt: 9, AllDay: true, PublishedAt: 3, CreatedAt: 2, UpdatedAt: 4}
		d.change(func(t *tx) error {
			if err := t.PutAnnouncement(d.ctx, &draft); err != nil {
				return err
			}
			return t.PutAnnouncement(d.ctx, &told)
		})
		gives(d, "shown", []social.Announcement{told})(d.Announcements(d.ctx, false))
		gives(d, "all", []social.Announcement{told, draft})(d.Announcements(d.ctx, true))
		draft.PublishedAt = 7
		d.change(func(t *tx) error { return t.PutAnnouncement(d.ctx, &draft) })
		gives(d, "published", &draft)(d.Announcement(d.ctx, 1))

		react := func(user ID, name string, on bool, at social.Millis, want bool) {
			d.change(func(t *tx) error {
				d.answers("react "+name, want)(t.ReactAnnouncement(d.ctx, user, 2, name, on, at))
				return nil
			})
		}
		react(1, "🍵", true, 2, true)
		react(1, "🍵", true, 3, false)
		react(2, "🍵", true, 4, true)
		react(2, "cup", true, 1, true)
		react(3, "cup", false, 1, false)
		gives(d, "reactions", map[ID][]social.NameCount{2: {{Name: "cup", Count: 1}, {Name: "🍵", Count: 2, Me: true}}})(d.AnnouncementReactions(d.ctx, 1, []ID{1, 2}))
		react(1, "🍵", false, 0, true)
		gives(d, "fewer reactions", map[ID][]social.NameCount{2: {{Name: "cup", Count: 1}, {Name: "🍵", Count: 1}}})(d.AnnouncementReactions(d.ctx, 1, []ID{2}))

		d.change(func(t *tx) error { return t.ReadAnnouncement(d.ctx, 1, 2) })
		d.change(func(t *tx) error { return t.ReadAnnouncement(d.ctx, 1, 2) })
		gives(d, "read", map[ID]bool{2: true})(d.AnnouncementsRead(d.ctx, 1, []ID{1, 2}))
		gives(d, "read by nobody", map[ID]bool{})(d.AnnouncementsRead(d.ctx, 0, []ID{1, 2}))
		d.change(func(t *tx) error { return t.DropAnnouncement(d.ctx, 2) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropAnnouncement(d.ctx, 2) })
		gives(d, "reactions of none", map[ID][]social.NameCount{})(d.AnnouncementReactions(d.ctx, 1, []ID{2}))
	})
}

func TestDocuments(t *testing.T) {
	onBoth(t, func(d *desk) {
		one := social.Document{Kind: social.DocTerms, EffectiveAt: 10, Text: "a", CreatedAt: 1}
		two := social.Document{Kind: social.DocTerms, EffectiveAt: 20, Text: "b", Changelog: "c", CreatedAt: 2}
		d.change(func(t *tx) error {
			for _, x := range []social.Document{two, one, {Kind: social.DocPrivacy, EffectiveAt: 5, Text: "p", CreatedAt: 1}} {
				if err := t.PutDocument(d.ctx, &x); err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "terms", []social.Document{two, one})(d.Documents(d.ctx, social.DocTerms))
		two.Text = "better"
		d.change(func(t *tx) error { return t.PutDocument(d.ctx, &two) })
		d.change(func(t *tx) error { return t.DropDocument(d.ctx, social.DocTerms, 10) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropDocument(d.ctx, social.DocTerms, 10) })
		gives(d, "what is left", []social.Document{two})(d.Documents(d.ctx, social.DocTerms))
	})
}

func TestEndorsementsEndWithTheFollow(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(3, 4)
		d.follow([2]ID{1, 3}, [2]ID{1, 4})
		d.change(func(t *tx) error {
			for i, target := range []ID{3, 4, 3} {
				d.answers("endorse", i < 2)(t.Endorse(d.ctx, 1, target, ID(10+i), 1))
			}
			return nil
		})
		gives(d, "endorsed", []social.Ranked{{ID: 4, Row: 11}, {ID: 3, Row: 10}})(d.Endorsed(d.ctx, 1, social.Page{Limit: 9}))
		gives(d, "next page", []social.Ranked{{ID: 3, Row: 10}})(d.Endorsed(d.ctx, 1, social.Page{Limit: 9, MaxID: 11}))
		rels, err := d.Relations(d.ctx, 1, []ID{3, 4})
		if err != nil || !rels[3].Endorsed || !rels[4].Endorsed {
			d.Fatalf("%+v, %v", rels[3], err)
		}
		d.change(func(t *tx) error {
			d.answers("unendorse", true)(t.Unendorse(d.ctx, 1, 4))
			d.answers("again", false)(t.Unendorse(d.ctx, 1, 4))
			_, err := t.DropFollow(d.ctx, 1, 3)
			return err
		})
		gives(d, "nobody is left", []social.Ranked(nil))(d.Endorsed(d.ctx, 1, social.Page{Limit: 9}))
		if rels, err = d.Relations(d.ctx, 1, []ID{3, 4}); err != nil || rels[3].Endorsed || rels[4].Endorsed {
			d.Errorf("%+v %+v, %v", rels[3], rels[4], err)
		}
	})
}

func TestSuggested(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2, 3)
		d.change(func(t *tx) error {
			for id := ID(4); id < 10; id++ {
				a := actorOf(id, "far"+id.String(), "far.example", 0)
				a.Discoverable, a.LastPostAt, a.Followers = id != 9, testNow-int64(id), int64(id)
				if err := t.PutActor(d.ctx, a); err != nil {
					return err
				}
			}
			return t.DropSuggestion(d.ctx, 1, 7)
		})
		d.follow([2]ID{1, 2}, [2]ID{1, 3}, [2]ID{2, 4}, [2]ID{3, 4}, [2]ID{3, 5}, [2]ID{3, 9}, [2]ID{1, 6})
		ids, friends, err := d.Suggested(d.ctx, 1, 10)
		gives(d, "friends of friends, then the directory", []ID{4, 5, 8})(ids, err)
		gives(d, "with how many", []int64{2, 1, 0})(friends, err)
		ids, _, err = d.Suggested(d.ctx, 1, 1)
		gives(d, "bounded", []ID{4})(ids, err)
		gives(d, "newest", []ID{8, 7})(d.NewestActors(d.ctx, false, social.Page{Limit: 2}))
		gives(d, "newest here", []ID(nil))(d.NewestActors(d.ctx, true, social.Page{Limit: 2}))
	})
}

func TestCollections(t *testing.T) {
	onBoth(t, func(d *desk) {
		c := social.Collection{ID: 5, Actor: 1, URI: "https://home.example/c/5", Name: "tea", Description: "d", Language: "ja", Tag: "Tea", Discoverable: true, CreatedAt: 1, UpdatedAt: 2}
		items := []social.CollectionItem{{ID: 6, Collection: 5, Actor: 2, State: "accepted", CreatedAt: 3}, {ID: 7, Collection: 5, Actor: 3, State: "revoked", CreatedAt: 4}}
		d.change(func(t *tx) error {
			if err := t.PutCollection(d.ctx, &c); err != nil {
				return err
			}
			for i := range items {
				if err := t.PutCollectionItem(d.ctx, &items[i]); err != nil {
					return err
				}
			}
			return t.PutCollection(d.ctx, &social.Collection{ID: 4, Actor: 1, Name: "old", CreatedAt: 1})
		})
		c.Sensitive = true
		d.change(func(t *tx) error { return t.PutCollection(d.ctx, &c) })
		gives(d, "one", &c)(d.Collection(d.ctx, 5))
		all, err := d.Collections(d.ctx, 1, social.Page{Limit: 9})
		if err != nil || len(all) != 2 || all[0].ID != 5 {
			d.Errorf("%+v, %v", all, err)
		}
		gives(d, "offset", all[1:])(d.Collections(d.ctx, 1, social.Page{Limit: 9, Offset: 1}))
		gives(d, "with an Actor", []social.Collection{c})(d.CollectionsWith(d.ctx, 2, social.Page{Limit: 9}))
		gives(d, "with one that left", []social.Collection(nil))(d.CollectionsWith(d.ctx, 3, social.Page{Limit: 9}))
		gives(d, "items", map[ID][]social.CollectionItem{5: items})(d.CollectionItems(d.ctx, []ID{4, 5}))
		d.change(func(t *tx) error { return t.DropCollectionItem(d.ctx, 6) })
		gives(d, "an item less", map[ID][]social.CollectionItem{5: items[1:]})(d.CollectionItems(d.ctx, []ID{5}))
		d.change(func(t *tx) error { return t.DropCollection(d.ctx, 5) })
		gives(d, "no items", map[ID][]social.CollectionItem{})(d.CollectionItems(d.ctx, []ID{5}))
		d.refuse(social.NotFound, func(t *tx) error { return t.DropCollection(d.ctx, 5) })
	})
}

func TestTrendingCards(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.neighbours(1, 2)
		today := testNow / dayMillis * dayMillis
		set := func(id, actor, card ID, change func(*social.Post)) {
			p := postOf(id, actor)
			if change != nil {
				change(p)
			}
			d.posts(p)
			d.change(func(t *tx) error { return t.SetCard(d.ctx, id, card) })
		}
		d.change(func(t *tx) error {
			for id := ID(7); id < 10; id++ {
				if err := t.PutCard(d.ctx, &social.Card{ID: id, URL: "https://news.example/" + id.String(), Title: "t", Type: "link", FetchedAt: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		set(11, 1, 7, nil)
		set(12, 1, 7, nil)
		set(13, 2, 7, nil)
		set(14, 1, 8, nil) // by one only
		set(15, 1, 9, nil)
		set(16, 2, 9, func(p *social.Post) { p.Audience = social.Followers })
		set(17, 2, 9, func(p *social.Post) { p.CreatedAt = testNow - 5*dayMillis })
		gives(d, "trending", []ID{7})(d.TrendingCards(d.ctx, testNow, social.Page{Limit: 9}))
		gives(d, "offset", []ID(nil))(d.TrendingCards(d.ctx, testNow, social.Page{Limit: 9, Offset: 1}))
		d.change(func(t *tx) error { return t.SetCard(d.ctx, 11, 7) }) // fetched again
		history, err := d.CardHistory(d.ctx, []ID{7, 8}, testNow, 2)
		gives(d, "history", map[ID][]social.DayCount{
			7: {{Day: today, Uses: 3, Accounts: 2}, {Day: today - dayMillis}}, 8: {{Day: today, Uses: 1, Accounts: 1}, {Day: today - dayMillis}},
		})(history, err)
		gives(d, "posts of a card", []ID{17, 15})(d.CardPosts(d.ctx, 9, social.Page{Limit: 9}))
		cards, err := d.Cards(d.ctx, []ID{9, 3, 7})
		if err != nil || len(cards) != 2 || cards[0].ID != 9 {
			d.Errorf("%v, %v", cards, err)
		}
	})
}

func TestPeersAndWeeks(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.neighbours(2)
		d.change(func(t *tx) error {
			for _, h := range []social.Host{{Domain: "b.example", FirstSeen: 1}, {Domain: "a.example", FirstSeen: 1}, {Domain: "gone.example", FirstSeen: 1, GoneAt: 5}} {
				if err := t.PutHost(d.ctx, &h); err != nil {
					return err
				}
			}
			return t.TouchUser(d.ctx, 1, testNow)
		})
		gives(d, "peers", []string{"a.example", "b.example"})(d.Peers(d.ctx, "", 9))
		gives(d, "peers by prefix", []string{"b.example"})(d.Peers(d.ctx, "b.", 9))

		at := func(id, actor ID, at social.Millis) *social.Post {
			p := postOf(ID(at<<16)+id, actor)
			p.CreatedAt = at
			return p
		}
		d.posts(at(1, 1, testNow), at(2, 1, testNow-week), at(3, 2, testNow), at(4, 1, testNow-week))
		this := monday(testNow)
		gives(d, "weeks", []social.WeekCount{{Week: this, Posts: 1, Logins: 1, Registered: 1}, {Week: this - week, Posts: 2}, {Week: this - 2*week}})(d.Activities(d.ctx, testNow, 3))
		if got := monday(4 * day); got != 4*day {
			d.Errorf("5 January 1970 is a Monday, not %d", got/day)
		}
	})
}
