package queue_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/snowflake"
	"engawa/internal/testpg"
	"engawa/queue"
	"engawa/social"
	"engawa/store"
)

const work social.JobKind = "work"

// bench is a queue over a real store, with what was done in it.
type bench struct {
	*queue.Queue
	tb    testing.TB
	store *store.Store
	clock *clock.Fake
	mu    sync.Mutex
	did   []social.ID
}

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func open(tb testing.TB, engine string) *store.Store {
	tb.Helper()
	dsn := "sqlite:" + filepath.Join(tb.TempDir(), "engawa.db")
	if engine == "postgres" {
		dsn = testpg.Start(tb)
	}
	s, err := store.Open(tb.Context(), store.Config{DSN: dsn, Node: 1, Clock: clock.NewFake(start)})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return s
}

// begin starts a queue of a node; end stops it.
func begin(tb testing.TB, s *store.Store, clk *clock.Fake, node int, k queue.Kind) (b *bench, end func()) {
	tb.Helper()
	b = &bench{tb: tb, store: s, clock: clk}
	handle := k.Handle
	k.Handle = func(ctx context.Context, j *social.Job) error {
		err := handle(ctx, j)
		if err == nil {
			b.mu.Lock()
			b.did = append(b.did, j.ID)
			b.mu.Unlock()
		}
		return err
	}
	b.Queue = &queue.Queue{Store: s, Clock: clk, IDs: snowflake.New(node, clk), Node: node, Kinds: map[social.JobKind]queue.Kind{work: k}}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	b.settle()
	return b, func() {
		stop()
		if err := <-ended; err != nil {
			tb.Error(err)
		}
	}
}

func (b *bench) settle() {
	b.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := b.Settle(ctx); err != nil {
		b.tb.Fatal(err)
	}
}

func (b *bench) done() []social.ID {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.did)
}

var errUndone = errors.New("undone")

// insert writes jobs in one transaction, which ends with undo.
func (b *bench) insert(hold bool, undo error, jobs ...social.Job) []social.Job {
	b.tb.Helper()
	var token social.ID
	var until social.Millis
	if hold {
		token, until = b.Hold()
	}
	for i := range jobs {
		jobs[i].ID, jobs[i].Kind, jobs[i].Lease = social.ID(b.IDs.Next()), work, token
		jobs[i].RunAt = max(jobs[i].RunAt, clock.Millis(b.clock.Now()))
	}
	err := b.store.Write(context.Background(), func(tx social.Tx) error {
		return errors.Join(tx.Enqueue(context.Background(), jobs, until), undo)
	})
	if !errors.Is(err, undo) {
		b.tb.Fatal(err)
	}
	if err == nil && hold {
		b.Push(jobs)
	}
	return jobs
}

func (b *bench) waiting() int64 { return b.count(work) }

func (b *bench) count(kind social.JobKind) int64 {
	b.tb.Helper()
	counts, err := b.store.JobCounts(context.Background())
	if err != nil {
		b.tb.Fatal(err)
	}
	return counts[kind]
}

func onBoth(t *testing.T, f func(t *testing.T, s *store.Store, clk *clock.Fake)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { f(t, open(t, engine), clock.NewFake(start)) })
	}
}

func fine(context.Context, *social.Job) error { return nil }

func TestStoreJobsAreDone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		b, end := begin(t, s, clk, 1, queue.Kind{Workers: 4, Handle: fine})
		defer end()
		for _, hold := range []bool{true, false} {
			jobs := make([]social.Job, 450) // more than one claim
			for i := range jobs {
				jobs[i] = social.Job{Host: fmt.Sprint("host", i%3), Key: fmt.Sprint(i % 5), Body: []byte("{}"), Target: "https://x/inbox"}
			}
			b.insert(hold, nil, jobs...)
			b.settle()
		}
		if n := len(b.done()); n != 900 || b.waiting() != 0 {
			t.Errorf("%d done, %d wait", n, b.waiting())
		}
	})
}

