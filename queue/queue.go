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
	Workers  int           // at most so many at once
	PerHost  int           // of them for one host
	Attempts int           // then it is quarantined
	Backoff  Backoff       // nil: Quick
	Timeout  time.Duration // of one attempt
}

// Queue is the component. Fill the fields, then Run.
type Queue struct {
	Store social.Store
	Clock clock.Clock
	IDs   *snowflake.Source
	Node  int
	Kinds map[social.JobKind]Kind
	Log   *slog.Logger

	mu     sync.Mutex
	kinds  map[social.JobKind]*kind
	held   int // jobs in memory, waiting or running
	done   []social.Job
	wake   chan struct{} // the finisher
	idle   sync.Cond     // for Settle
	token  social.ID
	open   bool
	stats  Stats
	doneIn int // being finished now
}

const (
	// lease is how long a held job is ours.
	lease = 10 * time.Minute
	// maxHeld bounds the jobs in memory; more stay in the store.
	maxHeld = 20_000
	// claimBatch is how many are claimed at once.
	claimBatch = 200
	// poll is how often the store is asked for jobs that are due.
	poll = time.Second
)

// kind is the state of one Kind.
type kind struct {
	Kind
	name   social.JobKind
	lanes  map[string]*lane
	ring   []*lane // lanes with work, taking turns
	work   sync.Cond
	busy   int
	paused social.Millis // our own way out is down: nothing runs before
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
	q.kinds = make(map[social.JobKind]*kind, len(q.Kinds))
	for name, k := range q.Kinds {
		if k.Backoff == nil {
			k.Backoff = Quick
		}
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
	if !q.open || q.held >= maxHeld {
		return 0, 0
	}
	return q.token, q.now() + lease.Milliseconds()
}

// Push implements social.Queue: it takes over jobs inserted under Hold's token.
func (q *Queue) Push(jobs []social.Job) {
	q.setUp()
	q.mu.Lock()
	defer q.mu.Unlock()
	until := q.now() + lease.Milliseconds()
	for i := range jobs {
		if jobs[i].Lease != 0 && jobs[i].Lease == q.token {
			q.add(jobs[i], until)
		}
	}
}

// add puts a job into its lane. The lock is held.
func (q *Queue) add(j social.Job, until social.Millis) {
	k := q.kinds[j.Kind]
	if k == nil {
		q.Log.Error("a job of a kind nobody handles", "kind", j.Kind, "id", j.ID)
		return
	}
	l := k.lanes[j.Host]
	if l == nil {
		l = &lane{host: j.Host}
		k.lanes[j.Host] = l
	}
	l.put(held{j, until})
	q.held++
	k.enlist(l)
	k.work.Signal()
}

// enlist gives a lane its place in the ring.
func (k *kind) enlist(l *lane) {
	if !l.queued && len(l.jobs) > 0 {
		l.queued = true
		k.ring = append(k.ring, l)
	}
}

func (q *Queue) now() social.Millis { return clock.Millis(q.Clock.Now()) }

// Run works until ctx ends, then lets what is running finish.
func (q *Queue) Run(ctx context.Context) error {
	q.setUp()
	err := q.Store.Write(ctx, func(tx social.Tx) error { return tx.ReleaseLeases(ctx, q.Node) })
	if err != nil {
		return err
	}
	q.mu.Lock()
	q.open = true
	q.mu.Unlock()
	work := context.WithoutCancel(ctx)
	var g errgroup.Group
	for _, k := range q.kinds {
		for range k.Workers {
			g.Go(func() error { q.worker(work, k); return nil })
		}
	}
	fin := make(chan struct{})
	var f errgroup.Group
	f.Go(func() error { q.finisher(work, fin); return nil })
	q.claimer(ctx)
	q.shut()
	_ = g.Wait()
	close(fin)
	return f.Wait()
}

// shut stops handing out jobs; what is held in memory goes back at the next start.
func (q *Queue) shut() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.open = false
	for _, k := range q.kinds {
		k.work.Broadcast()
	}
	q.idle.Broadcast()
}
