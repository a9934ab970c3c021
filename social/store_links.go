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

	// Copies are those of posts, by post, link and number.
	Copies(ctx context.Context, posts []ID) ([]Copy, error)
	Copy(ctx context.Context, id ID) (*Copy, error)
	// CopyByRef finds the Copy that stands at a network's id, through whatever Link of user.
	CopyByRef(ctx context.Context, user ID, network, ref string) (*Copy, error)
	// OpenCopies are those of a Link that are not sent, skipped, failed or deleted, oldest first.
	OpenCopies(ctx context.Context, link ID, limit int) ([]Copy, error)
	// CopyCounts are a Link's Copies by state.
	CopyCounts(ctx context.Context, link ID) (map[CopyState]int64, error)
	// Spent is the money spent through a Link since a time, and how many parts were sent.
	Spent(ctx context.Context, link ID, since Millis) (micros, sent int64, err error)
	Verdicts(ctx context.Context, post ID) ([]Verdict, error)

	// LaneRows are where posts were seen by Links of user.
	LaneRows(ctx context.Context, user ID, posts []ID) ([]LaneRow, error)
	// LanePost finds the Post that a Link knows under ref.
	LanePost(ctx context.Context, link ID, ref string) (ID, error)
	// Folds are, for those of posts that are shown as one with others, the head
	// that stands for them, and for a head the Posts folded into it.
	Folds(ctx context.Context, user ID, posts []ID) ([]Fold, error)
}

// Fold says that two Posts are the same thing for a User.
type Fold struct {
	User  ID
	Post  ID
	Head  ID     // the Post that stands on top; Post itself for the head
	Grade int    // 1 the same id, 2 declared, 3 the own ledger, 4 likely
	Why   string // the evidence
}

// LinkWriter changes them.
type LinkWriter interface {
	// PutLink inserts or replaces by id, all but the reading state (TouchLink).
	PutLink(ctx context.Context, l *Link) error
	// TouchLink writes State, OKAt, FailedAt, Error, Remedy, ExpiresAt, Secret and Cursors.
	TouchLink(ctx context.Context, l *Link) error
	// DropLink removes a Link with its Lane; Copies stay.
	DropLink(ctx context.Context, user, id ID) error
	PutRules(ctx context.Context, user ID, text string, at Millis) error

	PutCopy(ctx context.Context, c *Copy) error
	PutVerdict(ctx context.Context, v *Verdict) error

	// PutLaneRow reports false when the Link knew this ref.
	PutLaneRow(ctx context.Context, r *LaneRow) (bool, error)
	PutFold(ctx context.Context, f *Fold) error
	DropFold(ctx context.Context, user, post ID) error
	// Reveal adds a User to those who may see a Post of Origin Linked.
	Reveal(ctx context.Context, post, user ID) error
}
