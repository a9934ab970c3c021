package x

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's in Link.Network.
const Name = "x"

// X is the network. HTTP, Clock and Files are needed; the others have defaults.
type X struct {
	HTTP  *http.Client
	Clock clock.Clock
	Files network.Files
	API   string // base of the API, "https://api.x.com"
	Site  string // base of the pages and of authorisation, "https://x.com"
	// Pause waits between questions about a medium that X works on.
	Pause func(context.Context, time.Duration) error

	mu      sync.Mutex
	started time.Time                     // of the first call: nothing was tried by this process before
	locks   map[social.ID]*sync.Mutex     // one renewal a Link
	renewed map[social.ID]renewal         // what a Login opened earlier does not know yet
	doubts  bounded[string, time.Time]    // when the outcome of a Part became unknown, by its key
	uploads bounded[string, uploadedFile] // media that wait for their post, by part and position
}

var (
	_ network.Linker     = (*X)(nil)
	_ network.Poster     = (*X)(nil)
	_ network.Doer       = (*X)(nil)
	_ network.LaneReader = (*X)(nil)
)

// Fields are what a person types: either the four keys of an own app (OAuth
// 1.0a), or the client id of one (OAuth 2).
func Fields() []network.Field {
	return []network.Field{
		{Name: "consumerKey", Label: "link.x.consumer_key"},
		{Name: "consumerSecret", Label: "link.x.consumer_secret", Secret: true},
		{Name: "token", Label: "link.x.token"},
		{Name: "tokenSecret", Label: "link.x.token_secret", Secret: true},
		{Name: "clientId", Label: "link.x.client_id"},
		{Name: "clientSecret", Label: "link.x.client_secret", Secret: true},
	}
}

// Settings are the person's choices of a Link on X.
type Settings struct {
	Read bool `json:"read,omitempty"` // read its Lane, which costs
}

// keys are the opened credentials: the first four, or the others.
type keys struct {
	ConsumerKey    string `json:"consumerKey,omitempty"`
	ConsumerSecret string `json:"consumerSecret,omitempty"`
	Token          string `json:"token,omitempty"`
	TokenSecret    string `json:"tokenSecret,omitempty"`

	ClientID     string        `json:"clientId,omitempty"`
	ClientSecret string        `json:"clientSecret,omitempty"`
	Access       string        `json:"accessToken,omitempty"`
	Refresh      string        `json:"refreshToken,omitempty"`
	Expires      social.Millis `json:"expires,omitempty"`
}

func (k *keys) oauth1() bool { return k.ConsumerKey != "" }

// readKeys opens Login.Secret.
func readKeys(secret []byte) (*keys, error) {
	var k keys
	if err := json.Unmarshal(secret, &k); err != nil {
		return nil, refusedKeys(locale.W("link.fail.kept"), nil)
	}
	whole := k.ConsumerKey != "" && k.ConsumerSecret != "" && k.Token != "" && k.TokenSecret != ""
	if !whole && k.Access == "" && k.Refresh == "" {
		return nil, refusedKeys(locale.W("link.fail.kept"), nil)
	}
	return &k, nil
}

func (x *X) api() string {
	if x.API != "" {
		return x.API
	}
	return "https://api.x.com"
}

func (x *X) site() string {
	if x.Site != "" {
		return x.Site
	}
	return "https://x.com"
}

func (x *X) now() time.Time {
	now := x.Clock.Now()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.started.IsZero() {
		x.started = now
	}
	return now
}

func (x *X) pause(ctx context.Context, d time.Duration) error {
	if x.Pause != nil {
		return x.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ref names a post of X in all its ways; handle may be empty.
func (x *X) ref(id, handle, author string) social.Ref {
	page := x.site() + "/i/web/status/" + id
	r := social.Ref{ID: id, URI: page, URL: page, Author: author}
	if handle != "" {
		r.URL = x.site() + "/" + handle + "/status/" + id
	}
	return r
}
