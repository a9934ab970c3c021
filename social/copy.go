package social

// Copy is what a Rule made of a Post on another network: one row a part, kept
// for ever, so that edits, deletes and answers find their way years later.
type Copy struct {
	ID      ID
	Post    ID // here; kept when the Post is deleted
	Link    ID
	User    ID
	Rule    string // the name of the rule that decided; "" for an answer in a Lane
	Number  int    // of the part, from 0
	Of      int    // parts in all
	State   CopyState
	Part    []byte // JSON of Part as it was planned: what is tried again is the same
	Key     string // idempotency key, the same for every try: derived from Post, Link, Number and Version
	Version int    // grows with each edit
	Ref     Ref    // where it is there; zero until sent
	Hash    []byte // of what stands there now
	Reason  string // why it is in this state, for the person
	Cost    int64  // micro-dollars spent on it
	Tries   int
	DueAt   Millis // not before
	SentAt  Millis
	// UpdatedAt is when State last changed.
	UpdatedAt Millis
	DeletedAt Millis
}

// CopyState is how far a Copy has come.
type CopyState string

// The states of a Copy.
const (
	CopyHeld     CopyState = "held" // the time to undo
	CopyQueued   CopyState = "queued"
	CopySending  CopyState = "sending" // begun: after a crash the outcome is uncertain
	CopySent     CopyState = "sent"
	CopyWaiting  CopyState = "waiting" // for the time DueAt
	CopyAsked    CopyState = "asked"   // the person was asked what to do
	CopyFailed   CopyState = "failed"  // given up; Reason
	CopySkipped  CopyState = "skipped" // decided not to; Reason
	CopyDeleting CopyState = "deleting"
	CopyDeleted  CopyState = "deleted"
)

// Ref names a post on another network in all the ways that answering it needs.
type Ref struct {
	ID     string `json:"id"`            // the network's id: AT-URI, event id, number
	URI    string `json:"uri,omitempty"` // the global one where it is another
	URL    string `json:"url,omitempty"` // its page
	CID    string `json:"cid,omitempty"` // Bluesky: hash of the record
	Author string `json:"author,omitempty"`
	Relay  string `json:"relay,omitempty"` // Nostr: where it was seen
}

// Zero reports whether the Ref names nothing.
func (r Ref) Zero() bool { return r.ID == "" }

// Part is one post to be made on another network: the whole Copy or one segment
// of a thread. It is made by package relay and encoded by the network.
type Part struct {
	Key       string     `json:"key"` // idempotency
	Text      string     `json:"text"`
	Spans     []Span     `json:"spans,omitempty"` // in order, not overlapping
	Warning   string     `json:"warning,omitempty"`
	Sensitive bool       `json:"sensitive,omitempty"`
	Language  string     `json:"language,omitempty"`
	Audience  Audience   `json:"audience"`
	Limited   string     `json:"limited,omitempty"` // who may answer: everyone (""), followers, mentioned
	Media     []PartFile `json:"media,omitempty"`
	Poll      *PartPoll  `json:"poll,omitempty"`
	Quote     Ref        `json:"quote"`
	Root      Ref        `json:"root"`           // of the thread; zero: a thread of its own
	Parent    Ref        `json:"parent"`         // what is answered
	Boost     Ref        `json:"boost"`          // a boost of this, and nothing else
	Link      string     `json:"link,omitempty"` // the page of the home post, where a card or link back is wanted
	Origin    string     `json:"origin"`         // URI of the home post: declares the copy (NIP-48 proxy, FEP-fffd)
	Tags      []string   `json:"tags,omitempty"` // hashtags, without #
	CreatedAt Millis     `json:"createdAt"`
}

// Span is a piece of a Part's text that means more: bytes From to To of its UTF-8.
type Span struct {
	From   int      `json:"from"`
	To     int      `json:"to"`
	Kind   SpanKind `json:"kind"`
	Target string   `json:"target"` // URL, the network's account id, or the tag without #
}

// SpanKind is what a Span is.
type SpanKind string

// The kinds of Span.
const (
	SpanLink    SpanKind = "link"
	SpanMention SpanKind = "mention"
	SpanTag     SpanKind = "tag"
)

// PartFile is one medium of a Part: the Media row, and how it is to be fitted.
type PartFile struct {
	Media  ID        `json:"media"`
	Kind   MediaKind `json:"kind"`
	Alt    string    `json:"alt,omitempty"`
	URL    string    `json:"url,omitempty"` // its public address here
	Width  int       `json:"width,omitempty"`
	Height int       `json:"height,omitempty"`
	Bytes  int64     `json:"bytes,omitempty"` // at most; zero: as it is
	Side   int       `json:"side,omitempty"`  // longest side at most, in pixels
}

// PartPoll is a poll to be made there.
type PartPoll struct {
	Options  []string `json:"options"`
	Multiple bool     `json:"multiple,omitempty"`
	Seconds  int64    `json:"seconds"`
}

// Sent is what became of a Part that was sent, edited or found.
type Sent struct {
	Ref  Ref
	Cost int64 // micro-dollars
}

// Verdict is what a Rule (or their absence) decided for one Post and one Link.
type Verdict struct {
	Post   ID
	Link   ID
	User   ID
	Send   bool
	Rule   string // the deciding rule's name, "" when none matched
	Reason string // in the person's words
	At     Millis
}
