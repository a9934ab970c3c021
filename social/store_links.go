package social

import "context"

// LinkReader reads Links, rules and the ledger of Copies.
type LinkReader interface {
	Links(ctx context.Context, user ID) ([]Link, error)
	// AllLinks are those of every User, by id: for who reads Lanes.
	AllLinks(ctx context.Context) ([]Link, error)
	// Link is one of user's; user zero: anybody's.
	Link(ctx context.Context, user, id ID) (*Link, error)
	// LinkByList finds the Link whose Lane a List shows.
	LinkByList(ctx context.Context, list ID) (*Link, error)
	// Rules is the User's rules as TOML text; "" when there are none.
	Rules(ctx context.Context, user ID) (string, error)

	// HasRules reports whether what the User says may go through Links: there are
	// rules, or Copies that were sent. FeedTarget.Rules says it without a query.
	HasRules(ctx context.Context, user ID) (bool, error)

	// Copies are those of posts, by post, link and number.
	Copies(ctx context.Context, posts []ID) ([]Copy, error)
	Copy(ctx context.Context, id ID) (*Copy, error)
	// CopyByRef finds the Copy that stands at a network's id or URI, through
	// whatever Link of user, even one that was dropped.
	CopyByRef(ctx context.Context, user ID, network, ref string) (*Copy, error)
	// CopiesByRef are those of user that stand at any of refs, ids or URIs, through whatever Link.
	CopiesByRef(ctx context.Context, user ID, refs []string) ([]Copy, error)
	// OpenCopies are those of a Link that are not sent, skipped, failed or deleted, oldest first.
	OpenCopies(ctx context.Context, link ID, limit int) ([]Copy, error)
	// LinkTotals are the unfinished Copies of Links by state, and what was sent and
	// spent through each since a time; a Link without any has no entry.
	LinkTotals(ctx context.Context, links []ID, since Millis) (map[ID]*LinkTotal, error)
	// Spent is the money spent through a Link since a time, and how many parts were sent.
	Spent(ctx context.Context, link ID, since Millis) (micros, sent int64, err error)
	Verdicts(ctx context.Context, post ID) ([]Verdict, error)

	// LaneRows are where posts were seen by Links of user.
	LaneRows(ctx context.Context, user ID, posts []ID) ([]LaneRow, error)
	// LanePost finds the Post that a Link knows under ref (Ref.ID).
	LanePost(ctx context.Context, link ID, ref string) (ID, error)
	// LanePosts is the same for many.
	LanePosts(ctx context.Context, link ID, refs []string) (map[string]ID, error)
	// LaneMarks are the rows of user since a time that say one of marks.
	LaneMarks(ctx context.Context, user ID, marks []int64, since Millis) ([]LaneRow, error)
	// LaneOfActor is where user saw the newest Post of an Actor.
	LaneOfActor(ctx context.Context, user, actor ID) (*LaneRow, error)
	// Deed is what user did with a Post or Actor through a Link.
	Deed(ctx context.Context, user, target ID, verb Verb, content string) (*DeedRow, error)
	// InHome are those of posts that stand in user's Home.
	InHome(ctx context.Context, user ID, posts []ID) (map[ID]bool, error)
	// InList are those of posts that stand in a List.
	InList(ctx context.Context, list ID, posts []ID) (map[ID]bool, error)
	// Folds are, for those of posts that are shown as one with others, the head
	// that stands for them, and for a head the Posts folded into it.
	Folds(ctx context.Context, user ID, posts []ID) ([]Fold, error)
}

// LinkTotal is what stands to be done at a Link, and what was.
type LinkTotal struct {
	Open  map[CopyState]int64 // failed ones among them
	Spent int64               // micro-dollars
	Sent  int64               // parts
}

// Fold says that two Posts are the same thing for a User. The head of a stack
// has no row of its own.
type Fold struct {
	User  ID
	Post  ID
	Head  ID     // the Post that stands on top; Post itself where it is kept apart
	Grade int    // 1 the same id, 2 declared, 3 the own ledger, 4 likely, 0 kept apart by the person
	Why   string // the evidence
}

// LinkWriter changes them.
type LinkWriter interface {
	// PutLink inserts, or replaces by id all but what TouchLink writes. It answers
	// a Conflict when another Link of the User has this name, ErrNotFound when the
	// id is somebody else's.
	PutLink(ctx context.Context, l *Link) error
	// TouchLink writes State, OKAt, FailedAt, Error, Remedy, ExpiresAt, Secret and Cursors.
	TouchLink(ctx context.Context, l *Link) error
	// DropLink removes a Link with its List and the rows of its Lane; Copies stay.
	// Posts that nobody sees any more then go by TidyLanes.
	DropLink(ctx context.Context, user, id ID) error
	// PutRules keeps the rules; "" removes them.
	PutRules(ctx context.Context, user ID, text string, at Millis) error

	// PutCopy inserts, or replaces by id all but whose Copy of what it is. It
	// answers a Conflict when the place (post, link, number) is another Copy's.
	PutCopy(ctx context.Context, c *Copy) error
	PutVerdict(ctx context.Context, v *Verdict) error

	// PutLaneRow reports false when the Link knew this ref.
	PutLaneRow(ctx context.Context, r *LaneRow) (bool, error)
	// CountLaneRow replaces the Counts of a row.
	CountLaneRow(ctx context.Context, link ID, ref string, c Counters) error
	// DropLaneRow forgets one row.
	DropLaneRow(ctx context.Context, link ID, ref string) error
	PutDeed(ctx context.Context, d *DeedRow) error
	DropDeed(ctx context.Context, user, target ID, verb Verb, content string) error
	// Naturalise makes of a Post of Origin Linked what p says: its server told of
	// it. Author, audience, origin and thread are written too. Its media are detached.
	Naturalise(ctx context.Context, p *Post) error
	// ForgetPost removes a Post of Origin Linked as if it had never been here:
	// its address is free again.
	ForgetPost(ctx context.Context, p *Post) error
	// SetCounts replaces the counts of a Post of Origin Linked.
	SetCounts(ctx context.Context, post ID, c Counters) error
	// PutFold replaces what was said of f.Post; Posts folded into it move along to f.Head.
	PutFold(ctx context.Context, f *Fold) error
	// DropFold forgets what was said of post, a kept apart one included.
	DropFold(ctx context.Context, user, post ID) error
	// Reveal adds a User to those who may see a Post of Origin Linked, as a silent
	// Mention; ErrNotFound when there is no such Post.
	Reveal(ctx context.Context, post, user ID) error
	// Conceal takes a User away from them.
	Conceal(ctx context.Context, post, user ID) error
	// TidyLanes removes what is old in Lanes, and Posts of Origin Linked that no
	// Lane shows any more, unless somebody here keeps or answered them: at most
	// limit of each. It reports whether there may be more.
	TidyLanes(ctx context.Context, now Millis, limit int) (bool, error)
}
