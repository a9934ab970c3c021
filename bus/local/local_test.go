package local

import (
	"slices"
	"sync"
	"testing"

	"engawa/social"
)

func TestListeners(t *testing.T) {
	var b Bus
	var got []string
	hear := func(name string) func(social.Event) {
		return func(e social.Event) { got = append(got, name+e.Post.String()) }
	}
	b.Publish(social.Event{Post: 1}) // to nobody
	a, c := b.Subscribe(hear("a")), b.Subscribe(hear("c"))
	b.Publish(social.Event{Post: 2})
	a()
	a() // twice is no harm
	b.Publish(social.Event{Post: 3})
	d := b.Subscribe(hear("d"))
	b.Publish(social.Event{Post: 4})
	c()
	d()
	b.Publish(social.Event{Post: 5})
	if want := []string{"a2", "c2", "c3", "c4", "d4"}; !slices.Equal(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}

// Publishers at once: each listener hears all, one at a time, in one order.
func TestOneAtATime(t *testing.T) {
	var b Bus
	const publishers, each = 8, 200
	var first, second []social.ID // unguarded: the race detector would tell
	b.Subscribe(func(e social.Event) { first = append(first, e.Post) })
	b.Subscribe(func(e social.Event) { second = append(second, e.Post) })
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for i := range each {
				b.Publish(social.Event{Post: social.ID(p*each + i)})
			}
		})
	}
	wg.Wait()
	if len(first) != publishers*each || !slices.Equal(first, second) {
		t.Errorf("heard %d and %d events, in one order: %v", len(first), len(second), slices.Equal(first, second))
	}
}

func BenchmarkPublish(b *testing.B) {
	var bus Bus
	n := 0
	for range 4 {
		bus.Subscribe(func(social.Event) { n++ })
	}
	b.ReportAllocs()
	for b.Loop() {
		bus.Publish(social.Event{Post: 1})
	}
}
