package social

import "context"

// followActor asks to follow, follows at once where nobody has to be asked, or
// changes how somebody is followed. A repeated Follow of a neighbour is answered again.
func followActor(ctx context.Context, t *turn) (*Result, error) {
	ask := t.a.Object.(*FollowAsk)
	target, err := t.Actor(ctx, ask.Target)
	if err != nil {
		return nil, err
	}
	if target.ID == t.actor.ID {
		return nil, forbidden("follow", "This action is not allowed")
	}
	if t.actor.Local() && onlyThere(target) {
		return t.followThere(ctx, target)
	}
	f, err := t.Follow(ctx, t.actor.ID, target.ID)
	if err == nil {
		return t.followAgain(ctx, f, ask, target)
	}
	if !isMissing(err) {
		return nil, err
	}
	refused, err := t.followRefused(ctx, target)
	if err != nil {
		return nil, err
	}
	if refused {
		return t.refuseFollow(ctx, target)
	}
	f = &Follow{ID: t.h.newID(), Actor: t.actor.ID, Target: target.ID, URI: t.a.URI, CreatedAt: t.now}
	if f.URI == "" {
		f.URI = followURI(t.actor, f.ID)
	}
	ask.apply(f)
	f.Pending = !target.Local() || target.Locked || t.actor.Limited != 0
	if err := t.PutFollow(ctx, f); err != nil {
		return nil, err
	}
	if err := t.afterFollow(ctx, f, target); err != nil {
		return nil, err
	}
	return &Result{Follow: f, Done: true}, nil
}

func (ask *FollowAsk) apply(f *Follow) {
	if ask.HideBoosts != nil {
		f.HideBoosts = *ask.HideBoosts
	}
	if ask.Notify != nil {
		f.Notify = *ask.Notify
	}
	if ask.Languages != nil {
		f.Languages = *ask.Languages
	}
}

func (t *turn) followAgain(ctx context.Context, f *Follow, ask *FollowAsk, target *Actor) (*Result, error) {
	ask.apply(f)
	if t.a.URI != "" {
		f.URI = t.a.URI
	}
	if err := t.PutFollow(ctx, f); err != nil {
		return nil, err
	}
	if !t.actor.Local() && target.Local() && !f.Pending {
		return &Result{Follow: f}, t.answerFollow(ctx, Accept, f, target)
	}
	return &Result{Follow: f}, nil
}

// followRefused: blocked either way, moved away, or nobody one can follow.
func (t *turn) followRefused(ctx context.Context, target *Actor) (bool, error) {
	if target.State == ActorGone || target.Kind == Server || target.Suspended != 0 {
		return true, nil
	}
	if target.Local() && target.MovedTo != 0 {
		return true, nil
	}
	refused, err := t.BlockedAmong(ctx, []ID{target.ID}, t.actor)
	return refused[target.ID] == RefusesAll, err
}

func (t *turn) refuseFollow(ctx context.Context, target *Actor) (*Result, error) {
	if t.actor.Local() {
		return nil, forbidden("follow", "This action is not allowed")
	}
	f := &Follow{Actor: t.actor.ID, Target: target.ID, URI: t.a.URI}
	return &Result{}, t.answerFollow(ctx, Reject, f, target)
}

// afterFollow counts, fills Home, tells the followed one, and its server.
func (t *turn) afterFollow(ctx context.Context, f *Follow, target *Actor) error {
	if !f.Pending {
		if err := t.followed(ctx, f); err != nil {
			return err
		}
	}
	if target.Local() {
		typ := NotifyFollow
		if f.Pending {
			typ = NotifyFollowRequest
		}
		if err := t.notify(ctx, note{user: target.ID, typ: typ}); err != nil {
			return err
		}
		if !t.actor.Local() && !f.Pending {
			return t.answerFollow(ctx, Accept, f, target)
		}
		return nil
	}
	return t.send(ctx, Outgoing{
		Verb: FollowVerb, URI: f.URI, Audience: Direct, Inboxes: []string{target.Inbox},
		Object: OutObject{Kind: ObjActor, ID: target.ID, URI: target.URI},
	})
}

// homeFill is how many of somebody's Posts come into Home when it is followed.
const homeFill = 40

// followed does what an accepted follow changes.
func (t *turn) followed(ctx context.Context, f *Follow) error {
	if err := t.CountActor(ctx, f.Target, 0, 1, 0, 0); err != nil {
		return err
	}
	if err := t.CountActor(ctx, f.Actor, 0, 0, 1, 0); err != nil {
		return err
	}
	follower, err := t.Actor(ctx, f.Actor)
	if err != nil || !follower.Local() {
		return err
	}
	target, err := t.Actor(ctx, f.Target)
	if err != nil {
		return err
	}
	if !target.Local() {
		t.jobs = append(t.jobs, Job{Kind: JobProfile, Ref: target.ID})
	}
	return t.FillHome(ctx, f.Actor, f.Target, homeFill)
}

