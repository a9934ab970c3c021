package social

import "context"

// Store keeps everything. Reads outside a transaction see what is committed.
//
// A read of one row that is not there answers ErrNotFound; a read of many rows
// leaves out those that are not there. Lists come newest first unless said
// otherwise. Every method that takes a Page returns at most Page.Limit rows.
type Store interface {
	Reader
	// Write runs f in one transaction and returns when it is on disk. Small
	// transactions of several callers may share one commit; f must therefore
	// not wait for anything but tx, and may be run again after a conflict.
	// An error of f undoes what f did and is returned as it is.
	Write(ctx context.Context, f func(tx Tx) error) error
}

// Tx reads what it has written.
type Tx interface {
	Reader
	Writer
}

// Reader is everything that can be asked, by noun.
type Reader interface {
	ActorReader
	PostReader
	FeedReader
	RelationReader
	PeopleReader
	NotificationReader
	UserReader
	TagReader
	HostReader
	JobReader
}

// Writer is everything that can be changed, by noun.
type Writer interface {
	ActorWriter
	PostWriter
	FeedWriter
	RelationWriter
	PeopleWriter
	NotificationWriter
	UserWriter
	TagWriter
	HostWriter
	JobWriter
}

// Address is one row of the one table of addresses.
type Address struct {
	URI    string
	Kind   string // actor, post, vote, follow, block, reaction, thread, emoji, quote, stamp
	Target ID
	State  string // primary, alias, redirect, gone, mirror
}

// ActorReader reads Actors, their keys, addresses and homes.
type ActorReader interface {
	Actor(ctx context.Context, id ID) (*Actor, error)
	// Actors keeps the order of ids and leaves out the missing.
	Actors(ctx context.Context, ids []ID) ([]*Actor, error)
	// ActorByHandle takes any case of name; domain canonical.
	ActorByHandle(ctx context.Context, name, domain string) (*Actor, error)
	// ServerActor is the home's own signing actor.
	ServerActor(ctx context.Context, home ID) (*Actor, error)
	// FindActors searches names and display names by prefix, following first.
	FindActors(ctx context.Context, viewer ID, q string, followingOnly bool, p Page) ([]ID, error)
	// Directory lists local discoverable Actors, most recently active first.
	Directory(ctx context.Context, localOnly bool, p Page) ([]ID, error)

	Keys(ctx context.Context, actor ID) ([]Key, error)
	KeyByID(ctx context.Context, keyID string) (*Key, error)

	// Address looks one URI up, in whatever state.
	Address(ctx context.Context, uri string) (*Address, error)
	Addresses(ctx context.Context, uris []string) ([]Address, error)

	Homes(ctx context.Context) ([]HomeInfo, error)
	// Counts are the home's totals: users, active in 30 and 180 days, local posts, known domains.
	Counts(ctx context.Context, now Millis) (Counts, error)

	Emojis(ctx context.Context, domain string) ([]Emoji, error)
	EmojiByCode(ctx context.Context, shortcode, domain string) (*Emoji, error)
}

// Counts are the totals that a home tells about itself.
type Counts struct{ Users, ActiveMonth, ActiveHalfyear, Posts, Domains int64 }

// ActorWriter changes Actors. Each Put inserts or replaces by id and registers
// the row's URI in the table of addresses (kind, primary).
type ActorWriter interface {
	PutActor(ctx context.Context, a *Actor) error
	// CountActor adds to the kept counts.
	CountActor(ctx context.Context, id ID, posts, followers, following int64, lastPost Millis) error
	PutKey(ctx context.Context, k *Key) error
	DropKeys(ctx context.Context, actor ID, keep []string) error
	PutAddress(ctx context.Context, a Address) error
	PutHome(ctx context.Context, h *HomeInfo) error
	PutEmoji(ctx context.Context, e *Emoji) error
	// KeepHandle records a former or deleted name so that it is never given away again.
	KeepHandle(ctx context.Context, name, domain string, actor ID) error
	HandleTaken(ctx context.Context, name, domain string) (bool, error)
}

