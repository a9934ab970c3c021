package relay

import (
	"context"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// hold is what a limit says of a Copy that is about to go out: nothing, wait, or ask.
type hold struct {
	until  social.Millis
	reason string // key of a text
	ask    string // cause of the question; "" does not ask
	tell   string // cause of what is told while it waits; "" tells nothing
}

// limited holds a Copy back where its rule's limits say so, and reports whether
// it did. It is asked before the first part of a Post; what was begun is ended.
func (c *courier) limited(ctx context.Context, g *group, e *entry) (bool, error) {
	if e.Agreed || e.Forced {
		return false, nil
	}
	rule, err := c.ruleOf(ctx, e.User, e.Rule)
	if err != nil || rule == nil {
		return false, err
	}
	parts, price := g.due()
	h, err := c.check(ctx, &rule.Limit, parts, price)
	if err != nil || h == nil {
		return false, err
	}
	if h.ask != "" {
		return true, c.ask(ctx, e, question{cause: h.ask, price: price})
	}
	if h.tell != "" {
		if err := c.tell(ctx, e, question{cause: h.tell, price: price, once: "month"}); err != nil {
			return true, err
		}
	}
	why := c.say(ctx, h.reason)
	return true, c.change(ctx, e, func(w *writing, cur *entry) error {
		cur.State, cur.DueAt, cur.Reason = social.CopyWaiting, h.until, why
		w.wake(cur.Link, cur.Post, h.until)
		return nil
	})
}

// due is how many parts of a group are still to be sent, and what they cost.
func (g *group) due() (parts, price int64) {
	for i := range g.rows {
		if e := &g.rows[i]; e.Ref.Zero() && e.State != social.CopyDeleting {
			parts++
			price += e.Price
		}
	}
	return parts, price
}

// check asks the limits in the order of how long they hold.
func (c *courier) check(ctx context.Context, lim *Limit, parts, price int64) (*hold, error) {
	now := c.Home.Clock.Now()
	if lim.AskOver > 0 && price >= lim.AskOver {
		return &hold{ask: "price"}, nil
	}
	if lim.Budget > 0 {
		month := time.Date(now.UTC().Year(), now.UTC().Month(), 1, 0, 0, 0, 0, time.UTC)
		spent, _, err := c.Home.Store.Spent(ctx, c.link.ID, clock.Millis(month))
		switch {
		case err != nil:
			return nil, err
		case price > lim.Budget:
			return &hold{ask: "price"}, nil
		case spent+price > lim.Budget:
			return &hold{until: clock.Millis(nextMonth(now)), reason: "relay.copy.month", tell: "month"}, nil
		}
	}
	if lim.PerDay > 0 {
		day := midnight(now, lim.Quiet.Zone, 0)
		_, sent, err := c.Home.Store.Spent(ctx, c.link.ID, clock.Millis(day))
		switch {
		case err != nil:
			return nil, err
		case parts > int64(lim.PerDay):
			return &hold{ask: "perday"}, nil
		case sent+parts > int64(lim.PerDay):
			return &hold{until: clock.Millis(midnight(now, lim.Quiet.Zone, 1)), reason: "relay.copy.day"}, nil
		}
	}
	if end := lim.Quiet.Until(now); end.After(now) {
		return &hold{until: clock.Millis(end), reason: "relay.copy.quiet"}, nil
	}
	return c.gap(ctx, lim.Gap.Milliseconds())
}

// gap keeps the time between two posts. After a start, what was sent within the
// gap counts as sent just now.
func (c *courier) gap(ctx context.Context, gap social.Millis) (*hold, error) {
	if gap <= 0 {
		return nil, nil
	}
	now := c.now()
	if c.line.lastSent == 0 {
		_, sent, err := c.Home.Store.Spent(ctx, c.link.ID, now-gap)
		if err != nil || sent == 0 {
			return nil, err
		}
		c.line.lastSent = now
	}
	if until := c.line.lastSent + gap; until > now {
		return &hold{until: until, reason: "relay.copy.gap"}, nil
	}
	return nil, nil
}

// midnight begins the day that lies days after that of t, in a zone ("": the server's own).
func midnight(t time.Time, zone string, days int) time.Time {
	at := t
	if zone != "" {
		if z, err := time.LoadLocation(zone); err == nil {
			at = t.In(z)
		}
	}
	return time.Date(at.Year(), at.Month(), at.Day()+days, 0, 0, 0, 0, at.Location())
}
