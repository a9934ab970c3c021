package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/auth"
	"engawa/server"
	"engawa/social"
)

const (
	host     = "home.example"
	password = "correct horse battery"
)

// target is a home as it is served, with its whole log; nothing reaches the
// network. Requests come straight to its handler.
type target struct {
	*server.Server
	*testing.T
	handler http.Handler
	log     *journal
	end     func() error // closes the home before the test is over
}

// journal is a log that can be read while it is written.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// attack opens a home by settings as an operator writes them.
func attack(t *testing.T, environ ...string) *target {
	t.Helper()
	cfg, err := server.LoadConfig(server.Sources{Environ: append([]string{
		"ENGAWA_DOMAIN=" + host, "ENGAWA_URL=https://" + host, "ENGAWA_DATA=" + filepath.Join(t.TempDir(), "data"), "ENGAWA_RATE_LIMITS=off",
	}, environ...)})
	if err != nil {
		t.Fatal(err)
	}
	x := &target{T: t, log: &journal{}}
	log := slog.New(slog.NewJSONHandler(x.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	before := slog.Default()
	slog.SetDefault(log)
	t.Cleanup(func() { slog.SetDefault(before) })
	if x.Server, err = server.Open(context.Background(), cfg, log, server.Build{Version: "test"}); err != nil {
		t.Fatal(err)
	}
	x.end = sync.OnceValue(x.Close)
	t.Cleanup(func() { _ = x.end() })
	if x.handler, err = x.Handler(); err != nil {
		t.Fatal(err)
	}
	return x
}

// person is somebody with a token, and perhaps a session.
type person struct {
	*target
	name, token, cookie string
	id                  social.ID
}

// person makes somebody whose password is the one of all.
func (x *target) person(name string, scopes ...string) *person {
	x.Helper()
	hash, err := auth.HashPassword(password)
	if err != nil {
		x.Fatal(err)
	}
	u, _, err := x.Home.CreateUser(x.Context(), social.NewUser{Name: name, Email: name + "@mail.example", Locale: "en", Discoverable: true, PasswordHash: hash})
	if err != nil {
		x.Fatal(err)
	}
	if len(scopes) == 0 {
		scopes = []string{"read", "write", "follow", "push"}
	}
	return &person{target: x, name: name, id: u.ID, token: x.tokenFor(u.ID, scopes)}
}

func (x *target) tokenFor(user social.ID, scopes []string) string {
	x.Helper()
	app, err := x.Auth.Register(x.Context(), auth.Registration{Name: "app", RedirectURIs: []string{"https://app.example/cb"}, Scopes: scopes})
	if err != nil {
		x.Fatal(err)
	}
	tok, err := x.Auth.NewToken(x.Context(), app.ID, user, scopes, "")
	if err != nil {
		x.Fatal(err)
	}
	return tok.Text
}

func (x *target) stranger() *person { return &person{target: x} }

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// with changes a request before it is sent.
type with func(*http.Request)

func header(name, value string) with { return func(r *http.Request) { r.Header.Set(name, value) } }

var (
	asPage     = header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	asDocument = header("Accept", "application/activity+json")
)

func (p *person) do(method, path, contentType, body string, more ...with) *answer {
	p.Helper()
	r := httptest.NewRequest(method, "https://"+host+"/", strings.NewReader(body))
	u, err := url.Parse(path)
	if err != nil {
		p.Fatal(err)
	}
	r.URL, r.RequestURI, r.RemoteAddr = u, path, "192.0.2.1:1000"
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if p.cookie != "" {
		r.Header.Set("Cookie", p.cookie)
	}
	for _, f := range more {
		f(r)
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return &answer{w.Code, w.Result().Header, w.Body.String()}
}

func (p *person) get(path string, more ...with) *answer {
	p.Helper()
	return p.do("GET", path, "", "", more...)
}

func (p *person) form(path string, values url.Values, more ...with) *answer {
	p.Helper()
	return p.do("POST", path, "application/x-www-form-urlencoded", values.Encode(), more...)
}

// json asks the API and wants a 2xx.
func (p *person) json(method, path string, body any) map[string]any {
	p.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.Fatal(err)
	}
	a := p.do(method, path, "application/json", string(data))
	var out map[string]any
	if err := json.Unmarshal([]byte(a.body), &out); err != nil || a.status/100 != 2 {
		p.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return out
}

// say posts something and returns its id.
func (p *person) say(text, visibility string, more map[string]any) string {
	p.Helper()
	body := map[string]any{"status": text, "visibility": visibility}
	for k, v := range more {
		body[k] = v
	}
	return p.json("POST", "/api/v1/statuses", body)["id"].(string)
}

// logIn opens a session.
func (p *person) logIn() *answer {
	p.Helper()
	a := p.form("/login", url.Values{"login": {p.name}, "password": {password}})
	if a.status != http.StatusSeeOther {
		p.Fatalf("log-in: %d %s", a.status, a.body)
	}
	p.cookie, _, _ = strings.Cut(a.header.Get("Set-Cookie"), ";")
	return a
}

// inside reports whether the session holds.
func (p *person) inside() bool {
	p.Helper()
	return p.get("/settings/password", asPage).status == http.StatusOK
}

func (a *answer) location() string { return a.header.Get("Location") }

// timeout ends what a test began, long before the test is given up.
func timeout(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
}
