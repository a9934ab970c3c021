package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// linkStore is a store of Links alone.
type linkStore struct {
	social.Store
	mu    sync.Mutex
	links map[social.ID]social.Link
}

type linkTx struct {
	social.Tx
	s *linkStore
}

func (s *linkStore) AllLinks(context.Context) ([]social.Link, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []social.Link
	for _, l := range s.links {
		out = append(out, l)
	}
	return out, nil
}

func (s *linkStore) Write(_ context.Context, f func(tx social.Tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f(linkTx{s: s})
}

func (t linkTx) Link(_ context.Context, _, id social.ID) (*social.Link, error) {
	l, ok := t.s.links[id]
	if !ok {
		return nil, social.ErrNotFound
	}
	return &l, nil
}

func (t linkTx) TouchLink(_ context.Context, l *social.Link) error {
	t.s.links[l.ID] = *l
	return nil
}

func (s *linkStore) get(id social.ID) social.Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.links[id]
}

func (s *linkStore) set(l social.Link) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.links == nil {
		s.links = map[social.ID]social.Link{}
	}
	s.links[l.ID] = l
}

// river is a network with one lane: numbered items that are read by number.
type river struct {
	mu     sync.Mutex
	items  int
	reads  int
	hears  int
	fail   error // of reading
	cost   int64
	stream chan string // what is said live; closed: the connection breaks
}

func (r *river) Read(_ context.Context, _ *social.Login, place social.LanePlace, cursor string, limit int) (*social.Batch, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		return nil, r.fail
	}
	r.reads++
	if place == social.LaneAlerts {
		return &social.Batch{}, nil
	}
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	to := min(from+limit, r.items)
	b := &social.Batch{Cursor: fmt.Sprint(to), More: to < r.items, Cost: r.cost}
	for i := from + 1; i <= to; i++ {
		b.Items = append(b.Items, social.Item{URI: fmt.Sprint(i)})
	}
	return b, nil
}

func (r *river) Thread(context.Context, *social.Login, social.Ref, int) (*social.Batch, error) {
	return nil, errors.New("not asked")
}

func (r *river) say(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.items += n
}

func (r *river) set(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
}

// read says a number under the lock.
func (r *river) read(n *int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *n
}

// live is a river that can be listened to.
type liveRiver struct{ *river }

func (r liveRiver) Hear(ctx context.Context, _ *social.Login, sink func(*social.Batch) error) error {
	r.set(func() { r.hears++ })
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case uri, ok := <-r.stream:
			if !ok {
				return &social.LinkError{Class: social.TryAgain, Message: "the stream broke off"}
			}
			r.say(1)
			if err := sink(&social.Batch{Items: []social.Item{{URI: uri}}, Cursor: uri}); err != nil {
				return err
			}
		}
	}
}

// bed is a Lanes at work in a bubble.
type bed struct {
	*Lanes
	store *linkStore
	mu    sync.Mutex
	came  []string
	told  int
}

func newBed(value any) *bed {
	b := &bed{store: &linkStore{}}
	b.Lanes = &Lanes{
		Store: b.store, Clock: clock.System, Networks: map[string]*Linked{"river": {Value: value}}, Log: slog.New(slog.DiscardHandler),
		Login: func(_ context.Context, l *social.Link) (*social.Login, error) { return &social.Login{Link: l}, nil },
		Arrive: func(_ context.Context, l *social.Link, got *social.Batch) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			for i := range got.Items {
				b.came = append(b.came, got.Items[i].URI)
			}
			return nil
		},
		Refused: func(context.Context, *social.Link, error) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.told++
		},
	}
	return b
}

// arrived is what came since it was last asked, without what came twice.
func (b *bed) arrived() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, uri := range b.came {
		if !slices.Contains(out, uri) {
			out = append(out, uri)
		}
	}
	return strings.Join(out, " ")
}

func linkOf(id social.ID) social.Link {
	return social.Link{ID: id, User: 1, Network: "river", Name: id.String(), State: social.LinkActive, List: 9, Can: social.AbleRead | social.AbleStream}
}

// inBubble runs f beside a running Lanes.
func inBubble(t *testing.T, value any, f func(t *testing.T, b *bed)) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(value)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- b.Run(ctx) }()
		synctest.Wait()
		f(t, b)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestLaneCatchesUpThenListens(t *testing.T) {
	r := &river{items: 3}
	inBubble(t, liveRiver{r}, func(t *testing.T, b *bed) {
		r.stream = make(chan string)
		b.store.set(linkOf(1))
		b.Changed()
		synctest.Wait()
		expect(t, "caught up", b.arrived(), "1 2 3")
		began := time.Now()
		r.stream <- "4"
		synctest.Wait()
		expect(t, "by the stream", b.arrived(), "1 2 3 4")
		expect(t, "at once", time.Since(began), time.Duration(0))
		r.say(1) // said between reading and listening
		time.Sleep(sweepFirst + time.Second)
		expect(t, "swept up", b.arrived(), "1 2 3 4 5")
		close(r.stream)
		r.say(2)
		r.set(func() { r.stream = make(chan string) })
		time.Sleep(10 * time.Second)
		expect(t, "after the break", b.arrived(), "1 2 3 4 5 6 7")
		expect(t, "listens again", r.read(&r.hears), 2)
		time.Sleep(time.Minute)
		var state laneState
		if err := json.Unmarshal(b.store.get(1).Cursors, &state); err != nil || state.Home != "7" {
			t.Errorf("kept: %+v, %v", state, err)
		}
	})
}

