package misskey

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/internal/socket"
	"engawa/network"
	"engawa/social"
)

// How long connecting and writing a message may take, and of how many notes it
// is heard that they are deleted.
const (
	connectTime = 30 * time.Second
	writeTime   = 10 * time.Second
	maxWatched  = 128
)

// frame is one message of the stream (facts/misskey.md 4).
type frame struct {
	Type string `json:"type"`
	Body struct {
		ID   string          `json:"id"`
		Type string          `json:"type"`
		Body json.RawMessage `json:"body"`
	} `json:"body"`
}

// Hear listens to the channels homeTimeline and main over WebSocket, and to the
// deletion of the last notes it heard. Each arrival is a Batch of its own; its
// Cursor is the newest id heard of its place.
func (n *Network) Hear(ctx context.Context, l *social.Login, sink func(*social.Batch) error) error {
	s, err := n.open(l)
	if err != nil {
		return err
	}
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	defer socket.KeepAlive(conn)()
	e := &ear{session: s, conn: conn}
	for _, channel := range []string{"homeTimeline", "main"} {
		if err := e.send("connect", map[string]any{"channel": channel, "id": channel, "params": map[string]any{}}); err != nil {
			return e.broken(ctx, err)
		}
	}
	for {
		_, data, err := conn.ReadMessage()
		if err != nil || ctx.Err() != nil {
			return e.broken(ctx, err)
		}
		socket.Alive(conn)
		b, err := e.batch(ctx, data)
		if err != nil {
			return e.broken(ctx, err)
		}
		if b != nil {
			if err := sink(b); err != nil {
				return err
			}
		}
	}
}

// connect opens the stream. The token stands in the address, the one place that
// every version reads it from; no error shows the address.
func (s *session) connect(ctx context.Context) (*websocket.Conn, error) {
	if s.Dialer == nil {
		return nil, network.StreamOff()
	}
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	address := "ws" + strings.TrimPrefix(s.base, "http") + "/streaming?i=" + url.QueryEscape(s.token)
	conn, resp, err := s.Dialer.DialContext(ctx, address, http.Header{})
	switch {
	case err == nil:
		conn.SetReadLimit(loose.MaxBody)
		return conn, nil
	case resp == nil:
		return nil, unreachable(s.base, false, err)
	case resp.StatusCode == http.StatusNotFound:
		return nil, network.NoStream(hostOf(s.base), nil)
	case resp.StatusCode == http.StatusForbidden:
		return nil, network.Reconnect(locale.W("link.fail.no_listen", "where", hostOf(s.base)), network.DoRelink, nil)
	}
	return nil, s.refusal(s.base, "streaming", &answer{status: resp.StatusCode, header: resp.Header})
}

// ear turns frames into Batches.
type ear struct {
	*session
	conn         *websocket.Conn
	home, alerts string   // the newest ids heard
	watched      []string // notes whose deletion is told, oldest first
}

func (e *ear) broken(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return network.StreamBroke(hostOf(e.base), err)
}

func (e *ear) send(kind string, body map[string]any) error {
	_ = e.conn.SetWriteDeadline(time.Now().Add(writeTime))
	return e.conn.WriteJSON(map[string]any{"type": kind, "body": body})
}

// watch asks to be told when a note is deleted, and lets go of the oldest.
func (e *ear) watch(id string) error {
	if contains(e.watched, id) {
		return nil
	}
	if len(e.watched) >= maxWatched {
		old := e.watched[0]
		e.watched = append(e.watched[:0], e.watched[1:]...)
		if err := e.send("unsubNote", map[string]any{"id": old}); err != nil {
			return err
		}
	}
	e.watched = append(e.watched, id)
	return e.send("subNote", map[string]any{"id": id})
}

func (e *ear) batch(ctx context.Context, data []byte) (*social.Batch, error) {
	var f frame
	if loose.Decode(data, &f) != nil {
		return nil, nil
	}
	b := &f.Body
	switch {
	case f.Type == "channel" && b.ID == "homeTimeline" && b.Type == "note":
		var x note
		if loose.Decode(b.Body, &x) != nil || x.ID == "" {
			return nil, nil
		}
		items := e.items(ctx, []note{x})
		if len(items) == 0 {
			return nil, nil
		}
		e.home = max(e.home, string(x.ID))
		return &social.Batch{Items: items, Cursor: e.home}, e.watch(string(x.ID))
	case f.Type == "channel" && b.ID == "main" && b.Type == "notification":
		var x notification
		if loose.Decode(b.Body, &x) != nil {
			return nil, nil
		}
		alerts := e.session.alerts(ctx, []notification{x})
		if len(alerts) == 0 {
			return nil, nil
		}
		e.alerts = max(e.alerts, alerts[0].ID)
		return &social.Batch{Alerts: alerts, Cursor: e.alerts}, nil
	case f.Type == "noteUpdated" && b.Type == "deleted" && contains(e.watched, b.ID):
		return &social.Batch{Items: []social.Item{{Ref: social.Ref{ID: b.ID}, Deleted: true}}, Cursor: e.home}, nil
	}
	return nil, nil
}
