package social

// Audience is who may see a Post.
type Audience uint8

// The audiences, widest first. Local is everybody who is logged in here.
const (
	Public Audience = iota
	Unlisted
	Followers
	Direct
	LocalOnly
)

// Names of the audiences as Mastodon's API has them; "local" is our addition.
var audienceNames = [...]string{"public", "unlisted", "private", "direct", "local"}

// String is the API's name of the audience.
func (a Audience) String() string {
	if int(a) < len(audienceNames) {
		return audienceNames[a]
	}
	return "direct"
}

// ParseAudience reads the API's name; "followers" means "private".
func ParseAudience(s string) (Audience, bool) {
	if s == "followers" {
		return Followers, true
	}
	for i, n := range audienceNames {
		if n == s {
			return Audience(i), true
		}
	}
	return Direct, false
}

// Origin says how a row came to be here.
type Origin uint8

// The origins.
const (
	Local     Origin = iota // said here
	Federated               // came from its own server
	Imported                // read from an archive
	Moved                   // came along with a person or community
	Linked                  // read or said through a Link: seen only by those it names among its recipients
)

// PostKind is the type on the wire.
type PostKind string

// The kinds of Post. A Boost is a row like a Post, so that it has its place in
// feeds; its BoostOf is never zero.
const (
	Note     PostKind = "Note"
	Question PostKind = "Question"
	Article  PostKind = "Article"
	Boost    PostKind = "Announce"
)

// Format is the language a source text is written in.
type Format string

// The formats of source texts.
const (
	Plain    Format = "text/plain"
	Markdown Format = "text/markdown"
	MFM      Format = "text/x.misskeymarkdown"
	HTML     Format = "text/html"
)

// Post is what an Actor says, or (Kind Boost) a Post passed on.
type Post struct {
	ID       ID
	URI, URL string
	Actor    ID
	Home     ID // the author's home, zero elsewhere
	Kind     PostKind
	Audience Audience
	Origin   Origin

	Title     string
	Content   string // HTML as shown, sanitised
	Source    string // what was written, where it is known
	Format    Format // of Source
	Warning   string // content warning, plain text
	Sensitive bool
	Language  string

	ReplyTo      ID     // the Post answered, if it is here
	ReplyToURI   string // the same as it came; kept when the Post is not here
	ReplyToActor ID
	Thread       ID     // the oldest Post of the thread that is here
	Conversation string // URI as it came, or ours
	Context      string // URI as it came
	AudienceURI  string // a community's, as it came

	BoostOf ID

	QuoteOf     ID
	QuoteURI    string
	QuoteState  QuoteState
	QuoteStamp  string      // URI of the QuoteAuthorization
	QuotePolicy QuotePolicy // who may quote this Post

	Mentions []Mention
	Tags     []string // as written, without #
	Emojis   []Emoji
	Links    []string // first links of the text, for the card

	MediaCount int
	HasPoll    bool
	Card       ID
	App        ID // the App it was written with

	Replies, Boosts, Favourites, Quotes int64
	Reactions                           []ReactionCount // others than ★; kept, not counted

	CreatedAt  Millis // as its author says
	ReceivedAt Millis
	EditedAt   Millis
	DeletedAt  Millis
	RepliesURI string
	Hidden     ID // the Decision that hides it, or zero
}

// Local reports whether the Post was said by an Actor of one of our homes.
func (p *Post) Local() bool { return p.Home != 0 }

// Everybodys reports whether everybody may see the Post, as far as its author
// goes: it may stand in public places and count there.
func (p *Post) Everybodys() bool { return p.Audience <= Unlisted && p.Origin != Linked }

// Subject is the id of the Post that is talked about: the boosted one for a Boost.
func (p *Post) Subject() ID {
	if p.BoostOf != 0 {
		return p.BoostOf
	}
	return p.ID
}

// Mentioned reports whether the Post names actor among its recipients.
func (p *Post) Mentioned(actor ID) bool {
	for i := range p.Mentions {
		if p.Mentions[i].Actor == actor {
			return true
		}
	}
	return false
}

