package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestPostAndSign(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rw.Header().Set("Got", r.Method+" "+r.Header.Get("Signature")+" "+r.Header.Get("Content-Type")+" "+r.UserAgent())
		rw.WriteHeader(http.StatusAccepted)
		rw.Write(body)
	}, nil)
	header := http.Header{"Content-Type": {"application/activity+json"}}
	resp, err := w.client.Post(context.Background(), "https://a.test/inbox#x", []byte("hello"), Options{
		Header: header, Idempotent: true,
		Sign: func(r *http.Request) error { r.Header.Set("Signature", "of "+r.Host+r.URL.String()); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "POST of a.testhttps://a.test/inbox application/activity+json Engawa/test"; resp.Header.Get("Got") != want {
		t.Errorf("got %q, want %q", resp.Header.Get("Got"), want)
	}
	if resp.Status != 202 || string(resp.Body) != "hello" || resp.URL.String() != "https://a.test/inbox" {
		t.Errorf("%+v", resp)
	}
	if len(header) != 1 {
		t.Errorf("the caller's header was changed: %v", header)
	}
	_, err = w.client.Post(context.Background(), "https://a.test/", nil, Options{
		Sign: func(*http.Request) error { return errors.New("no key") },
	})
	wantKind(t, "no signature", err, Refused)
}

func TestStreamedBodyIsSentAgainOnRedirect(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/1" {
			http.Redirect(rw, r, "/2", http.StatusPermanentRedirect)
			return
		}
		rw.Write(body)
	}, nil)
	resp, err := w.client.Post(context.Background(), "https://a.test/1", nil, Options{
		Body: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("large")), nil }, Size: 5,
	})
	if err != nil || string(resp.Body) != "large" || resp.Hops != 1 {
		t.Errorf("%+v, %v", resp, err)
	}
}

// hopper redirects along the query's list: /?to=URL,URL…
func hopper(status int) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		to, rest, _ := strings.Cut(r.URL.Query().Get("to"), ",")
		if to == "" {
			io.WriteString(rw, r.Method+" sig="+r.Header.Get("Signature")+" auth="+r.Header.Get("Authorization")+
				" cookie="+r.Header.Get("Cookie")+" accept="+r.Header.Get("Accept")+" lang="+r.Header.Get("Accept-Language"))
			return
		}
		if rest != "" {
			to += "?to=" + rest
		}
		rw.Header().Set("Location", to)
		rw.WriteHeader(status)
	}
}

func TestRedirects(t *testing.T) {
	for _, c := range []struct {
		name, method, url string
		status            int
		want              string // the last answer, or empty
		kind              Kind
		requests          int32
	}{
		{"same origin signs again", "GET", "https://a.test/?to=/x", 302, "GET sig=a.test/x auth=secret cookie=c accept=j lang=ja", 0, 2},
		{"another host gets nothing", "GET", "https://a.test/?to=https://b.test/x", 301, "GET sig= auth= cookie= accept=j lang=ja", 0, 2},
		{"another port gets nothing", "GET", "https://a.test/?to=https://a.test:8443/x", 307, "GET sig= auth= cookie= accept=j lang=ja", 0, 2},
		{"nor does the first after it", "GET", "https://a.test/?to=https://b.test/,https://a.test/x", 308, "GET sig= auth= cookie= accept=j lang=ja", 0, 3},
		{"three", "GET", "https://a.test/?to=/1,/2,/3", 303, "GET sig=a.test/3 auth=secret cookie=c accept=j lang=ja", 0, 4},
		{"four", "GET", "https://a.test/?to=/1,/2,/3,/4", 302, "", Refused, 4},
		{"downgrade", "GET", "https://a.test/?to=http://a.test/", 302, "", Refused, 1},
		{"POST 302", "POST", "https://a.test/?to=/x", 302, "", BadStatus, 1},
		{"POST 307", "POST", "https://a.test/?to=/x", 307, "POST sig=a.test/x auth=secret cookie=c accept=j lang=ja", 0, 2},
		{"POST 308 elsewhere", "POST", "https://a.test/?to=https://b.test/x", 308, "", Refused, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, hopper(c.status), func(cfg *Config) { cfg.AllowHTTP = true })
			resp, err := w.client.Do(context.Background(), c.method, c.url, []byte("b")[:len(c.method)-3], Options{
				Header: http.Header{"Authorization": {"secret"}, "Cookie": {"c"}, "Accept-Language": {"ja"}},
				Accept: "j",
				Sign:   func(r *http.Request) error { r.Header.Set("Signature", r.Host+r.URL.Path); return nil },
			})
			if c.kind != 0 {
				wantKind(t, c.name, err, c.kind)
			} else if err != nil {
				t.Fatal(err)
			} else if string(resp.Body) != c.want {
				t.Errorf("got %q, want %q", resp.Body, c.want)
			}
			if n := w.seen.Load(); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
		})
	}
}

