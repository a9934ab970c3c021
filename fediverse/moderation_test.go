package fediverse

import (
	"testing"

	"engawa/auth"
	"engawa/social"
)

// staff makes somebody of the staff, with a token for all that the staff may do.
func (w *World) staff(handle string, role social.Role) *Person {
	w.tb.Helper()
	p := w.Person(handle)
	h := p.Home
	err := h.Server.Home.Store.Write(w.ctx, func(tx social.Tx) error {
		u, err := tx.User(w.ctx, p.ID)
		if err != nil {
			return err
		}
		next := *u
		next.Role = role
		return tx.PutUser(w.ctx, &next)
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	scopes := []string{"read", "write", "follow", "admin:read", "admin:write"}
	app, err := h.Auth.Register(w.ctx, auth.Registration{Name: "desk", RedirectURIs: []string{auth.OOB}, Scopes: scopes})
	if err != nil {
		w.tb.Fatal(err)
	}
	tok, err := h.Auth.NewToken(w.ctx, app.ID, p.ID, scopes, "")
	if err != nil {
		w.tb.Fatal(err)
	}
	p.Token = tok.Text
	return p
}

// decides is what a moderator does about somebody, everywhere it has effects.
func (p *Person) decides(about *Person, path string, body any) {
	p.tb.Helper()
	p.Call("POST", "/api/v1/admin/accounts/"+p.idOf(about)+path, body)
	p.Home.w.Settle()
}

// shows reports whether a post stands where p looks for it.
func (p *Person) shows(place string, uri any) bool {
	p.tb.Helper()
	for _, s := range p.List(place) {
		if s["uri"] == uri {
			return true
		}
	}
	return false
}

// opens reports whether p may open a post that its home knows.
func (p *Person) opens(uri any) bool {
	p.tb.Helper()
	found := p.Call("GET", "/api/v2/search?type=statuses&q="+escape(uri.(string)), nil)
	list, _ := found["statuses"].([]any)
	return len(list) > 0
}

const (
	homeTimeline = "/api/v1/timelines/home"
	everybodys   = "/api/v1/timelines/public"
)

// Whom moderators suspend vanishes here and at the neighbours', and comes back.
func TestSuspendedHere(t *testing.T) {
	w := New(t, "a.test", "b.test")
	mod, alice, bob, carol := w.staff("mod@a.test", social.Moderator), w.Person("alice@a.test"), w.Person("bob@a.test"), w.Person("carol@b.test")
	bob.Follow(alice)
	carol.Follow(alice)
	uri := alice.Post("still here")["uri"]
	w.Settle()
	check := func(when string, want bool) {
		t.Helper()
		for _, p := range []*Person{bob, carol} {
			if got := p.shows(homeTimeline, uri); got != want {
				t.Errorf("%s: home of %s shows it: %v", when, p.Handle(), got)
			}
			if got := p.opens(uri); got != want {
				t.Errorf("%s: %s opens it: %v", when, p.Handle(), got)
			}
			if got := p.account(alice)["suspended"] == true; got == want {
				t.Errorf("%s: %s reads suspended: %v", when, p.Handle(), got)
			}
		}
		if got := bob.shows(everybodys, uri); got != want {
			t.Errorf("%s: the public timeline shows it: %v", when, got)
		}
	}
	check("before", true)
	mod.decides(alice, "/action", JSON{"type": "suspend", "text": "spam"})
	check("suspended", false)
	if status, _ := alice.Raw("GET", "/api/v1/accounts/verify_credentials", nil); status != 401 {
		t.Errorf("the suspended one's token: %d", status)
	}
	mod.decides(alice, "/unsuspend", nil)
	check("free again", true)
}

// Whom moderators suspend of elsewhere is seen here no more, gets nothing of
// ours, and is heard no more; afterwards all goes on.
func TestSuspendedNeighbour(t *testing.T) {
	w := New(t, "a.test", "b.test")
	mod, alice, carol := w.staff("mod@a.test", social.Moderator), w.Person("alice@a.test"), w.Person("carol@b.test")
	alice.Follow(carol)
	carol.Follow(alice)
	uri := carol.Post("before")["uri"]
	w.Settle()
	if !alice.shows(homeTimeline, uri) || !alice.opens(uri) {
		t.Fatal("the post did not arrive: this test proves nothing")
	}
	mod.decides(carol, "/action", JSON{"type": "suspend"})
	during := carol.Post("during")["uri"]
	private := alice.Post("for followers", JSON{"visibility": "private"})["uri"]
	w.Settle()
	if alice.shows(homeTimeline, uri) || alice.opens(uri) || alice.shows(homeTimeline, during) {
		t.Error("the suspended neighbour is seen")
	}
	if got := carol.relation(alice); got["following"] != false {
		t.Errorf("the suspended neighbour still follows: %v", got)
	}
	if carol.shows(homeTimeline, private) {
		t.Error("the suspended neighbour gets what is for followers")
	}
	mod.decides(carol, "/unsuspend", nil)
	if !alice.shows(homeTimeline, uri) || !alice.opens(uri) {
		t.Error("what was said before does not come back")
	}
	after := carol.Post("after")["uri"]
	w.Settle()
	if !alice.shows(homeTimeline, after) {
		t.Error("what is said afterwards does not arrive")
	}
}

// Suspended here and meanwhile at its own home: lifting ours finds that out.
func TestSuspendedTwice(t *testing.T) {
	w := New(t, "a.test", "b.test")
	mod, theirs, alice, carol := w.staff("mod@a.test", social.Moderator), w.staff("mod@b.test", social.Moderator), w.Person("alice@a.test"), w.Person("carol@b.test")
	alice.Follow(carol)
	uri := carol.Post("before")["uri"]
	w.Settle()
	mod.decides(carol, "/action", JSON{"type": "suspend"})
	theirs.decides(carol, "/action", JSON{"type": "suspend"})
	mod.decides(carol, "/unsuspend", nil)
	if got := alice.account(carol)["suspended"]; got != true || alice.opens(uri) {
		t.Errorf("suspended at its own home, here: %v", got)
	}
	theirs.decides(carol, "/unsuspend", nil)
	if got := alice.account(carol)["suspended"]; got == true || !alice.opens(uri) {
		t.Errorf("free at its own home, here: %v", got)
	}
}

// Rules of domains: limited, their people stay out of public places; suspended,
// nothing is exchanged; without the rule all is as before.
func TestDomainRule(t *testing.T) {
	w := New(t, "a.test", "b.test")
	admin, alice, bob, carol := w.staff("chief@a.test", social.Admin), w.Person("alice@a.test"), w.Person("bob@a.test"), w.Person("carol@b.test")
	alice.Follow(carol)
	first := carol.Post("first")["uri"]
	w.Settle()
	rule := admin.Call("POST", "/api/v1/admin/domain_blocks", JSON{"domain": "b.test", "severity": "silence", "reject_reports": true})
	at := "/api/v1/admin/domain_blocks/" + rule["id"].(string)
	w.Settle()
	second := carol.Post("second")["uri"]
	w.Settle()
	for _, uri := range []any{first, second} {
		if bob.shows(everybodys, uri) || !alice.shows(homeTimeline, uri) || !bob.opens(uri) {
			t.Errorf("limited: %v", uri)
		}
	}
	admin.Call("PUT", at, JSON{"severity": "suspend"})
	w.Settle()
	third := carol.Post("third")["uri"]
	w.Settle()
	for _, uri := range []any{first, second, third} {
		if alice.shows(homeTimeline, uri) || alice.opens(uri) {
			t.Errorf("suspended: %v is seen", uri)
		}
	}
	admin.Call("DELETE", at, nil)
	w.Settle()
	fourth := carol.Post("fourth")["uri"]
	w.Settle()
	for _, uri := range []any{first, second, fourth} {
		if !alice.shows(homeTimeline, uri) || !bob.shows(everybodys, uri) {
			t.Errorf("without the rule: %v is not seen", uri)
		}
	}
}
