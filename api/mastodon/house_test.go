package mastodon

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/social"
	"engawa/store"
)

// house is a home on a real store, without neighbours, asked over HTTP.
type house struct {
	*testing.T
	api     *API
	handler http.Handler
	clock   *clock.Fake
	count   *counting
	tokens  map[string]string
	ids     map[string]social.ID
	jobs    []social.Job
	events  []social.Event
	base    string
}

// counting is a store that counts what is asked of it outside of transactions.
type counting struct {
	social.Store
	reads int
}

func (s *counting) Posts(ctx context.Context, ids []social.ID) ([]*social.Post, error) {
	s.reads++
	return s.Store.Posts(ctx, ids)
}

func (s *counting) Post(ctx context.Context, id social.ID) (*social.Post, error) {
	s.reads++
	return s.Store.Post(ctx, id)
}

func (s *counting) Actor(ctx context.Context, id social.ID) (*social.Actor, error) {
	s.reads++
	return s.Store.Actor(ctx, id)
}

func (s *counting) Actors(ctx context.Context, ids []social.ID) ([]*social.Actor, error) {
	s.reads++
	return s.Store.Actors(ctx, ids)
}

func (s *counting) Bundle(ctx context.Context, v social.ID, posts []*social.Post) (*social.Bundle, error) {
	s.reads++
	return s.Store.Bundle(ctx, v, posts)
}

func (s *counting) Relations(ctx context.Context, v social.ID, ids []social.ID) (map[social.ID]*social.Relation, error) {
	s.reads++
	return s.Store.Relations(ctx, v, ids)
}

func (s *counting) Filters(ctx context.Context, user social.ID) ([]social.Filter, error) {
	s.reads++
	return s.Store.Filters(ctx, user)
}

func (s *counting) TagHistory(ctx context.Context, names []string, now social.Millis, days int) (map[string][]social.DayCount, error) {
	s.reads++
	return s.Store.TagHistory(ctx, names, now, days)
}

func (h *house) Publish(e social.Event)   { h.events = append(h.events, e) }
func (h *house) Hold() (social.ID, int64) { return 0, 0 }
func (h *house) Push(jobs []social.Job)   { h.jobs = append(h.jobs, jobs...) }
func (h *house) must(err error)           { h.Helper(); must(h.T, err) }
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
func (h *house) ctx() context.Context { return h.Context() }
func decode[T any](h *house, body []byte) (v T) {
	h.Helper()
	if err := json.Unmarshal(body, &v); err != nil {
		h.Fatalf("%v: %s", err, body)
	}
	return v
}

// newHouse has the Users alice and bob, and carol of far.example.
func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, clock: clock.NewFake(sampleNow), tokens: map[string]string{}, ids: map[string]social.ID{}, base: "https://home.example"}
	path := filepath.Join(t.TempDir(), "db")
	built := len(template) > 0
	if built {
		must(t, os.WriteFile(path, template, 0o600))
	}
	real := h.open(path)
	if !built {
		h.person("alice", social.Owner)
		h.person("bob", social.Member)
		must(t, real.Close())
		var err error
		template, err = os.ReadFile(path)
		must(t, err)
		real = h.open(path)
	}
	t.Cleanup(func() { _ = real.Close() })
	for _, name := range []string{"alice", "bob"} {
		a, err := h.api.Home.Store.ActorByHandle(t.Context(), name, "home.example")
		must(t, err)
		h.ids[name], h.tokens[name] = a.ID, h.token(a.ID, "read write follow push")
	}
	h.ids["carol"] = h.neighbour("carol")
	return h
}

// template is the database of a new house, so that keys are made only once.
var template []byte

// open starts the house on the database at path.
func (h *house) open(path string) *store.Store {
	t := h.T
	t.Helper()
	real, err := store.Open(t.Context(), store.Config{DSN: "sqlite:" + path, Clock: h.clock})
	must(t, err)
	h.count = &counting{Store: real}
	master, err := keys.NewMaster(make([]byte, 32))
	must(t, err)
	home := &social.Home{Store: h.count, Bus: h, Queue: h, Clock: h.clock, IDs: snowflake.New(0, h.clock), Master: master, Limits: social.DefaultLimits}
	must(t, home.EnsureHome(t.Context(), "home.example", h.base, "The veranda"))
	grants := &auth.Grants{Store: h.count, Clock: h.clock}
	h.api = &API{Home: home, Grants: grants, Auth: &auth.Auth{Home: home, Grants: grants}, Base: h.base, Version: "1.0", Streaming: "wss://home.example", Registration: "closed"}
	h.handler = h.api.Handler()
	return real
}

func (h *house) person(name string, role social.Role) {
	h.Helper()
	_, _, err := h.api.Home.CreateUser(h.ctx(), social.NewUser{Name: name, Email: name + "@home.example", Role: role, Locale: "en", Discoverable: true})
	h.must(err)
}

