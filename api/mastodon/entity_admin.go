package mastodon

import "engawa/social"

// The entities that the staff reads, as Mastodon's documentation has them.

// AdminAccount is an Account with what only the staff knows. What Users of ours
// alone have is empty for others.
type AdminAccount struct {
	ID            string     `json:"id"`
	Username      string     `json:"username"`
	Domain        *string    `json:"domain"`
	CreatedAt     string     `json:"created_at"`
	Email         string     `json:"email"`
	IP            *string    `json:"ip"`
	Role          *AdminRole `json:"role"`
	Confirmed     bool       `json:"confirmed"`
	Suspended     bool       `json:"suspended"`
	Silenced      bool       `json:"silenced"`
	Sensitized    bool       `json:"sensitized"`
	Disabled      bool       `json:"disabled"`
	Approved      bool       `json:"approved"`
	Locale        *string    `json:"locale"`
	InviteRequest *string    `json:"invite_request"`
	IPs           []AdminIP  `json:"ips"`
	Account       *Account   `json:"account"`
	CreatedByApp  string     `json:"created_by_application_id,omitempty"`
	InvitedBy     string     `json:"invited_by_account_id,omitempty"`
}

// AdminRole is a role as the staff reads it; unlike Role it has numbers.
type AdminRole struct {
	ID          int               `json:"id"`
	Name        string            `json:"name"`
	Color       string            `json:"color"`
	Position    int               `json:"position"`
	Permissions social.Permission `json:"permissions"`
	Highlighted bool              `json:"highlighted"`
	CreatedAt   string            `json:"created_at"`
	UpdatedAt   string            `json:"updated_at"`
}

// AdminIP is an address that somebody logged in from.
type AdminIP struct {
	IP     string `json:"ip"`
	UsedAt string `json:"used_at"`
}

// AdminReport is a report as the staff reads it.
type AdminReport struct {
	ID            string        `json:"id"`
	ActionTaken   bool          `json:"action_taken"`
	ActionTakenAt *string       `json:"action_taken_at"`
	Category      string        `json:"category"`
	Comment       string        `json:"comment"`
	Forwarded     bool          `json:"forwarded"`
	CreatedAt     string        `json:"created_at"`
	UpdatedAt     string        `json:"updated_at"`
	Account       *AdminAccount `json:"account"`
	Target        *AdminAccount `json:"target_account"`
	Assigned      *AdminAccount `json:"assigned_account"`
	ActionTakenBy *AdminAccount `json:"action_taken_by_account"`
	Statuses      statusList    `json:"statuses"`
	Rules         []AdminRule   `json:"rules"`
}

// AdminRule is a rule of the home that a report names.
type AdminRule struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Hint string `json:"hint"`
}

// AdminDomainBlock is what the home does with a domain.
type AdminDomainBlock struct {
	ID             string  `json:"id"`
	Domain         string  `json:"domain"`
	CreatedAt      string  `json:"created_at"`
	Severity       string  `json:"severity"`
	RejectMedia    bool    `json:"reject_media"`
	RejectReports  bool    `json:"reject_reports"`
	PrivateComment *string `json:"private_comment"`
	PublicComment  *string `json:"public_comment"`
	Obfuscate      bool    `json:"obfuscate"`
}

// AdminDomainAllow is a domain that is let in where not all are.
type AdminDomainAllow struct {
	ID        string `json:"id"`
	Domain    string `json:"domain"`
	CreatedAt string `json:"created_at"`
}

// AdminEmailDomainBlock is a domain whose e-mail addresses may not sign up.
type AdminEmailDomainBlock struct {
	ID        string       `json:"id"`
	Domain    string       `json:"domain"`
	CreatedAt string       `json:"created_at"`
	History   []TagHistory `json:"history"`
}

// AdminIPBlock is what is refused to addresses of machines.
type AdminIPBlock struct {
	ID        string  `json:"id"`
	IP        string  `json:"ip"`
	Severity  string  `json:"severity"`
	Comment   string  `json:"comment"`
	CreatedAt string  `json:"created_at"`
	ExpiresAt *string `json:"expires_at"`
}

// AdminEmailBlock is the hash of an e-mail address that may not sign up.
type AdminEmailBlock struct {
	ID   string `json:"id"`
	Hash string `json:"canonical_email_hash"`
}

// AdminMeasure is something counted by day. Previous is of as many days before.
type AdminMeasure struct {
	Key        string       `json:"key"`
	Unit       *string      `json:"unit"`
	Total      string       `json:"total"`
	HumanValue string       `json:"human_value,omitempty"`
	Previous   *string      `json:"previous_total,omitempty"`
	Data       []AdminDatum `json:"data"`
}

// AdminDatum is one day of a measure.
type AdminDatum struct {
	Date  string `json:"date"`
	Value string `json:"value"`
}

// AdminDimension is something counted by kind.
type AdminDimension struct {
	Key  string            `json:"key"`
	Data []AdminDimensionN `json:"data"`
}

// AdminDimensionN is one kind of a dimension.
type AdminDimensionN struct {
	Key        string `json:"key"`
	HumanKey   string `json:"human_key"`
	Value      string `json:"value"`
	Unit       string `json:"unit,omitempty"`
	HumanValue string `json:"human_value,omitempty"`
}

// AdminCohort are the Users who joined in one period, and how many of them were
// active in it and those after.
type AdminCohort struct {
	Period    string             `json:"period"`
	Frequency string             `json:"frequency"`
	Data      []AdminCohortDatum `json:"data"`
}

// AdminCohortDatum is one period of a cohort.
type AdminCohortDatum struct {
	Date  string  `json:"date"`
	Rate  float64 `json:"rate"`
	Value string  `json:"value"`
}

// AdminTag is a Tag with what the staff said of it.
type AdminTag struct {
	Tag
	Trendable      bool `json:"trendable"`
	Usable         bool `json:"usable"`
	Listable       bool `json:"listable"`
	RequiresReview bool `json:"requires_review"`
}

// AdminPublisher is a domain that links lead to.
type AdminPublisher struct {
	ID                string  `json:"id"`
	Domain            string  `json:"domain"`
	Trendable         bool    `json:"trendable"`
	ReviewedAt        *string `json:"reviewed_at"`
	RequestedReviewAt *string `json:"requested_review_at"`
	RequiresReview    bool    `json:"requires_review"`
}

// adminLink is a Card that trends, adminStatus a Status that does.
type adminLink struct {
	card           *Card
	id             social.ID
	requiresReview bool
}

// MarshalJSON adds to the Card what the staff reads.
func (l adminLink) MarshalJSON() ([]byte, error) {
	e := &enc{spliced(l.card)}
	e.id("id", l.id)
	e.flag("requires_review", l.requiresReview)
	return append(e.b, '}'), nil
}

type adminStatus struct {
	status         *Status
	requiresReview bool
}

// MarshalJSON adds to the Status what the staff reads.
func (s adminStatus) MarshalJSON() ([]byte, error) {
	e := &enc{spliced(s.status)}
	e.flag("requires_review", s.requiresReview)
	return append(e.b, '}'), nil
}

// spliced is an object without its last brace.
func spliced(v appender) []byte {
	b := encode(v)
	return b[:len(b)-1]
}
