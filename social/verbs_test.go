package social_test

import (
	"testing"

	. "engawa/social"
)

func TestFollow(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		shy := r.actor("shy", locked)
		old := r.post(bob, "before")
		r.forget()
		// of somebody open here
		if res := r.must(FollowVerb, alice, &FollowAsk{Target: bob.ID}); res.Follow.Pending {
			t.Error("an open account has to be asked")
		}
		r.wantNotes(bob, "follow alice")
		r.wantFeed(alice, old)
		r.wantTold("notification")
		r.wantSent()
		if a, b := r.who(alice), r.who(bob); a.Following != 1 || b.Followers != 1 {
			t.Errorf("counts %d, %d", a.Following, b.Followers)
		}
		r.same(FollowVerb, alice, &FollowAsk{Target: bob.ID})
		r.must(Undo, alice, &Undoing{What: ObjFollow, Actor: bob.ID})
		r.same(Undo, alice, &Undoing{What: ObjFollow, Actor: bob.ID})
		r.wantNotes(bob)
		r.wantFeed(alice)
		if a, b := r.who(alice), r.who(bob); a.Following != 0 || b.Followers != 0 {
			t.Errorf("counts afterwards %d, %d", a.Following, b.Followers)
		}
		// of somebody locked here, by a neighbour
		r.forget()
		if res := r.must(FollowVerb, far, &FollowAsk{Target: shy.ID}, func(a *Activity) { a.URI = far.URI + "#1" }); !res.Follow.Pending {
			t.Error("a locked account is not asked")
		}
		r.wantNotes(shy, "follow_request carol")
		r.wantSent()
		r.must(Accept, shy, &FollowAnswer{Follower: far.ID})
		r.wantNotes(shy, "follow carol")
		r.wantSent("Accept follow https://far.example/users/carol/inbox")
		r.same(Accept, shy, &FollowAnswer{Follower: far.ID})
		r.forget()
		if _, err := r.do(FollowVerb, far, &FollowAsk{Target: shy.ID}); err != nil {
			t.Error(err)
		}
		r.wantSent("Accept follow https://far.example/users/carol/inbox") // a repeated Follow is answered again
		r.forget()
		r.must(Reject, shy, &FollowAnswer{Follower: far.ID})
		r.wantSent("Reject follow https://far.example/users/carol/inbox")
		if r.who(shy).Followers != 0 {
			t.Error("a removed follower still counts")
		}
		// of a neighbour: nothing before its Accept (T53)
		r.forget()
		if res := r.must(FollowVerb, alice, &FollowAsk{Target: far.ID}); !res.Follow.Pending || r.who(alice).Following != 0 {
			t.Error("followed before it was accepted")
		}
		r.wantSent("Follow actor https://far.example/users/carol/inbox")
		r.must(Accept, far, &FollowAnswer{Follower: alice.ID})
		if r.who(alice).Following != 1 {
			t.Error("not followed after the Accept")
		}
		r.same(Reject, far, &FollowAnswer{Follower: bob.ID})
		r.refused(Forbidden, FollowVerb, alice, &FollowAsk{Target: alice.ID})
		r.refused(NotFound, FollowVerb, alice, &FollowAsk{Target: 12345})
	})
}

func TestBlock(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, far := r.actor("alice"), r.actor("carol@far.example")
		r.follows(alice, far)
		r.follows(far, alice)
		p := r.post(far, "hello", naming(alice))
		r.wantFeed(alice, p)
		r.forget()
		r.must(BlockVerb, alice, &ActorRef{far.ID})
		r.wantSent("Reject follow https://far.example/users/carol/inbox", "Undo follow https://far.example/users/carol/inbox",
			"Block actor https://far.example/users/carol/inbox")
		r.wantFeed(alice)
		r.wantNotes(alice)
		if a := r.who(alice); a.Followers != 0 || a.Following != 0 {
			t.Errorf("counts %d, %d", a.Followers, a.Following)
		}
		r.same(BlockVerb, alice, &ActorRef{far.ID})
		if res, err := r.do(FollowVerb, far, &FollowAsk{Target: alice.ID}); err != nil || res.Done {
			t.Errorf("a blocked one follows: %+v, %v", res, err)
		}
		r.wantSent("Reject follow https://far.example/users/carol/inbox")
		r.refused(Forbidden, FollowVerb, alice, &FollowAsk{Target: far.ID})
		mine := r.post(alice, "not for Carol")
		r.refused(NotFound, Like, far, &ReactionDraft{Post: mine.ID})
		r.refused(NotFound, Announce, far, &PostRef{Post: mine.ID})
		r.refused(Forbidden, BlockVerb, alice, &ActorRef{alice.ID})
		r.forget()
		r.must(Undo, alice, &Undoing{What: ObjBlock, Actor: far.ID})
		r.wantSent("Undo block https://far.example/users/carol/inbox")
		r.same(Undo, alice, &Undoing{What: ObjBlock, Actor: far.ID})
	})
}

