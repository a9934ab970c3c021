package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"engawa/social"
)

const work social.JobKind = "work"

func one(k Kind) map[social.JobKind]Kind { return map[social.JobKind]Kind{work: k} }

func settled(t *testing.T, h *house) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	if err := h.Settle(ctx); err != nil {
		t.Fatalf("Settle: %v", err)
	}
}

func TestBackoffs(t *testing.T) {
	for _, c := range []struct {
		b    Backoff
		n    int
		salt int64
		want time.Duration
	}{
		{Federation, 1, 0, 16 * time.Second},
		{Federation, 1, int64(7 * time.Second), 23 * time.Second},
		{Federation, 1, int64(8 * time.Second), 16 * time.Second}, // the salt wraps at half of the base
		{Federation, 16, 0, 65551 * time.Second},
		{Quick, 1, 5, time.Second},
		{Quick, 4, 5, 8 * time.Second},
		{Quick, 30, 5, 5 * time.Minute},
		{Quick, 1000, 5, 5 * time.Minute},
	} {
		if got := c.b(c.n, c.salt); got != c.want {
			t.Errorf("n=%d salt=%d: %s, want %s", c.n, c.salt, got, c.want)
		}
	}
	for n := 1; n <= 16; n++ {
		base := Federation(n, 0)
		if got := Federation(n, -1); got < base || got >= base+base/2 {
			t.Errorf("n=%d with a negative salt: %s, want within half of %s", n, got, base)
		}
	}
}

// What comes of one attempt, by what the handler says.
func TestOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		attempts int // in the row afterwards
		wait     time.Duration
		left     int
		dropped  string
	}{
		"done":         {nil, 0, 0, 0, ""},
		"drop":         {&Drop{"gone", errors.New("410")}, 0, 0, 0, "work gone"},
		"drop unnamed": {&Drop{"", errors.New("410")}, 0, 0, 0, "work "},
		"error":        {errors.New("boom"), 1, time.Second, 1, ""},
		"wrapped drop": {fmt.Errorf("here: %w", &Drop{"gone", nil}), 0, 0, 0, "work gone"},
		"later":        {&Later{3 * time.Minute, errors.New("429")}, 1, 3 * time.Minute, 1, ""},
		"later bound":  {&Later{1000 * time.Hour, errors.New("429")}, 1, 24 * time.Hour, 1, ""},
		"host down":    {&HostDown{errors.New("timeout")}, 1, time.Second, 1, ""},
		"not text":     {errors.New("bad \xff\x00 bytes"), 1, time.Second, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(newFake(), one(Kind{Attempts: 5, Handle: func(context.Context, *social.Job) error { return c.err }}))
				h.run()
				synctest.Wait()
				at := h.now()
				j := h.insert(true, social.Job{Kind: work, Host: "a"})[0]
				settled(t, h)
				r := h.store.row(j.ID)
				if h.store.left() != c.left || r.Attempts != c.attempts {
					t.Fatalf("%d rows, attempts %d; want %d, %d", h.store.left(), r.Attempts, c.left, c.attempts)
				}
				if c.left == 1 && (r.RunAt != at+c.wait.Milliseconds() || r.Lease != 0 || !utf8.ValidString(r.Error) || strings.Contains(r.Error, "\x00")) {
					t.Errorf("runs again after %d ms, lease %d, error %q; want %s, 0", r.RunAt-at, r.Lease, r.Error, c.wait)
				}
				if s := h.Stats(); c.dropped != "" && s.Dropped[c.dropped] != 1 || s.Held != 0 {
					t.Errorf("stats %+v", s)
				}
				if err := h.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestDeadAfterAttempts(t *testing.T) {
	for name, c := range map[string]struct {
		do   func() error
		runs int
	}{
		"errors": {func() error { return errors.New("no") }, 5},
		"panics": {func() error { panic("poison") }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var h *house
				h = newHouse(newFake(), one(Kind{Attempts: 5, Handle: func(_ context.Context, j *social.Job) error {
					h.done(j)
					if j.Target == "bad" {
						return c.do()
					}
					return nil
				}}))
				h.run()
				synctest.Wait()
				bad := h.insert(true, social.Job{Kind: work, Target: "bad"})[0]
				h.insert(true, social.Job{Kind: work})
				time.Sleep(time.Hour)
				synctest.Wait()
				settled(t, h)
				r := h.store.row(bad.ID)
				if len(h.order()) != c.runs+1 || r.DeadAt == 0 || r.Error == "" || h.store.left() != 1 {
					t.Errorf("%d runs, row %+v; want %d and dead", len(h.order()), r, c.runs+1)
				}
				if s := h.Stats(); s.Dead != 1 || s.Done != 1 {
					t.Errorf("stats %+v", s)
				}
				_ = h.end()
			})
		})
	}
}

