package activitypub

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/bus/local"
	"engawa/internal/clock"
	"engawa/internal/fetch"
	"engawa/internal/httpsig"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/internal/testca"
	"engawa/social"
	"engawa/store"
)

var testStart = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

// street is one home of ours and the neighbours it can reach, over TLS.
type street struct {
	testing.TB
	ctx   context.Context
	clock *clock.Fake
	fed   *Federation
	queue *heldQueue
	hosts map[string]*neighbour
	web   http.Handler
}

// heldQueue keeps what is pushed, for the test to run.
type heldQueue struct {
	mu   sync.Mutex
	jobs []social.Job
}

func (q *heldQueue) Hold() (social.ID, social.Millis) { return 7, 1 << 60 }

func (q *heldQueue) Push(jobs []social.Job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, jobs...)
}

// take removes and returns the jobs of a kind.
func (q *heldQueue) take(kind social.JobKind) (out []social.Job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var rest []social.Job
	for _, j := range q.jobs {
		if j.Kind == kind {
			out = append(out, j)
		} else {
			rest = append(rest, j)
		}
	}
	q.jobs = rest
	return out
}

// neighbour is another server: documents by path, keys, and what came in.
type neighbour struct {
	s      *street
	domain string
	rsa    keys.Private
	ed     keys.Private

	mu    sync.Mutex
	docs  map[string]http.HandlerFunc
	seen  []string // METHOD path?query
	inbox func(w http.ResponseWriter, r *http.Request, body []byte)
}

const actType = "application/activity+json"

// newStreet opens home.test and makes neighbours of the names given.
func newStreet(t testing.TB, names ...string) *street {
	t.Helper()
	s := &street{TB: t, ctx: t.Context(), clock: clock.NewFake(testStart), queue: &heldQueue{}, hosts: map[string]*neighbour{}}
	ca, err := testca.New()
	s.must(err)
	leaf, err := ca.Leaf(append([]string{"home.test"}, names...)...)
	s.must(err)
	for _, name := range names {
		s.hosts[name] = newNeighbour(s, name)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := s.hosts[r.Host]; n != nil {
			n.ServeHTTP(w, r)
			return
		}
		http.Error(w, "no such host", http.StatusMisdirectedRequest)
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	cfg := fetch.Config{ExtraRoots: ca.PEM(), Hosts: map[string]string{}, Clock: s.clock}
	for _, name := range names {
		cfg.Hosts[name] = server.Listener.Addr().String()
	}
	client, err := fetch.New(cfg)
	s.must(err)
	t.Cleanup(client.Close)
	db, err := store.Open(s.ctx, store.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "e.db"), Clock: s.clock})
	s.must(err)
	t.Cleanup(func() { _ = db.Close() })
	master, err := keys.NewMaster(bytes.Repeat([]byte{1}, keys.MasterSize))
	s.must(err)
	home := &social.Home{
		Store: db, Bus: &local.Bus{}, Queue: s.queue, Clock: s.clock, IDs: snowflake.New(0, s.clock), Master: master, Limits: social.DefaultLimits,
	}
	s.must(home.EnsureHome(s.ctx, "home.test", "https://home.test", "Home"))
	s.fed = &Federation{Home: home, Client: client, Base: "https://home.test", Version: "1.0", Log: slog.New(slog.DiscardHandler)}
	home.Neighbours = s.fed
	s.web = s.fed.Handler()
	return s
}

func (s *street) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// user makes somebody who lives here.
func (s *street) user(name string) *social.Actor {
	s.Helper()
	_, a, err := s.fed.Home.CreateUser(s.ctx, social.NewUser{Name: name, Email: name + "@home.test"})
	s.must(err)
	return a
}

// say posts something of ours.
func (s *street) say(a *social.Actor, p social.Post) *social.Post {
	s.Helper()
	if p.Content == "" {
		p.Content, p.Source = "<p>hello</p>", "hello"
	}
	res, err := s.fed.Home.Do(s.ctx, &social.Activity{Verb: social.Create, Actor: a.ID, Object: &social.Draft{Post: p}})
	s.must(err)
	return res.Post
}

// get asks the home for a document.
func (s *street) get(path string, edit func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "https://home.test"+path, nil)
	r.Header.Set("Accept", actType)
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, r)
	return w
}

// serve answers a request that stands as it is.
func (s *street) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, r)
	return w
}

// inboxJobs runs what came in and returns the outcome of each.
func (s *street) inboxJobs() (out []error) {
	for _, j := range s.queue.take(social.JobInbox) {
		out = append(out, s.fed.HandleInbox(s.ctx, &j))
	}
	return out
}

// domainKeys are made once for all tests: an RSA key takes its time.
var domainKeys sync.Map // domain → [2]keys.Private

