package mastodon

import (
	"slices"
	"strconv"

	"engawa/social"
)

func adminReports(a *API, c *call) (any, error) {
	f := social.ReportFilter{Resolved: c.in.flag("resolved", false)}
	var err error
	if f.Actor, err = c.in.id("account_id"); err != nil {
		return nil, err
	}
	if f.Target, err = c.in.id("target_account_id"); err != nil {
		return nil, err
	}
	if f.Page, err = c.adminPaged(); err != nil {
		return nil, err
	}
	list, err := a.Home.Store.Reports(c.ctx, f)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, list, func(r *social.Report) social.ID { return r.ID })
	return a.adminReportList(c, list)
}

// adminReportList converts Reports in a constant number of queries.
func (a *API) adminReportList(c *call, list []social.Report) ([]*AdminReport, error) {
	var people, posts []social.ID
	for i := range list {
		r := &list[i]
		people = append(people, r.Actor, r.Target, r.Assigned, r.ClosedBy)
		posts = append(posts, r.Posts...)
	}
	slices.Sort(people)
	slices.Sort(posts)
	actors, err := a.Home.Store.Actors(c.ctx, slices.Compact(people))
	if err != nil {
		return nil, err
	}
	accounts, err := a.adminAccounts(c, actors)
	if err != nil {
		return nil, err
	}
	byID := make(map[social.ID]*AdminAccount, len(accounts))
	for i, x := range actors {
		byID[x.ID] = accounts[i]
	}
	statuses, err := a.reportedPosts(c, slices.Compact(posts))
	if err != nil {
		return nil, err
	}
	out := make([]*AdminReport, 0, len(list))
	for i := range list {
		out = append(out, a.adminReport(&list[i], byID, statuses))
	}
	return out, nil
}

// reportedPosts are Posts as the staff has to see them: whatever their audience.
func (a *API) reportedPosts(c *call, ids []social.ID) (map[social.ID]*Status, error) {
	out := make(map[social.ID]*Status, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	posts, err := a.Home.Store.Posts(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	b, err := a.Home.Store.Bundle(c.ctx, c.me(), posts)
	if err != nil {
		return nil, err
	}
	w, err := a.viewOf(c.ctx, c.viewer(), &social.Listing{Posts: posts, Bundle: b}, "")
	if err != nil {
		return nil, err
	}
	for _, p := range posts {
		if s := w.status(p); s.Account != nil {
			out[p.ID] = s
		}
	}
	return out, nil
}

func (a *API) adminReport(r *social.Report, people map[social.ID]*AdminAccount, posts map[social.ID]*Status) *AdminReport {
	out := &AdminReport{
		ID: r.ID.String(), ActionTaken: r.ClosedAt != 0, ActionTakenAt: momentOr(r.ClosedAt), Category: r.Category, Comment: r.Comment,
		Forwarded: r.Forward, CreatedAt: moment(r.CreatedAt), UpdatedAt: moment(max(r.UpdatedAt, r.CreatedAt)),
		Account: people[r.Actor], Target: people[r.Target], Assigned: people[r.Assigned], ActionTakenBy: people[r.ClosedBy],
		Statuses: statusList{}, Rules: []AdminRule{},
	}
	for _, id := range r.Posts {
		if s := posts[id]; s != nil {
			out.Statuses = append(out.Statuses, s)
		}
	}
	for _, n := range r.Rules {
		if n >= 1 && n <= len(a.Home.Info.Rules) {
			out.Rules = append(out.Rules, AdminRule{ID: strconv.Itoa(n), Text: a.Home.Info.Rules[n-1]})
		}
	}
	return out
}

func (a *API) oneAdminReport(c *call, r *social.Report) (any, error) {
	all, err := a.adminReportList(c, []social.Report{*r})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func adminReportShow(a *API, c *call) (any, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	r, err := a.Home.Store.Report(c.ctx, id)
	if err != nil {
		return nil, err
	}
	return a.oneAdminReport(c, r)
}

// onReport changes the Report of the path; action is Mastodon's word for the log.
func onReport(action string, change func(*social.User, *social.Report, social.Millis)) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		id, err := c.pathID("id")
		if err != nil {
			return nil, err
		}
		r, err := a.Home.ChangeReport(c.ctx, c.by(), id, action, func(r *social.Report, now social.Millis) { change(c.by(), r, now) })
		if err != nil {
			return nil, err
		}
		return a.oneAdminReport(c, r)
	}
}

var (
	adminReportAssign   = onReport("assigned_to_self", func(by *social.User, r *social.Report, _ social.Millis) { r.Assigned = by.ID })
	adminReportUnassign = onReport("unassigned", func(_ *social.User, r *social.Report, _ social.Millis) { r.Assigned = 0 })
	adminReportResolve  = onReport("resolve", func(by *social.User, r *social.Report, now social.Millis) { r.ClosedAt, r.ClosedBy = now, by.ID })
	adminReportReopen   = onReport("reopen", func(_ *social.User, r *social.Report, _ social.Millis) { r.ClosedAt, r.ClosedBy = 0, 0 })
)

// adminReportUpdate changes what sort of Report it is.
func adminReportUpdate(a *API, c *call) (any, error) {
	category := c.in.text("category")
	if category != "" && !slices.Contains(reportCategories, category) {
		return nil, badInput("category", "Validation failed: Category is not one of spam, legal, violation, other")
	}
	rules, err := c.in.numbers("rule_ids")
	if err != nil {
		return nil, badInput("rule_ids", "Validation failed: Rules does not reference valid rules")
	}
	for _, n := range rules {
		if n < 1 || n > len(a.Home.Info.Rules) {
			return nil, badInput("rule_ids", "Validation failed: Rules does not reference valid rules")
		}
	}
	return onReport("update", func(_ *social.User, r *social.Report, _ social.Millis) {
		r.Category = orElse(category, r.Category)
		if c.in.has("rule_ids") {
			r.Rules = rules
		}
		if r.Category != "violation" {
			r.Rules = nil
		}
	})(a, c)
}
