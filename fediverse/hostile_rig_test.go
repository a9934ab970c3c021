package fediverse

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/httpsig"
	"engawa/internal/keys"
)

const actType = "application/activity+json"

// stranger is a server that says what a test wants, under a name of its own and
// with keys of its own.
type stranger struct {
	w      *World
	domain string
	key    keys.Private

	mu    sync.Mutex
	takes int // what its inboxes answer, 202 when zero
	docs  map[string]JSON
	inbox []post
}

// post is something that came to an inbox of a stranger.
type post struct {
	path   string
	header http.Header
	body   JSON
	raw    []byte
}

// strangers makes servers under these names; call it before the homes start.
func (w *World) strangers(domains ...string) map[string]*stranger {
	w.tb.Helper()
	all := map[string]*stranger{}
	for _, d := range domains {
		key, err := keys.Generate(keys.RSA)
		if err != nil {
			w.tb.Fatal(err)
		}
		all[d] = &stranger{w: w, domain: d, key: key, docs: map[string]JSON{}}
	}
	leaf, err := w.CA.Leaf(domains...)
	if err != nil {
		w.tb.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { all[r.Host].ServeHTTP(rw, r) }))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	w.tb.Cleanup(server.Close)
	for _, d := range domains {
		w.Hosts[d] = server.Listener.Addr().String()
	}
	return all
}

// ServeHTTP implements http.Handler.
func (s *stranger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Method == http.MethodPost {
		p := post{path: r.URL.Path, header: r.Header.Clone(), raw: body}
		_ = json.Unmarshal(body, &p.body)
		s.inbox = append(s.inbox, p)
		w.WriteHeader(max(s.takes, http.StatusAccepted))
		return
	}
	doc, ok := s.docs[r.URL.RequestURI()]
	if !ok {
		doc, ok = s.docs[r.URL.Path]
	}
	switch {
	case !ok:
		http.NotFound(w, r)
		return
	case doc == nil:
		w.WriteHeader(http.StatusGone)
		return
	case strings.HasPrefix(r.URL.Path, "/.well-known/"):
		w.Header().Set("Content-Type", "application/jrd+json")
	default:
		w.Header().Set("Content-Type", actType)
	}
	_ = json.NewEncoder(w).Encode(doc)
}

// came are the activities of a type that came in.
func (s *stranger) came(verb string) (out []post) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.inbox {
		if p.body["type"] == verb {
			out = append(out, p)
		}
	}
	return out
}

func (s *stranger) uri(path string) string { return "https://" + s.domain + path }

func (s *stranger) put(path string, doc JSON) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.docs[path] = doc
}

// person puts an actor and its WebFinger on the server and returns its id.
func (s *stranger) person(name string, more ...JSON) string {
	s.w.tb.Helper()
	pem, err := s.key.Public().PEM()
	if err != nil {
		s.w.tb.Fatal(err)
	}
	id := s.uri("/users/" + name)
	doc := JSON{
		"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
		"inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "following": id + "/following",
		"endpoints": JSON{"sharedInbox": s.uri("/inbox")}, "published": "2026-01-01T00:00:00Z",
		"publicKey": JSON{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
	}
	for _, m := range more {
		for k, v := range m {
			doc[k] = v
		}
	}
	s.put("/users/"+name, doc)
	s.put("/.well-known/webfinger?resource=acct%3A"+name+"%40"+s.domain, JSON{
		"subject": "acct:" + name + "@" + s.domain, "links": []JSON{{"rel": "self", "type": actType, "href": id}},
	})
	return id
}

const public = "https://www.w3.org/ns/activitystreams#Public"

// note puts a post on the server and returns it.
func (s *stranger) note(author, path, content string, more ...JSON) JSON {
	doc := JSON{
		"@context": "https://www.w3.org/ns/activitystreams", "id": s.uri(path), "type": "Note", "attributedTo": author,
		"content": "<p>" + content + "</p>", "published": time.Now().UTC().Format(time.RFC3339), "to": []string{public}, "cc": []string{author + "/followers"},
	}
	for _, m := range more {
		for k, v := range m {
			doc[k] = v
		}
	}
	s.put(path, doc)
	return doc
}

// creating is a Create of a post.
func creating(note JSON) JSON {
	return JSON{
		"@context": "https://www.w3.org/ns/activitystreams", "id": note["id"].(string) + "/activity", "type": "Create", "actor": note["attributedTo"],
		"object": note, "to": note["to"], "cc": note["cc"],
	}
}

// deed is any other activity.
func deed(verb, actor, id string, object any, more ...JSON) JSON {
	doc := JSON{"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": verb, "actor": actor, "object": object}
	for _, m := range more {
		for k, v := range m {
			doc[k] = v
		}
	}
	return doc
}

// letter is a signed POST to a home's inbox that a test may spoil.
func (s *stranger) letter(to, keyID string, activity any) *http.Request {
	s.w.tb.Helper()
	body, ok := activity.([]byte)
	if !ok {
		var err error
		if body, err = json.Marshal(activity); err != nil {
			s.w.tb.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(s.w.ctx, "POST", "https://"+to+"/inbox", bytes.NewReader(body))
	if err != nil {
		s.w.tb.Fatal(err)
	}
	req.Header.Set("Content-Type", actType)
	s.sign(req, keyID, httpsig.NewDigest(body), time.Now())
	return req
}

func (s *stranger) sign(req *http.Request, keyID string, digest *httpsig.Digest, at time.Time) {
	s.w.tb.Helper()
	signer, err := httpsig.NewSigner(keyID, s.key)
	if err == nil {
		err = signer.Sign(req, httpsig.Cavage, digest, at)
	}
	if err != nil {
		s.w.tb.Fatal(err)
	}
}

// post posts a letter, and returns status and error text.
func (w *World) post(req *http.Request) (int, string) {
	w.tb.Helper()
	res, err := w.Client().Do(req)
	if err != nil {
		w.tb.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.tb.Fatal(err)
	}
	var said struct{ Error string }
	_ = json.Unmarshal(body, &said)
	return res.StatusCode, said.Error
}

// send posts an activity as its actor, which must be taken, and settles.
func (s *stranger) send(t *testing.T, to string, activity JSON) {
	t.Helper()
	status, text := s.w.post(s.letter(to, activity["actor"].(string)+"#main-key", activity))
	if status != http.StatusAccepted {
		t.Fatalf("%v of %v: %d %s", activity["type"], activity["actor"], status, text)
	}
	s.w.Settle()
}

// header is the header of an answer of the API.
func (p *Person) header(path string) http.Header {
	p.tb.Helper()
	req, err := http.NewRequestWithContext(p.Home.w.ctx, "GET", "https://"+p.Home.Domain+path, nil)
	if err != nil {
		p.tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.Token)
	res, err := p.Home.w.Client().Do(req)
	if err != nil {
		p.tb.Fatal(err)
	}
	res.Body.Close()
	return res.Header
}

// between is what stands between two words.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
