package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"engawa/internal/testca"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a few names on one loopback server with certificates, and a client
// that knows where they are.
type world struct {
	ca     *testca.CA
	server *httptest.Server
	client *Client
	seen   atomic.Int32 // requests that arrived
}

// newWorld serves h as a.test, b.test and c.test. edit may change the
// configuration.
func newWorld(t testing.TB, h http.HandlerFunc, edit func(*Config)) *world {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"a.test", "b.test", "c.test", "xn--r8jz45g.test"}
	leaf, err := ca.Leaf(names...)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{ca: ca}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.seen.Add(1)
		h(rw, r)
	}))
	w.server.EnableHTTP2 = true
	w.server.TLS = &tls.Config{Certificates: []tls.Certificate{leaf}}
	w.server.StartTLS()
	t.Cleanup(w.server.Close)
	cfg := Config{ExtraRoots: ca.PEM(), Hosts: map[string]string{}, UserAgent: "Engawa/test"}
	for _, n := range names {
		cfg.Hosts[n] = w.server.Listener.Addr().String()
	}
	if edit != nil {
		edit(&cfg)
	}
	w.client = mustClient(t, cfg)
	return w
}

func mustClient(t testing.TB, cfg Config) *Client {
	t.Helper()
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// resolver answers from a function, and counts.
type resolver struct {
	calls  atomic.Int32
	answer func(call int, host string) ([]netip.Addr, error)
}

func (r *resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	return r.answer(int(r.calls.Add(1)), host)
}

func always(addrs ...string) *resolver {
	var out []netip.Addr
	for _, a := range addrs {
		out = append(out, netip.MustParseAddr(a))
	}
	return &resolver{answer: func(int, string) ([]netip.Addr, error) { return out, nil }}
}

func prefixes(s ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, p := range s {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}

func wantKind(t *testing.T, what string, err error, kind Kind) *Error {
	t.Helper()
	e, ok := err.(*Error)
	if !ok || e.Kind != kind {
		t.Fatalf("%s: %v; want kind %q", what, err, kind)
	}
	return e
}

// listen is a listener on an address, with its port.
func listen(t *testing.T, addr string) (net.Listener, string) {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return l, port
}
