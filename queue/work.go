package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// worker runs jobs of one kind, one after the other.
func (q *Queue) worker(ctx context.Context, k *kind) {
	for {
		j, l, ok := q.next(k)
		if !ok {
			return
		}
		err := q.attempt(ctx, k, &j)
		q.settle(ctx, k, l, &j, err)
	}
}

// next waits for a job that may run. It reports false when the queue is shut.
func (q *Queue) next(k *kind) (held, *lane, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.open {
		if j, l, ok := q.pick(k); ok {
			return j, l, true
		}
		k.work.Wait()
	}
	return held{}, nil, false
}

// pick goes round the ring once. The lock is held.
func (q *Queue) pick(k *kind) (held, *lane, bool) {
	now := q.now()
	if k.paused > now {
		return held{}, nil, false
	}
	for range len(k.ring) {
		l := k.ring[0]
		k.ring = k.ring[1:]
		l.queued = false
		if l.parked > now || (k.PerHost > 0 && l.host != "" && l.busy >= k.PerHost) || (l.fails > 0 && l.busy > 0) {
			continue // comes back when a job of it ends, or the claimer turns it on
		}
		j, ok := l.take()
		if !ok {
			continue
		}
		k.enlist(l)
		if j.until < now {
			q.held--
			continue // the lease is over: it is claimed again
		}
		l.start(&j)
		k.busy++
		return j, l, true
	}
	return held{}, nil, false
}

// attempt runs the handler; a panic is a failure of this job alone.
func (q *Queue) attempt(ctx context.Context, k *kind, j *held) (err error) {
	if k.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, k.Timeout)
		defer cancel()
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return k.Handle(ctx, &j.Job)
}

// settle decides what becomes of a job after an attempt.
func (q *Queue) settle(ctx context.Context, k *kind, l *lane, j *held, err error) {
	var (
		park *Park
		drop *Drop
	)
	switch {
	case err == nil, errors.As(err, &drop):
		q.finish(k, l, j, err)
	case errors.As(err, &park):
		q.postpone(ctx, k, l, j, err, false)
	default:
		q.postpone(ctx, k, l, j, err, true)
	}
}

