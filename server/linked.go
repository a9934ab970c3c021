package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/bluesky"
	"engawa/network/discord"
	"engawa/network/mail"
	"engawa/network/mastodon"
	"engawa/network/misskey"
	"engawa/network/nostr"
	"engawa/network/slack"
	"engawa/network/webhook"
	"engawa/network/x"
	"engawa/relay"
	"engawa/social"
)

// Linked is a network that accounts can be linked on. Value implements
// network.Linker and as many of the other interfaces as it has abilities.
type Linked struct {
	Value  any
	Fields []network.Field
}

// openLinked builds what relays and what reads.
func (s *Server) openLinked() {
	s.Linked = s.linkedNetworks()
	s.Ledger = &relay.Ledger{Home: s.Home, Networks: posters(s.Linked), Login: s.Login, Tell: s.tell, MediaURL: s.mediaURL, Log: s.Log}
	s.Links = &Linking{s: s, table: s.Linked, ledger: s.Ledger}
	s.Lanes = &Lanes{
		Store: s.store, Clock: clock.System, Networks: s.Linked, Login: s.Login, Arrive: s.Home.Arrive, Refused: s.refused, Log: s.Log,
	}
}

// mediaURL is the public address of a medium of ours.
func (s *Server) mediaURL(m *social.Media) string {
	if m.Key == "" {
		return m.RemoteURL
	}
	return s.Config.URL + "/blob/" + m.Key
}

// blueskyClient serves the document by which Bluesky's servers know this home.
func (s *Server) blueskyClient(w http.ResponseWriter, _ *http.Request) {
	doc, err := bluesky.ClientMetadata(s.Config.URL, s.Home.Info.Name, s.callback(bluesky.Name))
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(doc)
}

// nostrRelays are for people who name none.
var nostrRelays = []string{"wss://relay.damus.io", "wss://nos.lol", "wss://relay.primal.net"}

// tell lets the home's own account write to a User.
func (s *Server) tell(ctx context.Context, n *relay.Notice) error {
	_, err := s.Home.Tell(ctx, &social.Message{
		User: n.User, Text: n.Text, Key: n.Key, Context: relay.AskContext(n.Post, n.Link), ReplyTo: n.ReplyTo,
	})
	return err
}

// refused tells a User that a Link has to be linked again.
func (s *Server) refused(ctx context.Context, l *social.Link, err error) {
	if err := s.Ledger.Refused(ctx, l, err); err != nil {
		s.Log.Error("a person could not be told of a link's state", "link", l.ID, "err", err)
	}
}

// linksChanged drops what is kept of a User's Links and rules.
func (s *Server) linksChanged(e social.Event) {
	if e.Type == social.LinksChanged {
		s.Ledger.Forget(e.User)
		s.Lanes.Changed()
	}
}

// linkedNetworks is the table of the networks that accounts can be linked on. A
// Link names its network by the key.
func (s *Server) linkedNetworks() map[string]*Linked {
	web := s.webClient()
	dialer := &websocket.Dialer{NetDialContext: s.fetch.Dial, TLSClientConfig: s.fetch.TLS(), HandshakeTimeout: 30 * time.Second}
	files := &partFiles{s.store, s.blobs}
	masto := &mastodon.Network{HTTP: web, Dialer: dialer, Clock: clock.System, Files: files}
	miss := &misskey.Network{HTTP: web, Dialer: dialer, Clock: clock.System, Files: files}
	disc := &discord.Network{HTTP: web, Clock: clock.System, Files: files}
	slck := &slack.Network{HTTP: web, Clock: clock.System}
	hook := &webhook.Network{HTTP: web, Clock: clock.System, UserAgent: s.userAgent()}
	post := &mail.Network{SMTP: s.Config.SMTP, Clock: clock.System, HomeURL: s.Config.URL, HomeName: s.Config.Domain}
	return map[string]*Linked{
		"mastodon": {masto, masto.Fields()},
		"bluesky":  {&bluesky.Network{HTTP: web, Dialer: dialer, Clock: clock.System, Files: files, AllowHTTP: s.Config.AllowHTTP}, bluesky.Fields},
		"x":        {&x.X{HTTP: web, Clock: clock.System, Files: files}, x.Fields()},
		"misskey":  {miss, miss.Fields()},
		"nostr":    {&nostr.Nostr{Dialer: dialer, Clock: clock.System, Relays: nostrRelays}, nostr.Fields()},
		"discord":  {disc, disc.Fields()},
		"slack":    {slck, slck.Fields()},
		"webhook":  {hook, hook.Fields()},
		"mail":     {post, post.Fields()},
	}
}

// webClient is what the networks speak HTTP with: safe, without redirects.
func (s *Server) webClient() *http.Client {
	return &http.Client{
		Transport:     s.fetch,
		Timeout:       2 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (s *Server) userAgent() string { return "Engawa/" + s.version + " (" + s.Config.URL + ")" }

// posters are those of the table that take Copies.
func posters(table map[string]*Linked) map[string]relay.Network {
	out := make(map[string]relay.Network, len(table))
	for name, l := range table {
		if p, ok := l.Value.(relay.Network); ok {
			out[name] = p
		}
	}
	return out
}

// linkContext binds sealed credentials to their Link.
func linkContext(id social.ID) string { return "link:" + id.String() }

// seal makes of credentials what Link.Secret holds. The key lies in the data
// folder, apart from the database.
func (s *Server) seal(id social.ID, secret []byte) []byte {
	return []byte(s.Home.Master.SealBytes(secret, linkContext(id)))
}

// Login opens a Link's credentials.
func (s *Server) Login(_ context.Context, l *social.Link) (*social.Login, error) {
	login := &social.Login{Link: l}
	if len(l.Secret) > 0 {
		secret, err := s.Home.Master.OpenBytes(string(l.Secret), linkContext(l.ID))
		if err != nil {
			return nil, err
		}
		login.Secret = secret
	}
	login.Keep = func(ctx context.Context, secret []byte, expires social.Millis) error {
		sealed := s.seal(l.ID, secret)
		err := s.store.Write(ctx, func(tx social.Tx) error {
			cur, err := tx.Link(ctx, 0, l.ID)
			if err != nil {
				return err
			}
			cur.Secret, cur.ExpiresAt = sealed, expires
			return tx.TouchLink(ctx, cur)
		})
		if err == nil {
			l.Secret, l.ExpiresAt = sealed, expires
		}
		return err
	}
	return login, nil
}

// callback is where a network sends a person back to.
func (s *Server) callback(name string) string {
	return strings.TrimSuffix(s.Config.URL, "/") + callbackPath + name
}

const callbackPath = "/links/callback/"

func asLinkError(err error) *social.LinkError {
	var known *social.LinkError
	if errors.As(err, &known) {
		return known
	}
	return nil
}