// PostReader reads Posts and what hangs on them.
type PostReader interface {
	Post(ctx context.Context, id ID) (*Post, error)
	// Posts keeps the order of ids and leaves out missing and deleted ones.
	Posts(ctx context.Context, ids []ID) ([]*Post, error)
	PostByURI(ctx context.Context, uri string) (*Post, error)
	// Bundle reads what a page of Posts needs beyond the rows, in a constant
	// number of queries; viewer may be zero.
	Bundle(ctx context.Context, viewer ID, posts []*Post) (*Bundle, error)

	// ThreadPosts are the ids of the Posts of a thread, oldest first, at most limit.
	ThreadPosts(ctx context.Context, thread ID, limit int) ([]*Post, error)
	// Orphans are Posts that answer uri but do not know its row yet.
	Orphans(ctx context.Context, uri string, limit int) ([]ID, error)
	BoostOf(ctx context.Context, actor, post ID) (*Post, error)
	Boosters(ctx context.Context, post ID, p Page) ([]Ranked, error)
	Quoters(ctx context.Context, post ID, p Page) ([]ID, error)
	Edits(ctx context.Context, post ID) ([]Edit, error)

	Poll(ctx context.Context, post ID) (*Poll, error)
	VotesOf(ctx context.Context, post, actor ID) ([]Vote, error)
	Voters(ctx context.Context, post ID) ([]ID, error)
	Media(ctx context.Context, id ID) (*Media, error)
	MediaOf(ctx context.Context, post ID) ([]Media, error)
	CardByURL(ctx context.Context, url string) (*Card, error)
	Card(ctx context.Context, id ID) (*Card, error)

	Reaction(ctx context.Context, post, actor ID, content string) (*Reaction, error)
	// ReactionsBy lists who reacted; content "" means all but favourites.
	ReactionsBy(ctx context.Context, post ID, content string, p Page) ([]Reaction, error)
	Quote(ctx context.Context, post ID) (*Quote, error)
	Pins(ctx context.Context, actor ID) ([]ID, error)
	IdempotentPost(ctx context.Context, user ID, key string, since Millis) (ID, error)
}

// Ranked is an id together with the row id that orders and pages it.
type Ranked struct {
	ID  ID // of the listed thing
	Row ID // what max_id and min_id mean in this place
}

// Bundle is what a page of Posts needs. Keys are Post ids except where named.
type Bundle struct {
	Posts     map[ID]*Post  // boosted, quoted
	Actors    map[ID]*Actor // authors of all of them, and of Mentions' targets only where asked
	Media     map[ID][]Media
	Polls     map[ID]*Poll
	Cards     map[ID]*Card     // by card id
	Apps      map[ID]*App      // by app id, only name and website
	Relations map[ID]*Relation // by author, of the viewer; nil without one
	Mine      map[ID]Mine      // what the viewer did
}

// Mine is what the viewer did with one Post.
type Mine struct {
	Favourited, Bookmarked, Boosted, Muted, Pinned bool
	Reactions                                      []string
	Votes                                          []int
	Voted                                          bool
}

// PostWriter changes Posts. InsertPost registers the URI; it reports false when
// a row with this URI is there already (nothing is written then).
type PostWriter interface {
	InsertPost(ctx context.Context, p *Post) (bool, error)
	// UpdatePost writes text, warning, language, counts of media, mentions, tags, quote state and EditedAt.
	UpdatePost(ctx context.Context, p *Post) error
	// DeletePost removes the row with all that hangs on it (feeds, mentions,
	// tags, reactions, notifications …), frees its media, and leaves its
	// address as gone.
	DeletePost(ctx context.Context, p *Post, at Millis) error
	// Adopt sets the parent of children and joins their threads to parent's.
	Adopt(ctx context.Context, parent *Post, children []ID) error
	CountPost(ctx context.Context, id ID, replies, boosts, favourites, quotes int64) error

	PutEdit(ctx context.Context, e *Edit) error
	PutPoll(ctx context.Context, p *Poll) error
	// AddVote reports false when this choice was known.
	AddVote(ctx context.Context, v *Vote) (bool, error)
	PutMedia(ctx context.Context, m *Media) error
	// AttachMedia gives unattached media of actor to post, in this order; it
	// reports how many were there to be attached.
	AttachMedia(ctx context.Context, actor, post ID, ids []ID) (int, error)
	DetachMedia(ctx context.Context, post ID) error
	DeleteMedia(ctx context.Context, id ID) error
	PutCard(ctx context.Context, c *Card) error
	SetCard(ctx context.Context, post, card ID) error

	// PutReaction reports false when it was there.
	PutReaction(ctx context.Context, r *Reaction) (bool, error)
	DropReaction(ctx context.Context, r *Reaction) error
	PutQuote(ctx context.Context, q *Quote) error
	Pin(ctx context.Context, actor, post ID, at Millis) (bool, error)
	Unpin(ctx context.Context, actor, post ID) (bool, error)
	RememberIdempotency(ctx context.Context, user ID, key string, post ID, at Millis) error
}

