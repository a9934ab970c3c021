package store

import (
	"container/list"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// cachedActors bounds the cache: about 2 KiB each.
const cachedActors = 2048

// actorCache keeps Actors that were read lately, by id. What it returns is
// shared and must not be changed.
type actorCache struct {
	clock   clock.Clock
	alone   bool
	believe time.Duration

	mu     sync.Mutex
	byID   map[ID]*list.Element
	recent *list.List // of *cachedActor, newest first
	epoch  uint64     // how often something was dropped: who read before that may be late
}

type cachedActor struct {
	actor *social.Actor
	at    time.Time
}

// counted are the kept counts of an Actor as a transaction left them; nil in a
// transaction's changed: more than the counts changed.
type counted struct {
	posts, followers, following int64
	lastPost                    social.Millis
}

func newActorCache(d *dialect, c clock.Clock) *actorCache {
	return &actorCache{clock: c, alone: d.alone, believe: d.believe, byID: make(map[ID]*list.Element), recent: list.New()}
}

// get returns what is kept of id, or nil and the epoch to put it with.
func (c *actorCache) get(id ID) (*social.Actor, uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byID[id]
	if e == nil {
		return nil, c.epoch
	}
	kept := e.Value.(*cachedActor)
	if c.clock.Now().Sub(kept.at) > c.believe {
		return nil, c.epoch
	}
	c.recent.MoveToFront(e)
	return kept.actor, c.epoch
}

// put keeps an Actor that was read after get answered epoch.
func (c *actorCache) put(a *social.Actor, epoch uint64) {
	kept := &cachedActor{actor: a, at: c.clock.Now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	if e := c.byID[a.ID]; e != nil {
		e.Value = kept
		return
	}
	c.byID[a.ID] = c.recent.PushFront(kept)
	if c.recent.Len() > cachedActors {
		last := c.recent.Back()
		c.recent.Remove(last)
		delete(c.byID, last.Value.(*cachedActor).actor.ID)
	}
}

// change brings the cache up to what a transaction committed.
func (c *actorCache) change(changed map[ID]*counted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	for id, n := range changed {
		e := c.byID[id]
		if e == nil {
			continue
		}
		if n == nil || !c.alone { // with other nodes, the last to commit is not known
			c.recent.Remove(e)
			delete(c.byID, id)
			continue
		}
		old := e.Value.(*cachedActor)
		a := *old.actor
		a.PostCount, a.Followers, a.Following, a.LastPostAt = n.posts, n.followers, n.following, n.lastPost
		e.Value = &cachedActor{actor: &a, at: old.at}
	}
}

// clear forgets everything: somebody else wrote.
func (c *actorCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	clear(c.byID)
	c.recent.Init()
}

// cached returns the Actor that is kept, or nil and the epoch for keep. Inside a
// transaction it does not know what this one, or another of its group, changed;
// and where other nodes write, a transaction reads everything itself.
func (r *reader) cached(id ID) (*social.Actor, uint64) {
	if r.stale(id) {
		return nil, 0
	}
	return r.actors.get(id)
}

func (r *reader) keep(a *social.Actor, epoch uint64) {
	if !r.stale(a.ID) {
		r.actors.put(a, epoch)
	}
}

func (r *reader) stale(id ID) bool {
	if r.link == nil {
		return false
	}
	if !r.dialect.alone {
		return true
	}
	_, mine := r.changed[id]
	_, theirs := r.before[id]
	return mine || theirs
}

// committed is called once the transaction is on disk.
func (t *tx) committed() {
	if len(t.changed) > 0 {
		t.actors.change(t.changed)
	}
	t.apply(&t.effects)
}

// counts are those of an Actor before this change, if they are known without
// reading: "returning" them would cost more than the change.
func (t *tx) counts(id ID) *counted {
	for _, known := range [...]map[ID]*counted{t.changed, t.before} {
		if c, ok := known[id]; ok {
			if c == nil {
				return nil
			}
			next := *c
			return &next
		}
	}
	a, _ := t.cached(id)
	if a == nil {
		return nil
	}
	return &counted{a.PostCount, a.Followers, a.Following, a.LastPostAt}
}

// changedActor notes that an Actor is not what the cache has any more.
func (t *tx) changedActor(id ID, n *counted) {
	if t.changed == nil {
		t.changed = make(map[ID]*counted)
	}
	if old, ok := t.changed[id]; ok && old == nil {
		return
	}
	t.changed[id] = n
}

// forgetAll drops everything that is remembered: another process wrote.
func (s *Store) forgetAll() {
	s.actors.clear()
	s.posts.clear()
	s.relations.clear()
	s.filters.clear()
}

// Forget drops what is cached of an Actor: another node changed it.
func (s *Store) Forget(id ID) { s.actors.change(map[ID]*counted{id: nil}) }
