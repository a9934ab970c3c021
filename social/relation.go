package social

// Follow is one Actor following another.
type Follow struct {
	ID         ID
	Actor      ID
	Target     ID
	Pending    bool
	URI        string
	HideBoosts bool
	Notify     bool
	Languages  []string // empty: all
	CreatedAt  Millis
}

// Block is one Actor refusing another, both ways.
type Block struct {
	ID        ID
	Actor     ID
	Target    ID
	URI       string
	CreatedAt Millis
}

// Mute is a User not wanting to see somebody. Until zero is for good.
type Mute struct {
	ID                ID
	Actor             ID
	Target            ID
	HideNotifications bool
	Until             Millis
	CreatedAt         Millis
}

// DomainBlock is a User not wanting to see a whole domain.
type DomainBlock struct {
	ID        ID
	Actor     ID
	Domain    string
	CreatedAt Millis
}

// Relation is everything between a viewer (Actor) and Target, seen from the viewer.
type Relation struct {
	Target             ID
	Following          bool
	HideBoosts, Notify bool
	Languages          []string
	Requested          bool // the viewer asked to follow, no answer yet
	FollowedBy         bool
	RequestedBy        bool // the target asked to follow the viewer
	Blocking           bool
	BlockedBy          bool
	Muting             bool
	MutingNotes        bool // notifications muted too
	MuteUntil          Millis
	BlockingDomain     bool
	Note               string
	Endorsed           bool
	// FollowingThere: followed through a Link, by the linked account. It gives no
	// sight of anything here.
	FollowingThere bool
}

// Reaction is an answer without words. Content is Favourite or an emoji.
type Reaction struct {
	ID        ID
	Post      ID
	Actor     ID
	Content   string
	Emoji     *Emoji
	URI       string
	CreatedAt Millis
}

// Favourite is the reaction that Mastodon's API calls a favourite.
const Favourite = "★"

// List is a User's own selection of Actors.
type List struct {
	ID        ID
	User      ID
	Title     string
	Replies   string // "followed", "list" or "none"
	Exclusive bool   // its members are not shown in Home
}

// Conversation is a thread of direct Posts as one User has it.
type Conversation struct {
	ID           ID
	User         ID
	Thread       ID
	LastPost     ID
	Participants []ID // without the User
	Unread       bool
}

// NotificationType has Mastodon's names; "reaction" is our addition.
type NotificationType string

// The notifications.
const (
	NotifyMention       NotificationType = "mention"
	NotifyStatus        NotificationType = "status"
	NotifyBoost         NotificationType = "reblog"
	NotifyFollow        NotificationType = "follow"
	NotifyFollowRequest NotificationType = "follow_request"
	NotifyFavourite     NotificationType = "favourite"
	NotifyReaction      NotificationType = "reaction"
	NotifyPoll          NotificationType = "poll"
	NotifyUpdate        NotificationType = "update"
	NotifyQuote         NotificationType = "quote"
	NotifyQuotedUpdate  NotificationType = "quoted_update"
	NotifySignUp        NotificationType = "admin.sign_up"
	NotifyReport        NotificationType = "admin.report"
	NotifyMoved         NotificationType = "move"
	NotifyWarning       NotificationType = "moderation_warning" // Report is the Decision
)

// Notification tells a User that somebody did something.
type Notification struct {
	ID        ID
	User      ID
	Type      NotificationType
	Actor     ID // who did it
	Post      ID // about what; may be zero
	Reaction  string
	Emoji     *Emoji
	Report    ID
	GroupKey  string
	Filtered  bool // held back by the User's policy, in the requests
	CreatedAt Millis
}

// NotificationQuery narrows the notifications that are read.
type NotificationQuery struct {
	User            ID
	Types           []NotificationType // empty: all
	Exclude         []NotificationType
	From            ID // only by this Actor
	IncludeFiltered bool
	OnlyFiltered    bool
	Page            Page
}

// NotificationRequest gathers the held notifications of one Actor.
type NotificationRequest struct {
	ID        ID // the id of its newest notification's Actor row
	User      ID
	Actor     ID
	LastPost  ID
	Count     int64
	CreatedAt Millis
	UpdatedAt Millis
}

// Report is a complaint to the moderators, ours or theirs.
type Report struct {
	ID        ID
	Actor     ID // who complains; the server's actor for forwarded ones
	Target    ID // about whom
	Posts     []ID
	Comment   string
	Category  string // spam, legal, violation, other
	Rules     []int
	Forward   bool
	URI       string
	CreatedAt Millis
	ClosedAt  Millis
	ClosedBy  ID
	Assigned  ID     // the moderator who looks after it
	UpdatedAt Millis // zero: as it came
}

// Decision is what a moderator or a rule did to hide, hold or limit something.
// One table holds them all, and CanSee can name the one at work.
type Decision struct {
	ID         ID
	Kind       string // suspend, limit, sensitive, disable, warn, purge, hide, domain
	TargetKind string // actor, post, domain
	Target     ID
	Domain     string
	By         ID
	Reason     string
	Until      Millis
	CreatedAt  Millis
	UndoneAt   Millis
	UndoneBy   ID
	Report     ID // what it answers, zero for none
}
