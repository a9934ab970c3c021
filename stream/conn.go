package stream

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"engawa/social"
)

const (
	// maxWaiting frames a slow client may be behind; then it is closed.
	maxWaiting = 256
	// writeWait is how long one write may take, lastWait the closing frame after
	// it: together less than the five seconds in which a revoked token is cut (T60).
	writeWait = 3 * time.Second
	lastWait  = time.Second
	// pongWait is how long a client may be silent.
	pongWait = 75 * time.Second
	// pulseEvery is the time between pings, and half of it between SSE's thumps.
	pulseEvery = 30 * time.Second
	// maxCommand is the longest message taken from a client, in bytes.
	maxCommand = 4096
	// maxStreams is how many streams one connection may subscribe to.
	maxStreams = 100
)

// conn is one open connection.
type conn struct {
	client  *Client
	pulse   time.Duration     // between pings; half of it between thumps
	streams map[string]Stream // guarded by the hub's lock

	mu      sync.Mutex
	waiting []frame
	more    chan struct{}
	done    chan struct{}
	ended   bool
}

func newConn(client *Client) *conn {
	return &conn{client: client, pulse: pulseEvery, streams: map[string]Stream{}, more: make(chan struct{}, 1), done: make(chan struct{})}
}

// write queues a frame; a client that is too far behind is closed.
func (c *conn) write(f frame) {
	c.mu.Lock()
	full := len(c.waiting) >= maxWaiting
	if !full && !c.ended {
		c.waiting = append(c.waiting, f)
	}
	c.mu.Unlock()
	if full {
		c.close()
		return
	}
	select {
	case c.more <- struct{}{}:
	default:
	}
}

func (c *conn) take() []frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	frames := c.waiting
	c.waiting = nil
	return frames
}

func (c *conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended {
		c.ended = true
		close(c.done)
	}
}

// over reports whether the connection is being closed.
func (c *conn) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ended
}

var buffers sync.Pool

var upgrader = websocket.Upgrader{
	ReadBufferSize: 512, WriteBufferSize: 4096, WriteBufferPool: &buffers,
	CheckOrigin: func(*http.Request) bool { return true }, // tokens, no cookies
}

// command is what a client says.
type command struct {
	Type   string          `json:"type"`
	Stream string          `json:"stream"`
	Tag    string          `json:"tag"`
	List   json.RawMessage `json:"list"`
}

// socket serves one WebSocket after the handshake.
func (h *Hub) socket(ws *websocket.Conn, c *conn) {
	defer ws.Close()
	defer h.remove(c)
	defer c.close()
	ws.SetReadLimit(maxCommand)
	alive := func(string) error { return ws.SetReadDeadline(time.Now().Add(pongWait)) }
	_ = alive("")
	ws.SetPongHandler(alive)
	ctx := context.Background()
	for {
		kind, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		_ = alive("")
		if kind == websocket.BinaryMessage {
			msg := websocket.FormatCloseMessage(websocket.CloseUnsupportedData, "binary messages are not supported")
			_ = ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(lastWait))
			return
		}
		h.command(ctx, c, data)
	}
}

func (h *Hub) command(ctx context.Context, c *conn, data []byte) {
	var cmd command
	if err := json.Unmarshal(data, &cmd); err != nil {
		return // as Mastodon does
	}
	if cmd.Type != "subscribe" && cmd.Type != "unsubscribe" {
		return
	}
	list := ""
	if json.Unmarshal(cmd.List, &list) != nil {
		list = string(cmd.List)
	}
	s, err := parse(cmd.Stream, cmd.Tag, list)
	if err == nil && cmd.Type == "unsubscribe" {
		h.unsubscribe(c, s)
		return
	}
	if err == nil {
		err = h.may(ctx, c.client, s)
	}
	if err == nil && !h.subscribe(c, s) {
		err = &social.Error{Kind: social.Limited, Op: "subscribe", Message: "Too many streams: unsubscribe from one of them first"}
	}
	if err != nil {
		status, text := said(err)
		c.write(frame{status: status, payload: []byte(text)})
	}
}

// writer sends what is queued, until the connection ends.
func (c *conn) writer(ws *websocket.Conn) {
	defer ws.Close()
	t := time.NewTicker(c.pulse)
	defer t.Stop()
	for {
		select {
		case <-c.done:
			msg := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			_ = ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(lastWait))
			return
		case <-t.C:
			if ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case <-c.more:
			for _, f := range c.take() {
				if c.over() {
					break
				}
				if c.send(ws, f) != nil {
					return
				}
			}
		}
	}
}

func (c *conn) send(ws *websocket.Conn, f frame) error {
	_ = ws.SetWriteDeadline(time.Now().Add(writeWait))
	if f.status != 0 {
		return ws.WriteJSON(map[string]any{"error": string(f.payload), "status": f.status})
	}
	return ws.WriteMessage(websocket.TextMessage, f.socket())
}

// streamFor checks a subscription: is there such a stream, and may this client.
func (h *Hub) streamFor(ctx context.Context, c *Client, name, tag, list string) (Stream, error) {
	s, err := parse(name, tag, list)
	if err != nil {
		return s, err
	}
	return s, h.may(ctx, c, s)
}

// parse reads the name of a stream and its parameter.
func parse(name, tag, list string) (Stream, error) {
	s := Stream{Name: name}
	if _, ok := kinds[name]; !ok {
		return s, &social.Error{Kind: social.Invalid, Op: "subscribe", Message: "Unknown stream type"}
	}
	switch name {
	case "hashtag", "hashtag:local":
		if s.Tag = social.TagKey(strings.TrimPrefix(tag, "#")); s.Tag == "" {
			return s, &social.Error{Kind: social.Invalid, Op: "subscribe", Message: "Missing tag name parameter"}
		}
	case "list":
		var ok bool
		if s.List, ok = social.ParseID(list); !ok {
			return s, &social.Error{Kind: social.Invalid, Op: "subscribe", Message: "Missing list name parameter"}
		}
	}
	return s, nil
}

// may refuses what the token's scopes do not cover (T61), and others' Lists.
func (h *Hub) may(ctx context.Context, c *Client, s Stream) error {
	if !c.Allows(kinds[s.Name]...) {
		return &social.Error{Kind: social.Forbidden, Op: "subscribe", Message: "Access token does not have the required scopes"}
	}
	if s.Name == "list" && !h.OwnsList(ctx, c.Viewer, s.List) {
		return &social.Error{Kind: social.NotFound, Op: "subscribe", Message: "Not authorized to stream this list"}
	}
	return nil
}
