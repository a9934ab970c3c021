package activitypub

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"engawa/internal/httpsig"
	"engawa/internal/keys"
	"engawa/network"
	"engawa/social"
)

// fanned lets alice say something that far.test's bob gets, and returns the
// deliveries. bob follows alice.
func (s *street) fanned(alice *social.Actor) []social.Job {
	s.Helper()
	for _, j := range s.queue.take(social.JobFanout) {
		s.must(s.fed.Fanout(s.ctx, &j))
	}
	s.queue.take(social.JobDeliver)
	s.say(alice, social.Post{})
	for _, j := range s.queue.take(social.JobFanout) {
		s.must(s.fed.Fanout(s.ctx, &j))
	}
	return s.queue.take(social.JobDeliver)
}

func (s *street) followed(n *neighbour, name string, by *social.Actor) string {
	s.Helper()
	actor := n.live(name, nil)
	s.must(n.send(actor, follow(actor, by.URI, actor+"#follows/1")))
	return actor
}

func TestFanoutAndDeliver(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	s.followed(far, "bob", alice)
	var got *Incoming
	origins, err := httpsig.NewOrigins("https://far.test")
	s.must(err)
	far.inbox = func(w http.ResponseWriter, r *http.Request, body []byte) {
		sig, err := httpsig.Parse(r)
		if err == nil {
			err = sig.Verify(s.public(sig.KeyID), httpsig.NewDigest(body), s.clock.Now(), origins)
		}
		if err != nil || sig.Scheme != httpsig.Cavage {
			t.Errorf("the delivery is not signed: %v", err)
		}
		if got, err = Decode(body); err != nil {
			t.Errorf("the body: %v", err)
		}
		w.WriteHeader(http.StatusAccepted)
	}
	jobs := s.fanned(alice)
	if len(jobs) != 1 {
		t.Fatalf("%d deliveries, want one", len(jobs))
	}
	j := jobs[0]
	if j.Host != "far.test" || j.Target != far.uri("/inbox") || j.Key != "far.test|"+alice.ID.String() || j.Network != "activitypub" {
		t.Errorf("the job is %+v", j)
	}
	if err := s.fed.Deliver(s.ctx, &j); err != nil {
		t.Fatal(err)
	}
	if got == nil || got.Verb != social.Create || got.Actor != alice.URI {
		t.Errorf("what arrived is %+v", got)
	}
	s.fed.bodies.drop(j.Ref) // as after a restart
	if err := s.fed.Deliver(s.ctx, &j); err != nil {
		t.Errorf("again: %v", err)
	}
}

// public is a public key of ours.
func (s *street) public(keyID string) keys.Public {
	s.Helper()
	row, err := s.fed.Home.Store.KeyByID(s.ctx, keyID)
	s.must(err)
	k, err := keys.ParseDER(row.Public)
	s.must(err)
	return k
}

