package queue

import "engawa/social"

// A kind's jobs wait in lanes, one a host (or "" for work of our own). Lanes
// take turns, so that a host with a thousand jobs, or one that hangs, delays
// nobody else.

// held is a job in memory, ours until a moment.
type held struct {
	social.Job
	until social.Millis
}

// lane holds one host's jobs in order of arrival.
type lane struct {
	host   string
	jobs   []held
	newest social.ID                // the highest id that was put
	busy   int                      // running now
	keys   map[string]bool          // order keys running now
	waits  map[string]social.Millis // order keys whose first job failed, until it is due again
	queued bool                     // stands in the ring
	fails  int                      // failures in a row that speak of the host
	parked social.Millis            // its breaker: nothing runs before
}

const (
	// scan is how far a lane is searched for a job whose key is not running.
	scan = 32
	// maxWaits bounds the keys of a lane that wait for a failed job; beyond it
	// order is given up rather than memory.
	maxWaits = 1000
)

// take removes and returns the first job that may run now.
func (l *lane) take() (held, bool) {
	for i := range l.jobs {
		if i == scan {
			break
		}
		j := l.jobs[i]
		if j.Key != "" && l.keys[j.Key] {
			continue
		}
		copy(l.jobs[1:i+1], l.jobs[:i]) // at most scan of them move
		l.jobs[0] = held{}
		l.jobs = l.jobs[1:]
		return j, true
	}
	return held{}, false
}

// put adds a job: at the end, or before the first younger one of its key.
func (l *lane) put(j held) {
	l.jobs = append(l.jobs, j)
	if j.ID > l.newest {
		l.newest = j.ID
		return
	}
	if j.Key == "" {
		return
	}
	for i := range l.jobs {
		if l.jobs[i].Key == j.Key && l.jobs[i].ID > j.ID {
			copy(l.jobs[i+1:], l.jobs[i:])
			l.jobs[i] = j
			return
		}
	}
}

// clear removes and returns the waiting jobs for which gone holds.
func (l *lane) clear(gone func(*held) bool) []held {
	var out []held
	kept := l.jobs[:0]
	for i := range l.jobs {
		if gone(&l.jobs[i]) {
			out = append(out, l.jobs[i])
		} else {
			kept = append(kept, l.jobs[i])
		}
	}
	clear(l.jobs[len(kept):])
	l.jobs = kept
	return out
}

// hold lets the jobs of a key wait until its failed one is due again.
func (l *lane) hold(key string, until social.Millis) {
	if l.waits == nil {
		l.waits = make(map[string]social.Millis, 1)
	}
	if len(l.waits) < maxWaits {
		l.waits[key] = until
	}
}

func (l *lane) start(j *held) {
	l.busy++
	if j.Key != "" {
		if l.keys == nil {
			l.keys = make(map[string]bool, 1)
		}
		l.keys[j.Key] = true
	}
}

func (l *lane) stop(j *held) {
	l.busy--
	if j.Key != "" {
		delete(l.keys, j.Key)
	}
}

// idle reports whether nothing waits or runs.
func (l *lane) idle() bool { return len(l.jobs) == 0 && l.busy == 0 }

// empty reports whether nothing needs the lane any more.
func (l *lane) empty() bool { return l.idle() && l.fails == 0 && len(l.waits) == 0 }

// lane finds or makes the lane of a host. What is known of hosts that nothing
// waits for is bounded: it costs one more failed attempt to learn it again.
func (k *kind) lane(host string, now social.Millis) *lane {
	if l := k.lanes[host]; l != nil {
		return l
	}
	if len(k.lanes) >= maxLanes {
		k.forget(func(l *lane) bool { return l.parked <= now })
		if len(k.lanes) > maxLanes-maxLanes/8 {
			k.forget(func(*lane) bool { return true })
		}
	}
	l := &lane{host: host}
	k.lanes[host] = l
	return l
}

func (k *kind) forget(old func(*lane) bool) {
	for host, l := range k.lanes {
		if l.idle() && !l.queued && old(l) {
			delete(k.lanes, host)
		}
	}
}

// enlist gives a lane its place in the ring.
func (k *kind) enlist(l *lane) {
	if !l.queued && len(l.jobs) > 0 {
		l.queued = true
		k.ring = append(k.ring, l)
	}
}