// FeedReader reads the indexes made for places.
type FeedReader interface {
	HomeFeed(ctx context.Context, user ID, p Page) ([]ID, error)
	ListFeed(ctx context.Context, list ID, p Page) ([]ID, error)
	PublicFeed(ctx context.Context, q PublicQuery) ([]ID, error)
	TagFeed(ctx context.Context, q TagQuery) ([]ID, error)
	ActorPosts(ctx context.Context, q ActorPostsQuery) ([]ID, error)
	Favourites(ctx context.Context, actor ID, p Page) ([]Ranked, error)
	Bookmarks(ctx context.Context, user ID, p Page) ([]Ranked, error)
	Conversations(ctx context.Context, user ID, p Page) ([]Conversation, error)
	Conversation(ctx context.Context, user, id ID) (*Conversation, error)
	// SearchPosts finds text among the Posts that user wrote, favourited,
	// bookmarked, or is mentioned in; user zero: public local Posts.
	SearchPosts(ctx context.Context, q SearchQuery) ([]ID, error)

	// FeedUsers are the local Users whose Home a Post of actor belongs in as
	// far as follows and tags go, actor itself (if a User) included, with what narrows it.
	FeedUsers(ctx context.Context, actor ID, tags []string) ([]FeedTarget, error)
	// FeedLists are the Lists that actor is a member of.
	FeedLists(ctx context.Context, actor ID) ([]FeedList, error)
	// RecentSubjects are the Subjects among the newest n rows of a Home feed.
	RecentSubjects(ctx context.Context, user ID, n int) (map[ID]bool, error)
}

// FeedTarget is a User who may get a Post in Home.
type FeedTarget struct {
	User       ID
	Follows    bool // false: only by a followed tag
	HideBoosts bool
	Notify     bool
	Languages  []string
	Exclusive  bool // the author is in an exclusive List of this User
}

// FeedList is a List that a member's Post may go to.
type FeedList struct {
	List, User ID
	Replies    string
}

// PublicQuery is the public timeline.
type PublicQuery struct {
	Local, Remote, OnlyMedia bool
	Page                     Page
}

// TagQuery is a tag's timeline.
type TagQuery struct {
	Tag                      string
	Any, All, None           []string
	Local, Remote, OnlyMedia bool
	Page                     Page
}

// ActorPostsQuery is a profile's Posts, public and others; CanSee follows.
type ActorPostsQuery struct {
	Actor                                    ID
	OnlyMedia, NoReplies, NoBoosts, NoDirect bool
	// Audiences limits what is read, so that a page is full: empty means all.
	Audiences []Audience
	Tagged    string
	Page      Page
}

// SearchQuery looks for text.
type SearchQuery struct {
	User   ID
	Text   string
	Author ID
	Page   Page
}

// FeedWriter changes the indexes.
type FeedWriter interface {
	AddHome(ctx context.Context, users []ID, post *Post) error
	AddLists(ctx context.Context, lists []ID, post *Post) error
	// DropFromHome forgets actor's Posts (and boosts of them) in a User's feeds.
	DropFromHome(ctx context.Context, user, actor ID) error
	DropDomainFromHome(ctx context.Context, user ID, domain string) error
	// FillHome puts actor's newest n Posts into a User's Home.
	FillHome(ctx context.Context, user, actor ID, n int) error
	FillList(ctx context.Context, list, actor ID, n int) error
	DropFromList(ctx context.Context, list, actor ID) error
	Bookmark(ctx context.Context, user, post ID, row ID, at Millis) (bool, error)
	Unbookmark(ctx context.Context, user, post ID) (bool, error)
	MuteThread(ctx context.Context, user, thread ID, on bool) error
	// TouchConversation makes post the newest of a User's conversation and returns it.
	TouchConversation(ctx context.Context, c *Conversation) error
	ReadConversation(ctx context.Context, user, id ID, unread bool) error
	DropConversation(ctx context.Context, user, id ID) error
	// IndexPost makes a Post findable by text; it is called for Posts that
	// somebody here wrote, favourited, bookmarked or is mentioned in.
	IndexPost(ctx context.Context, post ID, text string) error
}

