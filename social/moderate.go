package social

import "context"

// Moderation is what a moderator does about an Actor.
type Moderation struct {
	By     *User
	Kind   string // DecideWarn, DecideSensitive, DecideDisable, DecideLimit, DecideSuspend
	Target ID
	Report ID     // the Report that it answers, zero for none
	Reason string // plain text, told to a User of ours where Tell
	Until  Millis // when it is undone by itself; zero: not
	Tell   bool   // a User of ours is notified
}

// deciding are the kinds of Moderation: who may, and what is done.
var deciding = map[string]struct {
	may Permission
	do  func(context.Context, *turn, *Actor, *Decision) error
}{
	DecideWarn:      {ManageUsers | ManageReports, nil},
	DecideSensitive: {ManageUsers | ManageReports, markDecided},
	DecideLimit:     {ManageUsers | ManageReports, markDecided},
	DecideSuspend:   {ManageUsers | ManageReports, suspendActor},
	DecideDisable:   {ManageUsers, disableUser},
}

// maxReason bounds why something was decided, in characters.
const maxReason = 5000

// Moderate decides about an Actor and carries it out: one Decision, the open
// Reports about the Actor closed (with DecideWarn, the one it answers), the log.
func (h *Home) Moderate(ctx context.Context, m Moderation) (*Decision, error) {
	const op = "moderate"
	kind, ok := deciding[m.Kind]
	if !ok {
		return nil, invalid(op, "type", "Record invalid")
	}
	if len([]rune(m.Reason)) > maxReason {
		return nil, invalid(op, "text", "Validation failed: Text is too long (maximum is 5000 characters)")
	}
	var d *Decision
	return d, h.staffTurn(ctx, m.By, func(t *turn) error {
		target, user, err := t.target(ctx, m.Target)
		if err != nil {
			return err
		}
		if !m.By.Role.May(kind.may) || !m.By.Role.Outranks(user) || target.Kind == Server {
			return notAllowed(op)
		}
		if m.Report != 0 {
			if r, err := t.Report(ctx, m.Report); err != nil || r.Target != target.ID {
				return notFound("report")
			}
		}
		d = &Decision{
			ID: t.h.newID(), Kind: m.Kind, TargetKind: "actor", Target: target.ID, By: m.By.ID, Reason: m.Reason, Until: m.Until,
			CreatedAt: t.now, Report: m.Report,
		}
		if kind.do != nil {
			if err := kind.do(ctx, t, target, d); err != nil {
				return err
			}
		}
		if err := t.PutDecision(ctx, d); err != nil {
			return err
		}
		return t.decided(ctx, &m, target, user, d)
	})
}

// decided does what follows every Decision about an Actor.
func (t *turn) decided(ctx context.Context, m *Moderation, target *Actor, user *User, d *Decision) error {
	if d.Until != 0 {
		t.jobs = append(t.jobs, Job{Kind: JobEnforce, Ref: d.ID, Target: enforceUntil, RunAt: d.Until})
	}
	if m.Kind != DecideWarn || m.Reason != "" {
		if err := t.log(ctx, auditNames[m.Kind], "actor", target.ID, target.Handle(), m.Reason); err != nil {
			return err
		}
	}
	if err := t.answerReports(ctx, m, target); err != nil {
		return err
	}
	if !m.Tell || user == nil {
		return nil
	}
	server, err := t.ServerActor(ctx, target.Home)
	if err != nil {
		return missingOK(err)
	}
	return t.notify(ctx, note{user: target.ID, typ: NotifyWarning, from: server.ID, report: d.ID})
}

// auditNames are Mastodon's words in its log.
var auditNames = map[string]string{
	DecideWarn: "create", DecideSensitive: "sensitive", DecideLimit: "silence", DecideSuspend: "suspend", DecideDisable: "disable",
}

// answerReports closes what was answered: the open Reports about the Actor, or
// with a mere warning the one that was named.
func (t *turn) answerReports(ctx context.Context, m *Moderation, target *Actor) error {
	var open []Report
	if m.Kind != DecideWarn {
		var err error
		if open, err = t.Reports(ctx, ReportFilter{Target: target.ID, Page: Page{Limit: maxAnswered}}); err != nil {
			return err
		}
	} else if m.Report != 0 {
		r, err := t.Report(ctx, m.Report)
		if err != nil {
			return err
		}
		open = []Report{*r}
	}
	for i := range open {
		if err := t.closeReport(ctx, &open[i]); err != nil {
			return err
		}
	}
	return nil
}

