// Package queue runs durable jobs: leases with a fencing token, backoff, order
// per key, fairness and a breaker per host, quarantine for what never succeeds.
//
// A job is a row first. Those inserted by this process are held by it already
// (Hold, Push), so that the common case reads nothing back; all others, and all
// that a crash left behind, are claimed from the store when they are due. Every
// job may run twice.
package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"engawa/internal/clock"
	"engawa/internal/snowflake"
	"engawa/social"
)

// Handler does one job. Nil means done; Drop, Later, Park and HostDown say more
// than other errors, after which the job is tried again by its kind's Backoff.
type Handler func(ctx context.Context, j *social.Job) error

// Kind says how jobs of one kind are run.
type Kind struct {
	Handle   Handler
	Workers  int           // at most so many at once; 0: 1
	PerHost  int           // of them for one host; 0: no bound
	Attempts int           // then it is quarantined; 0: 16
	Backoff  Backoff       // nil: Quick
	Timeout  time.Duration // of one attempt; shorter than the lease of ten minutes
}

// Queue is the component. Fill the fields, then Run.
type Queue struct {
	Store social.Store
	Clock clock.Clock
	IDs   *snowflake.Source
	Node  int
	Kinds map[social.JobKind]Kind
	Log   *slog.Logger
	// Grace is how long running jobs may go on after Run's context ends; then
	// theirs ends too, and they are given back. Zero: ten seconds.
	Grace time.Duration

	mu       sync.Mutex
	kinds    map[social.JobKind]*kind
	held     int          // jobs in memory: waiting, running or being finished
	done     []social.Job // rows to be removed
	back     []social.Job // rows to be given back as they are
	flushing int
	wake     chan struct{} // the finisher
	idle     sync.Cond     // for Settle
	token    social.ID
	phase    phase
	stats    Stats
	claiming sync.Mutex // one claim at a time
}

type phase uint8

const (
	unopened phase = iota
	open
	shut
)

const (
	// lease is how long a held job is ours, and leaseMargin how much of it we
	// leave, as the row's began a little earlier than we think.
	lease       = 10 * time.Minute
	leaseMargin = 30 * time.Second
	// maxHeld bounds the jobs in memory, maxKind those of one kind and maxLane
	// those that wait for one host; more stay in the store.
	maxHeld = 20_000
	maxKind = 5_000
	maxLane = 400
	// maxLanes bounds the hosts that are remembered (T51).
	maxLanes = 10_000
	// maxSkip bounds the hosts that a claim leaves out.
	maxSkip = 1_000
	// claimBatch is how many are claimed at once.
	claimBatch = 200
	// poll is how often the store is asked for jobs that are due.
	poll = time.Second
)

// errShutdown ends what still runs when the grace is over.
var errShutdown = errors.New("the queue is shutting down")

// kind is the state of one Kind.
type kind struct {
	Kind
	name   social.JobKind
	lanes  map[string]*lane
	ring   []*lane // lanes with work, taking turns
	work   sync.Cond
	busy   int
	held   int           // waiting or running
	paused social.Millis // our own way out is down: nothing runs before
	parks  int           // times in a row that it was; then one job at a time asks whether it is back
}

// setUp makes the state from the fields, once.
func (q *Queue) setUp() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.kinds != nil {
		return
	}
	if q.Log == nil {
		q.Log = slog.Default()
	}
	if q.Grace == 0 {
		q.Grace = 10 * time.Second
	}
	q.kinds = make(map[social.JobKind]*kind, len(q.Kinds))
	for name, k := range q.Kinds {
		if k.Backoff == nil {
			k.Backoff = Quick
		}
		if k.Attempts == 0 {
			k.Attempts = 16
		}
		k.Workers = max(k.Workers, 1)
		st := &kind{Kind: k, name: name, lanes: map[string]*lane{}}
		st.work.L = &q.mu
		q.kinds[name] = st
	}
	q.wake = make(chan struct{}, 1)
	q.idle.L = &q.mu
	q.token = social.ID(q.IDs.Next())
	q.stats.Dropped = map[string]int64{}
}

