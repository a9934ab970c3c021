package fetch

import (
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// suspects is how many different hosts must fail in a row, without an answer
// from anywhere, before our own connection is suspected.
const suspects = 4

// uplink guesses whether our own connection is down. Its state is bounded.
type uplink struct {
	dirty  atomic.Bool // failed is not empty
	mu     sync.Mutex
	seed   maphash.Seed
	failed []uint64 // hashes of the hosts that failed since the last answer, at most suspects
}

func newUplink() *uplink { return &uplink{seed: maphash.MakeSeed()} }

// answered notes that something came from the network.
func (u *uplink) answered() {
	if u.dirty.Load() {
		u.mu.Lock()
		u.failed = u.failed[:0]
		u.dirty.Store(false)
		u.mu.Unlock()
	}
}

// silent notes that host did not answer, and tells whether the uplink is
// suspected.
func (u *uplink) silent(host string) bool {
	h := maphash.String(u.seed, host)
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.failed) < suspects && !slices.Contains(u.failed, h) {
		u.failed = append(u.failed, h)
		u.dirty.Store(true)
	}
	return len(u.failed) == suspects
}

// suspected tells what silent told last.
func (u *uplink) suspected() bool {
	if !u.dirty.Load() {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.failed) == suspects
}
