// Package engawa is the home's own API under /api/engawa/v1: what Mastodon's
// API has no words for: links, lanes, rules, copies, folds. docs/api.md
// describes it; routes.go is the table of all operations, with one file a
// resource beside it. Requests and answers are JSON; rules may be TOML.
package engawa

import (
	"context"
	"net/http"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/social"
)

// Base is where all operations are.
const Base = "/api/engawa/v1"

// API serves the operations. All fields are set before use.
type API struct {
	Home   *social.Home
	Grants *auth.Grants
	Limits *Limiter // nil: no rate limits
	// URL is the public URL of the home, without a slash at the end.
	URL    string
	Links  Linking
	Rules  Rules
	Drafts Previewer // nil: there is no preview
	Copies Copies
	Render Renderer
}

// Network is one that accounts can be linked on.
type Network struct {
	Name   string // as in Link.Network
	Title  string // as people write it
	Base   string // whether the person gives a server: "", "optional" or "needed"
	Fields []Field
	Can    social.Ability // what a link can do at most
}

// Field is one thing that a person has to type to link an account.
type Field struct {
	Name   string
	Label  string // key of the text in internal/locale
	Secret bool
	Needed bool
}

// LinkAsk is what a person gave to link an account.
type LinkAsk struct {
	Network string
	Name    string
	Again   social.ID // the Link whose account is linked again; zero: a new one
	Base    string
	Fields  map[string]string
}

// LinkChange is what is changed of a Link; nil leaves it.
type LinkChange struct {
	Name     *string
	Paused   *bool
	Read     *bool
	Merge    *bool
	Settings []byte // JSON object
}

// Linking makes, changes and ends Links. Errors are the domain's.
type Linking interface {
	// Networks is the table of networks, by name.
	Networks() []Network
	// Begin answers with the Link, or with where the person has to go first; with
	// neither, the person goes on from a letter.
	Begin(ctx context.Context, user social.ID, ask *LinkAsk) (*social.Link, string, error)
	// Finish goes on with what a network's address said when the person came back.
	Finish(ctx context.Context, user social.ID, network string, back map[string][]string) (*social.Link, string, error)
	Change(ctx context.Context, user, id social.ID, c *LinkChange) (*social.Link, error)
	Check(ctx context.Context, user, id social.ID) (*social.Link, error)
	Drop(ctx context.Context, user, id social.ID) error
}

// RuleText is a rule book as it came.
type RuleText struct {
	Text string
	JSON bool // else TOML
}

// Problem is something wrong with a rule book, in words.
type Problem struct {
	Line    int    `json:"line,omitempty"`
	Rule    string `json:"rule,omitempty"`
	Key     string `json:"key,omitempty"`
	Message string `json:"message"`
}

// Decided is what the rules decide for one Post and one Link.
type Decided struct {
	Link   *social.Link
	Send   bool
	Rule   string
	Reason string
}

// Tried is what a rule book would do to one Post.
type Tried struct {
	Post *social.Post
	Each []Decided
}

// RuleTrial is what reading a rule book brought.
type RuleTrial struct {
	Errors   []Problem // the book cannot be kept
	Warnings []Problem
	Trial    []Tried // on the last 50 Posts, newest first
}

// Rules reads and keeps rule books.
type Rules interface {
	// Read is the User's book as TOML, and as JSON.
	Read(ctx context.Context, user social.ID) (toml string, json []byte, err error)
	// Put tries a book, and keeps it when it has no errors and keep is set.
	Put(ctx context.Context, user social.ID, in RuleText, keep bool, lang locale.Lang) (*RuleTrial, error)
}

// Draft is a Post that is being written.
type Draft struct {
	Text      string
	Format    social.Format // "" is plain text
	Warning   string
	Sensitive bool
	Media     []social.ID
	Poll      *social.PartPoll
	Audience  social.Audience
	Language  string
	ReplyTo   social.ID
	QuoteOf   social.ID
}

// Preview is what would become of a Draft at one Link.
type Preview struct {
	Link   *social.Link
	Send   bool
	Rule   string
	Reason string
	Ask    string // why the person is asked first: confirm, lossy, price; "": not asked
	Parts  []PreviewPart
	Losses []string // what is lost on the way, in words
	Cost   int64    // micro-dollars
}

// PreviewPart is one post there.
type PreviewPart struct {
	Part   social.Part
	Length int // in the network's own ruler
	Limit  int // zero: none
	Cost   int64
}

// Previewer renders Drafts without sending anything.
type Previewer interface {
	Preview(ctx context.Context, user social.ID, d *Draft, lang locale.Lang) ([]Preview, error)
}

// Copies acts on what relaying made. Each reports false when there was nothing
// to do it with.
type Copies interface {
	// Settle carries out a choice for what was asked: thread, cut or skip.
	Settle(ctx context.Context, l *social.Link, post social.ID, choice string) (bool, error)
	// Retry lets what failed or was skipped go out now.
	Retry(ctx context.Context, l *social.Link, post social.ID) (bool, error)
	// Delete removes what stands there, and what has not gone out yet.
	Delete(ctx context.Context, l *social.Link, post social.ID) (bool, error)
}

// Renderer writes Posts as Mastodon's API does.
type Renderer interface {
	// Statuses is a JSON list of Status entities; place is the context that
	// filters are applied for.
	Statuses(ctx context.Context, v social.Viewer, l *social.Listing, place string) ([]byte, error)
}

// route is one line of the table of operations.
type route struct {
	pattern string // of http.ServeMux, without Base
	scope   string // what a token needs
	do      func(*API, *call) (any, error)
	limit   string // a stricter limit by name, "" for the common one
}

// call is one request on its way.
type call struct {
	*http.Request
	w     http.ResponseWriter
	ctx   context.Context
	grant *auth.Grant
	lang  locale.Lang
}

// me is who asks.
func (c *call) me() social.ID { return c.grant.Actor }

// pathID reads an id of the path; what is no number is not there.
func (c *call) pathID(name string) (social.ID, error) {
	id, ok := social.ParseID(c.PathValue(name))
	if !ok {
		return 0, social.ErrNotFound
	}
	return id, nil
}

// status is an answer with a status of its own; body nil is no body.
type status struct {
	code int
	body any
}

// raw is an answer that is written already.
type raw struct {
	kind string
	data []byte
}
