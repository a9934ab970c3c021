package social_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	. "engawa/social"
)

// staff makes a User of this role.
func (r *rig) staff(name string, role Role) *User {
	r.t.Helper()
	a := r.actor(name)
	u := &User{ID: a.ID, Email: name + "@mail.example", Role: role, ConfirmedAt: 1, ApprovedAt: 1}
	r.write(func(tx Tx) error { return tx.PutUser(r.ctx, u) })
	return u
}

// enforce runs the JobEnforce that wait, and says what they carried on.
func (r *rig) enforce() (targets []string) {
	r.t.Helper()
	jobs := r.jobs
	r.jobs = nil
	for i := range jobs {
		if jobs[i].Kind == JobEnforce {
			targets = append(targets, jobs[i].Target)
			r.ok(r.Enforce(r.ctx, &jobs[i]))
			r.ok(r.Enforce(r.ctx, &jobs[i])) // without harm
		}
	}
	return targets
}

func (r *rig) sees(who *Actor, p *Post) bool {
	_, err := r.PostFor(r.ctx, Viewer{Actor: who.ID, User: true}, p.ID)
	return err == nil
}

func (r *rig) again(a *Actor) *Actor {
	r.t.Helper()
	got, err := r.Store.Actor(r.ctx, a.ID)
	r.ok(err)
	return got
}

func TestSuspend(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod := r.staff("mod", Moderator)
		alice, bob, carol := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(bob, alice)
		r.follows(carol, alice)
		p := r.post(alice, "hello")
		r.write(func(tx Tx) error {
			if err := tx.PutSession(r.ctx, &Session{Hash: []byte("s"), User: alice.ID, ExpiresAt: 1 << 50}); err != nil {
				return err
			}
			return tx.PutToken(r.ctx, &Token{ID: 5, Hash: []byte("t"), App: 1, User: alice.ID})
		})
		rep := r.must(Flag, bob, &Complaint{Report{Target: alice.ID}}).Report
		r.forget()
		d, err := r.Moderate(r.ctx, Moderation{By: mod, Kind: DecideSuspend, Target: alice.ID, Report: rep.ID, Reason: "spam", Tell: true})
		r.ok(err)
		if r.sees(bob, p) || r.again(alice).Suspended != d.ID {
			t.Error("a suspended one is seen")
		}
		if _, err := r.Store.SessionByHash(r.ctx, []byte("s")); !IsKind(err, NotFound) {
			t.Errorf("the session holds: %v", err)
		}
		if k, err := r.Store.TokenByHash(r.ctx, []byte("t")); err != nil || k.RevokedAt == 0 {
			t.Errorf("the token holds: %+v %v", k, err)
		}
		if !slices.Contains(r.told(), "kill") || !slices.Contains(r.told(), "actor") {
			t.Errorf("told %v", r.told())
		}
		r.wantSent("Update actor https://far.example/inbox")
		if got, err := r.Store.Report(r.ctx, rep.ID); err != nil || got.ClosedBy != mod.ID || got.Assigned != mod.ID {
			t.Errorf("the report: %+v %v", got, err)
		}
		r.refused(Forbidden, Create, alice, r.draft(alice, "still here"))
		r.forget()
		r.ok(r.Lift(r.ctx, mod, DecideSuspend, alice.ID))
		r.wantSent("Update actor https://far.example/inbox")
		if !r.sees(bob, p) || r.again(alice).Suspended != 0 {
			t.Error("the suspension stays")
		}
		if got, err := r.Store.Decision(r.ctx, d.ID); err != nil || got.UndoneBy != mod.ID || got.UndoneAt == 0 || got.Reason != "spam" {
			t.Errorf("the decision: %+v %v", got, err)
		}
		if err := r.Lift(r.ctx, mod, DecideSuspend, alice.ID); !IsKind(err, Forbidden) {
			t.Errorf("unsuspended twice: %v", err)
		}
		log, err := r.Store.Audit(r.ctx, Page{Limit: 9})
		r.ok(err)
		var words []string
		for _, e := range log {
			words = append(words, e.Action)
		}
		if !slices.Equal(words, []string{"unsuspend", "resolve", "suspend"}) {
			t.Errorf("the log says %v", words)
		}
		r.wantNotes(alice, "moderation_warning home.example")
	})
}

