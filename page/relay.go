package page

import (
	"io"
	"time"

	"engawa/internal/locale"
)

// Where the pages of linked accounts are and their forms go; all forms are POST.
const (
	RelayPath      = "/relay"
	RelayBeginPath = "/relay/link"   // network, base, name, again, field.NAME
	RelayLinksPath = "/relay/links/" // ID/check pause resume read unread merge unmerge drop
	RulesPath      = "/relay/rules"  // rules, do = check | save
	RelayPostsPath = "/relay/posts/" // ID; ID/LINK/retry skip thread cut delete
)

// tabs are the pages about oneself, in the order in which they stand above
// each of them.
var tabs = []tab{
	{RelayPath, "linked.title"},
	{RulesPath, "rules.title"},
	{SecurityPath, "security.tab"},
	{PasswordPath, "password.tab"},
}

type tab struct{ Path, Text string }

// RelayView is every linked account with its state, and how to link another.
type RelayView struct {
	Visit
	Problem  string // why the last form was refused
	Links    []LinkView
	Posts    []RelayedView // the reader's last ones
	Networks []NetworkView
}

// LinkView is one linked account.
type LinkView struct {
	ID      string // decimal
	Name    string // what rules call it
	Network string // as people write it
	Handle  string
	URL     string
	Mood    string // well, paused, unwell
	Summary string // its state in words
	OK      time.Time
	Failed  time.Time
	Error   string
	Remedy  string
	Over    bool // a success came after the failure
	Expires time.Time
	Queue   []string // "2 × waits", in words
	Spent   string   // this month
	Sent    int64
	Paused  bool
	Again   bool // its network can be linked again
	Reading bool // its timeline can be read
	Reads   bool
	Merges  bool
}

// NetworkView is a network that accounts can be linked on.
type NetworkView struct {
	Name   string // as in addresses
	Title  string
	Base   string // whether a server is asked for: "", "optional", "needed"
	Typed  string // the server as typed before
	Called string // the link's name as typed before
	Again  string // id of the link whose account is linked again
	As     string // its name
	Open   bool
	Fields []FieldAsk
}

// FieldAsk is one thing that a network asks for; Label is in the reader's words.
type FieldAsk struct {
	Name, Label string
	Typed       string // as typed before; nothing that is secret
	Secret      bool
	Needed      bool
}

// RelayedView is a post in few words, and how far its copies are.
type RelayedView struct {
	ID     string
	Text   string
	At     time.Time
	Copies []string // "Bluesky: sent", in words
	Asks   bool     // one of them waits for the reader
}

// LeaveView sends the reader to another network, who has to allow something there.
type LeaveView struct {
	Visit
	Network string
	URL     string
}

// Relay writes the linked accounts.
func (p *Pages) Relay(w io.Writer, lang locale.Lang, v RelayView) error {
	return p.write(w, lang, "relay", private(lang, "linked.title", v.Visit, v))
}

// Leave writes where the reader goes next.
func (p *Pages) Leave(w io.Writer, lang locale.Lang, v LeaveView) error {
	return p.write(w, lang, "leave", form(lang, "linked.leave", v.Visit, v))
}

// RulesView is a rule book as text, and what came of reading it.
type RulesView struct {
	Visit
	Text     string
	Saved    bool
	Checked  bool // Trial is of this text
	Problem  string
	Errors   []string // with line and what would be right
	Warnings []string
	Rules    []SentenceView
	Links    []string // names that rules can send to
	Trial    TrialView
}

// SentenceView is one rule in words.
type SentenceView struct {
	Name string
	Text string
}

// TrialView is what rules would have done to the last posts.
type TrialView struct {
	Posts  int
	Counts []CountView // by link
	Sent   []TriedView // something would have gone somewhere
	Kept   []TriedView
}

// CountView is how many posts one link would have got.
type CountView struct {
	Name string
	N    int64
}

// TriedView is what would have become of one post.
type TriedView struct {
	RelayedView
	Each []DecidedView
}

// DecidedView is what is decided for one link, with the reason in words.
type DecidedView struct {
	Name   string
	Send   bool
	Reason string
}

// Rules writes the rule book.
func (p *Pages) Rules(w io.Writer, lang locale.Lang, v RulesView) error {
	return p.write(w, lang, "rules", private(lang, "rules.title", v.Visit, v))
}

// CopiesView is what became of one post elsewhere.
type CopiesView struct {
	Visit
	ID      string
	Problem string
	Text    string
	URL     string // of the post; "" when it is deleted
	At      time.Time
	Targets []CopiesAt
}

// CopiesAt is what was decided for one link, and the copies there.
type CopiesAt struct {
	ID      string // of the link
	Name    string
	Network string
	Send    bool
	Reason  string
	Parts   []CopyView
	Actions []string // retry, skip, thread, cut, delete
}

// CopyView is one part of a copy.
type CopyView struct {
	Number, Of int
	State      string // in words
	Mood       string // well, waiting, unwell
	Reason     string
	Text       string
	URL        string // where it stands
	Cost       string // "" for nothing
	Tries      int
	Due        time.Time
	Sent       time.Time
	Deleted    time.Time
}

// Copies writes what became of one post elsewhere.
func (p *Pages) Copies(w io.Writer, lang locale.Lang, v CopiesView) error {
	return p.write(w, lang, "copies", private(lang, "copies.title", v.Visit, v))
}

// private is the screen of a page for the reader alone, as wide as public ones.
func private(lang locale.Lang, title string, visit Visit, view any) screen {
	s := form(lang, title, visit, view)
	s.Form, s.Private = false, true
	return s
}
