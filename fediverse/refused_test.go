package fediverse

import (
	"bytes"
	"database/sql"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/httpsig"
)

// scene is a home with alice, carol at a good server and mallory at an evil one.
// Everybody follows everybody.
type scene struct {
	t              *testing.T
	w              *World
	alice          *Person
	good, evil     *stranger
	carol, mallory string
	said           JSON // carol's post, which alice's home has
	db             *sql.DB
}

func newScene(t *testing.T) *scene {
	t.Helper()
	w := Empty(t)
	all := w.strangers("good.test", "evil.test")
	w.Start("a.test")
	s := &scene{t: t, w: w, good: all["good.test"], evil: all["evil.test"], alice: w.Person("alice@a.test")}
	s.carol, s.mallory = s.good.person("carol"), s.evil.person("mallory")
	for _, from := range []*stranger{s.good, s.evil} {
		who := map[*stranger]string{s.good: s.carol, s.evil: s.mallory}[from]
		from.send(t, "a.test", deed("Follow", who, who+"#follows/1", s.alice.URI()))
		name := who[strings.LastIndex(who, "/")+1:]
		s.alice.acts("/api/v1/accounts/"+s.alice.Find("accounts", "@"+name+"@"+from.domain)["id"].(string)+"/follow", nil)
		asked := from.came("Follow")
		if len(asked) != 1 {
			t.Fatalf("%s got %d Follows, not 1", from.domain, len(asked))
		}
		from.send(t, "a.test", deed("Accept", who, who+"#accepts/1", asked[0].body))
	}
	s.said = s.good.note(s.carol, "/notes/1", "おはよう")
	s.good.send(t, "a.test", creating(s.said))
	if s.alice.fromHome(s.said["id"].(string)) == nil {
		t.Fatal("carol's post did not arrive")
	}
	s.db = w.Home("a.test").rows()
	return s
}

// dropped counts what was taken in and left, by reason.
func (s *scene) dropped() map[string]int64 { return s.w.Home("a.test").Queue.Stats().Dropped }

// changesNothing: a letter is refused at the door with a status and a word, or,
// with status 202, counted as dropped for this reason.
func (s *scene) changesNothing(t *testing.T, status int, word string, letter func() *http.Request) {
	t.Helper()
	before, drops := s.w.snapshot(s.db), s.dropped()
	got, text := s.w.post(letter())
	s.w.Settle()
	var why []string
	for reason, n := range s.dropped() {
		if n != drops[reason] {
			why = append(why, reason)
		}
	}
	switch {
	case got != status:
		t.Errorf("answered %d %q, not %d", got, text, status)
	case status != http.StatusAccepted && !strings.Contains(strings.ToLower(text), word):
		t.Errorf("the error does not name %q: %q", word, text)
	case status == http.StatusAccepted && !slices.Equal(why, []string{"inbox " + word}):
		t.Errorf("dropped for %q, not for %q", why, word)
	}
	if diff := before.changed(s.w.snapshot(s.db)); len(diff) != 0 {
		t.Errorf("it left something behind:\n%s", strings.Join(diff, "\n"))
	}
}

