// Package bluesky links accounts on Bluesky and any other PDS of the AT
// Protocol: it posts, edits, deletes, answers and reads there.
//
// Everything goes through the account's own PDS (Personal Data Server), which
// passes on what the AppView has to answer. Ids are AT-URIs
// (at://did/collection/rkey); a Ref needs its CID, the hash of the record,
// before it can be answered, and it is looked up where it is missing.
//
// A post's rkey is a TID made from its Part's Key and CreatedAt, and posts are
// written with putRecord: sending twice makes the same record.
package bluesky

import (
	"crypto/ecdsa"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/social"
)

// Name is the network's name in social.Link.
const Name = "bluesky"

// The public services, used where the options do not name others.
const (
	publicPLC      = "https://plc.directory"
	publicResolver = "https://public.api.bsky.app"
	publicEntryway = "https://bsky.social"
	publicApp      = "https://bsky.app"
)

// Network is Bluesky. The zero value of an option means the public service.
type Network struct {
	HTTP   *http.Client      // its Transport is used; redirects are not followed
	Dialer *websocket.Dialer // for Jetstream alone
	Clock  clock.Clock
	Files  network.Files

	PLC      string // directory of did:plc
	Resolver string // answers com.atproto.identity.resolveHandle
	Entryway string // where accounts log in that are named by an e-mail address
	// Jetstream is the wss:// base URL of a Jetstream; empty: Lanes are polled.
	Jetstream string
	// ClientKey, of P-256, makes the home a confidential client of OAuth, whose
	// permissions last for years; without it they last 14 days. Its document is
	// then that of Metadata. The key must stay the same: permissions hang on it.
	ClientKey *ecdsa.PrivateKey
	// AllowHTTP takes PDS and authorization servers without TLS, for tests on loopback.
	AllowHTTP bool

	sessions sessions
}

var (
	_ network.Linker     = (*Network)(nil)
	_ network.Poster     = (*Network)(nil)
	_ network.Doer       = (*Network)(nil)
	_ network.LaneReader = (*Network)(nil)
)

// Fields are what a person types to link an account: without the app password
// the account is linked by OAuth.
var Fields = []network.Field{
	{Name: "handle", Label: "link.field.bluesky_handle", Needed: true},
	{Name: "password", Label: "link.field.app_password", Secret: true},
}

// Limits are a post's: of the lexicon app.bsky.feed.post and its embeds, with
// the picture size that every PDS takes; longer ones are fitted by what the PDS
// answers.
var Limits = social.Bounds{Characters: 300, Bytes: 3000, Media: 4, ImageBytes: imageBytes, ImagePixels: 2000, AltText: 2000}

const imageBytes = 1_000_000

func (n *Network) abilities() social.Ability {
	a := social.AblePost | social.AbleReply | social.AbleEdit | social.AbleDelete | social.AbleMedia | social.AbleQuote |
		social.AbleBoost | social.AbleFavourite | social.AbleBookmark | social.AbleFollow | social.AbleRead | social.AbleNotify
	if n.Jetstream != "" {
		a |= social.AbleStream
	}
	return a
}

func (n *Network) now() time.Time { return n.Clock.Now() }

func or(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}
