package activitypub

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/internal/fetch"
	"engawa/social"
)

func (n *neighbour) note(path, author string, more obj) obj {
	doc := obj{
		"@context": "https://www.w3.org/ns/activitystreams", "id": n.uri(path), "type": "Note", "attributedTo": author,
		"content": "<p>from " + n.domain + "</p>", "published": "2026-11-24T00:00:00Z", "to": []string{Public},
	}
	for k, v := range more {
		doc[k] = v
	}
	return doc
}

func TestActorByHandle(t *testing.T) {
	s := newStreet(t, "far.test", "social.far.test", "evil.test")
	far, split, evil := s.hosts["far.test"], s.hosts["social.far.test"], s.hosts["evil.test"]
	bob := far.live("bob", nil)
	// carol lives at social.far.test and is known as carol@far.test; both say so.
	carol := split.live("carol", nil)
	for _, n := range []*neighbour{split, far} {
		n.putAs("/.well-known/webfinger?resource=acct%3Acarol%40"+n.domain, "application/jrd+json", obj{
			"subject": "acct:carol@far.test", "links": []obj{{"rel": "self", "type": actType, "href": carol}},
		})
	}
	// eve claims a handle of far.test, which does not agree.
	eve := evil.live("eve", nil)
	evil.putAs("/.well-known/webfinger?resource=acct%3Aeve%40evil.test", "application/jrd+json", obj{
		"subject": "acct:bob@far.test", "links": []obj{{"rel": "self", "type": actType, "href": eve}},
	})
	// a handle of evil.test that leads to somebody of far.test.
	evil.finger("thief", "evil.test", bob)
	for _, c := range []struct{ name, domain, uri, handle string }{
		{"bob", "far.test", bob, "bob@far.test"},
		{"BOB", "FAR.test", bob, "bob@far.test"},
		{"carol", "far.test", carol, "carol@far.test"},
		{"carol", "social.far.test", carol, "carol@far.test"},
		{"eve", "evil.test", eve, "eve@evil.test"},
		{"thief", "evil.test", "", ""},
		{"nobody", "far.test", "", ""},
		{"x", "nowhere.test", "", ""},
		{"a b", "far.test", "", ""},
		{"bob", "far.test/path", "", ""},
		{"ghost", "home.test", "", ""},
	} {
		a, err := s.fed.ActorByHandle(s.ctx, c.name, c.domain)
		switch {
		case c.uri == "" && err == nil:
			t.Errorf("%s@%s is %s", c.name, c.domain, a.URI)
		case c.uri != "" && (err != nil || a.URI != c.uri || a.Handle() != c.handle):
			t.Errorf("%s@%s: %+v, %v; want %s as %s", c.name, c.domain, a, err, c.uri, c.handle)
		}
	}
}

func TestPostByURI(t *testing.T) {
	s := newStreet(t, "far.test", "other.test")
	far, other := s.hosts["far.test"], s.hosts["other.test"]
	bob := far.live("bob", nil)
	far.put("/notes/1", far.note("/notes/1", bob, nil))
	far.putAs("/@bob/2", "text/html", []byte(`<html><head><link rel="alternate" type="application/activity+json" href="/notes/2"></head>`))
	far.put("/notes/2", far.note("/notes/2", bob, nil))
	far.putAs("/@bob/3", "text/html", []byte(`<link rel=alternate type="application/activity+json" href="https://other.test/notes/1"><body>`))
	other.put("/notes/1", far.note("/notes/1", bob, nil))                           // says that it is far's
	other.put("/notes/2", obj{"id": far.uri("/notes/9"), "type": "Note"})           // leads to nothing
	other.put("/notes/3", other.note("/notes/3", bob, nil))                         // speaks for another host
	far.putAs("/notes/text", "application/json", far.note("/notes/text", bob, nil)) // an upload, perhaps
	far.handle("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	far.handle("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://127.0.0.1/secret", http.StatusFound)
	})
	far.putAs("/notes/big", actType, []byte(`{"id":"`+far.uri("/notes/big")+`","content":"`+strings.Repeat("x", MaxDocument)+`"}`))
	far.put("/create/1", obj{"id": far.uri("/create/1"), "type": "Create", "actor": bob, "object": far.uri("/notes/1")})
	alice := s.user("alice")
	mine := s.say(alice, social.Post{})
	for _, c := range []struct{ uri, want string }{
		{far.uri("/notes/1"), far.uri("/notes/1")},
		{far.uri("/notes/1#frag"), far.uri("/notes/1")},
		{far.uri("/@bob/2"), far.uri("/notes/2")},
		{far.uri("/create/1"), far.uri("/notes/1")},
		{other.uri("/notes/1"), far.uri("/notes/1")}, // read at its origin
		{mine.URI, mine.URI},
		{mine.URL, mine.URI},
		{mine.URI + "/activity", mine.URI},
		{far.uri("/@bob/3"), ""},
		{other.uri("/notes/2"), ""},
		{other.uri("/notes/3"), ""},
		{far.uri("/notes/text"), ""},
		{far.uri("/loop"), ""},
		{far.uri("/away"), ""},
		{far.uri("/notes/big"), ""},
		{bob, ""},
		{"https://home.test/users/alice/statuses/1", ""},
		{"http://far.test/notes/1", ""},
		{"file:///etc/passwd", ""},
		{"https://192.168.0.1/x", ""},
	} {
		p, err := s.fed.PostByURI(s.ctx, c.uri)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("%s is %s", c.uri, p.URI)
		case c.want != "" && (err != nil || p.URI != c.want):
			t.Errorf("%s: %v; want %s", c.uri, err, c.want)
		case c.want == "" && social.KindOf(err) == social.Temporary:
			t.Errorf("%s: %v may not pass", c.uri, err)
		}
	}
}

