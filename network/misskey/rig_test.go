package misskey

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/loose"
	"engawa/network"
	"engawa/network/misskey/fake"
	"engawa/social"
)

// rig is a server with alice, whose account is linked, and bob of elsewhere.
type rig struct {
	*testing.T
	*fake.Server
	n          *Network
	alice, bob *fake.User
	login      *social.Login
	clock      *ticking
	waits      int
}

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

// picture is a PNG.
type picture struct{ side int }

func (p picture) Open(context.Context, *social.PartFile) (io.ReadCloser, int64, string, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, p.side, p.side))); err != nil {
		return nil, 0, "", err
	}
	return io.NopCloser(&b), int64(b.Len()), "image/png", nil
}

func newRig(t *testing.T) *rig {
	t.Helper()
	clock := &ticking{t: fixed}
	s := fake.New(clock.Now)
	t.Cleanup(s.Close)
	x := &rig{T: t, Server: s, clock: clock, alice: s.AddUser("alice", ""), bob: s.AddUser("bob", "b.example")}
	x.n = &Network{HTTP: http.DefaultClient, Dialer: websocket.DefaultDialer, Clock: clock, Files: picture{3},
		Wait: func(context.Context, time.Duration) error { x.waits++; return nil }}
	x.login = x.link(s.Token(x.alice))
	return x
}

func (x *rig) link(token string) *social.Login {
	x.Helper()
	step, err := x.n.Begin(x.Context(), network.LinkInput{Base: x.URL, Fields: map[string]string{"token": token}})
	if err != nil {
		x.Fatal(err)
	}
	return &social.Login{Link: step.Link, Secret: step.Secret}
}

func (x *rig) send(p *social.Part) *social.Sent {
	x.Helper()
	sent, err := x.n.Send(x.Context(), x.login, p)
	if err != nil {
		x.Fatal(err)
	}
	return sent
}

// last is alice's newest note.
func (x *rig) last() fake.Note {
	x.Helper()
	notes := x.Notes(x.alice)
	if len(notes) == 0 {
		x.Fatal("alice said nothing")
	}
	return notes[len(notes)-1]
}

// fixed is when tests happen.
var fixed = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func decode(data []byte, v any) error { return loose.Decode(data, v) }

func str(s string) *string { return &s }

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
