package stream

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"engawa/social"
)

const (
	// maxWaiting frames a slow client may be behind; then it is closed.
	maxWaiting = 256
	// writeWait is how long one write may take.
	writeWait = 10 * time.Second
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
	streams map[string]Stream // guarded by the hub's lock

	mu      sync.Mutex
	waiting []frame
	more    chan struct{}
	done    chan struct{}
	ended   bool
}

func newConn(client *Client) *conn {
	return &conn{client: client, streams: map[string]Stream{}, more: make(chan struct{}, 1), done: make(chan struct{})}
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
			_ = ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(writeWait))
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
	list := ""
	if json.Unmarshal(cmd.List, &list) != nil {
		list = string(cmd.List)
	}
	s, err := h.streamFor(ctx, c.client, cmd.Stream, cmd.Tag, list)
	switch {
	case err != nil:
		c.write(frame{event: errorEvent, payload: []byte(err.Error())})
	case cmd.Type == "subscribe" && len(c.streams) < maxStreams:
		h.subscribe(c, s)
	case cmd.Type == "unsubscribe":
		h.unsubscribe(c, s)
	}
}

// errorEvent marks a frame that carries an error as its text.
const errorEvent = "error"

// writer sends what is queued, until the connection ends.
func (c *conn) writer(ws *websocket.Conn) {
	defer ws.Close()
	t := time.NewTicker(pulseEvery)
	defer t.Stop()
	for {
		select {
		case <-c.done:
			msg := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			_ = ws.WriteControl(websocket.CloseMessage, msg, time.Now().Add(writeWait))
			return
		case <-t.C:
			if ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWait)) != nil {
				return
			}
		case <-c.more:
			for _, f := range c.take() {
				if c.send(ws, f) != nil {
					return
				}
			}
		}
	}
}

func (c *conn) send(ws *websocket.Conn, f frame) error {
	_ = ws.SetWriteDeadline(time.Now().Add(writeWait))
	if f.event == errorEvent {
		return ws.WriteJSON(map[string]any{"error": string(f.payload), "status": http.StatusBadRequest})
	}
	return ws.WriteMessage(websocket.TextMessage, f.socket())
}

// streamFor checks a subscription: is there such a stream, and may this client.
func (h *Hub) streamFor(ctx context.Context, c *Client, name, tag, list string) (Stream, error) {
	scopes, ok := kinds[name]
	if !ok {
		return Stream{}, &social.Error{Kind: social.Invalid, Message: "Unknown stream type"}
	}
	if !c.Allows(scopes...) {
		return Stream{}, &social.Error{Kind: social.Forbidden, Message: "Access token does not have the required scopes"}
	}
	s := Stream{Name: name}
	switch name {
	case "hashtag", "hashtag:local":
		if s.Tag = social.TagKey(tag); s.Tag == "" {
			return s, &social.Error{Kind: social.Invalid, Message: "Missing tag name parameter"}
		}
	case "list":
		id, ok := social.ParseID(list)
		if !ok || !h.OwnsList(ctx, c.Viewer, id) {
			return s, &social.Error{Kind: social.NotFound, Message: "Not authorized to stream this list"}
		}
		s.List = id
	}
	return s, nil
}
