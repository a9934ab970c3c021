package activitypub

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"engawa/internal/httpsig"
	"engawa/network"
	"engawa/social"
)

func follow(actor, target, id string) obj {
	return obj{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Follow", "actor": actor, "object": target}
}

func reasonOf(t testing.TB, err error) string {
	t.Helper()
	var d *network.Drop
	if !errors.As(err, &d) {
		t.Fatalf("%v is no Drop", err)
	}
	return d.Reason
}

func TestInboxTakesAFollow(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	if err := far.send(bob, follow(bob, alice.URI, bob+"#follows/1")); err != nil {
		t.Fatal(err)
	}
	a, err := s.fed.Home.Store.ActorByHandle(s.ctx, "bob", "far.test")
	if err != nil || a.URI != bob {
		t.Fatalf("bob is %+v, %v", a, err)
	}
	if f, err := s.fed.Home.Store.Follow(s.ctx, a.ID, alice.ID); err != nil || f.Pending {
		t.Fatalf("the follow is %+v, %v", f, err)
	}
	if n := len(s.queue.take(social.JobFanout)); n != 1 {
		t.Errorf("%d answers on their way, want the Accept", n)
	}
}

func TestInboxKnowsKeysAndDuplicates(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	doc := follow(bob, alice.URI, bob+"#follows/1")
	for i := range 3 {
		if w := s.serve(far.request(bob, doc)); w.Code != http.StatusAccepted {
			t.Fatalf("time %d: %d %s", i, w.Code, w.Body)
		}
	}
	if n := len(s.queue.take(social.JobInbox)); n != 1 {
		t.Errorf("%d rows for one activity", n)
	}
	if n := far.asked("GET /users/bob"); n != 1 {
		t.Errorf("the actor was asked for %d times", n)
	}
}

// TestInboxRefuses is the matrix of mastodon.md 5.2 and T6–T14.
func TestInboxRefuses(t *testing.T) {
	s := newStreet(t, "far.test", "evil.test", "bad.test", "down.test")
	far, evil, alice := s.hosts["far.test"], s.hosts["evil.test"], s.user("alice")
	bob, eve := far.live("bob", nil), evil.live("eve", nil)
	s.hosts["bad.test"].live("mallory", nil)
	s.hosts["down.test"].handle("/users/dan", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s.must(s.fed.Home.Store.Write(s.ctx, func(tx social.Tx) error {
		return tx.PutDecision(s.ctx, &social.Decision{ID: 1, Kind: "domain", TargetKind: "domain", Domain: "bad.test", CreatedAt: 1})
	}))
	good := follow(bob, alice.URI, bob+"#follows/1")
	mallory := "https://bad.test/users/mallory"
	dan := "https://down.test/users/dan"
	for _, c := range []struct {
		name string
		r    func() *http.Request
		want int
		says string
	}{
		{"no signature", func() *http.Request {
			r := far.request(bob, good)
			r.Header.Del("Signature")
			return r
		}, 401, "not signed"},
		{"malformed signature", func() *http.Request {
			r := far.request(bob, good)
			r.Header.Set("Signature", "garbage")
			return r
		}, 400, ""},
		{"two signatures", func() *http.Request {
			r := far.request(bob, good)
			r.Header.Add("Signature", r.Header.Get("Signature"))
			return r
		}, 400, ""},
		{"another body", func() *http.Request {
			r := far.request(bob, good)
			other := far.request(bob, follow(bob, alice.URI, bob+"#follows/2"))
			r.Body, r.ContentLength = other.Body, other.ContentLength
			return r
		}, 401, "digest"},
		{"no digest", func() *http.Request {
			r := far.request(bob, good)
			r.Header.Del("Digest")
			return r
		}, 401, ""},
		{"another path", func() *http.Request {
			r := far.request(bob, good)
			r.URL.Path, r.RequestURI = "/users/alice/inbox", "/users/alice/inbox"
			return r
		}, 401, ""},
		{"another host", func() *http.Request {
			r := far.request(bob, good)
			r.Host = "other.test"
			return r
		}, 401, "not served here"},
		{"an old one", func() *http.Request {
			body := []byte(`{"type":"Follow","actor":"` + bob + `"}`)
			r := httptest.NewRequest(http.MethodPost, "https://home.test/inbox", bytes.NewReader(body))
			r.Header.Set("Content-Type", actType)
			s.must(far.signer(bob+"#main-key").Sign(r, httpsig.Cavage, httpsig.NewDigest(body), s.clock.Now().Add(-2*time.Hour)))
			return r
		}, 401, "held until"},
		{"key of another server", func() *http.Request { return evil.request(bob, good) }, 401, "does not match"},
		{"key that its owner does not have", func() *http.Request {
			r := far.request(bob, good)
			body := mustRead(t, r)
			s.must(far.signer(bob+"#other-key").Sign(r, httpsig.Cavage, httpsig.NewDigest(body), s.clock.Now()))
			return r
		}, 401, "has no key"},
		{"a key of ours", func() *http.Request { return evil.request(alice.URI, good) }, 401, "this home"},
		{"too large", func() *http.Request {
			return far.request(bob, append([]byte(`{"a":"`), append(bytes.Repeat([]byte("x"), maxInbox), `"}`...)...))
		}, 413, "1 MiB"},
		{"a web form", func() *http.Request {
			r := far.request(bob, good)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}, 415, "application/activity+json"},
		{"no JSON", func() *http.Request { return far.request(bob, []byte(`hello`)) }, 400, ""},
		{"no actor", func() *http.Request { return far.request(bob, obj{"type": "Follow"}) }, 400, "actor"},
		{"two members of one name", func() *http.Request {
			return far.request(bob, []byte(`{"type":"Follow","actor":"`+bob+`","actor":"`+eve+`"}`))
		}, 400, ""},
		{"a graph", func() *http.Request { return far.request(bob, obj{"@graph": []obj{good}, "actor": bob}) }, 400, ""},
		{"a blocked actor", func() *http.Request { return far.request(bob, follow(mallory, alice.URI, mallory+"#1")) }, 403, "bad.test"},
		{"a blocked signer", func() *http.Request { return s.hosts["bad.test"].request(mallory, good) }, 403, "bad.test"},
		{"a key server that is down", func() *http.Request {
			return s.hosts["down.test"].request(dan, follow(dan, alice.URI, dan+"#1"))
		}, 503, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := s.serve(c.r())
			if w.Code != c.want || !strings.Contains(w.Body.String(), c.says) || !strings.Contains(w.Body.String(), `{"error":"`) {
				t.Errorf("answered %d %s; want %d and %q", w.Code, w.Body, c.want, c.says)
			}
			if n := len(s.queue.take(social.JobInbox)); n != 0 {
				t.Errorf("%d rows were written", n)
			}
		})
	}
}

// mustRead is the body of a request, which stays readable.
func mustRead(t testing.TB, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// A key server that fails is asked once, not once a POST (T50).
func TestInboxRemembersFailures(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.uri("/users/bob")
	for range 5 {
		if w := s.serve(far.request(bob, follow(bob, alice.URI, bob+"#1"))); w.Code != http.StatusUnauthorized {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if n := far.asked("GET "); n > 2 {
		t.Errorf("%d requests for a key that is not there", n)
	}
	far.live("bob", nil)
	s.clock.Advance(missingAge + time.Second)
	if w := s.serve(far.request(bob, follow(bob, alice.URI, bob+"#1"))); w.Code != http.StatusAccepted {
		t.Errorf("later: %d %s", w.Code, w.Body)
	}
}

// A new key of a known actor is found by reading its document once more.
func TestInboxRefreshesAKey(t *testing.T) {
	s := newStreet(t, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	if err := far.send(bob, follow(bob, alice.URI, bob+"#1")); err != nil {
		t.Fatal(err)
	}
	far.rsa = far.newKeys()[0]
	far.live("bob", nil)
	if err := far.send(bob, obj{"id": bob + "#undo", "type": "Undo", "actor": bob, "object": follow(bob, alice.URI, bob+"#1")}); err != nil {
		t.Fatal(err)
	}
	if n := far.asked("GET /users/bob"); n != 2 {
		t.Errorf("the document was read %d times, want 2", n)
	}
}

// Whoever sends what does not match a known key makes this home ask once, not
// once a POST; and no host is asked for keys without end (T26, T50).
func TestInboxIsNoCannon(t *testing.T) {
	s := newStreet(t, "far.test", "evil.test", "victim.test")
	far, evil, victim, alice := s.hosts["far.test"], s.hosts["evil.test"], s.hosts["victim.test"], s.user("alice")
	bob := far.live("bob", nil)
	if err := far.send(bob, follow(bob, alice.URI, bob+"#1")); err != nil {
		t.Fatal(err)
	}
	before := far.asked("GET ")
	for range 10 {
		if w := s.serve(evil.request(bob, follow(bob, alice.URI, bob+"#2"))); w.Code != http.StatusUnauthorized {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	if n := far.asked("GET ") - before; n > 1 {
		t.Errorf("%d requests for ten forged POSTs", n)
	}
	codes := map[int]int{}
	for i := range 3 * maxMisses {
		who := victim.uri("/users/" + social.ID(i+1).String())
		codes[s.serve(evil.request(who, follow(who, alice.URI, who+"#1"))).Code]++
	}
	if n := victim.asked("GET "); n > 3*maxMisses || codes[http.StatusServiceUnavailable] == 0 {
		t.Errorf("%d requests to somebody who did nothing; answers %v", n, codes)
	}
}

// Delete and Update of an actor nobody knows need no key (mastodon.md 5.2).
func TestInboxFarewell(t *testing.T) {
	s := newStreet(t, "far.test")
	far := s.hosts["far.test"]
	bob := far.uri("/users/bob")
	for _, typ := range []string{"Delete", "Update"} {
		w := s.serve(far.request(bob, obj{"id": bob + "#" + typ, "type": typ, "actor": bob, "object": bob}))
		if w.Code != http.StatusAccepted || far.asked("GET ") != 0 || len(s.queue.take(social.JobInbox)) != 0 {
			t.Errorf("%s: %d, %d requests", typ, w.Code, far.asked("GET "))
		}
	}
}

// An id of another host is remembered apart: nobody can forestall an activity (T52).
func TestInboxIdsBelongToTheirHost(t *testing.T) {
	s := newStreet(t, "far.test", "evil.test")
	far, evil, alice := s.hosts["far.test"], s.hosts["evil.test"], s.user("alice")
	bob, eve := far.live("bob", nil), evil.live("eve", nil)
	id := bob + "#follows/1"
	if err := evil.send(eve, follow(eve, alice.URI, id)); reasonOf(t, err) != "gate" {
		t.Errorf("the forged one: %v", err)
	}
	if err := far.send(bob, follow(bob, alice.URI, id)); err != nil {
		t.Errorf("the real one: %v", err)
	}
}

func BenchmarkInboxAccept(b *testing.B) {
	s := newStreet(b, "far.test")
	far, alice := s.hosts["far.test"], s.user("alice")
	bob := far.live("bob", nil)
	if w := s.serve(far.request(bob, follow(bob, alice.URI, bob+"#0"))); w.Code != http.StatusAccepted {
		b.Fatal(w.Code)
	}
	r := far.request(bob, obj{"id": bob + "#1", "type": "Like", "actor": bob, "object": alice.URI})
	body := mustRead(b, r)
	b.ReportAllocs()
	for b.Loop() {
		// Without the row, and so without the disk: everything before it.
		digest := httpsig.NewDigest(body)
		sig, err := s.fed.signatureOf(r, digest)
		if err != nil {
			b.Fatal(err)
		}
		doc, err := ParseDocument(body)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.fed.verify(s.ctx, sig, digest, uriOf(doc.Get("actor"))); err != nil {
			b.Fatal(err)
		}
	}
}
