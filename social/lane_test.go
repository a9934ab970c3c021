package social_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	. "engawa/social"
)

func TestLaneArrives(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		plain, merged := r.lane(me, "bluesky", "bsky"), r.lane(me, "bluesky", "other", mergedLane)
		r.forget()
		one := r.item("ann", "1", "one <script>alert(1)</script>")
		r.arrive(plain, one)
		r.wantList(plain, "one ")
		r.wantHome(me)
		if len(r.events) != 2 || r.events[1].Type != PostCreated || !slices.Equal(r.events[1].Lists, []ID{plain.List}) || r.events[1].Home != nil || r.events[1].Public || r.events[1].Tags != nil {
			t.Errorf("events %+v", r.events)
		}
		r.arrive(plain, one) // twice
		r.wantList(plain, "one ")
		r.arrive(merged, one) // through another Lane: the same row
		r.wantHome(me, "one ")
		if a, b := r.laned(plain, one), r.laned(merged, one); a.ID != b.ID {
			t.Errorf("two rows, %d and %d", a.ID, b.ID)
		}
		p := r.laned(plain, one)
		if p.Origin != Linked || p.Audience != Public || p.URL != one.Ref.URL || p.CreatedAt != one.At || len(p.Mentions) != 1 || !p.Mentions[0].Silent {
			t.Errorf("%+v", p)
		}
		ann := r.who(&Actor{ID: p.Actor})
		if ann.URI != "did:plc:ann" || ann.DisplayName != "ANN" || ann.Handle() != "ann.bsky.social@bsky.app" || ann.Inbox != "" || ann.FetchedAt != 0 {
			t.Errorf("%+v", ann)
		}

		answer := r.item("bob", "2", "two", func(it *Item) {
			it.Parent, it.Author.Display = one.Ref, "Bobby"
			it.Media = []Media{{Kind: Image, RemoteURL: "https://cdn.example/x.png", Description: "alt"}, {RemoteURL: "javascript:alert(1)"}, {RemoteURL: "file:///etc/passwd"}}
			it.Poll = &Poll{Options: []Option{{Title: "a", Votes: 3}, {Title: "b", Votes: -3}}}
			it.Counts = Counters{Replies: 1, Boosts: 2, Favourites: 3}
			it.Tags = []string{"Tag"}
			quoted := r.item("cid", "3", "quoted")
			it.Quote = &quoted
		})
		r.arrive(plain, answer)
		r.wantList(plain, "two", "one ")
		q := r.laned(plain, answer)
		media, err := r.Store.MediaOf(r.ctx, q.ID)
		r.ok(err)
		poll, err := r.Store.Poll(r.ctx, q.ID)
		r.ok(err)
		if q.ReplyTo != p.ID || q.Thread != p.Thread || q.QuoteState != QuoteAccepted || len(media) != 1 || poll.Options[1].Votes != 0 || q.Favourites != 3 {
			t.Errorf("%+v %+v %+v", q, media, poll)
		}
		l, err := r.PostFor(r.ctx, view(me), q.ID)
		r.ok(err)
		if quoted, state := l.Quoted(view(me), q); state != "accepted" || quoted.Content != "<p>quoted</p>" {
			t.Errorf("quoted %v %s", quoted, state)
		}
		th, err := r.ThreadOf(r.ctx, view(me), p.ID)
		r.ok(err)
		if len(th.Descendants) != 1 {
			t.Errorf("thread %+v", th.Descendants)
		}

		r.forget()
		one.HTML, one.EditedAt = "<p>edited</p>", one.At+1
		r.arrive(plain, one)
		r.wantList(plain, "two", "edited")
		r.wantTold("status.update")
		gone := Item{Ref: answer.Ref, URI: answer.URI, Deleted: true}
		r.arrive(plain, gone, gone)
		r.wantList(plain, "edited")
		boost := r.item("cid", "9", "", func(it *Item) { it.HTML, it.Boost = "", &one })
		r.arrive(merged, boost) // it stands in Home already
		r.wantHome(me, "edited")
		old := r.item("dan", "4", "long ago", func(it *Item) { it.At -= 90 * 3_600_000 })
		again := r.item("cid", "10", "", func(it *Item) { it.HTML, it.Boost = "", &old })
		r.arrive(merged, again, again)
		r.wantHome(me, "↻ long ago", "edited")
	})
}