// Mention is one Actor named in a Post, or (Silent) addressed without being named.
type Mention struct {
	Actor  ID
	Name   string
	Domain string
	URI    string
	URL    string
	Silent bool
}

// ReactionCount is how many reacted with one emoji.
type ReactionCount struct {
	Content string // a Unicode emoji, or :shortcode: or :shortcode@domain:
	Emoji   *Emoji // for custom ones
	Count   int64
}

// QuoteState is what became of a quote.
type QuoteState uint8

// The states of a quote (FEP-044f).
const (
	NoQuote QuoteState = iota
	QuotePending
	QuoteAccepted
	QuoteRejected
	QuoteRevoked
	QuoteDeleted
)

// QuotePolicy is who may quote a Post without asking.
type QuotePolicy uint8

// The quote policies.
const (
	QuoteUnknown QuotePolicy = iota // the author's server does not say
	QuoteAnyone
	QuoteFollowers
	QuoteFollowing
	QuoteNobody
	QuoteManual // anyone may ask
)

// Edit is a version of a Post that is no longer shown, or the shown one.
type Edit struct {
	Post      ID
	At        Millis
	Content   string
	Warning   string
	Sensitive bool
	Media     []Media // as they were
	Options   []string
	Emojis    []Emoji
}

// Poll belongs to the Post of the same id.
type Poll struct {
	Post       ID
	Options    []Option
	Multiple   bool
	HideTotals bool
	ExpiresAt  Millis // zero: open without end
	ClosedAt   Millis // when its closing was told
	Voters     int64
}

// Ended reports whether no vote counts any more at now.
func (p *Poll) Ended(now Millis) bool {
	return p.ClosedAt != 0 || (p.ExpiresAt != 0 && p.ExpiresAt <= now)
}

// Option is one choice of a Poll.
type Option struct {
	Title string
	Votes int64
}

// Vote is one choice of one Actor.
type Vote struct {
	ID     ID
	Post   ID
	Actor  ID
	Choice int
	URI    string
	At     Millis
}

// MediaKind is what a medium is.
type MediaKind string

// The kinds of Media.
const (
	Image        MediaKind = "image"
	GIFV         MediaKind = "gifv"
	Video        MediaKind = "video"
	Audio        MediaKind = "audio"
	UnknownMedia MediaKind = "unknown"
)

// Media is one attachment. Key and PreviewKey name blobs of ours; RemoteURL is
// where somebody else's stands.
type Media struct {
	ID              ID
	Actor           ID
	Post            ID // zero while unattached
	Position        int
	Kind            MediaKind
	ContentType     string
	Key, PreviewKey string
	RemoteURL       string
	PreviewURL      string
	Width, Height   int
	PreviewWidth    int
	PreviewHeight   int
	FocusX, FocusY  float64
	Blurhash        string
	Description     string
	Sensitive       bool
	Size            int64
	CreatedAt       Millis
	State           MediaState
	Duration        Millis // of a film or sound
	Rate            string // pictures a second of a film, as a fraction
}

// MediaState is how far an upload is.
type MediaState string

// The states of an upload.
const (
	MediaReady   MediaState = ""
	MediaWaiting MediaState = "waiting" // Key is what came; nobody is shown it
	MediaFailed  MediaState = "failed"
)

// Card is the preview of a link. State "" = to be fetched.
type Card struct {
	ID                                               ID
	URL, Title, Description, Type                    string
	AuthorName, AuthorURL, ProviderName, ProviderURL string
	Image                                            Picture
	ImageWidth, ImageHeight                          int
	Language                                         string
	PublishedAt, FetchedAt                           Millis
	Failed                                           bool
}

// Quote is the record behind a Post that quotes another (FEP-044f).
type Quote struct {
	Post        ID // the quoting Post
	Quoted      ID // zero while it is not here
	QuotedURI   string
	Actor       ID // who quotes
	QuotedActor ID
	State       QuoteState
	RequestURI  string
	StampURI    string
	CreatedAt   Millis
}
