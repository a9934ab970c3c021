package stream

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"engawa/social"
)

// paths is the table of the SSE endpoints below /api/v1/streaming.
var paths = map[string]string{
	"user": "user", "user/notification": "user:notification",
	"public": "public", "public/local": "public:local", "public/remote": "public:remote",
	"hashtag": "hashtag", "hashtag/local": "hashtag:local", "list": "list", "direct": "direct",
}

const base = "/api/v1/streaming"

// ServeHTTP serves /api/v1/streaming and what is below it.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.setUp()
	rest := strings.Trim(strings.TrimPrefix(r.URL.Path, base), "/")
	if rest == "health" {
		_, _ = w.Write([]byte("OK"))
		return
	}
	client, err := h.Authenticate(r.Context(), token(r))
	if err != nil {
		refuse(w, err)
		return
	}
	if websocket.IsWebSocketUpgrade(r) {
		h.serveSocket(w, r, client)
		return
	}
	name := paths[rest]
	if rest == "" {
		name = r.URL.Query().Get("stream")
	}
	if name != "" && strings.HasPrefix(name, "public") && r.URL.Query().Get("only_media") == "true" && !strings.HasSuffix(name, ":media") {
		name += ":media"
	}
	h.serveEvents(w, r, client, name)
}

// token is where streaming clients put it: the header, the query, or (browsers)
// the WebSocket subprotocol.
func token(r *http.Request) string {
	if a := r.Header.Get("Authorization"); len(a) > 7 && strings.EqualFold(a[:7], "Bearer ") {
		return strings.TrimSpace(a[7:])
	}
	if t := r.URL.Query().Get("access_token"); t != "" {
		return t
	}
	if p := websocket.Subprotocols(r); len(p) > 0 {
		return p[0]
	}
	return ""
}

func refuse(w http.ResponseWriter, err error) {
	code := map[social.Kind]int{
		social.Unauthenticated: http.StatusUnauthorized, social.Forbidden: http.StatusForbidden,
		social.NotFound: http.StatusNotFound, social.Invalid: http.StatusBadRequest,
	}[social.KindOf(err)]
	if code == 0 {
		code = http.StatusServiceUnavailable
	}
	text := err.Error()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(code)
	_, _ = w.Write(append(append([]byte(`{"error":`), quoted([]byte(text))...), '}'))
}

func (h *Hub) serveSocket(w http.ResponseWriter, r *http.Request, client *Client) {
	c := newConn(client)
	q := r.URL.Query()
	if name := q.Get("stream"); name != "" {
		s, err := h.streamFor(r.Context(), client, name, q.Get("tag"), q.Get("list"))
		if err != nil {
			refuse(w, err)
			return
		}
		h.subscribe(c, s)
	}
	header := http.Header{}
	if p := websocket.Subprotocols(r); len(p) > 0 {
		header.Set("Sec-WebSocket-Protocol", p[0]) // browsers insist on the echo
	}
	ws, err := upgrader.Upgrade(w, r, header)
	if err != nil || !h.add(c) {
		h.remove(c)
		if err == nil {
			ws.Close()
		}
		return
	}
	if !h.own(r, func() { h.socket(ws, c) }) || !h.own(r, func() { c.writer(ws) }) {
		c.close()
		h.remove(c)
		ws.Close()
	}
}

// serveEvents serves one stream as Server-Sent Events until the client goes.
func (h *Hub) serveEvents(w http.ResponseWriter, r *http.Request, client *Client, name string) {
	q := r.URL.Query()
	s, err := h.streamFor(r.Context(), client, name, q.Get("tag"), q.Get("list"))
	if err != nil {
		refuse(w, err)
		return
	}
	c := newConn(client)
	h.subscribe(c, s)
	defer h.remove(c)
	if !h.add(c) {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	out := http.NewResponseController(w)
	send := func(data []byte) bool {
		_ = out.SetWriteDeadline(time.Now().Add(writeWait))
		_, err := w.Write(data)
		return err == nil && out.Flush() == nil
	}
	if send([]byte(":)\n")) {
		c.events(r.Context(), send)
	}
}

func (c *conn) events(ctx context.Context, send func([]byte) bool) {
	t := time.NewTicker(pulseEvery / 2)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.done:
			return
		case <-t.C:
			if !send([]byte(":thump\n")) {
				return
			}
		case <-c.more:
			for _, f := range c.take() {
				if !send(f.lines()) {
					return
				}
			}
		}
	}
}
