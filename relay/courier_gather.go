package relay

import (
	"context"

	"engawa/internal/locale"
	"engawa/social"
)

// Gatherer is a Network that sends what is due at one moment together, at
// moments of its own choosing: digests.
type Gatherer interface {
	// Due is when what is ready at now is to be sent.
	Due(l *social.Login, now social.Millis) social.Millis
	// SendAll sends all of parts or none; one Sent a part.
	SendAll(ctx context.Context, l *social.Login, parts []*social.Part) ([]*social.Sent, error)
}

// gather sends with e all that is due at the same moment, where the network
// gathers; it reports false where it does not. After a crash the same parts go
// again together, so that they bear the same name.
func (c *courier) gather(ctx context.Context, e *entry) (bool, error) {
	g, ok := c.net.(Gatherer)
	if !ok {
		return false, nil
	}
	if !e.Gathered {
		due := g.Due(c.login, c.now())
		if due <= c.now() {
			return false, nil
		}
		why := c.say(ctx, "relay.copy.digest")
		return true, c.change(ctx, e, func(w *writing, cur *entry) error {
			cur.State, cur.DueAt, cur.Gathered = social.CopyWaiting, due, true
			cur.Reason = why
			w.wake(cur.Link, cur.Post, due)
			return nil
		})
	}
	all, err := c.together(ctx)
	if err != nil || len(all) == 0 {
		return true, err
	}
	begun, err := c.beginAll(ctx, all)
	if err != nil || len(begun) == 0 {
		return true, err
	}
	parts := make([]*social.Part, len(begun))
	for i, e := range begun {
		part := e.stored.Part
		parts[i] = &part
	}
	inner, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	sent, err := g.SendAll(inner, c.login, parts)
	if err == nil && len(sent) != len(begun) {
		err = &social.LinkError{Class: social.Uncertain, Message: locale.W("link.fail.unknown_arrival")}
	}
	if err == nil {
		return true, c.arrivedAll(ctx, begun, parts, sent)
	}
	for _, e := range begun {
		if err := c.failed(ctx, e, err); err != nil {
			return true, err
		}
	}
	return true, nil
}

// beginAll writes in one transaction that all are being sent, and leaves out
// what has become something else meanwhile.
func (c *courier) beginAll(ctx context.Context, all []*entry) (begun []*entry, err error) {
	err = c.write(ctx, func(w *writing) error {
		begun = nil
		for _, e := range all {
			ok, err := w.begin(ctx, e, &e.stored.Part)
			if err != nil {
				return err
			}
			if ok {
				begun = append(begun, e)
			}
		}
		return nil
	})
	return begun, err
}

// maxGathered bounds the parts of one digest.
const maxGathered = 100

// together are the parts of one digest: those that were being sent when the
// process ended, else all that are due.
func (c *courier) together(ctx context.Context) ([]*entry, error) {
	groups, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	var due, broken []*entry
	for _, g := range groups {
		for i := range g.rows {
			e := &g.rows[i]
			switch {
			case !e.Gathered || !e.Ref.Zero() || e.DueAt > c.now():
			case e.State == social.CopySending:
				broken = append(broken, e)
			case e.State == social.CopyQueued || e.State == social.CopyWaiting:
				due = append(due, e)
			}
		}
	}
	if len(broken) > 0 {
		due = broken
	}
	return due[:min(len(due), maxGathered)], nil
}
