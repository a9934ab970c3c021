package relay

import (
	"context"
	"errors"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/social"
)

// callTime bounds one call of a network, files included.
const callTime = 90 * time.Second

// maxAfter bounds what a network may ask to wait.
const maxAfter social.Millis = 24 * 3_600_000

// call asks the network within callTime. When that is over the outcome is unknown.
func (c *courier) call(ctx context.Context, f func(ctx context.Context) (*social.Sent, error)) (*social.Sent, error) {
	inner, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	sent, err := f(inner)
	var known *social.LinkError
	if err != nil && inner.Err() != nil && ctx.Err() == nil && !errors.As(err, &known) {
		return sent, &social.LinkError{Class: social.Uncertain, Message: locale.W("link.fail.late"), Err: err}
	}
	return sent, err
}

// classOf is what is to be done about an error of a network.
func classOf(err error) social.LinkFailure {
	var known *social.LinkError
	if errors.As(err, &known) {
		return known.Class
	}
	return social.TryAgain
}

// knownOf is an error with what the person is told of it.
func knownOf(err error) *social.LinkError {
	var known *social.LinkError
	if errors.As(err, &known) {
		return known
	}
	return &social.LinkError{Message: locale.W("link.fail.unreached"), Remedy: locale.W("link.do.wait"), Err: err}
}

// failed decides what becomes of a Copy after an error of the network.
func (c *courier) failed(ctx context.Context, e *entry, err error) error {
	if ctx.Err() != nil {
		return err // we are being ended: the row says what was begun
	}
	c.log().Info("a copy did not get through", "copy", e.ID, "link", c.link.ID, "network", c.link.Network, "err", err)
	switch classOf(err) {
	case social.Reconnect:
		return c.disconnect(ctx, e, err)
	case social.OutOfBudget:
		return c.capped(ctx, e, err)
	case social.Uncertain:
		return c.retry(ctx, e, err, true)
	case social.Unsupported:
		if e.Number == 0 && e.After != 0 && !e.Parent.Zero() && e.Ref.Zero() && e.State != social.CopyDeleting {
			return c.loosen(ctx, e)
		}
		if e.Number > 0 && !e.Parent.Zero() && e.Ref.Zero() && e.State != social.CopyDeleting {
			return c.cutShort(ctx, e, err)
		}
		return c.ask(ctx, e, question{cause: "refused", said: knownOf(err)})
	case social.NotThere:
		if e.Number == 0 && e.After != 0 && e.Ref.Zero() && e.State != social.CopyDeleting {
			return c.loosen(ctx, e) // what it continued was removed there
		}
		return c.ask(ctx, e, question{cause: "refused", said: knownOf(err)})
	case social.FixPost:
		return c.ask(ctx, e, question{cause: "refused", said: knownOf(err)})
	}
	return c.retry(ctx, e, err, false)
}

// retry lets a Copy come again later. The whole Link waits for the oldest that
// failed; one that never gets through is asked about.
func (c *courier) retry(ctx context.Context, e *entry, cause error, unknown bool) error {
	if e.Fails+1 >= maxTries {
		return c.ask(ctx, e, question{cause: "unreachable", said: knownOf(cause), again: unknown})
	}
	if e.Fails+1 == longFails && c.tried == 0 {
		if err := c.tell(ctx, e, question{cause: "down", said: knownOf(cause)}); err != nil {
			return err
		}
	}
	var due social.Millis
	why := c.told(ctx, cause)
	err := c.change(ctx, e, func(w *writing, cur *entry) error {
		cur.Fails++
		due = w.now + c.pause(cur.Fails, cause)
		if unknown {
			due = max(w.now+settle, due)
		}
		if c.tried != 0 {
			due = max(due, c.triedDue+1) // the oldest goes first again
		}
		cur.DueAt, cur.Reason = due, why
		if cur.State == social.CopySending && !unknown && e.State != social.CopySending {
			cur.State = social.CopyQueued // it certainly is not there
		}
		w.wake(cur.Link, cur.Post, due)
		return w.unwell(ctx, c.link, cause, social.LinkActive)
	})
	if err == nil && c.tried == 0 {
		c.tried, c.triedDue = e.ID, due
	}
	return err
}

// pause is what the network asked for, or the usual.
func (c *courier) pause(fails int, cause error) social.Millis {
	var known *social.LinkError
	if errors.As(cause, &known) && known.After > 0 {
		return min(known.After, maxAfter)
	}
	return backoff(fails).Milliseconds()
}

