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

func TestRunRefusesLongTimeouts(t *testing.T) {
	q := &Queue{Kinds: map[social.JobKind]Kind{"slow": {Timeout: lease}}}
	if err := q.Run(t.Context()); err == nil {
		t.Error("jobs that may run longer than they are held were taken")
	}
}
