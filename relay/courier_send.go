package relay

import (
	"bytes"
	"context"

	"engawa/internal/locale"
	"engawa/social"
)

// send posts one part. It is written as sending before the network is asked.
func (c *courier) send(ctx context.Context, g *group, e *entry) error {
	sentBefore, err := c.hang(ctx, e)
	if err != nil {
		return err
	}
	if !sentBefore {
		if held, err := c.limited(ctx, g, e); err != nil || held {
			return err
		}
	}
	if done, err := c.gather(ctx, e); done || err != nil {
		return err
	}
	part := e.stored.Part
	ok, err := c.begin(ctx, e, &part)
	if err != nil || !ok {
		return err
	}
	sent, err := c.call(ctx, func(ctx context.Context) (*social.Sent, error) { return c.net.Send(ctx, c.login, &part) })
	if err != nil {
		return c.failed(ctx, e, err)
	}
	return c.arrived(ctx, e, &part, sent)
}

// hang gives a part its place in the thread: after the last part of its Post
// that stands there, or of the Post it continues. It reports whether a part of
// the same Post was sent already.
func (c *courier) hang(ctx context.Context, e *entry) (bool, error) {
	rows, err := c.rowsOf(ctx, e.Post)
	if err != nil {
		return false, err
	}
	if parent, root := lastSent(rows, e.Number); !parent.Zero() {
		e.Parent, e.Root = parent, root
		return true, nil
	}
	for after, hops := e.After, 0; after != 0 && hops < 10; hops++ {
		if rows, err = c.rowsOf(ctx, after); err != nil {
			return false, err
		}
		if parent, root := lastSent(rows, 1<<30); !parent.Zero() {
			e.Parent, e.Root = parent, root
			return false, nil
		}
		after = 0
		if len(rows) > 0 { // it was not sent: what it continued itself will do
			up := entry{Copy: &rows[0]}
			if err := up.load(); err != nil {
				return false, err
			}
			after = up.After
		}
	}
	return false, nil
}

// lastSent is the last part before number that stands there, and its thread's root.
func lastSent(rows []social.Copy, number int) (parent, root social.Ref) {
	for i := range rows {
		r := &rows[i]
		if r.Number >= number || r.Ref.Zero() || r.State == social.CopyDeleting || r.State == social.CopyDeleted {
			continue
		}
		up := entry{Copy: r}
		if err := up.load(); err != nil {
			continue
		}
		parent, root = r.Ref, up.Root
		if root.Zero() {
			root = up.Parent
		}
		if root.Zero() {
			root = r.Ref
		}
	}
	return parent, root
}

// begin writes that the network is about to be asked. It reports false when the
// row has become something else meanwhile.
func (c *courier) begin(ctx context.Context, e *entry, part *social.Part) (ok bool, err error) {
	err = c.write(ctx, func(w *writing) error {
		var err error
		ok, err = w.begin(ctx, e, part)
		return err
	})
	return ok, err
}

func (w *writing) begin(ctx context.Context, e *entry, part *social.Part) (bool, error) {
	cur, err := w.again(ctx, e.ID)
	if err != nil || cur.State != e.State || cur.Version != e.Version {
		return false, err
	}
	cur.State, cur.Tries = social.CopySending, cur.Tries+1
	cur.Root, cur.Parent = part.Root, part.Parent
	return true, w.put(ctx, cur)
}

// arrived writes where a part stands now. What was changed meanwhile is done next.
func (c *courier) arrived(ctx context.Context, e *entry, part *social.Part, sent *social.Sent) error {
	if sent == nil || (sent.Ref.Zero() && e.Ref.Zero()) {
		return c.failed(ctx, e, &social.LinkError{Class: social.Uncertain, Message: locale.W("link.fail.unknown_arrival")})
	}
	return c.arrivedAll(ctx, []*entry{e}, []*social.Part{part}, []*social.Sent{sent})
}

