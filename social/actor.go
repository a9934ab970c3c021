package social

// ActorKind is the ActivityStreams type of an Actor.
type ActorKind string

// The kinds of Actor.
const (
	Person      ActorKind = "Person"
	Service     ActorKind = "Service"     // a bot
	Group       ActorKind = "Group"       // a Community
	Server      ActorKind = "Application" // a server's own actor
	Institution ActorKind = "Organization"
)

// ActorState says whether an Actor is still there.
type ActorState uint8

// The states of an Actor.
const (
	ActorActive ActorState = iota
	ActorGone              // deleted itself; the row stays so that the name is never given away
)

// Actor is anyone who acts, here or elsewhere. URIs are stored, never
// computed. Home is the id of the home of ours it lives in, zero elsewhere; to
// be local is not to be a User.
type Actor struct {
	ID     ID
	Home   ID
	Domain string // the part after the second @, canonical; never empty
	Name   string // the part before it, as written
	Kind   ActorKind
	State  ActorState

	URI, URL                          string
	Inbox, Outbox, SharedInbox        string
	FollowersURI, FollowingURI        string
	FeaturedURI                       string
	DisplayName                       string // plain text with :emoji:
	Summary                           string // HTML as shown, sanitised
	SummarySource                     string // what was written, local Actors only
	Fields                            []Field
	Avatar, Header                    Picture
	Emojis                            []Emoji // those that DisplayName, Summary and Fields use
	Aliases                           []string
	MovedTo                           ID
	Locked, Discoverable, Indexable   bool
	HideFollows, Memorial             bool
	ProfileTags                       []string
	Extra                             map[string]string // Misskey's and others' particulars, by wire key
	PostCount, Followers, Following   int64
	LastPostAt                        Millis
	CreatedAt                         Millis // as its own server says
	UpdatedAt                         Millis // of this row
	FetchedAt                         Millis // zero: never looked at beyond its name
	MovedAt                           Millis
	Suspended, Limited, MarkSensitive ID // the Decision that did it, or zero
}

// Local reports whether the Actor lives in one of our homes.
func (a *Actor) Local() bool { return a.Home != 0 }

// Handle is name@domain.
func (a *Actor) Handle() string { return a.Name + "@" + a.Domain }

// Bot reports whether the Actor says it is a program.
func (a *Actor) Bot() bool { return a.Kind == Service || a.Kind == Server }

// BestInbox is the shared inbox if there is one, else the personal one.
func (a *Actor) BestInbox() string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

// Field is one line of a profile. VerifiedAt is when a rel=me link back was seen.
type Field struct {
	Name       string // plain text
	Value      string // HTML as shown
	Source     string // what was written, local Actors only
	VerifiedAt Millis
}

// Picture is an avatar or header: a blob of ours (Key) or somebody's URL.
type Picture struct {
	Key, StaticKey string
	URL            string
	Alt            string
	Blurhash       string
}

// Emoji is a custom emoji as it stands in one text.
type Emoji struct {
	ID        ID // zero when it is only known from the text that uses it
	Shortcode string
	Domain    string // its home; ours for our own
	URI       string
	URL       string // the picture; for ours a path under /blob/
	StaticURL string
	Category  string
	Hidden    bool // not in the picker
	UpdatedAt Millis
}

// KeyKind is the kind of a public key.
type KeyKind string

// The kinds of key.
const (
	RSA     KeyKind = "rsa"
	Ed25519 KeyKind = "ed25519"
)

// Key is one key of an Actor. KeyID is the full id as text. Private is sealed
// (package internal/keys) and empty for Actors elsewhere.
type Key struct {
	ID        ID
	Actor     ID
	KeyID     string
	Kind      KeyKind
	Public    []byte // PKIX DER
	Private   []byte
	CreatedAt Millis
	FetchedAt Millis
	RetiredAt Millis // zero while in use
}

// HomeInfo is one of our homes: a domain for handles and a base URL.
type HomeInfo struct {
	ID          ID
	Domain      string // of its handles
	URL         string // base, without a slash at the end
	Name        string
	Summary     string // one or two sentences
	Description string // longer, Markdown
	Contact     ID     // the Actor to write to
	Email       string
	Languages   []string
	Rules       []string
	CreatedAt   Millis
}
