package store

import (
	"testing"

	"engawa/social"
)

func TestActorsComeBackWhole(t *testing.T) {
	onBoth(t, func(d *desk) {
		a := actorOf(7, "Alice", "far.example", 0)
		a.Kind, a.State, a.SummarySource = social.Service, social.ActorGone, "hi"
		a.Fields = []social.Field{{Name: "n", Value: "v", Source: "s", VerifiedAt: 3}}
		a.Avatar = social.Picture{Key: "k", StaticKey: "s", URL: "u", Alt: "猫", Blurhash: "b"}
		a.Header = social.Picture{URL: "h"}
		a.Emojis = []social.Emoji{{ID: 4, Shortcode: "blob", Domain: "far.example", URI: "u", URL: "p", StaticURL: "s", Category: "c", Hidden: true, UpdatedAt: 5}}
		a.Aliases, a.ProfileTags, a.Extra = words("x y"), words("t"), map[string]string{"_misskey_summary": "$[x]"}
		a.MovedTo, a.MovedAt, a.Locked, a.Discoverable, a.Indexable, a.HideFollows, a.Memorial = 9, 8, true, true, true, true, true
		a.PostCount, a.Followers, a.Following, a.LastPostAt = 1, 2, 3, 4
		a.Suspended, a.Limited, a.MarkSensitive = 11, 12, 13
		d.change(func(t *tx) error { return t.PutActor(d.ctx, a) })
		gives(d, "Actor", a)(d.Actor(d.ctx, 7))
		gives(d, "Actor again", a)(d.Actor(d.ctx, 7))
		gives(d, "ActorByHandle", a)(d.ActorByHandle(d.ctx, "aLiCE", "far.example"))
		missing[*social.Actor](d, "another domain")(d.ActorByHandle(d.ctx, "alice", "home.example"))
		missing[*social.Actor](d, "no Actor")(d.Actor(d.ctx, 8))
		gives(d, "Address", &social.Address{URI: a.URI, Kind: "actor", Target: 7, State: "primary"})(d.Address(d.ctx, a.URI))

		b := *a
		b.URI, b.Name, b.Fields, b.DisplayName = "https://far.example/ap/7", "ALICE", nil, "new"
		d.change(func(t *tx) error { return t.PutActor(d.ctx, &b) })
		gives(d, "changed", &b)(d.Actor(d.ctx, 7))
		gives(d, "the former address", &social.Address{URI: a.URI, Kind: "actor", Target: 7, State: "alias"})(d.Address(d.ctx, a.URI))
		other := actorOf(8, "alice", "far.example", 0)
		d.refuse(social.Conflict, func(t *tx) error { return t.PutActor(d.ctx, other) })
	})
}

func TestActorsInOrderAndCached(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2)
		d.neighbours(3)
		for range 2 { // read, then kept
			list, err := d.Actors(d.ctx, ids(3, 99, 1, 3))
			if err != nil || len(list) != 3 || list[0].ID != 3 || list[1].ID != 1 || list[2].ID != 3 {
				d.Fatalf("got %v, %v", list, err)
			}
		}
		d.change(func(t *tx) error {
			if err := t.CountActor(d.ctx, 3, 2, 1, 5, 777); err != nil {
				return err
			}
			if err := t.CountActor(d.ctx, 3, -1, -9, 0, 5); err != nil {
				return err
			}
			a, err := t.Actor(d.ctx, 3)
			if err == nil && (a.PostCount != 1 || a.Followers != 0 || a.Following != 5 || a.LastPostAt != 777) {
				d.Errorf("inside: %+v", a)
			}
			return err
		})
		a, err := d.Actor(d.ctx, 3)
		if err != nil || a.PostCount != 1 || a.Followers != 0 || a.Following != 5 || a.LastPostAt != 777 {
			d.Errorf("after: %+v, %v", a, err)
		}
		// What is undone is not seen.
		d.refuse(social.Gone, func(t *tx) error {
			b := *a
			b.DisplayName = "undone"
			if err := t.PutActor(d.ctx, &b); err != nil {
				return err
			}
			if in, err := t.Actor(d.ctx, 3); err != nil || in.DisplayName != "undone" {
				d.Errorf("inside: %v, %v", in, err)
			}
			return &social.Error{Kind: social.Gone}
		})
		if b, err := d.Actor(d.ctx, 3); err != nil || b.DisplayName != a.DisplayName {
			d.Errorf("after an undone change: %+v, %v", b, err)
		}
		d.change(func(t *tx) error { return t.CountActor(d.ctx, 404, 1, 1, 1, 1) })
	})
}