// Jobs left by a crash are claimed at the start, those of other nodes when their lease is over.
func TestLeases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newFake()
		now := time.Now().UnixMilli()
		other := social.ID(9<<6 | 1<<40)
		s.rows[1] = &row{Job: social.Job{ID: 1, Kind: work, RunAt: now, Lease: node << 6}, until: now + 600_000}
		s.rows[2] = &row{Job: social.Job{ID: 2, Kind: work, RunAt: now, Lease: other}, until: now + 600_000}
		s.rows[3] = &row{Job: social.Job{ID: 3, Kind: "unheard of", RunAt: now}}
		s.rows[4] = &row{Job: social.Job{ID: 4, Kind: work, RunAt: now + 5_000}}
		var h *house
		h = newHouse(s, one(Kind{Handle: func(_ context.Context, j *social.Job) error { h.done(j); return nil }}))
		h.run()
		settled(t, h)
		if got := h.order(); !slices.Equal(got, []social.ID{1}) {
			t.Fatalf("at the start: %v, want our own leased job alone", got)
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		if got := h.order(); !slices.Equal(got, []social.ID{1, 4}) {
			t.Fatalf("when the second is due: %v", got)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if got := h.order(); !slices.Equal(got, []social.ID{1, 4, 2}) || s.row(3).Lease != 0 {
			t.Errorf("after the other's lease: %v, unknown kind leased by %d", got, s.row(3).Lease)
		}
		_ = h.end()
	})
}

// A row that another node took over is neither removed nor given back by who had it.
func TestFencing(t *testing.T) {
	for name, err := range map[string]error{"finish": nil, "postpone": errors.New("no"), "give up": errors.New("no")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newFake()
				h := newHouse(s, one(Kind{Attempts: 1, Handle: func(_ context.Context, j *social.Job) error {
					s.mu.Lock()
					s.rows[j.ID].Lease = 99 // as after ten minutes of standing still
					s.mu.Unlock()
					return err
				}}))
				h.run()
				synctest.Wait()
				j := h.insert(true, social.Job{Kind: work})[0]
				settled(t, h)
				if r := s.row(j.ID); r.Lease != 99 || r.Attempts != 0 || r.DeadAt != 0 {
					t.Errorf("the row is %+v", r)
				}
				_ = h.end()
			})
		})
	}
}

// A job that waited so long that its lease could end while it runs is left to be claimed again.
func TestNothingRunsBeyondItsLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		h = newHouse(newFake(), one(Kind{Timeout: time.Minute, Handle: func(ctx context.Context, j *social.Job) error {
			h.done(j)
			if j.Target == "first" {
				time.Sleep(9 * time.Minute)
			}
			return nil
		}}))
		h.run()
		synctest.Wait()
		h.insert(true, social.Job{Kind: work, Target: "first"})
		second := h.insert(true, social.Job{Kind: work})[0]
		time.Sleep(9*time.Minute + 10*time.Second)
		synctest.Wait()
		if got := h.order(); len(got) != 1 || h.Stats().Held != 0 {
			t.Fatalf("ran %v, held %d; the second's lease is nearly over", got, h.Stats().Held)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := h.order(); len(got) != 2 || got[1] != second.ID || h.store.left() != 0 {
			t.Errorf("ran %v, %d rows left", got, h.store.left())
		}
		_ = h.end()
	})
}

