package social_test

import (
	"slices"
	"strings"
	"testing"

	. "engawa/social"
)

const longText = "a text that is long enough to be told from others"

// The four grades, in both orders of coming.
func TestFolds(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, friend := r.actor("me"), r.actor("ann@far.example")
		r.follows(me, friend)
		l, m := r.lane(me, "bluesky", "bsky", mergedLane), r.lane(me, "misskey", "mi", mergedLane)
		folded := func(p, head *Post, grade int) {
			t.Helper()
			rows, err := r.Store.Folds(r.ctx, me.ID, []ID{p.ID})
			r.ok(err)
			if len(rows) != 1 || rows[0].Post != p.ID || rows[0].Head != head.ID || rows[0].Grade != grade || rows[0].Why == "" {
				t.Errorf("folds of %q: %+v, want under %d by grade %d", p.Content, rows, head.ID, grade)
			}
		}

		// 1: the same address through two Links, and by federation
		one := r.item("bob", "1", "seen by two")
		r.arrive(l, one)
		r.arrive(m, one)
		r.wantHome(me, "seen by two")
		r.wantList(m, "seen by two")

		// 2: declared, the fediverse's first
		bridged := r.post(friend, "bridged", func(p *Post) { p.URI = "https://bsky.brid.gy/convert/ap/at://did:plc:bob/app.bsky.feed.post/2" })
		two := r.item("bob", "2", "bridged")
		r.arrive(l, two)
		folded(r.laned(l, two), bridged, 2)
		r.wantHome(me, "bridged", "seen by two")
		r.wantList(l, "bridged", "seen by two") // there it is the first
		// … and the Lane's first
		three := r.item("bob", "3", "x")
		r.arrive(l, three)
		back := r.post(friend, "carried over", func(p *Post) { p.URI = "https://bsky.brid.gy/convert/ap/" + three.URI })
		folded(back, r.laned(l, three), 2)
		r.wantHome(me, "x", "bridged", "seen by two")
		four := r.item("cid", "4", "by its own word", func(it *Item) { it.Same = []string{back.URI} })
		r.arrive(m, four)
		folded(r.laned(m, four), r.laned(l, three), 2) // the head of the stack, not a member
		r.wantHome(me, "x", "bridged", "seen by two")

		// 3: one's own Copy
		home := r.post(me, "mine")
		ref := Ref{ID: "at://did:plc:me/app.bsky.feed.post/1", URI: "at://did:plc:me/app.bsky.feed.post/1"}
		r.write(func(tx Tx) error {
			return tx.PutCopy(r.ctx, &Copy{ID: r.id(), Post: home.ID, Link: l.ID, User: me.ID, Of: 1, State: CopySent, Ref: ref, SentAt: 1})
		})
		r.forget()
		self := Stranger{ID: l.Account, URI: "did:plc:me", Name: "me", Domain: "bsky.app"}
		r.arrive(l, Item{Ref: ref, URI: ref.URI, Author: self, HTML: "<p>mine</p>", Counts: Counters{Favourites: 7}})
		r.wantHome(me, "mine", "x", "bridged", "seen by two")
		r.wantList(l, "x", "bridged", "seen by two")
		if len(r.events) > 0 {
			t.Errorf("told of one's own: %+v", r.events)
		}
		stacks, err := r.Stacks(r.ctx, view(me), []ID{home.ID, r.laned(l, three).ID, friend.ID})
		r.ok(err)
		if s := stacks[home.ID]; s == nil || len(s.Seen) != 1 || s.Seen[0].Counts.Favourites != 7 {
			t.Errorf("%+v", s)
		}
		if s := stacks[r.laned(l, three).ID]; s == nil || len(s.Folds) != 2 || len(s.Seen) != 2 {
			t.Errorf("%+v", s)
		}
		if len(stacks) != 2 {
			t.Errorf("%d stacks", len(stacks))
		}

		// 4: likely, both orders
		fed := r.post(friend, longText)
		twin := r.item("ann", "5", strings.ToUpper(longText)+"! #tag <a href=\"https://x.example/\">https://x.example/</a>")
		r.arrive(l, twin)
		folded(r.laned(l, twin), fed, 4)
		early := r.item("ann", "6", longText+" again")
		r.arrive(l, early)
		late := r.post(friend, longText+" again")
		folded(late, r.laned(l, early), 4)
		home2 := []string{longText + " again", longText, "mine", "x", "bridged", "seen by two"}
		r.wantHome(me, home2...)

		// not the same
		for _, it := range []Item{
			r.item("eve", "7", longText), // somebody else's words
			r.item("ann", "8", "too short"),
			r.item("ann", "9", longText+" again", func(it *Item) { it.At -= 49 * 3_600_000 }),
			r.item("ann", "10", longText+" again", func(it *Item) { it.Media = []Media{{RemoteURL: "https://x.example/1.png"}} }),
		} {
			r.arrive(l, it)
			if rows, err := r.Store.Folds(r.ctx, me.ID, []ID{r.laned(l, it).ID}); err != nil || len(rows) > 0 {
				t.Errorf("%s: %+v, %v", it.URI, rows, err)
			}
		}
	})
}