// finish hands a job to the finisher, which removes many rows at once.
func (q *Queue) finish(k *kind, l *lane, j *held, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.release(k, l, j)
	if reason := reasonOf(err); reason != "" {
		q.stats.Dropped[string(j.Kind)+" "+reason]++
		q.Log.Debug("job dropped", "kind", j.Kind, "id", j.ID, "host", j.Host, "err", err)
	} else {
		q.stats.Done++
	}
	l.fails, l.probing = 0, false
	q.tidy(k, l)
	q.done = append(q.done, j.Job)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// release ends a job's place in its lane. The lock is held.
func (q *Queue) release(k *kind, l *lane, j *held) {
	l.stop(j)
	k.busy--
	k.enlist(l)
	k.work.Signal()
}

// tidy forgets a lane that nothing needs.
func (q *Queue) tidy(k *kind, l *lane) {
	if l.empty() && k.lanes[l.host] == l {
		delete(k.lanes, l.host)
	}
}

// postpone writes when the job is tried again, or that it is given up.
func (q *Queue) postpone(ctx context.Context, k *kind, l *lane, j *held, err error, counts bool) {
	job := j.Job
	now := q.Clock.Now()
	wait := k.Backoff(job.Attempts+1, int64(job.ID))
	var later *Later
	switch {
	case !counts:
		wait = uplinkPause
	case errors.As(err, &later) && later.After > 0:
		wait = min(later.After, 24*time.Hour)
	}
	if counts {
		job.Attempts++
	}
	job.Error = cut(err.Error(), 500)
	job.RunAt = clock.Millis(now.Add(wait))
	if job.Attempts >= k.Attempts {
		job.DeadAt = clock.Millis(now)
		q.Log.Warn("job given up", "kind", job.Kind, "id", job.ID, "host", job.Host, "attempts", job.Attempts, "err", err)
	}
	werr := q.Store.Write(ctx, func(tx social.Tx) error { return tx.Postpone(ctx, &job) })
	if werr != nil {
		q.Log.Error("a job could not be postponed; its lease will run out", "id", job.ID, "err", werr)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held--
	q.stats.Failed++
	if job.DeadAt != 0 {
		q.stats.Dead++
	}
	q.judge(k, l, err, now)
	q.release(k, l, j)
	q.tidy(k, l)
	q.idle.Broadcast()
}

const (
	// uplinkPause is how long a kind rests when our own way out is down.
	uplinkPause = 30 * time.Second
	// breakAfter failures in a row open a host's breaker.
	breakAfter = 3
	// maxBreak is the longest a breaker stays open.
	maxBreak = time.Hour
)

// judge moves the breakers. The lock is held.
func (q *Queue) judge(k *kind, l *lane, err error, now time.Time) {
	var (
		down *HostDown
		park *Park
	)
	switch {
	case errors.As(err, &park):
		k.paused = clock.Millis(now.Add(uplinkPause))
	case errors.As(err, &down) && l.host != "":
		l.fails++
		if l.fails >= breakAfter {
			rest := min(time.Minute<<min(l.fails-breakAfter, 10), maxBreak)
			l.parked = clock.Millis(now.Add(rest))
			q.stats.Broken++
		}
	default:
		l.fails = 0
	}
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// finisher removes rows of done jobs, as many at once as have gathered.
func (q *Queue) finisher(ctx context.Context, end <-chan struct{}) {
	for {
		select {
		case <-q.wake:
		case <-end:
			q.flush(ctx)
			return
		}
		q.flush(ctx)
	}
}

func (q *Queue) flush(ctx context.Context) {
	q.mu.Lock()
	batch := q.done
	q.done = nil
	q.doneIn = len(batch)
	q.mu.Unlock()
	if len(batch) > 0 {
		err := q.Store.Write(ctx, func(tx social.Tx) error {
			_, err := tx.Finish(ctx, batch)
			return err
		})
		if err != nil {
			q.Log.Error("done jobs could not be removed; they will run again", "count", len(batch), "err", err)
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held -= len(batch)
	q.doneIn = 0
	q.idle.Broadcast()
}

// claimer asks the store for jobs that are due, until ctx ends.
func (q *Queue) claimer(ctx context.Context) {
	t := time.NewTicker(poll)
	defer t.Stop()
	for {
		n, err := q.claim(ctx)
		if err != nil && ctx.Err() == nil {
			q.Log.Error("jobs could not be claimed", "err", err)
		}
		if n == claimBatch {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// claim takes one batch of due jobs and wakes lanes whose rest is over.
func (q *Queue) claim(ctx context.Context) (int, error) {
	q.mu.Lock()
	now := q.now()
	room := maxHeld - q.held
	skip := q.rested(now)
	q.mu.Unlock()
	if room < claimBatch {
		return 0, nil
	}
	if due, err := q.Store.DueJobs(ctx, now); err != nil || !due {
		return 0, err
	}
	until := now + lease.Milliseconds()
	var jobs []social.Job
	err := q.Store.Write(ctx, func(tx social.Tx) error {
		var err error
		jobs, err = tx.Claim(ctx, q.token, now, until, skip, claimBatch)
		return err
	})
	if err != nil {
		return 0, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range jobs {
		q.add(jobs[i], until)
	}
	return len(jobs), nil
}

// rested puts lanes whose breaker is over back in the ring, and returns the
// hosts that still rest. The lock is held.
func (q *Queue) rested(now social.Millis) []string {
	var skip []string
	for _, k := range q.kinds {
		for host, l := range k.lanes {
			if l.parked > now {
				skip = append(skip, host)
				continue
			}
			if len(l.jobs) > 0 && !l.queued {
				k.enlist(l)
			}
		}
		if len(k.ring) > 0 {
			k.work.Broadcast()
		}
	}
	return skip
}
