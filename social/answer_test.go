package social_test

import (
	"fmt"
	"strings"
	"testing"

	. "engawa/social"
)

func TestAnswerTarget(t *testing.T) {
	for _, a := range []Answer{
		{Verb: Like, Target: 12, Content: Favourite}, {Verb: Like, Target: -3, Content: ":a b:", Undo: true}, {Verb: Announce, Target: 5}, {Verb: FollowVerb, Target: 9, Undo: true}, {Verb: Add, Target: 1},
	} {
		if got, ok := ParseAnswer(a.String()); !ok || got != a {
			t.Errorf("%q: %+v, %v", a, got, ok)
		}
	}
	for _, s := range []string{"", "Like", "Like x", "Undo", "Undo Like", "Delete 5", "Undo Undo 5"} {
		if got, ok := ParseAnswer(s); ok {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

// What is done to a Post of a Lane is shown here, done there, and goes nowhere else.
func TestAnswersGoThroughTheLink(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, fan := r.actor("me"), r.actor("fan")
		r.follows(fan, me)
		l := r.lane(me, "bluesky", "bsky")
		it := r.item("ann", "1", "one")
		r.arrive(l, it)
		p := r.laned(l, it)
		deed := func(i int) *Deed {
			t.Helper()
			var jobs []Job
			for _, j := range r.jobs {
				if j.Kind == JobAnswer {
					jobs = append(jobs, j)
				}
			}
			j := &jobs[i]
			if j.Ref != l.ID || j.Network != "bluesky" || j.Key != "link:"+l.ID.String() {
				t.Errorf("job %+v", j)
			}
			d, err := r.DeedOf(r.ctx, l, j)
			r.ok(err)
			r.ok(r.AnswerDone(r.ctx, l, j, Ref{ID: "made-" + string(d.Verb)}))
			return d
		}
		mine := func() Mine {
			got, err := r.PostFor(r.ctx, view(me), p.ID)
			r.ok(err)
			return got.Mine[p.ID]
		}

		r.forget()
		r.must(Like, me, &ReactionDraft{Post: p.ID})
		r.wantSent()
		r.wantLeft(JobAnswer, fmt.Sprintf("Like %d ★", p.ID))
		if d := deed(0); d.Verb != Like || d.Content != Favourite || d.Post.ID != it.Ref.ID || d.Post.CID != "cid1" || !mine().Favourited {
			t.Errorf("%+v", d)
		}
		r.same(Like, me, &ReactionDraft{Post: p.ID})
		r.forget()
		r.must(Undo, me, &Undoing{What: ObjLike, Post: p.ID})
		if d := deed(0); d.Verb != Undo || d.Undo != Like || d.Made.ID != "made-Like" || mine().Favourited {
			t.Errorf("%+v", d)
		}
		r.wantSent()
		if _, err := r.Store.Deed(r.ctx, me.ID, p.ID, Like, Favourite); !IsKind(err, NotFound) {
			t.Errorf("a deed undone: %v", err)
		}

		r.forget()
		b := r.must(Announce, me, &PostRef{Post: p.ID}).Post
		if d := deed(0); d.Verb != Announce || !mine().Boosted {
			t.Errorf("%+v", d)
		}
		r.wantFeed(me, b)
		r.wantFeed(fan)
		r.forget()
		r.must(Undo, me, &Undoing{What: ObjBoost, Post: p.ID})
		if d := deed(0); d.Undo != Announce || d.Made.ID != "made-Announce" || mine().Boosted {
			t.Errorf("%+v", d)
		}
		r.wantSent()

		r.forget()
		r.must(FollowVerb, me, &FollowAsk{Target: p.Actor})
		if d := deed(0); d.Verb != FollowVerb || d.Stranger.URI != "did:plc:ann" || d.Stranger.ID != "did:plc:ann" {
			t.Errorf("%+v", d)
		}
		rel := func() *Relation {
			rels, err := r.Store.Relations(r.ctx, me.ID, []ID{p.Actor})
			r.ok(err)
			return rels[p.Actor]
		}
		if x := rel(); x.Following || !x.FollowingThere {
			t.Errorf("%+v", x)
		}
		if a := r.who(me); a.Following != 0 {
			t.Error("a follow there is counted here")
		}
		r.forget()
		_, err := r.do(Undo, me, &Undoing{What: ObjFollow, Actor: p.Actor})
		r.ok(err)
		if rel().FollowingThere {
			t.Error("still followed")
		}
		if d := deed(0); d.Undo != FollowVerb || d.Made.ID != "made-Follow" {
			t.Errorf("%+v", d)
		}
		r.wantSent()

		r.forget()
		r.ok(r.Bookmark(r.ctx, view(me), p.ID, true))
		r.ok(r.Bookmark(r.ctx, view(me), p.ID, false))
		r.wantLeft(JobAnswer, fmt.Sprintf("Add %d", p.ID), fmt.Sprintf("Undo Add %d", p.ID))
	})
}

func TestAnswerThatFailsIsTakenBack(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "bluesky", "bsky")
		it := r.item("ann", "1", "one")
		r.arrive(l, it)
		p := r.laned(l, it)
		r.forget()
		r.must(Like, me, &ReactionDraft{Post: p.ID})
		r.must(Announce, me, &PostRef{Post: p.ID})
		r.must(FollowVerb, me, &FollowAsk{Target: p.Actor})
		jobs := r.jobs
		r.forget()
		for i := range jobs {
			r.ok(r.AnswerFailed(r.ctx, l, &jobs[i]))
		}
		got, err := r.PostFor(r.ctx, view(me), p.ID)
		r.ok(err)
		rels, err := r.Store.Relations(r.ctx, me.ID, []ID{p.Actor})
		r.ok(err)
		if m := got.Mine[p.ID]; m.Favourited || m.Boosted || rels[p.Actor].FollowingThere || r.now(p).Boosts != 0 || r.now(p).Favourites != 0 {
			t.Errorf("%+v %+v %+v", m, rels[p.Actor], r.now(p))
		}
		r.wantLeft(JobAnswer)
	})
}