func TestRedirectLoopAndNoRedirects(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, r.URL.Path, http.StatusFound) }, nil)
	_, err := w.client.Get(context.Background(), "https://a.test/", Options{})
	wantKind(t, "loop", err, Refused)
	if n := w.seen.Load(); n != MaxRedirects+1 {
		t.Errorf("%d requests", n)
	}
	resp, err := w.client.Get(context.Background(), "https://a.test/", Options{NoRedirects: true})
	if e := wantKind(t, "not followed", err, BadStatus); e.Status != 302 || resp.Header.Get("Location") != "/" {
		t.Errorf("%+v, %+v", e, resp)
	}
}

func TestHeaderInjection(t *testing.T) {
	w := newWorld(t, func(http.ResponseWriter, *http.Request) {}, nil)
	for _, o := range []Options{
		{Header: http.Header{"X": {"a\r\nY: b"}}},
		{Header: http.Header{"X\r\nY": {"b"}}},
		{Accept: "a\nb"},
		{Sign: func(r *http.Request) error { r.Header.Set("Signature", "a\r\n\r\nGET /"); return nil }},
	} {
		_, err := w.client.Get(context.Background(), "https://a.test/", o)
		wantKind(t, "control character", err, Refused)
	}
	for _, m := range []string{"", "GET /\r\n", "CONNECT"} {
		_, err := w.client.Do(context.Background(), m, "https://a.test/", nil, Options{})
		wantKind(t, "method", err, Refused)
	}
	if w.seen.Load() != 0 {
		t.Error("something was sent")
	}
}

func TestStatuses(t *testing.T) {
	w := newWorld(t, func(rw http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(r.URL.Path[1:])
		rw.Header().Set("Retry-After", "120")
		rw.WriteHeader(status)
		if status != 304 && status != 204 {
			io.WriteString(rw, strings.Repeat("x", maxErrorBody+10))
		}
	}, nil)
	for _, c := range []struct {
		status          int
		good, temporary bool
	}{
		{200, true, false}, {202, true, false}, {204, true, false}, {304, true, false},
		{302, false, false}, {400, false, false}, {401, false, false}, {404, false, false}, {410, false, false}, {501, false, false},
		{408, false, true}, {429, false, true}, {500, false, true}, {503, false, true},
	} {
		resp, err := w.client.Get(context.Background(), "https://a.test/"+strconv.Itoa(c.status), Options{})
		if c.good {
			if err != nil || resp.Status != c.status {
				t.Errorf("%d: %v", c.status, err)
			}
			continue
		}
		e := wantKind(t, strconv.Itoa(c.status), err, BadStatus)
		if e.Status != c.status || e.Temporary() != c.temporary || e.RetryAfter != 2*time.Minute {
			t.Errorf("%+v", e)
		}
		if resp == nil || len(resp.Body) != maxErrorBody {
			t.Errorf("%d: no body of %d bytes", c.status, maxErrorBody)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		v    string
		want time.Duration
	}{
		{"", 0}, {"x", 0}, {"-5", 0}, {"30", 30 * time.Second}, {"99999999999", 7 * 24 * time.Hour},
		{"Wed, 25 Nov 2026 12:00:10 GMT", 10 * time.Second}, {"Wed, 25 Nov 2020 12:00:10 GMT", 0},
	} {
		if got := retryAfter(http.Header{"Retry-After": {c.v}}, now); got != c.want {
			t.Errorf("%q: %v, want %v", c.v, got, c.want)
		}
	}
}

func TestSlowPeersMeetTheDeadline(t *testing.T) {
	for _, c := range []struct {
		name   string
		handle http.HandlerFunc
		edit   func(*Config)
	}{
		{"no header", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, func(c *Config) { c.HeaderTimeout = 20 * time.Millisecond }},
		{"a byte, then nothing", func(rw http.ResponseWriter, r *http.Request) {
			io.WriteString(rw, "x")
			rw.(http.Flusher).Flush()
			<-r.Context().Done()
		}, nil},
		{"byte by byte", func(rw http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := io.WriteString(rw, "x"); err != nil {
					return
				}
				rw.(http.Flusher).Flush()
				select {
				case <-time.After(time.Millisecond):
				case <-r.Context().Done():
				}
			}
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.handle, c.edit)
			_, err := w.client.Get(context.Background(), "https://a.test/", Options{Timeout: 150 * time.Millisecond})
			if e := wantKind(t, c.name, err, Timeout); !e.Temporary() {
				t.Error("a timeout is not for good")
			}
		})
	}
}