func TestLaneStartsAndStopsWithItsLink(t *testing.T) {
	r := &river{items: 1}
	inBubble(t, liveRiver{r}, func(t *testing.T, b *bed) {
		r.stream = make(chan string)
		for _, step := range []struct {
			name   string
			change func(l *social.Link)
			count  int
		}{
			{"not read", func(l *social.Link) { l.List = 0 }, 0},
			{"read", func(l *social.Link) { l.List = 9 }, 1},
			{"paused", func(l *social.Link) { l.State = social.LinkPaused }, 0},
			{"active", func(l *social.Link) { l.State = social.LinkActive }, 1},
			{"merged", func(l *social.Link) { l.Merge = true }, 1},
			{"not able", func(l *social.Link) { l.Can = social.AblePost }, 0},
		} {
			l := b.store.get(1)
			if l.ID == 0 {
				l = linkOf(1)
			}
			step.change(&l)
			b.store.set(l)
			b.Changed()
			synctest.Wait()
			expect(t, step.name, b.Count(), step.count)
		}
	})
}

func TestLaneGoesOnAfterFailures(t *testing.T) {
	r := &river{items: 2, fail: errors.New("connection refused")}
	inBubble(t, r, func(t *testing.T, b *bed) {
		b.store.set(linkOf(1))
		b.Changed()
		time.Sleep(24 * time.Hour)
		l := b.store.get(1)
		if l.FailedAt == 0 || l.Error == "" || l.State != social.LinkActive {
			t.Errorf("the failure is not shown: %+v", l)
		}
		r.set(func() { r.fail = nil })
		time.Sleep(retryMost * 6 / 5)
		expect(t, "back", b.arrived(), "1 2")
		r.say(1)
		time.Sleep(pollMost * 6 / 5)
		expect(t, "polled", b.arrived(), "1 2 3")
		if l := b.store.get(1); l.OKAt <= l.FailedAt || l.Error != "" {
			t.Errorf("it is well again, but says %+v", l)
		}
		r.set(func() { r.reads = 0 })
		time.Sleep(time.Hour)
		if n := r.read(&r.reads); n < 15 || n > 40 {
			t.Errorf("%d readings of an hour in which nothing was said", n)
		}
	})
}

func TestLaneEndsWhenRefused(t *testing.T) {
	r := &river{fail: &social.LinkError{Class: social.Reconnect, Message: "revoked", Remedy: "link again"}}
	inBubble(t, r, func(t *testing.T, b *bed) {
		b.store.set(linkOf(1))
		b.Changed()
		time.Sleep(time.Hour)
		synctest.Wait()
		l := b.store.get(1)
		expect(t, "state", l.State, social.LinkReconnect)
		expect(t, "told", b.told, 1)
		expect(t, "lanes", b.Count(), 0)
		expect(t, "words", l.Error+", "+l.Remedy, "revoked, link again")
	})
}

func TestLaneThatCosts(t *testing.T) {
	r := &river{items: 1, cost: 100_000}
	inBubble(t, r, func(t *testing.T, b *bed) {
		l := linkOf(1)
		l.Settings = []byte(`{"readBudget":500000}`)
		b.store.set(l)
		b.Changed()
		time.Sleep(20 * 24 * time.Hour)
		if n := r.read(&r.reads); n > 6 {
			t.Errorf("%d readings at $0.10 for $0.50", n)
		}
		var state laneState
		_ = json.Unmarshal(b.store.get(1).Cursors, &state)
		expect(t, "spent", state.Spent, 500_000)
	})
}

// Fifty lanes at rest are one goroutine each and next to nothing beside it.
func TestFiftyLanes(t *testing.T) {
	r := &river{items: 1}
	inBubble(t, liveRiver{r}, func(t *testing.T, b *bed) {
		r.stream = make(chan string)
		before, goroutines := heap(), runtime.NumGoroutine()
		for id := range social.ID(50) {
			b.store.set(linkOf(id + 1))
		}
		b.Changed()
		synctest.Wait()
		expect(t, "lanes", b.Count(), 50)
		if n := runtime.NumGoroutine() - goroutines; n > 60 {
			t.Errorf("%d goroutines for 50 lanes", n)
		}
		if per := int64(heap()-before) / 50; per > 64<<10 {
			t.Errorf("%d bytes a lane without its connection", per)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
