package social

import "context"

// flagReport files a complaint with the moderators here and, where the reporter
// wishes, with the reported Actor's server, in the name of the server's actor.
func flagReport(ctx context.Context, t *turn) (*Result, error) {
	r := t.a.Object.(*Complaint).Report
	if deaf, err := t.refusesReports(ctx); err != nil || deaf {
		return &Result{}, err
	}
	r.ID, r.Actor, r.CreatedAt = t.h.newID(), t.actor.ID, t.now
	if r.URI == "" && !t.actor.Local() {
		r.URI = t.a.URI
	}
	if len([]rune(r.Comment)) > maxComment {
		return nil, invalid("report", "comment", "Validation failed: Comment is too long (maximum is 5000 characters)")
	}
	target, err := t.Actor(ctx, r.Target)
	if err != nil {
		return nil, err
	}
	if r.Posts, err = t.reportable(ctx, r.Posts, target.ID); err != nil {
		return nil, err
	}
	if r.Category == "" {
		r.Category = "other"
	}
	if err := t.PutReport(ctx, &r); err != nil {
		return nil, err
	}
	if err := t.tellStaff(ctx, &r); err != nil {
		return nil, err
	}
	if !t.local() || !r.Forward || target.Local() {
		return &Result{Report: &r, Done: true}, nil
	}
	server, err := t.ServerActor(ctx, t.actor.Home)
	if err != nil {
		return nil, err
	}
	return &Result{Report: &r, Done: true}, t.sendAs(ctx, server, Outgoing{
		Verb: Flag, URI: server.URI + "#flags/" + r.ID.String(), Audience: Direct, Inboxes: []string{target.BestInbox()},
		Object: OutObject{Kind: ObjReport, ID: r.ID, TargetURI: target.URI, Posts: r.Posts, Content: r.Comment},
	})
}

// maxComment bounds what is written here, in characters; what comes from
// elsewhere is cut by the network.
const maxComment = 5000

// reportable are those of ids that target wrote and the reporter may see.
func (t *turn) reportable(ctx context.Context, ids []ID, target ID) ([]ID, error) {
	posts, err := t.Posts(ctx, ids)
	if err != nil {
		return nil, err
	}
	var kept []ID
	for _, p := range posts {
		if p.Actor != target || (t.actor.Kind != Server && t.mustSee(ctx, p) != nil) {
			continue
		}
		kept = append(kept, p.ID)
	}
	return kept, nil
}

// tellStaff notifies who manages Reports.
func (t *turn) tellStaff(ctx context.Context, r *Report) error {
	users, err := t.Staff(ctx)
	if err != nil {
		return err
	}
	for _, u := range t.staffWith(users, ManageReports) {
		if err := t.notify(ctx, note{user: u.ID, typ: NotifyReport, report: r.ID}); err != nil {
			return err
		}
	}
	return nil
}