// Nobody but those whom it came for sees what a Lane brought: every place.
func TestLaneIsSeenByNobodyElse(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, other, friend := r.actor("me"), r.actor("other"), r.actor("friend@far.example")
		staff := Viewer{Actor: other.ID, User: true, Staff: true}
		others := []Viewer{{}, view(other), staff, {Actor: friend.ID}, {Actor: me.ID}} // the last one: me, from elsewhere
		l := r.lane(me, "mastodon", "social", mergedLane)
		r.follows(other, friend)
		r.forget()
		it := r.item("ann", "1", "secret words here #cats", func(it *Item) {
			it.Author = Stranger{ID: "7", URI: friend.URI, URL: friend.URL, Name: "friend", Domain: "far.example"} // known to the fediverse
			it.Tags = []string{"cats"}
			it.Mentions = []Stranger{{ID: "8", URI: other.URI, Name: other.Name, Domain: other.Domain}, {ID: "9", URI: me.URI, Name: me.Name, Domain: me.Domain}}
			it.Counts = Counters{Favourites: 99, Boosts: 99}
		})
		r.arrive(l, it)
		p := r.laned(l, it)
		if p.Actor != friend.ID || p.Mentioned(other.ID) || !p.Mentioned(me.ID) {
			t.Fatalf("%+v", p)
		}
		reply := r.must(Create, me, r.draft(me, "my secret answer #cats", reply(p), naming(other), func(p *Post) { p.Tags = []string{"cats"} })).Post
		boost := r.must(Announce, me, &PostRef{Post: p.ID}).Post
		for _, e := range r.events {
			if e.Public || e.Tags != nil || slices.Contains(e.Home, other.ID) || e.User == other.ID || len(e.Direct) > 0 {
				t.Errorf("event %+v", e)
			}
		}
		r.wantSent()
		r.wantNotes(other)
		secrets := []*Post{p, reply, boost}
		for _, s := range secrets {
			r.unseen(s, others...)
			if _, err := r.ThreadOf(r.ctx, Viewer{}, s.ID); !IsKind(err, NotFound) {
				t.Errorf("thread: %v", err)
			}
			r.refused(NotFound, Like, other, &ReactionDraft{Post: s.ID})
			r.refused(NotFound, Announce, other, &PostRef{Post: s.ID})
			r.refused(NotFound, Announce, friend, &PostRef{Post: s.ID})
			r.refused(NotFound, Create, other, r.draft(other, "x", replyTo(s)))
			r.refused(NotFound, Create, other, r.draft(other, "x", func(p *Post) { p.QuoteOf = s.ID }))
			if err := r.Bookmark(r.ctx, view(other), s.ID, true); !IsKind(err, NotFound) {
				t.Errorf("bookmark: %v", err)
			}
		}
		for _, v := range others {
			for name, read := range map[string]func() (*Listing, error){
				"public": func() (*Listing, error) { return r.PublicFeed(r.ctx, v, PublicQuery{Page: anyPage()}) },
				"tag":    func() (*Listing, error) { return r.TagFeed(r.ctx, v, TagQuery{Tag: "cats", Page: anyPage()}) },
				"any tag": func() (*Listing, error) {
					return r.TagFeed(r.ctx, v, TagQuery{Tag: "x", Any: []string{"cats"}, Page: anyPage()})
				},
				"profile": func() (*Listing, error) {
					return r.ActorPosts(r.ctx, v, ActorPostsQuery{Actor: friend.ID, Page: anyPage()})
				},
				"mine": func() (*Listing, error) {
					return r.ActorPosts(r.ctx, v, ActorPostsQuery{Actor: me.ID, Page: anyPage()})
				},
				"home":   func() (*Listing, error) { return r.HomeFeed(r.ctx, v, anyPage()) },
				"search": func() (*Listing, error) { return r.SearchPosts(r.ctx, v, SearchQuery{Text: "secret", Page: anyPage()}) },
				"ids":    func() (*Listing, error) { return r.PostsFor(r.ctx, v, []ID{p.ID, reply.ID, boost.ID}) },
			} {
				if v.Actor == me.ID && (name == "home" || name == "search") {
					continue // asked by ids of the session alone
				}
				got, err := read()
				r.ok(err)
				if v.Actor != me.ID || v.User {
					if len(got.Posts) > 0 {
						t.Errorf("%s shows %+v: %q", name, v, texts(got))
					}
				}
			}
		}
		for name, read := range map[string]func() ([]ID, error){
			"public": func() ([]ID, error) { return r.Store.PublicFeed(r.ctx, PublicQuery{Page: anyPage()}) },
			"tag":    func() ([]ID, error) { return r.Store.TagFeed(r.ctx, TagQuery{Tag: "cats", Page: anyPage()}) },
			"search": func() ([]ID, error) { return r.Store.SearchPosts(r.ctx, SearchQuery{Text: "secret", Page: anyPage()}) },
			"outbox": func() ([]ID, error) {
				return r.Store.ActorPosts(r.ctx, ActorPostsQuery{Actor: me.ID, Audiences: []Audience{Public, Unlisted}, Page: anyPage()})
			},
			"trends": func() ([]ID, error) { return r.Store.TrendingPosts(r.ctx, r.Clock.Now().UnixMilli(), anyPage()) },
		} {
			if ids, err := read(); err != nil || len(ids) > 0 { // not even to be left out: it counts nowhere
				t.Errorf("%s has %v, %v", name, ids, err)
			}
		}
		tags, err := r.Store.TrendingTags(r.ctx, r.Clock.Now().UnixMilli(), anyPage())
		if r.ok(err); len(tags) > 0 {
			t.Errorf("trends %+v", tags)
		}
		if a := r.who(me); a.PostCount != 0 {
			t.Errorf("%d posts are counted", a.PostCount)
		}
		if got, err := r.ActorPosts(r.ctx, view(me), ActorPostsQuery{Actor: friend.ID, Page: anyPage()}); err != nil || len(got.Posts) != 1 {
			t.Errorf("I see %v of it, %v", got, err)
		}
		// following its author brings nothing of it
		r.must(FollowVerb, other, &FollowAsk{Target: r.actor("x@far.example").ID})
		r.write(func(tx Tx) error { return tx.FillHome(r.ctx, other.ID, friend.ID, 40) })
		r.wantHome(other)
	})
}

