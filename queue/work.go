package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

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
	for q.phase == open {
		if j, l, ok := q.pick(k); ok {
			if len(k.ring) > 0 {
				k.work.Signal() // one wakes the next, so that no wake-up is lost
			}
			return j, l, true
		}
		k.work.Wait()
	}
	return held{}, nil, false
}

// pick goes round the ring once. The lock is held.
func (q *Queue) pick(k *kind) (held, *lane, bool) {
	now := q.now()
	if k.paused > now || (k.parks > 0 && k.busy > 0) {
		return held{}, nil, false
	}
	for range len(k.ring) {
		l := k.ring[0]
		k.ring[0] = nil
		k.ring = k.ring[1:]
		l.queued = false
		if l.parked > now || (k.PerHost > 0 && l.host != "" && l.busy >= k.PerHost) || (l.fails > 0 && l.busy > 0) {
			continue // comes back when a job of it ends, or the claimer turns it on
		}
		for {
			j, ok := l.take()
			if !ok {
				break
			}
			if j.until < now+k.Timeout.Milliseconds() {
				q.lost(k) // the lease ends too soon: it is claimed again
				continue
			}
			k.enlist(l)
			l.start(&j)
			k.busy++
			return j, l, true
		}
	}
	return held{}, nil, false
}

// lost takes one job out of the counts. The lock is held.
func (q *Queue) lost(k *kind) {
	q.held--
	k.held--
	q.idle.Broadcast()
}

// crash is a handler's panic.
type crash struct {
	cause any
	stack []byte
}

// Error is the cause and where it happened.
func (c *crash) Error() string { return fmt.Sprintf("panic: %v\n%s", c.cause, c.stack) }

// attempt runs the handler; a panic is a failure of this job alone.
func (q *Queue) attempt(ctx context.Context, k *kind, j *held) (err error) {
	if k.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, k.Timeout)
		defer cancel()
	}
	defer func() {
		if r := recover(); r != nil {
			err = &crash{r, debug.Stack()}
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
		q.finish(k, l, j, drop)
	case errors.As(err, &park):
		q.rest(k, l, j)
	case errors.Is(context.Cause(ctx), errShutdown):
		q.interrupt(k, l, j)
	default:
		q.postpone(context.WithoutCancel(ctx), k, l, j, err)
	}
}

// finish hands a job to the finisher, which removes many rows at once.
func (q *Queue) finish(k *kind, l *lane, j *held, drop *Drop) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if drop != nil {
		q.stats.Dropped[string(j.Kind)+" "+drop.Reason]++
		q.Log.Debug("job dropped", "kind", j.Kind, "id", j.ID, "host", j.Host, "err", drop)
	} else {
		q.stats.Done++
	}
	l.fails, l.parked, k.parks = 0, 0, 0
	q.release(k, l, j)
	q.done = append(q.done, j.Job)
	q.wakeFinisher()
}

// release ends a job's place in its lane. Its row may still count as held. The lock is held.
func (q *Queue) release(k *kind, l *lane, j *held) {
	l.stop(j)
	k.busy--
	k.held--
	k.enlist(l)
	if l.empty() && k.lanes[l.host] == l {
		delete(k.lanes, l.host)
	}
	k.work.Signal()
}

// rest pauses a kind whose way out is down. Its jobs keep their places and their attempts.
func (q *Queue) rest(k *kind, l *lane, j *held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	pause := min(uplinkPause<<min(k.parks, 4), maxPause)
	k.parks++
	k.paused = q.now() + pause.Milliseconds()
	l.jobs = append([]held{*j}, l.jobs...)
	k.held++ // release takes it out
	q.stats.Parked++
	q.release(k, l, j)
	q.idle.Broadcast()
}

// interrupt gives a job back that the shutdown ended; it was no attempt.
func (q *Queue) interrupt(k *kind, l *lane, j *held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held--
	q.giveBack(&j.Job, 0)
	q.release(k, l, j)
}

// postpone writes when the job is tried again, or that it is given up.
func (q *Queue) postpone(ctx context.Context, k *kind, l *lane, j *held, err error) {
	now := q.now()
	job := k.failed(&j.Job, err, now)
	if job.DeadAt != 0 {
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
	} else if job.Key != "" && job.Attempts < social.KeyPatience {
		l.hold(job.Key, job.RunAt)
		q.clear(k, l, job.RunAt, func(h *held) bool { return h.Key == job.Key && h.ID > job.ID })
	}
	q.judge(k, l, err, now)
	q.release(k, l, j)
	q.idle.Broadcast()
}

// failed is a job as it stands after a failure.
func (k *kind) failed(j *social.Job, err error, now social.Millis) social.Job {
	job := *j
	var (
		later *Later
		c     *crash
	)
	job.Attempts++
	if errors.As(err, &c) {
		job.Attempts += max(0, (k.Attempts+2)/3-1) // three crashes use up all attempts (F19)
	}
	wait := k.Backoff(job.Attempts, int64(job.ID))
	if errors.As(err, &later) && later.After > 0 {
		wait = min(later.After, maxLater)
	}
	job.Error = clean(err.Error())
	job.RunAt = now + wait.Milliseconds()
	if job.Attempts >= k.Attempts {
		job.DeadAt = now
	}
	return job
}

// clear gives waiting jobs of a lane back, to run at a later moment. The lock is held.
func (q *Queue) clear(k *kind, l *lane, runAt social.Millis, gone func(*held) bool) {
	for _, h := range l.clear(gone) {
		q.giveBack(&h.Job, runAt)
		q.held--
		k.held--
	}
}

const (
	// uplinkPause is how long a kind rests first when our own way out is down,
	// maxPause at most.
	uplinkPause = 30 * time.Second
	maxPause    = 5 * time.Minute
	// breakAfter failures in a row open a host's breaker.
	breakAfter = 3
	// maxBreak is the longest a breaker stays open.
	maxBreak = time.Hour
	// maxLater bounds what another server may ask us to wait.
	maxLater = 24 * time.Hour
)

// judge moves the host's breaker after a failure: an open one is tried by a
// single job when its time is over. What waits for the host goes back to the
// store, so that dead hosts take no room. The lock is held.
func (q *Queue) judge(k *kind, l *lane, err error, now social.Millis) {
	k.parks = 0
	var down *HostDown
	if !errors.As(err, &down) || l.host == "" {
		l.fails, l.parked = 0, 0 // it answered
		return
	}
	l.fails++
	if l.fails < breakAfter {
		return
	}
	if l.parked <= now {
		q.stats.Broken++
	}
	rest := min(time.Minute<<min(l.fails-breakAfter, 10), maxBreak)
	l.parked = now + rest.Milliseconds()
	q.clear(k, l, l.parked, func(*held) bool { return true })
}
