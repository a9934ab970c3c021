package social

import "context"

// Between two moves of one Actor must lie this long.
const (
	moveAgainRemote = 7 * 24 * 3_600_000
	moveAgainLocal  = 30 * 24 * 3_600_000
)

// moveActor lets an Actor go to live as another: its followers here follow
// along. Target must name the Actor among its aliases; the transport has
// fetched both anew from their origins before (the one exception to the rule
// that an activity only concerns its own origin).
func moveActor(ctx context.Context, t *turn) (*Result, error) {
	rel := t.a.Object.(*Relocation)
	target, err := t.Actor(ctx, rel.Target)
	if err != nil {
		return nil, err
	}
	if target.ID == t.actor.ID || target.State == ActorGone || !contains(target.Aliases, t.actor.URI) {
		return nil, invalid("move", "target", "the new account must list this one among its aliases first")
	}
	if t.actor.MovedTo == target.ID {
		return &Result{}, nil
	}
	pause := int64(moveAgainRemote)
	if t.actor.Local() {
		pause = moveAgainLocal
	}
	if t.actor.MovedAt != 0 && t.now-t.actor.MovedAt < pause {
		return nil, &Error{Kind: Limited, Op: "move", Message: "this account moved only a short time ago"}
	}
	a := *t.actor
	a.MovedTo, a.MovedAt, a.UpdatedAt = target.ID, t.now, t.now
	if err := t.PutActor(ctx, &a); err != nil {
		return nil, err
	}
	t.emit(Event{Type: ActorChanged, Actor: a.ID})
	t.jobs = append(t.jobs, Job{Kind: JobMove, Ref: a.ID, Key: "move:" + a.ID.String()})
	return &Result{Done: true}, t.send(ctx, Outgoing{
		Verb: Move, URI: a.URI + "#moves/" + target.ID.String(), Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjActor, ID: target.ID, URI: a.URI, TargetURI: target.URI},
	})
}

// FollowAlong lets the Users here that follow a moved Actor follow its new
// self, in the old one's place. It is the work of JobMove and may run twice.
func (h *Home) FollowAlong(ctx context.Context, moved ID) error {
	old, err := h.Store.Actor(ctx, moved)
	if err != nil || old.MovedTo == 0 {
		return err
	}
	users, err := h.Store.LocalFollowers(ctx, moved)
	if err != nil {
		return err
	}
	for _, user := range users {
		if err := h.followAlong(ctx, user, old); err != nil {
			return err
		}
	}
	return nil
}

func (h *Home) followAlong(ctx context.Context, user ID, old *Actor) error {
	f, err := h.Store.Follow(ctx, user, old.ID)
	if err != nil {
		return missingOK(err)
	}
	if user != old.MovedTo {
		_, err = h.Do(ctx, &Activity{Verb: FollowVerb, Actor: user, Object: &FollowAsk{
			Target: old.MovedTo, HideBoosts: &f.HideBoosts, Notify: &f.Notify, Languages: &f.Languages,
		}})
		if err != nil && KindOf(err) == Temporary {
			return err
		}
	}
	_, err = h.Do(ctx, &Activity{Verb: Undo, Actor: user, Object: &Undoing{What: ObjFollow, Actor: old.ID}})
	return err
}
