package social_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	. "engawa/social"
	"engawa/store"
)

// BenchmarkArrive keeps batches of 40 new posts by 40 people that a merged Lane brings.
func BenchmarkArrive(b *testing.B) {
	clk := clock.NewFake(start)
	s, err := store.Open(b.Context(), store.Config{DSN: "sqlite:" + filepath.Join(b.TempDir(), "engawa.db"), Node: 1, Clock: clk})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	master, err := keys.NewMaster(make([]byte, keys.MasterSize))
	if err != nil {
		b.Fatal(err)
	}
	r := &rig{ctx: b.Context(), clock: clk}
	r.Home = &Home{Store: s, Bus: r, Queue: r, Clock: clk, IDs: snowflake.New(1, clk), Master: master, Limits: DefaultLimits}
	if err := r.EnsureHome(r.ctx, "home.example", "https://home.example", "Home"); err != nil {
		b.Fatal(err)
	}
	u, _, err := r.CreateUser(r.ctx, NewUser{Name: "me"})
	if err != nil {
		b.Fatal(err)
	}
	l := &Link{ID: r.id(), User: u.ID, Network: "bluesky", Name: "bsky", Can: everyAbility, List: r.id(), Merge: true, CreatedAt: 1}
	err = s.Write(r.ctx, func(tx Tx) error {
		if err := tx.PutLink(r.ctx, l); err != nil {
			return err
		}
		return tx.PutList(r.ctx, &List{ID: l.List, User: u.ID, Title: "bsky"})
	})
	if err != nil {
		b.Fatal(err)
	}
	const batch = 40
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		items := make([]Item, batch)
		for i := range items {
			n++
			items[i] = r.item(fmt.Sprint("p", i), fmt.Sprint(n), fmt.Sprintf("what is said for the %dth time, long enough to be told from others #cats", n))
		}
		if err := r.Arrive(r.ctx, l, &Batch{Items: items}); err != nil {
			b.Fatal(err)
		}
		r.forget()
		clk.Advance(time.Second)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/item")
}
