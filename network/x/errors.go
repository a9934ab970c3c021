package x

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/network"
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

// refusedKeys is a failure until the person enters new keys.
func refusedKeys(message locale.Words, err error) *social.LinkError {
	return network.Reconnect(message, locale.W("link.do.x_keys"), err)
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
		return &social.LinkError{Class: social.OutOfBudget, Message: locale.W("link.fail.cap"),
			Remedy: locale.W("link.do.credits"), Err: cause, After: untilReset(h, now)}
	case status == http.StatusTooManyRequests:
		return network.Slow("X", untilReset(h, now), cause)
	case status == http.StatusUnauthorized:
		return refusedKeys(locale.W("link.fail.login", "where", "X"), cause)
	case status == http.StatusNotFound || status == http.StatusGone:
		return network.NotThere("X", cause)
	case status == http.StatusForbidden:
		return forbidden(&p, cause)
	case status >= 500 && made:
		return network.Unclear("X", "", cause)
	case status >= 500 || status == http.StatusRequestTimeout || status/100 == 3:
		return network.Down("X", "", cause)
	case status == http.StatusRequestEntityTooLarge || status == http.StatusRequestHeaderFieldsTooLarge:
		return network.TooLarge("X", cause)
	}
	return network.Refused("X", cause.says, cause)
}

// forbidden sorts the many meanings of 403.
func forbidden(p *problem, cause error) error {
	switch {
	case p.has("duplicate content"):
		return duplicate{&social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.twice"),
			Remedy: locale.W("link.do.other_text"), Err: cause}}
	case p.has("reply to this conversation is not allowed", "mentioned or otherwise engaged"):
		return &social.LinkError{Class: social.Unsupported, Message: locale.W("link.fail.x_reply"),
			Remedy: locale.W("link.do.x_reply"), Err: cause}
	case p.has("oauth1-permissions", "app permissions", "client-not-enrolled", "unsupported-authentication", "scope"):
		return network.Reconnect(locale.W("link.fail.x_app"), locale.W("link.do.x_app"), cause)
	case p.has("your account is suspended", "account is temporarily locked", "account has been locked"):
		return network.Suspended("X", cause)
	case p.has("not permitted to perform this action"):
		return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.x_length"),
			Remedy: network.DoShorten, Err: cause}
	}
	return network.Refused("X", "", cause)
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