func TestOrderOfAKey(t *testing.T) {
	for name, hold := range map[string]bool{"pushed": true, "claimed": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var h *house
				failures := map[string]int{"fails": 2}
				running := map[string]bool{}
				h = newHouse(newFake(), one(Kind{Workers: 8, Handle: func(_ context.Context, j *social.Job) error {
					h.mu.Lock()
					if running[j.Key] && j.Key != "" {
						t.Errorf("two jobs of %s at once", j.Key)
					}
					running[j.Key] = true
					fail := failures[j.Target] > 0
					failures[j.Target]--
					h.mu.Unlock()
					time.Sleep(time.Duration(j.ID%7) * time.Millisecond)
					h.mu.Lock()
					running[j.Key] = false
					h.mu.Unlock()
					if fail {
						return errors.New("not yet")
					}
					h.done(j)
					return nil
				}}))
				h.run()
				synctest.Wait()
				var jobs []social.Job
				for i := range 30 {
					jobs = append(jobs, social.Job{Kind: work, Key: []string{"a", "b", "c"}[i%3], Target: map[bool]string{true: "fails"}[i == 3]})
				}
				jobs = h.insert(hold, jobs...)
				time.Sleep(time.Minute)
				synctest.Wait()
				settled(t, h)
				want := map[string][]social.ID{}
				for _, j := range jobs {
					want[j.Key] = append(want[j.Key], j.ID)
				}
				for key, ids := range want {
					var got []social.ID
					for _, id := range h.order() {
						if slices.Contains(ids, id) {
							got = append(got, id)
						}
					}
					if !slices.Equal(got, ids) {
						t.Errorf("key %s ran as %v, want %v", key, got, ids)
					}
				}
				_ = h.end()
			})
		})
	}
}

// A job that keeps failing lets those behind it pass after a while.
func TestKeyPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		var passed time.Duration
		start := time.Now()
		h = newHouse(newFake(), one(Kind{Attempts: 16, Handle: func(_ context.Context, j *social.Job) error {
			if j.Target == "bad" {
				return errors.New("no")
			}
			passed = time.Since(start)
			return nil
		}}))
		h.run()
		synctest.Wait()
		h.insert(true, social.Job{Kind: work, Key: "k", Target: "bad"})
		h.insert(true, social.Job{Kind: work, Key: "k"})
		time.Sleep(time.Minute)
		synctest.Wait()
		// attempts at 0, 1 and 3 s; the third failure lets the other pass
		if passed < 3*time.Second || passed > 6*time.Second {
			t.Errorf("the second ran after %s", passed)
		}
		_ = h.end()
	})
}

func TestPerHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		now, most := map[string]int{}, map[string]int{}
		h = newHouse(newFake(), one(Kind{Workers: 20, PerHost: 3, Handle: func(_ context.Context, j *social.Job) error {
			h.mu.Lock()
			now[j.Host]++
			most[j.Host] = max(most[j.Host], now[j.Host])
			h.mu.Unlock()
			time.Sleep(time.Second)
			h.mu.Lock()
			now[j.Host]--
			h.mu.Unlock()
			return nil
		}}))
		h.run()
		synctest.Wait()
		start := time.Now()
		for i := range 60 {
			h.insert(true, social.Job{Kind: work, Host: []string{"", "a", "b"}[i%3]})
		}
		settled(t, h)
		if most["a"] != 3 || most["b"] != 3 || most[""] < 14 || time.Since(start) > 8*time.Second {
			t.Errorf("at most %v at once, in %s; want 3 a host, and the rest for our own work", most, time.Since(start))
		}
		_ = h.end()
	})
}

// One host that hangs among a thousand delays nobody (F11).
func TestHangingHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		h = newHouse(newFake(), one(Kind{Workers: 8, PerHost: 2, Timeout: 20 * time.Second, Attempts: 16, Backoff: Federation,
			Handle: func(ctx context.Context, j *social.Job) error {
				if j.Host == "hangs" {
					<-ctx.Done()
					return &HostDown{ctx.Err()}
				}
				time.Sleep(time.Millisecond)
				h.done(j)
				return nil
			}}))
		h.run()
		synctest.Wait()
		start := time.Now()
		for range 500 {
			h.insert(true, social.Job{Kind: work, Host: "hangs"})
		}
		for i := range 1000 {
			h.insert(true, social.Job{Kind: work, Host: fmt.Sprint("host", i)})
		}
		for len(h.order()) < 1000 {
			time.Sleep(10 * time.Millisecond)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("the others took %s", took)
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if s := h.Stats(); s.Broken != 1 && s.Broken != 2 {
			t.Errorf("stats %+v", s)
		}
		_ = h.end()
	})
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		var tried []time.Duration
		start, down := time.Now(), true
		h = newHouse(newFake(), one(Kind{Workers: 8, PerHost: 4, Attempts: 16, Handle: func(_ context.Context, j *social.Job) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			tried = append(tried, time.Since(start))
			if down {
				return &HostDown{errors.New("refused")}
			}
			h.did = append(h.did, j.ID)
			return nil
		}}))
		h.run()
		synctest.Wait()
		for range 50 {
			h.insert(true, social.Job{Kind: work, Host: "dead"})
		}
		time.Sleep(50 * time.Second)
		synctest.Wait()
		first := len(tried)
		if first < 3 || first > 6 || h.Stats().Broken != 1 || h.Stats().Held != 0 {
			t.Fatalf("%d attempts before it opened, stats %+v; what waits must be in the store", first, h.Stats())
		}
		h.insert(true, social.Job{Kind: work, Host: "dead"}) // while it is open
		time.Sleep(12 * time.Minute)
		synctest.Wait()
		if probes := len(tried) - first; probes < 2 || probes > 4 {
			t.Errorf("%d probes in 12 minutes, at %v; want one for each rest of 1, 2, 4 … minutes", probes, tried[first:])
		}
		h.mu.Lock()
		down = false
		h.mu.Unlock()
		time.Sleep(20 * time.Minute)
		synctest.Wait()
		if len(h.order()) != 51 || h.store.left() != 0 {
			t.Errorf("%d of 51 done after it came back, %d rows left", len(h.order()), h.store.left())
		}
		_ = h.end()
	})
}