// disconnect marks the Link as one to be linked again; its Copies wait for that.
func (c *courier) disconnect(ctx context.Context, e *entry, cause error) error {
	if err := c.tellReconnect(ctx, c.link, cause); err != nil {
		return err
	}
	why := c.told(ctx, cause)
	return c.change(ctx, e, func(w *writing, cur *entry) error {
		if cur.State == social.CopySending && e.State != social.CopySending {
			cur.State = social.CopyQueued
		}
		cur.DueAt, cur.Reason = 0, why
		return w.unwell(ctx, c.link, cause, social.LinkReconnect)
	})
}

// capped lets a Copy wait for the network's next month, or the time it names.
func (c *courier) capped(ctx context.Context, e *entry, cause error) error {
	due := clock.Millis(nextMonth(c.Home.Clock.Now()))
	var known *social.LinkError
	if errors.As(cause, &known) && known.After > 0 {
		due = c.now() + known.After
	}
	if err := c.tell(ctx, e, question{cause: "budget", said: knownOf(cause), once: "month"}); err != nil {
		return err
	}
	why := c.told(ctx, cause)
	return c.change(ctx, e, func(w *writing, cur *entry) error {
		if cur.State != social.CopyDeleting {
			cur.State = social.CopyWaiting
		}
		cur.DueAt, cur.Reason = due, why
		w.wake(cur.Link, cur.Post, due)
		return w.unwell(ctx, c.link, cause, social.LinkActive)
	})
}

// nextMonth is the first moment of the next calendar month, UTC: what networks bill by.
func nextMonth(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
}

// well notes that a Link works: at once after a failure, else once a minute.
func (w *writing) well(ctx context.Context, link *social.Link) error {
	if link.OKAt > link.FailedAt && w.now-link.OKAt < 60_000 {
		return nil
	}
	cur, err := w.Link(ctx, 0, link.ID)
	if err != nil {
		return goneOK(err)
	}
	cur.OKAt, cur.Error, cur.Remedy = max(w.now, cur.FailedAt+1), "", ""
	link.OKAt = cur.OKAt
	return w.TouchLink(ctx, cur)
}

// unwell notes a failure at a Link, and the state it is in now.
func (w *writing) unwell(ctx context.Context, link *social.Link, cause error, state social.LinkState) error {
	cur, err := w.Link(ctx, 0, link.ID)
	if err != nil {
		return goneOK(err)
	}
	said := knownOf(cause)
	cur.FailedAt, cur.Error, cur.Remedy = w.now, said.Message, said.Remedy
	if cur.State == social.LinkActive {
		cur.State = state
	}
	link.FailedAt, link.State = cur.FailedAt, cur.State
	return w.TouchLink(ctx, cur)
}

// goneOK turns "not there" into no error.
func goneOK(err error) error {
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}

// cutShort is what is left when a network refuses the second part of a thread
// (X may forbid replies by program): what stands there is taken away, and the
// Post goes out once, cut, with a link to the rest.
func (c *courier) cutShort(ctx context.Context, e *entry, cause error) error {
	rows, err := c.rowsOf(ctx, e.Post)
	if err != nil {
		return err
	}
	made, err := c.remake(ctx, e, "cut_link")
	if err != nil {
		return err
	}
	if len(made) != 1 || !c.link.Can.Has(social.AbleEdit) && !c.link.Can.Has(social.AbleDelete) {
		return c.ask(ctx, e, question{cause: "refused", said: knownOf(cause)})
	}
	in := &laying{
		rows: rows, made: made, post: e.Post, link: c.link, rule: e.Rule, state: social.CopyQueued, due: c.now(), edit: true, agreed: true,
		reason: c.say(ctx, "relay.copy.cut", "why", knownOf(cause).Message),
	}
	return c.write(ctx, func(w *writing) error {
		cur, err := w.again(ctx, e.ID)
		if err != nil {
			return err
		}
		if cur.State == social.CopySending { // it was refused: nothing of it is there
			cur.State, cur.Tries = social.CopyQueued, 0
			if err := w.put(ctx, cur); err != nil {
				return err
			}
		}
		if c.link.Can.Has(social.AbleEdit) {
			return w.lay(ctx, in)
		}
		return w.redo(ctx, in)
	})
}

// loosen lets a self-reply that the network refuses as one stand alone.
func (c *courier) loosen(ctx context.Context, e *entry) error {
	why := c.say(ctx, "relay.copy.alone")
	return c.change(ctx, e, func(w *writing, cur *entry) error {
		cur.After, cur.Root, cur.Parent = 0, social.Ref{}, social.Ref{}
		cur.State, cur.DueAt, cur.Reason = social.CopyQueued, w.now, why
		return nil
	})
}
