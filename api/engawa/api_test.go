package engawa

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
	"time"

	"engawa/auth"
	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/locale"
	"engawa/internal/snowflake"
	"engawa/social"
	"engawa/store"
)

// house is a home on a real store; networks, rules and the ledger are what the
// tests say.
type house struct {
	*testing.T
	api     *API
	handler http.Handler
	clock   *clock.Fake
	me, bob social.ID
	said    []string // what was asked of the fakes
	err     error    // what they answer
}

func (h *house) Publish(social.Event)     {}
func (h *house) Hold() (social.ID, int64) { return 0, 0 }
func (h *house) Push([]social.Job)        {}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, clock: clock.NewFake(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC))}
	path := filepath.Join(t.TempDir(), "db")
	if len(template) > 0 {
		must(t, os.WriteFile(path, template, 0o600))
	}
	home := h.open(path)
	if len(template) == 0 {
		for _, name := range []string{"aoi", "bob"} {
			_, _, err := home.CreateUser(t.Context(), social.NewUser{Name: name, Email: name + "@home.example", Locale: "en"})
			must(t, err)
		}
		must(t, home.Store.(*store.Store).Close())
		var err error
		template, err = os.ReadFile(path)
		must(t, err)
		home = h.open(path)
	}
	for name, id := range map[string]*social.ID{"aoi": &h.me, "bob": &h.bob} {
		a, err := home.Store.ActorByHandle(t.Context(), name, "home.example")
		must(t, err)
		*id = a.ID
	}
	st := home.Store
	h.api = &API{Home: home, Grants: &auth.Grants{Store: st, Clock: h.clock}, URL: "https://home.example", Links: h, Rules: ruleFake{h}, Copies: h, Drafts: h, Render: h}
	h.handler = h.api.Handler()
	return h
}

// template is the database of a new house, so that keys are made only once.
var template []byte

// open starts the house on the database at path.
func (h *house) open(path string) *social.Home {
	h.Helper()
	st, err := store.Open(h.Context(), store.Config{DSN: "sqlite:" + path, Clock: h.clock})
	must(h.T, err)
	h.Cleanup(func() { _ = st.Close() })
	must(h.T, st.Migrate(h.Context()))
	master, err := keys.NewMaster(make([]byte, 32))
	must(h.T, err)
	home := &social.Home{Store: st, Bus: h, Queue: h, Clock: h.clock, IDs: snowflake.New(0, h.clock), Master: master, Limits: social.DefaultLimits}
	must(h.T, home.EnsureHome(h.Context(), "home.example", "https://home.example", "Home"))
	return home
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) note(format string, args ...any) {
	h.said = append(h.said, fmt.Sprintf(format, args...))
}

// The fakes.

func (h *house) Networks() []Network {
	return []Network{{Name: "x", Title: "X", Fields: []Field{{Name: "url", Label: "link.field.webhook", Needed: true}, {Name: "odd", Label: "no.such.key"}}, Can: social.AblePost | social.AbleStream}}
}

func (h *house) Begin(_ context.Context, user social.ID, ask *LinkAsk) (*social.Link, string, error) {
	h.note("begin %t %s %s %v %d", user == h.me, ask.Network, ask.Base, ask.Fields, ask.Again)
	if ask.Network == "letter" {
		return nil, "", h.err
	}
	return nil, "https://far.example/consent", h.err
}

func (h *house) Finish(_ context.Context, _ social.ID, network string, back map[string][]string) (*social.Link, string, error) {
	h.note("finish %s %v", network, back)
	return h.link("finished"), "", h.err
}

func (h *house) Change(_ context.Context, _, id social.ID, c *LinkChange) (*social.Link, error) {
	b, _ := json.Marshal(c)
	h.note("change %d %s", id, b)
	return h.link("changed"), h.err
}

func (h *house) Check(_ context.Context, _, id social.ID) (*social.Link, error) {
	h.note("check %d", id)
	return h.link("checked"), h.err
}

func (h *house) Drop(_ context.Context, _, id social.ID) error {
	h.note("drop %d", id)
	return h.err
}

func (h *house) Settle(_ context.Context, l *social.Link, post social.ID, choice string) (bool, error) {
	h.note("settle %s %s", l.Name, choice)
	return true, h.err
}

