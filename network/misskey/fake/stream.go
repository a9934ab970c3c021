package fake

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// conn is one open stream.
type conn struct {
	ws      *websocket.Conn
	user    *User
	mu      sync.Mutex
	open    map[string]string // channel → the id it was connected under
	watched map[string]bool
}

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// stream is GET /streaming?i=TOKEN.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	t := s.tokens[r.URL.Query().Get("i")]
	s.mu.Unlock()
	if t == nil {
		http.Error(w, "", http.StatusUnauthorized)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, user: t.user, open: map[string]string{}, watched: map[string]bool{}}
	s.mu.Lock()
	s.conns[c] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.conns, c)
		s.mu.Unlock()
		ws.Close()
	}()
	for {
		var m struct {
			Type string `json:"type"`
			Body struct {
				Channel string `json:"channel"`
				ID      string `json:"id"`
			} `json:"body"`
		}
		if ws.ReadJSON(&m) != nil {
			return
		}
		s.mu.Lock()
		switch m.Type {
		case "connect":
			c.open[m.Body.Channel] = m.Body.ID
		case "subNote", "sr", "s":
			c.watched[m.Body.ID] = true
		case "unsubNote", "un":
			delete(c.watched, m.Body.ID)
		}
		s.mu.Unlock()
	}
}

// channel sends to a channel, if it was connected.
func (c *conn) channel(name, kind string, body any) {
	if id, is := c.open[name]; is {
		c.send("channel", map[string]any{"id": id, "type": kind, "body": body})
	}
}

func (c *conn) send(kind string, body any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.WriteJSON(map[string]any{"type": kind, "body": body})
}

// Listening reports whether a stream of u has connected both channels.
func (s *Server) Listening(u *User) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.user == u && c.open["homeTimeline"] != "" && c.open["main"] != "" {
			return true
		}
	}
	return false
}

// Watched reports whether a stream of u waits for changes of a note.
func (s *Server) Watched(u *User, note string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if c.user == u && c.watched[note] {
			return true
		}
	}
	return false
}

// Push sends a frame as it is to all streams: for what no server should send.
func (s *Server) Push(frame string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.mu.Lock()
		_ = c.ws.WriteMessage(websocket.TextMessage, []byte(frame))
		c.mu.Unlock()
	}
}

// CutStreams breaks all streams off.
func (s *Server) CutStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.ws.Close()
	}
}
