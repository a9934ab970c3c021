package mastodon

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/network"
	"engawa/network/mastodon/fake"
	"engawa/social"
)

// ticking is a clock that goes on a little with each reading.
type ticking struct {
	mu sync.Mutex
	t  time.Time
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(time.Millisecond)
	return c.t
}

func (c *ticking) skip(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixed is when tests happen.
var fixed = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

type bytesFile struct{}

func (bytesFile) Open(context.Context, *social.PartFile) (io.ReadCloser, int64, string, error) {
	return io.NopCloser(strings.NewReader("picture")), 7, "image/png", nil
}

// rig is a server of a make with alice's account linked.
type rig struct {
	*testing.T
	*fake.Server
	n     *Network
	login *social.Login
	clock *ticking
	waits int
}

func newRig(t *testing.T, kind fake.Make) *rig {
	t.Helper()
	x := &rig{T: t, clock: &ticking{t: fixed}}
	x.Server = fake.New(kind, x.clock.Now)
	t.Cleanup(x.Server.Close)
	x.n = &Network{HTTP: http.DefaultClient, Dialer: websocket.DefaultDialer, Clock: x.clock, Files: bytesFile{},
		Wait: func(context.Context, time.Duration) error { x.waits++; return nil }}
	step, err := x.n.Begin(t.Context(), network.LinkInput{Base: x.URL, Fields: map[string]string{"token": fake.Token}})
	if err != nil {
		t.Fatal(err)
	}
	x.login = &social.Login{Link: step.Link, Secret: step.Secret}
	return x
}

func (x *rig) now() social.Millis { return social.Millis(x.clock.Now().UnixMilli()) }

// ok is the class of no error, other of one that is no LinkError.
const (
	ok    social.LinkFailure = 254
	other social.LinkFailure = 255
)

func class(err error) social.LinkFailure {
	var e *social.LinkError
	switch {
	case err == nil:
		return ok
	case errors.As(err, &e):
		return e.Class
	}
	return other
}
