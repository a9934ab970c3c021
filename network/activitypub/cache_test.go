package activitypub

import (
	"testing"
	"time"

	"engawa/internal/clock"
)

func TestCacheIsBounded(t *testing.T) {
	c := clock.NewFake(testStart)
	k := newCache[int, string](c, 3, time.Minute)
	for i := range 1000 {
		k.put(i, "v")
		k.get(0) // used all the time: stays
	}
	if k.len() != 3 {
		t.Errorf("%d entries, want 3", k.len())
	}
	if _, ok := k.get(0); !ok {
		t.Error("what is used all the time went")
	}
	if k.add(0, "w") || !k.add(1, "w") {
		t.Error("add is for what is not there")
	}
	k.putFor(2, "short", time.Second)
	c.Advance(2 * time.Second)
	if _, ok := k.get(2); ok {
		t.Error("what is too old is still there")
	}
	c.Advance(time.Minute)
	if _, ok := k.get(0); ok || k.len() != 1 { // 1 was not asked for yet
		t.Errorf("after its age: %v, %d entries", ok, k.len())
	}
	k.drop(1)
	if k.len() != 0 || len(k.byKey) != 0 {
		t.Errorf("%d entries are left", k.len())
	}
}
