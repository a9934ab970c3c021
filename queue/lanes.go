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
	host    string
	jobs    []held
	busy    int             // running now
	keys    map[string]bool // order keys running now
	queued  bool            // stands in the ring
	fails   int             // failures in a row that speak of the host
	parked  social.Millis   // its breaker: nothing runs before
	probing bool            // one job is trying whether it is back
}

// scan is how far a lane is searched for a job whose key is not running.
const scan = 32

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

// put adds a job, in the order of ids among those of its key.
func (l *lane) put(j held) { l.jobs = append(l.jobs, j) }

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

// empty reports whether nothing needs the lane any more.
func (l *lane) empty() bool { return len(l.jobs) == 0 && l.busy == 0 && l.fails == 0 }
