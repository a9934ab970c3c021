// Package stream brings Events to open clients: one multiplexed WebSocket, and
// Server-Sent Events, as Mastodon's streaming API has them.
package stream

import (
	"context"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"

	"golang.org/x/sync/errgroup"

	"engawa/social"
)

// Client is who opened a connection.
type Client struct {
	Token  social.ID
	Viewer social.Viewer
	// Allows reports whether the token's scopes cover one of scopes.
	Allows func(scopes ...string) bool
}

// Renderer makes what a client reads. Each returns JSON, or false when this
// viewer gets nothing: what it may not see, does not want to see, or is gone.
type Renderer interface {
	// fresh: the viewer is just being told of the Post for the first time.
	Post(ctx context.Context, v social.Viewer, place string, id social.ID, fresh bool) ([]byte, bool)
	Notification(ctx context.Context, v social.Viewer, id social.ID) ([]byte, bool)
	Conversation(ctx context.Context, v social.Viewer, id social.ID) ([]byte, bool)
	// Announcement and AnnouncementReaction are the same for everybody.
	Announcement(ctx context.Context, id social.ID) ([]byte, bool)
	AnnouncementReaction(ctx context.Context, id social.ID, name string) ([]byte, bool)
}

// Hub is the component: connections on one side, Events on the other.
type Hub struct {
	Render Renderer
	// Authenticate finds who a token speaks for; an error with the domain's Kind.
	Authenticate func(ctx context.Context, token string) (*Client, error)
	// OwnsList reports whether a List is the viewer's.
	OwnsList func(ctx context.Context, v social.Viewer, list social.ID) bool
	Log      *slog.Logger

	mu     sync.Mutex
	subs   map[string]map[*conn]Stream // by key of stream
	conns  map[*conn]struct{}
	events []social.Event
	wake   chan struct{}
	spawn  chan func()
	ending chan struct{} // closed when Run's context has ended
	once   sync.Once
	closed bool
}

// maxOfActor is how many connections one person may have open.
const maxOfActor = 100

// maxEvents bounds what waits for a busy hub; beyond it the oldest go, and
// clients notice a gap when they next ask.
const maxEvents = 10_000

func (h *Hub) setUp() {
	h.once.Do(func() {
		h.subs = make(map[string]map[*conn]Stream)
		h.conns = make(map[*conn]struct{})
		h.wake = make(chan struct{}, 1)
		h.spawn = make(chan func())
		h.ending = make(chan struct{})
		if h.Log == nil {
			h.Log = slog.Default()
		}
	})
}

// Handle takes an Event from the bus. It only hands over; but what is revoked
// is cut off here, before all that waits (T60). Who answers Authenticate must
// have been told of the Event before.
func (h *Hub) Handle(e social.Event) {
	h.setUp()
	if e.Type == social.TokenRevoked {
		h.kill(&e)
		return
	}
	h.mu.Lock()
	if len(h.conns) > 0 {
		if len(h.events) >= maxEvents {
			h.events = h.events[1:]
		}
		h.events = append(h.events, e)
	}
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run serves connections until ctx ends, then closes them.
func (h *Hub) Run(ctx context.Context) error {
	h.setUp()
	var g errgroup.Group
	g.Go(func() error { h.dispatch(ctx); return nil })
	for {
		select {
		case f := <-h.spawn:
			g.Go(func() error { f(); return nil })
		case <-ctx.Done():
			h.closeAll()
			close(h.ending)
			return g.Wait()
		}
	}
}

// dispatch delivers Events in order.
func (h *Hub) dispatch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		}
		h.mu.Lock()
		events := h.events
		h.events = nil
		h.mu.Unlock()
		for i := range events {
			h.deliverAlone(ctx, &events[i])
		}
	}
}

// deliverAlone keeps an Event that cannot be rendered from ending the program.
func (h *Hub) deliverAlone(ctx context.Context, e *social.Event) {
	defer func() {
		if p := recover(); p != nil {
			h.Log.Error("an event could not be delivered", "type", e.Type, "post", e.Post, "panic", p, "stack", string(debug.Stack()))
		}
	}()
	h.deliver(ctx, e)
}

// own starts f in a goroutine that Run waits for; false when the hub has ended.
func (h *Hub) own(r *http.Request, f func()) bool {
	select {
	case h.spawn <- f:
		return true
	case <-h.ending:
		return false
	case <-r.Context().Done():
		return false
	}
}

// enter makes a connection known, and asks once more whether its token holds:
// it may have been revoked before kill could see the connection.
func (h *Hub) enter(ctx context.Context, c *conn, token string) error {
	if err := h.add(c); err != nil {
		return err
	}
	if _, err := h.Authenticate(ctx, token); err != nil {
		h.remove(c)
		return err
	}
	return nil
}

func (h *Hub) add(c *conn) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return &social.Error{Kind: social.Temporary, Op: "open stream", Message: "This server is restarting, please try again"}
	}
	n := 0
	for other := range h.conns {
		if other.client.Viewer.Actor == c.client.Viewer.Actor {
			n++
		}
	}
	if n >= maxOfActor {
		return &social.Error{Kind: social.Limited, Op: "open stream", Message: "Too many open connections: close one of them first"}
	}
	h.conns[c] = struct{}{}
	return nil
}

func (h *Hub) remove(c *conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.conns, c)
	for key := range c.streams {
		h.drop(c, key)
	}
}

func (h *Hub) drop(c *conn, key string) {
	delete(h.subs[key], c)
	if len(h.subs[key]) == 0 {
		delete(h.subs, key)
	}
}

// subscribe reports false when the connection has enough streams.
func (h *Hub) subscribe(c *conn, s Stream) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := s.key(c.client.Viewer.Actor)
	if _, again := c.streams[key]; !again && len(c.streams) >= maxStreams {
		return false
	}
	if h.subs[key] == nil {
		h.subs[key] = make(map[*conn]Stream)
	}
	h.subs[key][c] = s
	c.streams[key] = s
	return true
}

func (h *Hub) unsubscribe(c *conn, s Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := s.key(c.client.Viewer.Actor)
	delete(c.streams, key)
	h.drop(c, key)
}

func (h *Hub) closeAll() {
	h.mu.Lock()
	h.closed = true
	all := make([]*conn, 0, len(h.conns))
	for c := range h.conns {
		all = append(all, c)
	}
	h.mu.Unlock()
	for _, c := range all {
		c.close()
	}
}

// Connections is how many clients are connected.
func (h *Hub) Connections() int {
	h.setUp()
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.conns)
}