func TestDeliverOutcomes(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	s.followed(far, "bob", alice)
	j := s.fanned(alice)[0]
	for _, c := range []struct {
		status int
		retry  string
		want   network.Result
	}{
		{200, "", network.Result{Outcome: network.Done}},
		{202, "", network.Result{Outcome: network.Done}},
		{301, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{400, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{401, "", network.Result{Outcome: network.Postponed}},
		{403, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{404, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{408, "", network.Result{Outcome: network.Postponed}},
		{422, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{429, "120", network.Result{Outcome: network.Postponed, After: 2 * time.Minute}},
		{500, "", network.Result{Outcome: network.Failed}},
		{501, "", network.Result{Outcome: network.Dropped, Reason: "refused"}},
		{502, "", network.Result{Outcome: network.FailedHost}},
		{503, "60", network.Result{Outcome: network.Postponed, After: time.Minute}},
		{503, "", network.Result{Outcome: network.FailedHost}},
		{410, "", network.Result{Outcome: network.Dropped, Reason: "gone"}},
	} {
		far.inbox = func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			if c.retry != "" {
				w.Header().Set("Retry-After", c.retry)
			}
			w.WriteHeader(c.status)
		}
		if got := network.ResultOf(s.fed.Deliver(s.ctx, &j)); got != c.want {
			t.Errorf("%d: %+v, want %+v", c.status, got, c.want)
		}
	}
	if h, err := s.fed.Home.Store.Host(s.ctx, "far.test"); err != nil || h.GoneAt == 0 {
		t.Errorf("after 410 of the shared inbox the host is %+v, %v", h, err)
	}
	if jobs := s.fanned(alice); len(jobs) != 0 {
		t.Errorf("%d deliveries to a host that is gone", len(jobs))
	}
	bob := far.uri("/users/bob")
	_ = far.send(bob, obj{"id": bob + "#x", "type": "Like", "actor": bob, "object": alice.URI})
	if h, err := s.fed.Home.Store.Host(s.ctx, "far.test"); err != nil || h.GoneAt != 0 {
		t.Errorf("after it signed something the host is %+v, %v", h, err)
	}
}

func TestDeliverToNobody(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	s.followed(far, "bob", alice)
	j := s.fanned(alice)[0]
	for _, c := range []struct {
		target string
		want   network.Outcome
	}{
		{"https://127.0.0.1/inbox", network.Dropped}, // an address that nobody may send us to
		{"ftp://far.test/inbox", network.Dropped},
		{"https://closed.invalid/inbox", network.FailedHost},
	} {
		k := j
		k.Target, k.Host = c.target, HostOf(c.target)
		got := network.ResultOf(s.fed.Deliver(s.ctx, &k))
		if got.Outcome != c.want && !(c.want == network.FailedHost && got.Outcome == network.Parked) { // no resolver: our own way out
			t.Errorf("%s: %+v, want %v", c.target, got, c.want)
		}
	}
	k := j
	k.Ref = 99
	if got := network.ResultOf(s.fed.Deliver(s.ctx, &k)); got.Outcome != network.Dropped {
		t.Errorf("an Outgoing that is not there: %+v", got)
	}
}

// TestDoubleKnock: a host is signed to by what it is known to verify, and what
// it refuses is tried the other way, once.
func TestDoubleKnock(t *testing.T) {
	for _, c := range []struct {
		name    string
		takes   func(*httpsig.Signature) bool
		hint    bool // the host shows Ed25519 keys
		knocks  [2]int
		learned social.SignatureScheme
	}{
		{"cavage", func(s *httpsig.Signature) bool { return s.Scheme == httpsig.Cavage }, false, [2]int{1, 1}, social.Cavage},
		{"rfc9421", func(s *httpsig.Signature) bool { return s.Scheme == httpsig.RFC9421 && s.Algorithm != "ed25519" }, false, [2]int{2, 1}, social.RFC9421},
		{"ed25519", func(s *httpsig.Signature) bool { return s.Algorithm == "ed25519" }, true, [2]int{1, 1}, social.RFC9421Ed25519},
		{"ed25519 in show only", func(s *httpsig.Signature) bool { return s.Scheme == httpsig.Cavage }, true, [2]int{2, 1}, social.Cavage},
		{"rfc9421 after ed25519", func(s *httpsig.Signature) bool { return s.Scheme == httpsig.RFC9421 && s.Algorithm != "ed25519" }, true, [2]int{3, 1}, social.RFC9421},
		{"nothing", func(*httpsig.Signature) bool { return false }, false, [2]int{2, 2}, social.Cavage},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStreet(t, "far.test")
			far, alice := s.hosts["far.test"], s.user("alice")
			s.followed(far, "bob", alice)
			j := s.fanned(alice)[0]
			if c.hint {
				far.inbox = func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.Header()["Accept-Signature"] = acceptEd }
				s.must(s.fed.Deliver(s.ctx, &j))
			}
			knocks := 0
			far.inbox = func(w http.ResponseWriter, r *http.Request, _ []byte) {
				knocks++
				if sig, err := httpsig.Parse(r); err != nil || !c.takes(sig) {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				w.WriteHeader(http.StatusAccepted)
			}
			for i, want := range c.knocks {
				knocks = 0
				err := s.fed.Deliver(s.ctx, &j)
				if knocks != want || (err != nil) != (c.name == "nothing") {
					t.Errorf("delivery %d: %d knocks, want %d; %v", i, knocks, want, err)
				}
			}
			if got := s.fed.hosts.of(s.ctx, "far.test").scheme; got != c.learned {
				t.Errorf("learnt %q, want %q", got, c.learned)
			}
			row, err := s.fed.Home.Store.Host(s.ctx, "far.test")
			if c.learned != social.Cavage && (err != nil || row.Signature != c.learned) {
				t.Errorf("kept %+v, %v", row, err)
			}
		})
	}
}

func TestSharedInbox(t *testing.T) {
	for inbox, want := range map[string]bool{
		"https://x.test/inbox": true, "https://x.test/f/inbox": true, "https://x.test/users/a/inbox": false,
		"https://x.test/inbox?user=a": false, "https://x.test/u/1/inbox": false, "": false,
	} {
		if got := sharedInbox(inbox); got != want {
			t.Errorf("%s: %v", inbox, got)
		}
	}
}

// silent takes what is sent and answers 202, without a network in between.
func benchDeliver(b *testing.B, scheme social.SignatureScheme) {
	s := newStreet(b, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	s.followed(far, "bob", alice)
	j := s.fanned(alice)[0]
	p, err := s.fed.preparedFor(s.ctx, j.Ref)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		// All of Deliver but the connection: look-ups, headers, signature.
		if s.fed.blocked(s.ctx, j.Host) {
			b.Fatal("blocked")
		}
		if _, err := s.fed.preparedFor(s.ctx, j.Ref); err != nil {
			b.Fatal(err)
		}
		s.fed.hosts.choose(s.ctx, j.Host, true)
		r := httptest.NewRequest(http.MethodPost, j.Target, nil)
		r.Header.Set("Content-Type", actType)
		if err := s.fed.sign(p.by, scheme, p.digest)(r); err != nil {
			b.Fatal(err)
		}
		s.fed.hosts.worked(s.ctx, j.Host, social.Cavage)
	}
}

func BenchmarkDeliverRSA(b *testing.B)     { benchDeliver(b, social.Cavage) }
func BenchmarkDeliverEd25519(b *testing.B) { benchDeliver(b, social.RFC9421Ed25519) }

func BenchmarkDeliverOverTLS(b *testing.B) {
	s := newStreet(b, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	s.followed(far, "bob", alice)
	j := s.fanned(alice)[0]
	far.inbox = func(w http.ResponseWriter, _ *http.Request, body []byte) { w.WriteHeader(http.StatusAccepted) }
	b.ReportAllocs()
	for b.Loop() {
		if err := s.fed.Deliver(s.ctx, &j); err != nil {
			b.Fatal(err)
		}
	}
}
