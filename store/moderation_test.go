package store

import (
	"context"
	"strings"
	"testing"

	"engawa/social"
)

// actorIDs are who was listed.
func actorIDs(list []*social.Actor, err error) ([]ID, error) {
	var ids []ID
	for _, a := range list {
		ids = append(ids, a.ID)
	}
	return ids, err
}

func TestAdminActors(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.locals(1, 2, 3, 4)
		d.neighbours(11, 12)
		d.change(func(t *tx) error {
			for id, u := range map[ID]social.User{
				1: {Role: social.Admin, ApprovedAt: 1}, 2: {Role: social.Moderator, ApprovedAt: 1, DisabledAt: 5},
				3: {Reason: "please", InvitedBy: 1, SignUpAddress: "192.0.2.7"}, 4: {ApprovedAt: 1},
			} {
				u.ID, u.Email, u.CreatedAt = id, "p"+id.String()+"@mail.example", testNow
				if err := t.PutUser(d.ctx, &u); err != nil {
					return err
				}
			}
			if err := t.PutSession(d.ctx, &social.Session{Hash: []byte("h"), User: 4, Address: "2001:db8::1", CreatedAt: 1, SeenAt: testNow + 1, ExpiresAt: testNow * 2}); err != nil {
				return err
			}
			for kind, id := range map[string]ID{social.DecideSuspend: 11, social.DecideLimit: 12, social.DecideSensitive: 4} {
				if got, err := t.MarkActors(d.ctx, ids(id, 99), kind, 0, 7); err != nil || len(got) != 1 {
					d.Errorf("marked %v, %v", got, err)
				}
			}
			return nil
		})
		page := social.Page{Limit: 9}
		for name, c := range map[string]struct {
			f    social.ActorFilter
			want []ID
		}{
			"all":        {social.ActorFilter{}, ids(12, 11, 4, 3, 2, 1)},
			"local":      {social.ActorFilter{Origin: "local", Status: "active"}, ids(4, 3, 2, 1)},
			"remote":     {social.ActorFilter{Origin: "remote", Status: "active"}, ids(12)},
			"suspended":  {social.ActorFilter{Status: "suspended"}, ids(11)},
			"silenced":   {social.ActorFilter{Status: "silenced"}, ids(12)},
			"sensitized": {social.ActorFilter{Status: "sensitized"}, ids(4)},
			"pending":    {social.ActorFilter{Status: "pending"}, ids(3)},
			"disabled":   {social.ActorFilter{Status: "disabled"}, ids(2)},
			"staff":      {social.ActorFilter{ByRole: true, Roles: []social.Role{social.Moderator, social.Admin}}, ids(2, 1)},
			"no role":    {social.ActorFilter{ByRole: true}, nil},
			"members":    {social.ActorFilter{ByRole: true, Roles: []social.Role{social.Member}}, ids(4, 3)},
			"username":   {social.ActorFilter{Username: "LOCAL"}, ids(4, 3, 2, 1)},
			"display":    {social.ActorFilter{DisplayName: "the far"}, ids(12, 11)},
			"domain":     {social.ActorFilter{Domain: "far12.example"}, ids(12)},
			"email":      {social.ActorFilter{Email: "P2@"}, ids(2)},
			"sign-up":    {social.ActorFilter{Address: "192.0.2.0/24"}, ids(3)},
			"session":    {social.ActorFilter{Address: "2001:db8::1"}, ids(4)},
			"no address": {social.ActorFilter{Address: "x"}, nil},
			"invited":    {social.ActorFilter{InvitedBy: 1}, ids(3)},
		} {
			c.f.Page = page
			gives(d, name, c.want)(actorIDs(d.AdminActors(d.ctx, c.f)))
		}
		gives(d, "paged", ids(3, 2))(actorIDs(d.AdminActors(d.ctx, social.ActorFilter{Page: social.Page{MinID: 1, Limit: 2}})))
		gives(d, "addresses", []social.UsedAddress{{User: 4, Address: "2001:db8::1", At: testNow + 1}, {User: 3, Address: "192.0.2.7", At: testNow}})(d.UserAddresses(d.ctx, ids(3, 4)))
		if a, err := d.Actor(d.ctx, 11); err != nil || a.Suspended != 7 {
			d.Errorf("the mark is not there: %+v %v", a, err)
		}
		d.change(func(t *tx) error {
			got, err := t.MarkActors(d.ctx, ids(11, 12), social.DecideSuspend, 7, 0)
			if len(got) != 1 {
				d.Errorf("unmarked %v", got)
			}
			return err
		})
		if a, err := d.Actor(d.ctx, 11); err != nil || a.Suspended != 0 {
			d.Errorf("the mark stays: %+v %v", a, err)
		}
		staff, err := d.Staff(d.ctx)
		if err != nil || len(staff) != 2 || staff[0].ID != 1 {
			d.Errorf("staff %v %v", staff, err)
		}
		d.change(func(t *tx) error { return t.DropSignUp(d.ctx, 3) })
		missing[*social.Actor](d, "who was refused")(d.Actor(d.ctx, 3))
		missing[*social.User](d, "who was refused")(d.User(d.ctx, 3))
		d.refuse(social.NotFound, func(t *tx) error { return t.DropSignUp(d.ctx, 4) })
	})
}

