package clock

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestMillis(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	for _, c := range []struct {
		t    time.Time
		want int64
	}{
		{time.Unix(0, 0), 0},
		{time.Unix(1, 999_999), 1000},
		{time.Unix(1, 1_000_000), 1001},
		{time.Unix(0, -1), -1}, // towards the past, also before 1970
		{time.Date(2026, 11, 25, 9, 0, 0, 0, tokyo), 1795564800000},
	} {
		if got := Millis(c.t); got != c.want {
			t.Errorf("Millis(%v) = %d, want %d", c.t, got, c.want)
		}
		back := FromMillis(c.want)
		if Millis(back) != c.want || back.Location() != time.UTC {
			t.Errorf("FromMillis(%d) = %v", c.want, back)
		}
	}
}

func TestTruncateIsWhatComesBackFromTheStore(t *testing.T) {
	now := System.Now()
	if got := Truncate(now); got != FromMillis(Millis(now)) || got.Nanosecond()%1e6 != 0 {
		t.Errorf("Truncate(%v) = %v", now, got)
	}
}

func TestFake(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	f := NewFake(start)
	if first, second := f.Now(), f.Now(); !first.Equal(start) || !second.Equal(start) {
		t.Fatalf("a fake clock moved by itself: %v, %v", first, second)
	}
	if got := f.Advance(time.Minute); !got.Equal(start.Add(time.Minute)) || !f.Now().Equal(got) {
		t.Errorf("Advance: %v, then %v", got, f.Now())
	}
	f.Advance(-2 * time.Minute)
	if want := start.Add(-time.Minute); !f.Now().Equal(want) || NowMillis(f) != Millis(want) {
		t.Errorf("after going back: %v, want %v", f.Now(), want)
	}
	f.Set(start)
	if f.Now() != start {
		t.Errorf("Set: %v, want %v", f.Now(), start)
	}
}

func TestSystemFollowsTheSynctestBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := System.Now()
		<-time.After(time.Hour)
		if got := System.Now().Sub(before); got != time.Hour {
			t.Errorf("an hour in the bubble took %v on the system clock", got)
		}
	})
}
