package social

import "context"

// FeedReader reads the indexes made for places.
type FeedReader interface {
	// HomeFeed also names Posts that those of the page pass on, where reading all
	// together spares reading them later.
	HomeFeed(ctx context.Context, user ID, p Page) (posts, boosted []ID, err error)
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
	Rules      bool // only of the author itself: HasRules
	Merged     bool // some Lane is merged into this User's Home
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
	// SeenBy adds to Audiences what Links showed to this User.
	SeenBy ID
	Tagged string
	Page   Page
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
	BlockByID(ctx context.Context, id ID) (*Block, error)
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
