package mastodon

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/loose"
	"engawa/internal/socket"
	"engawa/network"
	"engawa/social"
)

// connectTime is how long connecting may take.
const connectTime = 30 * time.Second

// frame is one message of the stream; payload is JSON in a string
// (facts/mastodon.md 3.4).
type frame struct {
	Event   string     `json:"event"`
	Payload loose.Text `json:"payload"`
}

// Hear listens to the stream "user" of the server over WebSocket. Each arrival
// is a Batch of its own; its Cursor is the newest id heard of its place, which
// is no older than what was said before.
func (n *Network) Hear(ctx context.Context, l *social.Login, sink func(*social.Batch) error) error {
	s, err := n.open(ctx, l)
	if err != nil {
		return err
	}
	srv, err := n.server(ctx, s.base)
	if err != nil {
		return err
	}
	conn, err := s.connect(ctx, srv)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	defer socket.KeepAlive(conn)()
	e := ear{session: s}
	for {
		_, data, err := conn.ReadMessage()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return network.StreamBroke(hostOf(s.base), err)
		}
		socket.Alive(conn)
		if b := e.batch(data); b != nil {
			if err := sink(b); err != nil {
				return err
			}
		}
	}
}

// connect opens the stream. Servers read the token from different places: the
// header Authorization, then Sec-WebSocket-Protocol.
func (s *session) connect(ctx context.Context, srv *server) (*websocket.Conn, error) {
	if s.Dialer == nil {
		return nil, network.StreamOff()
	}
	address := srv.streaming + "/api/v1/streaming?stream=user"
	var last error
	for _, header := range []http.Header{
		{"Authorization": {"Bearer " + s.token}},
		{"Sec-Websocket-Protocol": {s.token}},
	} {
		ctx, cancel := context.WithTimeout(ctx, connectTime)
		conn, resp, err := s.Dialer.DialContext(ctx, address, header)
		cancel()
		if err == nil {
			conn.SetReadLimit(loose.MaxBody)
			return conn, nil
		}
		if resp == nil {
			return nil, unreachable(s.base, false, err)
		}
		last = s.refusal(s.base, call{}, &answer{status: resp.StatusCode, header: resp.Header})
		if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusForbidden && resp.StatusCode != http.StatusBadRequest {
			break
		}
	}
	if statusOf(last) == http.StatusNotFound {
		return nil, network.NoStream(hostOf(s.base), last)
	}
	return nil, last
}

// ear turns frames into Batches.
type ear struct {
	*session
	home, alerts string // the newest ids heard
}

func (e *ear) batch(data []byte) *social.Batch {
	var f frame
	if loose.Decode(data, &f) != nil {
		return nil
	}
	r := e.reader(e.login)
	switch f.Event {
	case "update", "status.update":
		var s status
		if loose.Decode([]byte(f.Payload), &s) != nil {
			return nil
		}
		it := r.item(&s, depth)
		if it == nil {
			return nil
		}
		if f.Event == "update" {
			e.home = newest(e.home, it.Ref.ID)
		} else if it.EditedAt == 0 {
			it.EditedAt = social.Millis(r.now)
		}
		return &social.Batch{Items: []social.Item{*it}, Cursor: e.home}
	case "delete":
		if id := string(f.Payload); loose.IsID(id) {
			return &social.Batch{Items: []social.Item{{Ref: social.Ref{ID: id}, Deleted: true}}, Cursor: e.home}
		}
	case "notification":
		var x notification
		if loose.Decode([]byte(f.Payload), &x) != nil {
			return nil
		}
		if a := r.alert(&x, e.login.Account); a != nil {
			e.alerts = newest(e.alerts, a.ID)
			return &social.Batch{Alerts: []social.Alert{*a}, Cursor: e.alerts}
		}
	}
	return nil
}
