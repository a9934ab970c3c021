// Package clock tells the time where time decides something.
//
// Clock only reads the time. Whoever waits uses the timers of package time
// and is tested inside testing/synctest, whose bubble also governs
// [System]: a component that takes its readings from System and its waits
// from package time sees one consistent time there. [Fake] is for code that
// only compares readings (leases, expiries, ids).
package clock

import "time"

// Clock reads the present time.
type Clock interface {
	// Now is the present time. Two readings may be equal, and a later
	// reading may be earlier: the machine's clock is set now and then.
	Now() time.Time
}

// System is the machine's clock. Its readings keep the monotonic part, so
// differences between two of them are true durations.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Millis is t as milliseconds since 1970-01-01 UTC, the unit in which times
// are stored. It rounds towards the past.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// FromMillis is the inverse of Millis, in UTC and without a monotonic part.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// Truncate is t as it reads after it was stored: whole milliseconds, UTC,
// without a monotonic part.
func Truncate(t time.Time) time.Time { return FromMillis(Millis(t)) }

// NowMillis is the present time of c in milliseconds since 1970-01-01 UTC.
func NowMillis(c Clock) int64 { return Millis(c.Now()) }
