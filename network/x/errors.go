package x

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/markup"
	"engawa/social"
)

// problem is the body of a refusal (RFC 9457, with X's additions); some
// endpoints answer with a list instead.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Type   string `json:"type"`
	Error  string `json:"error"` // of the token endpoint
	Reason string `json:"reason"`
	Errors []struct {
		Message string `json:"message"`
		Detail  string `json:"detail"`
		Type    string `json:"type"`
	} `json:"errors"`
}

// says is the problem in X's own words, short.
func (p *problem) says() string {
	parts := []string{p.Detail}
	for _, e := range p.Errors {
		parts = append(parts, e.Message, e.Detail)
	}
	parts = append(parts, p.Title)
	for _, s := range parts {
		if s = strings.TrimSpace(s); s != "" {
			return markup.Shorten(s, 300)
		}
	}
	return ""
}

func (p *problem) has(words ...string) bool {
	all := p.Title + " " + p.Detail + " " + p.Type + " " + p.Reason
	for _, e := range p.Errors {
		all += " " + e.Message + " " + e.Detail + " " + e.Type
	}
	all = strings.ToLower(all)
	for _, w := range words {
		if strings.Contains(all, w) {
			return true
		}
	}
	return false
}

func reconnect(message string, err error) *social.LinkError {
	return &social.LinkError{Class: social.Reconnect, Message: message,
		Remedy: "Link the account again: make new keys in X's developer console and enter them here.", Err: err}
}

func fix(message, remedy string) *social.LinkError {
	return &social.LinkError{Class: social.FixPost, Message: message, Remedy: remedy}
}

func unsupported(message, remedy string) *social.LinkError {
	return &social.LinkError{Class: social.Unsupported, Message: message, Remedy: remedy}
}

// duplicate is the refusal of a text that was posted before; Send looks what it means.
type duplicate struct{ *social.LinkError }

func (d duplicate) Unwrap() error { return d.LinkError }

// refusal turns an answer that is no success into what to do about it. made
// says that the request would have made something.
func refusal(status int, h http.Header, body []byte, now time.Time, made bool) error {
	var p problem
	_ = json.Unmarshal(body, &p) // a refusal without a readable body is told by its status
	cause := &statusError{status, p.says()}
	switch {
	case p.has("usage-capped", "usage cap exceeded", "credits", "spend cap") || status == http.StatusPaymentRequired:
		return &social.LinkError{Class: social.OutOfBudget, Message: "The X app has used up its money or its monthly cap",
			Remedy: "Add credits or raise the cap in X's developer console, or wait for the next month.", Err: cause, After: untilReset(h, now)}
	case status == http.StatusTooManyRequests:
		return &social.LinkError{Class: social.TryAgain, Message: "X asks to wait: too many requests",
			Remedy: "It is tried again when X allows it.", After: untilReset(h, now), Err: cause}
	case status == http.StatusUnauthorized:
		return reconnect("X refuses the keys of this link", cause)
	case status == http.StatusNotFound || status == http.StatusGone:
		return &social.LinkError{Class: social.NotThere, Message: "X does not have this any more", Err: cause}
	case status == http.StatusForbidden:
		return forbidden(&p, cause)
	case status >= 500 && made:
		return uncertain(cause)
	case status >= 500 || status == http.StatusRequestTimeout || status/100 == 3:
		return &social.LinkError{Class: social.TryAgain, Message: "X has a fault of its own at the moment", Err: cause}
	case status == http.StatusRequestEntityTooLarge || status == http.StatusRequestHeaderFieldsTooLarge:
		return &social.LinkError{Class: social.FixPost, Message: "A file is too large for X", Remedy: "Send it without the file, or with a smaller one.", Err: cause}
	}
	return &social.LinkError{Class: social.FixPost, Message: "X does not take this: " + cause.says, Remedy: "Change the post, or skip X for it.", Err: cause}
}

// forbidden sorts the many meanings of 403.
func forbidden(p *problem, cause error) error {
	switch {
	case p.has("duplicate content"):
		return duplicate{&social.LinkError{Class: social.FixPost, Message: "X has this text already and takes no text twice",
			Remedy: "Change the text, or skip X for it.", Err: cause}}
	case p.has("reply to this conversation is not allowed", "mentioned or otherwise engaged"):
		return &social.LinkError{Class: social.Unsupported, Message: "X does not let an app answer here, unless the author mentioned or quoted you",
			Remedy: "Answer on X itself, or send the post with a link instead of a thread.", Err: cause}
	case p.has("oauth1-permissions", "app permissions", "client-not-enrolled", "unsupported-authentication", "scope"):
		return &social.LinkError{Class: social.Reconnect, Message: "The X app may not do this",
			Remedy: "Give the app the permission Read and write in X's developer console, then make new keys and link again.", Err: cause}
	case p.has("your account is suspended", "account is temporarily locked", "account has been locked"):
		return &social.LinkError{Class: social.Reconnect, Message: "X has locked or suspended the account", Remedy: "Log in on X and settle it there, then link again.", Err: cause}
	case p.has("not permitted to perform this action"):
		return &social.LinkError{Class: social.FixPost, Message: "X does not permit this post; most often it is too long for the account",
			Remedy: "Shorten it, or let it be a thread.", Err: cause}
	}
	return &social.LinkError{Class: social.FixPost, Message: "X refuses this", Remedy: "Change the post, or skip X for it.", Err: cause}
}

func uncertain(err error) *social.LinkError {
	return &social.LinkError{Class: social.Uncertain, Message: "X did not answer clearly; the post may have arrived", Err: err}
}

// statusError is the cause of a refusal, for the operator.
type statusError struct {
	status int
	says   string
}

func (e *statusError) Error() string { return "X answered " + strconv.Itoa(e.status) + ": " + e.says }

// limitNames are the counters of the headers, each with -remaining and -reset.
var limitNames = []string{"x-user-limit-24hour", "x-app-limit-24hour", "x-rate-limit"}

// untilReset is how long the counters that are used up ask to wait; zero when
// the headers do not say.
func untilReset(h http.Header, now time.Time) social.Millis {
	var longest social.Millis
	for _, name := range limitNames {
		reset, err := strconv.ParseInt(h.Get(name+"-reset"), 10, 64)
		if err != nil || h.Get(name+"-remaining") != "0" || reset < 0 || reset > 1<<40 {
			continue
		}
		longest = max(longest, reset*1000-now.UnixMilli())
	}
	if longest == 0 {
		if s, err := strconv.ParseInt(h.Get("Retry-After"), 10, 64); err == nil && s > 0 {
			longest = s * 1000
		}
	}
	const month = 31 * 24 * 3600 * 1000
	return min(longest, month)
}
