package page

import (
	"io"
	"time"

	"engawa/internal/locale"
)

// Where the forms about accounts go; all are GET for the form and POST for what
// was typed.
const (
	JoinPath    = "/join"             // username, email, password, again, reason, born, agree = on, invite
	ForgotPath  = "/forgot"           // email
	ConfirmPath = "/confirm"          // token
	EmailPath   = "/settings/email"   // email, current
	InvitesPath = "/settings/invites" // most, days · drop
)

// JoinView is the form of who wants an account.
type JoinView struct {
	Visit
	Name, Email, Reason, Born string // as typed before
	Invite                    string // code of the invitation
	InvitedBy                 string // handle, or ""
	Domain                    string
	Rules                     []RuleView
	Reasons                   bool   // a reason is asked for
	MinAge                    int    // years; 0 asks for no age
	Minimum                   int    // characters a password must have
	Mail                      bool   // a letter will follow
	Stranger                  string // sealed: who an identity provider says it is; then there is no password
	Proved                    bool   // the provider has proved the address
	Problem                   string
}

// AskView is a small form: some words, some fields, one button.
type AskView struct {
	Visit
	Title, Text string
	Action      string // path of the form
	Hidden      []Param
	Fields      []AskField
	Button      string // "": there is no form, only words
	Problem     string
	Code        *CodeImage // shown above the fields
	List        []string   // shown below the words, to be copied
	Link, Label string     // same-site path to go on to
}

// AskField is a field of an AskView. Type is that of HTML.
type AskField struct {
	Name, Label, Hint, Type, Complete, Value string
	Longest                                  int
}

// CodeImage is a QR code: a path of SVG in a square of Size units, and its text.
type CodeImage struct {
	Size int
	Path string
	Text string
}

// InvitesView is what a User invites people by.
type InvitesView struct {
	Visit
	Invites []InviteView
	Problem string
}

// InviteView is one invitation.
type InviteView struct {
	ID, URL    string
	Uses, Most int64 // Most 0: without end
	Until      time.Time
	Over       bool
}

// Join writes the form for a new account.
func (p *Pages) Join(w io.Writer, lang locale.Lang, v JoinView) error {
	return p.write(w, lang, "join", form(lang, "join.title", v.Visit, v))
}

// Ask writes a small form.
func (p *Pages) Ask(w io.Writer, lang locale.Lang, v AskView) error {
	s := form(lang, "", v.Visit, v)
	s.Meta.Title = v.Title
	return p.write(w, lang, "ask", s)
}

// Invites writes the invitations of the reader.
func (p *Pages) Invites(w io.Writer, lang locale.Lang, v InvitesView) error {
	return p.write(w, lang, "invites", form(lang, "invites.title", v.Visit, v))
}