func TestCreate(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, dave := r.actor("alice"), r.actor("bob"), r.actor("dave")
		far, other := r.actor("carol@far.example"), r.actor("erin@other.example")
		r.follows(bob, alice)
		r.follows(far, alice)
		p := r.post(alice, "hello", naming(dave, other))
		r.wantFeed(bob, p)
		r.wantFeed(alice, p)
		r.wantFeed(dave)
		r.wantNotes(dave, "mention alice")
		r.wantTold("notification", "update")
		r.wantSent("Create post https://far.example/inbox https://other.example/inbox")
		if e := r.events[1]; !e.Public || !e.Local || len(e.Home) != 2 {
			t.Errorf("event %+v", e)
		}
		if p.URI != "https://home.example/users/alice/statuses/"+p.ID.String() || p.URL != "https://home.example/@alice/"+p.ID.String() || p.Conversation == "" {
			t.Errorf("addresses %s %s %s", p.URI, p.URL, p.Conversation)
		}
		// an idempotency key
		d := r.draft(alice, "once")
		d.IdempotencyKey = "k"
		first := r.must(Create, alice, d).Post
		r.forget()
		if res, err := r.do(Create, alice, d); err != nil || res.Done || res.Post.ID != first.ID || len(r.events) != 0 {
			t.Errorf("again: %+v, %v", res, err)
		}
		if got := r.who(alice).PostCount; got != 2 {
			t.Errorf("%d posts counted", got)
		}
		// a neighbour's
		r.forget()
		if res, err := r.do(Create, other, r.draft(other, "for nobody here")); err != nil || res.Done {
			t.Errorf("a post that concerns nobody is kept: %+v, %v", res, err)
		}
		fd := r.draft(far, "answer", reply(p), naming(alice))
		answer := r.must(Create, far, fd).Post
		r.wantNotes(alice, "mention carol")
		if got := r.now(p).Replies; got != 1 || answer.Thread != p.Thread {
			t.Errorf("%d replies, thread %d in %d", got, answer.Thread, p.Thread)
		}
		r.same(Create, far, fd)
		// private answers neither show in counts nor go to whom they do not name
		r.forget()
		r.post(bob, "psst", reply(answer), to(Direct), naming(alice))
		r.post(bob, "for my followers", reply(answer), to(Followers))
		r.wantSent("Create post", "Create post")
		if got := r.now(answer).Replies; got != 0 {
			t.Errorf("%d private replies are counted", got)
		}
		// local only
		r.forget()
		r.post(alice, "just us", to(LocalOnly))
		r.wantSent()
		r.refused(Invalid, Create, alice, r.draft(alice, "", func(p *Post) { p.Content, p.Source = "", " " }))
		r.refused(NotFound, Create, dave, r.draft(dave, "reply", reply(r.post(alice, "secret", to(Direct), naming(bob)))))
		// quiet
		r.forget()
		q := r.must(Create, far, r.draft(far, "old", naming(alice)), quiet).Post
		r.wantTold()
		r.wantSent()
		if r.now(q).Origin != Federated || len(r.notes(alice)) != 2 {
			t.Errorf("quiet: %v", r.notes(alice))
		}
	})
}

func TestDirect(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, eve, far := r.actor("alice"), r.actor("bob"), r.actor("eve"), r.actor("carol@far.example")
		r.follows(eve, alice)
		p := r.post(alice, "psst", to(Direct), naming(bob, far))
		r.wantFeed(eve)
		r.wantNotes(bob, "mention alice")
		r.wantSent("Create post https://far.example/inbox")
		r.wantTold("notification", "conversation", "conversation", "update")
		answer := r.post(far, "what?", to(Direct), naming(alice, bob), reply(p))
		for _, a := range []*Actor{alice, bob} {
			talks, err := r.ConversationsOf(r.ctx, Viewer{Actor: a.ID, User: true}, Page{Limit: 5})
			r.ok(err)
			if len(talks.Rows) != 1 || talks.Rows[0].LastPost != answer.ID || !talks.Rows[0].Unread || len(talks.Rows[0].Participants) != 2 {
				t.Errorf("%s: %+v", a.Name, talks.Rows)
			}
			for _, e := range r.events {
				if e.Type == ConversationChanged && e.User == a.ID && len(talks.Rows) == 1 && e.Conversation != talks.Rows[0].ID {
					t.Errorf("the event names conversation %d, it is %d", e.Conversation, talks.Rows[0].ID)
				}
			}
		}
		if _, err := r.PostFor(r.ctx, Viewer{Actor: eve.ID, User: true}, p.ID); !IsKind(err, NotFound) {
			t.Errorf("Eve reads it: %v", err)
		}
	})
}