func TestModerationRanks(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod, other, admin, member := r.staff("mod", Moderator), r.staff("other", Moderator), r.staff("chief", Admin), r.staff("member", Member)
		far := r.actor("carol@far.example")
		server, err := r.Store.ServerActor(r.ctx, r.Info.ID)
		r.ok(err)
		for name, c := range map[string]struct {
			m    Moderation
			kind Kind
		}{
			"a member":       {Moderation{By: member, Kind: DecideLimit, Target: far.ID}, Forbidden},
			"an equal":       {Moderation{By: mod, Kind: DecideSuspend, Target: other.ID}, Forbidden},
			"a superior":     {Moderation{By: mod, Kind: DecideLimit, Target: admin.ID}, Forbidden},
			"the home":       {Moderation{By: admin, Kind: DecideSuspend, Target: server.ID}, Forbidden},
			"nobody":         {Moderation{By: admin, Kind: DecideSuspend, Target: 1}, NotFound},
			"no such thing":  {Moderation{By: admin, Kind: "tickle", Target: far.ID}, Invalid},
			"another report": {Moderation{By: admin, Kind: DecideWarn, Target: far.ID, Report: 9}, NotFound},
			"far, disabled":  {Moderation{By: admin, Kind: DecideDisable, Target: far.ID}, Forbidden},
		} {
			if _, err := r.Moderate(r.ctx, c.m); !IsKind(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, kind := range []string{DecideWarn, DecideSensitive, DecideLimit, DecideDisable, DecideSuspend} {
			_, err := r.Moderate(r.ctx, Moderation{By: admin, Kind: kind, Target: mod.ID})
			r.ok(err)
		}
		a := r.again(&Actor{ID: mod.ID})
		u, err := r.Store.User(r.ctx, mod.ID)
		r.ok(err)
		if a.Suspended == 0 || a.Limited == 0 || a.MarkSensitive == 0 || u.DisabledAt == 0 {
			t.Errorf("%+v %+v", a, u)
		}
		for _, kind := range []string{DecideSensitive, DecideLimit, DecideDisable, DecideSuspend} {
			r.ok(r.Lift(r.ctx, admin, kind, mod.ID))
		}
		in, err := r.Store.Decisions(r.ctx, "actor", mod.ID, "")
		if err != nil || len(in) != 1 || in[0].Kind != DecideWarn {
			t.Errorf("still in force: %+v %v", in, err)
		}
	})
}

func TestDecisionEnds(t *testing.T) {
	onBoth(t, func(r *rig) {
		admin, bob := r.staff("chief", Admin), r.actor("bob")
		until := r.clock.Now().Add(time.Hour).UnixMilli()
		for _, kind := range []string{DecideLimit, DecideDisable} {
			_, err := r.Moderate(r.ctx, Moderation{By: admin, Kind: kind, Target: bob.ID, Until: until})
			r.ok(err)
		}
		jobs := slices.Clone(r.jobs)
		r.enforce()
		if r.again(bob).Limited == 0 {
			t.Error("it ended too early")
		}
		r.clock.Advance(2 * time.Hour)
		r.jobs = jobs
		r.enforce()
		u, err := r.Store.User(r.ctx, bob.ID)
		if err != nil || r.again(bob).Limited != 0 || u.DisabledAt != 0 {
			t.Errorf("it did not end: %+v %v", u, err)
		}
	})
}

func TestSuspendFar(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod, alice, bob, carol := r.staff("mod", Moderator), r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(carol, alice)
		r.follows(carol, bob)
		r.follows(bob, carol)
		p := r.post(carol, "hello")
		r.forget()
		_, err := r.Moderate(r.ctx, Moderation{By: mod, Kind: DecideSuspend, Target: carol.ID})
		r.ok(err)
		if r.sees(bob, p) {
			t.Error("a suspended neighbour is seen")
		}
		r.wantSent()
		if got := r.enforce(); !slices.Equal(got, []string{"follows"}) {
			t.Errorf("carried on %v", got)
		}
		r.wantSent("Reject follow https://far.example/users/carol/inbox", "Reject follow https://far.example/users/carol/inbox")
		if a := r.again(alice); a.Followers != 0 {
			t.Errorf("%d followers", a.Followers)
		}
		r.refused(Forbidden, Create, carol, r.draft(carol, "again"))
		r.ok(r.Lift(r.ctx, mod, DecideSuspend, carol.ID))
		if !r.sees(bob, p) {
			t.Error("what was said before does not come back")
		}
		// what its own home says
		r.must(Update, carol, &Profile{Actor: *r.again(carol), Suspended: true})
		if r.sees(bob, p) {
			t.Error("suspended by its own home, and seen")
		}
		if err := r.Lift(r.ctx, mod, DecideSuspend, carol.ID); !IsKind(err, Forbidden) {
			t.Errorf("lifted what is not ours: %v", err)
		}
		r.must(Update, carol, &Profile{Actor: *r.again(carol)})
		if !r.sees(bob, p) {
			t.Error("free at its own home, and not seen")
		}
	})
}

