package queue

import (
	"context"
	"time"

	"engawa/social"
)

// claimer asks the store for jobs that are due, until ctx ends.
func (q *Queue) claimer(ctx context.Context) {
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		n, err := q.claim(ctx)
		if err != nil && ctx.Err() == nil {
			q.Log.Error("jobs could not be claimed", "err", err)
		}
		if n > 0 && ctx.Err() == nil {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// claim takes one batch of due jobs of each kind that has room, and wakes lanes
// whose rest is over.
func (q *Queue) claim(ctx context.Context) (int, error) {
	q.claiming.Lock()
	defer q.claiming.Unlock()
	total := 0
	for _, k := range q.kinds {
		n, err := q.claimKind(ctx, k)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

func (q *Queue) claimKind(ctx context.Context, k *kind) (int, error) {
	q.mu.Lock()
	now := q.now()
	skip := k.rested(now)
	room := q.phase == open && k.paused <= now && k.held+claimBatch <= maxKind && q.held+claimBatch <= maxHeld
	q.mu.Unlock()
	if !room {
		return 0, nil
	}
	if due, err := q.Store.DueJobs(ctx, k.name, now); err != nil || !due {
		return 0, err
	}
	var jobs []social.Job
	err := q.Store.Write(ctx, func(tx social.Tx) error {
		var err error
		jobs, err = tx.Claim(ctx, k.name, q.token, now, now+lease.Milliseconds(), skip, claimBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range jobs {
		if l := k.lanes[jobs[i].Host]; l != nil {
			delete(l.waits, jobs[i].Key) // the store says that its turn has come
		}
		q.add(&jobs[i], now)
	}
	return len(jobs), nil
}

// rested puts lanes whose breaker is over back in the ring, forgets what is too
// old to matter, and returns the hosts of which no more is wanted now: those
// that rest, those being tried, those with enough in memory. The lock is held.
func (k *kind) rested(now social.Millis) []string {
	var skip []string
	for host, l := range k.lanes {
		for key, until := range l.waits {
			if until <= now {
				delete(l.waits, key)
			}
		}
		if host != "" && len(skip) < maxSkip && (l.parked > now || len(l.jobs) >= maxLane/2 || (l.fails > 0 && !l.idle())) {
			skip = append(skip, host)
		}
		if l.parked > now {
			continue
		}
		k.enlist(l)
		if l.empty() || (l.idle() && l.parked+maxBreak.Milliseconds() < now) {
			delete(k.lanes, host)
		}
	}
	if len(k.ring) > 0 {
		k.work.Broadcast()
	}
	return skip
}
