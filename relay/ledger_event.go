package relay

import (
	"bytes"
	"context"
	"errors"
	"time"

	"engawa/internal/locale"
	"engawa/social"
)

// HandleRelay lets what happened to a User's Post (Job.Ref) happen to its Copies.
func (l *Ledger) HandleRelay(ctx context.Context, j *social.Job) error {
	switch social.RelayEvent(j.Target) {
	case social.RelayDelete, social.RelayUnboost:
		return l.deleted(ctx, j.Ref)
	case social.RelayUpdate:
		return l.updated(ctx, j)
	}
	return l.created(ctx, j)
}

// created decides where a new Post goes and writes its Copies.
func (l *Ledger) created(ctx context.Context, j *social.Job) error {
	s, err := l.subject(ctx, j.Ref)
	if err != nil {
		return goneOK(err)
	}
	if len(s.own) > 0 {
		return nil // done before
	}
	book, err := l.book(ctx, s.post.Actor)
	if err != nil || len(book.links) == 0 {
		return err
	}
	if forced := j.ForcedLink(); forced != 0 {
		return l.answered(ctx, s, book, forced)
	}
	ds := book.Decide(s.facts())
	var plans []*laying
	for i := range ds.Each {
		d := &ds.Each[i]
		if !d.Send {
			continue
		}
		plans = append(plans, l.laying(ctx, s, d, ds.Triggers))
	}
	lang := l.langOf(ctx, s.post.Actor)
	err = l.write(ctx, func(w *writing) error {
		if known, err := w.Copies(ctx, []social.ID{s.post.ID}); err != nil || len(known) > 0 {
			return err
		}
		for _, v := range ds.Verdicts(lang, w.now) {
			if err := w.PutVerdict(ctx, &v); err != nil {
				return err
			}
		}
		for _, in := range plans {
			if err := w.add(ctx, in, in.made, 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return l.askFirst(ctx, s, plans)
}

// answered sends an answer to something that a Link read through that Link.
func (l *Ledger) answered(ctx context.Context, s *subject, book *bookEntry, forced social.ID) error {
	for i := range book.links {
		link := &book.links[i]
		if link.ID != forced {
			continue
		}
		plan := l.make(ctx, s, link, DefaultManner(), nil)
		in := &laying{made: s.parts(link, plan), post: s.post.ID, link: link, state: social.CopyQueued, due: l.now()}
		if plan.Skip != nil {
			in.leave(plan.Skip.Say(l.langOf(ctx, link.User)))
			key := "ask-" + in.post.String() + "-" + link.ID.String() + "-skip"
			if err := l.tellOf(ctx, link, in.post, key, question{cause: "refused", said: &social.LinkError{Message: locale.Words(plan.Skip.Say(l.langOf(ctx, link.User)))}}); err != nil {
				return err
			}
		}
		for i := range in.made {
			in.made[i].Forced = true
		}
		return l.write(ctx, func(w *writing) error {
			if known, err := w.Copies(ctx, []social.ID{s.post.ID}); err != nil || len(known) > 0 {
				return err
			}
			return w.add(ctx, in, in.made, 0)
		})
	}
	return nil
}

// lateTag is how long after a Post an edit may still send it somewhere: who
// forgot the tag adds it.
const lateTag social.Millis = 3_600_000

// updated lets an edit reach the Copies, each by its rule's policy.
func (l *Ledger) updated(ctx context.Context, j *social.Job) error {
	s, err := l.subject(ctx, j.Ref)
	if err != nil {
		return goneOK(err)
	}
	if len(s.own) == 0 && l.now()-s.post.CreatedAt < lateTag {
		return l.created(ctx, j)
	}
	book, err := l.book(ctx, s.post.Actor)
	if err != nil {
		return err
	}
	again := false
	for i := range book.links {
		link := &book.links[i]
		rows := ofLink(s.own, link.ID)
		if len(rows) == 0 {
			continue
		}
		if underway(rows) {
			again = true
			continue
		}
		switch err := l.follow(ctx, s, book, link, rows); {
		case errors.Is(err, errMoved):
			again = true
		case err != nil:
			return err
		}
	}
	if !again {
		return nil
	}
	return l.write(ctx, func(w *writing) error { // what is being sent is changed when it is there
		w.jobs = append(w.jobs, social.Job{Kind: social.JobRelay, Ref: j.Ref, Target: j.Target, Key: j.Key, RunAt: w.now + settle})
		return nil
	})
}

// errMoved says that a Copy has become something else than what a change of it
// was thought for.
var errMoved = errors.New("the copy moved on meanwhile")

// still is errMoved where rows are not what they were when they were read: what
// was to be sent then may stand there by now, or be on its way.
func (w *writing) still(ctx context.Context, rows []social.Copy) error {
	for i := range rows {
		cur, err := w.Copy(ctx, rows[i].ID)
		if err != nil {
			return err
		}
		if cur.State != rows[i].State || cur.Version != rows[i].Version || cur.Ref.ID != rows[i].Ref.ID {
			return errMoved
		}
	}
	return nil
}

// alter writes a change of a Copy that is still what it was.
func (l *Ledger) alter(ctx context.Context, in *laying, f func(*writing, context.Context, *laying) error) error {
	return l.write(ctx, func(w *writing) error {
		if err := w.still(ctx, in.rows); err != nil {
			return err
		}
		return f(w, ctx, in)
	})
}

// underway reports whether a part is being sent, or may have been.
func underway(rows []social.Copy) bool {
	for i := range rows {
		if rows[i].State == social.CopySending && rows[i].Ref.Zero() {
			return true
		}
	}
	return false
}

// follow brings one Link's Copy in step with the Post.
func (l *Ledger) follow(ctx context.Context, s *subject, book *bookEntry, link *social.Link, rows []social.Copy) error {
	rule := book.ruleOf(rows[0].Rule)
	var sentAt social.Millis
	alive := false
	for i := range rows {
		alive = alive || live(&rows[i])
		if live(&rows[i]) && !rows[i].Ref.Zero() {
			sentAt = max(sentAt, rows[i].SentAt)
		}
	}
	if !alive {
		return nil
	}
	plan := l.make(ctx, s, link, rule.As, s.triggers(book))
	if plan.Skip != nil {
		if rule.Keep.Edit == EditIgnore {
			return nil
		}
		return l.withdrawn(ctx, rows, plan.Skip.Say(l.langOf(ctx, link.User)))
	}
	made := s.parts(link, plan)
	in := &laying{
		rows: rows, made: made, post: s.post.ID, link: link, rule: rows[0].Rule, state: social.CopyQueued, due: l.now(), edit: true,
	}
	if sentAt == 0 {
		return l.alter(ctx, in, (*writing).lay)
	}
	switch policy := rule.Keep.Edit; {
	case policy == EditIgnore:
		return nil
	case policy == EditCorrect:
		return l.correct(ctx, s, in, rule, s.triggers(book))
	case policy == EditRedo:
		return l.again(ctx, in, rule.Keep.Within, sentAt)
	case !link.Can.Has(social.AbleEdit):
		return l.note(ctx, in, l.say(ctx, link.User, "relay.copy.unedited"))
	}
	return l.alter(ctx, in, (*writing).lay)
}

// withdrawn takes a Copy away that, as the Post is now, would not be made.
func (l *Ledger) withdrawn(ctx context.Context, rows []social.Copy, reason string) error {
	return l.write(ctx, func(w *writing) error {
		for i := range rows {
			cur, err := w.again(ctx, rows[i].ID)
			if err != nil {
				return err
			}
			if live(cur.Copy) {
				if err := w.withdraw(ctx, cur, reason); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// changed reports whether made says something else than the rows that stand.
func changed(rows []social.Copy, made []stored) bool {
	n := 0
	for i := range rows {
		if !live(&rows[i]) {
			continue
		}
		if n >= len(made) || !bytes.Equal(rows[i].Hash, hashOf(&made[n].Part)) {
			return true
		}
		n++
	}
	return n != len(made)
}

// again deletes and sends anew, as long as that is allowed.
func (l *Ledger) again(ctx context.Context, in *laying, within time.Duration, sentAt social.Millis) error {
	if !changed(in.rows, in.made) {
		return nil
	}
	if !in.link.Can.Has(social.AbleDelete) {
		return l.note(ctx, in, l.say(ctx, in.link.User, "relay.copy.unredone"))
	}
	if l.now() > sentAt+within.Milliseconds() {
		return l.note(ctx, in, l.say(ctx, in.link.User, "relay.copy.late"))
	}
	in.reason = l.say(ctx, in.link.User, "relay.copy.redone")
	return l.alter(ctx, in, (*writing).redo)
}

// note writes why the Copy does not say what the Post says now.
func (l *Ledger) note(ctx context.Context, in *laying, reason string) error {
	if !changed(in.rows, in.made) {
		reason = ""
	}
	return l.write(ctx, func(w *writing) error {
		for i := range in.rows {
			cur, err := w.again(ctx, in.rows[i].ID)
			if err != nil {
				return err
			}
			if cur.State != social.CopySent || cur.Reason == reason {
				continue
			}
			cur.Reason = reason
			if err := w.put(ctx, cur); err != nil {
				return err
			}
		}
		return nil
	})
}

// correct answers the Copy with what the Post says now.
func (l *Ledger) correct(ctx context.Context, s *subject, in *laying, rule *Rule, triggers []string) error {
	var alive []social.Copy
	for i := range in.rows {
		if live(&in.rows[i]) {
			alive = append(alive, in.rows[i])
		}
	}
	if first := alive[:min(len(alive), max(alive[0].Of, 1))]; len(alive) == len(first) && !changed(first, in.made) {
		return nil
	}
	as := rule.As
	as.Template = "✏️ " + as.Template
	if rule.As.Template == "" {
		as.Template += "{text}"
	}
	if in.made = s.parts(in.link, l.make(ctx, s, in.link, as, triggers)); len(in.made) == 0 {
		return nil
	}
	in.reason = l.say(ctx, in.link.User, "relay.copy.correction")
	if n := len(alive) - len(in.made); n > 0 && saysSame(alive[n:], in.made) {
		return nil
	}
	number := in.rows[len(in.rows)-1].Number + 1
	return l.write(ctx, func(w *writing) error {
		if now, err := w.Copies(ctx, []social.ID{in.post}); err != nil || len(ofLink(now, in.link.ID)) != len(in.rows) {
			return err // it was written meanwhile
		}
		return w.add(ctx, in, in.made, number)
	})
}

// saysSame reports whether rows were planned to say what made says.
func saysSame(rows []social.Copy, made []stored) bool {
	for i := range rows {
		e := entry{Copy: &rows[i]}
		if e.load() != nil || !bytes.Equal(hashOf(&e.stored.Part), hashOf(&made[i].Part)) {
			return false
		}
	}
	return true
}

// deleted lets the Copies of a Post that is no more go, those of years ago too.
func (l *Ledger) deleted(ctx context.Context, post social.ID) error {
	rows, err := l.Home.Store.Copies(ctx, []social.ID{post})
	if err != nil || len(rows) == 0 {
		return err
	}
	book, err := l.book(ctx, rows[0].User)
	if err != nil {
		return err
	}
	why := l.say(ctx, rows[0].User, "relay.copy.deleted")
	return l.write(ctx, func(w *writing) error {
		for i := range rows {
			cur, err := w.again(ctx, rows[i].ID)
			if err != nil {
				return err
			}
			if err := w.delete(ctx, cur, book.ruleOf(cur.Rule).Keep.Delete, why); err != nil {
				return err
			}
		}
		return nil
	})
}

// delete is what one row makes of the end of its Post. What never went out just ends.
func (w *writing) delete(ctx context.Context, cur *entry, follow bool, why string) error {
	switch cur.State {
	case social.CopyDeleting, social.CopyDeleted:
		return nil
	case social.CopySkipped, social.CopyFailed:
		if cur.Ref.Zero() {
			return nil
		}
	}
	if follow || (cur.Ref.Zero() && cur.Tries == 0) {
		return w.withdraw(ctx, cur, why)
	}
	if cur.State == social.CopySent {
		return nil
	}
	cur.State, cur.Reason, cur.DueAt = social.CopySkipped, why, 0
	if !cur.Ref.Zero() {
		cur.State = social.CopySent // an edit that is not wanted any more
	}
	return w.put(ctx, cur)
}
