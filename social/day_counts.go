package social

import (
	"context"
	"sync"
)

// The keys of what is counted by day; details in brackets.
const (
	CountInteractions = "interactions" // favourites, boosts and answers of Posts of ours
	CountSources      = "sources"      // Posts of ours, by App
	CountServers      = "servers"      // Posts of elsewhere, by domain
	CountLanguages    = "languages:"   // with a domain: its Posts, by language
)

// dayCount is one thing that a turn counted.
type dayCount struct{ key, detail string }

// dayCounts gathers in memory what is counted by day: a row for each Post would
// cost more than it is worth. What was not flushed when a process dies is lost.
type dayCounts struct {
	mu   sync.Mutex
	held map[dayKey]int64
}

type dayKey struct {
	dayCount
	day Millis
}

// maxDayKeys bounds what is gathered; beyond it details are left out.
const maxDayKeys = 10_000

const dayMillis = 24 * 3_600_000

func (c *dayCounts) add(list []dayCount, now Millis) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = make(map[dayKey]int64)
	}
	for _, n := range list {
		k := dayKey{n, now - now%dayMillis}
		if _, known := c.held[k]; !known && len(c.held) >= maxDayKeys {
			k.detail = ""
		}
		c.held[k]++
	}
}

// FlushDays writes what was counted since the last time.
func (h *Home) FlushDays(ctx context.Context) error {
	h.days.mu.Lock()
	held := h.days.held
	h.days.held = nil
	h.days.mu.Unlock()
	if len(held) == 0 {
		return nil
	}
	return h.Store.Write(ctx, func(tx Tx) error {
		for k, n := range held {
			if err := tx.CountDay(ctx, k.key, k.detail, k.day, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// countPost notes a new Post for the measures.
func (t *turn) countPost(p, parent *Post) {
	if t.a.Quiet || p.Origin == Linked {
		return
	}
	if parent != nil && parent.Local() && parent.Actor != p.Actor {
		t.counted = append(t.counted, dayCount{CountInteractions, ""})
	}
	if p.Local() {
		t.counted = append(t.counted, dayCount{CountSources, p.App.String()})
		return
	}
	t.counted = append(t.counted, dayCount{CountServers, t.actor.Domain}, dayCount{CountLanguages + t.actor.Domain, p.Language})
}

// countInteraction notes a favourite or boost of a Post.
func (t *turn) countInteraction(p *Post) {
	if !t.a.Quiet && p.Local() && p.Actor != t.actor.ID {
		t.counted = append(t.counted, dayCount{CountInteractions, ""})
	}
}
