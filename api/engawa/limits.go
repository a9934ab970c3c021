package engawa

import (
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/social"
)

// limit is a number of requests in a fixed window.
type limit struct {
	count  int
	window time.Duration
}

// limits are counted by token, or by address where nobody is known; those of a
// name by User.
var limits = map[string]limit{
	"":        {300, 5 * time.Minute},
	"network": {30, 5 * time.Minute}, // asks another server
	"trial":   {60, 5 * time.Minute}, // reads fifty posts
	"preview": {200, 5 * time.Minute},
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

// maxWindows bounds the counters; beyond it those that have ended go, or all.
const maxWindows = 20_000

// take counts one request and tells by headers of the limit nearest to being spent.
func (l *Limiter) take(c *call, rt *route) error {
	if l == nil {
		return nil
	}
	now := l.Clock.Now()
	l.mu.Lock()
	w, count := l.window("|"+l.who(c), limits[""], now), limits[""].count
	w.left--
	if rt.limit != "" && c.grant != nil {
		named := l.window(rt.limit+"|"+c.grant.Actor.String(), limits[rt.limit], now)
		named.left--
		if named.left < w.left {
			w, count = named, limits[rt.limit].count
		}
	}
	left, ends := w.left, w.ends
	l.mu.Unlock()
	h := c.w.Header()
	h.Set("X-RateLimit-Limit", strconv.Itoa(count))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(left, 0)))
	h.Set("X-RateLimit-Reset", ends.UTC().Format("2006-01-02T15:04:05.000000Z"))
	if left < 0 {
		return tooMany(ends)
	}
	return nil
}

func tooMany(ends time.Time) error {
	return &social.Error{Kind: social.Limited, Op: "limit", Message: string(locale.W("own.limited", "at", ends.UTC().Format(time.RFC3339)))}
}

func (l *Limiter) window(key string, lim limit, now time.Time) *window {
	w := l.windows[key]
	if w != nil && w.ends.After(now) {
		return w
	}
	if l.windows == nil {
		l.windows = map[string]*window{}
	}
	if len(l.windows) >= maxWindows {
		for k, old := range l.windows {
			if !old.ends.After(now) {
				delete(l.windows, k)
			}
		}
		if len(l.windows) >= maxWindows {
			clear(l.windows)
		}
	}
	w = &window{left: lim.count, ends: now.Truncate(lim.window).Add(lim.window)}
	l.windows[key] = w
	return w
}

func (l *Limiter) who(c *call) string {
	if c.grant != nil {
		return c.grant.Token.String()
	}
	if l.Address == nil {
		return c.RemoteAddr
	}
	addr := l.Address(c.Request)
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