func TestModeratorsReports(t *testing.T) {
	onBoth(t, func(d *desk) {
		list := []social.Report{
			{ID: 1, Actor: 5, Target: 6, Posts: ids(8), Category: "spam", CreatedAt: testNow},
			{ID: 2, Actor: 7, Target: 6, Rules: []int{1}, Comment: "c", Category: "violation", CreatedAt: testNow, Assigned: 9, UpdatedAt: 3},
			{ID: 3, Actor: 5, Target: 4, Category: "other", CreatedAt: testNow - dayMillis, ClosedAt: testNow, ClosedBy: 9},
		}
		d.change(func(t *tx) error {
			for i := range list {
				if err := t.PutReport(d.ctx, &list[i]); err != nil {
					return err
				}
			}
			return t.PutDecision(d.ctx, &social.Decision{ID: 77, Kind: "warn", TargetKind: "actor", Target: 6, Report: 2, CreatedAt: 1})
		})
		page := social.Page{Limit: 9}
		gives(d, "open", []social.Report{list[1], list[0]})(d.Reports(d.ctx, social.ReportFilter{Page: page}))
		gives(d, "closed", list[2:])(d.Reports(d.ctx, social.ReportFilter{Resolved: true, Page: page}))
		gives(d, "by", list[:1])(d.Reports(d.ctx, social.ReportFilter{Actor: 5, Page: page}))
		gives(d, "of", list[1:2])(d.Reports(d.ctx, social.ReportFilter{Target: 6, Page: social.Page{Limit: 1}}))
		gives(d, "one", &list[2])(d.Report(d.ctx, 3))
		missing[*social.Report](d, "none")(d.Report(d.ctx, 4))
		if got, err := d.Decision(d.ctx, 77); err != nil || got.Report != 2 {
			d.Errorf("%+v %v", got, err)
		}
		gives(d, "opened", []social.CountOn{{Day: midnight(testNow - dayMillis), N: 1}, {Day: midnight(testNow), N: 2}})(
			d.OpenedReports(d.ctx, midnight(testNow)-dayMillis, midnight(testNow)))
		gives(d, "resolved", []social.CountOn{{Day: midnight(testNow), N: 1}})(d.ResolvedReports(d.ctx, midnight(testNow), midnight(testNow)))
	})
}

func TestDomainRules(t *testing.T) {
	onBoth(t, func(d *desk) {
		rule := social.DomainRule{ID: 1, Domain: "bad.example", Severity: social.SeveritySilence, RejectMedia: true, RejectReports: true, Obfuscate: true,
			PrivateComment: "p", PublicComment: "q", Decision: 3, CreatedAt: 4, UpdatedAt: 5}
		d.change(func(t *tx) error { return t.PutDomainRule(d.ctx, &rule) })
		for _, domain := range words("bad.example a.bad.example b.a.bad.example:8443") {
			gives(d, domain, &rule)(d.DomainRuleFor(d.ctx, domain))
		}
		missing[*social.DomainRule](d, "another")(d.DomainRuleFor(d.ctx, "notbad.example"))
		d.refuse(social.Conflict, func(t *tx) error {
			return t.PutDomainRule(d.ctx, &social.DomainRule{ID: 2, Domain: "bad.example", Severity: social.SeverityNoop})
		})
		rule.Severity, rule.Decision = social.SeverityNoop, 0
		d.change(func(t *tx) error { return t.PutDomainRule(d.ctx, &rule) })
		gives(d, "all", []social.DomainRule{rule})(d.DomainRules(d.ctx, social.Page{Limit: 9}))
		d.change(func(t *tx) error {
			for i, domain := range words("bad.example a.bad.example worse.example xbad.example") {
				if err := t.PutActor(d.ctx, actorOf(ID(20+i), "x", domain, 0)); err != nil {
					return err
				}
			}
			return t.PutActor(d.ctx, actorOf(30, "y", "bad.example", 0))
		})
		got, err := d.DomainsUnder(d.ctx, "bad.example")
		if err != nil || len(got) != 2 || got[0] != "a.bad.example" || got[1] != "bad.example" {
			d.Errorf("domains %v %v", got, err)
		}
		gives(d, "actors", ids(20, 30))(d.ActorsOf(d.ctx, "bad.example", 0, 9))
		gives(d, "next", ids(30))(d.ActorsOf(d.ctx, "bad.example", 20, 9))
		d.change(func(t *tx) error { return t.DropDomainRule(d.ctx, 1) })
		missing[*social.DomainRule](d, "dropped")(d.DomainRule(d.ctx, 1))
		d.refuse(social.NotFound, func(t *tx) error { return t.DropDomainRule(d.ctx, 1) })
	})
}

