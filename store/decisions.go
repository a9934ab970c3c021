package store

import (
	"context"

	"engawa/social"
)

const decisionColumns = "id, kind, target_kind, target, domain, by_actor, reason, until, created_at, undone_at, undone_by, report"

func scanDecision(r row, d *social.Decision) error {
	return r.into(&d.ID, &d.Kind, &d.TargetKind, &d.Target, &d.Domain, &d.By, &d.Reason, &d.Until, &d.CreatedAt, &d.UndoneAt, &d.UndoneBy, &d.Report)
}

// Decisions are those in force, newest first.
func (r *reader) Decisions(ctx context.Context, targetKind string, target ID, domain string) ([]social.Decision, error) {
	return many(ctx, r, scanDecision, "select "+decisionColumns+` from decisions where target_kind = $1 and target = $2 and domain = $3
		and undone_at = 0 and (until = 0 or until > $4) order by id desc`, targetKind, target, domain, r.clock.Now().UnixMilli())
}

func (r *reader) BlockedDomains(ctx context.Context) ([]social.Decision, error) {
	return many(ctx, r, scanDecision, "select "+decisionColumns+` from decisions where target_kind = 'domain' and kind in ('domain', 'suspend')
		and undone_at = 0 and (until = 0 or until > $1) order by id desc`, r.clock.Now().UnixMilli())
}

var putDecision = "insert into decisions (" + decisionColumns + ") values " + params(12) + " on conflict (id) do update set " + excluded("("+decisionColumns+")")

func (t *tx) PutDecision(ctx context.Context, d *social.Decision) error {
	return t.do(ctx, putDecision, d.ID, d.Kind, d.TargetKind, d.Target, d.Domain, d.By, d.Reason, d.Until, d.CreatedAt, d.UndoneAt, d.UndoneBy, d.Report)
}

const reportColumns = "id, actor, target, posts, comment, category, rules, forward, uri, created_at, closed_at, closed_by, assigned, updated_at"

var putReport = "insert into reports (" + reportColumns + ") values " + params(14) + " on conflict (id) do update set " + excluded("("+reportColumns+")")

// PutReport answers a Conflict when the URI is another report's.
func (t *tx) PutReport(ctx context.Context, r *social.Report) error {
	err := t.do(ctx, putReport, r.ID, r.Actor, r.Target, toJSON(r.Posts), r.Comment, r.Category, toJSON(r.Rules), r.Forward, r.URI, r.CreatedAt, r.ClosedAt, r.ClosedBy, r.Assigned, r.UpdatedAt)
	if err != nil && t.dialect.taken(err) {
		return &social.Error{Kind: social.Conflict, Op: "put report", Message: "the report " + r.URI + " is known already", Err: err}
	}
	return err
}