func TestPurge(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod, admin := r.staff("mod", Moderator), r.staff("chief", Admin)
		alice, bob, carol := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(carol, alice)
		r.follows(bob, carol)
		r.post(carol, "x")
		if err := r.Purge(r.ctx, admin, alice.ID); !IsKind(err, Forbidden) {
			t.Errorf("purged without a suspension: %v", err)
		}
		for _, a := range []*Actor{alice, carol} {
			_, err := r.Moderate(r.ctx, Moderation{By: mod, Kind: DecideSuspend, Target: a.ID})
			r.ok(err)
			if err := r.Purge(r.ctx, mod, a.ID); !IsKind(err, Forbidden) {
				t.Errorf("a moderator may not: %v", err)
			}
		}
		r.forget()
		r.ok(r.Purge(r.ctx, admin, alice.ID))
		r.wantSent("Delete actor https://far.example/inbox")
		if a := r.again(alice); a.State != ActorGone {
			t.Error("it is still there")
		}
		r.ok(r.Purge(r.ctx, admin, carol.ID))
		if more, err := r.CleanActor(r.ctx, carol.ID); err != nil || more {
			t.Errorf("%v %v", more, err)
		}
		for _, a := range []*Actor{alice, carol} {
			if err := r.Purge(r.ctx, admin, a.ID); !IsKind(err, Forbidden) {
				t.Errorf("purged twice: %v", err)
			}
			if err := r.Lift(r.ctx, admin, DecideSuspend, a.ID); !IsKind(err, Forbidden) {
				t.Errorf("unsuspended what is gone: %v", err)
			}
		}
	})
}

func TestDomainRulesObeyed(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod, admin, bob := r.staff("mod", Moderator), r.staff("chief", Admin), r.actor("bob")
		carol, dave := r.actor("carol@far.example"), r.actor("dave@sub.far.example")
		if _, err := r.SetDomainRule(r.ctx, mod, DomainRule{Domain: "far.example", Severity: SeveritySilence}); !IsKind(err, Forbidden) {
			t.Errorf("a moderator: %v", err)
		}
		r.forget()
		rule, err := r.SetDomainRule(r.ctx, admin, DomainRule{Domain: "far.example", Severity: SeveritySilence, RejectMedia: true, RejectReports: true})
		r.ok(err)
		r.enforce()
		if r.again(carol).Limited != rule.Decision || r.again(dave).Limited != rule.Decision {
			t.Error("who is there is not limited")
		}
		r.must(Update, &Actor{}, &Profile{Actor: Actor{URI: "https://far.example/users/eve", Name: "eve", Domain: "far.example", Kind: Person,
			Avatar: Picture{URL: "https://far.example/a.png"}, FetchedAt: 1}}, func(a *Activity) { a.Origin = Federated })
		eve, err := r.Store.ActorByHandle(r.ctx, "eve", "far.example")
		r.ok(err)
		if eve.Limited != rule.Decision || eve.Avatar.URL != "" {
			t.Errorf("who comes later: %+v", eve)
		}
		r.follows(bob, carol)
		d := r.draft(carol, "look")
		d.Media = []Media{{RemoteURL: "https://far.example/p.png", Kind: Image}}
		p := r.must(Create, carol, d).Post
		if media, err := r.Store.MediaOf(r.ctx, p.ID); err != nil || len(media) != 0 || p.MediaCount != 0 {
			t.Errorf("media came in: %v %v", media, err)
		}
		next := *p
		next.EditedAt, next.Content = r.clock.Now().UnixMilli()+1, "<p>look again</p>"
		r.must(Update, carol, &Draft{Post: next, Media: []Media{{RemoteURL: "https://far.example/q.png", Kind: Image}}, ReplaceMedia: true})
		if media, err := r.Store.MediaOf(r.ctx, p.ID); err != nil || len(media) != 0 {
			t.Errorf("media came in with an edit: %v %v", media, err)
		}
		if res, err := r.do(Flag, carol, &Complaint{Report{Target: bob.ID}}); err != nil || res.Done {
			t.Errorf("its reports are heard: %+v %v", res, err)
		}
		r.forget()
		rule.Severity, rule.RejectMedia = SeveritySuspend, false
		rule, err = r.SetDomainRule(r.ctx, admin, *rule)
		r.ok(err)
		r.enforce()
		if a := r.again(carol); a.Limited != 0 || a.Suspended != rule.Decision || r.sees(bob, p) {
			t.Errorf("%+v", a)
		}
		if in, err := r.Store.BlockedDomains(r.ctx); err != nil || len(in) != 1 || in[0].Domain != "far.example" {
			t.Errorf("refused domains: %+v %v", in, err)
		}
		r.forget()
		r.ok(r.Home.DropDomainRule(r.ctx, admin, rule.ID))
		r.enforce()
		if a := r.again(dave); a.Limited != 0 || a.Suspended != 0 || !r.sees(bob, p) {
			t.Errorf("%+v", a)
		}
		if in, err := r.Store.BlockedDomains(r.ctx); err != nil || len(in) != 0 {
			t.Errorf("refused domains: %+v %v", in, err)
		}
	})
}