func TestLike(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, far := r.actor("alice"), r.actor("carol@far.example")
		r.follows(alice, far)
		theirs, mine := r.post(far, "theirs"), r.post(alice, "mine")
		r.forget()
		r.must(Like, alice, &ReactionDraft{Post: theirs.ID})
		r.wantSent("Like post https://far.example/users/carol/inbox")
		r.same(Like, alice, &ReactionDraft{Post: theirs.ID, Content: Favourite})
		if r.now(theirs).Favourites != 1 {
			t.Error("not counted")
		}
		r.forget()
		r.must(Undo, alice, &Undoing{What: ObjLike, Post: theirs.ID})
		r.wantSent("Undo like https://far.example/users/carol/inbox")
		r.same(Undo, alice, &Undoing{What: ObjLike, Post: theirs.ID})
		r.must(Like, far, &ReactionDraft{Post: mine.ID})
		r.must(Like, far, &ReactionDraft{Post: mine.ID, Content: "🎉"})
		r.wantNotes(alice, "favourite carol", "reaction carol")
		if p := r.now(mine); p.Favourites != 1 || len(p.Reactions) != 1 || p.Reactions[0].Count != 1 {
			t.Errorf("%d favourites, reactions %+v", p.Favourites, p.Reactions)
		}
		r.must(Undo, far, &Undoing{What: ObjLike, Post: mine.ID}) // whichever it was: the favourite first
		r.wantNotes(alice, "reaction carol")
		r.must(Undo, far, &Undoing{What: ObjLike, Post: mine.ID, Content: "🎉"})
		r.wantNotes(alice)
		if p := r.now(mine); p.Favourites != 0 || len(p.Reactions) != 0 {
			t.Errorf("%d favourites, reactions %+v", p.Favourites, p.Reactions)
		}
		r.refused(NotFound, Like, alice, &ReactionDraft{Post: 999})
		r.refused(NotFound, Like, far, &ReactionDraft{Post: r.post(alice, "us", to(LocalOnly)).ID})
		r.forget()
		r.must(Like, far, &ReactionDraft{Post: mine.ID}, quiet)
		r.wantTold()
		r.wantNotes(alice)
	})
}

func TestBoost(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(bob, alice)
		r.follows(alice, far)
		theirs := r.post(far, "theirs")
		r.forget()
		b := r.must(Announce, alice, &PostRef{Post: theirs.ID}).Post
		r.wantFeed(bob, b)
		r.wantSent("Announce post https://far.example/inbox")
		if r.now(theirs).Boosts != 1 || r.events[0].Public {
			t.Errorf("%d boosts, event %+v", r.now(theirs).Boosts, r.events[0])
		}
		r.same(Announce, alice, &PostRef{Post: theirs.ID})
		r.same(Announce, alice, &PostRef{Post: b.ID})
		r.forget()
		r.must(Undo, alice, &Undoing{What: ObjBoost, Post: theirs.ID})
		r.wantSent("Undo boost https://far.example/inbox")
		r.wantTold("delete")
		r.wantFeed(bob)
		r.same(Undo, alice, &Undoing{What: ObjBoost, Post: theirs.ID})
		mine := r.post(alice, "mine")
		r.must(Announce, far, &PostRef{Post: mine.ID}, func(a *Activity) { a.URI = far.URI + "/b/1" })
		r.wantNotes(alice, "reblog carol")
		r.same(Announce, far, &PostRef{Post: mine.ID}, func(a *Activity) { a.URI = far.URI + "/b/1" })
		r.must(Undo, far, &Undoing{What: ObjBoost, Post: mine.ID})
		r.wantNotes(alice)
		if p := r.now(mine); p.Boosts != 0 {
			t.Errorf("%d boosts", p.Boosts)
		}
		r.refused(Forbidden, Announce, bob, &PostRef{Post: r.post(alice, "f", to(Followers)).ID})
		r.refused(Invalid, Announce, bob, &PostRef{Post: mine.ID, Audience: Direct})
		r.forget()
		r.must(Announce, bob, &PostRef{Post: theirs.ID, Audience: LocalOnly})
		r.wantSent()
	})
}

