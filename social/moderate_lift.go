package social

import "context"

// lifting are Mastodon's words for taking a Decision back.
var lifting = map[string]string{
	DecideSensitive: "unsensitive", DecideLimit: "unsilence", DecideSuspend: "unsuspend", DecideDisable: "enable",
}

// Lift takes back what was decided about an Actor. What is not in force is no
// error, but for a suspension: that must be one of this home.
func (h *Home) Lift(ctx context.Context, by *User, kind string, target ID) error {
	if !by.Role.May(ManageUsers) {
		return notAllowed("lift")
	}
	return h.staffTurn(ctx, by, func(t *turn) error {
		a, user, err := t.target(ctx, target)
		if err != nil {
			return err
		}
		switch kind {
		case DecideDisable:
			if user == nil {
				return notAllowed("enable")
			}
			if user.DisabledAt == 0 {
				return nil
			}
		case DecideSuspend:
			if a.Suspended == 0 || a.State == ActorGone || t.suspendedThere(ctx, a) || t.purged(ctx, a.ID) {
				return notAllowed("unsuspend")
			}
		default:
			if decidedOf(a, kind) == 0 {
				return nil
			}
		}
		if err := t.lift(ctx, kind, a); err != nil {
			return err
		}
		return t.log(ctx, lifting[kind], "actor", a.ID, a.Handle(), "")
	})
}

// lift undoes what a kind of Decision did to an Actor.
func (t *turn) lift(ctx context.Context, kind string, a *Actor) error {
	if kind == DecideDisable {
		return t.enable(ctx, a)
	}
	mark := decidedOf(a, kind)
	if err := t.undo(ctx, mark); err != nil {
		return err
	}
	if _, err := t.MarkActors(ctx, []ID{a.ID}, kind, mark, 0); err != nil {
		return err
	}
	t.emit(Event{Type: ActorChanged, Actor: a.ID})
	if kind != DecideSuspend {
		return nil
	}
	if !a.Local() { // its own home may have suspended it meanwhile
		t.jobs = append(t.jobs, Job{Kind: JobProfile, Ref: a.ID, Target: ProfileAgain})
		return nil
	}
	return t.tellChanged(ctx, a)
}

// enable lets a User log in again.
func (t *turn) enable(ctx context.Context, a *Actor) error {
	u, err := t.User(ctx, a.ID)
	if err != nil {
		return err
	}
	next := *u
	next.DisabledAt = 0
	if err := t.PutUser(ctx, &next); err != nil {
		return err
	}
	in, err := t.Decisions(ctx, "actor", a.ID, "")
	if err != nil {
		return err
	}
	for i := range in {
		if in[i].Kind != DecideDisable {
			continue
		}
		if err := t.undo(ctx, in[i].ID); err != nil {
			return err
		}
	}
	t.emit(Event{Type: ActorChanged, Actor: a.ID})
	return nil
}

// suspendedThere reports whether it was an Actor's own home that suspended it.
func (t *turn) suspendedThere(ctx context.Context, a *Actor) bool {
	if a.Local() || a.Suspended == 0 {
		return false
	}
	d, err := t.Decision(ctx, a.Suspended)
	return err == nil && d.TargetKind == "actor" && d.By == a.ID
}

// purged reports whether what an Actor said was removed for good.
func (t *turn) purged(ctx context.Context, actor ID) bool {
	in, err := t.Decisions(ctx, "actor", actor, "")
	for i := range in {
		if in[i].Kind == DecidePurge {
			return true
		}
	}
	return err != nil
}

// Purge removes for good what a suspended Actor said. One of ours is deleted,
// and its neighbours are told; one of elsewhere stays suspended.
func (h *Home) Purge(ctx context.Context, by *User, target ID) error {
	return h.staffTurn(ctx, by, func(t *turn) error {
		a, _, err := t.target(ctx, target)
		if err != nil {
			return err
		}
		if !by.Role.May(DeleteUserData) || a.Suspended == 0 || a.State == ActorGone || t.purged(ctx, a.ID) {
			return notAllowed("delete account")
		}
		d := Decision{ID: t.h.newID(), Kind: DecidePurge, TargetKind: "actor", Target: a.ID, By: by.ID, CreatedAt: t.now}
		if err := t.PutDecision(ctx, &d); err != nil {
			return err
		}
		if err := t.log(ctx, "destroy", "actor", a.ID, a.Handle(), ""); err != nil {
			return err
		}
		if !a.Local() {
			t.jobs = append(t.jobs, Job{Kind: JobClean, Ref: a.ID, Target: "actor", Key: "clean:" + a.ID.String()})
			return nil
		}
		t.actor, t.a = a, &Activity{Verb: Delete, Actor: a.ID, Object: &ActorRef{Actor: a.ID}, Origin: Local}
		_, err = deleteActor(ctx, t)
		return err
	})
}

// Approve lets a User in that waits for it.
func (h *Home) Approve(ctx context.Context, by *User, target ID) error {
	return h.pending(ctx, by, target, "approve", func(t *turn, u *User) error {
		next := *u
		next.ApprovedAt = t.now
		if err := t.PutUser(ctx, &next); err != nil {
			return err
		}
		t.emit(Event{Type: ActorChanged, Actor: u.ID})
		t.jobs = append(t.jobs, Job{Kind: JobLetter, Ref: u.ID, Target: LetterApproved})
		return nil
	})
}

// Refuse removes a User that waits to be let in; its name and address are free again.
func (h *Home) Refuse(ctx context.Context, by *User, target ID) error {
	return h.pending(ctx, by, target, "reject", func(t *turn, u *User) error {
		t.emit(Event{Type: TokenRevoked, Actor: u.ID})
		t.emit(Event{Type: ActorChanged, Actor: u.ID})
		return t.DropSignUp(ctx, u.ID)
	})
}

func (h *Home) pending(ctx context.Context, by *User, target ID, action string, f func(*turn, *User) error) error {
	return h.staffTurn(ctx, by, func(t *turn) error {
		a, u, err := t.target(ctx, target)
		if err != nil {
			return err
		}
		if !by.Role.May(ManageUsers) || u == nil || u.ApprovedAt != 0 {
			return notAllowed(action)
		}
		if err := f(t, u); err != nil {
			return err
		}
		return t.log(ctx, action, "actor", a.ID, a.Handle(), "")
	})
}

// AllowedWhileSuspended reports whether a suspended Actor of elsewhere may do
// this all the same: what changes nobody else, as Mastodon has it. It is how its
// own home tells that it is suspended no more.
func AllowedWhileSuspended(a *Actor, verb Verb, object ObjectKind) bool {
	switch {
	case a.Local():
		return false
	case verb == Update && object == ObjActor, verb == Undo, verb == Reject, verb == Delete:
		return true
	}
	return false
}

// heardSuspended follows what an Actor's own home says of it: suspended there is
// suspended here, by a Decision of its own, until it is said to be free again.
func (t *turn) heardSuspended(ctx context.Context, a *Actor, there bool) error {
	switch {
	case there && a.Suspended == 0:
		d := Decision{ID: t.h.newID(), Kind: DecideSuspend, TargetKind: "actor", Target: a.ID, By: a.ID, Reason: "suspended by its own home", CreatedAt: t.now}
		a.Suspended = d.ID
		return t.PutDecision(ctx, &d)
	case !there && t.suspendedThere(ctx, a):
		if err := t.undo(ctx, a.Suspended); err != nil {
			return err
		}
		a.Suspended = 0
	}
	return nil
}