func TestReplyGoesThroughTheLink(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		r.write(func(tx Tx) error { return tx.PutRules(r.ctx, me.ID, "rules", 1) })
		l := r.lane(me, "bluesky", "bsky")
		it := r.item("ann", "1", "one")
		r.arrive(l, it)
		p := r.laned(l, it)
		r.forget()
		a := r.must(Create, me, r.draft(me, "an answer", replyTo(p))).Post
		if a.Origin != Linked || a.ReplyTo != p.ID || a.Thread != p.Thread || !a.Local() {
			t.Errorf("%+v", a)
		}
		r.wantSent()
		r.wantLeft(JobRelay, "create "+l.ID.String())
		for i := range r.jobs {
			if j := &r.jobs[i]; j.Kind == JobRelay && (j.ForcedLink() != l.ID || j.Ref != a.ID || j.Key != "relay:"+me.ID.String()) {
				t.Errorf("%+v", j)
			}
		}
		vs, err := r.Store.Verdicts(r.ctx, a.ID)
		r.ok(err)
		if len(vs) != 1 || !vs[0].Send || vs[0].Link != l.ID || vs[0].Reason == "" {
			t.Errorf("%+v", vs)
		}
		r.wantList(l, "an answer", "one")
		r.wantFeed(me, a)

		// sent, and seen again by the Lane: it stays one; an answer to it goes the same way
		ref := Ref{ID: "at://did:plc:me/app.bsky.feed.post/9", URI: "at://did:plc:me/app.bsky.feed.post/9"}
		r.write(func(tx Tx) error {
			return tx.PutCopy(r.ctx, &Copy{ID: r.id(), Post: a.ID, Link: l.ID, User: me.ID, Of: 1, State: CopySent, Ref: ref, SentAt: 1})
		})
		r.arrive(l, Item{Ref: ref, URI: ref.URI, Author: Stranger{ID: l.Account, URI: "did:plc:me", Name: "me", Domain: "bsky.app"}, At: it.At, HTML: "<p>an answer</p>"})
		r.wantList(l, "an answer", "one")
		more := r.item("ann", "2", "and you?", func(it *Item) { it.Parent = ref })
		r.arrive(l, more)
		r.forget()
		b := r.must(Create, me, r.draft(me, "me too", replyTo(r.laned(l, more)))).Post
		c := r.must(Create, me, r.draft(me, "also", replyTo(a))).Post
		if b.Thread != p.Thread || c.Origin != Linked {
			t.Errorf("%+v %+v", b, c)
		}
		r.wantLeft(JobRelay, "create "+l.ID.String(), "create "+l.ID.String())
		th, err := r.ThreadOf(r.ctx, view(me), p.ID)
		r.ok(err)
		if len(th.Descendants) != 4 {
			t.Errorf("%d below", len(th.Descendants))
		}
		r.forget()
		r.must(Update, me, &Draft{Post: Post{ID: a.ID, Source: "edited", Content: "<p>edited</p>"}})
		r.must(Delete, me, &PostRef{Post: a.ID})
		r.wantLeft(JobRelay, "update", "delete")
		r.wantSent()
		copies, err := r.Store.Copies(r.ctx, []ID{a.ID})
		if r.ok(err); len(copies) != 1 {
			t.Error("the Copies of a deleted Post are gone")
		}
	})
}