// Our own way out is away for a day: nothing is burnt, little is tried, the order stays (F5).
func TestPark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		away, tries := true, 0
		kinds := one(Kind{Workers: 8, Attempts: 3, Handle: func(_ context.Context, j *social.Job) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			tries++
			if away {
				return &Park{errors.New("no route")}
			}
			if j.Attempts != 0 {
				t.Errorf("attempts %d were burnt", j.Attempts)
			}
			h.did = append(h.did, j.ID)
			return nil
		}})
		other := 0
		kinds["other"] = Kind{Handle: func(context.Context, *social.Job) error { other++; return nil }}
		h = newHouse(newFake(), kinds)
		h.run()
		synctest.Wait()
		var want []social.ID
		for range 100 {
			want = append(want, h.insert(true, social.Job{Kind: work, Key: "k", Host: "h"})[0].ID)
		}
		for range maxKind {
			h.insert(false, social.Job{Kind: work})
		}
		time.Sleep(13 * time.Hour)
		synctest.Wait()
		h.insert(false, social.Job{Kind: "other"})
		time.Sleep(13 * time.Hour)
		synctest.Wait()
		if tries > 26*60/5+20 || other != 1 {
			t.Errorf("%d tries in 26 hours; the other kind ran %d times", tries, other)
		}
		h.mu.Lock()
		away = false
		h.mu.Unlock()
		time.Sleep(30 * time.Minute)
		synctest.Wait()
		settled(t, h)
		got := h.order()
		got = slices.DeleteFunc(got, func(id social.ID) bool { return !slices.Contains(want, id) })
		if !slices.Equal(got, want) || h.store.left() != 0 {
			t.Errorf("%d of 100 in order %v, %d rows left", len(got), slices.IsSorted(got), h.store.left())
		}
		_ = h.end()
	})
}

// Shutdown: what runs is finished, what waits is given back, what will not end is interrupted.
func TestShutdown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		h = newHouse(newFake(), one(Kind{Workers: 2, Timeout: time.Minute, Handle: func(ctx context.Context, j *social.Job) error {
			select {
			case <-time.After(map[string]time.Duration{"slow": 5 * time.Second, "stuck": time.Hour}[j.Target]):
				h.done(j)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}))
		h.run()
		synctest.Wait()
		slow := h.insert(true, social.Job{Kind: work, Target: "slow"})[0]
		stuck := h.insert(true, social.Job{Kind: work, Target: "stuck"})[0]
		h.insert(true, make([]social.Job, 0)...)
		waits := h.insert(true, social.Job{Kind: work})[0]
		synctest.Wait()
		start := time.Now()
		if err := h.end(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("it took %s, want the grace of 10 s", took)
		}
		if got := h.order(); !slices.Equal(got, []social.ID{slow.ID}) || h.store.left() != 2 || h.store.leased() != 0 {
			t.Errorf("did %v, %d rows left, %d still leased", got, h.store.left(), h.store.leased())
		}
		if r := h.store.row(stuck.ID); r.Attempts != 0 {
			t.Errorf("the interrupted one lost %d attempts", r.Attempts)
		}
		if token, _ := h.Hold(); token != 0 {
			t.Error("a shut queue holds jobs")
		}
		h.run() // the same queue again
		time.Sleep(time.Second)
		synctest.Wait()
		if !slices.Contains(h.order(), waits.ID) {
			t.Error("what waited did not run after the next start")
		}
		_ = h.end()
	})
}

