package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"engawa/social"
)

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