// What cannot be done says why and where to do it, and leaves nothing behind.
func TestAnswersThatCannotBe(t *testing.T) {
	onBoth(t, func(r *rig) {
		me := r.actor("me")
		l := r.lane(me, "x", "x", can(AblePost|AbleRead))
		broken := r.lane(me, "bluesky", "broken", func(l *Link) { l.State = LinkReconnect })
		paused := r.lane(me, "bluesky", "paused", func(l *Link) { l.State = LinkPaused })
		able := r.lane(me, "bluesky", "able")
		post := func(l *Link, key string, change ...func(*Item)) *Post {
			it := r.item("ann", key, "text "+key, change...)
			r.arrive(l, it)
			return r.laned(l, it)
		}
		a, b, c, d := post(l, "1"), post(broken, "2"), post(paused, "3"), post(able, "4", func(it *Item) { it.Audience = Followers })
		e := post(able, "5", func(it *Item) { it.Poll = &Poll{Options: []Option{{Title: "x"}, {Title: "y"}}} })
		home := r.post(me, "at home")
		for name, x := range map[string]struct {
			verb Verb
			o    Object
			says string
			post *Post
		}{
			"reply":          {Create, r.draft(me, "x", replyTo(a)), "cannot reply", a},
			"like":           {Like, &ReactionDraft{Post: a.ID}, "cannot favourite", a},
			"react":          {Like, &ReactionDraft{Post: a.ID, Content: "🎉"}, "cannot react", a},
			"boost":          {Announce, &PostRef{Post: a.ID}, "cannot boost", a},
			"quote":          {Create, r.draft(me, "x", func(p *Post) { p.QuoteOf = a.ID }), "cannot quote", a},
			"reconnect":      {Create, r.draft(me, "x", replyTo(b)), "linked again", b},
			"paused":         {Like, &ReactionDraft{Post: c.ID}, "paused", c},
			"private":        {Announce, &PostRef{Post: d.ID}, "not for everybody", d},
			"quote private":  {Create, r.draft(me, "x", func(p *Post) { p.QuoteOf = d.ID }), "not for everybody", d},
			"local":          {Create, r.draft(me, "x", replyTo(e), to(LocalOnly)), "this server alone", e},
			"direct":         {Create, r.draft(me, "x", replyTo(e), to(Direct)), "everybody would see", e},
			"vote":           {Create, &Ballot{Post: e.ID, Choices: []int{0}}, "poll", e},
			"quote in reply": {Create, r.draft(me, "x", replyTo(home), func(p *Post) { p.QuoteOf = e.ID }), "not there", e},
		} {
			r.forget()
			_, err := r.do(x.verb, me, x.o)
			if !IsKind(err, Forbidden) || !strings.Contains(err.Error(), x.says) || !strings.Contains(err.Error(), x.post.URL) {
				t.Errorf("%s: %v, want %q and %s", name, err, x.says, x.post.URL)
			}
			if len(r.jobs)+len(r.events) > 0 {
				t.Errorf("%s left %+v %+v", name, r.jobs, r.events)
			}
		}
		r.refused(Forbidden, FollowVerb, me, &FollowAsk{Target: r.actor("none@bsky.app", func(a *Actor) { a.Inbox, a.SharedInbox = "", "" }).ID})
		r.write(func(tx Tx) error { return tx.DropLink(r.ctx, me.ID, able.ID) })
		r.refused(Forbidden, Like, me, &ReactionDraft{Post: e.ID})
		if err := r.Bookmark(r.ctx, view(me), e.ID, true); err != nil {
			t.Errorf("a bookmark is always possible: %v", err)
		}
		// an answer is never wider than what it answers, nor in another place
		both := r.lane(me, "mastodon", "social")
		p := post(both, "6", func(it *Item) { it.Audience = Followers })
		if got := r.must(Create, me, r.draft(me, "x", replyTo(p))).Post; got.Audience != Followers {
			t.Errorf("%s", got.Audience)
		}
		q := r.must(Create, me, r.draft(me, "x", func(d *Post) { d.QuoteOf = post(both, "7").ID })).Post
		if q.Origin != Linked || q.QuoteState != QuoteAccepted {
			t.Errorf("%+v", q)
		}
	})
}