func TestFindActors(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1)
		d.change(func(t *tx) error {
			for i, n := range []string{"sushi", "sushiro", "sus", "other", "Sakana"} {
				a := actorOf(ID(10+i), n, "far.example", 0)
				a.DisplayName, a.Followers = "寿司"+n, int64(i)
				if err := t.PutActor(d.ctx, a); err != nil {
					return err
				}
			}
			return nil
		})
		d.follow([2]ID{1, 12})
		for _, c := range []struct {
			q             string
			following     bool
			limit, offset int
			want          []ID
		}{
			{"sushi", false, 10, 0, ids(10, 11)},
			{"@SUS", false, 10, 0, ids(12, 11, 10)}, // followed first, then by followers
			{"sus", true, 10, 0, ids(12)},
			{"寿司", false, 2, 0, ids(12, 14)},
			{"寿司", false, 2, 2, ids(13, 11)},
			{"sushi@far", false, 10, 0, ids(10, 11)},
			{"sushi@near", false, 10, 0, nil},
			{"ushi", false, 10, 0, nil},
			{"  ", false, 10, 0, nil},
			{"zzz", false, 10, 5, nil},
		} {
			got, err := d.FindActors(d.ctx, 1, c.q, c.following, social.Page{Limit: c.limit, Offset: c.offset})
			if err != nil || len(got) != len(c.want) {
				d.Errorf("%q: %v, %v; want %v", c.q, got, err, c.want)
				continue
			}
			for i := range got {
				if got[i] != c.want[i] {
					d.Errorf("%q: %v; want %v", c.q, got, c.want)
				}
			}
		}
	})
}

func TestHomesDirectoryAndCounts(t *testing.T) {
	onBoth(t, func(d *desk) {
		h := social.HomeInfo{ID: 1, Domain: "home.example", URL: "https://home.example", Name: "Home", Summary: "s", Description: "d", Contact: 3, Email: "e", Languages: words("ja en"), Rules: words("be kind"), CreatedAt: testNow}
		server := actorOf(5, "home.example", "home.example", 1)
		server.Kind = social.Server
		d.change(func(t *tx) error {
			if err := t.PutHome(d.ctx, &h); err != nil {
				return err
			}
			return t.PutActor(d.ctx, server)
		})
		h.Name = "New"
		d.change(func(t *tx) error { return t.PutHome(d.ctx, &h) })
		gives(d, "Homes", []social.HomeInfo{h})(d.Homes(d.ctx))
		gives(d, "ServerActor", server)(d.ServerActor(d.ctx, 1))
		missing[*social.Actor](d, "ServerActor of no home")(d.ServerActor(d.ctx, 0))

		d.locals(1, 2)
		d.neighbours(3, 4)
		d.change(func(t *tx) error {
			for id, at := range map[ID]int64{1: 10, 2: 20, 3: 15} {
				a, err := t.Actor(d.ctx, id)
				if err != nil {
					return err
				}
				b := *a
				b.Discoverable, b.LastPostAt, b.PostCount = true, at, 2
				if err := t.PutActor(d.ctx, &b); err != nil {
					return err
				}
			}
			return t.TouchUser(d.ctx, 1, testNow-day)
		})
		gives(d, "Directory", ids(2, 3, 1))(d.Directory(d.ctx, false, social.Page{Limit: 10}))
		gives(d, "Directory here", ids(1))(d.Directory(d.ctx, true, social.Page{Limit: 10, Offset: 1}))
		gives(d, "Counts", social.Counts{Users: 2, ActiveMonth: 1, ActiveHalfyear: 1, Posts: 4, Domains: 2})(d.Counts(d.ctx, testNow))
	})
}

