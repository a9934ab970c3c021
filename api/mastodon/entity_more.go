package mastodon

import "engawa/social"

// Relationship is what stands between the viewer and an Account.
type Relationship struct {
	ID                  string   `json:"id"`
	Following           bool     `json:"following"`
	ShowingReblogs      bool     `json:"showing_reblogs"`
	Notifying           bool     `json:"notifying"`
	Languages           []string `json:"languages"`
	FollowedBy          bool     `json:"followed_by"`
	Blocking            bool     `json:"blocking"`
	BlockedBy           bool     `json:"blocked_by"`
	Muting              bool     `json:"muting"`
	MutingNotifications bool     `json:"muting_notifications"`
	MutingExpiresAt     *string  `json:"muting_expires_at"`
	Requested           bool     `json:"requested"`
	RequestedBy         bool     `json:"requested_by"`
	DomainBlocking      bool     `json:"domain_blocking"`
	Endorsed            bool     `json:"endorsed"`
	Note                string   `json:"note"`
}

// Context is a thread around a Status.
type Context struct {
	Ancestors   statusList `json:"ancestors"`
	Descendants statusList `json:"descendants"`
}

// StatusEdit is one version of a Status.
type StatusEdit struct {
	Content     string            `json:"content"`
	SpoilerText string            `json:"spoiler_text"`
	Sensitive   bool              `json:"sensitive"`
	CreatedAt   string            `json:"created_at"`
	Account     *Account          `json:"account"`
	Poll        *EditedPoll       `json:"poll,omitempty"`
	Media       []MediaAttachment `json:"media_attachments"`
	Emojis      []CustomEmoji     `json:"emojis"`
}

// EditedPoll are the options that a version of a Status had.
type EditedPoll struct {
	Options []EditedOption `json:"options"`
}

// EditedOption is one of them.
type EditedOption struct {
	Title string `json:"title"`
}

// StatusSource is what was written.
type StatusSource struct {
	ID          string `json:"id"`
	Text        string `json:"text"`
	SpoilerText string `json:"spoiler_text"`
	ContentType string `json:"content_type"` // not in Mastodon's schema
}

// Filter is a Filter; Keywords and Statuses are nil where they are not told.
type Filter struct {
	ID        string          `json:"id"`
	Title     string          `json:"title"`
	Context   []string        `json:"context"`
	ExpiresAt *string         `json:"expires_at"`
	Action    string          `json:"filter_action"`
	Keywords  []FilterKeyword `json:"keywords,omitzero"`
	Statuses  []FilterStatus  `json:"statuses,omitzero"`
}

// FilterKeyword is one word of a Filter.
type FilterKeyword struct {
	ID        string `json:"id"`
	Keyword   string `json:"keyword"`
	WholeWord bool   `json:"whole_word"`
}

// FilterStatus is one Status named by a Filter.
type FilterStatus struct {
	ID       string `json:"id"`
	StatusID string `json:"status_id"`
}

// V1Filter is one keyword of a Filter in the old form; its id is the keyword's.
type V1Filter struct {
	ID           string   `json:"id"`
	Phrase       string   `json:"phrase"`
	Context      []string `json:"context"`
	WholeWord    bool     `json:"whole_word"`
	ExpiresAt    *string  `json:"expires_at"`
	Irreversible bool     `json:"irreversible"`
}

// List is a List.
type List struct {
	ID            string `json:"id"`
	Title         string `json:"title"`
	RepliesPolicy string `json:"replies_policy"`
	Exclusive     bool   `json:"exclusive"`
}

// Marker is how far a timeline has been read.
type Marker struct {
	LastReadID string `json:"last_read_id"`
	Version    int    `json:"version"`
	UpdatedAt  string `json:"updated_at"`
}

// Tag is a hashtag with how much it was used.
type Tag struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	URL       string       `json:"url"`
	History   []TagHistory `json:"history"`
	Following *bool        `json:"following,omitempty"`
	Featuring *bool        `json:"featuring,omitempty"`
}

// TagHistory is one day of a tag; all three are numbers as texts.
type TagHistory struct {
	Day      string `json:"day"`
	Accounts string `json:"accounts"`
	Uses     string `json:"uses"`
}

// FeaturedTag is a tag on a profile.
type FeaturedTag struct {
	ID           string  `json:"id"`
	Name         string  `json:"name"`
	URL          string  `json:"url"`
	Statuses     string  `json:"statuses_count"`
	LastStatusAt *string `json:"last_status_at"`
}

// Search is what was found.
type Search struct {
	Accounts accountList `json:"accounts"`
	Statuses statusList  `json:"statuses"`
	Hashtags []Tag       `json:"hashtags"`
}

// Suggestion is an Account that may be of interest. Source is the old form.
type Suggestion struct {
	Source  string   `json:"source"`
	Sources []string `json:"sources"`
	Account *Account `json:"account"`
}