func TestUnfold(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, other, friend := r.actor("me"), r.actor("other"), r.actor("ann@far.example")
		r.follows(me, friend)
		l := r.lane(me, "bluesky", "bsky", mergedLane)
		fed := r.post(friend, longText)
		twin := r.item("ann", "1", longText)
		r.arrive(l, twin)
		p := r.laned(l, twin)
		r.wantHome(me, longText)
		if err := r.Unfold(r.ctx, view(other), p.ID); !IsKind(err, NotFound) {
			t.Errorf("by another: %v", err)
		}
		r.ok(r.Unfold(r.ctx, view(me), p.ID))
		r.wantFeed(me, p, fed)
		stacks, err := r.Stacks(r.ctx, view(me), []ID{fed.ID})
		r.ok(err)
		if s := stacks[fed.ID]; s != nil {
			t.Errorf("%+v", s)
		}
		r.arrive(l, twin, r.item("ann", "2", longText))
		if rows, err := r.Store.Folds(r.ctx, me.ID, []ID{p.ID}); err != nil || len(rows) != 1 || rows[0].Grade != 0 {
			t.Errorf("folded again: %+v, %v", rows, err)
		}
		r.ok(r.Refold(r.ctx, view(me), p.ID))
		if rows, err := r.Store.Folds(r.ctx, me.ID, []ID{p.ID}); err != nil || len(rows) != 0 {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}

func TestAlerts(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "bluesky", "bsky")
		also := r.lane(me, "mastodon", "social")
		home := r.post(me, "mine")
		ref := Ref{ID: "at://did:plc:me/app.bsky.feed.post/1", URI: "at://did:plc:me/app.bsky.feed.post/1"}
		r.write(func(tx Tx) error {
			return tx.PutCopy(r.ctx, &Copy{ID: r.id(), Post: home.ID, Link: l.ID, User: me.ID, Of: 1, State: CopySent, Ref: ref, SentAt: 1})
		})
		reply := r.item("ann", "1", "an answer", func(it *Item) { it.Parent = ref })
		direct := r.item("ann", "2", "in private", func(it *Item) { it.Audience = Direct })
		r.forget()
		list := []Alert{
			{ID: "1", Type: NotifyMention, By: stranger("ann"), Item: &reply},
			{ID: "2", Type: NotifyFavourite, By: stranger("ann"), About: ref},
			{ID: "3", Type: NotifyBoost, By: stranger("bob"), About: ref},
			{ID: "4", Type: NotifyReaction, By: stranger("bob"), About: ref, Emoji: "🎉"},
			{ID: "5", Type: NotifyFollow, By: stranger("bob")},
			{ID: "6", Type: NotifyMention, By: stranger("ann"), Item: &direct},
			// not these
			{ID: "7", Type: NotifyFavourite, By: stranger("bob"), About: Ref{ID: "unknown"}},
			{ID: "8", Type: NotifyFavourite, By: Stranger{ID: l.Account, URI: "did:plc:me", Name: "me", Domain: "bsky.app"}, About: ref},
			{ID: "9", Type: NotifyFavourite, By: Stranger{ID: "77", URI: "https://social.example/users/me", URL: also.URL, Name: "me", Domain: "social.example"}, About: ref},
			{ID: "10", Type: NotifyFavourite, By: Stranger{ID: "x", URI: me.URI, Name: me.Name, Domain: me.Domain}, About: ref},
			{ID: "11", Type: "admin.report", By: stranger("bob")},
			{ID: "12", Type: NotifyMention, By: stranger("bob")},
			{ID: "13", Type: NotifyFollow, By: stranger("old"), At: 5},
			{ID: "", Type: NotifyFollow, By: stranger("nobody")},
		}
		r.alerts(l, list...)
		want := []string{"mention ann.bsky.social", "favourite ann.bsky.social", "reblog bob.bsky.social", "reaction bob.bsky.social", "follow bob.bsky.social", "mention ann.bsky.social"}
		r.wantNotes(me, want...)
		n, err := r.NotificationsOf(r.ctx, view(me), NotificationQuery{Page: anyPage()})
		r.ok(err)
		for _, row := range n.Rows {
			if (row.Type == NotifyFavourite || row.Type == NotifyBoost || row.Type == NotifyReaction) && row.Post != home.ID {
				t.Errorf("%+v is not about the home post", row)
			}
		}
		r.wantList(l, "an answer") // who is called reads it in the Lane too; what is private is a conversation
		r.arrive(l, reply)         // and once, where the timeline brings it as well
		r.wantList(l, "an answer")
		th, err := r.ThreadOf(r.ctx, view(me), home.ID)
		r.ok(err)
		if len(th.Descendants) != 1 || th.Descendants[0].Content != "<p>an answer</p>" {
			t.Errorf("below the home post: %+v", th.Descendants)
		}
		if th, err := r.ThreadOf(r.ctx, Viewer{}, home.ID); err != nil || len(th.Descendants) != 0 {
			t.Errorf("a stranger sees %+v, %v", th.Descendants, err)
		}
		if r.now(home).Replies != 0 {
			t.Error("an answer that nobody else sees is counted")
		}
		talks, err := r.ConversationsOf(r.ctx, view(me), anyPage())
		r.ok(err)
		if len(talks.Rows) != 1 {
			t.Errorf("conversations %+v", talks.Rows)
		}
		r.write(func(tx Tx) error { return tx.ClearNotifications(r.ctx, me.ID) })
		r.forget()
		r.alerts(l, list...)
		r.wantNotes(me)
		if slices.Contains(r.told(), string(Notified)) {
			t.Error("told twice")
		}
	})
}

