package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"engawa/internal/clock"
)

func TestRefusedURLs(t *testing.T) {
	l, port := listen(t, "127.0.0.1:0")
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request went to loopback")
	})}}
	srv.Start()
	defer srv.Close()
	strict := mustClient(t, Config{Resolver: always("127.0.0.1")})
	loose := mustClient(t, Config{Resolver: always("127.0.0.1"), AllowHTTP: true})
	for _, u := range []string{
		"http://127.0.0.1:P/", "http://localhost:P/", "http://a.test:P/", "http://[::1]:P/", "http://[::]:P/",
		"http://[::127.0.0.1]:P/", "http://[::ffff:127.0.0.1]:P/", "http://[::ffff:7f00:1]:P/",
		"http://[64:ff9b::127.0.0.1]:P/", "http://[2002:7f00:1::]:P/", "http://[2001::1]:P/",
		"http://0.0.0.0:P/", "http://0:P/", "http://127.1:P/", "http://2130706433:P/", "http://0x7f000001:P/",
		"http://0177.0.0.1:P/", "http://100.64.0.1:P/", "http://198.18.0.1:P/", "http://169.254.169.254/latest/meta-data",
		"http://user@a.test:P/", "http://a.test:P@127.0.0.1:P/", "http://127.0.0.1.:P/", "http://a.test.:P/",
		"http://[fe80::1%25lo]:P/", "http://a.test:0/", "http:a.test:P", "http:///", "file:///etc/passwd",
		"data:text/plain,x", "gopher://127.0.0.1:P/", "ftp://a.test/", "HTTPS://", "", "/", "//a.test/",
		"http://a.test\r\nX: y/", "http://a.te st/", "javascript:alert(1)", "http://" + strings.Repeat("a", 5000),
	} {
		u = strings.ReplaceAll(u, "P/", port+"/")
		for _, c := range []*Client{strict, loose} {
			_, err := c.Get(context.Background(), u, Options{})
			if e := wantKind(t, u, err, Refused); e.Temporary() || e.Uplink {
				t.Errorf("%s: a refusal is for good: %+v", u, e)
			}
		}
	}
	_, err := strict.Get(context.Background(), "http://1.1.1.1/", Options{})
	wantKind(t, "plain http", err, Refused)
}

// twin serves on 127.0.0.1 and 127.0.0.2 at one port: the second stands for
// the public internet, the first for what must not be reached.
func twin(t *testing.T) (port string, public, private *world) {
	t.Helper()
	public, private = &world{}, &world{}
	start := func(w *world, l net.Listener) {
		w.server = &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			w.seen.Add(1)
			if to := r.URL.Query().Get("to"); to != "" {
				http.Redirect(rw, r, to, http.StatusFound)
			}
		})}}
		w.server.Start()
		t.Cleanup(w.server.Close)
	}
	l, port := listen(t, "127.0.0.2:0")
	start(public, l)
	l, _ = listen(t, "127.0.0.1:"+port)
	start(private, l)
	return port, public, private
}

func TestRebindingResolver(t *testing.T) {
	port, public, private := twin(t)
	r := &resolver{answer: func(call int, _ string) ([]netip.Addr, error) {
		if call == 1 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}}
	c := mustClient(t, Config{AllowHTTP: true, AllowNetworks: prefixes("127.0.0.2/32"), Resolver: r})
	u := "http://rebind.test:" + port + "/"
	if _, err := c.Get(context.Background(), u, Options{}); err != nil {
		t.Fatal(err)
	}
	if n := r.calls.Load(); n != 1 {
		t.Errorf("%d look-ups for one connection: the second could differ from the first", n)
	}
	c.Close()
	_, err := c.Get(context.Background(), u, Options{})
	wantKind(t, "rebound", err, Refused)
	if public.seen.Load() != 1 || private.seen.Load() != 0 {
		t.Errorf("%d requests to the public, %d to the private address", public.seen.Load(), private.seen.Load())
	}
}

func TestControlSeesWhatIsDialled(t *testing.T) {
	port, _, private := twin(t)
	c := mustClient(t, Config{AllowNetworks: prefixes("127.0.0.2/32")})
	_, err := c.dialer.try(context.Background(), []netip.Addr{netip.MustParseAddr("127.0.0.1")}, port)
	if !errors.Is(err, errAddress) {
		t.Errorf("past the first check, the hook let %v through", err)
	}
	_, err = c.dialer.try(context.Background(), []netip.Addr{netip.MustParseAddr("::ffff:127.0.0.1")}, port)
	if !errors.Is(err, errAddress) || private.seen.Load() != 0 {
		t.Errorf("past the first check, the hook let %v through", err)
	}
}