func replyTo(p *Post) func(*Post) { return func(d *Post) { d.ReplyTo = p.ID } }

// What one User's Link claims changes nothing for others, and shows it nothing of theirs.
func TestLanesOfOthersAreApart(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, evil, friend := r.actor("me"), r.actor("evil"), r.actor("friend@far.example")
		mine, theirs := r.lane(me, "bluesky", "bsky"), r.lane(evil, "bluesky", "trap")
		private := r.item("ann", "1", "for me alone", func(it *Item) { it.Audience = Followers })
		open := r.item("ann", "2", "for everybody")
		r.arrive(mine, private, open)
		secret := r.must(Create, friend, r.draft(friend, "to me", to(Direct), naming(me))).Post

		guess := private
		guess.HTML = "<p>what stands here?</p>"
		forged := open
		forged.HTML, forged.EditedAt = "<p>forged</p>", open.At+5
		claimed := r.item("ann", "3", "x", func(it *Item) { it.URI, it.Ref.URI = secret.URI, secret.URI })
		mallory := r.item("ann", "4", "I am me", func(it *Item) {
			it.Author = Stranger{ID: "1", URI: "https://evil.example/me", Name: me.Name, Domain: me.Domain, Display: "Me"}
		})
		r.arrive(theirs, guess, forged, claimed, mallory)
		r.wantList(mine, "for everybody", "for me alone")
		for _, it := range []Item{private, open} {
			if p := r.laned(mine, it); p.Mentioned(evil.ID) {
				t.Errorf("%q is shown to another", p.Content)
			}
			r.unseen(r.laned(mine, it), view(evil))
		}
		r.unseen(secret, view(evil))
		if _, err := r.Store.LanePost(r.ctx, theirs.ID, mallory.Ref.ID); !IsKind(err, NotFound) {
			t.Errorf("somebody of this home is made up: %v", err)
		}

		r.arrive(theirs, open) // its own row keeps what it said
		shared := r.item("ann", "5", "the same for both")
		r.arrive(mine, shared)
		r.arrive(theirs, shared)
		p := r.laned(mine, shared)
		if q := r.laned(theirs, shared); q.ID != p.ID || !p.Mentioned(me.ID) || !p.Mentioned(evil.ID) {
			t.Errorf("not shared: %+v, %+v", p, q)
		}
		shared.HTML, shared.EditedAt = "<p>poison</p>", shared.At+9
		r.arrive(theirs, shared)
		if q := r.laned(theirs, shared); q.ID == p.ID || r.now(p).Content != "<p>the same for both</p>" || r.now(p).Mentioned(evil.ID) {
			t.Errorf("an edit reached another: %+v", r.now(p))
		}
		both := r.item("ann", "6", "seen by two")
		r.arrive(mine, both)
		r.arrive(theirs, both)
		r.arrive(theirs, Item{Ref: both.Ref, URI: both.URI, Deleted: true})
		if q := r.now(r.laned(mine, both)); q.Mentioned(evil.ID) || !q.Mentioned(me.ID) {
			t.Errorf("deleted for both, or for none: %+v", q)
		}
		if ann := r.who(&Actor{ID: p.Actor}); ann.DisplayName != "ANN" {
			t.Errorf("%+v", ann)
		}
		r.arrive(theirs, r.item("x", "7", "y", func(it *Item) {
			it.Author = Stranger{ID: "1", URI: friend.URI, Name: "friend", Domain: "far.example", Display: "Forged", Avatar: "https://evil.example/a.png"}
		}))
		if f := r.who(friend); f.DisplayName != "" || f.Avatar.URL != "" {
			t.Errorf("a profile that its server told was changed: %+v", f)
		}
	})
}

