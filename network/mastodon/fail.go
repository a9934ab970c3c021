package mastodon

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/loose"
	"engawa/social"
)

// What a person can do.
const (
	remedyLink   = "Link the account again"
	remedyScopes = "Link the account again and allow everything that is asked for"
	remedyWait   = "It is tried again by itself"
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
	host, words := hostOf(base), said(a)
	e := &social.LinkError{Err: statusError(a.status)}
	say := func(class social.LinkFailure, message, remedy string) error {
		e.Class, e.Message, e.Remedy = class, message, remedy
		return e
	}
	switch a.status {
	case http.StatusUnauthorized:
		return say(social.Reconnect, host+" no longer accepts the sign-in"+quoted(words), remedyLink)
	case http.StatusForbidden:
		return forbidden(say, host, words)
	case http.StatusNotFound, http.StatusGone:
		return say(social.NotThere, host+" has no such thing (any more)", "It may have been deleted there, or be hidden from the account")
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return say(social.Unsupported, host+" cannot do this", "")
	case http.StatusTooManyRequests:
		e.After = n.wait(a.header)
		return say(social.TryAgain, host+" asks to wait: too many requests", remedyWait)
	case http.StatusRequestEntityTooLarge:
		return say(social.FixPost, host+" takes no file of this size", "Use a smaller file")
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly:
		return say(social.TryAgain, host+" was busy"+quoted(words), remedyWait)
	}
	switch {
	case a.status >= 500 && c.once:
		return say(social.Uncertain, host+" failed and did not say whether the post arrived"+quoted(words), remedyWait)
	case a.status >= 500:
		e.After = n.wait(a.header)
		return say(social.TryAgain, host+" has a problem of its own"+quoted(words), remedyWait)
	case a.status >= 400:
		return say(social.FixPost, host+" refuses it"+quoted(words), "Change the post")
	case a.status >= 300:
		return say(social.Reconnect, host+" has moved"+quoted(moved(a)), remedyLink)
	}
	return say(social.TryAgain, host+" answered something that is not understood", remedyWait)
}

// forbidden: the server understood who asks, and refuses (facts/mastodon.md 3.3).
func forbidden(say func(social.LinkFailure, string, string) error, host, words string) error {
	switch low := strings.ToLower(words); {
	case strings.Contains(low, "scope"), strings.Contains(low, "permission"):
		return say(social.Reconnect, "The link may not do this on "+host+quoted(words), remedyScopes)
	case strings.Contains(low, "login"), strings.Contains(low, "e-mail"), strings.Contains(low, "disabled"), strings.Contains(low, "suspended"):
		return say(social.Reconnect, host+" does not let the account in"+quoted(words), "Log in at "+host+" and see what it asks for, then link the account again")
	}
	return say(social.FixPost, host+" does not allow this"+quoted(words), "See at "+host+" what the account may do")
}

func quoted(words string) string {
	if words == "" {
		return ""
	}
	return ": “" + words + "”"
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
