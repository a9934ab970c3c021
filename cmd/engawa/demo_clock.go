package main

import (
	"sync/atomic"
	"time"

	"engawa/internal/clock"
)

// storyClock is the clock of the demo's homes while their past is told: the
// machine's, set back by the same span for all of them.
type storyClock struct{ behind atomic.Int64 }

var _ clock.Clock = (*storyClock)(nil)

// Now implements clock.Clock.
func (c *storyClock) Now() time.Time {
	return clock.System.Now().Add(-time.Duration(c.behind.Load()))
}

// set lets the clock be behind by ago.
func (c *storyClock) set(ago time.Duration) { c.behind.Store(int64(ago)) }
