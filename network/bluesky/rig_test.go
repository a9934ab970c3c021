package bluesky

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"errors"

	"engawa/internal/clock"
	"engawa/social"
)

const (
	aliceDID = "did:plc:alice"
	bobDID   = "did:plc:bob"
)

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// rig is a PDS that says what a test wants, and a client that speaks to it.
type rig struct {
	*testing.T
	*Network
	server *httptest.Server
	clock  *clock.Fake
	mu     sync.Mutex
	says   map[string]http.HandlerFunc // by path, "/xrpc/" cut off
	calls  []string
	bodies map[string]string // of the last call
}

func newRig(t *testing.T) *rig {
	r := &rig{T: t, clock: clock.NewFake(start), says: make(map[string]http.HandlerFunc), bodies: make(map[string]string)}
	r.server = httptest.NewServer(http.HandlerFunc(r.serve))
	t.Cleanup(r.server.Close)
	r.Network = &Network{HTTP: r.server.Client(), Clock: r.clock, PLC: r.server.URL, Resolver: r.server.URL, Entryway: r.server.URL, AllowHTTP: true}
	return r
}

func (r *rig) serve(w http.ResponseWriter, req *http.Request) {
	name := strings.TrimPrefix(strings.TrimPrefix(req.URL.Path, "/xrpc/"), "/")
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.calls = append(r.calls, name)
	r.bodies[name] = string(body)
	say := r.says[name]
	r.mu.Unlock()
	if say == nil {
		answerWith(w, 501, `{"error":"MethodNotImplemented","message":"no such thing"}`)
		return
	}
	say(w, req)
}

func answerWith(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

// say sets the answer of a method.
func (r *rig) say(name string, status int, body string) {
	r.on(name, func(w http.ResponseWriter, _ *http.Request) { answerWith(w, status, body) })
}

func (r *rig) on(name string, h http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.says[name] = h
}

func (r *rig) count(name string) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.calls {
		if c == name {
			n++
		}
	}
	return n
}

func (r *rig) body(name string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[name]
}

// login is alice's, with tokens that last an hour.
func (r *rig) login() *social.Login {
	return r.loginWith(credentials{DID: aliceDID, PDS: r.server.URL, Since: start.UnixMilli(), Access: "access-secret", Refresh: "refresh-secret",
		Ends: start.Add(time.Hour).UnixMilli(), Password: "password-secret"})
}

func (r *rig) loginWith(c credentials) *social.Login {
	secret, err := json.Marshal(c)
	if err != nil {
		r.Fatal(err)
	}
	return &social.Login{Link: &social.Link{ID: 1, Account: c.DID}, Secret: secret}
}

func (r *rig) class(err error, class social.LinkFailure, words string) *social.LinkError {
	r.Helper()
	var e *social.LinkError
	if !errors.As(err, &e) {
		r.Fatalf("%v is no LinkError, want class %d: %s", err, class, words)
	}
	if e.Class != class || !strings.Contains(e.Error(), words) {
		r.Errorf("class %d, %q (%v), want class %d, %q", e.Class, e.Error(), e.Err, class, words)
	}
	if s := err.Error(); strings.Contains(s, "-secret") {
		r.Errorf("a secret is in the error: %s", s)
	}
	return e
}

// picture is a Files that hands out n bytes, or as many as are asked for.
type pictures struct {
	n      int64
	opened []int64
}

func (p *pictures) Open(_ context.Context, f *social.PartFile) (io.ReadCloser, int64, string, error) {
	n := min(p.n, f.Bytes)
	p.opened = append(p.opened, f.Bytes)
	return io.NopCloser(strings.NewReader(strings.Repeat("x", int(n)))), n, "image/jpeg", nil
}
