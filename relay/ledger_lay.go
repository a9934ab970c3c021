package relay

import (
	"bytes"
	"context"

	"engawa/social"
)

// laying is the Copy of one Post at one Link about to be written: rows are all
// that is known of it, made what it is to be.
type laying struct {
	rows   []social.Copy
	made   []stored
	post   social.ID
	link   *social.Link
	rule   string
	state  social.CopyState // of rows that are to be sent
	due    social.Millis
	reason string
	price  int64 // of all that is made
	edit   bool  // what stands there already is made to say what made says
	agreed bool
}

// live reports whether a row is, or is to be, a part of the Copy.
func live(c *social.Copy) bool {
	switch c.State {
	case social.CopyDeleting, social.CopyDeleted, social.CopySkipped, social.CopyFailed:
		return false
	}
	return true
}

// lay writes made over the live rows, one after the other: what is not sent is
// replaced, what stands there is edited where asked, what is too many goes, what
// is missing is added.
func (w *writing) lay(ctx context.Context, in *laying) error {
	i, next := 0, 0
	for n := range in.rows {
		cur, err := w.again(ctx, in.rows[n].ID)
		if err != nil {
			return err
		}
		next = max(next, cur.Number+1)
		if !live(cur.Copy) {
			continue
		}
		if i < len(in.made) {
			err = w.over(ctx, in, cur, &in.made[i])
		} else {
			err = w.withdraw(ctx, cur, in.reason)
		}
		if err != nil {
			return err
		}
		i++
	}
	if i >= len(in.made) {
		return nil
	}
	return w.add(ctx, in.asFirst(), in.made[i:], next)
}

// asFirst is in with added rows in the state of those that stand unsent: held,
// or asked about, with the same time to come.
func (in *laying) asFirst() *laying {
	for i := range in.rows {
		switch r := &in.rows[i]; {
		case !live(r) || !r.Ref.Zero() || in.agreed:
		case r.State == social.CopyHeld, r.State == social.CopyAsked && (r.Reason == "confirm" || r.Reason == "lossy"):
			as := *in
			as.state, as.due, as.reason = r.State, r.DueAt, r.Reason
			return &as
		}
	}
	return in
}

// over puts a made part in the place of a live row.
func (w *writing) over(ctx context.Context, in *laying, cur *entry, made *stored) error {
	if !cur.Ref.Zero() {
		if !in.edit || (cur.State == social.CopySent && bytes.Equal(cur.Hash, hashOf(&made.Part))) {
			return nil
		}
		root, parent := cur.Root, cur.Parent
		cur.stored = *made
		cur.Root, cur.Parent = root, parent
		cur.State, cur.DueAt = social.CopyQueued, w.now
	} else {
		if cur.State == social.CopySending {
			return nil // its outcome is not known: what is looked for must stay the same
		}
		agreed, forced := cur.Agreed || in.agreed, cur.Forced
		cur.stored = *made
		cur.Agreed, cur.Forced = agreed, forced
		if first := cur.State == social.CopyAsked && (cur.Reason == "confirm" || cur.Reason == "lossy") && !in.agreed; first {
			cur.Of, cur.Version = len(in.made), cur.Version+1
			cur.rekey()
			return w.put(ctx, cur) // the question stands
		}
		if cur.State != social.CopyHeld {
			cur.State, cur.DueAt = in.state, in.due
		}
	}
	cur.Of, cur.Reason = len(in.made), in.reason
	cur.Version++
	cur.rekey()
	w.wake(cur.Link, cur.Post, cur.DueAt)
	return w.put(ctx, cur)
}

// withdraw takes a row out of the Copy: deleted there where it stands there.
func (w *writing) withdraw(ctx context.Context, cur *entry, reason string) error {
	switch {
	case !cur.Ref.Zero() || cur.Tries > 0:
		cur.State, cur.DueAt = social.CopyDeleting, 0
		w.wake(cur.Link, cur.Post, w.now)
	case cur.DeletedAt == 0:
		cur.State, cur.DueAt, cur.DeletedAt = social.CopyDeleted, 0, w.now
	}
	if reason != "" {
		cur.Reason = reason
	}
	cur.Fails = 0
	return w.put(ctx, cur)
}

// add appends parts as new rows.
func (w *writing) add(ctx context.Context, in *laying, made []stored, number int) error {
	for i := range made {
		e := &entry{
			Copy: &social.Copy{
				ID: w.l.newID(), Post: in.post, Link: in.link.ID, User: in.link.User, Rule: in.rule,
				Number: number + i, Of: len(in.made), State: in.state, DueAt: in.due, Reason: in.reason,
			},
			stored: made[i],
		}
		e.Agreed = e.Agreed || in.agreed
		e.rekey()
		if err := w.put(ctx, e); err != nil {
			return err
		}
	}
	if in.state != social.CopyAsked && in.state != social.CopySkipped {
		w.wake(in.link.ID, in.post, in.due)
	}
	return nil
}

// redo takes away all that stands of a Copy and lets made go out instead.
func (w *writing) redo(ctx context.Context, in *laying) error {
	next := 0
	for n := range in.rows {
		cur, err := w.again(ctx, in.rows[n].ID)
		if err != nil {
			return err
		}
		next = max(next, cur.Number+1)
		if live(cur.Copy) {
			if err := w.withdraw(ctx, cur, in.reason); err != nil {
				return err
			}
		}
	}
	return w.add(ctx, in, in.made, next)
}
