// Package mastodon is the Mastodon client API: one file a resource, the table
// of all operations in routes.go, the entities as clients read them in
// entity.go, and convert.go, the only place where the domain becomes entities.
package mastodon

import (
	"context"
	"net/http"

	"engawa/auth"
	"engawa/internal/translate"
	"engawa/social"
)

// API serves the operations. All fields are set before use.
type API struct {
	Home   *social.Home
	Grants *auth.Grants
	Auth   *auth.Auth
	Media  Uploads
	Limits *Limiter // nil: no rate limits
	// Base is the public URL of the home, without a slash at the end.
	Base string
	// Version is ours, for instance's version string.
	Version string
	// Streaming is the wss:// base of the streaming API.
	Streaming string
	// Threads fetches what a thread lacks; nil where there are no neighbours.
	Threads ThreadFetcher
	// MovingTypes are the media types of films and sounds that are taken; none
	// where ffmpeg is not there.
	MovingTypes []string
	// Registration is the setting of that name.
	Registration string

	// Translate is the translation service; nil while there is none.
	Translate translate.Service

	doors      doors
	uploading  gate
	activity   activity
	translated translations
	// RemoteMedia is the address under which this home shows a picture that
	// stands elsewhere; kind is avatar, static, header, emoji, attachment (a
	// preview) or original. Nil: it is linked where it stands.
	RemoteMedia func(kind, url string) string
}

// Uploads stores the files that people send.
type Uploads interface {
	// Upload reads, checks and stores one picture, as unattached Media of actor.
	Upload(ctx context.Context, actor social.ID, u Upload) (*social.Media, error)
	// Picture stores an avatar ("avatar") or a header ("header").
	Picture(ctx context.Context, kind string, u Upload) (social.Picture, error)
	// Drop removes the blobs of Media that is gone.
	Drop(ctx context.Context, m *social.Media)
}

// Upload is a file as it came, with what was said about it.
type Upload struct {
	File
	Description string
	Focus       [2]float64
}

// ThreadFetcher fetches what a thread lacks, in the background.
type ThreadFetcher interface {
	// Fetch starts (or finds) the fetching for a Post and returns its id, or ""
	// when there is nothing to fetch now; Result tells how many came and
	// whether it is finished.
	Fetch(ctx context.Context, p *social.Post) string
	Result(id string) (count int, finished, known bool)
}

// access says who may use an operation.
type access uint8

const (
	anyone      access = iota // without a token too
	withApp                   // any token
	withUser                  // a token that speaks for a User
	unconfirmed               // the same, whose address may not be confirmed yet
)

// route is one line of the table of operations.
type route struct {
	pattern string // of http.ServeMux: "GET /api/v1/accounts/{id}"
	access  access
	scope   string // what a token needs; several, any of which is enough, with |
	do      func(*API, *call) (any, error)
	limit   string // a stricter limit by name, "" for the common one
}

// call is one request on its way: who asks, with what.
type call struct {
	*http.Request
	w     http.ResponseWriter
	ctx   context.Context
	grant *auth.Grant
	in    Params
}

// viewer is who looks.
func (c *call) viewer() social.Viewer { return c.grant.Viewer() }

// me is the id of the User's Actor; only in operations that need a User.
func (c *call) me() social.ID { return c.grant.Actor }

// pathID reads an id of the path; what is no number is not there.
func (c *call) pathID(name string) (social.ID, error) {
	id, ok := social.ParseID(c.PathValue(name))
	if !ok {
		return 0, social.ErrNotFound
	}
	return id, nil
}

// status is an answer with a status of its own.
type status struct {
	code int
	body any
}

// empty is the answer {} that many writes give.
var empty = struct{}{}
