package hook

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/fetch"
)

func ask(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequest("POST", address, strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDo(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/move":
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		case "/long":
			w.Write(make([]byte, MaxBody+100))
		case "/break":
			c, _, _ := w.(http.Hijacker).Hijack()
			c.Close()
		default:
			w.WriteHeader(http.StatusTeapot)
			w.Write([]byte("tea"))
		}
	}))
	defer s.Close()
	for _, c := range []struct {
		path   string
		status int
		size   int
	}{{"/tea", 418, 3}, {"/move", 302, 0}, {"/long", 200, MaxBody}} {
		a, err := Do(s.Client(), ask(t, s.URL+c.path))
		if err != nil {
			t.Fatal(c.path, err)
		}
		if a.Status != c.status || len(a.Body) != c.size {
			t.Errorf("%s: %d with %d bytes, want %d with %d", c.path, a.Status, len(a.Body), c.status, c.size)
		}
	}
	var f *Failure
	if _, err := Do(s.Client(), ask(t, s.URL+"/break")); !errors.As(err, &f) || !f.Sent {
		t.Errorf("a connection that breaks after the request: %v, want a Failure that may have arrived", err)
	}
}

func TestFailuresHideTheAddress(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	secret := "/hooks/T0/verysecret?key=alsosecret"
	var f *Failure
	_, err = Do(http.DefaultClient, ask(t, "http://"+closed+secret))
	if !errors.As(err, &f) || f.Sent {
		t.Fatalf("a closed port: %#v, want a Failure that did not arrive", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error names the address: %v", err)
	}
	r := ask(t, "http://h.example"+secret)
	got := failure(r, &url.Error{Op: "Post", URL: r.URL.String(), Err: &fetch.Error{Kind: fetch.Refused,
		URL: r.URL.String(), Err: errors.New("no " + r.URL.String())}}, false)
	if strings.Contains(got.Error(), "secret") || !strings.Contains(got.Error(), "refused") {
		t.Errorf("the error is %q", got)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Do(http.DefaultClient, r.WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWaits(t *testing.T) {
	now := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		header string
		want   time.Duration
	}{
		{"", 0}, {"3", 3 * time.Second}, {"0.25", 250 * time.Millisecond}, {"0.0001", time.Millisecond},
		{"-1", 0}, {"NaN", 0}, {"1e99", 24 * time.Hour}, {"soon", 0},
		{"Wed, 25 Nov 2026 00:01:00 GMT", time.Minute}, {"Wed, 25 Nov 2020 00:01:00 GMT", 0},
	} {
		if got := RetryAfter(http.Header{"Retry-After": {c.header}}, now); got != c.want {
			t.Errorf("%q: %v, want %v", c.header, got, c.want)
		}
	}
}

func TestPace(t *testing.T) {
	c := clock.NewFake(time.Unix(1000, 0))
	var p Pace
	if p.Wait(c, 1) != 0 {
		t.Error("a new address has to wait")
	}
	p.Hold(c, 1, time.Second)
	if p.Wait(c, 1) != time.Second || p.Wait(c, 2) != 0 {
		t.Errorf("waits: %v, %v", p.Wait(c, 1), p.Wait(c, 2))
	}
	c.Advance(time.Second)
	if p.Wait(c, 1) != 0 || len(p.until) != 0 {
		t.Error("what has passed is kept")
	}
	for k := range int64(maxPaced + 10) {
		p.Hold(c, k, time.Minute)
	}
	if len(p.until) != maxPaced {
		t.Errorf("%d addresses are remembered", len(p.until))
	}
}
