package nostr

import (
	"context"
	"slices"

	"engawa/social"
)

// hearing is one session with one relay.
type hearing struct {
	*ear
	c       *conn
	follows *followList
	asked   bool // authenticated already
	subs    map[string]*subscription
}

// subscription is one of the three that a session has.
type subscription struct {
	place   social.LanePlace // "" for one's own list of follows
	filters []filter
	stored  []seen // until the relay has said what it had
	live    bool
}

// subscribe opens the three. A session begins a little before the last thing
// that was heard, or the beginning: Read brought what was before.
func (h *hearing) subscribe(ctx context.Context) error {
	h.mu.Lock()
	since := func(place social.LanePlace) int64 { return max(h.begun, h.latest[place]) - 60 }
	home, alerts := since(social.LaneHome), since(social.LaneAlerts)
	h.mu.Unlock()
	me := h.l.Account
	h.subs = make(map[string]*subscription)
	list := int64(0)
	if h.follows.event != nil {
		list = h.follows.event.At + 1
	}
	for _, s := range []*subscription{
		{place: social.LaneHome, filters: homeFilters(me, h.follows.keys, home, pageSize)},
		{place: social.LaneAlerts, filters: alertFilters(me, alerts, pageSize)},
		{filters: []filter{{Authors: []string{me}, Kinds: []int{kindFollows}, Since: list, Limit: 1}}},
	} {
		id, err := h.c.request(s.filters)
		if err != nil {
			return err
		}
		h.subs[id] = s
	}
	return ctx.Err()
}

// listen reads until something fails; it never returns nil.
func (h *hearing) listen(ctx context.Context) error {
	for {
		m, err := h.c.read(3 * ping)
		if err != nil {
			return err
		}
		s := h.subs[m.id]
		if s == nil {
			continue
		}
		switch m.kind {
		case "EVENT":
			err = h.event(ctx, s, m)
		case "EOSE":
			s.live = true
			err = h.pass(ctx, s, s.stored)
			s.stored = nil
		case "CLOSED":
			err = h.closed(ctx, &said{h.c.relay, m.text})
		}
		if err != nil {
			return err
		}
	}
}

func (h *hearing) closed(ctx context.Context, refusal *said) error {
	if refusal.prefix() != "auth-required" || h.asked || h.s == nil {
		if refusal.prefix() == "auth-required" && h.asked {
			return nil // an earlier subscription of those that were opened anew
		}
		return refusal
	}
	h.asked = true
	if err := h.n.authenticate(ctx, h.c, h.s); err != nil {
		return err
	}
	return h.subscribe(ctx)
}

func (h *hearing) event(ctx context.Context, s *subscription, m *message) error {
	e, err := h.n.parse(m.event)
	if err != nil || !anyMatches(s.filters, e) || e.At > h.n.Clock.Now().Unix()+ahead {
		return nil
	}
	if s.place == "" {
		return h.followed(e)
	}
	one := seen{e, h.c.relay}
	if s.live {
		return h.pass(ctx, s, []seen{one})
	}
	if len(s.stored) < maxEvents {
		s.stored = append(s.stored, one)
	}
	return nil
}

// followed takes a new list of follows: the session begins anew with it.
func (h *hearing) followed(e *Event) error {
	h.n.mu.Lock()
	known, ok := h.n.follows.get(h.l.Account)
	if !ok || known.event == nil || e.At > known.event.At {
		h.n.follows.put(h.l.Account, followList{event: e, keys: e.people(), at: h.n.Clock.Now()})
	}
	h.n.mu.Unlock()
	if slices.Equal(e.people(), h.follows.keys) {
		return nil
	}
	return errAnew
}

// pass hands events on that were not handed on yet. They count as heard when
// the sink has taken them.
func (h *hearing) pass(ctx context.Context, s *subscription, events []seen) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := func(e seen) string { return string(s.place) + e.ID }
	events = slices.DeleteFunc(events, func(e seen) bool { _, ok := h.heard.get(key(e)); return ok })
	if len(events) == 0 {
		return nil
	}
	sortEvents(events)
	b := h.n.batch(ctx, h.l, h.s, h.relays, s.place, events)
	latest := max(h.latest[s.place], events[len(events)-1].At)
	b.Cursor = cursor{at: latest}.String()
	if len(b.Items)+len(b.Alerts) > 0 {
		if err := h.sink(b); err != nil {
			return errSink{err}
		}
	}
	h.latest[s.place] = latest
	for _, e := range events {
		h.heard.put(key(e), struct{}{})
	}
	return nil
}
