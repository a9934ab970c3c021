package store

import (
	"context"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// Bounds of what is remembered: about 2 KiB a Post, 0.2 KiB a Relation.
const (
	rememberedPosts     = 1024
	rememberedRelations = 8192
	rememberedFilters   = 256 // Users
)

// memo remembers rows that were read lately, in two generations: what is asked
// for moves to the young one, and when that is full the old one goes. What it
// returns is shared and must not be changed.
type memo[K comparable, V any] struct {
	clock   clock.Clock
	believe time.Duration // how long, since another process may write
	limit   int

	mu         sync.Mutex
	young, old map[K]remembered[V]
	epoch      uint64 // how often something was dropped: who read before that may be late
}

type remembered[V any] struct {
	value V
	at    time.Time
}

func newMemo[K comparable, V any](c clock.Clock, believe time.Duration, limit int) *memo[K, V] {
	return &memo[K, V]{clock: c, believe: believe, limit: limit, young: map[K]remembered[V]{}}
}

// get also returns the epoch for put.
func (m *memo[K, V]) get(k K) (v V, ok bool, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.young[k]
	if !ok {
		if e, ok = m.old[k]; ok {
			m.add(k, e)
		}
	}
	if !ok || m.clock.Now().Sub(e.at) > m.believe {
		return v, false, m.epoch
	}
	return e.value, true, m.epoch
}

// put keeps what was read after get answered epoch.
func (m *memo[K, V]) put(k K, v V, epoch uint64) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch == m.epoch {
		m.add(k, remembered[V]{v, now})
	}
}

func (m *memo[K, V]) add(k K, e remembered[V]) {
	if len(m.young) >= m.limit/2 {
		m.old, m.young = m.young, make(map[K]remembered[V], m.limit/2)
	}
	m.young[k] = e
}

// drop forgets some keys; set are remembered in the same moment.
func (m *memo[K, V]) drop(keys []K, set map[K]V) {
	now := m.clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	for _, k := range keys {
		delete(m.young, k)
		delete(m.old, k)
	}
	for k, v := range set {
		m.add(k, remembered[V]{v, now})
	}
}

// clear forgets everything.
func (m *memo[K, V]) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	clear(m.young)
	m.old = nil
}

// pair is who looks at whom.
type pair struct{ viewer, target ID }

// effects are what a transaction did to what is remembered.
type effects struct {
	changed   []ID                // Posts
	fresh     map[ID]*social.Post // Posts it made, as they are read
	posts     bool                // Posts it does not name
	relations bool
	filters   []ID // Users
	standing  []ID // Actors who did a thing for the first time
}

// changedPost notes that a Post is not what is remembered any more.
func (t *tx) changedPost(id ID) {
	t.effects.changed = append(t.effects.changed, id)
	delete(t.effects.fresh, id)
}

// madePost notes a new Post, so that whoever is told of it need not read it.
func (t *tx) madePost(p *social.Post) {
	if !t.dialect.alone {
		return
	}
	if t.effects.fresh == nil {
		t.effects.fresh = make(map[ID]*social.Post, 1)
	}
	kept := *p
	t.effects.fresh[p.ID] = &kept
}

// apply brings what is remembered up to what was committed.
func (s *shared) apply(e *effects) {
	switch {
	case e.posts:
		s.posts.clear()
	case len(e.changed)+len(e.fresh) > 0:
		s.posts.drop(e.changed, e.fresh)
	}
	if e.relations {
		s.relations.clear()
	}
	if len(e.filters) > 0 {
		s.filters.drop(e.filters, nil)
	}
	if len(e.standing) > 0 {
		s.standings.drop(e.standing, nil)
	}
}

// remembers reports whether this read may be answered from memory: not inside a
// transaction, and not where other nodes write.
func (r *reader) remembers() bool { return r.link == nil && r.dialect.alone }

// postsByID reads, in one query at most, what is not remembered.
func (r *reader) postsByID(ctx context.Context, ids []ID) (map[ID]*social.Post, error) {
	found := make(map[ID]*social.Post, len(ids))
	if !r.remembers() {
		return found, r.readPosts(ctx, ids, func(p *social.Post) { found[p.ID] = p })
	}
	var missing []ID
	var oldest uint64
	for _, id := range ids {
		p, ok, epoch := r.posts.get(id)
		if ok {
			found[id] = p
			continue
		}
		if len(missing) == 0 {
			oldest = epoch
		}
		missing = append(missing, id)
	}
	if len(missing) == 0 {
		return found, nil
	}
	return found, r.readPosts(ctx, missing, func(p *social.Post) {
		found[p.ID] = p
		r.posts.put(p.ID, p, oldest)
	})
}

func (r *reader) readPosts(ctx context.Context, ids []ID, each func(*social.Post)) error {
	return r.rows(ctx, "select "+postColumns+" from posts p where p.id = any($1)", []any{ids}, func(row row) error {
		p := new(social.Post)
		if err := scanPost(row, p); err != nil {
			return err
		}
		each(p)
		return nil
	})
}

// Relations are shared values: they must not be changed.
func (r *reader) Relations(ctx context.Context, viewer ID, targets []ID) (map[ID]*social.Relation, error) {
	if viewer == 0 || len(targets) == 0 || !r.remembers() {
		return r.readRelations(ctx, viewer, targets)
	}
	now := clock.Millis(r.clock.Now())
	all := make(map[ID]*social.Relation, len(targets))
	var missing []ID
	var oldest uint64
	for _, id := range targets {
		rel, ok, epoch := r.relations.get(pair{viewer, id})
		if ok && (rel.MuteUntil == 0 || rel.MuteUntil > now) {
			all[id] = rel
			continue
		}
		if len(missing) == 0 {
			oldest = epoch
		}
		missing = append(missing, id)
	}
	if len(missing) == 0 {
		return all, nil
	}
	read, err := r.readRelations(ctx, viewer, missing)
	if err != nil {
		return nil, err
	}
	for id, rel := range read {
		all[id] = rel
		r.relations.put(pair{viewer, id}, rel, oldest)
	}
	return all, nil
}
