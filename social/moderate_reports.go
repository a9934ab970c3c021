package social

import "context"

// ChangeReport lets a moderator change a Report: its category, rules, who looks
// after it, whether it is closed. action is the word for the log, "" for none.
func (h *Home) ChangeReport(ctx context.Context, by *User, id ID, action string, change func(r *Report, now Millis)) (*Report, error) {
	if !by.Role.May(ManageReports) {
		return nil, notAllowed("change report")
	}
	var next Report
	return &next, h.staffTurn(ctx, by, func(t *turn) error {
		r, err := t.Report(ctx, id)
		if err != nil {
			return err
		}
		next = *r
		change(&next, t.now)
		next.UpdatedAt = t.now
		if err := t.PutReport(ctx, &next); err != nil || action == "" {
			return err
		}
		return t.log(ctx, action, "report", id, "#"+id.String(), "")
	})
}

// closeReport closes a Report in the name of the turn's moderator.
func (t *turn) closeReport(ctx context.Context, r *Report) error {
	if r.ClosedAt != 0 {
		return nil
	}
	r.ClosedAt, r.ClosedBy, r.UpdatedAt = t.now, t.actor.ID, t.now
	if r.Assigned == 0 {
		r.Assigned = t.actor.ID
	}
	if err := t.PutReport(ctx, r); err != nil {
		return err
	}
	return t.log(ctx, "resolve", "report", r.ID, "#"+r.ID.String(), "")
}