// A transaction that was undone leaves no row, and nothing that runs.
func TestStoreRolledBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		b, end := begin(t, s, clk, 1, queue.Kind{Handle: fine})
		defer end()
		b.insert(true, errUndone, social.Job{})
		clk.Advance(time.Hour)
		b.settle()
		if len(b.done()) != 0 || b.waiting() != 0 || b.Stats().Held != 0 {
			t.Errorf("did %v, %d wait, stats %+v", b.done(), b.waiting(), b.Stats())
		}
	})
}

// Order per key through failures, and quarantine in the end.
func TestStoreFailures(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		b, end := begin(t, s, clk, 1, queue.Kind{Workers: 4, Attempts: 5, Handle: func(_ context.Context, j *social.Job) error {
			switch {
			case j.Target == "twice" && j.Attempts < 2:
				return errors.New("not yet \xff\x00")
			case j.Target == "never":
				return errors.New("no")
			case j.Target == "drop":
				return &queue.Drop{Reason: "gone", Err: errors.New("410")}
			}
			return nil
		}})
		defer end()
		jobs := b.insert(false, nil, social.Job{Key: "a", Target: "twice"}, social.Job{Key: "a"}, social.Job{Key: "a"}, social.Job{Target: "never"}, social.Job{Target: "drop"})
		b.settle()
		if len(b.done()) != 0 || b.waiting() != 4 {
			t.Errorf("did %v before the first of its key, %d wait", b.done(), b.waiting())
		}
		for range 6 {
			clk.Advance(time.Minute)
			b.settle()
		}
		if got := b.done(); !slices.Equal(got, []social.ID{jobs[0].ID, jobs[1].ID, jobs[2].ID}) {
			t.Errorf("did %v, want the three of the key in order", got)
		}
		if st := b.Stats(); b.waiting() != 0 || b.count("dead") != 1 || st.Dead != 1 || st.Dropped["work gone"] != 1 {
			t.Errorf("%d wait, %d dead, stats %+v", b.waiting(), b.count("dead"), st)
		}
	})
}

// Two nodes share a store: each job runs once, a node that stands still loses
// its lease, and what it then says of the job changes nothing.
func TestStoreTwoNodes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, clk *clock.Fake) {
		stuck, goOn := make(chan struct{}), make(chan struct{})
		one, end1 := begin(t, s, clk, 1, queue.Kind{Workers: 2, Handle: func(_ context.Context, j *social.Job) error {
			if j.Target == "stuck" {
				close(stuck)
				<-goOn
				return errors.New("woken too late")
			}
			return nil
		}})
		defer end1()
		two, end2 := begin(t, s, clk, 2, queue.Kind{Workers: 2, Handle: fine})
		defer end2()
		j := one.insert(true, nil, social.Job{Target: "stuck"})[0]
		<-stuck
		var jobs []social.Job
		for range 300 {
			jobs = append(jobs, social.Job{})
		}
		one.insert(false, nil, jobs...)
		two.settle()
		clk.Advance(11 * time.Minute)
		two.settle()
		if got := two.done(); !slices.Contains(got, j.ID) {
			t.Error("the lease of the one that stands still is never over")
		}
		fresh := two.insert(false, nil, social.Job{RunAt: clock.Millis(clk.Now()) + 1_000_000})[0]
		close(goOn)
		one.settle()
		two.settle()
		if n := len(one.done()) + len(two.done()); n != 301 {
			t.Errorf("%d runs of 301 jobs", n)
		}
		if two.waiting() != 1 {
			t.Errorf("%d wait, want job %d alone", two.waiting(), fresh.ID)
		}
	})
}

func BenchmarkStore(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			clk := clock.NewFake(start)
			q, end := begin(b, open(b, engine), clk, 1, queue.Kind{Workers: 8, PerHost: 4, Handle: fine})
			defer end()
			b.ReportAllocs()
			const at = 100
			for b.Loop() {
				jobs := make([]social.Job, at)
				for i := range jobs {
					jobs[i] = social.Job{Host: fmt.Sprint("host", i%20), Target: "https://x/inbox"}
				}
				q.insert(true, nil, jobs...)
				q.settle()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*at), "µs/job")
		})
	}
}
