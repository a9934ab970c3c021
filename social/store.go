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
	LinkReader
	CommonsReader
	ModerationReader
	AccountReader
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
	LinkWriter
	CommonsWriter
	ModerationWriter
	AccountWriter
}

// Address is one row of the one table of addresses.
type Address struct {
	URI    string
	Kind   string // actor, post, lane (a Post that only Links show), vote, follow, block, reaction, thread, emoji, quote, stamp
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
	ReactionByID(ctx context.Context, id ID) (*Reaction, error)
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
	DropPoll(ctx context.Context, post ID) error
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
