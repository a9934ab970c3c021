package social

import (
	"context"
	"strings"
)

// Answer is what a JobAnswer carries out through a Link: an answer without text,
// or the taking back of one. Its text form is Job.Target.
type Answer struct {
	Verb    Verb // Like, Announce, FollowVerb, Add (a bookmark)
	Undo    bool
	Target  ID     // a Post, or an Actor where Verb is FollowVerb
	Content string // of a Like: the emoji, or Favourite
}

// String is read again by ParseAnswer: "Like 12 ★", "Undo Announce 12".
func (a Answer) String() string {
	s := string(a.Verb) + " " + a.Target.String()
	if a.Undo {
		s = string(Undo) + " " + s
	}
	if a.Content != "" {
		s += " " + a.Content
	}
	return s
}

// ParseAnswer reads what String wrote.
func ParseAnswer(s string) (Answer, bool) {
	var a Answer
	if rest, ok := strings.CutPrefix(s, string(Undo)+" "); ok {
		a.Undo, s = true, rest
	}
	verb, rest, _ := strings.Cut(s, " ")
	id, content, _ := strings.Cut(rest, " ")
	target, ok := ParseID(id)
	a.Verb, a.Target, a.Content = Verb(verb), target, content
	switch a.Verb {
	case Like, Announce, FollowVerb, Add:
		return a, ok
	}
	return a, false
}

// DeedOf is what the Link of a JobAnswer is to do. ErrNotFound: there is nothing
// to be done any more.
func (h *Home) DeedOf(ctx context.Context, l *Link, j *Job) (*Deed, error) {
	a, ok := ParseAnswer(j.Target)
	if !ok {
		return nil, invalid("answer", "target", "not an answer: "+j.Target)
	}
	row, err := h.Store.Deed(ctx, l.User, a.Target, a.Verb, a.Content)
	if err != nil {
		return nil, err
	}
	d := &Deed{Verb: a.Verb, Content: a.Content, Made: row.Made}
	if a.Undo {
		d.Verb, d.Undo = Undo, a.Verb
	}
	if a.Verb == FollowVerb {
		return d, h.deedActor(ctx, l, a.Target, d)
	}
	rows, err := h.Store.LaneRows(ctx, l.User, []ID{a.Target})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if rows[i].Link == l.ID {
			d.Post = rows[i].Ref
			return d, nil
		}
	}
	return nil, ErrNotFound
}

func (h *Home) deedActor(ctx context.Context, l *Link, id ID, d *Deed) error {
	who, err := h.Store.Actor(ctx, id)
	if err != nil {
		return err
	}
	d.Stranger = Stranger{URI: who.URI, URL: who.URL, Name: who.Name, Domain: who.Domain, Display: who.DisplayName}
	row, err := h.Store.LaneOfActor(ctx, l.User, id)
	if err != nil {
		return missingOK(err)
	}
	if row.Link == l.ID {
		d.Stranger.ID = row.Ref.Author
	}
	return nil
}

// AnswerDone notes that the Link did what a JobAnswer asked; made is what the
// network answered.
func (h *Home) AnswerDone(ctx context.Context, l *Link, j *Job, made Ref) error {
	a, ok := ParseAnswer(j.Target)
	if !ok {
		return nil
	}
	return h.Store.Write(ctx, func(tx Tx) error {
		row, err := tx.Deed(ctx, l.User, a.Target, a.Verb, a.Content)
		if err != nil {
			return missingOK(err)
		}
		if a.Undo {
			if row.At != 0 {
				return nil // done again meanwhile
			}
			return tx.DropDeed(ctx, l.User, a.Target, a.Verb, a.Content)
		}
		row.Made = made
		return tx.PutDeed(ctx, row)
	})
}

// AnswerFailed takes back here what is shown as done, when the Link could not do
// it and never will.
func (h *Home) AnswerFailed(ctx context.Context, l *Link, j *Job) error {
	a, ok := ParseAnswer(j.Target)
	if !ok || a.Undo {
		return nil
	}
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Undo}, now: h.now()}
		var err error
		if t.actor, err = tx.Actor(ctx, l.User); err != nil {
			return err
		}
		if err := tx.DropDeed(ctx, l.User, a.Target, a.Verb, a.Content); err != nil {
			return err
		}
		return t.takeBack(ctx, a)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

// takeBack undoes an answer here alone: its DeedRow is gone, so nothing is asked
// of the Link.
func (t *turn) takeBack(ctx context.Context, a Answer) error {
	switch a.Verb {
	case Like:
		r, err := t.Reaction(ctx, a.Target, t.actor.ID, a.Content)
		if err != nil {
			return missingOK(err)
		}
		if err := t.DropReaction(ctx, r); err != nil || r.Content != Favourite {
			return err
		}
		return t.CountPost(ctx, a.Target, 0, 0, -1, 0)
	case Announce:
		b, err := t.BoostOf(ctx, t.actor.ID, a.Target)
		if err != nil || b.Origin != Linked {
			return missingOK(err)
		}
		_, err = t.dropBoost(ctx, b)
		return err
	}
	return nil
}