// Rules hear of what their User says, and who has none pays nothing.
func TestRelayJobs(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, none, friend := r.actor("me"), r.actor("none"), r.actor("friend@far.example")
		theirs := r.post(friend, "theirs", naming(me))
		r.write(func(tx Tx) error { return tx.PutRules(r.ctx, me.ID, "rules", 1) })
		r.forget()
		p := r.post(me, "one")
		r.post(none, "one")
		r.post(me, "to you", to(Direct))
		r.must(Create, me, r.draft(me, "imported", func(p *Post) { p.URI = "https://old.example/1" }), quiet, func(a *Activity) { a.Origin = Imported })
		r.wantLeft(JobRelay, "create")
		r.forget()
		r.must(Update, me, &Draft{Post: Post{ID: p.ID, Source: "two", Content: "<p>two</p>"}})
		b := r.must(Announce, me, &PostRef{Post: theirs.ID}).Post
		r.must(Announce, none, &PostRef{Post: p.ID})
		r.wantLeft(JobRelay, "update", "boost")
		for i, post := range []*Post{p, b} {
			r.write(func(tx Tx) error {
				return tx.PutCopy(r.ctx, &Copy{ID: r.id(), Post: post.ID, Link: 5, User: me.ID, Number: i, State: CopyHeld})
			})
		}
		r.write(func(tx Tx) error { return tx.PutRules(r.ctx, me.ID, "", 1) })
		r.forget()
		r.must(Undo, me, &Undoing{What: ObjBoost, Post: theirs.ID})
		r.must(Delete, me, &PostRef{Post: p.ID})
		r.post(me, "no rules any more")
		r.wantLeft(JobRelay, "unboost", "delete")
	})
}

func TestTell(t *testing.T) {
	onBoth(t, func(r *rig) {
		me, other := r.actor("me"), r.actor("other")
		r.forget()
		p, err := r.Tell(r.ctx, &Message{User: me.ID, Text: "not sent:\n<too long>", Key: "a", Context: "urn:engawa:copy:1:2"})
		r.ok(err)
		if p.Audience != Direct || p.Context != "urn:engawa:copy:1:2" || !strings.Contains(p.Content, "&lt;too long&gt;") {
			t.Errorf("%+v", p)
		}
		again, err := r.Tell(r.ctx, &Message{User: me.ID, Text: "x", Key: "a"})
		if err != nil || again != nil {
			t.Errorf("sent twice: %+v, %v", again, err)
		}
		r.wantSent()
		r.wantNotes(me, "mention home.example")
		r.unseen(p, Viewer{}, view(other))
		talks, err := r.ConversationsOf(r.ctx, view(me), anyPage())
		r.ok(err)
		if len(talks.Rows) != 1 || !talks.Rows[0].Unread {
			t.Errorf("%+v", talks.Rows)
		}
		r.forget()
		a := r.must(Create, me, r.draft(me, "thread", replyTo(p), to(Direct))).Post
		server, err := r.Store.ServerActor(r.ctx, r.Info.ID)
		r.ok(err)
		r.must(Create, me, r.draft(me, "hello", naming(server), to(Direct)))
		r.must(Create, me, r.draft(me, "hello", naming(other), to(Direct)))
		r.must(Create, me, r.draft(me, "hello", naming(server)))
		n := 0
		for _, j := range r.jobs {
			if j.Kind == JobNotice {
				if n++; n == 1 && j.Ref != a.ID {
					t.Errorf("%+v", j)
				}
			}
		}
		if n != 2 {
			t.Errorf("%d notices, want 2", n)
		}
		reply, err := r.Tell(r.ctx, &Message{User: me.ID, Text: "done", ReplyTo: a.ID})
		r.ok(err)
		if reply.ReplyTo != a.ID || reply.Thread != p.Thread {
			t.Errorf("%+v", reply)
		}
		if _, err := r.Tell(r.ctx, &Message{User: r.actor("x@far.example").ID, Text: "x"}); !IsKind(err, Forbidden) {
			t.Errorf("%v", err)
		}
	})
}
