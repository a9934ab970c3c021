package mastodon

import (
	"net/netip"
	"strings"

	"engawa/social"
)

// adminActor is the Actor of the path, gone ones included.
func (a *API) adminActor(c *call) (*social.Actor, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.Home.Store.Actor(c.ctx, id)
}

func adminAccountsV1(a *API, c *call) (any, error) {
	f := social.ActorFilter{Origin: "local", Status: "active"}
	given := func(name string) bool { return c.in.text(name) != "" && c.in.flag(name, false) }
	if given("remote") {
		f.Origin = "remote"
	}
	for _, status := range []string{"active", "pending", "disabled", "sensitized", "silenced", "suspended"} {
		if given(status) {
			f.Status = status
		}
	}
	if given("staff") {
		f.ByRole, f.Roles = true, social.MayAll(social.ManageReports)
	}
	return a.listAdminAccounts(c, f)
}

// adminOrigins and adminStatuses are what may be asked for.
var (
	adminOrigins  = map[string]bool{"": true, "local": true, "remote": true}
	adminStatuses = map[string]bool{"": true, "active": true, "pending": true, "disabled": true, "silenced": true, "suspended": true, "sensitized": true}
)

func adminAccountsV2(a *API, c *call) (any, error) {
	f := social.ActorFilter{Origin: c.in.text("origin"), Status: c.in.text("status")}
	switch {
	case !adminOrigins[f.Origin]:
		return nil, badRequest("origin", "Unknown origin: "+f.Origin)
	case !adminStatuses[f.Status]:
		return nil, badRequest("status", "Unknown status: "+f.Status)
	}
	if wanted := c.in.texts("role_ids"); len(wanted) > 0 {
		f.ByRole = true
		for role, id := range roleIDs {
			for _, w := range wanted {
				if w == social.ID(id).String() {
					f.Roles = append(f.Roles, role)
				}
			}
		}
	}
	if c.in.text("permissions") == "staff" {
		f.ByRole, f.Roles = true, social.MayAll(social.ManageReports)
	}
	var err error
	if f.InvitedBy, err = c.in.id("invited_by"); err != nil {
		return nil, err
	}
	return a.listAdminAccounts(c, f)
}

func (a *API) listAdminAccounts(c *call, f social.ActorFilter) (any, error) {
	var err error
	if f.Page, err = c.adminPaged(); err != nil {
		return nil, err
	}
	trimmed := func(name string) string { return strings.TrimSpace(c.in.text(name)) }
	f.Username, f.DisplayName, f.Domain = strings.TrimPrefix(trimmed("username"), "@"), trimmed("display_name"), strings.ToLower(trimmed("by_domain"))
	f.Email, f.Address = trimmed("email"), trimmed("ip")
	if f.Address != "" {
		_, err := netip.ParseAddr(f.Address)
		if _, e := netip.ParsePrefix(f.Address); err != nil && e != nil {
			return raw("[]"), nil // as Mastodon: nobody is there
		}
	}
	actors, err := a.Home.Store.AdminActors(c.ctx, f)
	if err != nil {
		return nil, err
	}
	linkIDs(a, c, actors, func(x **social.Actor) social.ID { return (*x).ID })
	return a.adminAccounts(c, actors)
}

func adminAccountShow(a *API, c *call) (any, error) {
	actor, err := a.adminActor(c)
	if err != nil {
		return nil, err
	}
	return a.oneAdminAccount(c, actor)
}

func (a *API) oneAdminAccount(c *call, actor *social.Actor) (*AdminAccount, error) {
	all, err := a.adminAccounts(c, []*social.Actor{actor})
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// onAccount does something about the Actor of the path and answers how it is then.
func onAccount(do func(*API, *call, social.ID) error) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		actor, err := a.adminActor(c)
		if err != nil {
			return nil, err
		}
		before, err := a.oneAdminAccount(c, actor)
		if err != nil {
			return nil, err
		}
		if err := do(a, c, actor.ID); err != nil {
			return nil, err
		}
		if actor, err = a.Home.Store.Actor(c.ctx, actor.ID); social.IsKind(err, social.NotFound) {
			return before, nil // who was refused is no more
		}
		if err != nil {
			return nil, err
		}
		return a.oneAdminAccount(c, actor)
	}
}

func adminLift(kind string) func(*API, *call) (any, error) {
	return onAccount(func(a *API, c *call, id social.ID) error { return a.Home.Lift(c.ctx, c.by(), kind, id) })
}

var (
	adminAccountApprove = onAccount(func(a *API, c *call, id social.ID) error { return a.Home.Approve(c.ctx, c.by(), id) })
	adminAccountReject  = onAccount(func(a *API, c *call, id social.ID) error { return a.Home.Refuse(c.ctx, c.by(), id) })
	adminAccountDelete  = onAccount(func(a *API, c *call, id social.ID) error { return a.Home.Purge(c.ctx, c.by(), id) })
)

// adminActions are Mastodon's words for what is decided.
var adminActions = map[string]string{
	"none": social.DecideWarn, "sensitive": social.DecideSensitive, "disable": social.DecideDisable,
	"silence": social.DecideLimit, "suspend": social.DecideSuspend,
}

func adminAccountAction(a *API, c *call) (any, error) {
	actor, err := a.adminActor(c)
	if err != nil {
		return nil, err
	}
	kind, ok := adminActions[c.in.text("type")]
	if !ok {
		return nil, badInput("type", "Record invalid")
	}
	m := social.Moderation{
		By: c.by(), Kind: kind, Target: actor.ID, Reason: strings.TrimSpace(c.in.text("text")), Tell: c.in.flag("send_email_notification", true),
	}
	if text := c.in.text("report_id"); text != "" {
		if m.Report, ok = social.ParseID(text); !ok {
			return nil, social.ErrNotFound
		}
	}
	if _, err := a.Home.Moderate(c.ctx, m); err != nil {
		return nil, err
	}
	return empty, nil
}
