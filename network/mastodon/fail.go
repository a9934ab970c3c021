package mastodon

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// longestWait bounds what a server may ask us to wait.
const longestWait = 24 * time.Hour

// said is the server's own words: {"error":…} or OAuth's error_description.
func said(a *answer) string {
	var e struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
		Message     string `json:"message"`
	}
	_ = loose.Decode(a.body, &e)
	for _, s := range []string{e.Description, e.Error, e.Message} {
		if s = loose.Line(s, 300); s != "" {
			return s
		}
	}
	return ""
}

// statusError is the Err of a refusal: the status, for the log.
type statusError int

// Error names the status.
func (e statusError) Error() string { return "status " + strconv.Itoa(int(e)) }

// statusOf is the status that a server refused with, 0 for another failure.
func statusOf(err error) int {
	var s statusError
	if errors.As(err, &s) {
		return int(s)
	}
	return 0
}

// refusal turns an answer that is not 2xx into what is to be done about it.
func (n *Network) refusal(base string, c call, a *answer) error {
	host, words, err := hostOf(base), said(a), statusError(a.status)
	switch a.status {
	case http.StatusUnauthorized:
		return network.Signed(host, words, err)
	case http.StatusForbidden:
		return forbidden(host, words, err)
	case http.StatusNotFound, http.StatusGone:
		return network.UnknownPost(host, err)
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return network.Unable(host, "", err)
	case http.StatusTooManyRequests:
		return network.Slow(host, n.wait(a.header), err)
	case http.StatusRequestEntityTooLarge:
		return network.TooLarge(host, err)
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly:
		return network.Down(host, words, err)
	}
	switch {
	case a.status >= 500 && c.once:
		return network.Unclear(host, words, err)
	case a.status >= 500:
		e := network.Down(host, words, err)
		e.After = n.wait(a.header)
		return e
	case a.status >= 400:
		return network.Refused(host, words, err)
	case a.status >= 300:
		return network.Reconnect(network.Said(locale.W("link.fail.server_moved", "where", host), moved(a)), network.DoRelink, err)
	}
	return network.Strange(host, err)
}

// forbidden: the server understood who asks, and refuses (facts/mastodon.md 3.3).
func forbidden(host, words string, err error) error {
	switch low := strings.ToLower(words); {
	case strings.Contains(low, "scope"), strings.Contains(low, "permission"):
		return network.NoScope(host, words, err)
	case strings.Contains(low, "login"), strings.Contains(low, "e-mail"), strings.Contains(low, "disabled"), strings.Contains(low, "suspended"):
		return network.Locked(host, words, err)
	}
	return network.Forbidden(social.FixPost, host, words, err)
}

func moved(a *answer) string { return loose.Line(a.header.Get("Location"), 200) }

// wait is how long the server asks to wait: Retry-After in seconds or as a date,
// else until X-RateLimit-Reset, a time of ISO 8601 or Unix seconds.
func (n *Network) wait(h http.Header) social.Millis {
	now := n.Clock.Now()
	var d time.Duration
	if text := h.Get("Retry-After"); text != "" {
		if sec, err := strconv.Atoi(text); err == nil {
			d = time.Duration(min(max(sec, 0), 1<<20)) * time.Second
		} else if at, err := http.ParseTime(text); err == nil {
			d = at.Sub(now)
		}
	} else if text := h.Get("X-RateLimit-Reset"); text != "" {
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
			d = at.Sub(now)
		} else if sec, err := strconv.ParseInt(text, 10, 64); err == nil {
			d = time.Duration(min(max(sec-now.Unix(), 0), 1<<20)) * time.Second
		}
	}
	return social.Millis(min(max(d, 0), longestWait) / time.Millisecond)
}
