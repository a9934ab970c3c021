package page

import (
	"html/template"
	"time"
)

// The views are what a page is told. Whoever fills them has asked
// social.CanSee already. Strings are plain text of any length and origin: the
// pages bound and escape them. URLs may be anything: what is not http or https
// is left out. Only an HTML value is trusted as it stands.

// HTML is markup that Engawa's sanitiser made (internal/markup). It may hold
// :shortcode: texts, which become images by the Emojis beside it.
type HTML = template.HTML

// Visit tells who looks at a page, and from where.
type Visit struct {
	Reader *ActorView // who is logged in; nil for a visitor
	Here   string     // path and query of the page, for the choice of language and the way back after logging in
}

// HomeView is the home that speaks.
type HomeView struct {
	Name        string
	Domain      string // the part after the second @ of its handles
	URL         string // public base URL without a slash at the end
	Description HTML
	Summary     string // Description as plain text
	Image       string // for link previews
	Contact     string // e-mail address of who runs it, or ""
	Version     string // of the software
	Source      string // where this program's source is offered (AGPL section 13)
}

// Emoji is a custom emoji: the shortcode without colons.
type Emoji struct{ Shortcode, URL string }

// ActorView is an actor in few words: a post's author, the one who logs in.
type ActorView struct {
	Name   string // display name; the handle's name stands in when empty
	Handle string // whole, without the first @: alice@example.com
	URL    string // the page
	Avatar string
	Emojis []Emoji
	Bot    bool
	Group  bool // a community
}

// FieldView is a line of a profile's table.
type FieldView struct {
	Name     string
	Value    HTML
	Link     string    // when the value is one link: its URL; the page then writes the link itself, host whole
	Verified time.Time // when the link was last seen to point back; zero when it does not
}

// ProfileView is /@name.
type ProfileView struct {
	Visit
	ActorView
	URI       string // ActivityPub id, for rel=alternate
	Bio       HTML
	Summary   string // Bio as plain text
	Header    string // URL of the wide picture
	Fields    []FieldView
	Joined    time.Time
	Posts     int64 // counts are -1 when they are not shown
	Following int64
	Followers int64
	MovedTo   *ActorView
	Memorial  bool
	NoIndex   bool // the person does not want to be found by search engines
	Pinned    []PostView
	Recent    []PostView
	Older     string // path of the next page, or ""
	Newer     string // path back, or ""
}

// MediaKind tells how a MediaView is shown.
type MediaKind string

// The kinds of media; anything else is a link to the file.
const (
	Image MediaKind = "image"
	Video MediaKind = "video"
	Gifv  MediaKind = "gifv" // a silent, looping video; it does not start by itself
	Audio MediaKind = "audio"
)

// MediaView is an attachment. Width and Height are those of the preview in
// pixels, 0 when unknown.
type MediaView struct {
	Kind    MediaKind
	URL     string
	Preview string
	Alt     string
	Width   int
	Height  int
}

// OptionView is a poll's choice; Votes is -1 while the result is hidden.
type OptionView struct {
	Title string
	Votes int64
}

// PollView is a poll with its result.
type PollView struct {
	Options  []OptionView
	Voters   int64 // people who voted
	Multiple bool  // one may have chosen several
	Ends     time.Time
	Closed   bool
}

// QuoteState tells whether a quoted post may be shown (FEP-044f).
type QuoteState string

// The states of a quote; anything else reads as unavailable.
const (
	QuoteAccepted QuoteState = "accepted"
	QuotePending  QuoteState = "pending"
	QuoteDeleted  QuoteState = "deleted"
)

// QuoteView is the post that a post quotes; Post is nil unless accepted.
type QuoteView struct {
	State QuoteState
	Post  *PostView
}

// PostView is one post as it stands in a list.
type PostView struct {
	ID        string // decimal; names the element
	URI       string
	URL       string // of its page; used when its host is that of URI
	Local     bool
	Author    ActorView
	BoostedBy *ActorView
	Created   time.Time
	Edited    time.Time // zero when never
	Lang      string    // BCP 47, of the author's choice
	Warning   string    // content warning
	Sensitive bool      // its media are covered
	Title     string    // of an article
	Content   HTML
	Text      string // Content as plain text
	Emojis    []Emoji
	Media     []MediaView
	Poll      *PollView
	Quote     *QuoteView
	Boosts    int64
	Favours   int64
	Replies   int64
	NoIndex   bool
}

// ReplyView is an answer in a thread; Depth counts from 1.
type ReplyView struct {
	Post  PostView
	Depth int
}

// ThreadView is /@name/id.
type ThreadView struct {
	Visit
	Ancestors []PostView
	Post      PostView
	Replies   []ReplyView
	Missing   int64 // replies known of and not here
}

// FrontView is / for visitors.
type FrontView struct {
	Visit
	Rules  []RuleView
	Latest []PostView
	SignUp string // path of the form where registration is open, or ""
}

// RuleView is one of the home's rules.
type RuleView struct{ Text, Hint string }

// AboutView is /about.
type AboutView struct {
	Visit
	Rules  []RuleView
	Owner  *ActorView
	Text   HTML // the longer description
	People int64
	Posts  int64
	Blocks []BlockView
}

// DocumentView is a text that the home stands by: its terms, or what it does
// with what it knows.
type DocumentView struct {
	Visit
	Kind  string // terms, privacy
	Text  HTML
	Since time.Time
}

// BlockView is a home that this one keeps out, as far as it is told publicly.
type BlockView struct {
	Domain string
	Silent bool // only limited
	Reason string
}

// TagView is /tags/{name}.
type TagView struct {
	Visit
	Tag   string // without #
	Posts []PostView
	Older string
}