// Hold implements social.Queue.
func (q *Queue) Hold() (social.ID, social.Millis) {
	q.setUp()
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.phase != open || q.held >= maxHeld {
		return 0, 0
	}
	return q.token, q.now() + lease.Milliseconds()
}

// Push implements social.Queue: it takes over jobs inserted under Hold's token.
// What there is no room for is given back to the store.
func (q *Queue) Push(jobs []social.Job) {
	q.setUp()
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.now()
	for i := range jobs {
		if jobs[i].Lease != 0 && jobs[i].Lease == q.token {
			q.add(&jobs[i], now)
		}
	}
}

// add puts a job into its lane. The lock is held.
func (q *Queue) add(j *social.Job, now social.Millis) {
	k := q.kinds[j.Kind]
	if k == nil || q.phase != open {
		q.giveBack(j, j.RunAt)
		return
	}
	l := k.lane(j.Host, now)
	switch wait := l.waits[j.Key]; {
	case wait > now:
		q.giveBack(j, wait)
		return
	case l.parked > now:
		q.giveBack(j, l.parked)
		return
	case k.held >= maxKind || (l.host != "" && len(l.jobs) >= maxLane):
		q.giveBack(j, j.RunAt)
		return
	}
	l.put(held{*j, now + (lease - leaseMargin).Milliseconds()})
	q.held++
	k.held++
	k.enlist(l)
	k.work.Signal()
}

// giveBack lets the store have a job that is not run, from a moment on. When
// too many are on their way there already, its lease runs out by itself. The
// lock is held.
func (q *Queue) giveBack(j *social.Job, runAt social.Millis) {
	if len(q.back) >= maxHeld {
		return
	}
	job := *j
	job.RunAt = max(job.RunAt, runAt)
	q.back = append(q.back, job)
	q.wakeFinisher()
}

func (q *Queue) wakeFinisher() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *Queue) now() social.Millis { return clock.Millis(q.Clock.Now()) }

// Run works until ctx ends, then lets what is running finish and gives back the
// rest, so that other nodes have it at once.
func (q *Queue) Run(ctx context.Context) error {
	if err := q.checkKinds(); err != nil {
		return err
	}
	q.setUp()
	release := func(ctx context.Context) error {
		return q.Store.Write(ctx, func(tx social.Tx) error { return tx.ReleaseLeases(ctx, q.Node) })
	}
	if err := release(ctx); err != nil {
		return err
	}
	q.setPhase(open)
	work, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var workers, finisher errgroup.Group
	for _, k := range q.kinds {
		for range k.Workers {
			workers.Go(func() error { q.worker(work, k); return nil })
		}
	}
	end := make(chan struct{})
	last := context.WithoutCancel(ctx)
	finisher.Go(func() error { q.finisher(last, end); return nil })
	q.claimer(ctx)
	q.setPhase(shut)
	grace := time.AfterFunc(q.Grace, func() { stop(errShutdown) })
	defer grace.Stop()
	_ = workers.Wait()
	close(end)
	_ = finisher.Wait()
	q.empty()
	return release(last)
}

// setPhase opens the queue, or stops handing out jobs.
func (q *Queue) setPhase(p phase) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.phase = p
	for _, k := range q.kinds {
		k.work.Broadcast()
	}
	q.idle.Broadcast()
}

// empty forgets what waits in memory; the rows' leases are released.
func (q *Queue) empty() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held, q.done, q.back = 0, nil, nil
	for _, k := range q.kinds {
		k.lanes, k.ring, k.held = map[string]*lane{}, nil, 0
	}
}

// checkKinds refuses a kind whose attempts may last as long as a job is ours:
// it would be claimed again and again and never run.
func (q *Queue) checkKinds() error {
	for name, k := range q.Kinds {
		if k.Timeout >= lease-leaseMargin {
			return fmt.Errorf("queue: jobs of kind %q may run for %s, but are held for %s only: give a shorter Timeout", name, k.Timeout, lease-leaseMargin)
		}
	}
	return nil
}
