package clock

import (
	"sync/atomic"
	"time"
)

// Fake is a clock that moves only when it is told to. It is safe for
// concurrent use.
type Fake struct {
	nanos atomic.Int64 // since 1970-01-01 UTC
}

// NewFake is a fake clock that reads t, in UTC, until it is moved. t must
// lie between the years 1678 and 2262.
func NewFake(t time.Time) *Fake {
	f := &Fake{}
	f.Set(t)
	return f
}

// Now implements [Clock].
func (f *Fake) Now() time.Time { return time.Unix(0, f.nanos.Load()).UTC() }

// Advance moves the clock by d, which may be negative, and returns the new
// reading.
func (f *Fake) Advance(d time.Duration) time.Time {
	return time.Unix(0, f.nanos.Add(int64(d))).UTC()
}

// Set puts the clock to t, forward or back.
func (f *Fake) Set(t time.Time) { f.nanos.Store(t.UnixNano()) }
