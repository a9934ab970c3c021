package queue

import (
	"fmt"
	"time"
)

// Drop is returned by a Handler for work that can never succeed. The job is
// removed and its reason counted.
type Drop struct {
	Reason string // a short word to count by
	Err    error
}

// Error names the reason.
func (d *Drop) Error() string { return fmt.Sprintf("dropped (%s): %v", d.Reason, d.Err) }

// Unwrap returns the cause.
func (d *Drop) Unwrap() error { return d.Err }

// Later is returned for work to be tried at a time of the other side's choosing
// (Retry-After). It counts as an attempt.
type Later struct {
	After time.Duration
	Err   error
}

// Error says when.
func (l *Later) Error() string { return fmt.Sprintf("later, in %s: %v", l.After, l.Err) }

// Unwrap returns the cause.
func (l *Later) Unwrap() error { return l.Err }

// Park is returned when it is our own way out that is down: the job waits and
// keeps its attempts and its place, and so do all others of its kind, until a
// single one of them finds the way open again.
type Park struct{ Err error }

// Error says so.
func (p *Park) Error() string { return "parked: " + p.Err.Error() }

// Unwrap returns the cause.
func (p *Park) Unwrap() error { return p.Err }

// HostDown marks a failure that says something of the whole host, not only of
// this job: it counts towards the host's breaker, and as an attempt. Any other
// outcome than HostDown and Park says that the host is there.
type HostDown struct{ Err error }

// Error is the cause's.
func (h *HostDown) Error() string { return h.Err.Error() }

// Unwrap returns the cause.
func (h *HostDown) Unwrap() error { return h.Err }