// arrivedAll does it for parts that went together, in one transaction.
func (c *courier) arrivedAll(ctx context.Context, all []*entry, parts []*social.Part, sent []*social.Sent) error {
	err := c.write(ctx, func(w *writing) error {
		for i, e := range all {
			if err := w.arrived(ctx, e, parts[i], sent[i]); err != nil {
				return err
			}
		}
		return w.well(ctx, c.link)
	})
	if err != nil {
		return err
	}
	c.line.lastSent = c.now()
	for _, e := range all {
		delete(c.line.odd, e.ID)
	}
	c.passed()
	return nil
}

func (w *writing) arrived(ctx context.Context, e *entry, part *social.Part, sent *social.Sent) error {
	cur, err := w.again(ctx, e.ID)
	if err != nil {
		return err
	}
	if !sent.Ref.Zero() {
		cur.Ref = sent.Ref
	}
	cur.Cost += sent.Cost
	cur.Hash, cur.Fails = hashOf(part), 0
	if cur.SentAt == 0 {
		cur.SentAt = w.now
	}
	switch {
	case cur.State == social.CopyDeleting:
		w.wake(cur.Link, cur.Post, w.now)
	case cur.Version != e.Version && !bytes.Equal(hashOf(&cur.stored.Part), cur.Hash):
		cur.State, cur.DueAt = social.CopyQueued, w.now
		w.wake(cur.Link, cur.Post, w.now)
	default:
		cur.State, cur.DueAt, cur.Reason = social.CopySent, 0, ""
		cur.Root, cur.Parent = part.Root, part.Parent
	}
	return w.put(ctx, cur)
}

// seek looks for a part that may have arrived.
func (c *courier) seek(ctx context.Context, e *entry) error {
	if at := e.UpdatedAt + settle; c.now() < at {
		return c.later(ctx, e, at, e.Reason)
	}
	part := e.stored.Part
	sent, err := c.call(ctx, func(ctx context.Context) (*social.Sent, error) { return c.net.Find(ctx, c.login, &part) })
	switch {
	case err != nil && (classOf(err) == social.Unsupported || classOf(err) == social.Uncertain):
		return c.ask(ctx, e, question{cause: "unknown", said: knownOf(err), again: true})
	case err != nil:
		return c.failed(ctx, e, err)
	case sent != nil:
		return c.arrived(ctx, e, &part, sent)
	case e.Tries >= maxGuesses && e.Fails >= maxGuesses:
		return c.ask(ctx, e, question{cause: "unknown", again: true})
	}
	return c.change(ctx, e, func(w *writing, cur *entry) error { // it is not there: once more
		cur.State, cur.DueAt = social.CopyQueued, w.now
		return nil
	})
}

// edit makes a part that stands there say what it says here now.
func (c *courier) edit(ctx context.Context, e *entry) error {
	part := e.stored.Part
	ok, err := c.begin(ctx, e, &part)
	if err != nil || !ok {
		return err
	}
	sent, err := c.call(ctx, func(ctx context.Context) (*social.Sent, error) { return c.net.Edit(ctx, c.login, e.Ref, &part) })
	switch {
	case err == nil && sent == nil:
		sent = &social.Sent{Ref: e.Ref}
	case err != nil && classOf(err) == social.NotThere:
		why := c.say(ctx, "relay.copy.removed")
		return c.change(ctx, e, func(w *writing, cur *entry) error {
			cur.State, cur.DeletedAt, cur.Reason = social.CopyDeleted, w.now, why
			return nil
		})
	case err != nil && (classOf(err) == social.Unsupported || classOf(err) == social.FixPost):
		why := c.say(ctx, "relay.copy.edit", "why", knownOf(err).Message)
		return c.change(ctx, e, func(_ *writing, cur *entry) error {
			cur.State, cur.DueAt, cur.Reason = social.CopySent, 0, why
			return nil
		})
	case err != nil:
		return c.failed(ctx, e, err)
	}
	return c.arrived(ctx, e, &part, sent)
}

