package activitypub

import (
	"container/list"
	"sync"
	"time"

	"engawa/internal/clock"
)

// cache remembers at most max values, each for at most its age; what was used
// longest ago goes first. It is safe for concurrent use.
type cache[K comparable, V any] struct {
	clock clock.Clock
	max   int
	age   time.Duration

	mu    sync.Mutex
	byKey map[K]*list.Element
	order list.List // newest first
}

type entry[K comparable, V any] struct {
	key   K
	value V
	until time.Time
}

func newCache[K comparable, V any](c clock.Clock, max int, age time.Duration) *cache[K, V] {
	return &cache[K, V]{clock: c, max: max, age: age, byKey: map[K]*list.Element{}}
}

func (c *cache[K, V]) get(key K) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.byKey[key]
	if el == nil {
		return v, false
	}
	e := el.Value.(*entry[K, V])
	if c.clock.Now().After(e.until) {
		c.remove(el)
		return v, false
	}
	c.order.MoveToFront(el)
	return e.value, true
}

func (c *cache[K, V]) put(key K, v V) { c.putFor(key, v, c.age) }

func (c *cache[K, V]) putFor(key K, v V, age time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := c.clock.Now().Add(age)
	if el := c.byKey[key]; el != nil {
		el.Value = &entry[K, V]{key, v, until}
		c.order.MoveToFront(el)
		return
	}
	c.byKey[key] = c.order.PushFront(&entry[K, V]{key, v, until})
	for c.order.Len() > c.max {
		c.remove(c.order.Back())
	}
}

// add puts a value unless there is one, and reports whether it did.
func (c *cache[K, V]) add(key K, v V) bool {
	if _, ok := c.get(key); ok {
		return false
	}
	c.put(key, v)
	return true
}

func (c *cache[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.byKey[key]; el != nil {
		c.remove(el)
	}
}

func (c *cache[K, V]) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.order.Len()
}

// remove takes an element out. The lock is held.
func (c *cache[K, V]) remove(el *list.Element) {
	delete(c.byKey, el.Value.(*entry[K, V]).key)
	c.order.Remove(el)
}