// FamiliarFollowers are those of an Account's followers whom the viewer follows.
type FamiliarFollowers struct {
	ID       string      `json:"id"`
	Accounts accountList `json:"accounts"`
}

// Conversation is a direct conversation.
type Conversation struct {
	ID         string      `json:"id"`
	Unread     bool        `json:"unread"`
	Accounts   accountList `json:"accounts"`
	LastStatus *Status     `json:"last_status"`
}

// Notification is a notification. Emoji and EmojiURL stand on reactions, which
// Mastodon's schema does not know.
type Notification struct {
	ID        social.ID
	Type      string
	CreatedAt social.Millis
	GroupKey  string
	Account   *Account
	Status    *Status
	Emoji     string
	EmojiURL  string
	Report    *Report         // of admin.report
	Warning   *AccountWarning // of moderation_warning
	Fallback  *Fallback
}

// Fallback is how a client shows a notification whose type it does not know.
type Fallback struct {
	Title   string `json:"title"`
	Summary string `json:"summary"`
}

// NotificationGroup are notifications of one kind about one thing.
type NotificationGroup struct {
	GroupKey    string          `json:"group_key"`
	Count       int             `json:"notifications_count"`
	Type        string          `json:"type"`
	MostRecent  social.ID       `json:"most_recent_notification_id"` // a number, by the schema
	PageMinID   string          `json:"page_min_id,omitempty"`
	PageMaxID   string          `json:"page_max_id,omitempty"`
	LatestAt    *string         `json:"latest_page_notification_at,omitempty"`
	Samples     []string        `json:"sample_account_ids"`
	StatusID    *string         `json:"status_id,omitempty"`
	Emoji       string          `json:"emoji,omitempty"`
	EmojiURL    string          `json:"emoji_url,omitempty"`
	Fallback    *Fallback       `json:"fallback,omitempty"`
	Report      *Report         `json:"report,omitempty"`
	Warning     *AccountWarning `json:"moderation_warning,omitempty"`
	latest      social.Millis
	sampled     []social.ID
	first, last social.ID
	about       social.ID
}

// GroupedNotifications is a page of them with all they name.
type GroupedNotifications struct {
	Accounts accountList         `json:"accounts"`
	Partial  *[]PartialAccount   `json:"partial_accounts,omitempty"`
	Statuses statusList          `json:"statuses"`
	Groups   []NotificationGroup `json:"notification_groups"`
}

// PartialAccount is enough of an Account to show its picture.
type PartialAccount struct {
	ID           string `json:"id"`
	Acct         string `json:"acct"`
	Locked       bool   `json:"locked"`
	Bot          bool   `json:"bot"`
	URL          string `json:"url"`
	Avatar       string `json:"avatar"`
	AvatarStatic string `json:"avatar_static"`
	AvatarAlt    string `json:"avatar_description"`
}

// NotificationPolicy is which strangers' notifications come through.
type NotificationPolicy struct {
	NotFollowing    string        `json:"for_not_following"`
	NotFollowers    string        `json:"for_not_followers"`
	NewAccounts     string        `json:"for_new_accounts"`
	PrivateMentions string        `json:"for_private_mentions"`
	LimitedAccounts string        `json:"for_limited_accounts"`
	Bots            string        `json:"for_bots"`
	Summary         PolicySummary `json:"summary"`
}

// PolicySummary counts what is held back.
type PolicySummary struct {
	Requests      int `json:"pending_requests_count"`
	Notifications int `json:"pending_notifications_count"`
}

// V1NotificationPolicy is the old form.
type V1NotificationPolicy struct {
	NotFollowing    bool          `json:"filter_not_following"`
	NotFollowers    bool          `json:"filter_not_followers"`
	NewAccounts     bool          `json:"filter_new_accounts"`
	PrivateMentions bool          `json:"filter_private_mentions"`
	Summary         PolicySummary `json:"summary"`
}

// NotificationRequest gathers what is held back of one Account.
type NotificationRequest struct {
	ID         string   `json:"id"`
	CreatedAt  string   `json:"created_at"`
	UpdatedAt  string   `json:"updated_at"`
	Count      string   `json:"notifications_count"`
	Account    *Account `json:"account"`
	LastStatus *Status  `json:"last_status"`
}

// Application is a program that speaks for Users.
type Application struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Website      *string  `json:"website"`
	Scopes       []string `json:"scopes"`
	RedirectURIs []string `json:"redirect_uris"`
	RedirectURI  string   `json:"redirect_uri"`
	VapidKey     string   `json:"vapid_key"`
}

// ScheduledStatus is a Status that waits.
type ScheduledStatus struct {
	ID          string            `json:"id"`
	ScheduledAt string            `json:"scheduled_at"`
	Params      rawObject         `json:"params"`
	Media       []MediaAttachment `json:"media_attachments"`
}
