package social

import "context"

// PeopleReader reads what a User made for itself: Lists, Filters, Markers …
type PeopleReader interface {
	Lists(ctx context.Context, user ID) ([]List, error)
	List(ctx context.Context, user, id ID) (*List, error)
	ListMembers(ctx context.Context, list ID, p Page) ([]Ranked, error)
	ListsWith(ctx context.Context, user, member ID) ([]List, error)
	Filters(ctx context.Context, user ID) ([]Filter, error)
	Markers(ctx context.Context, user ID) ([]Marker, error)
	ScheduledPosts(ctx context.Context, user ID, p Page) ([]ScheduledPost, error)
	ScheduledPost(ctx context.Context, user, id ID) (*ScheduledPost, error)
	FeaturedTags(ctx context.Context, actor ID) ([]FeaturedTag, error)
	PushSubscription(ctx context.Context, token ID) (*PushSubscription, error)
	// PushSubscriptions are all of a User's.
	PushSubscriptions(ctx context.Context, user ID) ([]PushSubscription, error)
}

// PeopleWriter changes them. Every change is scoped by its User and answers
// ErrNotFound for somebody else's.
type PeopleWriter interface {
	PutList(ctx context.Context, l *List) error
	DropList(ctx context.Context, user, id ID) error
	AddListMember(ctx context.Context, list, member ID, at Millis) error
	DropListMember(ctx context.Context, list, member ID) error
	PutFilter(ctx context.Context, f *Filter) error
	DropFilter(ctx context.Context, user, id ID) error
	// PutMarker answers a Conflict when m.Version is not one above the stored one.
	PutMarker(ctx context.Context, user ID, m *Marker) error
	PutScheduledPost(ctx context.Context, s *ScheduledPost) error
	DropScheduledPost(ctx context.Context, user, id ID) error
	PutFeaturedTag(ctx context.Context, f *FeaturedTag) error
	DropFeaturedTag(ctx context.Context, actor, id ID) error
	PutPushSubscription(ctx context.Context, s *PushSubscription) error
	DropPushSubscription(ctx context.Context, token ID) error
}

// NotificationReader reads notifications.
type NotificationReader interface {
	Notifications(ctx context.Context, q NotificationQuery) ([]Notification, error)
	Notification(ctx context.Context, user, id ID) (*Notification, error)
	UnreadNotifications(ctx context.Context, user ID, after ID, limit int) (int64, error)
	NotificationRequests(ctx context.Context, user ID, p Page) ([]NotificationRequest, error)
}

// NotificationWriter changes notifications.
type NotificationWriter interface {
	// Notify reports false when the same one (user, type, actor, post, reaction) is there.
	Notify(ctx context.Context, n *Notification) (bool, error)
	DropNotification(ctx context.Context, user, id ID) error
	ClearNotifications(ctx context.Context, user ID) error
	// DropNotificationsOf removes what an undone act had told; post zero: all by actor to user.
	DropNotificationsOf(ctx context.Context, user, actor ID, t NotificationType, post ID) error
	// AcceptNotifications lets the held ones of actor through, or drops them.
	AcceptNotifications(ctx context.Context, user, actor ID, accept bool) error
}

// UserReader reads Users and what they log in with.
type UserReader interface {
	User(ctx context.Context, id ID) (*User, error)
	// UserByLogin takes an e-mail address or a local name.
	UserByLogin(ctx context.Context, login string) (*User, error)
	UserBySetup(ctx context.Context, hash []byte) (*User, error)
	Users(ctx context.Context, p Page) ([]*User, error)
	App(ctx context.Context, id ID) (*App, error)
	AppByClientID(ctx context.Context, clientID string) (*App, error)
	TokenByHash(ctx context.Context, hash []byte) (*Token, error)
	SessionByHash(ctx context.Context, hash []byte) (*Session, error)
	// Secret reads a server-wide secret or setting by name (VAPID keys …).
	Secret(ctx context.Context, name string) ([]byte, error)
}

