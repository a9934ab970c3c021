package bluesky

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// xrpcError is what a PDS or authorization server answers instead of a result.
type xrpcError struct {
	Status  int
	Name    string // error
	Message string
	Header  http.Header
}

// Error is the answer in one line; it holds nothing of the request.
func (e *xrpcError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", e.Status, e.Name, e.Message))
}

// transportError is a request without an answer.
type transportError struct {
	Host string
	Err  error
}

// Error names the host, never the URL, which may hold credentials.
func (e *transportError) Error() string { return e.Host + " does not answer: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *transportError) Unwrap() error { return e.Err }

// noAnswer takes the URL out of what http.Client says.
func noAnswer(u *url.URL, err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return &transportError{Host: u.Host, Err: err}
}

// expired reports whether a fresh access token may help.
func expired(err error) bool {
	var e *xrpcError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Name {
	case "ExpiredToken", "InvalidToken", "invalid_token":
		return true
	case "AuthenticationRequired", "AuthMissing":
		return e.Status == http.StatusUnauthorized
	}
	return false
}

// absent reports whether the record or post asked for is not there.
func absent(err error) bool {
	var e *xrpcError
	return errors.As(err, &e) && (e.Name == "RecordNotFound" || e.Name == "NotFound" || e.Status == http.StatusNotFound ||
		e.Status == http.StatusBadRequest && strings.HasPrefix(e.Message, "Could not locate record"))
}

// words are what answers mean to a person, by the error's name. The first line
// whose name and part of the message are found in the answer counts.
var words = []struct {
	name, part string
	class      social.LinkFailure
	message    locale.Words
	remedy     locale.Words
}{
	{"AccountTakedown", "", social.Reconnect, locale.W("link.fail.taken_down", "where", "Bluesky"), locale.W("link.do.appeal", "where", "Bluesky")},
	{"AccountTakendown", "", social.Reconnect, locale.W("link.fail.taken_down", "where", "Bluesky"), locale.W("link.do.appeal", "where", "Bluesky")},
	{"AccountSuspended", "", social.Reconnect, locale.W("link.fail.suspended", "where", "Bluesky"), locale.W("link.do.appeal", "where", "Bluesky")},
	{"AccountDeactivated", "", social.Reconnect, locale.W("link.fail.deactivated", "where", "Bluesky"), locale.W("link.do.activate", "where", "Bluesky")},
	{"RepoTakendown", "", social.Reconnect, locale.W("link.fail.taken_down", "where", "Bluesky"), locale.W("link.do.appeal", "where", "Bluesky")},
	{"RepoDeactivated", "", social.Reconnect, locale.W("link.fail.deactivated", "where", "Bluesky"), locale.W("link.do.activate", "where", "Bluesky")},
	{"AuthFactorTokenRequired", "", social.Reconnect, locale.W("link.fail.mail_code"), locale.W("link.do.app_password")},
	{"AuthenticationRequired", "", social.Reconnect, locale.W("link.fail.password"), locale.W("link.do.app_password")},
	{"ExpiredToken", "", social.Reconnect, locale.W("link.fail.login", "where", "Bluesky"), network.DoRelink},
	{"InvalidToken", "", social.Reconnect, locale.W("link.fail.login", "where", "Bluesky"), network.DoRelink},
	{"AuthMissing", "", social.Reconnect, locale.W("link.fail.login", "where", "Bluesky"), network.DoRelink},
	{"invalid_token", "", social.Reconnect, locale.W("link.fail.login", "where", "Bluesky"), network.DoRelink},
	{"invalid_grant", "", social.Reconnect, locale.W("link.fail.ended"), network.DoRelink},
	{"invalid_client_id", "", social.Unsupported, locale.W("link.fail.oauth_address"), locale.W("link.do.with_password")},
	{"invalid_client_metadata", "", social.Unsupported, locale.W("link.fail.oauth_reach"), locale.W("link.do.reachable")},
	{"invalid_client", "", social.Reconnect, locale.W("link.fail.oauth_unknown"), network.DoRelink},
	{"access_denied", "", social.Reconnect, locale.W("link.fail.denied", "where", "Bluesky"), locale.W("link.do.permit", "where", "Bluesky")},
	{"InsufficientScope", "", social.Reconnect, locale.W("link.fail.scope", "where", "Bluesky"), network.DoAllow},
	{"insufficient_scope", "", social.Reconnect, locale.W("link.fail.scope", "where", "Bluesky"), network.DoAllow},
	{"InvalidRequest", "grapheme too big", social.FixPost, locale.W("link.fail.long", "where", "Bluesky"), network.DoShorten},
	{"InvalidRequest", "text too long", social.FixPost, locale.W("link.fail.long", "where", "Bluesky"), network.DoShorten},
	{"InvalidRequest", "must not be longer than", social.FixPost, locale.W("link.fail.long", "where", "Bluesky"), network.DoShorten},
	{"InvalidRequest", "blob too big", social.FixPost, locale.W("link.fail.large", "where", "Bluesky"), network.DoSmaller},
	{"BlobTooLarge", "", social.FixPost, locale.W("link.fail.large", "where", "Bluesky"), network.DoSmaller},
	{"PayloadTooLarge", "", social.FixPost, locale.W("link.fail.large", "where", "Bluesky"), network.DoSmaller},
	{"InvalidMimeType", "", social.FixPost, locale.W("link.fail.kind", "where", "Bluesky"), locale.W("link.do.video")},
	{"InvalidRequest", "mime type", social.FixPost, locale.W("link.fail.kind", "where", "Bluesky"), locale.W("link.do.video")},
	{"InvalidRequest", "Invalid app.bsky.", social.FixPost, locale.W("link.fail.refused", "where", "Bluesky"), network.DoChange},
	{"RecordNotFound", "", social.NotThere, locale.W("link.fail.gone", "where", "Bluesky"), ""},
	{"NotFound", "", social.NotThere, locale.W("link.fail.gone", "where", "Bluesky"), ""},
	{"BlockedActor", "", social.Unsupported, locale.W("link.fail.author_blocked"), ""},
	{"BlockedByActor", "", social.Unsupported, locale.W("link.fail.author_blocks"), ""},
	{"MethodNotImplemented", "", social.Unsupported, locale.W("link.fail.unable", "where", "Bluesky"), ""},
	{"XRPCNotSupported", "", social.Unsupported, locale.W("link.fail.unable", "where", "Bluesky"), ""},
	{"InvalidSwap", "", social.TryAgain, locale.W("link.fail.changed"), ""},
}

// failure turns what went wrong with op, which the log names, into words. A lost answer is TryAgain,
// never Uncertain: everything written here may be written again.
func (n *Network) failure(op string, err error) error {
	var done *social.LinkError
	if err == nil || errors.As(err, &done) || errors.Is(err, context.Canceled) {
		return err
	}
	err = fmt.Errorf("%s: %w", op, err)
	var refused *xrpcError
	if !errors.As(err, &refused) {
		return unanswered(err)
	}
	if refused.Status == http.StatusTooManyRequests || refused.Name == "RateLimitExceeded" {
		return network.Slow("Bluesky", n.pause(refused.Header), err)
	}
	for _, w := range words {
		if w.name == refused.Name && strings.Contains(refused.Message, w.part) {
			return &social.LinkError{Class: w.class, Message: w.message, Remedy: w.remedy, Err: err}
		}
	}
	switch {
	case refused.Status == http.StatusUnauthorized:
		return network.Signed("Bluesky", "", err)
	case refused.Status == http.StatusForbidden:
		return network.Forbidden(social.Unsupported, "Bluesky", "", err)
	case refused.Status == http.StatusRequestEntityTooLarge:
		return network.TooLarge("Bluesky", err)
	case refused.Status == http.StatusNotImplemented:
		return network.Unable("Bluesky", "", err)
	case refused.Status >= 400 && refused.Status < 500 && refused.Status != http.StatusRequestTimeout && refused.Status != http.StatusNotFound:
		return network.Refused("Bluesky", clip(refused.Message, 200), err)
	}
	return network.Down("Bluesky", "", err)
}

func unanswered(err error) error {
	var lost *transportError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.no_server_name"), Remedy: network.DoWait, Err: err}
	case errors.As(err, &lost):
		return network.Away(lost.Host, err)
	}
	return network.Strange("Bluesky", err)
}

// pause is how long to wait by the headers Retry-After (seconds) and
// ratelimit-reset (Unix seconds); at most a day.
func (n *Network) pause(h http.Header) social.Millis {
	var wait time.Duration
	if s, err := strconv.ParseInt(h.Get("Retry-After"), 10, 32); err == nil {
		wait = time.Duration(s) * time.Second
	} else if at, err := strconv.ParseInt(h.Get("RateLimit-Reset"), 10, 64); err == nil {
		wait = min(time.Unix(at, 0).Sub(n.now()), 24*time.Hour) + time.Second
	}
	return social.Millis(min(max(wait, 0), 24*time.Hour) / time.Millisecond)
}
