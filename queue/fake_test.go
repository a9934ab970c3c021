package queue

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"

	"engawa/internal/clock"
	"engawa/internal/snowflake"
	"engawa/social"
)

// fake keeps jobs in memory under the contract of social.JobWriter.
type fake struct {
	social.Store
	mu     sync.Mutex
	rows   map[social.ID]*row
	fail   error // of every Write
	skips  [][]string
	writes int
}

type row struct {
	social.Job
	until social.Millis
}

type fakeTx struct {
	social.Tx
	f *fake
}

func newFake() *fake { return &fake{rows: map[social.ID]*row{}} }

var errAway = errors.New("the database is away")

func (f *fake) Write(_ context.Context, do func(social.Tx) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.writes++
	if f.fail != nil {
		return f.fail
	}
	return do(fakeTx{f: f})
}

func (f *fake) due(k social.JobKind, now social.Millis) []*row {
	var out []*row
	for _, r := range f.rows {
		if r.Kind == k && r.DeadAt == 0 && r.RunAt <= now && (r.Lease == 0 || r.until < now) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *row) int { return cmp.Or(cmp.Compare(a.RunAt, b.RunAt), cmp.Compare(a.ID, b.ID)) })
	return out
}

func (f *fake) DueJobs(_ context.Context, k social.JobKind, now social.Millis) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.due(k, now)) > 0, nil
}

func (t fakeTx) Enqueue(_ context.Context, jobs []social.Job, until social.Millis) error {
	for i := range jobs {
		r := &row{Job: jobs[i]}
		if r.Lease != 0 {
			r.until = until
		}
		t.f.rows[r.ID] = r
	}
	return nil
}

func (t fakeTx) Claim(_ context.Context, k social.JobKind, token social.ID, now, until social.Millis, skip []string, limit int) ([]social.Job, error) {
	t.f.skips = append(t.f.skips, skip)
	var out []social.Job
	for _, r := range t.f.due(k, now) {
		if len(out) < limit && !slices.Contains(skip, r.Host) && !t.f.waits(r, now) {
			out = append(out, r.Job)
		}
	}
	for i := range out {
		r := t.f.rows[out[i].ID]
		r.Lease, r.until = token, until
		out[i].Lease = token
	}
	return out, nil
}

func (f *fake) waits(r *row, now social.Millis) bool {
	if r.Key == "" {
		return false
	}
	for _, o := range f.rows {
		if o.Key == r.Key && o.Kind == r.Kind && o.ID < r.ID && o.DeadAt == 0 && o.Attempts < social.KeyPatience &&
			(o.RunAt > now || (o.Lease != 0 && o.until >= now)) {
			return true
		}
	}
	return false
}

func (t fakeTx) Finish(_ context.Context, jobs []social.Job) (int, error) {
	n := 0
	for i := range jobs {
		if r := t.f.rows[jobs[i].ID]; r != nil && r.Lease == jobs[i].Lease {
			delete(t.f.rows, r.ID)
			n++
		}
	}
	return n, nil
}

func (t fakeTx) Postpone(_ context.Context, j *social.Job) error {
	if r := t.f.rows[j.ID]; r != nil && r.Lease == j.Lease {
		r.RunAt, r.Attempts, r.Error, r.DeadAt, r.Lease, r.until = j.RunAt, j.Attempts, j.Error, j.DeadAt, 0, 0
	}
	return nil
}

func (t fakeTx) ReleaseLeases(_ context.Context, node int) error {
	for _, r := range t.f.rows {
		if r.Lease != 0 && int(r.Lease>>6)&1023 == node {
			r.Lease, r.until = 0, 0
		}
	}
	return nil
}

func (f *fake) left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.rows)
}

func (f *fake) row(id social.ID) row {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r := f.rows[id]; r != nil {
		return *r
	}
	return row{}
}

func (f *fake) setFail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *fake) leased() (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.rows {
		if r.Lease != 0 {
			n++
		}
	}
	return n
}

// house is a queue over a store, with what was done in it.
type house struct {
	*Queue
	store *fake
	mu    sync.Mutex
	did   []social.ID
	stop  context.CancelFunc
	ended chan error
}

const node = 7

func newHouse(s *fake, kinds map[social.JobKind]Kind) *house {
	h := &house{store: s}
	h.Queue = &Queue{Store: s, Clock: clock.System, IDs: snowflake.New(node, clock.System), Node: node, Kinds: kinds}
	return h
}

// run starts the queue; end stops it and waits.
func (h *house) run() {
	ctx, stop := context.WithCancel(context.Background())
	h.stop, h.ended = stop, make(chan error, 1)
	go func() { h.ended <- h.Run(ctx) }()
}

func (h *house) end() error {
	h.stop()
	return <-h.ended
}

// done notes a job.
func (h *house) done(j *social.Job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.did = append(h.did, j.ID)
}

func (h *house) order() []social.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.did)
}

// insert writes jobs as a verb does: under Hold, then Push. hold false: as another node's.
func (h *house) insert(hold bool, jobs ...social.Job) []social.Job {
	var token social.ID
	var until social.Millis
	if hold {
		token, until = h.Hold()
	}
	for i := range jobs {
		if jobs[i].ID == 0 {
			jobs[i].ID = social.ID(h.IDs.Next())
		}
		if jobs[i].RunAt == 0 {
			jobs[i].RunAt = h.now()
		}
		jobs[i].Lease = token
	}
	err := h.store.Write(context.Background(), func(tx social.Tx) error { return tx.Enqueue(context.Background(), jobs, until) })
	if err == nil && hold {
		h.Push(jobs)
	}
	return jobs
}
