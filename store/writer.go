package store

import (
	"context"
	"maps"
	"sync"
	"time"
)

// writer runs transactions.
type writer interface {
	write(ctx context.Context, f func(*tx) error) error
	close() error
}

// request is one transaction that waits to be run.
type request struct {
	ctx   context.Context
	f     func(*tx) error
	tx    *tx
	err   error
	panic any           // what f panicked with
	turn  chan struct{} // sent to when it is done, or is to lead
	done  bool
}

// grouping is SQLite's one writer. Whoever finds it free leads: it runs all that
// waits, each so that its failure undoes only itself, with one commit (one
// fsync) for all. Then the next one leads. There is no goroutine behind it.
type grouping struct {
	store   *Store
	link    *link
	version int64 // of the file, as others changed it

	last int // members of the group before

	mu      sync.Mutex
	waiting []*request
	busy    bool
	free    *sync.Cond
}

const (
	// maxGroup bounds a group, so that the first of it does not wait for long.
	maxGroup = 64
	// gather is how long a group waits for more before it commits, if the one
	// before had company too: an fsync costs more than that. Who writes alone
	// waits for nobody.
	gather = 300 * time.Microsecond
)

func newGrouping(s *Store, l *link) *grouping {
	g := &grouping{store: s, link: l}
	g.free = sync.NewCond(&g.mu)
	return g
}

func (g *grouping) write(ctx context.Context, f func(*tx) error) error {
	r := &request{ctx: ctx, f: f}
	g.mu.Lock()
	g.waiting = append(g.waiting, r)
	lead := !g.busy
	if lead {
		g.busy = true
	} else {
		r.turn = make(chan struct{}, 1)
	}
	g.mu.Unlock()
	if !lead {
		<-r.turn
	}
	if !r.done {
		g.lead()
	}
	if r.panic != nil {
		panic(r.panic)
	}
	return r.err
}

// lead runs what waits, wakes who waited, and hands the lead on.
func (g *grouping) lead() {
	var group []*request
	gathered := g.last < 2
	g.run(func() *request {
		r := g.next(len(group))
		if r == nil && !gathered && len(group) < maxGroup {
			gathered = true
			time.Sleep(gather)
			r = g.next(len(group))
		}
		if r != nil {
			group = append(group, r)
		}
		return r
	})
	g.last = len(group)
	for _, r := range group {
		r.done = true
		if r.turn != nil {
			r.turn <- struct{}{}
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) > 0 {
		g.waiting[0].turn <- struct{}{}
		return
	}
	g.waiting = nil
	g.busy = false
	g.free.Broadcast()
}

// next takes who waits longest, unless the group is full.
func (g *grouping) next(members int) *request {
	g.mu.Lock()
	defer g.mu.Unlock()
	if members == maxGroup || len(g.waiting) == 0 {
		return nil
	}
	r := g.waiting[0]
	g.waiting = g.waiting[1:]
	return r
}

// run commits everything that next yields in one transaction.
func (g *grouping) run(next func() *request) {
	ctx := context.Background()
	var kept []*request // ran well, not committed yet
	changed := make(map[ID]*counted)
	open := false
	for r := next(); r != nil; r = next() {
		if r.err = r.ctx.Err(); r.err != nil {
			continue
		}
		if !open {
			if r.err = g.begin(ctx); r.err != nil {
				continue
			}
			open = true
		}
		switch g.member(ctx, r, changed, len(kept) > 0) {
		case stands:
			kept = append(kept, r)
			maps.Copy(changed, r.tx.changed)
		case lost:
			failAll(kept, r.err)
			kept, open = nil, false
			clear(changed)
		}
	}
	if !open {
		return
	}
	if err := g.control(ctx, "commit"); err != nil {
		_ = g.control(ctx, "rollback") // the commit's error says more
		failAll(kept, err)
		return
	}
	for _, r := range kept {
		r.tx.committed()
	}
}

// begin also notices that another process wrote to the file: a subcommand beside
// the server. What was cached is old then.
func (g *grouping) begin(ctx context.Context) error {
	if err := g.control(ctx, "begin immediate"); err != nil {
		return err
	}
	return g.link.query(ctx, "pragma data_version", nil, func(r row) error {
		var version int64
		err := r.into(&version)
		if version != g.version {
			g.version = version
			g.store.forgetAll()
		}
		return err
	})
}

// outcome is what became of a member's changes.
type outcome uint8

const (
	stands outcome = iota
	undone         // they are taken back, the transaction goes on
	lost           // the transaction is over
)

// member runs one request inside the open transaction. A savepoint is only
// needed when there are others' changes to keep.
func (g *grouping) member(ctx context.Context, r *request, before map[ID]*counted, others bool) outcome {
	if others {
		if r.err = g.control(ctx, "savepoint member"); r.err != nil {
			return undone
		}
	}
	r.tx = g.store.begun(g.link)
	r.tx.before = before
	g.call(r)
	switch {
	case r.err != nil || r.panic != nil:
	case !others:
		return stands
	default:
		if r.err = g.control(ctx, "release member"); r.err == nil {
			return stands
		}
	}
	if others {
		err := g.control(ctx, "rollback to member")
		if err == nil {
			err = g.control(ctx, "release member")
		}
		if err == nil {
			return undone
		}
		r.err = err // SQLite gave the whole transaction up
	}
	_ = g.control(ctx, "rollback") // fails only where SQLite has done it already
	return lost
}

// call keeps a panic of f for who asked for it.
func (g *grouping) call(r *request) {
	defer func() {
		if p := recover(); p != nil {
			r.panic = p
		}
	}()
	r.err = r.f(r.tx)
}

func (g *grouping) control(ctx context.Context, statement string) error {
	_, err := g.link.exec(ctx, statement, nil)
	return err
}

func failAll(rs []*request, err error) {
	for _, r := range rs {
		r.err = err
	}
}

// close waits for who is writing.
func (g *grouping) close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.busy {
		g.free.Wait()
	}
	g.busy = true
	return g.link.close()
}
