package mastodon

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// limit is a number of requests in a fixed window, counted by token, by user, or
// by address where nobody is known.
type limit struct {
	count  int
	window time.Duration
	by     string // "token", "user", "address"
}

// limits are Mastodon's (docs: rate limits). Each operation that needs a
// stricter one names it in the table of operations.
var limits = map[string][]limit{
	"":        {{300, 5 * time.Minute, "token"}, {1500, 5 * time.Minute, "user"}},
	"paging":  {{300, 15 * time.Minute, "token"}},
	"upload":  {{30, 30 * time.Minute, "user"}},
	"delete":  {{30, 30 * time.Minute, "user"}},
	"post":    {{300, 3 * time.Hour, "user"}},
	"follow":  {{400, 24 * time.Hour, "user"}},
	"report":  {{400, 24 * time.Hour, "user"}},
	"app":     {{5, 10 * time.Minute, "address"}},
	"sign-up": {{5, 30 * time.Minute, "address"}},
}

// Limiter counts requests. Its state is bounded; a nil Limiter limits nothing.
type Limiter struct {
	Clock clock.Clock
	// Address tells the client's address of a request (behind trusted proxies).
	Address func(*http.Request) netip.Addr

	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	left int
	ends time.Time
}

// maxWindows bounds the counters; beyond it those that have ended go.
const maxWindows = 50_000

// take counts one request and sets the headers that describe the limit nearest
// to being spent.
func (l *Limiter) take(c *call, rt *route) error {
	if l == nil {
		return nil
	}
	names := []string{""}
	if rt.limit != "" {
		names = append(names, rt.limit)
	}
	if pages(c.URL.RawQuery) {
		names = append(names, "paging")
	}
	now := l.Clock.Now()
	var nearest *window
	count := 0
	l.mu.Lock()
	for _, name := range names {
		for _, lim := range limits[name] {
			w := l.window(name+"|"+lim.by+"|"+l.who(c, lim.by), lim, now)
			if nearest == nil || w.left < nearest.left {
				nearest, count = w, lim.count
			}
			w.left--
		}
	}
	left, ends := nearest.left, nearest.ends
	l.mu.Unlock()
	h := c.w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(count))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	h.Set("X-RateLimit-Reset", ends.UTC().Format("2006-01-02T15:04:05.000000Z"))
	if left < 0 {
		return &social.Error{Kind: social.Limited, Op: "limit", Message: "Too many requests"}
	}
	return nil
}

// pages reports whether a query asks for another page than the first.
func pages(query string) bool {
	for _, name := range []string{"max_id=", "min_id=", "since_id=", "page="} {
		if i := strings.Index(query, name); i == 0 || (i > 0 && query[i-1] == '&') {
			return true
		}
	}
	return false
}

func (l *Limiter) window(key string, lim limit, now time.Time) *window {
	w := l.windows[key]
	if w == nil || !w.ends.After(now) {
		if l.windows == nil {
			l.windows = make(map[string]*window)
		}
		if len(l.windows) >= maxWindows {
			l.sweep(now)
		}
		w = &window{left: lim.count, ends: now.Truncate(lim.window).Add(lim.window)}
		l.windows[key] = w
	}
	return w
}

// sweep drops ended windows, or all if none has ended.
func (l *Limiter) sweep(now time.Time) {
	for k, w := range l.windows {
		if !w.ends.After(now) {
			delete(l.windows, k)
		}
	}
	if len(l.windows) >= maxWindows {
		clear(l.windows)
	}
}

func (l *Limiter) who(c *call, by string) string {
	switch {
	case c.grant != nil && by == "token":
		return c.grant.Token.String()
	case c.grant != nil && by == "user" && c.grant.User != nil:
		return c.grant.Actor.String()
	}
	addr := l.address(c.Request)
	if addr.Is6() {
		p, err := addr.Prefix(64)
		if err == nil {
			return p.String()
		}
	}
	return addr.String()
}

func (l *Limiter) address(r *http.Request) netip.Addr {
	if l.Address != nil {
		return l.Address(r)
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}
