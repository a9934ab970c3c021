package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Kind says why a request failed.
type Kind uint8

const (
	// Refused: we would not send it: an address off the public internet, a
	// scheme, a redirect, a header. The same request is refused again.
	Refused Kind = iota + 1
	// Unreachable: no answer: no such name, no connection, no TLS, a broken
	// answer.
	Unreachable
	// Timeout: the host took longer than it is given.
	Timeout
	// TooLarge: the answer exceeds its cap, or inflates beyond measure.
	TooLarge
	// BadStatus: an answer outside 200 to 299 and 304.
	BadStatus
	// OverBudget: the activity in whose name this was sent used up its budget.
	OverBudget
	// Canceled: the caller's context ended first; the host is not to blame.
	Canceled
)

var kindNames = [...]string{"unknown", "refused", "unreachable", "timeout", "too large", "bad status", "over budget", "canceled"}

// String is the name of the kind, as in logs and metrics.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[0]
}

// Error is the error of every request of this package.
type Error struct {
	Kind       Kind
	Method     string
	URL        string        // of the hop that failed
	Host       string        // its canonical host; empty if the URL has none
	Status     int           // for BadStatus, else 0
	RetryAfter time.Duration // what the host asked for with BadStatus, at most 7 days, else 0
	// Uplink tells that it looks like our own connection is down, not that
	// host: no route, or names and connections of several hosts fail and no
	// answer came from anywhere since. It is a suspicion.
	Uplink bool
	Err    error
}

// Error implements error.
func (e *Error) Error() string {
	what := e.Kind.String()
	if e.Kind == BadStatus {
		what = "status " + strconv.Itoa(e.Status)
	}
	s := "fetch: " + e.Method + " " + e.URL + ": " + what
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary tells whether the same request may succeed later. Of the
// statuses, 408, 425, 429 and 5xx without 501 are temporary; a delivery also
// retries a 401, which servers give when they could not load our key.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case Unreachable, Timeout, Canceled:
		return true
	case BadStatus:
		switch e.Status {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
			return true
		}
		return e.Status >= 500 && e.Status != http.StatusNotImplemented
	}
	return false
}

// KindOf is the kind of the *Error within err, or 0.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return 0
}

// failure is an error whose kind is known where it is made; the request is
// added further up.
type failure struct {
	kind Kind
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func failf(kind Kind, format string, args ...any) error {
	return &failure{kind, fmt.Errorf(format, args...)}
}

// kindOf classifies what the transport returned. parent is the caller's
// context, own the one with our deadline.
func kindOf(parent, own context.Context, err error) Kind {
	if parent.Err() != nil {
		return Canceled
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return f.kind
	}
	if own.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
		return Timeout
	}
	if t, ok := errors.AsType[net.Error](err); ok && t.Timeout() {
		return Timeout
	}
	return Unreachable
}

// noRoute tells whether this machine itself knew that it cannot send.
func noRoute(err error) bool {
	if d, ok := errors.AsType[*net.DNSError](err); ok {
		// The cause survives only as text (net.DNSError, Go 1.26).
		return strings.Contains(d.Err, syscall.ENETUNREACH.Error()) || strings.Contains(d.Err, syscall.ENETDOWN.Error())
	}
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.ENETDOWN)
}

// retryAfter reads the header of that name (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 7 * 24 * time.Hour
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	d := time.Duration(0)
	if sec, err := strconv.ParseInt(v, 10, 64); err == nil {
		d = time.Duration(min(max(sec, 0), int64(most/time.Second))) * time.Second
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), most)
}