func TestUpdateAndDelete(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(far, alice)
		r.follows(bob, far)
		p := r.post(alice, "one")
		r.must(Announce, bob, &PostRef{Post: p.ID})
		r.must(Announce, far, &PostRef{Post: p.ID}, func(a *Activity) { a.URI = far.URI + "/b/1" })
		r.forget()
		edit := &Draft{Post: Post{ID: p.ID, Content: "<p>two</p>", Source: "two", Audience: Direct}}
		r.must(Update, alice, edit)
		r.wantNotes(bob, "update alice")
		r.wantSent("Update post https://far.example/inbox")
		if now := r.now(p); now.Content != "<p>two</p>" || now.EditedAt == 0 || now.Audience != Public {
			t.Errorf("now %+v", now)
		}
		if edits, err := r.Store.Edits(r.ctx, p.ID); err != nil || len(edits) == 0 || edits[0].Content != "<p>one</p>" {
			t.Errorf("versions %+v, %v", edits, err)
		}
		r.refused(NotFound, Update, bob, edit)
		r.refused(NotFound, Delete, bob, &PostRef{Post: p.ID})
		r.refused(Invalid, Update, alice, &Draft{Post: Post{ID: p.ID}})
		// an older version of a neighbour's changes nothing
		theirs := r.post(far, "theirs")
		late := &Draft{Post: Post{ID: theirs.ID, Content: "<p>b</p>", EditedAt: 2000}}
		r.must(Update, far, late)
		r.same(Update, far, &Draft{Post: Post{ID: theirs.ID, Content: "<p>a</p>", EditedAt: 1000}})
		r.forget()
		r.must(Delete, alice, &PostRef{Post: p.ID})
		r.wantSent("Delete post https://far.example/inbox")
		if _, err := r.Store.Post(r.ctx, p.ID); !IsKind(err, NotFound) {
			t.Errorf("still there: %v", err)
		}
		if at, err := r.Store.Address(r.ctx, p.URI); err != nil || at.State != "gone" {
			t.Errorf("address %+v, %v", at, err)
		}
		if r.who(alice).PostCount != 0 || len(r.notes(bob)) != 0 {
			t.Errorf("%d posts, notes %v", r.who(alice).PostCount, r.notes(bob))
		}
		r.must(Delete, far, &PostRef{Post: theirs.ID})
		r.same(Delete, far, &PostRef{Post: theirs.ID})
		r.refused(NotFound, Delete, alice, &PostRef{Post: p.ID})
	})
}

func TestDeleteActor(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, far := r.actor("alice"), r.actor("carol@far.example")
		r.follows(far, alice)
		r.follows(alice, far)
		theirs := r.post(far, "theirs")
		p := r.post(alice, "mine")
		r.must(Announce, alice, &PostRef{Post: theirs.ID})
		r.forget()
		r.refused(Forbidden, Delete, alice, &ActorRef{far.ID})
		r.must(Delete, alice, &ActorRef{alice.ID})
		r.wantTold("kill", "actor")
		r.wantSent("Delete actor https://far.example/inbox")
		r.refused(Gone, Create, alice, r.draft(alice, "x"))
		if taken := false; true {
			r.write(func(tx Tx) (err error) { taken, err = tx.HandleTaken(r.ctx, "Alice", "home.example"); return err })
			if !taken {
				t.Error("the name can be taken again")
			}
		}
		if _, err := r.PostFor(r.ctx, Viewer{}, p.ID); !IsKind(err, NotFound) {
			t.Errorf("its posts are seen: %v", err)
		}
		for more := true; more; {
			var err error
			more, err = r.CleanActor(r.ctx, alice.ID)
			r.ok(err)
		}
		if _, err := r.Store.Post(r.ctx, p.ID); !IsKind(err, NotFound) || r.now(theirs).Boosts != 0 {
			t.Errorf("left: %v, %d boosts", err, r.now(theirs).Boosts)
		}
		r.must(Delete, far, &ActorRef{far.ID})
		r.same(Delete, far, &ActorRef{far.ID})
	})
}