// UserWriter changes them.
type UserWriter interface {
	PutUser(ctx context.Context, u *User) error
	PutApp(ctx context.Context, a *App) error
	PutToken(ctx context.Context, t *Token) error
	// RevokeTokens marks tokens as revoked and returns them; zero app means all of user.
	RevokeTokens(ctx context.Context, user, app ID, at Millis) ([]ID, error)
	RevokeToken(ctx context.Context, hash []byte, at Millis) (*Token, error)
	PutCode(ctx context.Context, c *Code) error
	// TakeCode returns a code once.
	TakeCode(ctx context.Context, hash []byte) (*Code, error)
	PutSession(ctx context.Context, s *Session) error
	DropSession(ctx context.Context, hash []byte) error
	DropSessions(ctx context.Context, user ID) error
	PutSecret(ctx context.Context, name string, value []byte) error
	// TouchToken and TouchUser note activity, at most once a while (the caller decides).
	TouchToken(ctx context.Context, id ID, at Millis) error
	TouchUser(ctx context.Context, id ID, at Millis) error
}

// TagReader reads hashtags.
type TagReader interface {
	Tag(ctx context.Context, viewer ID, name string) (*Tag, error)
	FindTags(ctx context.Context, prefix string, p Page) ([]Tag, error)
	FollowedTags(ctx context.Context, user ID, p Page) ([]Tag, []Ranked, error)
	// TagHistory counts uses and accounts a day over the last days, newest first.
	TagHistory(ctx context.Context, names []string, now Millis, days int) (map[string][]DayCount, error)
	TrendingTags(ctx context.Context, now Millis, p Page) ([]Tag, error)
	TrendingPosts(ctx context.Context, now Millis, p Page) ([]ID, error)
}

// DayCount is how often something was used on one day (Day: its midnight UTC).
type DayCount struct {
	Day            Millis
	Uses, Accounts int64
}

// TagWriter changes them. Names are keys.
type TagWriter interface {
	FollowTag(ctx context.Context, user ID, name string, on bool, at Millis) error
}

// HostReader reads what is known of other servers.
type HostReader interface {
	Host(ctx context.Context, domain string) (*Host, error)
	Hosts(ctx context.Context, domains []string) (map[string]*Host, error)
}

// HostWriter changes it.
type HostWriter interface {
	PutHost(ctx context.Context, h *Host) error
}

// JobReader looks at the queue.
type JobReader interface {
	// JobCounts are waiting jobs by kind, and the dead ones under "dead".
	JobCounts(ctx context.Context) (map[JobKind]int64, error)
	// DueJobs reports whether a job of kind is there that nobody holds and that is due at now.
	DueJobs(ctx context.Context, kind JobKind, now Millis) (bool, error)
	Outgoing(ctx context.Context, id ID) (*Outgoing, error)
}

// JobWriter is what the queue and the verbs need.
type JobWriter interface {
	// Enqueue inserts jobs; those with a Lease are already held by whoever
	// inserts them until leaseUntil.
	Enqueue(ctx context.Context, jobs []Job, leaseUntil Millis) error
	// Claim leases at most limit jobs of one kind that are due at now and that
	// nobody holds, in the order of RunAt and ID, leaving out hosts in skip;
	// token is the fencing token, and the Lease of what is returned. A job waits
	// for an older one (by ID) of the same kind and Key that is held or not due,
	// unless that one failed KeyPatience times already.
	Claim(ctx context.Context, kind JobKind, token ID, now, until Millis, skip []string, limit int) ([]Job, error)
	// Finish removes jobs held under their Lease and returns how many were.
	Finish(ctx context.Context, jobs []Job) (int, error)
	// Postpone gives a job back with its RunAt, Attempts, Error and DeadAt if it is
	// still held under its Lease; otherwise it changes nothing.
	Postpone(ctx context.Context, j *Job) error
	// ReleaseLeases gives back all that a node holds (at its start).
	ReleaseLeases(ctx context.Context, node int) error
	// Seen records an activity's URI; false: it was there.
	Seen(ctx context.Context, uri string, at Millis) (bool, error)
	PutOutgoing(ctx context.Context, o *Outgoing) error
	SetOutgoingBody(ctx context.Context, id ID, body []byte) error
	// Prune removes what has an age: seen activities, sent Outgoings, unattached media, codes, sessions …
	// It returns the blob keys that are not used any more.
	Prune(ctx context.Context, now Millis) ([]string, error)
}
