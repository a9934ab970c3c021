package queue

import (
	"context"
	"maps"
)

// Stats are counts since the start.
type Stats struct {
	Done, Failed, Dead int64
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
// tests and for a tidy end. It claims what is due itself.
func (q *Queue) Settle(ctx context.Context) error {
	q.setUp()
	stop := context.AfterFunc(ctx, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.idle.Broadcast()
	})
	defer stop()
	for {
		n, err := q.claim(ctx)
		if err != nil {
			return err
		}
		q.mu.Lock()
		waited := false
		for q.runnable() && ctx.Err() == nil && q.open {
			waited = true
			q.idle.Wait()
		}
		q.mu.Unlock()
		if err := ctx.Err(); err != nil {
			return err
		}
		if n == 0 && !waited {
			return nil
		}
	}
}

// runnable reports whether something runs, is being finished, or could run now.
func (q *Queue) runnable() bool {
	if len(q.done) > 0 || q.doneIn > 0 {
		return true
	}
	now := q.now()
	for _, k := range q.kinds {
		if k.busy > 0 {
			return true
		}
		for _, l := range k.lanes {
			if len(l.jobs) > 0 && l.parked <= now && k.paused <= now {
				return true
			}
		}
	}
	return false
}
