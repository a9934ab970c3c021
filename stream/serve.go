package stream

import (
	"context"
	"errors"
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
	client, err := h.authenticate(r)
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

func (h *Hub) authenticate(r *http.Request) (*Client, error) {
	text := token(r)
	if text == "" {
		return nil, &social.Error{Kind: social.Unauthenticated, Op: "open stream", Message: "Missing access token"}
	}
	client, err := h.Authenticate(r.Context(), text)
	if err == nil && !client.Viewer.User { // every stream is a User's since Mastodon 4.2
		err = &social.Error{Kind: social.Unauthenticated, Op: "open stream", Message: "This method requires an authenticated user"}
	}
	return client, err
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

// said is the status and the text of an error as the client may know them.
func said(err error) (status int, text string) {
	status = map[social.Kind]int{
		social.Unauthenticated: http.StatusUnauthorized, social.Forbidden: http.StatusForbidden, social.NotFound: http.StatusNotFound,
		social.Invalid: http.StatusBadRequest, social.Limited: http.StatusTooManyRequests,
	}[social.KindOf(err)]
	if status == 0 {
		status = http.StatusServiceUnavailable
	}
	var e *social.Error
	if errors.As(err, &e) && e.Message != "" {
		return status, e.Message
	}
	return status, "There was a temporary problem serving your request, please try again"
}

func refuse(w http.ResponseWriter, err error) {
	status, text := said(err)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(status)
	_, _ = w.Write(append(append([]byte(`{"error":`), quoted([]byte(text))...), '}'))
}

func (h *Hub) serveSocket(w http.ResponseWriter, r *http.Request, client *Client) {
	c := newConn(client)
	defer func() {
		if c != nil {
			h.remove(c)
		}
	}()
	q := r.URL.Query()
	if name := q.Get("stream"); name != "" {
		s, err := h.streamFor(r.Context(), client, name, q.Get("tag"), q.Get("list"))
		if err != nil {
			refuse(w, err)
			return
		}
		h.subscribe(c, s)
	}
	if err := h.enter(r.Context(), c, token(r)); err != nil {
		refuse(w, err)
		return
	}
	header := http.Header{}
	if p := websocket.Subprotocols(r); len(p) > 0 {
		header.Set("Sec-WebSocket-Protocol", p[0]) // browsers insist on the echo
	}
	ws, err := upgrader.Upgrade(w, r, header)
	if err != nil {
		return
	}
	mine := c
	if !h.own(r, func() { mine.writer(ws) }) {
		ws.Close()
		return
	}
	if !h.own(r, func() { h.socket(ws, mine) }) {
		mine.close() // and the writer closes the socket
		return
	}
	c = nil // the reader removes it
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
	if err := h.enter(r.Context(), c, token(r)); err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	out := http.NewResponseController(w)
	defer out.SetWriteDeadline(time.Time{})
	send := func(data []byte) bool {
		if c.over() {
			return false
		}
		_ = out.SetWriteDeadline(time.Now().Add(writeWait))
		_, err := w.Write(data)
		err = errors.Join(err, out.Flush())
		_ = out.SetWriteDeadline(time.Time{}) // HTTP/2 ends a stream whose deadline passes, even between writes
		return err == nil
	}
	if send([]byte(":)\n")) {
		c.events(r.Context(), send)
	}
}

func (c *conn) events(ctx context.Context, send func([]byte) bool) {
	t := time.NewTicker(c.pulse / 2)
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