// answerFollow sends Accept or Reject of a neighbour's follow of ours.
func (t *turn) answerFollow(ctx context.Context, verb Verb, f *Follow, target *Actor) error {
	follower, err := t.Actor(ctx, f.Actor)
	if err != nil || follower.Local() {
		return err
	}
	suffix := "#accepts/follows/"
	if verb == Reject {
		suffix = "#rejects/follows/"
	}
	o := Outgoing{
		Actor: target.ID, Verb: verb, URI: target.URI + suffix + t.h.newID().String(), Audience: Direct, Inboxes: []string{follower.Inbox},
		Object: OutObject{Kind: ObjFollow, ID: f.ID, Inner: FollowVerb, URI: f.URI, Target: follower.ID, TargetURI: follower.URI},
	}
	return t.sendAs(ctx, target, o)
}

// sendAs sends for another Actor of ours than the one whose turn it is: the
// answer to a neighbour's Activity.
func (t *turn) sendAs(ctx context.Context, a *Actor, o Outgoing) error {
	if !a.Local() || t.a.Quiet {
		return nil
	}
	o.ID, o.Actor, o.CreatedAt = t.h.newID(), a.ID, t.now
	if err := t.PutOutgoing(ctx, &o); err != nil {
		return err
	}
	t.jobs = append(t.jobs, Job{Kind: JobFanout, Ref: o.ID, Key: "actor:" + a.ID.String()})
	return nil
}

// acceptFollow lets a follower in: the turn's Actor says yes to Follower.
func acceptFollow(ctx context.Context, t *turn) (*Result, error) {
	f, err := t.Follow(ctx, t.a.Object.(*FollowAnswer).Follower, t.actor.ID)
	if isMissing(err) && t.a.Origin != Local {
		return &Result{}, nil // taken back in the meantime
	}
	if err != nil {
		return nil, err
	}
	if !f.Pending {
		return &Result{Follow: f}, nil
	}
	f.Pending = false
	if err := t.PutFollow(ctx, f); err != nil {
		return nil, err
	}
	if err := t.followed(ctx, f); err != nil {
		return nil, err
	}
	if t.actor.Local() {
		if err := t.DropNotificationsOf(ctx, t.actor.ID, f.Actor, NotifyFollowRequest, 0); err != nil {
			return nil, err
		}
		if err := t.notify(ctx, note{user: t.actor.ID, typ: NotifyFollow, from: f.Actor}); err != nil {
			return nil, err
		}
	}
	return &Result{Follow: f, Done: true}, t.answerFollow(ctx, Accept, f, t.actor)
}

// rejectFollow refuses a request, or removes a follower.
func rejectFollow(ctx context.Context, t *turn) (*Result, error) {
	f, err := t.dropFollow(ctx, t.a.Object.(*FollowAnswer).Follower, t.actor.ID)
	if isMissing(err) {
		return &Result{}, nil // Misskey answers an Undo with a Reject
	}
	if err != nil {
		return nil, err
	}
	if t.actor.Local() {
		if err := t.DropNotificationsOf(ctx, t.actor.ID, f.Actor, NotifyFollowRequest, 0); err != nil {
			return nil, err
		}
	}
	return &Result{Follow: f, Done: true}, t.answerFollow(ctx, Reject, f, t.actor)
}

// dropFollow removes a follow with its counts and feed rows.
func (t *turn) dropFollow(ctx context.Context, actor, target ID) (*Follow, error) {
	f, err := t.DropFollow(ctx, actor, target)
	if err != nil || f.Pending {
		return f, err
	}
	if err := t.CountActor(ctx, target, 0, -1, 0, 0); err != nil {
		return nil, err
	}
	if err := t.CountActor(ctx, actor, 0, 0, -1, 0); err != nil {
		return nil, err
	}
	return f, t.DropFromHome(ctx, actor, target)
}

// undoFollow stops following, or takes a request back.
func undoFollow(ctx context.Context, t *turn) (*Result, error) {
	u := t.a.Object.(*Undoing)
	if t.actor.Local() {
		if err := t.takeBackThere(ctx, Answer{Verb: FollowVerb, Target: u.Actor}); err != nil {
			return nil, err
		}
	}
	f, err := t.dropFollow(ctx, t.actor.ID, u.Actor)
	if isMissing(err) {
		return &Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	target, err := t.Actor(ctx, f.Target)
	if err != nil {
		return nil, err
	}
	if target.Local() {
		for _, typ := range []NotificationType{NotifyFollow, NotifyFollowRequest} {
			if err := t.DropNotificationsOf(ctx, target.ID, f.Actor, typ, 0); err != nil {
				return nil, err
			}
		}
		return &Result{Follow: f, Done: true}, nil
	}
	return &Result{Follow: f, Done: true}, t.send(ctx, Outgoing{
		Verb: Undo, URI: f.URI + "/undo", Audience: Direct, Inboxes: []string{target.Inbox},
		Object: OutObject{Kind: ObjFollow, ID: f.ID, Inner: FollowVerb, URI: f.URI, Target: target.ID, TargetURI: target.URI},
	})
}
