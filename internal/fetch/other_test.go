package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"engawa/internal/hostname"
)

func TestRoundTripForLibraries(t *testing.T) {
	w := newWorld(t, hopper(http.StatusFound), nil)
	lib := http.Client{Transport: w.client}
	ctx := WithBudget(context.Background(), 4) // 127.0.0.1 costs one as well
	get := func(u string) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := lib.Do(req)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	if err := get("https://a.test/?to=/x"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		url  string
		kind Kind
	}{
		{"http://a.test/", Refused}, {"https://127.0.0.1/", Refused}, {"https://a.test/?to=http://b.test/", Refused}, {"https://a.test/", OverBudget},
	} {
		if err := get(c.url); KindOf(err) != c.kind {
			t.Errorf("%s: %v", c.url, err)
		}
	}
}

func TestDialForWebSockets(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {}, nil)
	conn, err := w.client.Dial(context.Background(), "tcp", "a.test:443")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cfg := w.client.TLS()
	cfg.ServerName = "a.test"
	if err := tls.Client(conn, cfg).Handshake(); err != nil {
		t.Error(err)
	}
	if _, err := w.client.Dial(context.Background(), "tcp", w.server.Listener.Addr().String()); !errors.Is(err, errAddress) {
		t.Errorf("loopback: %v", err)
	}
}

func TestQuery(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"a=b&c=%20", "a=b&c=%20"},
		{"a b", "a%20b"},
		{"x HTTP/1.1", "x%20HTTP/1.1"},
		{"q=縁\"<>", "q=%E7%B8%81%22%3C%3E"},
	} {
		if got := query(c.in); got != c.want {
			t.Errorf("query(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// wire fails the test on a request that must not be sent.
type wire struct{ t *testing.T }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	host, err := hostname.OfURL(r.URL)
	if err != nil || host != r.URL.Host || host != r.Host || r.URL.Scheme != "https" || r.URL.Fragment != "" {
		w.t.Errorf("sent to %q (host %q): %v", r.URL, r.Host, err)
	}
	if line := r.URL.RequestURI(); strings.ContainsAny(line, " \r\n\t\x00") || line[0] != '/' {
		w.t.Errorf("request line %q", line)
	}
	h := http.Header{}
	if to, ok := strings.CutPrefix(r.URL.Path, "/to/"); ok {
		h.Set("Location", to)
	}
	return &http.Response{StatusCode: http.StatusFound, Header: h, Body: io.NopCloser(strings.NewReader("x")), ContentLength: 1, Request: r}, nil
}

func FuzzURL(f *testing.F) {
	for _, s := range []string{
		"https://a.test/x?y#z", "https://a.test/to/" + url.PathEscape("//b.test/?a b"), "https://a.test/to/https:%2F%2Fu@b.test",
		"https://例え.jp:444/", "https://a.test?x HTTP/1.1", "https://[::1]/", "http://a.test/", "https://a.test/to/?", "https:a.test", "https://a.test/%0d%0aX",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := New(Config{})
		if err != nil {
			t.Fatal(err)
		}
		c.send = wire{t}
		_, err = c.Get(context.Background(), raw, Options{})
		if kind := KindOf(err); kind != Refused && kind != BadStatus {
			t.Errorf("%q: %v", raw, err)
		}
	})
}
