package queue

import (
	"context"
	"maps"
)

// Stats are counts since the start.
type Stats struct {
	Done, Failed, Dead int64
	Parked             int64            // attempts that found our own way out down
	Broken             int64            // times a breaker opened
	Dropped            map[string]int64 // by "kind reason"
	Held               int              // in memory now
}

// Stats returns a copy of the counts.
func (q *Queue) Stats() Stats {
	q.setUp()
	q.mu.Lock()
	defer q.mu.Unlock()
	s := q.stats
	s.Dropped = maps.Clone(s.Dropped)
	s.Held = q.held
	return s
}

// Settle waits until nothing that is due waits or runs in this process: for
// tests and for a tidy end. It claims what is due itself. Before Run it waits
// for it; after Run it returns at once.
func (q *Queue) Settle(ctx context.Context) error {
	q.setUp()
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.idle.Broadcast()
	})
	defer stop()
	q.waitWhile(ctx, func() bool { return q.phase == unopened })
	for {
		n, err := q.claim(ctx)
		if err != nil {
			return err
		}
		waited := q.waitWhile(ctx, func() bool { return q.phase == open && q.runnable() })
		if err := ctx.Err(); err != nil {
			return err
		}
		if n == 0 && !waited {
			return nil
		}
	}
}

// waitWhile waits until cond, read under the lock, is false or ctx ends, and
// reports whether it had to.
func (q *Queue) waitWhile(ctx context.Context, cond func() bool) (waited bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for cond() && ctx.Err() == nil {
		waited = true
		q.idle.Wait()
	}
	return waited
}

// runnable reports whether something runs, is being finished, or could run now.
func (q *Queue) runnable() bool {
	if len(q.done) > 0 || len(q.back) > 0 || q.flushing > 0 {
		return true
	}
	now := q.now()
	for _, k := range q.kinds {
		if k.busy > 0 {
			return true
		}
		if k.paused > now {
			continue
		}
		for _, l := range k.lanes {
			if len(l.jobs) > 0 && l.parked <= now {
				return true
			}
		}
	}
	return false
}
