package activitypub

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"engawa/internal/httpsig"
	"engawa/internal/proof"
	"engawa/social"
)

func (s *street) json(w *httptest.ResponseRecorder) obj {
	s.Helper()
	var doc obj
	if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
		s.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return doc
}

func TestWants(t *testing.T) {
	const doc, page = `application/activity+json`, `text/html`
	for accept, want := range map[string]bool{
		doc: true, page: false, "": false, "*/*": false, "application/json": true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`: true,
		fetchAccept:                                  true,
		"text/html,application/xhtml+xml,*/*":        false,
		"application/activity+json, text/html":       true,
		"text/html, application/activity+json":       false,
		"text/html;q=0.5, application/activity+json": true,
		"application/activity+json;q=0.5, text/html": false,
		"APPLICATION/ACTIVITY+JSON":                  true,
		"image/png":                                  false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/users/a", nil)
		r.Header.Set("Accept", accept)
		if got := (&Federation{}).Wants(r); got != want {
			t.Errorf("%q: %v", accept, got)
		}
	}
	if !(&Federation{}).Wants(httptest.NewRequest(http.MethodPost, "/users/a/inbox", nil)) {
		t.Error("a POST to an inbox is for a neighbour")
	}
}

const fetchAccept = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

func TestServedDocuments(t *testing.T) {
	s := newStreet(t, "far.test")
	alice := s.user("alice")
	pub, fol := s.say(alice, social.Post{}), s.say(alice, social.Post{Audience: social.Followers})
	loc := s.say(alice, social.Post{Audience: social.LocalOnly})
	gone := s.say(alice, social.Post{})
	_, err := s.fed.Home.Do(s.ctx, &social.Activity{Verb: social.Delete, Actor: alice.ID, Object: &social.PostRef{Post: gone.ID}})
	s.must(err)
	reply := s.say(alice, social.Post{ReplyTo: pub.ID})
	s.user("bob")
	path := func(uri string) string { return strings.TrimPrefix(uri, "https://home.test") }
	for _, c := range []struct {
		path string
		code int
		typ  string
	}{
		{"/users/alice", 200, "Person"},
		{"/users/ALICE", 200, "Person"},
		{"/@alice", 200, "Person"},
		{"/actor", 200, "Application"},
		{path(pub.URI), 200, "Note"},
		{path(pub.URL), 200, "Note"},
		{path(pub.URI) + "/activity", 200, "Create"},
		{"/users/bob/statuses/" + pub.ID.String(), 404, ""}, // somebody else's
		{path(fol.URI), 404, ""},
		{path(fol.URI) + "/activity", 404, ""},
		{path(loc.URI), 404, ""},
		{path(gone.URI), 410, "Tombstone"},
		{"/users/alice/statuses/1", 404, ""},
		{"/users/nobody", 404, ""},
		{"/users/alice/outbox", 200, "OrderedCollection"},
		{"/users/alice/outbox?page=true", 200, "OrderedCollectionPage"},
		{"/users/alice/followers", 200, "OrderedCollection"},
		{"/users/alice/followers?page=true", 200, "OrderedCollectionPage"},
		{"/users/alice/following", 200, "OrderedCollection"},
		{"/users/alice/collections/featured", 200, "OrderedCollection"},
		{path(pub.URI) + "/replies", 200, "OrderedCollection"},
		{path(pub.URI) + "/replies?page=true", 200, "CollectionPage"},
		{path(pub.URI) + "/likes", 200, "OrderedCollection"},
		{path(pub.URI) + "/shares", 200, "OrderedCollection"},
		{"/users/alice/quote_authorizations/1", 404, ""},
		{"/contexts/" + pub.ID.String(), 200, "OrderedCollection"},
		{"/contexts/" + pub.ID.String() + "?page=true", 200, "CollectionPage"},
		{"/actor/outbox", 200, "OrderedCollection"},
		{"/contexts/x", 404, ""},
		{"/whatever", 404, ""},
	} {
		w := s.get(c.path, nil)
		if w.Code != c.code {
			t.Errorf("%s: %d %s, want %d", c.path, w.Code, w.Body, c.code)
			continue
		}
		doc := s.json(w)
		if c.typ != "" && (doc["type"] != c.typ || doc["@context"] == nil) {
			t.Errorf("%s is %v", c.path, doc)
		}
		if cc := w.Header().Get("Cache-Control"); (c.code == 200) != strings.HasPrefix(cc, "public") || !strings.Contains(w.Header().Get("Vary"), "Signature") {
			t.Errorf("%s: Cache-Control %q, Vary %q", c.path, cc, w.Header().Get("Vary"))
		}
	}
	replies := s.json(s.get(path(pub.URI)+"/replies?page=true", nil))
	if items, _ := replies["items"].([]any); len(items) != 1 || items[0] != reply.URI {
		t.Errorf("replies: %v", replies)
	}
	outbox := s.json(s.get("/users/alice/outbox?page=true", nil))
	if items, _ := outbox["orderedItems"].([]any); len(items) != 2 {
		t.Errorf("the outbox shows %d, want the two public ones", len(items))
	}
	ids := s.json(s.get(path(pub.URI), nil))
	if ids["id"] != pub.URI || ids["attributedTo"] != alice.URI {
		t.Errorf("the note is %v", ids)
	}
}

// What is signed now can be proved after a home is gone (design, section 5).
func TestDocumentsCarryProofs(t *testing.T) {
	s := newStreet(t)
	alice := s.user("alice")
	p := s.say(alice, social.Post{})
	for _, uri := range []string{p.URI, alice.URI} {
		body := s.get(strings.TrimPrefix(uri, "https://home.test"), nil).Body.Bytes()
		pr, err := proof.Parse(body)
		if err == nil {
			err = pr.Verify(s.public(alice.URI+"#ed25519-key"), s.clock.Now())
		}
		if err != nil {
			t.Errorf("%s: %v", uri, err)
		}
	}
}

func (n *neighbour) signedGet(actor string) func(*http.Request) {
	return func(r *http.Request) {
		n.s.must(n.signer(actor+"#main-key").Sign(r, httpsig.Cavage, nil, n.s.clock.Now()))
	}
}

func TestWhoMaySee(t *testing.T) {
	s := newStreet(t, "far.test", "bad.test")
	far, bad, alice := s.hosts["far.test"], s.hosts["bad.test"], s.user("alice")
	bob := s.followed(far, "bob", alice)
	eve := far.live("eve", nil)
	mallory := bad.live("mallory", nil)
	s.must(s.fed.Home.Store.Write(s.ctx, func(tx social.Tx) error {
		return tx.PutDecision(s.ctx, &social.Decision{ID: 1, Kind: "domain", TargetKind: "domain", Domain: "bad.test", CreatedAt: 1})
	}))
	s.clock.Advance(blocksAge * 2)
	pub, fol := s.say(alice, social.Post{}), s.say(alice, social.Post{Audience: social.Followers})
	for _, c := range []struct {
		who, path  string
		edit       func(*http.Request)
		code, auth int // without and with authorised fetch
	}{
		{"a stranger", pub.URI, nil, 200, 401},
		{"a stranger", fol.URI, nil, 404, 401},
		{"a follower", pub.URI, far.signedGet(bob), 200, 200},
		{"a follower", fol.URI, far.signedGet(bob), 200, 200},
		{"a neighbour", fol.URI, far.signedGet(eve), 404, 404},
		{"a blocked one", pub.URI, bad.signedGet(mallory), 403, 403},
		{"a forger", fol.URI, bad.signedGet(bob), 404, 401},
		{"a stranger", "https://home.test/actor", nil, 200, 200},
		{"a stranger", alice.URI, nil, 200, 401},
		{"a stranger", alice.URI + "/outbox", nil, 200, 401},
	} {
		for _, auth := range []bool{false, true} {
			s.fed.AuthorizedFetch = auth
			want := c.code
			if auth {
				want = c.auth
			}
			w := s.get(strings.TrimPrefix(c.path, "https://home.test"), c.edit)
			if w.Code != want {
				t.Errorf("%s asks for %s, authorised fetch %v: %d %s, want %d", c.who, c.path, auth, w.Code, w.Body, want)
			}
			if c.edit != nil && strings.Contains(w.Header().Get("Cache-Control"), "public") {
				t.Errorf("the answer to %s may be kept: %q", c.who, w.Header().Get("Cache-Control"))
			}
		}
	}
	if n := bad.asked(""); n != 0 {
		t.Errorf("%d requests to a blocked host", n)
	}
}

func TestGetWebFinger(t *testing.T) {
	s := newStreet(t)
	s.user("alice")
	carol := s.user("carol")
	_, err := s.fed.Home.Do(s.ctx, &social.Activity{Verb: social.Delete, Actor: carol.ID, Object: &social.ActorRef{Actor: carol.ID}})
	s.must(err)
	for _, c := range []struct {
		resource string
		code     int
		self     string
	}{
		{"acct:alice@home.test", 200, "https://home.test/users/alice"},
		{"acct:Alice@HOME.test", 200, "https://home.test/users/alice"},
		{"alice@home.test", 200, "https://home.test/users/alice"},
		{"@alice@home.test", 200, "https://home.test/users/alice"},
		{"acct:home.test@home.test", 200, "https://home.test/actor"},
		{"https://home.test/users/alice", 200, "https://home.test/users/alice"},
		{"https://home.test/@alice", 200, "https://home.test/users/alice"},
		{"https://home.test/", 200, "https://home.test/actor"},
		{"acct:carol@home.test", 410, ""},
		{"acct:nobody@home.test", 404, ""},
		{"acct:alice@other.test", 404, ""},
		{"https://other.test/@alice", 404, ""},
		{"https://home.test/users/alice/statuses/1", 404, ""},
		{"", 400, ""},
		{"acct:alice", 400, ""},
		{"acct:@home.test", 400, ""},
	} {
		w := s.get("/.well-known/webfinger?resource="+strings.ReplaceAll(c.resource, "@", "%40"), nil)
		if w.Code != c.code {
			t.Errorf("%s: %d %s, want %d", c.resource, w.Code, w.Body, c.code)
			continue
		}
		if c.code != 200 {
			continue
		}
		f, err := readJRD(w.Body.Bytes(), "home.test")
		if err != nil || f.self != c.self || w.Header().Get("Content-Type") != "application/jrd+json; charset=utf-8" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %+v, %v, %v", c.resource, f, err, w.Header())
		}
	}
	want := `{"subject":"acct:alice@home.test","aliases":["https://home.test/@alice","https://home.test/users/alice"],"links":[` +
		`{"rel":"http://webfinger.net/rel/profile-page","type":"text/html","href":"https://home.test/@alice"},` +
		`{"rel":"self","type":"application/activity+json","href":"https://home.test/users/alice"},` +
		`{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://home.test/authorize_interaction?uri={uri}"},` +
		`{"rel":"https://w3id.org/fep/3b86/Object","template":"https://home.test/authorize_interaction?uri={object}"}]}` + "\n"
	if got := s.get("/.well-known/webfinger?resource=acct:alice@home.test", nil).Body.String(); got != want {
		t.Errorf("WebFinger answers\n%s, want\n%s", got, want)
	}
}

func TestHostMetaAndNodeInfo(t *testing.T) {
	s := newStreet(t)
	s.user("alice")
	html := func(r *http.Request) { r.Header.Set("Accept", "*/*") }
	if w := s.get("/.well-known/host-meta", html); !strings.Contains(w.Body.String(), `template="https://home.test/.well-known/webfinger?resource={uri}"`) || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/xrd+xml") {
		t.Errorf("host-meta: %v %s", w.Header(), w.Body)
	}
	for _, path := range []string{"/.well-known/host-meta.json", "/.well-known/host-meta"} {
		w := s.get(path, func(r *http.Request) { r.Header.Set("Accept", "application/json") })
		if doc := s.json(w); doc["links"].([]any)[0].(obj)["template"] != "https://home.test/.well-known/webfinger?resource={uri}" {
			t.Errorf("%s: %v", path, doc)
		}
	}
	links := s.json(s.get("/.well-known/nodeinfo", html))["links"].([]any)
	for i, version := range []string{"2.0", "2.1"} {
		l := links[i].(obj)
		if l["rel"] != "http://nodeinfo.diaspora.software/ns/schema/"+version || l["href"] != "https://home.test/nodeinfo/"+version {
			t.Errorf("links: %v", links)
		}
		doc := s.json(s.get("/nodeinfo/"+version, html))
		if doc["version"] != version || doc["software"].(obj)["name"] != "engawa" ||
			doc["metadata"].(obj)["upstream"].(obj)["name"] != "mastodon" || doc["usage"].(obj)["users"].(obj)["total"] != 1.0 ||
			doc["protocols"].([]any)[0] != "activitypub" || doc["services"].(obj)["inbound"] == nil {
			t.Errorf("nodeinfo %s: %v", version, doc)
		}
	}
	if w := s.get("/nodeinfo/1.0", html); w.Code != http.StatusNotFound {
		t.Errorf("nodeinfo 1.0: %d", w.Code)
	}
	if w := s.get("/manifest.json", html); w.Code != http.StatusOK || s.json(w)["name"] != "Home" {
		t.Errorf("the manifest: %d %s", w.Code, w.Body)
	}
}

// Addresses are looked up: an alias answers as the thing, a redirect leads to it.
func TestAddressesAreLookedUp(t *testing.T) {
	s := newStreet(t)
	alice := s.user("alice")
	p := s.say(alice, social.Post{})
	s.must(s.fed.Home.Store.Write(s.ctx, func(tx social.Tx) error {
		for _, a := range []social.Address{
			{URI: "https://home.test/notes/old", Kind: "post", Target: p.ID, State: "alias"},
			{URI: "https://home.test/?p=12", Kind: "post", Target: p.ID, State: "alias"},
			{URI: "https://home.test/notes/moved", Kind: "post", Target: p.ID, State: "redirect"},
			{URI: "https://home.test/author/alice", Kind: "actor", Target: alice.ID, State: "alias"},
		} {
			if err := tx.PutAddress(s.ctx, a); err != nil {
				return err
			}
		}
		return nil
	}))
	for path, id := range map[string]string{"/notes/old": p.URI, "/?p=12": p.URI, "/author/alice": alice.URI} {
		if w := s.get(path, nil); w.Code != http.StatusOK || s.json(w)["id"] != id {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := s.get("/notes/moved", nil); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != p.URI {
		t.Errorf("moved: %d %v", w.Code, w.Header())
	}
}

func BenchmarkServeNote(b *testing.B) {
	s := newStreet(b)
	p := s.say(s.user("alice"), social.Post{})
	path := strings.TrimPrefix(p.URI, "https://home.test")
	b.ReportAllocs()
	for b.Loop() {
		if w := s.get(path, nil); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
