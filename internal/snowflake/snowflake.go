// Package snowflake makes the ids of new things: signed 64-bit numbers that
// grow with time and need no round trip to a database.
//
//	63            16 15      6 5        0
//	 milliseconds    | node    | sequence |
//
// Milliseconds count from 1970-01-01 UTC, node is 0 to 1023 and different on
// each node that shares a database, sequence is 0 to 63. Ids that were
// imported follow no such layout: what a time is, created_at says.
package snowflake

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"engawa/internal/clock"
)

const (
	nodeBits     = 10
	sequenceBits = 6
	lowBits      = nodeBits + sequenceBits
	maxMillis    = 1<<(63-lowBits) - 1 // in the year 6429

	// MaxNode is the highest number a node can have.
	MaxNode = 1<<nodeBits - 1
)

// maxLead is how far ahead of the clock [Source.After] follows: beyond it an
// id is no snowflake of ours, or the clock was wrong by more than anyone
// should inherit.
const maxLead = 24 * time.Hour

// Source gives ids. It is safe for concurrent use and never allocates.
type Source struct {
	node  int64
	clock clock.Clock
	last  atomic.Int64  // milliseconds << sequenceBits | sequence of the newest id
	back  atomic.Uint32 // counts the ids of At, from a random start
}

// New is the source of the node with this number. It panics if node is not
// within 0 to MaxNode: the configuration is checked before.
func New(node int, clk clock.Clock) *Source {
	if node < 0 || node > MaxNode {
		panic(fmt.Sprintf("snowflake: node %d is not within 0 to %d", node, MaxNode))
	}
	s := &Source{node: int64(node), clock: clk}
	s.last.Store(-1)
	s.back.Store(rand.Uint32())
	return s
}

// Next is a new id, greater than every id this source gave before. When the
// clock stands or goes back, or when one millisecond needs more than 64 ids,
// the milliseconds to come are used up early.
func (s *Source) Next() int64 {
	now := clamp(s.clock.Now()) << sequenceBits
	for {
		last := s.last.Load()
		next := max(now, last+1)
		if s.last.CompareAndSwap(last, next) {
			const sequence = 1<<sequenceBits - 1
			return next>>sequenceBits<<lowBits | s.node<<sequenceBits | next&sequence
		}
	}
}

// After makes every following Next greater than id, the newest snowflake
// found in the store at start: ids do not go back although the clock may have
// while the program was down. An id more than a day ahead of the clock is
// left out of account, and After reports false.
func (s *Source) After(id int64) bool {
	ms := Millis(id)
	if ms > clamp(s.clock.Now().Add(maxLead)) {
		return false
	}
	// The sequence of another node says nothing here: use the millisecond up.
	newest := ms<<sequenceBits | (1<<sequenceBits - 1)
	for {
		last := s.last.Load()
		if newest <= last || s.last.CompareAndSwap(last, newest) {
			return true
		}
	}
}

// At is an id for a thing of time t that is told of later: a remote post, an
// imported one. Its low 16 bits are not node and sequence but one of 65,472
// values that Next never uses on this node; 65,472 successive calls for one
// millisecond differ. Beyond that, and between nodes, two ids of one
// millisecond are equal with a probability of about 1 in 65,000: whoever
// stores them asks again when the id is taken.
// A time before 1970 counts as 1970, one after 6429 as 6429.
func (s *Source) At(t time.Time) int64 {
	for {
		// An odd factor permutes the 16-bit numbers and scatters neighbours.
		low := int64(uint16(s.back.Add(1) * 40503))
		if low>>sequenceBits != s.node {
			return clamp(t)<<lowBits | low
		}
	}
}

// Millis is the time within an id that Next or At made, in milliseconds since
// 1970-01-01 UTC.
func Millis(id int64) int64 { return id >> lowBits }

// Floor is the smallest id of the millisecond of t: ids of things before t
// are below it, ids of things at t or later are not.
func Floor(t time.Time) int64 { return clamp(t) << lowBits }

// clamp is t in milliseconds within 0 to maxMillis. It looks at the seconds
// first, for the milliseconds of a far time overflow.
func clamp(t time.Time) int64 {
	switch sec := t.Unix(); {
	case sec < 0:
		return 0
	case sec > maxMillis/1000:
		return maxMillis
	}
	return min(clock.Millis(t), maxMillis)
}