func TestRedirectToLoopback(t *testing.T) {
	port, public, private := twin(t)
	r := &resolver{answer: func(_ int, host string) ([]netip.Addr, error) {
		if host == "public.test" {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2")}, nil
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}}
	c := mustClient(t, Config{AllowHTTP: true, AllowNetworks: prefixes("127.0.0.2/32"), Resolver: r})
	for i, to := range []string{
		"http://127.0.0.1:" + port + "/", "http://private.test:" + port + "/", "//[::ffff:127.0.0.1]:" + port + "/",
		"file:///etc/passwd", "http://user:pw@public.test:" + port + "/", "data:,x", "http://0.0.0.0:" + port,
	} {
		_, err := c.Get(context.Background(), "http://public.test:"+port+"/?to="+to, Options{})
		wantKind(t, to, err, Refused)
		if int(public.seen.Load()) != i+1 || private.seen.Load() != 0 {
			t.Fatalf("%s: %d requests to the public, %d to the private address", to, public.seen.Load(), private.seen.Load())
		}
	}
}

func TestHostsAreTrustedButKeepTheirNames(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) { io.WriteString(rw, r.Host+" "+r.TLS.ServerName) }, func(c *Config) {
		c.Hosts["d.test"] = c.Hosts["a.test"] // not in the certificate
		c.Hosts["a.test:8443"] = c.Hosts["a.test"]
	})
	for _, c := range []struct{ url, want string }{
		{"https://a.test/", "a.test a.test"},
		{"https://A.TEST:443/", "a.test a.test"},
		{"https://a.test:8443/", "a.test:8443 a.test"},
		{"https://例え.test/", "xn--r8jz45g.test xn--r8jz45g.test"},
	} {
		resp, err := w.client.Get(context.Background(), c.url, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if string(resp.Body) != c.want {
			t.Errorf("%s: got %q, want %q", c.url, resp.Body, c.want)
		}
	}
	_, err := w.client.Get(context.Background(), "https://d.test/", Options{})
	if e := wantKind(t, "another name's certificate", err, Unreachable); !e.Temporary() || e.Uplink {
		t.Errorf("%+v", e)
	}
}

func TestConfigurationErrors(t *testing.T) {
	for _, c := range []Config{
		{Hosts: map[string]string{"a.test": "localhost:80"}},
		{Hosts: map[string]string{"a.test/": "127.0.0.1:80"}},
		{ExtraRoots: []byte("nothing")},
		{ExtraRootsFile: "/does/not/exist"},
		{AllowNetworks: []netip.Prefix{{}}},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}

func TestChoose(t *testing.T) {
	clk := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	c := mustClient(t, Config{Clock: clk})
	all := always("1.1.1.1", "10.0.0.1", "1.1.1.2", "1.1.1.3", "::1", "2606:4700::1", "2606:4700::2", "2606:4700::3")
	addrs, _ := all.answer(1, "")
	for _, s := range []struct {
		rest time.Duration
		want string
	}{
		{0, "2606:4700::1 1.1.1.1 2606:4700::2 1.1.1.2"},
		{time.Minute, "1.1.1.1 2606:4700::1 1.1.1.2 2606:4700::2"},
	} {
		c.dialer.sixUntil.Store(clock.Millis(clk.Now().Add(s.rest)))
		got, err := c.dialer.choose(addrs)
		if err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, a := range got {
			text = append(text, a.String())
		}
		if strings.Join(text, " ") != s.want {
			t.Errorf("got %v, want %s", text, s.want)
		}
	}
	if _, err := c.dialer.choose(nil); kindOf(context.Background(), context.Background(), err) != Unreachable {
		t.Errorf("no address: %v", err)
	}
}

func TestUplink(t *testing.T) {
	down := &net.DNSError{Err: "i/o timeout", IsTimeout: true}
	refused := &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	r := &resolver{answer: func(_ int, host string) ([]netip.Addr, error) {
		if strings.HasPrefix(host, "gone") {
			return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
		}
		return nil, down
	}}
	c := mustClient(t, Config{Resolver: r})
	get := func(host string) *Error {
		_, err := c.Get(context.Background(), "https://"+host+"/", Options{})
		e, _ := err.(*Error)
		return e
	}
	for range 10 {
		if e := get("same.test"); e.Uplink {
			t.Fatal("one host alone made the uplink suspect")
		}
		if e := get("gone.test"); e.Uplink || e.Kind != Unreachable {
			t.Fatalf("a name that does not exist made the uplink suspect: %+v", e)
		}
	}
	for i := range suspects - 1 {
		e := get("h" + strconv.Itoa(i) + ".test")
		if want := i == suspects-2; e.Uplink != want || c.UplinkSuspected() != want || !e.Temporary() {
			t.Fatalf("host %d: %+v", i, e)
		}
	}
	c.uplink.answered()
	if c.UplinkSuspected() || get("late.test").Uplink {
		t.Error("an answer did not end the suspicion")
	}
	for _, s := range []struct {
		err  error
		want bool
	}{
		{&net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(1, 1, 1, 1)}, Err: syscall.ENETUNREACH}, true},
		{&net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.ParseIP("2606::1")}, Err: syscall.ENETUNREACH}, false},
		{&net.DNSError{Err: "dial udp 192.0.2.1:53: connect: network is unreachable"}, true},
		{refused, false},
		{io.ErrUnexpectedEOF, false},
	} {
		c.uplink.answered()
		if got := c.blame("x.test", s.err); got != s.want {
			t.Errorf("%v: uplink %v", s.err, got)
		}
	}
}
