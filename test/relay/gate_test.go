package relay_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// message is what the home sends: an HTTP request, or a frame of a WebSocket
// (method "FRAME").
type message struct {
	method, path string
	body         []byte
}

// trap holds the first message that it wants: before the network gets it, or
// after it took effect and before its answer is passed on.
type trap struct {
	wants func(m *message) bool
	after bool
	hit   chan struct{} // closed when something is in it
	gone  chan struct{} // closed by the test: what is held is dropped
}

func newTrap(after bool, wants func(m *message) bool) *trap {
	return &trap{wants: wants, after: after, hit: make(chan struct{}), gone: make(chan struct{})}
}

// gate stands between the home and one network and passes everything on.
type gate struct {
	tb     testing.TB
	addr   string // ip:port it listens on
	client *http.Client

	mu     sync.Mutex
	target *url.URL
	armed  *trap
}

// newGate leads to target, a URL; with a certificate the home speaks TLS to it.
func newGate(tb testing.TB, target string, cert *tls.Certificate) *gate {
	tb.Helper()
	g := &gate{tb: tb, client: &http.Client{
		Timeout: patience, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	g.lead(target)
	server := httptest.NewUnstartedServer(g)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	if cert != nil {
		server.TLS = &tls.Config{Certificates: []tls.Certificate{*cert}}
		server.StartTLS()
	} else {
		server.Start()
	}
	g.addr = server.Listener.Addr().String()
	tb.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		g.client.CloseIdleConnections()
	})
	return g
}

// lead says where the gate leads from now on.
func (g *gate) lead(target string) {
	g.tb.Helper()
	u, err := url.Parse(target)
	if err != nil {
		g.tb.Fatal(err)
	}
	g.mu.Lock()
	g.target = u
	g.mu.Unlock()
}

func (g *gate) leads() *url.URL { g.mu.Lock(); defer g.mu.Unlock(); return g.target }

// arm sets the trap; there is one at a time, and it catches once.
func (g *gate) arm(t *trap) { g.mu.Lock(); g.armed = t; g.mu.Unlock() }

// caught is the trap that m fell into, or nil.
func (g *gate) caught(m *message) *trap {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.armed
	if t == nil || !t.wants(m) {
		return nil
	}
	g.armed = nil
	return t
}

// ServeHTTP implements http.Handler.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if websocket.IsWebSocketUpgrade(r) {
		g.frames(w, r)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(g.leads()); p.Out.Host = r.Host }}).ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 32<<20))
	if err != nil {
		panic(http.ErrAbortHandler) // the home was killed while it wrote
	}
	t := g.caught(&message{r.Method, r.URL.RequestURI(), body})
	if t != nil && !t.after {
		close(t.hit)
		<-t.gone
		panic(http.ErrAbortHandler)
	}
	answer, said, err := g.pass(r, body)
	if t != nil {
		close(t.hit)
		<-t.gone
	}
	if t != nil || err != nil {
		panic(http.ErrAbortHandler)
	}
	for k, v := range answer.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(said) // the home may have been killed
}

// pass brings a request to the network, whatever becomes of who sent it.
func (g *gate) pass(r *http.Request, body []byte) (*http.Response, []byte, error) {
	out := r.Clone(context.WithoutCancel(r.Context()))
	to := g.leads()
	out.RequestURI, out.URL.Scheme, out.URL.Host = "", to.Scheme, to.Host
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	out.Header.Del("Accept-Encoding")
	answer, err := g.client.Do(out)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 32<<20))
	return answer, said, err
}

// frames passes the frames of a WebSocket on, each way.
func (g *gate) frames(w http.ResponseWriter, r *http.Request) {
	to := *g.leads()
	to.Scheme = strings.Replace(to.Scheme, "http", "ws", 1)
	to.Path, to.RawQuery = r.URL.Path, r.URL.RawQuery
	far, _, err := websocket.DefaultDialer.DialContext(r.Context(), to.String(), http.Header{"Host": {r.Host}, "Authorization": r.Header["Authorization"]})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer far.Close()
	near, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer near.Close()
	var held atomic.Pointer[trap] // whose answer is kept back
	var both sync.WaitGroup
	both.Go(func() { // what the network answers
		defer near.Close()
		for {
			kind, data, err := far.ReadMessage()
			if err != nil {
				return
			}
			if t := held.Load(); t != nil {
				close(t.hit)
				<-t.gone
				return
			}
			if near.WriteMessage(kind, data) != nil {
				return
			}
		}
	})
	g.outward(near, far, &held)
	far.Close()
	both.Wait()
}

// outward passes on what the home sends, until its connection ends.
func (g *gate) outward(near, far *websocket.Conn, held *atomic.Pointer[trap]) {
	for {
		kind, data, err := near.ReadMessage()
		if err != nil {
			return
		}
		if t := g.caught(&message{"FRAME", "", data}); t != nil {
			if !t.after {
				close(t.hit)
				<-t.gone
				return
			}
			held.Store(t)
		}
		if err := far.SetWriteDeadline(time.Now().Add(patience)); err != nil {
			return
		}
		if far.WriteMessage(kind, data) != nil {
			return
		}
		if t := held.Load(); t != nil {
			<-t.gone
			return
		}
	}
}