// A transaction that is undone leaves nothing: its jobs are never pushed.
func TestRolledBackUnderHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		h = newHouse(newFake(), one(Kind{Handle: func(_ context.Context, j *social.Job) error { h.done(j); return nil }}))
		h.run()
		synctest.Wait()
		h.store.setFail(errAway)
		h.insert(true, social.Job{Kind: work})
		h.store.setFail(nil)
		time.Sleep(time.Hour)
		synctest.Wait()
		h.Push([]social.Job{{ID: 5, Kind: work, Lease: 12345}, {ID: 6, Kind: work}}) // not held under our token
		settled(t, h)
		if len(h.order()) != 0 || h.Stats().Held != 0 {
			t.Errorf("ran %v, held %d", h.order(), h.Stats().Held)
		}
		_ = h.end()
	})
}

// The database is away when a job is done: it is removed later, and does not run again.
func TestFinishIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		h = newHouse(newFake(), one(Kind{Handle: func(_ context.Context, j *social.Job) error {
			h.store.setFail(errAway)
			h.done(j)
			return nil
		}}))
		h.run()
		synctest.Wait()
		h.insert(true, social.Job{Kind: work})
		time.Sleep(20 * time.Second)
		synctest.Wait()
		h.store.setFail(nil)
		time.Sleep(time.Hour)
		synctest.Wait()
		settled(t, h)
		if len(h.order()) != 1 || h.store.left() != 0 || h.Stats().Held != 0 {
			t.Errorf("ran %d times, %d rows, held %d", len(h.order()), h.store.left(), h.Stats().Held)
		}
		_ = h.end()
	})
}

// However much there is to do, memory holds a bounded part of it, and all of it is done.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h *house
		block := make(chan struct{})
		h = newHouse(newFake(), map[social.JobKind]Kind{work: {Workers: 4, Handle: func(context.Context, *social.Job) error { <-block; return nil }},
			"other": {Handle: func(_ context.Context, j *social.Job) error { h.done(j); return nil }}})
		h.run()
		synctest.Wait()
		jobs := make([]social.Job, 3*maxKind)
		for i := range jobs {
			jobs[i] = social.Job{Kind: work, Host: []string{"", "one"}[i%2]}
		}
		h.insert(true, jobs...)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := h.Stats().Held; got > maxKind {
			t.Errorf("%d held, want at most %d", got, maxKind)
		}
		h.insert(true, social.Job{Kind: "other"})
		time.Sleep(time.Second)
		synctest.Wait()
		if len(h.order()) != 1 {
			t.Error("another kind waits for the full one")
		}
		close(block)
		settled(t, h)
		if h.store.left() != 0 || h.Stats().Held != 0 || h.Stats().Done != int64(len(jobs)+1) {
			t.Errorf("%d rows left, stats %+v", h.store.left(), h.Stats())
		}
		_ = h.end()
	})
}

// What is remembered of hosts is bounded (T51).
func TestLanesAreBounded(t *testing.T) {
	k := &kind{lanes: map[string]*lane{}}
	for i := range 3 * maxLanes {
		l := k.lane(fmt.Sprint("host", i), 0)
		l.fails, l.parked = 5, int64(i+1)
		if i%100 == 0 {
			l.busy = 1 // what is at work stays
		}
	}
	if len(k.lanes) > maxLanes+1 || k.lanes["host0"] == nil {
		t.Errorf("%d lanes; the busy one is there: %v", len(k.lanes), k.lanes["host0"] != nil)
	}
}

func TestLaneKeepsOrderOfKeys(t *testing.T) {
	l := &lane{}
	for _, id := range []social.ID{5, 7, 3, 6, 9, 4} {
		l.put(held{Job: social.Job{ID: id, Key: map[bool]string{true: "k"}[id != 7]}})
	}
	var got []social.ID
	for {
		j, ok := l.take()
		if !ok {
			break
		}
		got = append(got, j.ID)
	}
	if !slices.Equal(slices.DeleteFunc(got, func(id social.ID) bool { return id == 7 }), []social.ID{3, 4, 5, 6, 9}) {
		t.Errorf("taken as %v", got)
	}
}