// What is refused at the door: 4xx with a text that names what is wrong.
func TestRefusedAtTheDoor(t *testing.T) {
	s := newScene(t)
	key := s.mallory + "#main-key"
	like := func(id string) JSON { return deed("Like", s.mallory, s.mallory+"#likes/"+id, s.said["id"]) }
	forged := s.evil.uri("/users/forged")
	doc := JSON{}
	for k, v := range s.evil.docs["/users/mallory"] {
		doc[k] = v
	}
	doc["id"] = s.carol // an actor of good.test, served by evil.test (T4)
	s.evil.put("/users/forged", doc)
	s.evil.put("/keys/1", JSON{"@context": "https://w3id.org/security/v1", "id": s.evil.uri("/keys/1"), "type": "Key", "owner": s.carol, "publicKeyPem": doc["publicKey"].(JSON)["publicKeyPem"]})
	other := &stranger{w: s.w, domain: "evil.test", key: s.good.key}
	spoil := func(f func(*http.Request)) func() *http.Request {
		return func() *http.Request { r := s.evil.letter("a.test", key, like("spoilt")); f(r); return r }
	}
	big := deed("Like", s.mallory, s.mallory+"#likes/big", s.said["id"], JSON{"content": strings.Repeat("a", 1<<20+1)})
	for _, tc := range []struct {
		name   string
		status int
		word   string
		letter func() *http.Request
	}{
		{"no signature", 401, "not signed", spoil(func(r *http.Request) { r.Header.Del("Signature") })},
		{"signed by another key", 401, "signature", func() *http.Request { return other.letter("a.test", key, like("1")) }},
		{"other body than was signed", 401, "digest", spoil(func(r *http.Request) {
			r.Body = io.NopCloser(bytes.NewReader([]byte(`{"type":"Like"}`)))
			r.ContentLength = 15
		})},
		{"too old", 401, "", func() *http.Request {
			r := s.evil.letter("a.test", key, like("old"))
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.evil.sign(r, key, httpsig.NewDigest(body), time.Now().Add(-14*time.Hour))
			return r
		}},
		{"no digest", 401, "digest", spoil(func(r *http.Request) { r.Header.Del("Digest") })},
		{"two signatures", 400, "signature", spoil(func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) })},
		{"headers emptied", 400, "headers=", spoil(func(r *http.Request) {
			sig := r.Header.Get("Signature")
			from, to := strings.Index(sig, `headers="`), strings.Index(sig, `",signature`)
			r.Header.Set("Signature", sig[:from]+`headers="`+sig[to:])
		})},
		{"a key whose owner is on another host", 401, "key", func() *http.Request {
			return s.evil.letter("a.test", s.evil.uri("/keys/1"), deed("Follow", s.carol, s.carol+"#follows/9", s.alice.URI()))
		}},
		{"an actor with an id on another host", 401, "key", func() *http.Request {
			return s.evil.letter("a.test", forged+"#main-key", deed("Follow", forged, forged+"#follows/9", s.alice.URI()))
		}},
		{"a key of this home", 401, "key", func() *http.Request {
			return s.evil.letter("a.test", s.alice.URI()+"#main-key", deed("Like", s.alice.URI(), s.alice.URI()+"#likes/1", s.said["id"]))
		}},
		{"a key on loopback", 401, "key", func() *http.Request {
			return s.evil.letter("a.test", "http://127.0.0.1:1/key", like("ssrf"))
		}},
		{"too big", 413, "1 mib", func() *http.Request { return s.evil.letter("a.test", key, big) }},
		{"a web page", 415, "content-type", spoil(func(r *http.Request) { r.Header.Set("Content-Type", "text/html") })},
		{"another charset", 400, "utf-8", func() *http.Request {
			return s.evil.letter("a.test", key, []byte("{\"type\":\"Like\",\"actor\":\""+s.mallory+"\",\"content\":\"\x82\xa0\"}"))
		}},
		{"nested without end", 400, "nested", func() *http.Request {
			return s.evil.letter("a.test", key, []byte(strings.Repeat(`{"object":`, 5000)+"1"+strings.Repeat("}", 5000)))
		}},
		{"no JSON", 400, "", func() *http.Request { return s.evil.letter("a.test", key, []byte("おはよう")) }},
		{"a list", 400, "", func() *http.Request { return s.evil.letter("a.test", key, []byte(`[{"type":"Like"}]`)) }},
		{"no actor", 400, "actor", func() *http.Request {
			return s.evil.letter("a.test", key, JSON{"id": s.mallory + "#1", "type": "Like", "object": s.said["id"]})
		}},
		{"@graph", 400, "@graph", func() *http.Request {
			return s.evil.letter("a.test", key, deed("Like", s.mallory, s.mallory+"#likes/g", JSON{"@graph": []any{s.said["id"]}}))
		}},
	} {
		t.Run(tc.name, func(t *testing.T) { s.changesNothing(t, tc.status, tc.word, tc.letter) })
	}
}

