package social

import (
	"context"
)

// What a JobEnforce carries on.
const (
	enforceUntil   = "until"   // Ref is a Decision that ends now
	enforceFollows = "follows" // Ref is a suspended Actor of elsewhere
	enforceDomain  = "domain"  // Ref is a DomainRule
	enforceLifted  = "lifted:" // with a domain; Ref is the Decision that was undone
)

// enforceBatch is how many Actors or follows are changed in one transaction.
const enforceBatch = 200

// Enforce carries on what moderators decided, batch by batch; it may run twice.
func (h *Home) Enforce(ctx context.Context, j *Job) error {
	switch {
	case j.Target == enforceUntil:
		return h.ended(ctx, j.Ref)
	case j.Target == enforceFollows:
		return h.unfollowOurs(ctx, j.Ref)
	case j.Target == enforceDomain:
		return h.enforceRule(ctx, j.Ref)
	case len(j.Target) > len(enforceLifted) && j.Target[:len(enforceLifted)] == enforceLifted:
		return h.enforceLifted(ctx, j.Ref, j.Target[len(enforceLifted):])
	}
	return nil
}

// ended lifts a Decision whose time is over.
func (h *Home) ended(ctx context.Context, id ID) error {
	return h.staffTurn(ctx, nil, func(t *turn) error {
		d, err := t.Decision(ctx, id)
		if err != nil || d.UndoneAt != 0 || d.Until == 0 || d.Until > t.now || d.TargetKind != "actor" {
			return missingOK(err)
		}
		a, _, err := t.target(ctx, d.Target)
		if err != nil || a.State == ActorGone {
			return missingOK(err)
		}
		if d.Kind != DecideDisable && decidedOf(a, d.Kind) != id {
			return nil
		}
		return t.lift(ctx, d.Kind, a)
	})
}

// unfollowOurs takes a suspended Actor of elsewhere out of our Actors' followers.
func (h *Home) unfollowOurs(ctx context.Context, actor ID) error {
	for after := ID(0); ; {
		rows, err := h.Store.Following(ctx, actor, Page{Limit: enforceBatch, MaxID: after})
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].Row
		err = h.staffTurn(ctx, nil, func(t *turn) error {
			a, err := t.Actor(ctx, actor)
			if err != nil || a.Suspended == 0 || a.Local() {
				return missingOK(err)
			}
			targets, err := t.Actors(ctx, rankedIDs(rows))
			if err != nil {
				return err
			}
			for _, target := range targets {
				if !target.Local() {
					continue
				}
				f, err := t.dropFollow(ctx, actor, target.ID)
				if isMissing(err) {
					continue
				}
				if err != nil {
					return err
				}
				if err := t.answerFollow(ctx, Reject, f, target); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(rows) < enforceBatch {
			return err
		}
	}
}
