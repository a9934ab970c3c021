// Package misskey links accounts on Misskey and the servers that share its API
// (CherryPick, yojo-art, Sharkey, Iceshrimp): sign-in by MiAuth, notes,
// reactions, the home timeline and the notifications by polling and by stream.
package misskey

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// Network is the client of every such server. All methods may be called
// concurrently.
type Network struct {
	HTTP   *http.Client
	Dialer *websocket.Dialer // nil: no streams
	Clock  clock.Clock
	Files  network.Files
	// Wait pauses before Find looks again; nil: by the machine's clock.
	Wait func(ctx context.Context, d time.Duration) error

	mu     sync.Mutex
	people map[string]person // by base and id of the user
}

var (
	_ network.Linker       = (*Network)(nil)
	_ network.Poster       = (*Network)(nil)
	_ network.Doer         = (*Network)(nil)
	_ network.LaneReader   = (*Network)(nil)
	_ network.LaneListener = (*Network)(nil)
)

// Fields are what a person may type beside the server: an access token made in
// its settings spares the page of consent.
func (*Network) Fields() []network.Field {
	return []network.Field{{Name: "token", Label: "link.field.token", Secret: true}}
}

// secret is what is sealed of a Link.
type secret struct {
	Token string `json:"token"`
}

// session is one account with its credentials opened.
type session struct {
	*Network
	login *social.Login
	base  string
	token string
}

func (n *Network) open(l *social.Login) (*session, error) {
	var s secret
	if err := json.Unmarshal(l.Secret, &s); err != nil || s.Token == "" {
		return nil, network.Unreadable(nil)
	}
	return &session{Network: n, login: l, base: l.Base, token: s.Token}, nil
}

func (n *Network) now() int64 { return clock.NowMillis(n.Clock) }

// pause waits d or until ctx ends.
func (n *Network) pause(ctx context.Context, d time.Duration) error {
	if n.Wait != nil {
		return n.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// resolve is the server's own id of what a Ref names: the id as it is, or what
// the server finds under the address (ap/show, 30 in an hour).
func (s *session) resolve(ctx context.Context, ref social.Ref) (string, error) {
	if loose.IsID(ref.ID) {
		return ref.ID, nil
	}
	for _, address := range []string{ref.ID, ref.URI, ref.URL} {
		if loose.WebURL(address) == "" {
			continue
		}
		var found struct {
			Type   string `json:"type"`
			Object note   `json:"object"`
		}
		if err := s.ask(ctx, "ap/show", params{"uri": address}, &found); err != nil {
			return "", err
		}
		if found.Type == "Note" && found.Object.ID != "" {
			return string(found.Object.ID), nil
		}
	}
	return "", network.UnknownPost(hostOf(s.base), nil)
}
