// Package httpsig signs outgoing HTTP requests and verifies incoming ones, by
// draft-cavage-http-signatures-12 as the fediverse uses it and by RFC 9421.
//
// Verification has two steps, so that the key can be looked up between them:
//
//	sig, err := httpsig.Parse(r)                      // syntax, algorithm, what is covered
//	err = sig.Check(digest, now, origins)             // host, time, body: needs no key
//	err = sig.Verify(key, digest, now, origins)       // Check, then the signature itself
//
// That the owner of the key is the actor of the activity is for the caller to check.
package httpsig

import (
	"fmt"
	"net/http"
)

// Kind says why a request was refused.
type Kind uint8

// The kinds of refusal.
const (
	// Malformed: the headers do not follow their grammar. Answer 400.
	Malformed Kind = iota + 1
	// Missing: there is no signature. Answer 401.
	Missing
	// Invalid: the signature is well formed but does not hold. Answer 401.
	Invalid
)

// Error is what Parse, Check and Verify return. Text names what is wrong and, where it helps, what
// would be right; it may be shown to the sender.
type Error struct {
	Kind Kind
	Text string
}

// Error implements error.
func (e *Error) Error() string { return e.Text }

// Status is the HTTP status to answer with: 400 or 401.
func (e *Error) Status() int {
	if e.Kind == Malformed {
		return http.StatusBadRequest
	}
	return http.StatusUnauthorized
}

func malformed(format string, args ...any) *Error {
	return &Error{Malformed, fmt.Sprintf(format, args...)}
}

func invalid(format string, args ...any) *Error {
	return &Error{Invalid, fmt.Sprintf(format, args...)}
}
