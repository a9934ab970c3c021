package social_test

import (
	"testing"

	. "engawa/social"
)

func TestVote(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(far, alice)
		d := r.draft(alice, "which?")
		end := r.clock.Now().UnixMilli() + 3_600_000
		d.Poll = &Poll{Options: []Option{{Title: "a"}, {Title: "b"}}, ExpiresAt: end}
		p := r.must(Create, alice, d).Post
		r.forget()
		r.must(Create, bob, &Ballot{Post: p.ID, Choices: []int{1}})
		r.must(Create, far, &Ballot{Post: p.ID, Choices: []int{1}, URI: far.URI + "/v/1"})
		if len(r.jobs) != 1 || r.jobs[0].Kind != JobPoll {
			t.Errorf("jobs %+v, want one tally for both votes", r.jobs)
		}
		r.same(Create, far, &Ballot{Post: p.ID, Choices: []int{1}, URI: far.URI + "/v/1"})
		r.refused(Invalid, Create, far, &Ballot{Post: p.ID, Choices: []int{0}})
		r.refused(Invalid, Create, bob, &Ballot{Post: p.ID, Choices: []int{1}})
		r.refused(Invalid, Create, alice, &Ballot{Post: p.ID, Choices: []int{1}})
		r.refused(Invalid, Create, r.actor("dave"), &Ballot{Post: p.ID, Choices: []int{2}})
		poll, err := r.Store.Poll(r.ctx, p.ID)
		r.ok(err)
		if poll.Options[1].Votes != 2 || poll.Options[0].Votes != 0 || poll.Voters != 2 {
			t.Errorf("poll %+v", poll)
		}
		r.clock.Set(start.Add(3 * 3600 * 1e9))
		r.forget()
		r.ok(r.ClosePoll(r.ctx, p.ID))
		r.ok(r.ClosePoll(r.ctx, p.ID))
		r.wantNotes(bob, "poll alice")
		r.wantNotes(alice, "poll alice")
		r.refused(Invalid, Create, r.actor("eve"), &Ballot{Post: p.ID, Choices: []int{0}})
	})
}

func TestPin(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(far, alice)
		p := r.post(alice, "top")
		r.forget()
		r.must(Add, alice, &PostRef{Post: p.ID})
		r.wantSent("Add post https://far.example/inbox")
		r.same(Add, alice, &PostRef{Post: p.ID})
		r.refused(Invalid, Add, bob, &PostRef{Post: p.ID})
		r.refused(Invalid, Add, alice, &PostRef{Post: r.post(alice, "d", to(Direct), naming(bob)).ID})
		for range r.Limits.Pins - 1 {
			r.must(Add, alice, &PostRef{Post: r.post(alice, "more").ID})
		}
		r.refused(Invalid, Add, alice, &PostRef{Post: r.post(alice, "too many").ID})
		if l, err := r.PinnedPosts(r.ctx, Viewer{}, alice.ID); err != nil || len(l.Posts) != r.Limits.Pins {
			t.Errorf("%v, %v", l, err)
		}
		r.forget()
		r.must(Remove, alice, &PostRef{Post: p.ID})
		r.wantSent("Remove post https://far.example/inbox")
		r.same(Remove, alice, &PostRef{Post: p.ID})
	})
}

func TestFlagAndMove(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, mod, far := r.actor("alice"), r.actor("mod"), r.actor("carol@far.example")
		r.write(func(tx Tx) error {
			return tx.PutUser(r.ctx, &User{ID: mod.ID, Email: "mod@mail.example", Role: Moderator, ConfirmedAt: 1, ApprovedAt: 1})
		})
		r.follows(alice, far)
		bad, hidden := r.post(far, "bad"), r.must(Create, far, r.draft(far, "not for Alice", to(Direct), naming(mod))).Post
		r.forget()
		rep := r.must(Flag, alice, &Complaint{Report{Target: far.ID, Posts: []ID{bad.ID, hidden.ID}, Comment: "spam", Forward: true}}).Report
		if len(rep.Posts) != 1 || rep.Posts[0] != bad.ID {
			t.Errorf("reported %v (T58, T73)", rep.Posts)
		}
		r.wantNotes(mod, "mention carol", "admin.report alice")
		r.wantSent("Flag report https://far.example/inbox")
		for _, j := range r.jobs {
			if o, err := r.Store.Outgoing(r.ctx, j.Ref); j.Kind == JobFanout && (err != nil || o.Actor == alice.ID) {
				t.Errorf("the report names who complained: %+v, %v", o, err)
			}
		}
		// moving
		target := r.actor("carol@new.example")
		r.refused(Invalid, Move, far, &Relocation{target.ID})
		target.Aliases = []string{far.URI}
		r.write(func(tx Tx) error { return tx.PutActor(r.ctx, target) })
		r.must(Move, far, &Relocation{target.ID})
		r.same(Move, far, &Relocation{target.ID})
		r.forget()
		r.ok(r.FollowAlong(r.ctx, far.ID))
		r.ok(r.FollowAlong(r.ctx, far.ID))
		r.wantSent("Follow actor https://new.example/users/carol/inbox", "Undo follow https://far.example/users/carol/inbox")
		again := r.actor("carol@third.example", func(a *Actor) { a.Aliases = []string{far.URI} })
		r.refused(Limited, Move, far, &Relocation{again.ID})
	})
}

