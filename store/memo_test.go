package store

import (
	"testing"
	"time"

	"engawa/internal/clock"
)

func TestMemo(t *testing.T) {
	clk := clock.NewFake(time.UnixMilli(1_000_000))
	m := newMemo[ID, string](clk, time.Minute, 4)
	get := func(k ID, want string) {
		t.Helper()
		if v, ok, _ := m.get(k); v != want || ok != (want != "") {
			t.Fatalf("%d is %q, %v, want %q", k, v, ok, want)
		}
	}
	_, _, epoch := m.get(1)
	m.put(1, "a", epoch)
	get(1, "a")
	m.drop([]ID{1}, map[ID]string{2: "b"})
	get(1, "")
	get(2, "b")
	m.put(1, "late", epoch) // read before the drop
	get(1, "")
	_, _, epoch = m.get(1)
	for k := ID(10); k < 20; k++ {
		m.put(k, "x", epoch)
		get(2, "b") // what is asked for stays
	}
	get(10, "")
	if n := len(m.young) + len(m.old); n > 4 {
		t.Fatalf("%d are kept, at most 4", n)
	}
	clk.Advance(2 * time.Minute)
	get(2, "")
	m.put(3, "c", epoch)
	m.clear()
	get(3, "")
}
