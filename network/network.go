// Package network says what a network is to this home: something that brings
// Activities in, fetches what is not here, and delivers what leaves. Each
// network is a folder below; this package holds the words they share.
package network

import (
	"context"
	"errors"
	"fmt"
	"time"

	"engawa/social"
)

// Deliverer brings what leaves this home to one network. Both methods are job
// handlers: they may run twice without harm, and answer with the outcomes below.
type Deliverer interface {
	// Fanout turns one Outgoing (Job.Ref) into one Job per place it goes to.
	Fanout(ctx context.Context, j *social.Job) error
	// Deliver brings one Outgoing (Job.Ref) to one place (Job.Target).
	Deliver(ctx context.Context, j *social.Job) error
}

// Receiver carries out what came in; Job.Body is the document.
type Receiver interface {
	HandleInbox(ctx context.Context, j *social.Job) error
}

// Drop is returned for work that can never succeed. Reason is a short word to
// count by.
type Drop struct {
	Reason string
	Err    error
}

// Error names the reason.
func (d *Drop) Error() string { return with("dropped ("+d.Reason+")", d.Err) }

// Unwrap returns the cause.
func (d *Drop) Unwrap() error { return d.Err }

// Gone is returned when the place a delivery goes to said that it is no more
// (410): it is dropped, and nothing more should go there.
type Gone struct{ Err error }

// Error says so.
func (g *Gone) Error() string { return with("gone", g.Err) }

// Unwrap returns the cause.
func (g *Gone) Unwrap() error { return g.Err }

// Later is returned for work to be tried again; After is what the other side
// asked for, zero for the usual pause.
type Later struct {
	After time.Duration
	Err   error
}

// Error says when.
func (l *Later) Error() string { return with("later, in "+l.After.String(), l.Err) }

// Unwrap returns the cause.
func (l *Later) Unwrap() error { return l.Err }

// Park is returned when it is our own way out that is down: the work waits and
// keeps its attempts.
type Park struct{ Err error }

// Error says so.
func (p *Park) Error() string { return with("parked", p.Err) }

// Unwrap returns the cause.
func (p *Park) Unwrap() error { return p.Err }

// HostDown marks a failure that says something of the whole host: it counts
// towards the host's breaker.
type HostDown struct{ Err error }

// Error is the cause's.
func (h *HostDown) Error() string { return with("host down", h.Err) }

// Unwrap returns the cause.
func (h *HostDown) Unwrap() error { return h.Err }

func with(what string, err error) string {
	if err == nil {
		return what
	}
	return fmt.Sprintf("%s: %v", what, err)
}

// Outcome is what became of a job, in the words of whatever queue runs it.
type Outcome uint8

// The outcomes.
const (
	Done       Outcome = iota
	Dropped            // Reason says why
	Postponed          // After says how long, if the other side did
	Parked             // our own way out is down
	Failed             // tried again after the usual pause
	FailedHost         // the same, and the host is to blame
)

// Result is an Outcome with what belongs to it.
type Result struct {
	Outcome Outcome
	Reason  string
	After   time.Duration
}

// ResultOf translates what a handler of a network returned.
func ResultOf(err error) Result {
	var (
		drop  *Drop
		gone  *Gone
		later *Later
		park  *Park
		down  *HostDown
	)
	switch {
	case err == nil:
		return Result{Outcome: Done}
	case errors.As(err, &park):
		return Result{Outcome: Parked}
	case errors.As(err, &drop):
		return Result{Outcome: Dropped, Reason: drop.Reason}
	case errors.As(err, &gone):
		return Result{Outcome: Dropped, Reason: "gone"}
	case errors.As(err, &later):
		return Result{Outcome: Postponed, After: later.After}
	case errors.As(err, &down):
		return Result{Outcome: FailedHost}
	}
	return Result{Outcome: Failed}
}
