// Package local is the bus within one process: a list of listeners.
package local

import (
	"sync"

	"engawa/bus"
	"engawa/social"
)

// Bus calls its listeners from the publisher's goroutine, in the order they
// subscribed; publishers take turns. A listener must not call the bus. The zero
// value is ready to use.
type Bus struct {
	mu        sync.Mutex
	next      int
	listeners []listener
}

type listener struct {
	id int
	f  func(social.Event)
}

var _ bus.Bus = (*Bus)(nil)

// Publish tells every listener.
func (b *Bus) Publish(e social.Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.listeners {
		b.listeners[i].f(e)
	}
}

// Subscribe adds a listener; see bus.Bus.
func (b *Bus) Subscribe(f func(social.Event)) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	id := b.next
	b.listeners = append(b.listeners, listener{id, f})
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for i := range b.listeners {
			if b.listeners[i].id == id {
				b.listeners = append(b.listeners[:i:i], b.listeners[i+1:]...)
				return
			}
		}
	}
}
