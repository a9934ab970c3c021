package mastodon

import (
	"context"

	"engawa/social"
)

// AccountWarning is what moderators told somebody whom they decided about.
type AccountWarning struct {
	ID            string    `json:"id"`
	Action        string    `json:"action"`
	Text          string    `json:"text"`
	StatusIDs     []string  `json:"status_ids"`
	TargetAccount *Account  `json:"target_account"`
	Appeal        *struct{} `json:"appeal"` // there are none
	CreatedAt     string    `json:"created_at"`
}

// warningActions are Mastodon's words, the inverse of adminActions.
var warningActions = map[string]string{
	social.DecideWarn: "none", social.DecideSensitive: "sensitive", social.DecideDisable: "disable",
	social.DecideLimit: "silence", social.DecideSuspend: "suspend",
}

// matters are what notifications of the staff and of those it warned are about,
// by Notification.Report.
type matters struct {
	reports  map[social.ID]*Report
	warnings map[social.ID]*AccountWarning
}

// loadMatters reads them, one by one: such notifications are few.
func (w *view) loadMatters(ctx context.Context, rows []social.Notification) error {
	for i := range rows {
		r := &rows[i]
		if r.Report == 0 {
			continue
		}
		if w.reports == nil {
			w.matters = matters{map[social.ID]*Report{}, map[social.ID]*AccountWarning{}}
		}
		var err error
		switch r.Type {
		case social.NotifyReport:
			err = w.loadReport(ctx, r.Report)
		case social.NotifyWarning:
			err = w.loadWarning(ctx, r.Report)
		}
		if err != nil && !social.IsKind(err, social.NotFound) {
			return err
		}
	}
	return nil
}

func (w *view) loadReport(ctx context.Context, id social.ID) error {
	r, err := w.a.Home.Store.Report(ctx, id)
	if err != nil {
		return err
	}
	target, err := w.a.Home.Store.Actor(ctx, r.Target)
	if err == nil {
		w.reports[id] = w.report(r, target)
	}
	return err
}

func (w *view) loadWarning(ctx context.Context, id social.ID) error {
	d, err := w.a.Home.Store.Decision(ctx, id)
	if err != nil {
		return err
	}
	out := &AccountWarning{ID: id.String(), Action: warningActions[d.Kind], Text: d.Reason, StatusIDs: []string{}, CreatedAt: moment(d.CreatedAt)}
	target, err := w.a.Home.Store.Actor(ctx, d.Target)
	if err != nil {
		return err
	}
	out.TargetAccount = w.account(target)
	if d.Report != 0 {
		if r, err := w.a.Home.Store.Report(ctx, d.Report); err == nil {
			for _, p := range r.Posts {
				out.StatusIDs = append(out.StatusIDs, p.String())
			}
		}
	}
	w.warnings[id] = out
	return nil
}