func TestBarred(t *testing.T) {
	onBoth(t, func(r *rig) {
		admin := r.staff("chief", Admin)
		for _, b := range []Bar{
			{Kind: BarEmailDomain, Value: "bad.example"}, {Kind: BarEmail, Value: CanonicalEmail("some.body+x@mail.example")},
			{Kind: BarAddress, Value: "192.0.2.0/24", Severity: SignUpBlock}, {Kind: BarAddress, Value: "192.0.2.7/32", Severity: SignUpApproval},
			{Kind: BarAddress, Value: "2001:db8::/32", Severity: NoAccess},
		} {
			_, err := r.SetBar(r.ctx, admin, b)
			r.ok(err)
		}
		from := netip.MustParseAddr("192.0.2.9")
		for email, barred := range map[string]bool{
			"a@bad.example": true, "a@mail.BAD.example": true, "a@notbad.example": false, "SomeBody@mail.example": true, "somebody2@mail.example": false,
		} {
			if b, err := r.BarredEmail(r.ctx, email, from); err != nil || (b != nil) != barred {
				t.Errorf("%s: %+v %v", email, b, err)
			}
		}
		for addr, want := range map[string]string{
			"192.0.2.9": SignUpBlock, "192.0.2.7": SignUpApproval, "::ffff:192.0.2.7": SignUpApproval, "198.51.100.1": "", "2001:db8::5": NoAccess,
		} {
			if got, err := r.BarredAddress(r.ctx, netip.MustParseAddr(addr)); err != nil || got != want {
				t.Errorf("%s: %q %v", addr, got, err)
			}
		}
	})
}

func TestSignUpsAreTold(t *testing.T) {
	onBoth(t, func(r *rig) {
		mod := r.staff("mod", Moderator)
		u, a, err := r.CreateUser(r.ctx, NewUser{Name: "newcomer", Email: "n@mail.example", Awaiting: true, Reason: "tea", Address: "192.0.2.1", Announce: true})
		r.ok(err)
		r.wantNotes(&Actor{ID: mod.ID}, "admin.sign_up newcomer")
		got, err := r.Store.User(r.ctx, u.ID)
		if err != nil || got.Reason != "tea" || got.SignUpAddress != "192.0.2.1" {
			t.Errorf("%+v %v", got, err)
		}
		r.ok(r.Refuse(r.ctx, mod, a.ID))
		if err := r.Approve(r.ctx, mod, a.ID); !IsKind(err, NotFound) {
			t.Errorf("approved who was refused: %v", err)
		}
		_, b, err := r.CreateUser(r.ctx, NewUser{Name: "newcomer", Email: "n@mail.example", Awaiting: true})
		r.ok(err)
		r.ok(r.Approve(r.ctx, mod, b.ID))
		if err := r.Refuse(r.ctx, mod, b.ID); !IsKind(err, Forbidden) {
			t.Errorf("refused who was let in: %v", err)
		}
	})
}

func TestDayCounts(t *testing.T) {
	onBoth(t, func(r *rig) {
		alice, bob, carol := r.actor("alice"), r.actor("bob"), r.actor("carol@far.example")
		r.follows(bob, carol)
		p := r.post(alice, "hello")
		r.post(carol, "hello", func(p *Post) { p.Language = "ja" })
		r.must(Like, carol, &ReactionDraft{Post: p.ID})
		r.must(Announce, bob, &PostRef{Post: p.ID})
		r.must(Create, carol, r.draft(carol, "an answer", func(x *Post) { x.ReplyTo, x.ReplyToURI = p.ID, p.URI }))
		r.ok(r.FlushDays(r.ctx))
		r.ok(r.FlushDays(r.ctx))
		day := start.Truncate(24 * time.Hour).UnixMilli()
		for key, want := range map[string]int64{CountInteractions: 3, CountSources: 1, CountServers: 2, CountLanguages + "far.example": 2} {
			got, err := r.Store.DayCounts(r.ctx, key, "*", day, day)
			if err != nil || len(got) != 1 || got[0].N != want {
				t.Errorf("%s: %v %v; want %d", key, got, err, want)
			}
		}
	})
}
