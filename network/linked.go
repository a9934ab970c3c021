package network

import (
	"context"
	"io"
	"net/url"

	"engawa/social"
)

// A network that accounts can be linked on implements Linker and as many of the
// other interfaces as it has abilities; social.Link.Can says which. All errors
// that a person can do something about are *social.LinkError; others are taken
// as TryAgain. No method keeps state between calls but caches that may be lost,
// all may be called concurrently, for different Links always and for one Link
// at most once at a time for Poster.

// Linker makes Links.
type Linker interface {
	// Begin starts linking: it answers with a finished Link, or with where to
	// send the person, and what Finish needs to know then.
	Begin(ctx context.Context, in LinkInput) (*LinkStep, error)
	// Finish takes what came back from there; state is LinkStep.State.
	Finish(ctx context.Context, state []byte, back url.Values) (*LinkStep, error)
	// Check asks whether the credentials still work and brings handle, avatar,
	// limits and abilities up to date in l.
	Check(ctx context.Context, l *social.Login) error
}

// LinkInput is what the person gave to link an account.
type LinkInput struct {
	Base     string            // server, relay or webhook URL as typed
	Fields   map[string]string // by the names of the network's Fields
	Callback string            // URL that the network shall send the person back to
	HomeURL  string
	HomeName string
}

// LinkStep is where linking stands: Link set when it is done, URL when the
// person has to go there first.
type LinkStep struct {
	URL   string
	State []byte // kept sealed until Finish
	Link  *social.Link
	// Secret are the credentials (JSON), to be sealed by the caller.
	Secret []byte
}

// Field is one thing that a person has to type to link an account.
type Field struct {
	Name   string // key in LinkInput.Fields
	Label  string // key of the text in internal/locale
	Secret bool
	Needed bool
}

// Poster sends Copies. Every call is safe to repeat with the same Part.Key as
// far as the network allows; where it does not, an unknown outcome is answered
// with Uncertain.
type Poster interface {
	Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error)
	// Edit makes the post at ref say what p says.
	Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error)
	// Delete removes it; gone already is no error.
	Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error)
	// Find looks for a Part that may have arrived (after Uncertain); nil: it did not.
	Find(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error)
}

// Doer carries out answers without text where the post is.
type Doer interface {
	// Do returns what the network made, to be handed back in Deed.Made for the undoing.
	Do(ctx context.Context, l *social.Login, d *social.Deed) (social.Ref, error)
}

// LaneReader reads what a linked account sees.
type LaneReader interface {
	// Read brings at most limit items of place after cursor ("": the newest), oldest first.
	Read(ctx context.Context, l *social.Login, place social.LanePlace, cursor string, limit int) (*social.Batch, error)
	// Thread brings a post with what it answers and its answers.
	Thread(ctx context.Context, l *social.Login, ref social.Ref, limit int) (*social.Batch, error)
}

// LaneListener hears what a linked account sees as it happens, where
// social.AbleStream is set. Hear calls sink for each arrival, in order, and
// returns when ctx ends or the connection is lost.
type LaneListener interface {
	Hear(ctx context.Context, l *social.Login, sink func(*social.Batch) error) error
}

// Files opens the media of Parts, fitted: implemented by package server over
// blobs and media.
type Files interface {
	// Open returns the bytes and content type of f, re-encoded where it is
	// larger than f.Bytes or f.Side. A medium that cannot be fitted is FixPost.
	Open(ctx context.Context, f *social.PartFile) (r io.ReadCloser, size int64, contentType string, err error)
}
