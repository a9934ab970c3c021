package relay

import (
	"time"

	"engawa/social"
)

// Book is a person's rules, read from top to bottom: for each Link the first
// rule that matches a Post and names the Link decides.
type Book struct {
	Rules []Rule
}

// Rule is one sentence: "When I post from … and when …, send to … as …, then
// keep it in step, within limits."
type Rule struct {
	Name string // unique in its Book, whatever the case
	On   bool
	// From is whose new posts are looked at: FromHome or names of Links. What is
	// read through a Link is never a source, so that no loop can exist.
	From  []string
	When  When
	To    []string // names of Links, or of networks with one Link; or ToNone alone, which blocks
	As    Manner
	Keep  Keep
	Limit Limit
	Line  int // where it begins in the text it was read from; 0 unknown
}

// Words with a meaning of their own in From and To.
const (
	FromHome = "home"
	ToNone   = "none"
)

// When is what a Post must be like. Empty lists ask for nothing.
type When struct {
	TagAny, TagAll, TagNone []string          // without #; compared by social.TagKey
	Visibility              []social.Audience // of Public and Unlisted; the others are never offered
	Kind                    []Kind
	Media                   string   // WhenAny, "none", "only"
	Lang                    []string // "ja" takes "ja-JP" too
	Text                    []string // words, or /regexp/ (RE2; a final i ignores case): one of them is found
	CW                      string   // WhenAny, "with", "without"
	Client                  []string // names of apps, whatever the case
}

// WhenAny asks for nothing in When.Media and When.CW.
const WhenAny = "any"

// Kind is what sort of Post it is.
type Kind string

// The kinds. A Post is one of the first four, and may be a quote or poll too. A
// rule that names only quote or poll takes originals and self-replies of that
// sort; replies to others and boosts go only where their own kind is named.
const (
	KindOriginal  Kind = "original"
	KindSelfReply Kind = "self_reply"
	KindReply     Kind = "reply" // to somebody else
	KindBoost     Kind = "boost"
	KindQuote     Kind = "quote"
	KindPoll      Kind = "poll"
)

// kinds in the order in which they are shown; the index is the bit in a kindSet.
var kinds = [...]Kind{KindOriginal, KindSelfReply, KindReply, KindBoost, KindQuote, KindPoll}

// Keep says how a Copy is kept in step with its Post.
type Keep struct {
	Edit     EditPolicy
	Within   time.Duration // of EditRedo: how long after sending
	Delete   bool
	Thread   bool // self-replies follow the parent's Copies even without the tag
	Feedback bool // replies and likes come home, where that is free
}

// EditPolicy is what an edit here does to a Copy.
type EditPolicy string

// The policies. EditAuto replaces where the network can edit, and otherwise
// leaves the Copy as it is and says so.
const (
	EditAuto    EditPolicy = "auto"
	EditReplace EditPolicy = "replace"
	EditCorrect EditPolicy = "correct_reply"
	EditRedo    EditPolicy = "redo_within" // delete and send again, within Keep.Within
	EditIgnore  EditPolicy = "ignore"
)

// Limit bounds what a rule sends. Zero means without bound, but for Hold.
type Limit struct {
	Hold    time.Duration // time to undo, at most MaxHold; swallows delete-and-redraft too
	PerDay  int
	Gap     time.Duration // between two posts
	Quiet   Quiet
	Budget  int64 // micro-dollars a calendar month; over it, Copies wait or are asked about
	AskOver int64 // micro-dollars for one post, from which on the person is asked
	Confirm Confirm
}

// MaxHold is the longest time to undo.
const MaxHold = 10 * time.Minute

// Confirm says when the person is asked before a Copy goes out.
type Confirm string

// When the person is asked.
const (
	ConfirmNo     Confirm = "no"
	ConfirmAlways Confirm = "always"
	ConfirmLossy  Confirm = "when_lossy" // when something of the post would be lost
)

// Quiet are hours of the day in which nothing is sent; From may be later than
// To (over midnight). Equal: none.
type Quiet struct {
	From, To int    // minutes since midnight
	Zone     string // IANA name; "" is the server's own
}

// NewRule is a rule with the defaults of every field.
func NewRule() Rule {
	return Rule{
		On:   true,
		From: []string{FromHome},
		When: When{
			Visibility: []social.Audience{social.Public},
			Kind:       []Kind{KindOriginal, KindSelfReply},
			Media:      WhenAny,
			CW:         WhenAny,
		},
		As:    DefaultManner(),
		Keep:  Keep{Edit: EditAuto, Delete: true, Thread: true, Feedback: true},
		Limit: Limit{Hold: 20 * time.Second, Confirm: ConfirmNo},
	}
}

// Blocks reports whether the rule keeps what it matches from every Link.
func (r *Rule) Blocks() bool { return len(r.To) == 1 && r.To[0] == ToNone }