func TestTLSThatNeverAnswers(t *testing.T) {
	l, port := listen(t, "127.0.0.1:0") // accepts in the kernel, says nothing
	defer l.Close()
	c := mustClient(t, Config{Hosts: map[string]string{"a.test": "127.0.0.1:" + port}, TLSTimeout: 20 * time.Millisecond})
	_, err := c.Get(context.Background(), "https://a.test/", Options{})
	wantKind(t, "handshake", err, Timeout)
}

func TestNobodyThere(t *testing.T) {
	l, port := listen(t, "127.0.0.1:0")
	l.Close()
	c := mustClient(t, Config{Hosts: map[string]string{"a.test": "127.0.0.1:" + port}})
	_, err := c.Get(context.Background(), "https://a.test/", Options{})
	if e := wantKind(t, "closed port", err, Unreachable); e.Host != "a.test" || e.Uplink {
		t.Errorf("%+v", e)
	}
}

func TestCallerCancels(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := newWorld(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }, nil)
	_, err := w.client.Get(ctx, "https://a.test/", Options{})
	wantKind(t, "cancelled", err, Canceled)
}

func TestBudget(t *testing.T) {
	w := newWorld(t, hopper(302), nil)
	ctx := WithBudget(context.Background(), 3)
	if _, err := w.client.Get(ctx, "https://a.test/?to=/x", Options{}); err != nil {
		t.Fatal(err)
	}
	_, err := w.client.Get(WithBudget(ctx, 100), "https://a.test/?to=/x", Options{})
	wantKind(t, "the hop of the second", err, OverBudget)
	if w.seen.Load() != 3 || BudgetOf(ctx).Spent().Requests != 3 {
		t.Errorf("%d requests, %+v", w.seen.Load(), BudgetOf(ctx).Spent())
	}

	ctx = WithLimits(context.Background(), Limits{PerDomain: 2, Bytes: 1000})
	for i, host := range []string{"a.test", "a.test", "b.test"} {
		if _, err := w.client.Get(ctx, "https://"+host+"/", Options{}); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	_, err = w.client.Get(ctx, "https://a.test/", Options{})
	wantKind(t, "third to a domain", err, OverBudget)

	ctx = WithLimits(context.Background(), Limits{Bytes: 10})
	_, err = w.client.Get(ctx, "https://a.test/", Options{})
	if e := wantKind(t, "bytes", err, OverBudget); e.Temporary() {
		t.Error("a budget does not come back")
	}
}

func TestActivityJSON(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"application/activity+json", true},
		{"application/activity+json; charset=utf-8", true},
		{"Application/Activity+JSON;charset=UTF-8", true},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true},
		{`application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/activitystreams"`, true},
		{`application/ld+json; profile="http://example.com/x https://www.w3.org/ns/activitystreams"`, true},
		{"application/ld+json", false},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams#evil"`, false},
		{`application/ld+json; profile="https://example.com/"`, false},
		{"application/json", false},
		{"text/html; application/activity+json", false},
		{"application/activity+jsonx", false},
		{"text/plain", false},
		{"", false},
	} {
		if got := ActivityJSON(c.in); got != c.want {
			t.Errorf("ActivityJSON(%q) = %v", c.in, got)
		}
	}
}
