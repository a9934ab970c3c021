package social

import (
	"context"

	"engawa/internal/locale"
)

// Link is one of a User's accounts on another network: what is said here can be
// relayed through it, and what it sees can be read here as a Lane.
type Link struct {
	ID      ID
	User    ID
	Network string // "mastodon", "misskey", "bluesky", "nostr", "x", "discord" …: the table in server/networks.go
	Name    string // what the person calls it; unique among the User's Links, as rules name it
	Base    string // base URL of the server, relay list or webhook; without a slash at the end
	Account string // the account's id in the network's own words: did, hex key, numeric id
	Handle  string // as people write it there
	URL     string // its page
	Avatar  string // URL
	Can     Ability
	Limits  Bounds // as the server announced them; zero: the network's own
	// Settings are the person's choices (JSON, the network's own shape), Secret
	// the sealed credentials. Nothing but the network reads them.
	Settings []byte
	Secret   []byte

	State     LinkState
	OKAt      Millis       // last success of any kind
	FailedAt  Millis       // last failure; the Link is well when OKAt is later
	Error     locale.Words // of the last failure, for the person
	Remedy    locale.Words // what the person can do about it
	ExpiresAt Millis       // when the credentials end; zero: never, or unknown

	List      ID     // the List that shows its Lane in the Mastodon API; zero: not read
	Merge     bool   // its Lane's Posts are in Home too
	Cursors   []byte // JSON: how far each Lane was read
	CreatedAt Millis
}

// Ability is what a Link can do; a set of bits.
type Ability uint32

// The abilities.
const (
	AblePost Ability = 1 << iota
	AbleReply
	AbleEdit
	AbleDelete
	AbleMedia
	AblePoll
	AbleQuote
	AbleBoost
	AbleFavourite
	AbleReact // with any emoji
	AbleBookmark
	AbleFollow
	AbleRead   // its home timeline
	AbleNotify // its notifications
	AbleStream // without polling
)

// Has reports whether all of b are among the abilities.
func (a Ability) Has(b Ability) bool { return a&b == b }

// LinkState is how a Link is.
type LinkState string

// The states of a Link.
const (
	LinkActive    LinkState = "active"
	LinkPaused    LinkState = "paused"    // by the person
	LinkReconnect LinkState = "reconnect" // its credentials are refused: the person must link again
)

// Bounds are the limits of one account's posts. Zero: the network's default.
type Bounds struct {
	Characters  int   `json:"characters,omitempty"` // in the network's own ruler
	Bytes       int   `json:"bytes,omitempty"`      // of the text in UTF-8
	URL         int   `json:"url,omitempty"`        // characters that any URL counts
	Media       int   `json:"media,omitempty"`      // files a post
	ImageBytes  int64 `json:"imageBytes,omitempty"`
	ImagePixels int   `json:"imagePixels,omitempty"` // longest side
	AltText     int   `json:"altText,omitempty"`
	PollOptions int   `json:"pollOptions,omitempty"`
}

// Login is a Link with its credentials opened: what a network needs to act as
// the account.
type Login struct {
	*Link
	Secret []byte // JSON, opened
	// Keep stores renewed credentials durably; a network that rotates its refresh
	// tokens calls it before it uses the new ones.
	Keep func(ctx context.Context, secret []byte, expires Millis) error
}

// LinkFailure classes say what is to be done about a failure at a Link.
type LinkFailure uint8

// The classes of failure.
const (
	TryAgain    LinkFailure = iota // the network or the way to it is down, or asks to wait (After)
	Reconnect                      // the credentials are refused
	FixPost                        // this post will never be taken as it is
	OutOfBudget                    // no money, or a monthly cap
	Unsupported                    // the network has no such thing, or not for this account
	Uncertain                      // it may have arrived: never send again blindly, Poster.Find first
	NotThere                       // what was to be changed is gone there
)

// LinkError is what a network answers when something at a Link fails. Message
// and Remedy are for the person: sentences without a stop at the end.
type LinkError struct {
	Class   LinkFailure
	Message locale.Words
	Remedy  locale.Words
	After   Millis // how long to wait, where the network said; zero: the usual pause
	Err     error
}

// Error says what failed, in English: it is for the log.
func (e *LinkError) Error() string {
	said := locale.Say(locale.English, e.Message)
	if e.Err != nil {
		return said + ": " + e.Err.Error()
	}
	return said
}

// Unwrap returns the cause.
func (e *LinkError) Unwrap() error { return e.Err }