func TestMutedInLanes(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "bluesky", "bsky", mergedLane)
		r.arrive(l, r.item("ann", "1", "one"))
		ann, err := r.Store.ActorByHandle(r.ctx, "ann.bsky.social", "bsky.app")
		r.ok(err)
		r.ok(r.MuteActor(r.ctx, Mute{Actor: me.ID, Target: ann.ID, HideNotifications: true}))
		inner := r.item("ann", "2", "two")
		r.arrive(l, inner, r.item("bob", "3", "", func(it *Item) { it.Boost = &inner }), r.item("bob", "4", "four"))
		r.alerts(l, Alert{ID: "1", Type: NotifyFollow, By: stranger("ann")})
		r.wantHome(me, "four")
		r.wantList(l, "four")
		r.wantNotes(me)
	})
}

func TestArrivalAtADroppedLink(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "bluesky", "bsky")
		it := r.item("ann", "1", "one")
		r.arrive(l, it)
		p := r.laned(l, it)
		r.write(func(tx Tx) error { return tx.DropLink(r.ctx, me.ID, l.ID) })
		r.forget()
		r.arrive(l, r.item("ann", "2", "late"))
		if len(r.events)+len(r.jobs) > 0 {
			t.Errorf("%+v %+v", r.events, r.jobs)
		}
		r.write(func(tx Tx) error {
			_, err := tx.TidyLanes(r.ctx, r.Clock.Now().UnixMilli(), 50)
			return err
		})
		r.unseen(p, view(me))
	})
}

func TestThreadOfALane(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, other := r.actor("me"), r.actor("other")
		l := r.lane(me, "bluesky", "bsky")
		one := r.item("ann", "1", "one")
		r.arrive(l, one)
		p := r.laned(l, one)
		r.forget()
		for range 2 { // once a minute
			r.ok(r.GrowThread(r.ctx, view(me), p))
		}
		r.ok(r.GrowThread(r.ctx, view(other), p))
		r.ok(r.GrowThread(r.ctx, Viewer{}, p))
		r.wantLeft(JobLane, "thread "+p.ID.String())
		ref, err := r.ThreadAsked(r.ctx, l, &r.jobs[0])
		if err != nil || ref.ID != one.Ref.ID {
			t.Errorf("%+v, %v", ref, err)
		}
		if _, err := r.ThreadAsked(r.ctx, l, &Job{Target: "home"}); !IsKind(err, NotFound) {
			t.Errorf("%v", err)
		}
		r.ok(r.ArriveThread(r.ctx, l, &Batch{Items: []Item{one, r.item("bob", "2", "two", func(it *Item) { it.Parent = one.Ref })}}))
		r.wantList(l, "one")
		th, err := r.ThreadOf(r.ctx, view(me), p.ID)
		if r.ok(err); len(th.Descendants) != 1 {
			t.Errorf("%d below", len(th.Descendants))
		}
	})
}

// Who leaves takes the credentials of the accounts elsewhere along.
func TestLeavingUnlinks(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		r.lane(me, "bluesky", "bsky")
		r.write(func(tx Tx) error { return tx.PutRules(r.ctx, me.ID, "rules", 1) })
		r.must(Delete, me, &ActorRef{Actor: me.ID})
		links, err := r.Store.Links(r.ctx, me.ID)
		r.ok(err)
		rules, err := r.Store.Rules(r.ctx, me.ID)
		r.ok(err)
		if len(links) != 0 || rules != "" {
			t.Errorf("left %+v %q", links, rules)
		}
	})
}
