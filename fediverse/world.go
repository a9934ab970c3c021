// Package fediverse runs several homes in one process, over real sockets with
// TLS, so that tests say what happens between them: one scenario a verb. A test
// never sleeps: Settle drains every queue until nothing moves.
package fediverse

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"engawa/auth"
	"engawa/internal/testca"
	"engawa/server"
	"engawa/social"
)

// patience is how long everything may take together before a test is given up.
const patience = 60 * time.Second

// World is a few homes that know one another by name, and nobody else.
type World struct {
	tb    testing.TB
	ctx   context.Context
	CA    *testca.CA
	Hosts map[string]string // name → ip:port; add peers before the first request to them
	// Settings are further ones for every home that starts, NAME=value.
	Settings []string
	homes    map[string]*Home
	dir      string
}

// Home is one of them.
type Home struct {
	*server.Server
	Domain string
	w      *World
	stop   context.CancelFunc
	done   chan error
	ln     net.Listener
	http   *http.Server
}

// Person is somebody who lives in a Home, with a token for its API.
type Person struct {
	Home  *Home
	Name  string
	ID    social.ID
	Token string
	tb    testing.TB
}

// New starts homes under these names.
func New(tb testing.TB, names ...string) *World {
	tb.Helper()
	w := Empty(tb)
	w.Start(names...)
	return w
}

// Empty is a World without homes: peers of other makes are entered into Hosts
// before the homes start, which learn the names then.
func Empty(tb testing.TB) *World {
	tb.Helper()
	ca, err := testca.New()
	if err != nil {
		tb.Fatal(err)
	}
	w := &World{tb: tb, CA: ca, Hosts: map[string]string{}, homes: map[string]*Home{}, dir: tb.TempDir()}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	w.ctx = ctx
	return w
}

// Start starts homes under these names; all know one another and the peers.
func (w *World) Start(names ...string) {
	w.tb.Helper()
	listeners := map[string]net.Listener{}
	for _, name := range names {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			w.tb.Fatal(err)
		}
		listeners[name] = ln
		w.Hosts[name] = ln.Addr().String()
	}
	for _, name := range names {
		w.homes[name] = w.start(name, listeners[name])
	}
}

func (w *World) start(name string, ln net.Listener) *Home {
	w.tb.Helper()
	files, err := w.CA.Write(w.dir, "ca", name)
	if err != nil {
		w.tb.Fatal(err)
	}
	h := &Home{Domain: name, w: w, ln: ln, done: make(chan error, 1)}
	h.Server = w.open(name, files.CA, w.Settings)
	h.run()
	w.tb.Cleanup(h.Stop)
	return h
}

// open builds a node from settings as an operator would write them.
func (w *World) open(name, roots string, more []string) *server.Server {
	w.tb.Helper()
	var hosts []string
	for n, addr := range w.Hosts {
		hosts = append(hosts, n+"="+addr)
	}
	cfg, err := server.LoadConfig(server.Sources{Environ: append([]string{
		"ENGAWA_DOMAIN=" + name, "ENGAWA_URL=https://" + name, "ENGAWA_DATA=" + filepath.Join(w.dir, name),
		"ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_EXTRA_ROOTS=" + roots, "ENGAWA_HOSTS=" + strings.Join(hosts, ","),
		"ENGAWA_RATE_LIMITS=off", "ENGAWA_LOG=warn",
	}, more...)})
	if err != nil {
		w.tb.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testLog{w.tb}, &slog.HandlerOptions{Level: cfg.Log}))
	s, err := server.Open(w.ctx, cfg, log, server.Build{Version: "test"})
	if err != nil {
		w.tb.Fatal(err)
	}
	return s
}

// testLog shows a home's log in the test's output.
type testLog struct{ tb testing.TB }