// maxAnswered bounds how many Reports one Decision closes.
const maxAnswered = 1000

// target loads whom a moderator means; user is nil for who is no User of ours.
func (t *turn) target(ctx context.Context, id ID) (*Actor, *User, error) {
	a, err := t.Actor(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if !a.Local() {
		return a, nil, nil
	}
	u, err := t.User(ctx, id)
	return a, u, missingOK(err)
}

// staffTurn is a turn of somebody of the staff.
func (h *Home) staffTurn(ctx context.Context, by *User, f func(*turn) error) error {
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Origin: Local}, now: h.now()}
		if by != nil {
			var err error
			if t.actor, err = tx.Actor(ctx, by.ID); err != nil {
				return err
			}
		}
		if err := f(t); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

// log writes what the turn's moderator did.
func (t *turn) log(ctx context.Context, action, kind string, target ID, label, details string) error {
	e := AuditEntry{ID: t.h.newID(), Action: action, TargetKind: kind, Target: target, Label: label, Details: details, CreatedAt: t.now}
	if t.actor != nil {
		e.By = t.actor.ID
	}
	return t.PutAudit(ctx, &e)
}

// decidedOf is the Decision of kind that stands on an Actor.
func decidedOf(a *Actor, kind string) ID {
	switch kind {
	case DecideSuspend:
		return a.Suspended
	case DecideLimit:
		return a.Limited
	case DecideSensitive:
		return a.MarkSensitive
	}
	return 0
}

// markDecided puts d on its Actor in place of what stood there, which is undone.
func markDecided(ctx context.Context, t *turn, target *Actor, d *Decision) error {
	former := decidedOf(target, d.Kind)
	if former != 0 {
		if err := t.undo(ctx, former); err != nil {
			return err
		}
	}
	if _, err := t.MarkActors(ctx, []ID{target.ID}, d.Kind, former, d.ID); err != nil {
		return err
	}
	t.emit(Event{Type: ActorChanged, Actor: target.ID})
	return nil
}

// undo notes of a Decision about one Actor that it is not in force any more.
func (t *turn) undo(ctx context.Context, id ID) error {
	d, err := t.Decision(ctx, id)
	if err != nil || d.TargetKind != "actor" {
		return missingOK(err)
	}
	next := *d
	next.UndoneAt = t.now
	if t.actor != nil {
		next.UndoneBy = t.actor.ID
	}
	return t.PutDecision(ctx, &next)
}

// suspendActor: nobody sees what it says. One of ours is logged out everywhere
// and its neighbours are told; one of elsewhere stops following ours, since its
// own home goes on showing it what it gets.
func suspendActor(ctx context.Context, t *turn, target *Actor, d *Decision) error {
	if target.State == ActorGone {
		return notAllowed("suspend")
	}
	if err := markDecided(ctx, t, target, d); err != nil {
		return err
	}
	if !target.Local() {
		t.jobs = append(t.jobs, Job{Kind: JobEnforce, Ref: target.ID, Target: enforceFollows})
		return nil
	}
	if err := t.logOut(ctx, target.ID); err != nil {
		return err
	}
	return t.tellChanged(ctx, target)
}

// logOut ends all that a User is logged in with.
func (t *turn) logOut(ctx context.Context, user ID) error {
	if _, err := t.RevokeTokens(ctx, user, 0, t.now); err != nil {
		return err
	}
	if err := t.DropSessions(ctx, user); err != nil {
		return err
	}
	t.emit(Event{Type: TokenRevoked, Actor: user})
	return nil
}

// tellChanged sends an Update of an Actor of ours to who knows it.
func (t *turn) tellChanged(ctx context.Context, a *Actor) error {
	return t.sendAs(ctx, a, Outgoing{
		Verb: Update, URI: updateURI(a.URI, t.now), Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjActor, ID: a.ID, URI: a.URI, At: t.now},
	})
}

// disableUser: the Actor stays, nobody logs in as it.
func disableUser(ctx context.Context, t *turn, target *Actor, _ *Decision) error {
	u, err := t.User(ctx, target.ID)
	if err != nil || !target.Local() {
		return notAllowed("disable")
	}
	next := *u
	next.DisabledAt = t.now
	if err := t.PutUser(ctx, &next); err != nil {
		return err
	}
	return t.logOut(ctx, target.ID)
}