func TestBars(t *testing.T) {
	onBoth(t, func(d *desk) {
		bar := social.Bar{ID: 1, Kind: social.BarAddress, Value: "192.0.2.0/24", Severity: social.SignUpBlock, Comment: "c", By: 5, CreatedAt: 6}
		ended := social.Bar{ID: 2, Kind: social.BarAddress, Value: "192.0.2.0/25", Severity: social.NoAccess, Until: testNow - 1}
		d.change(func(t *tx) error {
			if err := t.PutBar(d.ctx, &bar); err != nil {
				return err
			}
			return t.PutBar(d.ctx, &ended)
		})
		gives(d, "all", []social.Bar{bar})(d.Bars(d.ctx, social.BarAddress, social.Page{Limit: 9}))
		gives(d, "of", []social.Bar{bar})(d.BarsOf(d.ctx, social.BarAddress, words("192.0.2.0/24 192.0.2.0/25 x")))
		gives(d, "of another kind", []social.Bar(nil))(d.BarsOf(d.ctx, social.BarEmailDomain, words("192.0.2.0/24")))
		missing[*social.Bar](d, "of another kind")(d.Bar(d.ctx, social.BarEmail, 1))
		d.refuse(social.Conflict, func(t *tx) error {
			return t.PutBar(d.ctx, &social.Bar{ID: 3, Kind: social.BarAddress, Value: bar.Value})
		})
		again := ended
		again.ID, again.Until = 4, 0
		d.change(func(t *tx) error { return t.PutBar(d.ctx, &again) })
		gives(d, "again", &again)(d.Bar(d.ctx, social.BarAddress, 4))
		d.change(func(t *tx) error {
			for _, from := range words("192.0.2.1 192.0.2.1 192.0.2.2") {
				if err := t.BarHeld(d.ctx, 1, from, testNow); err != nil {
					return err
				}
			}
			return nil
		})
		gives(d, "history", map[ID][]social.DayCount{1: {{Day: midnight(testNow), Uses: 3, Accounts: 2}}})(d.BarHistory(d.ctx, ids(1, 4), testNow, 7))
		d.change(func(t *tx) error { return t.DropBar(d.ctx, social.BarAddress, 1) })
		d.refuse(social.NotFound, func(t *tx) error { return t.DropBar(d.ctx, social.BarAddress, 1) })
	})
}

