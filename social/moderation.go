package social

// The kinds of Decision about Actors, as Decision.Kind names them.
const (
	DecideWarn      = "warn"      // nothing but the words
	DecideSensitive = "sensitive" // all media are shown as sensitive
	DecideDisable   = "disable"   // nobody logs in as it
	DecideLimit     = "limit"     // seen by who follows it or asks for it
	DecideSuspend   = "suspend"   // seen by nobody
	DecidePurge     = "purge"     // what it said was removed for good
)

// Severity is what the home does with a domain.
type Severity string

// The severities, mildest first.
const (
	SeverityNoop    Severity = "noop"    // nothing of itself: media or reports may be refused
	SeveritySilence Severity = "silence" // its Actors are limited
	SeveritySuspend Severity = "suspend" // nothing is exchanged, its Actors are suspended
)

// DomainRule is what the home does with a domain and all below it. Decision is
// the one in force that limits or suspends its Actors, zero for SeverityNoop.
type DomainRule struct {
	ID             ID
	Domain         string // canonical
	Severity       Severity
	RejectMedia    bool
	RejectReports  bool
	Obfuscate      bool // the name is told in part only
	PrivateComment string
	PublicComment  string
	Decision       ID
	CreatedAt      Millis
	UpdatedAt      Millis
}

// BarKind is what a Bar is about.
type BarKind string

// The kinds of Bar.
const (
	AllowDomain    BarKind = "domain_allow"          // Value: a domain
	BarEmailDomain BarKind = "email_domain_block"    // Value: a domain, with all below it
	BarAddress     BarKind = "ip_block"              // Value: a prefix, 192.0.2.0/24
	BarEmail       BarKind = "canonical_email_block" // Value: the hash of CanonicalEmail
)

// The severities of a BarAddress.
const (
	SignUpApproval = "sign_up_requires_approval"
	SignUpBlock    = "sign_up_block"
	NoAccess       = "no_access"
)

// Bar is one entry of the lists that say whom the home lets in.
type Bar struct {
	ID        ID
	Kind      BarKind
	Value     string
	Severity  string // of a BarAddress
	Comment   string
	Until     Millis // zero: for good
	By        ID
	CreatedAt Millis
}

// ReviewKind is what a Review is about.
type ReviewKind string

// The kinds of Review.
const (
	ReviewTag       ReviewKind = "tag"       // Target: the Tag
	ReviewPost      ReviewKind = "post"      // Target: the Post
	ReviewLink      ReviewKind = "link"      // Target: the Card
	ReviewPublisher ReviewKind = "publisher" // Name: the domain of Cards
)

// Review is what moderators said of something that may trend. What has no
// Review may trend, be used and be listed.
type Review struct {
	ID         ID
	Kind       ReviewKind
	Target     ID
	Name       string
	Trendable  bool
	Usable     bool // tags: in new Posts of ours
	Listable   bool // tags: in searches
	ReviewedAt Millis
	By         ID
	CreatedAt  Millis
}

// AuditEntry is one act of a moderator, as the log keeps it.
type AuditEntry struct {
	ID         ID
	By         ID
	Action     string // create, update, destroy, suspend, unsuspend, approve …
	TargetKind string // actor, report, domain_rule, a BarKind or ReviewKind
	Target     ID
	Label      string // what names the target when it is gone
	Details    string
	CreatedAt  Millis
}

// ActorFilter narrows the Actors that moderators list. Empty fields narrow nothing.
type ActorFilter struct {
	Origin      string // local, remote
	Status      string // active, pending, disabled, silenced, suspended, sensitized
	Roles       []Role // Users with one of these
	ByRole      bool   // Roles count, though they be empty
	Username    string // the beginning of it
	DisplayName string // the beginning of it
	Domain      string
	Email       string // the beginning of it
	Address     string // of a machine, or a prefix
	InvitedBy   ID
	Page        Page
}

// ReportFilter narrows the Reports that moderators list.
type ReportFilter struct {
	Resolved bool
	Actor    ID // who reported
	Target   ID
	Page     Page
}

// UsedAddress is where a User logged in from.
type UsedAddress struct {
	User    ID
	Address string
	At      Millis
}

// CountOn is a number of one day (its midnight UTC).
type CountOn struct {
	Day Millis
	N   int64
}

// CountOf is a number of something by its name.
type CountOf struct {
	Name string
	N    int64
}
