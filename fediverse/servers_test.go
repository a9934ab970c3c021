package fediverse

import (
	"net/http"
	"testing"
	"time"

	"engawa/internal/keys"
	"engawa/social"
)

// With the switch on, documents are for who signs; the key of the home is for all.
func TestAuthorisedFetch(t *testing.T) {
	w := Empty(t)
	w.Settings = []string{"ENGAWA_AUTHORIZED_FETCH=true"}
	w.Start("a.test", "b.test")
	alice, bob := w.friends() // two such homes find each other
	said := alice.Post("だれが読む？")
	if bob.fromHome(said["uri"].(string)) == nil {
		t.Error("it did not come")
	}
	for path, want := range map[string]int{said["uri"].(string): 401, alice.URI(): 401, alice.URI() + "/outbox": 401, "https://a.test/actor": 200} {
		res, err := w.Client().Do(activityRequest(t, path))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s answers who does not sign %d, not %d", path, res.StatusCode, want)
		}
	}
}

// A neighbour changes its key: the next activity is taken, the old key no more.
func TestKeyRotation(t *testing.T) {
	s := newScene(t)
	said := s.alice.Post("鍵")
	old := s.good.key
	next, err := keys.Generate(keys.RSA)
	if err != nil {
		t.Fatal(err)
	}
	s.good.key = next
	s.good.person("carol")
	s.good.send(t, "a.test", deed("Like", s.carol, s.carol+"#likes/1", said["uri"]))
	if n := s.alice.status(said["id"])["favourites_count"]; n != 1.0 {
		t.Errorf("%v favourites with the new key", n)
	}
	before := &stranger{w: s.w, domain: "good.test", key: old}
	s.changesNothing(t, 401, "signature", func() *http.Request {
		return before.letter("a.test", s.carol+"#main-key", deed("Undo", s.carol, s.carol+"#undos/1", deed("Like", s.carol, s.carol+"#likes/1", said["uri"])))
	})
}

// Two followers behind one shared inbox get one delivery; who has none gets an own one.
func TestSharedInbox(t *testing.T) {
	s := newScene(t)
	for _, name := range []string{"dora", "emil"} {
		who := s.good.person(name)
		s.good.send(t, "a.test", deed("Follow", who, who+"#follows/1", s.alice.URI()))
	}
	alone := s.evil.person("alone", JSON{"endpoints": JSON{}})
	s.evil.send(t, "a.test", deed("Follow", alone, alone+"#follows/1", s.alice.URI()))
	s.alice.Post("みんなへ")
	if got := s.good.came("Create"); len(got) != 1 || got[0].path != "/inbox" {
		t.Errorf("three followers of one server got %d deliveries", len(got))
	}
	paths := map[string]int{}
	for _, p := range s.evil.came("Create") {
		paths[p.path]++
	}
	if len(paths) != 2 || paths["/inbox"] != 1 || paths["/users/alone/inbox"] != 1 {
		t.Errorf("the other server got %v", paths)
	}
}

// An answer to a post of ours goes on to those who follow its author, as it was signed.
func TestInboxForwarding(t *testing.T) {
	s := newScene(t)
	said := s.alice.Post("こたえて")
	reply := s.good.note(s.carol, "/notes/reply", "はい", JSON{"inReplyTo": said["uri"], "cc": []string{s.alice.URI(), s.alice.URI() + "/followers"}})
	before := len(s.evil.came("Create"))
	s.good.send(t, "a.test", creating(reply))
	got := s.evil.came("Create")[before:]
	if len(got) != 1 || got[0].body["actor"] != s.carol || got[0].body["id"] != reply["id"].(string)+"/activity" {
		t.Fatalf("mallory, who follows alice, got %v", got)
	}
	if n := len(s.good.came("Create")); n != 1 {
		t.Errorf("its own server got it back: %d", n-1)
	}
}

// A server that says that it is gone gets nothing more; when it speaks again, it does.
func TestGoneServer(t *testing.T) {
	s := newScene(t)
	s.good.mu.Lock()
	s.good.takes = http.StatusGone
	s.good.mu.Unlock()
	s.alice.Post("まだいますか")
	n := len(s.good.came("Create"))
	s.alice.Post("いないようです")
	if after := len(s.good.came("Create")); n != 1 || after != n {
		t.Errorf("it got %d, then %d", n, after)
	}
	if left := s.w.texts(s.db, "select kind from jobs"); len(left) != 0 {
		t.Errorf("jobs are left: %v", left)
	}
	s.good.mu.Lock()
	s.good.takes = 0
	s.good.mu.Unlock()
	s.good.send(t, "a.test", deed("Like", s.carol, s.carol+"#likes/1", s.alice.Post("三つ目")["uri"]))
	s.alice.Post("おかえり")
	if after := len(s.good.came("Create")); after != n+1 {
		t.Errorf("it is back and got %d, not %d", after, n+1)
	}
}