func newNeighbour(s *street, domain string) *neighbour {
	n := &neighbour{s: s, domain: domain, docs: map[string]http.HandlerFunc{}}
	pair, ok := domainKeys.Load(domain)
	if !ok {
		pair = n.newKeys()
		domainKeys.Store(domain, pair)
	}
	n.rsa, n.ed = pair.([2]keys.Private)[0], pair.([2]keys.Private)[1]
	return n
}

func (n *neighbour) newKeys() [2]keys.Private {
	r, err := keys.Generate(keys.RSA)
	n.s.must(err)
	e, err := keys.Generate(keys.Ed25519)
	n.s.must(err)
	return [2]keys.Private{r, e}
}

func (n *neighbour) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	n.seen = append(n.seen, r.Method+" "+r.URL.RequestURI())
	h := n.docs[r.URL.RequestURI()]
	if h == nil {
		h = n.docs[r.URL.Path]
	}
	n.mu.Unlock()
	if r.Method == http.MethodPost {
		body, _ := io.ReadAll(r.Body)
		if n.inbox == nil {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		n.inbox(w, r, body)
		return
	}
	if h == nil {
		http.NotFound(w, r)
		return
	}
	h(w, r)
}

// asked counts the requests whose line begins so.
func (n *neighbour) asked(prefix string) (c int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, line := range n.seen {
		if strings.HasPrefix(line, prefix) {
			c++
		}
	}
	return c
}

func (n *neighbour) uri(path string) string { return "https://" + n.domain + path }

// put serves a document under a path.
func (n *neighbour) put(path string, doc any) { n.putAs(path, actType, doc) }

func (n *neighbour) putAs(path, contentType string, doc any) {
	body, isBytes := doc.([]byte)
	if !isBytes {
		var err error
		body, err = json.Marshal(doc)
		n.s.must(err)
	}
	n.handle(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(body)
	})
}

func (n *neighbour) handle(path string, h http.HandlerFunc) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.docs[path] = h
}

type obj = map[string]any

// person is the document of an actor with the neighbour's keys.
func (n *neighbour) person(name string) obj {
	pem, err := n.rsa.Public().PEM()
	n.s.must(err)
	id := n.uri("/users/" + name)
	return obj{
		"@context": "https://www.w3.org/ns/activitystreams", "id": id, "type": "Person", "preferredUsername": name,
		"inbox": id + "/inbox", "outbox": id + "/outbox", "followers": id + "/followers", "featured": id + "/featured",
		"endpoints": obj{"sharedInbox": n.uri("/inbox")},
		"publicKey": obj{"id": id + "#main-key", "owner": id, "publicKeyPem": pem},
	}
}

// live puts an actor and its WebFinger on the neighbour.
func (n *neighbour) live(name string, edit func(obj)) string {
	doc := n.person(name)
	if edit != nil {
		edit(doc)
	}
	n.put("/users/"+name, doc)
	n.finger(name, n.domain, n.uri("/users/"+name))
	return n.uri("/users/" + name)
}

func (n *neighbour) finger(name, domain, self string) {
	n.putAs("/.well-known/webfinger?resource=acct%3A"+name+"%40"+domain, "application/jrd+json", obj{
		"subject": "acct:" + name + "@" + domain,
		"links":   []obj{{"rel": "self", "type": actType, "href": self}},
	})
}

// signer signs as one of the neighbour's actors.
func (n *neighbour) signer(keyID string) *httpsig.Signer {
	s, err := httpsig.NewSigner(keyID, n.rsa)
	n.s.must(err)
	return s
}

// request is a signed POST to the home's inbox.
func (n *neighbour) request(actor string, doc any) *http.Request {
	body, isBytes := doc.([]byte)
	if !isBytes {
		var err error
		body, err = json.Marshal(doc)
		n.s.must(err)
	}
	r := httptest.NewRequest(http.MethodPost, "https://home.test/inbox", bytes.NewReader(body))
	r.Header.Set("Content-Type", actType)
	n.s.must(n.signer(actor+"#main-key").Sign(r, httpsig.Cavage, httpsig.NewDigest(body), n.s.clock.Now()))
	return r
}

// send delivers an activity to the home and runs what it causes.
func (n *neighbour) send(actor string, doc any) error {
	n.s.Helper()
	if w := n.s.serve(n.request(actor, doc)); w.Code != http.StatusAccepted {
		n.s.Fatalf("the inbox answered %d %s", w.Code, w.Body)
	}
	out := n.s.inboxJobs()
	if len(out) == 0 {
		return errNoJob
	}
	return out[0]
}

var errNoJob = &social.Error{Message: "no job"}