func TestReviewsAndAudit(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.put("tags", "id, name, display", []any{ID(5), "tea", "Tea"})
		v := social.Review{ID: 1, Kind: social.ReviewTag, Target: 5, Trendable: true, ReviewedAt: 2, By: 3, CreatedAt: 4}
		w := social.Review{ID: 2, Kind: social.ReviewPublisher, Name: "news.example", Trendable: true, Usable: true, Listable: true, CreatedAt: 4}
		d.change(func(t *tx) error {
			if err := t.PutReview(d.ctx, &w); err != nil {
				return err
			}
			return t.PutReview(d.ctx, &v)
		})
		again := v
		again.ID, again.Trendable = 9, false
		d.change(func(t *tx) error { return t.PutReview(d.ctx, &again) })
		if again.ID != 1 {
			d.Errorf("a second review of one tag: %d", again.ID)
		}
		gives(d, "of", map[ID]*social.Review{5: &again})(d.ReviewsOf(d.ctx, social.ReviewTag, ids(5, 6)))
		gives(d, "publishers", []social.Review{w})(d.Reviews(d.ctx, social.ReviewPublisher, social.Page{Limit: 9}))
		gives(d, "publisher", &w)(d.ReviewOfName(d.ctx, social.ReviewPublisher, "news.example"))
		gives(d, "one", &w)(d.Review(d.ctx, social.ReviewPublisher, 2))
		d.change(func(t *tx) error { return t.SetTagDisplay(d.ctx, 5, "TEA") })
		gives(d, "tags", []social.Tag{{ID: 5, Name: "tea", Display: "TEA"}})(d.AllTags(d.ctx, social.Page{Limit: 9}))
		gives(d, "tag", &social.Tag{ID: 5, Name: "tea", Display: "TEA"})(d.TagByID(d.ctx, 5))
		e := social.AuditEntry{ID: 1, By: 2, Action: "suspend", TargetKind: "actor", Target: 3, Label: "x@y", Details: "spam", CreatedAt: 4}
		d.change(func(t *tx) error { return t.PutAudit(d.ctx, &e) })
		gives(d, "audit", []social.AuditEntry{e})(d.Audit(d.ctx, social.Page{Limit: 9}))
	})
}

func TestMeasures(t *testing.T) {
	onBoth(t, func(d *desk) {
		day := midnight(testNow)
		from := day - dayMillis
		d.locals(1, 2)
		d.neighbours(11, 12)
		d.follow([2]ID{1, 11}, [2]ID{2, 11}, [2]ID{12, 1})
		d.put("tags", "id, name, display", []any{ID(5), "tea", "Tea"})
		d.put("tag_days", "tag, day, actor, uses", []any{ID(5), day, ID(11), 2}, []any{ID(5), day, ID(1), 1}, []any{ID(5), from, ID(11), 4})
		d.said(ID(testNow<<16), 11, social.Public, 0, 0, 5)
		d.change(func(t *tx) error {
			for _, n := range []int64{2, 3} {
				if err := t.CountDay(d.ctx, "servers", "far11.example", testNow, n); err != nil {
					return err
				}
			}
			if err := t.CountDay(d.ctx, "servers", "far12.example", from, 1); err != nil {
				return err
			}
			if err := t.TouchUser(d.ctx, 1, testNow); err != nil {
				return err
			}
			if err := t.TouchUser(d.ctx, 1, testNow+1); err != nil {
				return err
			}
			return t.PutReport(d.ctx, &social.Report{ID: 1, Actor: 1, Target: 11, CreatedAt: testNow})
		})
		on := func(n ...int64) []social.CountOn {
			var list []social.CountOn
			for i, n := range n {
				if n > 0 {
					list = append(list, social.CountOn{Day: from + int64(i)*dayMillis, N: n})
				}
			}
			return list
		}
		gives(d, "one server", on(0, 5))(d.DayCounts(d.ctx, "servers", "far11.example", from, day))
		gives(d, "all servers", on(1, 5))(d.DayCounts(d.ctx, "servers", "*", from, day))
		gives(d, "top", []social.CountOf{{Name: "far11.example", N: 5}, {Name: "far12.example", N: 1}})(d.TopCounts(d.ctx, "servers", from, day, 9))
		gives(d, "new users", on(0, 2))(d.NewUsers(d.ctx, from, day))
		both := func(what string, want []social.CountOn, all int64) func([]social.CountOn, int64, error) {
			return func(got []social.CountOn, n int64, err error) {
				gives(d, what, want)(got, err)
				if n != all {
					d.Errorf("%s: %d in all, not %d", what, n, all)
				}
			}
		}
		both("active", on(0, 1), 1)(d.ActiveUsers(d.ctx, from, day))
		both("tag's accounts", on(1, 2), 2)(d.TagAccounts(d.ctx, 5, from, day))
		both("tag's servers", on(1, 1), 1)(d.TagServers(d.ctx, 5, from, day))
		gives(d, "tag's top", []social.CountOf{{Name: "far11.example", N: 6}, {Name: "home.example", N: 1}})(d.TagTopServers(d.ctx, 5, from, day, 9))
		gives(d, "tagged", ids(ID(testNow<<16)))(d.TaggedPosts(d.ctx, 5, from, 9))
		both("follows", on(0, 2), 2)(d.Instance(d.ctx, "instance_follows", "far11.example", from, day))
		both("followers", on(0, 1), 1)(d.Instance(d.ctx, "instance_followers", "far12.example", from, day))
		both("reports", on(0, 1), 1)(d.Instance(d.ctx, "instance_reports", "far11.example", from, day))
		both("accounts", nil, 1)(d.Instance(d.ctx, "instance_accounts", "far11.example", from, day))
		gives(d, "top accounts", []social.CountOf{{Name: "Far11", N: 2}})(d.InstanceTopAccounts(d.ctx, "far11.example", 9))
		gives(d, "locales", []social.CountOf{{Name: "", N: 1}})(d.UserLocales(d.ctx, from, 9))
		gives(d, "cohort", [][2]social.Millis{{testNow, 0}, {testNow, testNow + 1}})(sortedCohort(d.Cohort(d.ctx, from, day+dayMillis)))
		if n, err := d.Size(d.ctx); err != nil || n < 4096 {
			d.Errorf("size %d %v", n, err)
		}
		if name, version, err := d.Engine(d.ctx); err != nil || name == "" || version == "" {
			d.Errorf("engine %q %q %v", name, version, err)
		}
	})
}