// A thread grows downwards when somebody looks at it, and says so in a header.
func TestThreadGrowsDown(t *testing.T) {
	s := newScene(t)
	long := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	first := s.good.uri("/notes/2/replies?page=1")
	root := s.good.note(s.carol, "/notes/2", "根", JSON{"published": long, "replies": JSON{"id": s.good.uri("/notes/2/replies"), "type": "Collection", "first": first}})
	s.good.note(s.carol, "/notes/3", "枝", JSON{"published": long, "inReplyTo": root["id"], "replies": s.good.uri("/notes/3/replies")})
	s.good.note(s.carol, "/notes/4", "葉", JSON{"published": long, "inReplyTo": s.good.uri("/notes/3")})
	page := func(path, of string, items ...string) {
		s.good.put(path, JSON{"@context": "https://www.w3.org/ns/activitystreams", "id": s.good.uri(path), "type": "CollectionPage", "partOf": of, "items": items})
	}
	page("/notes/2/replies?page=1", s.good.uri("/notes/2/replies"), s.good.uri("/notes/3"))
	s.good.put("/notes/2/replies", JSON{"@context": "https://www.w3.org/ns/activitystreams", "id": s.good.uri("/notes/2/replies"), "type": "Collection", "first": first})
	s.good.put("/notes/3/replies", JSON{"@context": "https://www.w3.org/ns/activitystreams", "id": s.good.uri("/notes/3/replies"), "type": "Collection", "items": []string{s.good.uri("/notes/4")}})
	s.good.send(t, "a.test", creating(root))
	id := s.alice.See(root["id"].(string))["id"].(string)
	header := s.alice.header("/api/v1/statuses/" + id + "/context").Get("Mastodon-Async-Refresh")
	if header == "" {
		t.Fatal("nothing says that more may come")
	}
	s.w.Settle()
	got := s.alice.Call("GET", "/api/v1/statuses/"+id+"/context", nil)["descendants"].([]any)
	if len(got) != 2 || got[0].(map[string]any)["uri"] != s.good.uri("/notes/3") || got[1].(map[string]any)["uri"] != s.good.uri("/notes/4") {
		t.Errorf("below stands %v", got)
	}
	name := between(header, `id="`, `"`)
	run := s.alice.Call("GET", "/api/v1_alpha/async_refreshes/"+name, nil)["async_refresh"].(map[string]any)
	if run["status"] != "finished" || run["result_count"] != 2.0 {
		t.Errorf("the run: %v", run)
	}
}

// Who is found for the first time has posts, pins and counts soon after.
func TestEmptyProfileFills(t *testing.T) {
	s := newScene(t)
	who := s.good.person("zoe", JSON{"featured": s.good.uri("/users/zoe/featured")})
	old := s.good.note(who, "/notes/z1", "むかし", JSON{"published": "2026-10-01T00:00:00Z"})
	pinned := s.good.note(who, "/notes/z2", "掲げたもの", JSON{"published": "2026-10-02T00:00:00Z"})
	collection := func(path string, total int, items ...any) {
		s.good.put(path, JSON{"@context": "https://www.w3.org/ns/activitystreams", "id": s.good.uri(path), "type": "OrderedCollection", "totalItems": total, "orderedItems": items})
	}
	collection("/users/zoe/outbox", 77, creating(old))
	collection("/users/zoe/featured", 1, pinned["id"])
	collection("/users/zoe/followers", 12)
	collection("/users/zoe/following", 34)
	id := s.alice.Find("accounts", "@zoe@good.test")["id"].(string)
	s.alice.Call("GET", "/api/v1/accounts/"+id, nil)
	s.alice.List("/api/v1/accounts/" + id + "/statuses")
	s.w.Settle()
	got := s.alice.Call("GET", "/api/v1/accounts/"+id, nil)
	if got["statuses_count"] != 77.0 || got["followers_count"] != 12.0 || got["following_count"] != 34.0 {
		t.Errorf("counts: %v %v %v", got["statuses_count"], got["followers_count"], got["following_count"])
	}
	if list := s.alice.List("/api/v1/accounts/" + id + "/statuses"); len(list) != 2 {
		t.Errorf("%d posts, not 2", len(list))
	}
	if list := s.alice.List("/api/v1/accounts/" + id + "/statuses?pinned=true"); len(list) != 1 || list[0]["uri"] != pinned["id"] {
		t.Errorf("pinned: %v", list)
	}
}

// A poll ends: everybody who voted or asked is told, there as here.
func TestPollCloses(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("どっち？", JSON{"poll": JSON{"options": []string{"山", "海"}, "expires_in": 3600}})
	poll := bob.See(said["uri"].(string))["poll"].(map[string]any)
	bob.acts("/api/v1/polls/"+poll["id"].(string)+"/votes", JSON{"choices": []string{"1"}})
	id, _ := social.ParseID(said["id"].(string))
	if _, err := alice.Home.rows().Exec("update polls set expires_at = 1000 where post = $1", int64(id)); err != nil {
		t.Fatal(err)
	}
	if err := alice.Home.Server.Home.ClosePoll(w.ctx, id); err != nil {
		t.Fatal(err)
	}
	w.Settle()
	mine := alice.status(said["id"])["poll"].(map[string]any)
	theirs := bob.See(said["uri"].(string))["poll"].(map[string]any)
	if mine["expired"] != true || theirs["expired"] != true || theirs["votes_count"] != 1.0 {
		t.Errorf("alice's %v, bob's %v", mine, theirs)
	}
	if len(alice.notifications("poll")) != 1 || len(bob.notifications("poll")) != 1 {
		t.Errorf("%d and %d notifications, not 1 and 1", len(alice.notifications("poll")), len(bob.notifications("poll")))
	}
	if status, _ := bob.Raw("POST", "/api/v1/polls/"+poll["id"].(string)+"/votes", JSON{"choices": []string{"0"}}); status != 422 {
		t.Errorf("a vote after the end: %d", status)
	}
}

// Homes ask one another for Ed25519, which costs a tenth, and take it.
func TestHomesSignWithEd25519(t *testing.T) {
	w := New(t, "a.test", "b.test")
	alice, bob := w.friends()
	said := alice.Post("楕円")
	if bob.fromHome(said["uri"].(string)) == nil {
		t.Error("it did not come")
	}
	got := w.texts(alice.Home.rows(), "select signature from hosts where domain = 'b.test'")
	if len(got) != 1 || got[0] != string(social.RFC9421Ed25519) {
		t.Errorf("a.test signs to b.test by %v", got)
	}
}
