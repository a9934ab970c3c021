package store

import (
	"context"

	"engawa/social"
)

func (r *reader) Decision(ctx context.Context, id ID) (*social.Decision, error) {
	return one(ctx, r, scanDecision, "select "+decisionColumns+" from decisions where id = $1", id)
}

func scanReport(r row, p *social.Report) error {
	var posts, rules string
	err := r.into(&p.ID, &p.Actor, &p.Target, &posts, &p.Comment, &p.Category, &rules, &p.Forward, &p.URI, &p.CreatedAt, &p.ClosedAt, &p.ClosedBy,
		&p.Assigned, &p.UpdatedAt)
	if err != nil {
		return err
	}
	if err := fromJSON(posts, &p.Posts); err != nil {
		return err
	}
	return fromJSON(rules, &p.Rules)
}

func (r *reader) Report(ctx context.Context, id ID) (*social.Report, error) {
	return one(ctx, r, scanReport, "select "+reportColumns+" from reports where id = $1", id)
}

func (r *reader) Reports(ctx context.Context, f social.ReportFilter) ([]social.Report, error) {
	q := new(query).add("select " + reportColumns + " from reports where ")
	if f.Resolved {
		q.add("closed_at <> 0")
	} else {
		q.add("closed_at = 0")
	}
	if f.Actor != 0 {
		q.add(" and actor = ", f.Actor)
	}
	if f.Target != 0 {
		q.add(" and target = ", f.Target)
	}
	return paged(ctx, r, scanReport, q, "id", f.Page)
}