func (h *house) Retry(_ context.Context, l *social.Link, post social.ID) (bool, error) {
	h.note("retry %s", l.Name)
	return true, h.err
}

func (h *house) Delete(_ context.Context, l *social.Link, post social.ID) (bool, error) {
	h.note("delete %s", l.Name)
	return false, h.err
}

func (h *house) Preview(_ context.Context, _ social.ID, d *Draft, _ locale.Lang) ([]Preview, error) {
	h.note("preview %+v", *d)
	l := h.link("x")
	return []Preview{{Link: l, Send: true, Rule: "r", Reason: "why", Ask: "lossy", Losses: []string{"poll"}, Cost: 15000, Parts: []PreviewPart{
		{Part: social.Part{Text: "t", Media: []social.PartFile{{Media: 5, Kind: social.Image, Side: 2000}, {Media: 6, Kind: social.Image, Bytes: 976_000}, {Media: 7}}}, Length: 1, Limit: 280, Cost: 15000}}}}, h.err
}

func (h *house) Statuses(_ context.Context, _ social.Viewer, l *social.Listing, place string) ([]byte, error) {
	h.note("render %d %s", len(l.Posts), place)
	return []byte("[]"), h.err
}

type ruleFake struct{ h *house }

func (r ruleFake) Read(context.Context, social.ID) (string, []byte, error) {
	return "[[rule]]\n", []byte(`{"rule":[]}`), r.h.err
}

func (r ruleFake) Put(_ context.Context, _ social.ID, in RuleText, keep bool, lang locale.Lang) (*RuleTrial, error) {
	r.h.note("rules %q json=%t keep=%t %s", in.Text, in.JSON, keep, lang)
	t := &RuleTrial{Warnings: []Problem{{Message: "w"}}}
	if strings.Contains(in.Text, "bad") {
		t.Errors = []Problem{{Line: 1, Message: "bad"}}
	}
	return t, r.h.err
}

// link is one of the caller's Links, stored.
func (h *house) link(name string) *social.Link {
	h.Helper()
	l := &social.Link{ID: social.ID(h.api.Home.IDs.Next()), User: h.me, Network: "x", Name: name, State: social.LinkActive, CreatedAt: 1}
	return l
}

// stored keeps a Link.
func (h *house) stored(l *social.Link) *social.Link {
	h.Helper()
	must(h.T, h.api.Home.Store.Write(h.Context(), func(tx social.Tx) error {
		if err := tx.PutLink(h.Context(), l); err != nil {
			return err
		}
		return tx.TouchLink(h.Context(), l)
	}))
	return l
}

// token makes a token; user zero speaks for an app.
func (h *house) token(user social.ID, scopes string) string {
	h.Helper()
	id := func() social.ID { return social.ID(h.api.Home.IDs.Next()) }
	app := &social.App{ID: id(), ClientID: fmt.Sprint("c", id()), SecretHash: []byte("x"), Name: "T", RedirectURIs: []string{"urn:x"}, Scopes: auth.ParseScopes(scopes), CreatedAt: 1}
	text := fmt.Sprint("token-", id())
	must(h.T, h.api.Home.Store.Write(h.Context(), func(tx social.Tx) error {
		if err := tx.PutApp(h.Context(), app); err != nil {
			return err
		}
		return tx.PutToken(h.Context(), &social.Token{ID: id(), Hash: auth.Hash(text), App: app.ID, User: user, Scopes: app.Scopes, CreatedAt: 1})
	}))
	return text
}

// ask makes a request; head are header fields, name: value.
func (h *house) ask(token, method, path, body string, head ...string) *httptest.ResponseRecorder {
	h.Helper()
	r := httptest.NewRequestWithContext(h.Context(), method, "https://home.example"+Base+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for _, line := range head {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w
}

// wants checks a status and a part of the body.
func (h *house) wants(w *httptest.ResponseRecorder, status int, part string) {
	h.Helper()
	if w.Code != status || !strings.Contains(w.Body.String(), part) {
		h.Errorf("%d %s, want %d with %s", w.Code, w.Body, status, part)
	}
}

// last is what was asked of the fakes last.
func (h *house) last() string {
	if len(h.said) == 0 {
		return ""
	}
	return h.said[len(h.said)-1]
}