func TestQuote(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, far, eve := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example"), r.actor("eve@evil.example")
		r.follows(bob, alice)
		r.follows(alice, far)
		open := r.post(alice, "open", func(p *Post) { p.QuotePolicy = QuoteAnyone })
		followers := r.post(alice, "followers", func(p *Post) { p.QuotePolicy = QuoteFollowers })
		quoting := func(q *Post) func(*Post) { return func(p *Post) { p.QuoteOf = q.ID } }
		p := r.post(bob, "look", quoting(followers))
		if p.QuoteState != QuoteAccepted || r.now(followers).Quotes != 1 {
			t.Errorf("state %d, %d quotes", p.QuoteState, r.now(followers).Quotes)
		}
		r.wantNotes(alice, "quote bob")
		r.refused(Invalid, Create, r.actor("dave"), r.draft(bob, "no", quoting(followers)))
		r.refused(Invalid, Create, bob, r.draft(bob, "no", quoting(r.post(alice, "private", to(Followers)))))
		// a neighbour asks, and only for the two posts it names (T80)
		theirs := r.must(Create, far, r.draft(far, "quoting", func(p *Post) { p.QuoteOf, p.QuoteURI = open.ID, open.URI })).Post
		if theirs.QuoteState != QuotePending {
			t.Errorf("state %d before it was asked for", theirs.QuoteState)
		}
		r.forget()
		r.must(QuoteRequest, far, &QuoteAsk{URI: far.URI + "/q/1", Quoting: theirs.ID, QuotingURI: theirs.URI, Quoted: open.ID})
		r.wantSent("Accept quote https://far.example/users/carol/inbox")
		if got := r.now(theirs); got.QuoteState != QuoteAccepted || got.QuoteStamp == "" || r.now(open).Quotes != 1 {
			t.Errorf("%+v, %d quotes", got, r.now(open).Quotes)
		}
		r.forget()
		if res, err := r.do(QuoteRequest, eve, &QuoteAsk{URI: eve.URI + "/q/1", Quoting: theirs.ID, Quoted: open.ID}); err != nil || res.Done {
			t.Errorf("Eve asks for Carol's post: %+v, %v", res, err)
		}
		r.wantSent("Reject quote https://evil.example/users/eve/inbox")
		// taken back: for good
		r.forget()
		r.must(Delete, alice, &QuoteRef{theirs.ID})
		r.wantSent("Delete quote https://far.example/inbox")
		r.forget()
		if res, err := r.do(QuoteRequest, far, &QuoteAsk{URI: far.URI + "/q/2", Quoting: theirs.ID, Quoted: open.ID}); err != nil || res.Done {
			t.Errorf("a revoked quote is stamped again: %+v, %v", res, err)
		}
		r.wantSent("Reject quote https://far.example/users/carol/inbox")
		if got := r.now(theirs); got.QuoteState != QuoteRevoked || r.now(open).Quotes != 0 {
			t.Errorf("state %d, %d quotes", got.QuoteState, r.now(open).Quotes)
		}
		// ours of theirs: asked, accepted
		asked := r.post(far, "ask me", func(p *Post) { p.QuotePolicy = QuoteManual })
		r.forget()
		mine := r.post(alice, "may I", quoting(asked))
		if mine.QuoteState != QuotePending {
			t.Errorf("state %d", mine.QuoteState)
		}
		r.forget()
		r.must(Accept, far, &QuoteAnswer{Quoting: mine.ID, StampURI: far.URI + "/stamps/1"})
		if got := r.now(mine); got.QuoteState != QuoteAccepted || got.QuoteStamp != far.URI+"/stamps/1" {
			t.Errorf("%+v", got)
		}
		r.same(Accept, far, &QuoteAnswer{Quoting: mine.ID, StampURI: far.URI + "/stamps/1"})
	})
}

func TestProfile(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, far := r.actor("alice"), r.actor("carol@far.example")
		r.follows(far, alice)
		next := *alice
		next.DisplayName = "縁"
		r.forget()
		r.must(Update, alice, &Profile{Actor: next})
		r.wantTold("actor")
		r.wantSent("Update actor https://far.example/inbox")
		if got := r.who(alice); got.DisplayName != "縁" || got.Followers != 1 {
			t.Errorf("%+v", got)
		}
		r.refused(Forbidden, Update, far, &Profile{Actor: next})
		// a stranger's profile makes it known, and never touches ours
		stranger := Actor{Name: "new", Domain: "new.example", Kind: Person, URI: "https://new.example/u/new", Inbox: "https://new.example/i"}
		_, err := r.Do(r.ctx, &Activity{Verb: Update, Origin: Federated, Object: &Profile{Actor: stranger}})
		r.ok(err)
		if _, err := r.Store.ActorByHandle(r.ctx, "NEW", "new.example"); err != nil {
			t.Error(err)
		}
		for name, a := range map[string]Actor{
			"by address": {Name: "x", Domain: "evil.example", Kind: Person, URI: alice.URI}, "by handle": {Name: "alice", Domain: "home.example", Kind: Person, URI: "https://evil.example/a"},
			"by id": {ID: alice.ID, Name: "alice", Domain: "home.example", Kind: Person, URI: "https://evil.example/a"},
		} {
			if _, err := r.Do(r.ctx, &Activity{Verb: Update, Origin: Federated, Object: &Profile{Actor: a}}); !IsKind(err, Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := r.who(alice); got.DisplayName != "縁" || got.URI != alice.URI {
			t.Errorf("%+v", got)
		}
	})
}
