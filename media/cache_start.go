package media

import (
	"cmp"
	"context"
	"slices"
	"time"

	"engawa/internal/limits"
)

// found is what the listing tells of an entry.
type found struct {
	id    entryID
	files files
	at    time.Time
}

// rebuild fills the index from the store, in the order of the files' times.
func (c *Cache) rebuild(ctx context.Context) error {
	entries := map[entryID]*found{}
	err := c.store.Walk(ctx, cachePlace, func(i Info) error {
		id, v, typ, ok := parseCacheKey(i.Key)
		if !ok {
			return nil // not ours
		}
		e := entries[id]
		if e == nil {
			e = &found{id: id}
			entries[id] = e
		}
		if e.files[v].typ > 0 && e.files[v].typ != typ {
			// It was fetched twice and its type has changed; the one listed first stays.
			return c.store.Delete(ctx, i.Key)
		}
		e.files[v].typ, e.files[v].size = typ, uint32(i.Size)
		if i.ModTime.After(e.at) {
			e.at = i.ModTime
		}
		return nil
	})
	if err != nil {
		return err
	}
	remains := map[entryID]files{}
	whole := make([]*found, 0, len(entries))
	for id, e := range entries {
		if e.files[Original].typ == 0 {
			remains[id] = e.files
			continue
		}
		whole = append(whole, e)
	}
	slices.SortFunc(whole, func(a, b *found) int { return cmp.Or(a.at.Compare(b.at), slices.Compare(a.id[:], b.id[:])) })
	c.mu.Lock()
	for _, e := range whole {
		c.index.put(e.id, e.files)
	}
	for id, f := range c.shrink(c.o.MaxEntries) {
		remains[id] = f
	}
	c.mu.Unlock()
	return c.remove(ctx, remains)
}

func typeNumber(t Type) uint8 {
	for i, row := range types {
		if row.typ == t {
			return uint8(i + 1)
		}
	}
	return 0
}

// failures remembers until when an address is not asked again.
type failures map[entryID]time.Time

func (c *Cache) failedLately(id entryID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	until, ok := c.failures[id]
	if ok && !c.o.Clock.Now().Before(until) {
		delete(c.failures, id)
		return false
	}
	return ok
}

// fail remembers id; when there is no room, first the expired go, then any.
func (c *Cache) fail(id entryID) {
	now := c.o.Clock.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.failures) >= limits.RemoteMediaFailures {
		for k, until := range c.failures {
			if !now.Before(until) {
				delete(c.failures, k)
			}
		}
	}
	for k := range c.failures {
		if len(c.failures) < limits.RemoteMediaFailures {
			break
		}
		delete(c.failures, k)
	}
	c.failures[id] = now.Add(limits.RemoteMediaRetry)
}