// What failed is not asked again for a while, and a host that is blocked never (T50).
func TestLookupsAreBounded(t *testing.T) {
	s := newStreet(t, "far.test", "bad.test")
	far := s.hosts["far.test"]
	for range 4 {
		if _, err := s.fed.PostByURI(s.ctx, far.uri("/gone")); err == nil {
			t.Fatal("found")
		}
	}
	if n := far.asked("GET /gone"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	s.must(s.fed.Home.Store.Write(s.ctx, func(tx social.Tx) error {
		return tx.PutDecision(s.ctx, &social.Decision{ID: 1, Kind: "domain", TargetKind: "domain", Domain: "bad.test", CreatedAt: 1})
	}))
	s.clock.Advance(time.Minute)
	if _, err := s.fed.ActorByURI(s.ctx, "https://bad.test/users/x"); !social.IsKind(err, social.Forbidden) || s.hosts["bad.test"].asked("") != 0 {
		t.Errorf("a blocked host: %v, %d requests", err, s.hosts["bad.test"].asked(""))
	}
}

// A chain of posts that quote one another ends (T48).
func TestQuotesOfQuotesEnd(t *testing.T) {
	s := newStreet(t, "far.test")
	far := s.hosts["far.test"]
	bob := far.live("bob", nil)
	for i := range 30 {
		path := fmt.Sprintf("/notes/%d", i)
		far.put(path, far.note(path, bob, obj{"quoteUrl": far.uri(fmt.Sprintf("/notes/%d", i+1)), "inReplyTo": far.uri(fmt.Sprintf("/notes/%d", i+1))}))
	}
	if _, err := s.fed.PostByURI(s.ctx, far.uri("/notes/0")); err != nil {
		t.Fatal(err)
	}
	if n := far.asked("GET /notes/"); n > 3 {
		t.Errorf("%d posts were fetched for one", n)
	}
}

func TestThreadIsFetchedUpAndDown(t *testing.T) {
	s := newStreet(t, "far.test", "other.test")
	far, other := s.hosts["far.test"], s.hosts["other.test"]
	bob, carol := far.live("bob", nil), other.live("carol", nil)
	far.put("/notes/1", far.note("/notes/1", bob, nil))
	far.put("/notes/2", far.note("/notes/2", bob, obj{"inReplyTo": far.uri("/notes/1"), "replies": far.uri("/notes/2/replies")}))
	far.put("/notes/2/replies", obj{"id": far.uri("/notes/2/replies"), "type": "Collection", "first": obj{
		"type": "CollectionPage", "partOf": far.uri("/notes/2/replies"), "next": far.uri("/notes/2/replies?page=2"),
		"items": []any{far.note("/notes/3", bob, obj{"inReplyTo": far.uri("/notes/2")})},
	}})
	far.put("/notes/2/replies?page=2", obj{"id": far.uri("/notes/2/replies?page=2"), "type": "CollectionPage", "items": []any{
		other.uri("/notes/1"),
		other.note("/notes/forged", carol, obj{"inReplyTo": far.uri("/notes/2")}), // not far's to tell
	}})
	other.put("/notes/1", other.note("/notes/1", carol, obj{"inReplyTo": far.uri("/notes/2")}))
	p, err := s.fed.PostByURI(s.ctx, far.uri("/notes/2"))
	if err != nil {
		t.Fatal(err)
	}
	id := s.fed.Fetch(s.ctx, p)
	if id == "" {
		t.Fatal("nothing to fetch")
	}
	if again := s.fed.Fetch(s.ctx, p); again != id {
		t.Errorf("the same run is %q, then %q", id, again)
	}
	if _, finished, known := s.fed.Result(id); finished || !known {
		t.Errorf("before: finished %v, known %v", finished, known)
	}
	for _, j := range s.queue.take(social.JobThread) {
		if err := s.fed.HandleThread(s.ctx, &j); err != nil {
			t.Fatal(err)
		}
	}
	if n, finished, known := s.fed.Result(id); n != 2 || !finished || !known {
		t.Errorf("after: %d posts, finished %v, known %v; want 2 (the first was read with the post itself)", n, finished, known)
	}
	for _, uri := range []string{far.uri("/notes/1"), far.uri("/notes/3"), other.uri("/notes/1")} {
		if _, err := s.fed.Home.Store.PostByURI(s.ctx, uri); err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
	if _, err := s.fed.Home.Store.PostByURI(s.ctx, other.uri("/notes/forged")); err == nil {
		t.Error("a post was believed that its own server does not have")
	}
	if id := s.fed.Fetch(s.ctx, p); id != "" {
		t.Errorf("fetched again at once: %q", id)
	}
}

func TestProfileIsFilled(t *testing.T) {
	s := newStreet(t, "far.test")
	far := s.hosts["far.test"]
	bob := far.live("bob", nil)
	far.put("/users/bob/outbox", obj{"id": bob + "/outbox", "type": "OrderedCollection", "totalItems": 321, "first": bob + "/outbox?page=true"})
	far.put("/users/bob/outbox?page=true", obj{"id": bob + "/outbox?page=true", "type": "OrderedCollectionPage", "partOf": bob + "/outbox", "orderedItems": []any{
		obj{"type": "Create", "actor": bob, "object": far.note("/notes/1", bob, nil)},
		obj{"type": "Announce", "actor": bob, "object": far.uri("/notes/7")},
	}})
	far.put("/users/bob/featured", obj{"id": bob + "/featured", "type": "OrderedCollection", "orderedItems": []any{far.uri("/notes/2")}})
	far.put("/notes/2", far.note("/notes/2", bob, nil))
	far.put("/users/bob/followers", obj{"id": bob + "/followers", "type": "OrderedCollection", "totalItems": 1e12})
	a, err := s.fed.ActorByHandle(s.ctx, "bob", "far.test")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a job may run twice
		if err := s.fed.HandleProfile(s.ctx, &social.Job{Kind: social.JobProfile, Ref: a.ID}); err != nil {
			t.Fatal(err)
		}
	}
	a, err = s.fed.Home.Store.Actor(s.ctx, a.ID)
	if err != nil || a.PostCount != 321 || a.Followers != maxTotal {
		t.Errorf("counts are %d posts, %d followers, %v", a.PostCount, a.Followers, err)
	}
	if pins, err := s.fed.Home.Store.Pins(s.ctx, a.ID); err != nil || len(pins) != 1 {
		t.Errorf("pins %v, %v", pins, err)
	}
	if p, err := s.fed.Home.Store.PostByURI(s.ctx, far.uri("/notes/1")); err != nil || p.Actor != a.ID {
		t.Errorf("the post of the outbox: %v", err)
	}
}

func TestAlternateOf(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{`<link rel="alternate" type="application/activity+json" href="/a">`, "https://x.test/a"},
		{`<link href='https://x.test/a' type='application/ld+json; profile="https://www.w3.org/ns/activitystreams"' rel='me alternate'>`, "https://x.test/a"},
		{`<link rel="alternate" type="application/activity+json" href="https://y.test/a">`, ""},
		{`<link rel="alternate" type="application/rss+xml" href="/a">`, ""},
		{`<body><link rel="alternate" type="application/activity+json" href="/a">`, ""},
		{`<link rel="alternate" type="application/activity+json" href="javascript:1">`, ""},
		{``, ""},
	} {
		if got := alternateOf("https://x.test/@a/1", []byte(c.page)); got != c.want {
			t.Errorf("%s: %q, want %q", c.page, got, c.want)
		}
	}
}

func TestReadJRD(t *testing.T) {
	self := `"links":[{"rel":"self","type":"application/activity+json","href":"https://x.test/u"}]`
	for _, c := range []struct {
		doc  string
		want string
	}{
		{`{"subject":"acct:a@x.test",` + self + `}`, "a@x.test https://x.test/u"},
		{`{"subject":"acct:a@X.TEST",` + self + `}`, "a@x.test https://x.test/u"},
		{`{"subject":"acct:@",` + self + `}`, ""},
		{`{"subject":"https://x.test/u",` + self + `}`, ""},
		{`{"subject":"acct:a@x.test","links":[{"rel":"self","type":"text/html","href":"https://x.test/u"}]}`, ""},
		{`{"subject":"acct:a@x.test","links":[{"rel":"self","type":"application/activity+json","href":"data:x"}]}`, ""},
		{`{"subject":"acct:a@x.test"}`, ""},
		{`nothing`, ""},
	} {
		f, err := readJRD([]byte(c.doc), "x.test")
		got := ""
		if err == nil {
			got = f.name + "@" + f.domain + " " + f.self
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.doc, got, c.want)
		}
	}
	if !fetch.ActivityJSON(actType) {
		t.Error("the type of the tests is none")
	}
}