// RelationReader reads what is between Actors.
type RelationReader interface {
	// Relations are those of viewer to targets; every target has an entry.
	Relations(ctx context.Context, viewer ID, targets []ID) (map[ID]*Relation, error)
	Follow(ctx context.Context, actor, target ID) (*Follow, error)
	FollowByID(ctx context.Context, id ID) (*Follow, error)
	// Followers and Following list accepted follows; Requests the pending ones to target.
	Followers(ctx context.Context, target ID, p Page) ([]Ranked, error)
	Following(ctx context.Context, actor ID, p Page) ([]Ranked, error)
	Requests(ctx context.Context, target ID, p Page) ([]Ranked, error)
	// LocalFollowers are the Users here that follow target.
	LocalFollowers(ctx context.Context, target ID) ([]ID, error)
	// FollowerInboxes are the distinct best inboxes of remote followers.
	FollowerInboxes(ctx context.Context, target ID) ([]string, error)
	Familiar(ctx context.Context, viewer ID, targets []ID, limit int) (map[ID][]ID, error)
	Block(ctx context.Context, actor, target ID) (*Block, error)
	Blocks(ctx context.Context, actor ID, p Page) ([]Ranked, error)
	Mutes(ctx context.Context, actor ID, p Page) ([]Ranked, error)
	DomainBlocks(ctx context.Context, actor ID, p Page) ([]DomainBlock, error)
	// BlockedAmong says which of users want nothing of actor (block either way,
	// mute, domain block), and which only muted its notifications.
	BlockedAmong(ctx context.Context, users []ID, actor *Actor) (map[ID]Refusal, error)
	ThreadMuted(ctx context.Context, user, thread ID) (bool, error)
	// Decision finds the one in force, if any.
	Decisions(ctx context.Context, targetKind string, target ID, domain string) ([]Decision, error)
	// BlockedDomains are the domains this home refuses, with the Decision.
	BlockedDomains(ctx context.Context) ([]Decision, error)
}

// Refusal is why somebody gets nothing of an Actor.
type Refusal uint8

// The refusals.
const (
	RefusesAll           Refusal = iota + 1 // block either way, or domain block
	RefusesPosts                            // mute without notifications muted
	RefusesNotifications                    // mute with them
)

// RelationWriter changes what is between Actors. Puts insert or replace.
type RelationWriter interface {
	PutFollow(ctx context.Context, f *Follow) error
	// DropFollow answers ErrNotFound when there was none.
	DropFollow(ctx context.Context, actor, target ID) (*Follow, error)
	PutBlock(ctx context.Context, b *Block) (bool, error)
	DropBlock(ctx context.Context, actor, target ID) (*Block, error)
	PutMute(ctx context.Context, m *Mute) error
	DropMute(ctx context.Context, actor, target ID) error
	PutDomainBlock(ctx context.Context, d *DomainBlock) error
	DropDomainBlock(ctx context.Context, actor ID, domain string) error
	PutNote(ctx context.Context, actor, target ID, note string) error
	PutDecision(ctx context.Context, d *Decision) error
	PutReport(ctx context.Context, r *Report) error
}

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
	Outgoing(ctx context.Context, id ID) (*Outgoing, error)
}

// JobWriter is what the queue and the verbs need.
type JobWriter interface {
	// Enqueue inserts jobs; those with a Lease are already held by whoever
	// inserts them until leaseUntil.
	Enqueue(ctx context.Context, jobs []Job, leaseUntil Millis) error
	// Claim leases at most limit jobs that are due, oldest first, leaving out
	// hosts in skip; token is the fencing token.
	Claim(ctx context.Context, token ID, now, until Millis, skip []string, limit int) ([]Job, error)
	// Finish removes jobs held under their Lease and returns how many were.
	Finish(ctx context.Context, jobs []Job) (int, error)
	// Postpone gives a held job back with its RunAt, Attempts, Error and DeadAt.
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
