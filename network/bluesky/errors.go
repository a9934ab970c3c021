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
	message    string
	remedy     string
}{
	{"AccountTakedown", "", social.Reconnect, "Bluesky has taken this account down", "Appeal in the Bluesky app, then link the account again."},
	{"AccountTakendown", "", social.Reconnect, "Bluesky has taken this account down", "Appeal in the Bluesky app, then link the account again."},
	{"AccountSuspended", "", social.Reconnect, "this account is suspended on Bluesky", "Appeal in the Bluesky app, then link the account again."},
	{"AccountDeactivated", "", social.Reconnect, "this account is deactivated", "Activate it in the Bluesky app, then link it again."},
	{"RepoTakendown", "", social.Reconnect, "Bluesky has taken this account down", "Appeal in the Bluesky app, then link the account again."},
	{"RepoDeactivated", "", social.Reconnect, "this account is deactivated", "Activate it in the Bluesky app, then link it again."},
	{"AuthFactorTokenRequired", "", social.Reconnect, "the account asks for a code by e-mail", "Make an app password in Bluesky's settings and link with that."},
	{"AuthenticationRequired", "", social.Reconnect, "handle or password is wrong", "Make a new app password in Bluesky's settings (Privacy and security → App passwords) and link again."},
	{"ExpiredToken", "", social.Reconnect, "the log-in at Bluesky has ended", "Link the account again."},
	{"InvalidToken", "", social.Reconnect, "the log-in at Bluesky is not valid any more", "Link the account again."},
	{"AuthMissing", "", social.Reconnect, "Bluesky does not know this log-in", "Link the account again."},
	{"invalid_token", "", social.Reconnect, "the log-in at Bluesky is not valid any more", "Link the account again."},
	{"invalid_grant", "", social.Reconnect, "the permission for this account has ended or was withdrawn", "Link the account again."},
	{"invalid_client_id", "", social.Unsupported, "your server does not take this home's address for OAuth", "Link with an app password."},
	{"invalid_client_metadata", "", social.Unsupported, "your server cannot read who this home is", "Link with an app password, or see that it can reach this home."},
	{"invalid_client", "", social.Reconnect, "your server does not know this home any more", "Link the account again."},
	{"access_denied", "", social.Reconnect, "you did not allow the access", "Link again and choose “Authorize”."},
	{"InsufficientScope", "", social.Reconnect, "the permission given does not cover this", "Link the account again and allow everything that is asked for."},
	{"insufficient_scope", "", social.Reconnect, "the permission given does not cover this", "Link the account again and allow everything that is asked for."},
	{"InvalidRequest", "grapheme too big", social.FixPost, "too long for Bluesky", "Shorten it to 300 characters, or let the rule make a thread."},
	{"InvalidRequest", "text too long", social.FixPost, "too long for Bluesky", "Shorten it to 300 characters, or let the rule make a thread."},
	{"InvalidRequest", "must not be longer than", social.FixPost, "too long for Bluesky", "Shorten it to 300 characters, or let the rule make a thread."},
	{"InvalidRequest", "blob too big", social.FixPost, "a file is too big for this account's server", "Use a smaller file."},
	{"BlobTooLarge", "", social.FixPost, "a file is too big for this account's server", "Use a smaller file."},
	{"PayloadTooLarge", "", social.FixPost, "a file is too big for this account's server", "Use a smaller file."},
	{"InvalidMimeType", "", social.FixPost, "Bluesky does not take this kind of file", "Use a JPEG, PNG or WebP picture or an MP4 video."},
	{"InvalidRequest", "mime type", social.FixPost, "Bluesky does not take this kind of file", "Use a JPEG, PNG or WebP picture or an MP4 video."},
	{"InvalidRequest", "Invalid app.bsky.", social.FixPost, "Bluesky does not take this post as it is", "Change the post or the rule."},
	{"RecordNotFound", "", social.NotThere, "it is not there any more", ""},
	{"NotFound", "", social.NotThere, "it is not there any more", ""},
	{"BlockedActor", "", social.Unsupported, "you and the author have blocked each other", ""},
	{"BlockedByActor", "", social.Unsupported, "the author has blocked you", ""},
	{"MethodNotImplemented", "", social.Unsupported, "this account's server does not have this", ""},
	{"XRPCNotSupported", "", social.Unsupported, "this account's server does not have this", ""},
	{"InvalidSwap", "", social.TryAgain, "it was changed there at the same moment", ""},
}

// failure turns what went wrong with op into words. A lost answer is TryAgain,
// never Uncertain: everything written here may be written again.
func (n *Network) failure(op string, err error) error {
	var done *social.LinkError
	if err == nil || errors.As(err, &done) || errors.Is(err, context.Canceled) {
		return err
	}
	var refused *xrpcError
	if !errors.As(err, &refused) {
		return n.unanswered(op, err)
	}
	if refused.Status == http.StatusTooManyRequests || refused.Name == "RateLimitExceeded" {
		return &social.LinkError{Class: social.TryAgain, Message: op + ": Bluesky asks to wait", After: n.pause(refused.Header), Err: err}
	}
	for _, w := range words {
		if w.name == refused.Name && strings.Contains(refused.Message, w.part) {
			return &social.LinkError{Class: w.class, Message: op + ": " + w.message, Remedy: w.remedy, Err: err}
		}
	}
	e := &social.LinkError{Class: social.TryAgain, Message: op + ": this account's server answers with an error", Err: err}
	switch {
	case refused.Status == http.StatusUnauthorized:
		e.Class, e.Message, e.Remedy = social.Reconnect, op+": the log-in is refused", "Link the account again."
	case refused.Status == http.StatusForbidden:
		e.Class, e.Message = social.Unsupported, op+": this account may not do this"
	case refused.Status == http.StatusRequestEntityTooLarge:
		e.Class, e.Message, e.Remedy = social.FixPost, op+": a file is too big for this account's server", "Use a smaller file."
	case refused.Status == http.StatusNotImplemented:
		e.Class, e.Message = social.Unsupported, op+": this account's server does not have this"
	case refused.Status >= 400 && refused.Status < 500 && refused.Status != http.StatusRequestTimeout && refused.Status != http.StatusNotFound:
		e.Class, e.Message, e.Remedy = social.FixPost, op+": refused", "Change the post or the rule."
	}
	return e
}

func (n *Network) unanswered(op string, err error) error {
	message := op + ": this account's server cannot be understood"
	var lost *transportError
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		message = op + ": there is no server of this name"
	case errors.As(err, &lost):
		message = op + ": " + lost.Host + " cannot be reached"
	}
	return &social.LinkError{Class: social.TryAgain, Message: message, Err: err}
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

func fixPost(message, remedy string) error {
	return &social.LinkError{Class: social.FixPost, Message: message, Remedy: remedy}
}

func unsupported(message string) error {
	return &social.LinkError{Class: social.Unsupported, Message: message}
}

func reconnect(message, remedy string) error {
	return &social.LinkError{Class: social.Reconnect, Message: message, Remedy: remedy}
}