// remove deletes a part there. One that may have arrived is looked for first.
func (c *courier) remove(ctx context.Context, e *entry) error {
	ref, cost := e.Ref, int64(0)
	if ref.Zero() && e.Tries > 0 {
		if at := e.UpdatedAt + settle; c.now() < at {
			return c.later(ctx, e, at, "")
		}
		part := e.stored.Part
		sent, err := c.call(ctx, func(ctx context.Context) (*social.Sent, error) { return c.net.Find(ctx, c.login, &part) })
		switch {
		case err != nil && (classOf(err) == social.Unsupported || classOf(err) == social.Uncertain):
			return c.gone(ctx, e, 0, c.say(ctx, "relay.copy.unknown"))
		case err != nil && classOf(err) != social.NotThere:
			return c.failed(ctx, e, err)
		case sent != nil:
			ref, cost = sent.Ref, sent.Cost
		}
	}
	if ref.Zero() {
		return c.gone(ctx, e, cost, "")
	}
	if !c.link.Can.Has(social.AbleDelete) {
		why := c.say(ctx, "relay.copy.undeletable")
		return c.change(ctx, e, func(_ *writing, cur *entry) error {
			cur.State, cur.Ref, cur.DueAt, cur.Reason = social.CopyFailed, ref, 0, why
			return nil
		})
	}
	sent, err := c.call(ctx, func(ctx context.Context) (*social.Sent, error) { return c.net.Delete(ctx, c.login, ref) })
	if sent != nil {
		cost += sent.Cost
	}
	switch {
	case err == nil || classOf(err) == social.NotThere:
		return c.gone(ctx, e, cost, "")
	case classOf(err) == social.Unsupported || classOf(err) == social.FixPost:
		return c.stays(ctx, e, ref, err)
	}
	return c.failed(ctx, e, err)
}

// gone writes that nothing stands there any more.
func (c *courier) gone(ctx context.Context, e *entry, cost int64, reason string) error {
	err := c.change(ctx, e, func(w *writing, cur *entry) error {
		cur.State, cur.DeletedAt, cur.DueAt, cur.Reason, cur.Fails = social.CopyDeleted, w.now, 0, reason, 0
		cur.Cost += cost
		return nil
	})
	if err == nil {
		c.passed()
	}
	return err
}

// stays writes that a part cannot be deleted there, and tells the person where it is.
func (c *courier) stays(ctx context.Context, e *entry, ref social.Ref, cause error) error {
	err := c.tell(ctx, e, question{cause: "stays", said: knownOf(cause), url: ref.URL})
	if err != nil {
		return err
	}
	why := c.say(ctx, "relay.copy.stays", "why", knownOf(cause).Message)
	return c.change(ctx, e, func(_ *writing, cur *entry) error {
		cur.State, cur.Ref, cur.DueAt, cur.Reason = social.CopyFailed, ref, 0, why
		return nil
	})
}

// change writes one row, if it is still what it was when the step began.
func (c *courier) change(ctx context.Context, e *entry, f func(w *writing, cur *entry) error) error {
	return c.write(ctx, func(w *writing) error {
		cur, err := w.again(ctx, e.ID)
		if err != nil {
			return err
		}
		deleted := cur.State == social.CopyDeleting && e.State != social.CopyDeleting
		if err := f(w, cur); err != nil {
			return err
		}
		if deleted { // meanwhile: that stands
			cur.State, cur.DueAt = social.CopyDeleting, 0
		}
		return w.put(ctx, cur)
	})
}

// later lets a row wait until a moment without calling it a failure.
func (c *courier) later(ctx context.Context, e *entry, at social.Millis, reason string) error {
	return c.write(ctx, func(w *writing) error {
		cur, err := w.again(ctx, e.ID)
		if err != nil {
			return err
		}
		cur.DueAt, cur.Reason = at, reason
		since := cur.UpdatedAt
		w.wake(cur.Link, cur.Post, at)
		if err := w.put(ctx, cur); err != nil {
			return err
		}
		cur.UpdatedAt = since // an uncertain sending is as old as it was
		return w.PutCopy(ctx, cur.Copy)
	})
}
