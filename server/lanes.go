package server

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/social"
)

// Lanes reads what linked accounts see: one runner for each active Link with a
// Lane. It is a component: fill the fields, then Run.
type Lanes struct {
	Store    social.Store
	Clock    clock.Clock
	Networks map[string]*Linked
	Login    func(ctx context.Context, l *social.Link) (*social.Login, error)
	// Arrive stores what was read.
	Arrive func(ctx context.Context, l *social.Link, b *social.Batch) error
	// Refused is told once when a Link's credentials are refused.
	Refused func(ctx context.Context, l *social.Link, err error)
	Log     *slog.Logger

	once    sync.Once
	wake    chan struct{}
	mu      sync.Mutex
	running map[social.ID]*laneRun
	strict  bool // the next look compares credentials too
}

// lookEvery is how often the Links are looked at without being told: another
// node may have changed them.
const lookEvery = time.Minute

func (r *Lanes) setUp() {
	r.once.Do(func() {
		r.wake = make(chan struct{}, 1)
		r.running = map[social.ID]*laneRun{}
	})
}

// Changed lets the Links be looked at soon. It never blocks.
func (r *Lanes) Changed() {
	r.setUp()
	r.mu.Lock()
	r.strict = true
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run reads until ctx ends.
func (r *Lanes) Run(ctx context.Context) error {
	r.setUp()
	var lanes errgroup.Group
	t := time.NewTicker(lookEvery)
	defer t.Stop()
	for {
		if err := r.look(ctx, &lanes); err != nil && ctx.Err() == nil {
			r.Log.Error("the links could not be read", "err", err)
		}
		select {
		case <-ctx.Done():
			return lanes.Wait()
		case <-r.wake:
		case <-t.C:
		}
	}
}

// look starts the runners of Links that are to be read and ends the others.
func (r *Lanes) look(ctx context.Context, lanes *errgroup.Group) error {
	links, err := r.Store.AllLinks(ctx)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	strict := r.strict
	r.strict = false
	wanted := map[social.ID]bool{}
	for i := range links {
		l := &links[i]
		if !r.reads(l) {
			continue
		}
		wanted[l.ID] = true
		if run := r.running[l.ID]; run != nil {
			if run.same(l, strict) {
				continue
			}
			run.stop()
		}
		lane, stop := context.WithCancel(ctx)
		run := newLaneRun(r, l, stop)
		r.running[l.ID] = run
		lanes.Go(func() error {
			defer r.ended(run)
			run.run(lane)
			return nil
		})
	}
	for id, run := range r.running {
		if !wanted[id] {
			run.stop()
		}
	}
	return nil
}

// reads reports whether a Link's Lane is to be read.
func (r *Lanes) reads(l *social.Link) bool {
	if l.State != social.LinkActive || l.List == 0 || !l.Can.Has(social.AbleRead) {
		return false
	}
	n := r.Networks[l.Network]
	if n == nil {
		return false
	}
	_, ok := n.Value.(network.LaneReader)
	return ok
}

// ended forgets a runner that is over, unless another took its place.
func (r *Lanes) ended(run *laneRun) {
	run.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[run.id] == run {
		delete(r.running, run.id)
	}
}

// Count is how many Lanes are being read.
func (r *Lanes) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.running)
}
