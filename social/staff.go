package social

import "context"

// Permission is a set of things that a role may do; the bits are Mastodon's.
type Permission int64

// The permissions.
const (
	Administrator       Permission = 1 << 0
	ViewDevops          Permission = 1 << 1
	ViewAuditLog        Permission = 1 << 2
	ViewDashboard       Permission = 1 << 3
	ManageReports       Permission = 1 << 4
	ManageFederation    Permission = 1 << 5
	ManageSettings      Permission = 1 << 6
	ManageBlocks        Permission = 1 << 7
	ManageTaxonomies    Permission = 1 << 8
	ManageAppeals       Permission = 1 << 9
	ManageUsers         Permission = 1 << 10
	ManageInvites       Permission = 1 << 11
	ManageRules         Permission = 1 << 12
	ManageAnnouncements Permission = 1 << 13
	ManageEmojis        Permission = 1 << 14
	ManageWebhooks      Permission = 1 << 15
	InviteUsers         Permission = 1 << 16
	ManageRoles         Permission = 1 << 17
	ManageUserAccess    Permission = 1 << 18
	DeleteUserData      Permission = 1 << 19

	everyPermission = DeleteUserData<<1 - 1
)

// ranks are the roles with what they may do, as Mastodon's defaults have it.
// Who has Administrator may do everything.
var ranks = map[Role]struct {
	position int
	may      Permission
}{
	Member:    {-1, InviteUsers},
	Moderator: {10, InviteUsers | ViewDashboard | ViewAuditLog | ManageUsers | ManageReports | ManageTaxonomies},
	Admin: {100, InviteUsers | ViewDashboard | ViewAuditLog | ManageUsers | ManageUserAccess | DeleteUserData | ManageReports |
		ManageTaxonomies | ManageFederation | ManageSettings | ManageBlocks | ManageAppeals | ManageRules | ManageInvites |
		ManageAnnouncements | ManageEmojis | ManageWebhooks | ManageRoles},
	Owner: {1000, Administrator},
}

// Own is what is set on the role itself, Permissions what that comes to.
func (r Role) Own() Permission { return ranks[r].may }

// Permissions is all that the role may do.
func (r Role) Permissions() Permission {
	if own := ranks[r].may; own&Administrator == 0 {
		return own
	}
	return everyPermission
}

// Position orders the roles.
func (r Role) Position() int { return ranks[r].position }

// May reports whether the role has one of the permissions.
func (r Role) May(any Permission) bool { return r.Permissions()&any != 0 }

// Outranks reports whether somebody with the role may act against u; nil: an
// Actor that is no User of ours.
func (r Role) Outranks(u *User) bool { return u == nil || r.Position() > u.Role.Position() }

// notAllowed is what Mastodon says to who lacks a permission.
func notAllowed(op string) error { return forbidden(op, "This action is not allowed") }

// staffWith are the Users of the staff who may do this.
func (t *turn) staffWith(users []*User, any Permission) []*User {
	var kept []*User
	for _, u := range users {
		if u.Role.May(any) && u.DisabledAt == 0 {
			kept = append(kept, u)
		}
	}
	return kept
}

// MayAll are the roles that have one of the permissions.
func MayAll(any Permission) []Role {
	var roles []Role
	for _, r := range []Role{Member, Moderator, Admin, Owner} {
		if r.May(any) {
			roles = append(roles, r)
		}
	}
	return roles
}

// announceSignUp notifies who manages Users that the turn's Actor signed up.
func (t *turn) announceSignUp(ctx context.Context) error {
	users, err := t.Staff(ctx)
	if err != nil {
		return err
	}
	for _, u := range t.staffWith(users, ManageUsers) {
		if err := t.notify(ctx, note{user: u.ID, typ: NotifySignUp}); err != nil {
			return err
		}
	}
	return nil
}
