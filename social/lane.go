package social

// Item is one thing that a Link read: a post there, with all that is needed to
// keep it here as a Post of Origin Linked. It is made by a network and carries
// nothing of ours; everything in it is untrusted.
type Item struct {
	Ref       Ref
	URI       string // the global address that makes it the same thing through whatever Link: AP id, AT-URI, nostr:…
	Author    Stranger
	At        Millis
	EditedAt  Millis
	HTML      string // as shown; sanitised by whoever stores it
	Warning   string
	Sensitive bool
	Language  string
	Audience  Audience
	Parent    Ref
	Root      Ref
	Mentions  []Stranger
	Tags      []string
	Emojis    []Emoji
	Media     []Media // RemoteURL set
	Poll      *Poll
	Card      *Card
	Quote     *Item
	Boost     *Item // a boost of this by Author; the other fields of the text are empty
	// Same are addresses that the network declares to be the same thing: the
	// canonical link, the bridged id, the proxy tag.
	Same    []string
	Counts  Counters
	Mine    Mine // what the linked account did with it
	Deleted bool // it is gone: only Ref and URI are set
}

// Counters are the numbers that a network shows beside a post.
type Counters struct{ Replies, Boosts, Favourites, Quotes int64 }

// Stranger is an account on another network as it comes with an Item.
type Stranger struct {
	ID      string // in the network's words
	URI     string // global: AP id, did:…, nostr:npub…
	URL     string
	Name    string // the handle's local part, or all of it where the network has no domains
	Domain  string // the handle's domain: "bsky.app", "nostr", the server's
	Display string
	Avatar  string
	Header  string
	HTML    string // about
	Emojis  []Emoji
	Bot     bool
	Same    []string // other addresses this person declares: rel=me, alsoKnownAs, NIP-05
}

// Alert is one notification that a Link read.
type Alert struct {
	ID    string
	Type  NotificationType
	By    Stranger
	Item  *Item // the post concerned; nil for follows
	About Ref   // the post of mine that it is about, where it is one
	Emoji string
	At    Millis
}

// Batch is what one reading of a Lane brought, oldest first, and where to go on.
type Batch struct {
	Items  []Item
	Alerts []Alert
	Cursor string
	More   bool  // there is more now
	Cost   int64 // micro-dollars that the reading cost
}

// LanePlace is what of a linked account is read.
type LanePlace string

// The places of a Lane.
const (
	LaneHome   LanePlace = "home"
	LaneAlerts LanePlace = "alerts"
)

// Deed is an answer without text, carried out by a Link where the post is.
type Deed struct {
	Verb     Verb   // Like, Announce, Undo, FollowVerb, Add (bookmark), Remove
	Undo     Verb   // what Undo takes back
	Content  string // the emoji of a Like; Favourite for a favourite
	Post     Ref
	Stranger Stranger // of a follow
	// Made is what the network answered when it was done, kept for its undoing.
	Made Ref
}

// LaneRow ties a Post here to where a Link saw it.
type LaneRow struct {
	Link ID
	User ID
	Post ID
	Ref  Ref
	// Mark is a hash of what the Post says, for finding doubles; zero: too short to tell.
	Mark int64
	// Counts are what the network shows beside it.
	Counts Counters
	At     Millis
}

// DeedRow is an answer without text that a User gave through a Link: what is
// shown here as done, and what the network made of it.
type DeedRow struct {
	User    ID
	Target  ID     // a Post, or an Actor where Verb is FollowVerb
	Verb    Verb   // Like, Announce, FollowVerb, Add
	Content string // of a Like: the emoji, or Favourite
	Link    ID
	Made    Ref // zero until it is done there
	At      Millis
}
