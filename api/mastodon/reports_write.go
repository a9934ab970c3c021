package mastodon

import (
	"slices"
	"strconv"
	"strings"

	"engawa/social"
)

// Report is a complaint to the moderators.
type Report struct {
	ID            string   `json:"id"`
	ActionTaken   bool     `json:"action_taken"`
	ActionTakenAt *string  `json:"action_taken_at"`
	Category      string   `json:"category"`
	Comment       string   `json:"comment"`
	Forwarded     bool     `json:"forwarded"`
	CreatedAt     string   `json:"created_at"`
	StatusIDs     []string `json:"status_ids"`
	RuleIDs       []string `json:"rule_ids"`
	CollectionIDs []string `json:"collection_ids"`
	TargetAccount *Account `json:"target_account"`
}

// Bounds of a report: Mastodon's for what is written, our own for the posts.
const (
	maxReportComment = 1000 // characters
	maxReported      = 100
)

var reportCategories = []string{"spam", "legal", "violation", "other"}

func createReport(a *API, c *call) (any, error) {
	id, ok := social.ParseID(c.in.text("account_id"))
	if !ok {
		return nil, social.ErrNotFound
	}
	target, err := a.Home.Store.Actor(c.ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := a.readReport(c, target)
	if err != nil {
		return nil, err
	}
	res, err := a.do(c, social.Flag, &social.Complaint{Report: *r})
	if err != nil {
		return nil, err
	}
	return a.report(c, res.Report, target), nil
}

func (a *API) readReport(c *call, target *social.Actor) (*social.Report, error) {
	in := c.in
	r := &social.Report{
		Target: target.ID, Comment: strings.TrimSpace(in.text("comment")), Category: in.text("category"),
		Forward: in.flag("forward", false) && !target.Local(), Posts: in.ids("status_ids"),
	}
	if in.has("rule_ids") && r.Category == "" {
		r.Category = "violation"
	}
	r.Category = orElse(r.Category, "other")
	switch {
	case len([]rune(r.Comment)) > maxReportComment:
		return nil, badInput("comment", "Validation failed: Comment is too long (maximum is "+strconv.Itoa(maxReportComment)+" characters)")
	case len(r.Posts) > maxReported:
		return nil, badInput("status_ids", "Validation failed: At most "+strconv.Itoa(maxReported)+" posts can be reported at once")
	case !slices.Contains(reportCategories, r.Category):
		return nil, badInput("category", "Validation failed: Category is not one of spam, legal, violation, other")
	}
	if r.Category != "violation" {
		return r, nil
	}
	var err error
	if r.Rules, err = in.numbers("rule_ids"); err != nil {
		return nil, badInput("rule_ids", "Validation failed: Rules does not reference valid rules")
	}
	for _, n := range r.Rules {
		if n < 1 || n > len(a.Home.Info.Rules) {
			return nil, badInput("rule_ids", "Validation failed: Rules does not reference valid rules")
		}
	}
	return r, nil
}

func (a *API) report(c *call, r *social.Report, target *social.Actor) *Report {
	return a.view(c.viewer()).report(r, target)
}

func (w *view) report(r *social.Report, target *social.Actor) *Report {
	out := &Report{
		ID: r.ID.String(), ActionTaken: r.ClosedAt != 0, ActionTakenAt: momentOr(r.ClosedAt), Category: r.Category, Comment: r.Comment,
		Forwarded: r.Forward, CreatedAt: moment(r.CreatedAt), StatusIDs: []string{}, RuleIDs: []string{}, CollectionIDs: []string{},
		TargetAccount: w.account(target),
	}
	for _, id := range r.Posts {
		out.StatusIDs = append(out.StatusIDs, id.String())
	}
	for _, n := range r.Rules {
		out.RuleIDs = append(out.RuleIDs, strconv.Itoa(n))
	}
	return out
}
