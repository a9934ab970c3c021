package social

// Role is what a User may do for the home.
type Role string

// The roles, weakest first.
const (
	Member    Role = ""
	Moderator Role = "moderator"
	Admin     Role = "admin"
	Owner     Role = "owner"
)

// User is an Actor of this server that can log in; its id is the Actor's.
type User struct {
	ID           ID
	Email        string
	Password     string // hash with its scheme as prefix; empty until set
	TOTPSecret   []byte // sealed; empty when there is no second factor
	Locale       string // "ja" or "en"
	Role         Role
	Settings     Settings
	SetupHash    []byte // SHA-256 of the one-time set-up token; nil when used
	SetupUntil   Millis
	ConfirmedAt  Millis
	ApprovedAt   Millis
	DisabledAt   Millis
	LastActiveAt Millis
	CreatedAt    Millis

	Reason        string // why somebody wants to join, where that was asked
	SignUpAddress string // of the machine that signed up
	SignUpApp     ID     // the App that signed up, zero for the home itself
	InvitedBy     ID
}

// Settings are what a User chose; stored as one JSON text.
type Settings struct {
	Audience      Audience    `json:"audience"`
	Sensitive     bool        `json:"sensitive,omitempty"`
	Language      string      `json:"language,omitempty"`
	Format        Format      `json:"format,omitempty"`
	QuotePolicy   QuotePolicy `json:"quotePolicy,omitempty"`
	ExpandMedia   string      `json:"expandMedia,omitempty"` // default, show_all, hide_all
	ExpandWarned  bool        `json:"expandWarned,omitempty"`
	AutoplayGIFs  bool        `json:"autoplayGifs,omitempty"`
	Notifications Policy      `json:"notifications"`
}

// Policy says, for each sort of stranger, whether their notifications are
// accepted (""), filtered or dropped.
type Policy struct {
	NotFollowing    string `json:"notFollowing,omitempty"`
	NotFollowers    string `json:"notFollowers,omitempty"`
	NewAccounts     string `json:"newAccounts,omitempty"`
	PrivateMentions string `json:"privateMentions,omitempty"`
	LimitedAccounts string `json:"limitedAccounts,omitempty"`
	Bots            string `json:"bots,omitempty"`
}

// App is a program that speaks for Users.
type App struct {
	ID           ID
	ClientID     string
	SecretHash   []byte // SHA-256
	Name         string
	Website      string
	RedirectURIs []string
	Scopes       []string
	CreatedAt    Millis
}

// Token lets an App act for a User (User zero: for itself). Only its hash is kept.
type Token struct {
	ID        ID
	Hash      []byte // SHA-256 of the token's text
	App       ID
	User      ID
	Scopes    []string
	CreatedAt Millis
	UsedAt    Millis
	RevokedAt Millis
}

// Code is an authorization code on its way to become a Token.
type Code struct {
	Hash        []byte // SHA-256
	App         ID
	User        ID
	RedirectURI string
	Scopes      []string
	Challenge   string // PKCE, S256; empty without
	CreatedAt   Millis
	ExpiresAt   Millis
}

// Session is a browser that is logged in.
type Session struct {
	Hash      []byte // SHA-256 of the cookie
	User      ID
	Agent     string
	Address   string
	CreatedAt Millis
	SeenAt    Millis
	ExpiresAt Millis
}

// Marker is how far a User has read a timeline ("home", "notifications").
type Marker struct {
	Timeline  string
	LastRead  ID
	Version   int
	UpdatedAt Millis
}

// Filter hides or warns of Posts that match.
type Filter struct {
	ID        ID
	User      ID
	Title     string
	Contexts  []string // home, notifications, public, thread, account
	Action    string   // warn, hide, blur
	ExpiresAt Millis
	Keywords  []FilterKeyword
	Posts     []FilterPost
}

// FilterKeyword is one word or phrase of a Filter.
type FilterKeyword struct {
	ID        ID
	Keyword   string
	WholeWord bool
}

// FilterPost is one Post named by a Filter.
type FilterPost struct {
	ID   ID
	Post ID
}

// Tag is a hashtag. Name is its key (lower case, NFKC), Display as first written.
type Tag struct {
	ID        ID
	Name      string
	Display   string
	LastUsed  Millis
	Following bool // by the viewer that asked
}

// FeaturedTag is a tag shown on a profile.
type FeaturedTag struct {
	ID     ID
	Actor  ID
	Tag    Tag
	Posts  int64
	LastAt Millis
}

// ScheduledPost is a Draft that waits; Params is the request as one JSON text.
type ScheduledPost struct {
	ID     ID
	User   ID
	At     Millis
	Params string
	Media  []ID
}

// PushSubscription is where a Token's web push goes.
type PushSubscription struct {
	ID       ID
	Token    ID
	User     ID
	Endpoint string
	P256DH   string
	Auth     string
	Standard bool
	Policy   string
	Alerts   map[string]bool
	Sealed   string // the Token's text, sealed under PushContext: apps tell their accounts apart by it
}

// PushContext is what PushSubscription.Sealed is bound to.
func PushContext(token ID) string { return "push:" + token.String() }
