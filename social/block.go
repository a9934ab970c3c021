package social

import "context"

// blockActor refuses somebody: no follow stays in either direction, and nothing
// of theirs stays in Home.
func blockActor(ctx context.Context, t *turn) (*Result, error) {
	ref := t.a.Object.(*ActorRef)
	target, err := t.Actor(ctx, ref.Actor)
	if err != nil {
		return nil, err
	}
	if target.ID == t.actor.ID {
		return nil, forbidden("block", "This action is not allowed")
	}
	b := &Block{ID: t.h.newID(), Actor: t.actor.ID, Target: target.ID, URI: t.a.URI, CreatedAt: t.now}
	if b.URI == "" {
		b.URI = blockURI(t.actor, b.ID)
	}
	fresh, err := t.PutBlock(ctx, b)
	if err != nil || !fresh {
		return &Result{}, err
	}
	if err := t.partWays(ctx, target); err != nil {
		return nil, err
	}
	if target.Local() {
		return &Result{Done: true}, nil
	}
	return &Result{Done: true}, t.send(ctx, Outgoing{
		Verb: BlockVerb, URI: b.URI, Audience: Direct, Inboxes: []string{target.Inbox},
		Object: OutObject{Kind: ObjActor, ID: target.ID, URI: target.URI},
	})
}

// partWays ends the follows between the turn's Actor and target, and tells a
// neighbour's server what of it was its own.
func (t *turn) partWays(ctx context.Context, target *Actor) error {
	f, err := t.dropFollow(ctx, target.ID, t.actor.ID)
	if err == nil {
		err = t.answerFollow(ctx, Reject, f, t.actor)
	}
	if missingOK(err) != nil {
		return err
	}
	mine, err := t.dropFollow(ctx, t.actor.ID, target.ID)
	if err == nil && !target.Local() {
		err = t.send(ctx, Outgoing{
			Verb: Undo, URI: mine.URI + "/undo", Audience: Direct, Inboxes: []string{target.Inbox},
			Object: OutObject{Kind: ObjFollow, ID: mine.ID, Inner: FollowVerb, URI: mine.URI, Target: target.ID, TargetURI: target.URI},
		})
	}
	if missingOK(err) != nil {
		return err
	}
	if t.actor.Local() {
		if err := t.DropFromHome(ctx, t.actor.ID, target.ID); err != nil {
			return err
		}
		return t.DropNotificationsOf(ctx, t.actor.ID, target.ID, "", 0)
	}
	return t.DropFromHome(ctx, target.ID, t.actor.ID)
}

// undoBlock takes a block back; follows do not come back with it.
func undoBlock(ctx context.Context, t *turn) (*Result, error) {
	u := t.a.Object.(*Undoing)
	b, err := t.DropBlock(ctx, t.actor.ID, u.Actor)
	if isMissing(err) {
		return &Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	target, err := t.Actor(ctx, u.Actor)
	if err != nil || target.Local() {
		return &Result{Done: true}, err
	}
	return &Result{Done: true}, t.send(ctx, Outgoing{
		Verb: Undo, URI: b.URI + "/undo", Audience: Direct, Inboxes: []string{target.Inbox},
		Object: OutObject{Kind: ObjBlock, ID: b.ID, Inner: BlockVerb, URI: b.URI, Target: target.ID, TargetURI: target.URI},
	})
}