func TestKeysAddressesHandlesEmojis(t *testing.T) {
	onBoth(t, func(d *desk) {
		k := social.Key{ID: 1, Actor: 7, KeyID: "https://far.example/7#main-key", Kind: social.RSA, Public: []byte{0, 1, 255}, CreatedAt: 1, FetchedAt: 2}
		sealed := social.Key{ID: 2, Actor: 7, KeyID: "https://far.example/7#ed", Kind: social.Ed25519, Public: []byte{3}, Private: []byte{4}, CreatedAt: 1, RetiredAt: 9}
		d.change(func(t *tx) error {
			if err := t.PutKey(d.ctx, &sealed); err != nil {
				return err
			}
			return t.PutKey(d.ctx, &k)
		})
		gives(d, "Keys", []social.Key{k, sealed})(d.Keys(d.ctx, 7))
		gives(d, "KeyByID", &k)(d.KeyByID(d.ctx, k.KeyID))
		d.refuse(social.Conflict, func(t *tx) error {
			stolen := k
			stolen.ID, stolen.Actor = 3, 8
			return t.PutKey(d.ctx, &stolen)
		})
		k.Public = []byte{9}
		d.change(func(t *tx) error {
			again := k
			again.ID = 44
			if err := t.PutKey(d.ctx, &again); err != nil {
				return err
			}
			return t.DropKeys(d.ctx, 7, []string{k.KeyID})
		})
		gives(d, "Keys", []social.Key{k})(d.Keys(d.ctx, 7))
		missing[*social.Key](d, "dropped")(d.KeyByID(d.ctx, sealed.KeyID))

		one := social.Address{URI: "https://a.example/1", Kind: "post", Target: 1, State: "mirror"}
		d.change(func(t *tx) error { return t.PutAddress(d.ctx, one) })
		one.State = "gone"
		d.change(func(t *tx) error { return t.PutAddress(d.ctx, one) })
		gives(d, "Addresses", []social.Address{one})(d.Addresses(d.ctx, []string{one.URI, "https://nowhere.example/"}))
		gives(d, "no Addresses", []social.Address(nil))(d.Addresses(d.ctx, nil))
		missing[*social.Address](d, "Address")(d.Address(d.ctx, "https://nowhere.example/"))

		d.locals(1)
		d.change(func(t *tx) error {
			d.answers("free", false)(t.HandleTaken(d.ctx, "nobody", "home.example"))
			d.answers("in use", true)(t.HandleTaken(d.ctx, "LOCAL1", "home.example"))
			if err := t.KeepHandle(d.ctx, "Former", "home.example", 1); err != nil {
				return err
			}
			if err := t.KeepHandle(d.ctx, "former", "home.example", 1); err != nil {
				return err
			}
			d.answers("kept", true)(t.HandleTaken(d.ctx, "former", "home.example"))
			return nil
		})
		e := social.Emoji{ID: 5, Shortcode: "blob", Domain: "home.example", URI: "https://home.example/emoji/5", URL: "/blob/x", StaticURL: "/s", Category: "c", Hidden: true, UpdatedAt: 3}
		d.change(func(t *tx) error { return t.PutEmoji(d.ctx, &e) })
		e.URL = "/blob/y"
		d.change(func(t *tx) error { again := e; again.ID = 6; return t.PutEmoji(d.ctx, &again) })
		gives(d, "EmojiByCode", &e)(d.EmojiByCode(d.ctx, "blob", "home.example"))
		gives(d, "Emojis", []social.Emoji{e})(d.Emojis(d.ctx, "home.example"))
	})
}
