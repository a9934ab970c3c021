package mastodon

import (
	"engawa/social"
)

// The entities as clients read them, in the form of Mastodon's newest schema.
// Those of every page (Status, Account and what they hold) write themselves,
// see entity_json.go; the others say their form in tags. Texts that may be null
// are empty here; moments are zero.

// Account is an Actor.
type Account struct {
	ID                                social.ID
	Username, Acct, DisplayName, Note string
	URL, URI                          string
	Locked, Bot, Group                bool
	Discoverable, Indexable           bool
	HideCollections, NoIndex          *bool // local ones only
	CreatedAt                         social.Millis
	Avatar, AvatarStatic, AvatarAlt   string
	Header, HeaderStatic, HeaderAlt   string
	Followers, Following, Statuses    int64
	LastStatusAt                      social.Millis
	Emojis                            []CustomEmoji
	Fields                            []Field
	Roles                             []AccountRole // local ones only
	Local                             bool
	Moved                             *Account
	Suspended, Limited, Memorial      bool
	// Feature says who may put it into collections, and whether the viewer may.
	Feature, FeatureMe string

	// What some places add.
	Source      *Source
	Role        *Role
	Mute        bool // mute_expires_at is told
	MuteExpires social.Millis

	encoded []byte // made once where the same Account stands several times on a page
}

// CustomEmoji is an emoji of a home.
type CustomEmoji struct {
	Shortcode, URL, StaticURL, Category string
	InPicker                            bool
}

// Field is one line of a profile.
type Field struct {
	Name, Value string
	VerifiedAt  social.Millis
}

// AccountRole is a role as others see it.
type AccountRole struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Role is one's own role.
type Role struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	Color           string `json:"color"`
	Permissions     string `json:"permissions"`
	Highlighted     bool   `json:"highlighted"`
	CollectionLimit int    `json:"collection_limit"`
}

// Source is what only the owner of an account reads.
type Source struct {
	Privacy        string        `json:"privacy"`
	Sensitive      bool          `json:"sensitive"`
	Language       *string       `json:"language"`
	Note           string        `json:"note"`
	Fields         []SourceField `json:"fields"`
	FollowRequests int           `json:"follow_requests_count"`
	Hide           bool          `json:"hide_collections"`
	Discoverable   bool          `json:"discoverable"`
	Indexable      bool          `json:"indexable"`
	Attribution    []string      `json:"attribution_domains"`
	QuotePolicy    string        `json:"quote_policy"`
}

// SourceField is a line of a profile as it was written.
type SourceField struct {
	Name       string  `json:"name"`
	Value      string  `json:"value"`
	VerifiedAt *string `json:"verified_at"`
}

// Status is a Post.
type Status struct {
	ID, InReplyTo, InReplyToAccount social.ID
	CreatedAt, EditedAt             social.Millis
	Sensitive                       bool
	SpoilerText, Visibility         string
	LocalOnly                       bool
	Language, URI, URL, Content     string
	Text                            *string // for delete and redraft
	Replies, Reblogs                int64
	Favourites, QuotesCount         int64
	Account                         *Account
	Reblog                          *Status
	Quote                           *Quote
	QuoteApproval                   QuoteApproval
	Application                     *StatusApplication
	Media                           []MediaAttachment
	Mentions                        []Mention
	Tags                            []StatusTag
	Emojis                          []CustomEmoji
	Card                            *Card
	Poll                            *Poll
	Reactions                       []StatusReaction

	// Viewer is what the one who looks did; nil for strangers.
	Viewer *StatusViewer
}

// StatusViewer are the parts of a Status that depend on who looks.
type StatusViewer struct {
	Favourited, Reblogged, Muted, Bookmarked bool
	Pinned                                   *bool // only on one's own
	Filtered                                 []FilterResult
}

// Quote is a quoted Status; Shallow where it stands inside another quote, so
// that only its id is told.
type Quote struct {
	State   string
	Status  *Status
	Shallow bool
	ID      social.ID
}

// QuoteApproval is who may quote a Status.
type QuoteApproval struct {
	Automatic, Manual []string
	CurrentUser       string
}

// StatusApplication is the program that wrote a Status.
type StatusApplication struct{ Name, Website string }

// Mention is one Actor named in a Status.
type Mention struct {
	ID                  social.ID
	Username, URL, Acct string
}

// StatusTag is a hashtag of a Status.
type StatusTag struct{ Name, URL string }

// StatusReaction is how many reacted with one emoji (not in Mastodon's schema;
// the names other servers use).
type StatusReaction struct {
	Name           string
	Count          int64
	Me             bool
	URL, StaticURL string
	Domain         string
}

// MediaAttachment is a medium.
type MediaAttachment struct {
	ID                         social.ID
	Type                       string
	URL, PreviewURL, RemoteURL string
	Width, Height              int
	SmallWidth, SmallHeight    int
	FocusX, FocusY             float64
	Description, Blurhash      string
	Duration                   social.Millis // of a film or sound
	Rate                       string
	Bitrate                    int64
}

// Card is the preview of a link.
type Card struct {
	URL, Title, Description, Language, Type          string
	AuthorName, AuthorURL, ProviderName, ProviderURL string
	Width, Height                                    int
	Image, ImageAlt, Blurhash                        string
	PublishedAt                                      social.Millis
	History                                          []TagHistory // trends only
}

// Poll is a poll.
type Poll struct {
	ID                social.ID
	ExpiresAt         social.Millis
	Expired, Multiple bool
	Votes             int64
	Voters            *int64
	Options           []PollOption
	Emojis            []CustomEmoji
	Known             bool // somebody is logged in: the two below are told
	Voted             bool
	OwnVotes          []int
}

// PollOption is one choice; Votes nil while the totals are hidden.
type PollOption struct {
	Title string
	Votes *int64
}

// FilterResult is one Filter that a Status met.
type FilterResult struct {
	Filter         Filter   `json:"filter"`
	KeywordMatches []string `json:"keyword_matches"`
	StatusMatches  []string `json:"status_matches"`
}