// Write implements io.Writer.
func (l testLog) Write(p []byte) (int, error) {
	l.tb.Helper()
	l.tb.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// run answers on the home's listener with a certificate for its name.
func (h *Home) run() {
	handler, err := h.Server.Handler()
	if err != nil {
		h.w.tb.Fatal(err)
	}
	cert, err := h.w.CA.Leaf(h.Domain)
	if err != nil {
		h.w.tb.Fatal(err)
	}
	h.http = &http.Server{Handler: handler, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}
	tlsLn := tls.NewListener(h.ln, &tls.Config{Certificates: []tls.Certificate{cert}})
	ctx, stop := context.WithCancel(h.w.ctx)
	h.stop = stop
	go func() { _ = h.http.Serve(tlsLn) }()
	go func() { h.done <- h.Server.RunJobs(ctx) }()
}

// Stop ends a home.
func (h *Home) Stop() {
	if h.stop == nil {
		return
	}
	h.stop()
	_ = h.http.Close()
	<-h.done
	if err := h.Server.Close(); err != nil {
		h.w.tb.Errorf("closing %s: %v", h.Domain, err)
	}
	h.stop = nil
}

// Home returns a home by name.
func (w *World) Home(name string) *Home {
	w.tb.Helper()
	h := w.homes[name]
	if h == nil {
		w.tb.Fatalf("there is no home %q in this world", name)
	}
	return h
}

// Settle waits until every queue of every home is empty of what is due, also
// of what the others' work brought.
func (w *World) Settle() {
	w.tb.Helper()
	for {
		before := w.done()
		for _, h := range w.homes {
			if err := h.Queue.Settle(w.ctx); err != nil {
				w.tb.Fatalf("%s did not settle: %v (%+v)", h.Domain, err, h.Queue.Stats())
			}
		}
		if w.done() == before {
			return
		}
	}
}

func (w *World) done() (n int64) {
	for _, h := range w.homes {
		st := h.Queue.Stats()
		n += st.Done + st.Failed + st.Dead
	}
	return n
}

// Person makes somebody who lives at name@home, with a token for everything.
func (w *World) Person(handle string) *Person {
	w.tb.Helper()
	name, domain, _ := strings.Cut(handle, "@")
	h := w.Home(domain)
	u, _, err := h.Server.Home.CreateUser(w.ctx, social.NewUser{Name: name, Email: handle, Locale: "en", Discoverable: true})
	if err != nil {
		w.tb.Fatal(err)
	}
	app, err := h.Auth.Register(w.ctx, auth.Registration{Name: "test", RedirectURIs: []string{auth.OOB}, Scopes: []string{"read", "write", "follow", "push"}})
	if err != nil {
		w.tb.Fatal(err)
	}
	tok, err := h.Auth.NewToken(w.ctx, app.ID, u.ID, app.Scopes, "")
	if err != nil {
		w.tb.Fatal(err)
	}
	return &Person{Home: h, Name: name, ID: u.ID, Token: tok.Text, tb: w.tb}
}

// Handle is name@domain.
func (p *Person) Handle() string { return p.Name + "@" + p.Home.Domain }

// URI is the person's ActivityPub id.
func (p *Person) URI() string { return "https://" + p.Home.Domain + "/users/" + p.Name }

// JSON is an answer of the API.
type JSON = map[string]any

// Call asks the API and fails the test on any status but 2xx.
func (p *Person) Call(method, path string, body any) JSON {
	p.tb.Helper()
	status, data := p.Raw(method, path, body)
	if status/100 != 2 {
		p.tb.Fatalf("%s %s by %s: %d %s", method, path, p.Handle(), status, data)
	}
	var out JSON
	if err := json.Unmarshal(data, &out); err != nil {
		p.tb.Fatalf("%s %s: %v in %s", method, path, err, data)
	}
	return out
}

// List is Call for answers that are lists.
func (p *Person) List(path string) []JSON {
	p.tb.Helper()
	status, data := p.Raw("GET", path, nil)
	var out []JSON
	if err := json.Unmarshal(data, &out); status != http.StatusOK || err != nil {
		p.tb.Fatalf("GET %s by %s: %d %s", path, p.Handle(), status, data)
	}
	return out
}

// Raw asks the API and returns status and body.
func (p *Person) Raw(method, path string, body any) (int, []byte) {
	p.tb.Helper()
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			p.tb.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(p.Home.w.ctx, method, "https://"+p.Home.Domain+path, r)
	if err != nil {
		p.tb.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+p.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := p.Home.w.Client().Do(req)
	if err != nil {
		p.tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		p.tb.Fatal(err)
	}
	return resp.StatusCode, data
}

// Client reaches the homes by their names.
func (w *World) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: w.CA.Pool()},
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			name, _, _ := net.SplitHostPort(addr)
			at, ok := w.Hosts[name]
			if !ok {
				return nil, fmt.Errorf("%s is not in this world", name)
			}
			var d net.Dialer
			return d.DialContext(ctx, network, at)
		},
	}}
}

// Find asks p's home for somebody or something elsewhere, by handle or address.
func (p *Person) Find(kind, q string) JSON {
	p.tb.Helper()
	found := p.Call("GET", "/api/v2/search?resolve=true&q="+escape(q), nil)
	list, _ := found[kind].([]any)
	if len(list) == 0 {
		p.tb.Fatalf("%s did not find %s %q: %v", p.Handle(), kind, q, found)
	}
	first, _ := list[0].(map[string]any)
	return first
}

// Follow lets p follow another and settles.
func (p *Person) Follow(other *Person) JSON {
	p.tb.Helper()
	a := p.Find("accounts", "@"+other.Handle())
	rel := p.Call("POST", "/api/v1/accounts/"+a["id"].(string)+"/follow", nil)
	p.Home.w.Settle()
	return rel
}

// Post says something and settles.
func (p *Person) Post(text string, more ...JSON) JSON {
	p.tb.Helper()
	body := JSON{"status": text}
	for _, m := range more {
		for k, v := range m {
			body[k] = v
		}
	}
	s := p.Call("POST", "/api/v1/statuses", body)
	p.Home.w.Settle()
	return s
}

// See is a Post of elsewhere as p's home has it.
func (p *Person) See(uri string) JSON { p.tb.Helper(); return p.Find("statuses", uri) }

func escape(s string) string {
	return strings.NewReplacer("%", "%25", "&", "%26", "#", "%23", "+", "%2B", " ", "%20").Replace(s)
}
