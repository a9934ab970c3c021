package social

import (
	"context"
	"slices"
)

// castVote counts one or several choices in a poll. A neighbour's choices come
// one by one.
func castVote(ctx context.Context, t *turn) (*Result, error) {
	b := t.a.Object.(*Ballot)
	p, err := t.subjectOf(ctx, b.Post)
	if err != nil {
		return nil, err
	}
	if t.throughLink(p) {
		return nil, cannotAnswer("its poll cannot be voted in from here", p.openURL())
	}
	poll, err := t.Poll(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	mine, err := t.VotesOf(ctx, p.ID, t.actor.ID)
	if err != nil {
		return nil, err
	}
	if !t.actor.Local() && allVoted(b.Choices, mine) {
		return &Result{Post: p}, nil // it came twice
	}
	if err := t.mayVote(b, p, poll, mine); err != nil {
		return nil, err
	}
	next, counted, err := t.countVotes(ctx, b, poll, len(mine) == 0)
	if err != nil || !counted {
		return &Result{Post: p}, err
	}
	if err := t.PutPoll(ctx, next); err != nil {
		return nil, err
	}
	if err := t.changed(ctx, p); err != nil {
		return nil, err
	}
	return &Result{Post: p, Done: true}, t.sendVote(ctx, b, p, next)
}

func allVoted(choices []int, mine []Vote) bool {
	for _, c := range choices {
		if !slices.ContainsFunc(mine, func(v Vote) bool { return v.Choice == c }) {
			return false
		}
	}
	return len(choices) > 0
}

func (t *turn) mayVote(b *Ballot, p *Post, poll *Poll, mine []Vote) error {
	const op = "vote"
	local := t.actor.Local()
	switch {
	case poll.Ended(t.now):
		return invalid(op, "choices", "Validation failed: The poll has already ended")
	case p.Actor == t.actor.ID:
		return invalid(op, "choices", "Validation failed: You cannot vote in your own polls")
	case len(b.Choices) == 0:
		return invalid(op, "choices", "Validation failed: Choose at least one option")
	case !poll.Multiple && (len(b.Choices) > 1 || len(mine) > 0), local && len(mine) > 0:
		return invalid(op, "choices", "Validation failed: You have already voted on this poll")
	}
	for _, c := range b.Choices {
		if c < 0 || c >= len(poll.Options) {
			return invalid(op, "choices", "Validation failed: The chosen vote option does not exist")
		}
	}
	return nil
}

// countVotes records the choices and returns the poll with them counted.
func (t *turn) countVotes(ctx context.Context, b *Ballot, poll *Poll, first bool) (*Poll, bool, error) {
	next := *poll
	next.Options = append([]Option(nil), poll.Options...)
	counted := false
	for _, c := range b.Choices {
		v := &Vote{ID: t.h.newID(), Post: poll.Post, Actor: t.actor.ID, Choice: c, URI: b.URI, At: t.now}
		if v.URI == "" {
			v.URI = voteURI(t.actor, v.ID)
		}
		fresh, err := t.AddVote(ctx, v)
		if err != nil {
			return nil, false, err
		}
		if fresh {
			next.Options[c].Votes++
			counted = true
		}
	}
	if counted && first {
		next.Voters++
	}
	return &next, counted, nil
}

// sendVote brings a vote of ours to the poll's author, or the new counts of a
// poll of ours to those who have it.
func (t *turn) sendVote(ctx context.Context, b *Ballot, p *Post, poll *Poll) error {
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	if author.Local() {
		if p.Audience == LocalOnly || t.a.Quiet {
			return nil
		}
		if t.h.tallies.waits(p.ID, t.now) {
			return nil // one Update for all votes of the next minute
		}
		t.jobs = append(t.jobs, Job{Kind: JobPoll, Ref: p.ID, Target: tallyTarget, RunAt: t.now + tallyDelay})
		return nil
	}
	if !t.local() {
		return nil
	}
	votes, err := t.VotesOf(ctx, p.ID, t.actor.ID)
	if err != nil {
		return err
	}
	for _, v := range votes {
		err := t.send(ctx, Outgoing{
			Verb: Create, URI: v.URI + "/activity", Audience: Direct, Inboxes: []string{author.Inbox},
			Object: OutObject{Kind: ObjVote, ID: v.ID, URI: v.URI, Target: p.ID, TargetURI: p.URI, Content: poll.Options[v.Choice].Title, To: []string{author.URI}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ClosePoll is the work of JobPoll: it tells the counts, and, when the time is
// up, that the poll has ended. It may run twice.
func (h *Home) ClosePoll(ctx context.Context, post ID) error {
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Update}, now: h.now()}
		p, err := tx.Post(ctx, post)
		if err != nil {
			return missingOK(err)
		}
		if t.actor, err = tx.Actor(ctx, p.Actor); err != nil {
			return err
		}
		poll, err := tx.Poll(ctx, post)
		if err != nil {
			return missingOK(err)
		}
		if err := t.closePoll(ctx, p, poll); err != nil {
			return err
		}
		if err := t.sendUpdate(ctx, p, mentionedActors(p)); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

func (t *turn) closePoll(ctx context.Context, p *Post, poll *Poll) error {
	if poll.ClosedAt != 0 || poll.ExpiresAt == 0 || poll.ExpiresAt > t.now {
		return nil
	}
	next := *poll
	next.ClosedAt = t.now
	if err := t.PutPoll(ctx, &next); err != nil {
		return err
	}
	voters, err := t.Voters(ctx, p.ID)
	if err != nil {
		return err
	}
	actors, err := t.Actors(ctx, append(voters, p.Actor))
	if err != nil {
		return err
	}
	for _, a := range actors {
		if a.Local() {
			if err := t.notify(ctx, note{user: a.ID, typ: NotifyPoll, post: p, from: p.Actor}); err != nil {
				return err
			}
		}
	}
	return t.changed(ctx, p)
}