// token makes a token with these scopes; user zero speaks for an App.
func (h *house) token(user social.ID, scopes string) string {
	h.Helper()
	app := &social.App{ID: h.newID(), ClientID: fmt.Sprint("client", h.newID()), SecretHash: []byte("x"), Name: "Test", RedirectURIs: []string{"urn:ietf:wg:oauth:2.0:oob"}, Scopes: auth.ParseScopes(scopes), CreatedAt: 1}
	text := fmt.Sprint("token-", h.newID())
	h.write(func(tx social.Tx) error {
		if err := tx.PutApp(h.ctx(), app); err != nil {
			return err
		}
		return tx.PutToken(h.ctx(), &social.Token{ID: h.newID(), Hash: auth.Hash(text), App: app.ID, User: user, Scopes: app.Scopes, CreatedAt: 1})
	})
	return text
}

func (h *house) newID() social.ID { return social.ID(h.api.Home.IDs.Next()) }

func (h *house) write(f func(tx social.Tx) error) {
	h.Helper()
	h.must(h.api.Home.Store.Write(h.ctx(), f))
}

func (h *house) neighbour(name string) social.ID {
	h.Helper()
	base := "https://far.example/users/" + name
	h.do(&social.Activity{Verb: social.Update, Origin: social.Federated, Object: &social.Profile{Actor: social.Actor{
		Domain: "far.example", Name: name, Kind: social.Person, URI: base, URL: "https://far.example/@" + name, Inbox: base + "/inbox",
		DisplayName: name, FetchedAt: 1, CreatedAt: 1_600_000_000_000, PostCount: 100,
	}}})
	a, err := h.api.Home.Store.ActorByHandle(h.ctx(), name, "far.example")
	h.must(err)
	return a.ID
}

func (h *house) do(a *social.Activity) *social.Result {
	h.Helper()
	h.clock.Advance(1_000_000) // a millisecond: ids and moments grow
	r, err := h.api.Home.Do(h.ctx(), a)
	h.must(err)
	return r
}

// post says something as name; change makes it special.
func (h *house) post(name, text string, change ...func(*social.Draft)) *social.Post {
	h.Helper()
	d := &social.Draft{Post: social.Post{Kind: social.Note, Content: "<p>" + text + "</p>", Source: text, Format: social.Plain, Language: "en"}}
	a := &social.Activity{Verb: social.Create, Actor: h.ids[name], Object: d}
	if actor, err := h.api.Home.Store.Actor(h.ctx(), h.ids[name]); err == nil && !actor.Local() {
		id := h.newID()
		d.Post.URI, a.Origin = "https://far.example/p/"+id.String(), social.Federated
		d.Post.URL = d.Post.URI
	}
	for _, f := range change {
		f(d)
	}
	return h.do(a).Post
}

// answer is what a request was answered with.
type answer struct {
	*httptest.ResponseRecorder
	h *house
}

// as asks; name "" is a stranger. A body is sent as JSON.
func (h *house) as(name, method, path string, body ...string) *answer {
	h.Helper()
	var in *strings.Reader
	if len(body) > 0 {
		in = strings.NewReader(body[0])
	} else {
		in = strings.NewReader("")
	}
	r := httptest.NewRequestWithContext(h.ctx(), method, h.base+path, in)
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	token := h.tokens[name]
	if token == "" {
		token = name
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := &answer{httptest.NewRecorder(), h}
	h.handler.ServeHTTP(w, r)
	return w
}

// get expects 200.
func (h *house) get(name, path string) *answer {
	h.Helper()
	w := h.as(name, "GET", path)
	if w.Code != 200 {
		h.Fatalf("GET %s as %q: %d %s", path, name, w.Code, w.Body)
	}
	return w
}

type object = map[string]any

func (w *answer) object() object { w.h.Helper(); return decode[object](w.h, w.Body.Bytes()) }
func (w *answer) list() []object { w.h.Helper(); return decode[[]object](w.h, w.Body.Bytes()) }

// ids are those of a list's entries, joined.
func (w *answer) ids() string {
	w.h.Helper()
	var out []string
	for _, x := range w.list() {
		out = append(out, fmt.Sprint(x["id"]))
	}
	return strings.Join(out, " ")
}

func joined(ids ...social.ID) string {
	var out []string
	for _, id := range ids {
		out = append(out, id.String())
	}
	return strings.Join(out, " ")
}

// follow makes name follow other.
func (h *house) follow(name, other string) {
	h.Helper()
	h.do(&social.Activity{Verb: social.FollowVerb, Actor: h.ids[name], Object: &social.FollowAsk{Target: h.ids[other]}})
	if a, _ := h.api.Home.Store.Actor(h.ctx(), h.ids[other]); a != nil && !a.Local() {
		h.do(&social.Activity{Verb: social.Accept, Actor: a.ID, Origin: social.Federated, Object: &social.FollowAnswer{Follower: h.ids[name]}})
	}
}