func TestLaneBadItems(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "bluesky", "bsky", mergedLane)
		long := strings.Repeat("あ", 3000)
		var deep *Item
		for i := range 9 {
			it := r.item("ann", fmt.Sprint("deep", i), "deep")
			it.Quote = deep
			deep = &it
		}
		nested := r.item("ann", "b", "", func(it *Item) {
			inner := r.item("bob", "c", "", func(it *Item) { x := r.item("cid", "d", "x"); it.Boost = &x })
			it.Boost = &inner
		})
		r.arrive(l,
			Item{}, Item{Ref: Ref{ID: "x"}}, Item{URI: "at://x"}, Item{Ref: Ref{ID: "x"}, URI: "at://x"},
			Item{Ref: Ref{ID: "y"}, URI: "at://y", Deleted: true},
			r.item("ann", long, "too long an address"),
			r.item("", "1", "nobody", func(it *Item) { it.Author = Stranger{} }),
			r.item("nul", "2", "n\x00ul \xff", func(it *Item) { it.Author.Name, it.Warning, it.Language = "a b@c/\x00", "\xff", long }),
			r.item("ann", "3", "future", func(it *Item) { it.At = 1 << 62 }),
			r.item("ann", "4", "past", func(it *Item) { it.At = -5 }),
			nested, *deep,
			r.item("ann", "5", "itself", func(it *Item) { it.Parent = it.Ref }),
		)
		got, err := r.ListFeed(r.ctx, view(me), l.List, Page{Limit: 40})
		r.ok(err)
		want := []string{"deep", "future", "itself", "nul \uFFFD", "past"}
		if s := texts(got); !slices.Equal(sorted(s), sorted(want)) {
			t.Errorf("kept %q", s)
		}
		many := make([]Item, 250)
		for i := range many {
			many[i] = r.item("ann", fmt.Sprint("m", i), fmt.Sprint("m", i))
		}
		r.arrive(l, many...)
		for _, it := range []Item{many[0], many[249]} {
			r.laned(l, it)
		}
	})
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }

// A later Create from its own server makes the row everybody's, with that server's words.
func TestLaneBecomesFederated(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, fan, friend := r.actor("me"), r.actor("fan"), r.actor("friend@far.example")
		r.follows(fan, friend)
		l := r.lane(me, "mastodon", "social")
		uri := friend.URI + "/notes/1"
		by := Stranger{ID: "7", URI: friend.URI, Name: "friend", Domain: "far.example"}
		it := Item{Ref: Ref{ID: "71", URI: uri}, URI: uri, Author: by, At: r.Clock.Now().UnixMilli(), HTML: "<p>forged</p>", Media: []Media{{RemoteURL: "https://far.example/x.png"}}}
		private := Item{Ref: Ref{ID: "72", URI: uri + "0"}, URI: uri + "0", Author: by, At: it.At, HTML: "<p>guessed</p>"}
		r.arrive(l, it, private)
		p := r.laned(l, it)
		child := r.post(friend, "an answer", func(p *Post) { p.ReplyToURI = uri })
		if r.now(child).ReplyTo != 0 {
			t.Error("hangs below what others do not see")
		}
		r.forget()
		res := r.must(Create, friend, r.draft(friend, "the truth #cats", func(p *Post) { p.URI, p.Tags = uri, []string{"cats"} }))
		got := r.now(p)
		if res.Post.ID != p.ID || got.Origin != Federated || got.Content != "<p>the truth #cats</p>" || got.Audience != Public || len(got.Mentions) != 0 || got.MediaCount != 0 {
			t.Errorf("%+v", got)
		}
		r.wantFeed(fan, got)
		if r.now(child).ReplyTo != p.ID || r.now(child).Thread != got.Thread {
			t.Errorf("the answer was not adopted: %+v", r.now(child))
		}
		tagged, err := r.TagFeed(r.ctx, Viewer{}, TagQuery{Tag: "cats", Page: anyPage()})
		if r.ok(err); len(tagged.Posts) != 1 {
			t.Error("not found by its tag")
		}
		r.wantList(l, "guessed", "the truth #cats")
		// who guessed a private address sees nothing of what its server then tells
		r.must(Create, friend, r.draft(friend, "private", to(Followers), func(p *Post) { p.URI = uri + "0" }))
		r.unseen(r.laned(l, private), view(me))
		// a boost that a Lane showed does not keep the true one away
		other := r.actor("other@far.example")
		r.follows(fan, other)
		boost := Item{Ref: Ref{ID: "73", URI: other.URI + "/b/1"}, URI: other.URI + "/b/1", At: it.At, Boost: &it, Author: Stranger{ID: "9", URI: other.URI, Name: "other", Domain: "far.example"}}
		r.arrive(l, boost)
		r.must(Announce, other, &PostRef{Post: p.ID}, func(a *Activity) { a.URI = other.URI + "/b/1" })
	})
}
