package mastodon

import (
	"engawa/social"
)

// errNotAllowed is what Mastodon says to who lacks a permission.
var errNotAllowed = &social.Error{Kind: social.Forbidden, Op: "administer", Message: "This action is not allowed"}

// staff lets in who has one of the permissions; everybody else, the stranger
// too, reads the same refusal.
func staff(need social.Permission, do func(*API, *call) (any, error)) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		if c.grant == nil || c.grant.User == nil || !c.grant.User.Role.May(need) {
			return nil, errNotAllowed
		}
		return do(a, c)
	}
}

// by is the moderator who asks.
func (c *call) by() *social.User { return c.grant.User }

// adminPage is how many entries a page of the staff has, twice as many at most.
const adminPage = 100

// roleIDs are Mastodon's numbers of the default roles.
var roleIDs = map[social.Role]int{social.Member: -99, social.Moderator: 1, social.Admin: 2, social.Owner: 3}

func (a *API) adminRole(r social.Role) *AdminRole {
	made := moment(a.Home.Info.CreatedAt)
	return &AdminRole{
		ID: roleIDs[r], Name: roleNames[r].Name, Position: r.Position(), Permissions: r.Own(),
		Highlighted: r != social.Member, CreatedAt: made, UpdatedAt: made,
	}
}

// adminAccounts converts Actors for the staff, in a constant number of queries.
func (a *API) adminAccounts(c *call, actors []*social.Actor) ([]*AdminAccount, error) {
	w, err := a.viewActors(c.ctx, c.viewer(), actors)
	if err != nil {
		return nil, err
	}
	var ids []social.ID
	for _, x := range actors {
		if x.Local() {
			ids = append(ids, x.ID)
		}
	}
	users, err := a.Home.Store.UsersByID(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	used, err := a.Home.Store.UserAddresses(c.ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*AdminAccount, 0, len(actors))
	for _, x := range actors {
		out = append(out, a.adminAccount(w, x, users[x.ID], used))
	}
	return out, nil
}

func (a *API) adminAccount(w *view, x *social.Actor, u *social.User, used []social.UsedAddress) *AdminAccount {
	out := &AdminAccount{
		ID: x.ID.String(), Username: x.Name, CreatedAt: moment(x.CreatedAt), Suspended: x.Suspended != 0, Silenced: x.Limited != 0,
		Sensitized: x.MarkSensitive != 0, IPs: []AdminIP{}, Account: w.account(x),
	}
	if !x.Local() {
		out.Domain = &x.Domain
	}
	if u == nil {
		return out
	}
	out.Email, out.Role, out.Locale, out.InviteRequest = u.Email, a.adminRole(u.Role), textOr(u.Locale), textOr(u.Reason)
	out.Confirmed, out.Approved, out.Disabled = u.ConfirmedAt != 0, u.ApprovedAt != 0, u.DisabledAt != 0
	for _, at := range used {
		if at.User == u.ID {
			out.IPs = append(out.IPs, AdminIP{IP: at.Address, UsedAt: moment(at.At)})
		}
	}
	if len(out.IPs) > 0 {
		out.IP = &out.IPs[0].IP
	}
	if u.SignUpApp != 0 {
		out.CreatedByApp = u.SignUpApp.String()
	}
	if u.InvitedBy != 0 {
		out.InvitedBy = u.InvitedBy.String()
	}
	return out
}

// adminPaged is a page of the staff's with its Link header.
func (c *call) adminPaged() (social.Page, error) { return c.in.page(adminPage) }

// linkIDs sets the Link header of a page ordered by the ids of its entries.
func linkIDs[T any](a *API, c *call, list []T, id func(*T) social.ID) {
	if len(list) > 0 {
		a.link(c, id(&list[0]), id(&list[len(list)-1]))
	}
}
