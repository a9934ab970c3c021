// Package mastodon links accounts on servers that speak Mastodon's client API:
// Mastodon and its forks, GoToSocial, Pleroma and Akkoma, and other homes of
// Engawa. What a server can do is read from its /api/v2/instance.
package mastodon

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/social"
)

// Network is the client of every such server. It is the network of the names
// "mastodon" and "engawa". All methods may be called concurrently.
type Network struct {
	HTTP   *http.Client
	Dialer *websocket.Dialer // nil: no streams
	Clock  clock.Clock
	Files  network.Files
	// Wait pauses between looks at a medium that is being worked on; nil: by the
	// machine's clock.
	Wait func(ctx context.Context, d time.Duration) error

	mu      sync.Mutex
	apps    map[string]app     // by base, callback and name
	servers map[string]*server // by base
	renewed map[string]secret  // by the refresh token that was spent
}

var (
	_ network.Linker       = (*Network)(nil)
	_ network.Poster       = (*Network)(nil)
	_ network.Doer         = (*Network)(nil)
	_ network.LaneReader   = (*Network)(nil)
	_ network.LaneListener = (*Network)(nil)
)

// Fields are what a person may type beside the server: nothing is needed, as
// the server's own page asks for consent; a token made there spares that page.
func (*Network) Fields() []network.Field {
	return []network.Field{{Name: "token", Label: "link.field.token", Secret: true}}
}

// secret is what is sealed of a Link.
type secret struct {
	Token        string `json:"token"`
	ClientID     string `json:"clientId,omitempty"`
	ClientSecret string `json:"clientSecret,omitempty"`
	Refresh      string `json:"refresh,omitempty"` // Pleroma's tokens end
}

// cacheSize bounds each of the caches; a full one is emptied.
const cacheSize = 256

// remember puts v into a bounded cache.
func remember[V any](m *map[string]V, key string, v V) {
	if *m == nil || len(*m) >= cacheSize {
		*m = map[string]V{}
	}
	(*m)[key] = v
}

// session is one account with its credentials opened.
type session struct {
	*Network
	login *social.Login
	base  string
	token string
}

// open reads the credentials and renews them where they are about to end.
func (n *Network) open(ctx context.Context, l *social.Login) (*session, error) {
	var s secret
	if err := json.Unmarshal(l.Secret, &s); err != nil || s.Token == "" {
		return nil, network.Unreadable(nil)
	}
	if s.Refresh != "" && l.ExpiresAt != 0 && l.ExpiresAt < n.now()+renewBefore {
		var err error
		if s, err = n.renew(ctx, l, s); err != nil {
			return nil, err
		}
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