// What is taken in, and then left: 202 and a counted drop.
func TestRefusedInside(t *testing.T) {
	s := newScene(t)
	theirs := s.said["id"].(string)
	friend := s.evil.person("friend")
	s.evil.send(t, "a.test", creating(s.evil.note(s.mallory, "/notes/own", "わたしの")))
	own := s.evil.uri("/notes/own")
	s.evil.send(t, "a.test", deed("Follow", friend, friend+"#follows/1", s.alice.URI()))
	private := s.alice.Post("フォロワーだけに", JSON{"visibility": "private"})["uri"].(string)
	mine := s.alice.Post("みんなに")["uri"].(string)
	rewritten := JSON{"id": theirs, "type": "Note", "attributedTo": s.carol, "content": "<p>ちがうこと</p>", "to": []string{public}, "updated": "2030-01-01T00:00:00Z"}
	stolen := JSON{"id": theirs, "type": "Note", "attributedTo": s.mallory, "content": "<p>わたしの</p>", "to": []string{public}}
	m := func(id string) string { return s.mallory + "#" + id }
	for _, tc := range []struct {
		name, word string
		by         string // whose key signs; mallory's when empty
		activity   JSON
	}{
		{"another's name on it", "gate", "", deed("Follow", s.carol, m("a1"), s.alice.URI())},
		{"another's name and id on it", "gate", "", deed("Like", s.carol, s.carol+"#likes/7", mine)},
		{"a neighbour of one's own host", "gate", friend, deed("Like", s.mallory, m("a2"), mine)},
		{"an id of another host", "gate", "", deed("Like", s.mallory, s.carol+"#likes/8", mine)},
		{"a verb nobody knows", "unknown", "", deed("Travel", s.mallory, m("a3"), theirs)},
		{"a thing nobody knows", "unknown", "", deed("Create", s.mallory, m("a4"), JSON{"id": s.evil.uri("/things/1"), "type": "Teapot", "attributedTo": s.mallory})},
		{"no object", "invalid", "", JSON{"id": m("a5"), "type": "Like", "actor": s.mallory}},
		{"changing another's post", "gate", "", deed("Update", s.mallory, m("a6"), rewritten)},
		{"taking another's post", "gate", "", deed("Update", s.mallory, m("a7"), stolen)},
		{"changing another's profile", "gate", "", deed("Update", s.mallory, m("a8"), s.good.docs["/users/carol"])},
		{"deleting another's post", "gate", "", deed("Delete", s.mallory, m("a9"), theirs)},
		{"deleting a post of this home", "gate", "", deed("Delete", s.mallory, m("a10"), mine)},
		{"deleting another account", "gate", "", deed("Delete", s.mallory, m("a11"), s.carol)},
		{"deleting a post of another of one's host", "not here", friend, deed("Delete", friend, friend+"#d1", own)},
		{"changing a post of another of one's host", "gate", friend, deed("Update", friend, friend+"#u1", JSON{"id": own, "type": "Note", "attributedTo": s.mallory, "content": "x", "to": []string{public}})},
		{"undoing another's follow", "gate", "", deed("Undo", s.mallory, m("a12"), deed("Follow", s.carol, s.carol+"#follows/1", s.alice.URI()))},
		{"undoing another's follow by its id", "gate", "", deed("Undo", s.mallory, m("a13"), s.carol+"#follows/1")},
		{"undoing a follow of another of one's host", "invalid", friend, deed("Undo", friend, friend+"#un1", m("follows/1"))},
		{"boosting a followers-only post", "forbidden", "", deed("Announce", s.mallory, m("a14"), private, JSON{"to": []string{public}})},
		{"pinning another's post", "gate", "", deed("Add", s.mallory, m("a15"), theirs, JSON{"target": s.mallory + "/featured"})},
		{"moving another", "gate", "", deed("Move", s.mallory, m("a16"), s.carol, JSON{"target": s.mallory})},
		{"moving to whom does not say so", "gate", "", deed("Move", s.mallory, m("a17"), s.mallory, JSON{"target": s.carol})},
		{"signed inside only", "gate", "", deed("Like", s.carol, s.carol+"#likes/9", mine, JSON{"signature": JSON{"type": "RsaSignature2017", "creator": s.carol + "#main-key", "created": "2026-11-25T00:00:00Z", "signatureValue": "AAAA"}})},
		{"a vote where there is no poll", "not here", "", creating(JSON{"id": s.evil.uri("/votes/1"), "type": "Note", "name": "山", "attributedTo": s.mallory, "inReplyTo": mine, "to": []string{s.alice.URI()}})},
	} {
		by := tc.by
		if by == "" {
			by = s.mallory
		}
		t.Run(tc.name, func(t *testing.T) {
			s.changesNothing(t, 202, tc.word, func() *http.Request { return s.evil.letter("a.test", by+"#main-key", tc.activity) })
		})
	}
}

// The same activity many times, also at once, is one.
func TestReplay(t *testing.T) {
	s := newScene(t)
	said := s.alice.Post("一度だけ")
	like := deed("Like", s.carol, s.carol+"#likes/1", said["uri"])
	create := creating(s.good.note(s.carol, "/notes/2", "一度だけ言う", JSON{"inReplyTo": said["uri"], "to": []string{public, s.alice.URI()}}))
	var all sync.WaitGroup
	statuses := make(chan int, 40)
	for range 10 {
		for _, a := range []JSON{like, create} {
			req := s.good.letter("a.test", s.carol+"#main-key", a)
			all.Go(func() {
				res, err := s.w.Client().Do(req)
				if err != nil {
					t.Error(err)
					return
				}
				res.Body.Close()
				statuses <- res.StatusCode
			})
		}
	}
	all.Wait()
	close(statuses)
	for status := range statuses {
		if status != 202 {
			t.Errorf("answered %d, not 202", status)
		}
	}
	s.w.Settle()
	before := s.w.snapshot(s.db)
	s.good.send(t, "a.test", like)
	// The same deed under another id is the same deed.
	s.good.send(t, "a.test", deed("Like", s.carol, s.carol+"#likes/2", said["uri"]))
	got := s.alice.status(said["id"])
	if got["favourites_count"] != 1.0 || got["replies_count"] != 1.0 {
		t.Errorf("%v favourites, %v replies, not 1 and 1", got["favourites_count"], got["replies_count"])
	}
	if n := len(s.alice.notifications("favourite")); n != 1 {
		t.Errorf("%d notifications, not 1", n)
	}
	if diff := before.changed(s.w.snapshot(s.db)); len(diff) != 0 {
		t.Errorf("a replay changed something: %v", diff)
	}
}