func sortedCohort(list [][2]social.Millis, err error) ([][2]social.Millis, error) {
	if len(list) == 2 && list[0][1] > list[1][1] {
		list[0], list[1] = list[1], list[0]
	}
	return list, err
}

// TestModerationPlans: none of what moderators ask for reads all Posts.
func TestModerationPlans(t *testing.T) {
	d := sqliteDesk(t)
	for name, c := range map[string]struct {
		want string
		f    func(ctx context.Context, r *reader)
	}{
		"rule":           {"sqlite_autoindex_domain_rules_1", func(ctx context.Context, r *reader) { r.DomainRuleFor(ctx, "a.b") }},
		"actors of":      {"actors_domain", func(ctx context.Context, r *reader) { r.ActorsOf(ctx, "a.b", 0, 9) }},
		"suspended":      {"actors_suspended", func(ctx context.Context, r *reader) { r.AdminActors(ctx, social.ActorFilter{Status: "suspended"}) }},
		"open reports":   {"reports_open", func(ctx context.Context, r *reader) { r.Reports(ctx, social.ReportFilter{}) }},
		"opened reports": {"reports_created", func(ctx context.Context, r *reader) { r.OpenedReports(ctx, 1, 2) }},
		"resolved":       {"reports_closed", func(ctx context.Context, r *reader) { r.ResolvedReports(ctx, 1, 2) }},
		"bars":           {"sqlite_autoindex_bars_1", func(ctx context.Context, r *reader) { r.BarsOf(ctx, social.BarAddress, words("a b")) }},
		"counts":         {"day_counts USING PRIMARY KEY", func(ctx context.Context, r *reader) { r.DayCounts(ctx, "a", "b", 1, 2) }},
		"tag":            {"tag_days USING PRIMARY KEY|d USING PRIMARY KEY", func(ctx context.Context, r *reader) { r.TagAccounts(ctx, 1, 1, 2); r.TagServers(ctx, 1, 1, 2) }},
		"tagged":         {"t USING PRIMARY KEY", func(ctx context.Context, r *reader) { r.TaggedPosts(ctx, 1, 2, 9) }},
		"follows of":     {"actors_domain", func(ctx context.Context, r *reader) { r.Instance(ctx, "instance_follows", "a.b", 1, 2) }},
		"reports of":     {"actors_domain", func(ctx context.Context, r *reader) { r.Instance(ctx, "instance_reports", "a.b", 1, 2) }},
		"new users":      {"users_created", func(ctx context.Context, r *reader) { r.NewUsers(ctx, 1, 2) }},
	} {
		queries, args := d.queriesOf(c.f)
		all := ""
		for i, query := range queries {
			all += plan(t, d, query, args[i]) + "\n"
		}
		holdsPlan(t, name, c.want, all)
	}
}

// holdsPlan wants one of the indexes in a plan, and no table read whole.
func holdsPlan(t *testing.T, name, want, steps string) {
	t.Helper()
	found := false
	for _, w := range strings.Split(want, "|") {
		found = found || strings.Contains(steps, w)
	}
	if !found {
		t.Errorf("%s: %s is not used:\n%s", name, want, steps)
	}
	for step := range strings.Lines(steps) {
		if strings.HasPrefix(step, "SCAN posts") || strings.HasPrefix(step, "SCAN p ") || strings.HasPrefix(step, "SCAN a\n") {
			t.Errorf("%s reads a whole table:\n%s", name, steps)
		}
	}
}
