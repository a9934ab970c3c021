package snowflake

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"engawa/internal/clock"
)

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func TestLayout(t *testing.T) {
	s := New(1023, clock.NewFake(start))
	want := start.UnixMilli()<<16 | 1023<<6
	for i := range int64(3) {
		if got := s.Next(); got != want+i {
			t.Errorf("id %d = %d, want %d", i, got, want+i)
		}
	}
	if got := Millis(want + 63); got != start.UnixMilli() {
		t.Errorf("Millis = %d, want %d", got, start.UnixMilli())
	}
}

func TestNextBorrowsFromTheMillisecondsToCome(t *testing.T) {
	clk := clock.NewFake(start)
	s := New(5, clk)
	last := int64(math.MinInt64)
	for i := range 200 {
		id := s.Next()
		if id <= last {
			t.Fatalf("id %d: %d after %d", i, id, last)
		}
		if node := id >> 6 & MaxNode; node != 5 {
			t.Fatalf("id %d is of node %d", i, node)
		}
		if got, want := Millis(id), start.UnixMilli()+int64(i/64); got != want {
			t.Fatalf("id %d is of %d, want %d", i, got, want)
		}
		last = id
	}
	clk.Advance(time.Second) // the debt is paid: the clock leads again
	if got, want := s.Next(), Floor(clk.Now())|5<<6; got != want {
		t.Errorf("after a second: %d, want %d", got, want)
	}
}

func TestNextGrowsWhenTheClockGoesBack(t *testing.T) {
	clk := clock.NewFake(start)
	s := New(0, clk)
	last := s.Next()
	for _, d := range []time.Duration{-time.Millisecond, -10 * time.Minute, time.Minute, -100 * 365 * 24 * time.Hour} {
		clk.Advance(d)
		id := s.Next()
		if id != last+1 {
			t.Errorf("after %v: %d, want %d", d, id, last+1)
		}
		last = id
	}
}

func TestAfter(t *testing.T) {
	for _, c := range []struct {
		name string
		id   int64
		want bool
	}{
		{"past", Floor(start.Add(-time.Hour)), true},
		{"same millisecond, another node", Floor(start) | 1<<16 - 1, true},
		{"an hour ahead", Floor(start.Add(time.Hour)), true},
		{"negative", -7, true},
		{"two days ahead", Floor(start.Add(48 * time.Hour)), false},
		{"not ours", math.MaxInt64, false},
	} {
		s := New(0, clock.NewFake(start))
		if got := s.After(c.id); got != c.want {
			t.Errorf("%s: After = %v", c.name, got)
		}
		id := s.Next()
		if c.want && id <= c.id {
			t.Errorf("%s: %d is not after %d", c.name, id, c.id)
		}
		if !c.want && Millis(id) != start.UnixMilli() {
			t.Errorf("%s: an id of %d", c.name, Millis(id))
		}
	}
}

func TestNextConcurrently(t *testing.T) {
	s := New(1, clock.System)
	const workers, each = 8, 2000
	ids := make([][]int64, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				ids[w] = append(ids[w], s.Next())
			}
		})
	}
	wg.Wait()
	for w := range ids {
		if !slices.IsSorted(ids[w]) {
			t.Errorf("worker %d saw ids go back", w)
		}
	}
	all := slices.Concat(ids...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != workers*each {
		t.Errorf("%d different ids of %d", n, workers*each)
	}
}

func TestAtDiffersWithinOneMillisecond(t *testing.T) {
	for _, node := range []int{0, 17, MaxNode} {
		s := New(node, clock.NewFake(start))
		past := start.Add(-time.Hour)
		seen := make(map[int64]bool)
		for range 1<<16 - 64 {
			id := s.At(past)
			if seen[id] {
				t.Fatalf("node %d: %d came twice", node, id)
			}
			seen[id] = true
			if Millis(id) != past.UnixMilli() || id < Floor(past) {
				t.Fatalf("node %d: %d is of %d, want %d", node, id, Millis(id), past.UnixMilli())
			}
			if id>>6&MaxNode == int64(node) {
				t.Fatalf("node %d: %d could be one of Next", node, id)
			}
		}
	}
}

func TestTimesOutOfRange(t *testing.T) {
	s := New(0, clock.NewFake(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)))
	if got := s.Next(); got != 0 {
		t.Errorf("with a clock in 1900: %d, want 0", got)
	}
	for _, c := range []struct {
		t    time.Time
		want int64
	}{
		{time.Time{}, 0},
		{time.Unix(-1, 0), 0},
		{time.Unix(1<<60, 0), maxMillis},
		{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), maxMillis},
	} {
		if got := Millis(Floor(c.t)); got != c.want {
			t.Errorf("Floor(%v) is of %d, want %d", c.t, got, c.want)
		}
		if got := s.At(c.t); Millis(got) != c.want || got < 0 {
			t.Errorf("At(%v) = %d", c.t, got)
		}
	}
}

func TestNodeOutOfRange(t *testing.T) {
	for _, node := range []int{-1, 1024} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("node %d was accepted", node)
				}
			}()
			New(node, clock.System)
		}()
	}
}

func TestNoAllocation(t *testing.T) {
	s := New(0, clock.System)
	if n := testing.AllocsPerRun(100, func() { s.Next(); s.At(start) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkNext(b *testing.B) {
	s := New(0, clock.System)
	b.ReportAllocs()
	for b.Loop() {
		s.Next()
	}
}
