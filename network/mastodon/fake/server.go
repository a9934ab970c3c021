package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Make is which program the server plays.
type Make string

// The makes.
const (
	Mastodon     Make = "mastodon"
	OldMastodon  Make = "3.3" // v1 only
	GoToSocial   Make = "gotosocial"
	Pleroma      Make = "pleroma"
	Glitch       Make = "glitch"
	Fedibird     Make = "fedibird"
	OneFrontpage Make = "no mastodon at all"
)

// JSON is an object.
type JSON = map[string]any

// Call is one request that came in.
type Call struct {
	Method, Path string
	Header       http.Header
	Body         JSON
	Query        map[string][]string
}

type failure struct {
	on     string // "METHOD /path", a prefix
	status int    // 0: the work is done and the connection cut
	body   string
	header http.Header
}

// Server is one such server with one account, alice.
type Server struct {
	URL string

	kind Make
	now  func() time.Time
	http *httptest.Server

	mu       sync.Mutex
	serial   int64
	tokens   map[string]bool
	refresh  string
	statuses []JSON // oldest first, alice's own and what she sees
	keys     map[string]keyed
	media    map[string]int // how many more looks find it unready
	slow     int
	fails    []failure
	calls    []Call
	conns    map[*websocket.Conn]bool
	notices  []JSON
}

type keyed struct {
	status JSON
	at     time.Time
}

// Token is alice's first.
const Token = "first-token"

// New starts a server of a make; now tells its time.
func New(kind Make, now func() time.Time) *Server {
	s := &Server{kind: kind, now: now, tokens: map[string]bool{Token: true}, keys: map[string]keyed{}, media: map[string]int{}, conns: map[*websocket.Conn]bool{}}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

// Close ends it.
func (s *Server) Close() {
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.http.Close()
}

// Fail lets the next request that begins with on ("POST /api/v1/statuses") fail.
func (s *Server) Fail(on string, status int, body string, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = append(s.fails, failure{on, status, body, header})
}

// Cut lets the next such request do its work and cuts the connection.
func (s *Server) Cut(on string) { s.Fail(on, 0, "", nil) }

// Slow lets each medium be unready for so many looks; negative: it fails.
func (s *Server) Slow(looks int) { s.mu.Lock(); defer s.mu.Unlock(); s.slow = looks }

// Revoke takes every token back.
func (s *Server) Revoke() { s.mu.Lock(); defer s.mu.Unlock(); s.tokens = map[string]bool{} }

// Calls are the requests that began with on.
func (s *Server) Calls(on string) (out []Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.calls {
		if strings.HasPrefix(c.Method+" "+c.Path, on) {
			out = append(out, c)
		}
	}
	return out
}

// Statuses are all that stand, oldest first.
func (s *Server) Statuses() []JSON {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]JSON(nil), s.statuses...)
}

// Put adds a Status with what is given over the usual, and streams it.
func (s *Server) Put(more JSON) JSON {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.make("", more)
	s.push("update", st)
	return st
}

// Notice adds a notification.
func (s *Server) Notice(more JSON) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := JSON{"id": s.id(), "created_at": s.stamp(), "account": account("9", "bob@b.example")}
	for k, v := range more {
		n[k] = v
	}
	s.notices = append(s.notices, n)
	s.push("notification", n)
}

// Push sends a frame to all streams.
func (s *Server) Push(event string, payload any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push(event, payload)
}

// Raw sends text to all streams as it is.
func (s *Server) Raw(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		_ = c.WriteMessage(websocket.TextMessage, []byte(text))
	}
}

// Streams is how many are open.
func (s *Server) Streams() int { s.mu.Lock(); defer s.mu.Unlock(); return len(s.conns) }

func (s *Server) push(event string, payload any) {
	text, is := payload.(string)
	if !is {
		data, _ := json.Marshal(payload)
		text = string(data)
	}
	for c := range s.conns {
		_ = c.WriteJSON(JSON{"stream": []string{"user"}, "event": event, "payload": text})
	}
}

func (s *Server) id() string {
	s.serial++
	id := strconv.FormatInt(s.now().UnixMilli()<<16+s.serial, 10)
	if s.kind == GoToSocial {
		return "01J" + strings.Repeat("0", 23-len(id)) + id
	}
	return id
}

func (s *Server) stamp() string { return s.now().UTC().Format("2006-01-02T15:04:05.000Z") }

func account(id, acct string) JSON {
	name, host, _ := strings.Cut(acct, "@")
	page := "https://" + host + "/@" + name
	return JSON{"id": id, "username": name, "acct": acct, "display_name": name, "note": "<p>hi</p>", "url": page, "uri": "https://" + host + "/users/" + name,
		"avatar": "https://" + host + "/a.png", "emojis": []any{}, "fields": []any{}}
}

func (s *Server) alice() JSON {
	a := account("1", "alice")
	a["acct"], a["url"], a["uri"] = "alice", s.URL+"/@alice", s.URL+"/users/alice"
	return a
}

func (s *Server) make(text string, more JSON) JSON {
	id := s.id()
	st := JSON{
		"id": id, "uri": s.URL + "/users/alice/statuses/" + id, "url": s.URL + "/@alice/" + id, "created_at": s.stamp(), "edited_at": nil,
		"account": s.alice(), "content": "<p>" + text + "</p>", "spoiler_text": "", "sensitive": false, "visibility": "public", "language": nil,
		"in_reply_to_id": nil, "in_reply_to_account_id": nil, "media_attachments": []any{}, "mentions": []any{}, "tags": []any{}, "emojis": []any{},
		"card": nil, "poll": nil, "reblog": nil, "favourited": false, "reblogged": false, "bookmarked": false,
		"replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "_source": text,
	}
	for k, v := range more {
		st[k] = v
	}
	s.statuses = append(s.statuses, st)
	return st
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	c := Call{Method: r.Method, Path: r.URL.Path, Header: r.Header, Body: JSON{}, Query: r.URL.Query()}
	if data, err := io.ReadAll(r.Body); err == nil {
		_ = json.Unmarshal(data, &c.Body)
		if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
			c.Body["form"] = string(data)
		}
	}
	if c.Path == "/api/v1/streaming" {
		s.stream(w, r)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, c)
	fail := s.failing(c)
	status, out := http.StatusOK, any(nil)
	if fail == nil || fail.status == 0 {
		status, out = s.answer(c)
	}
	s.mu.Unlock()
	switch {
	case fail != nil && fail.status == 0:
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
	case fail != nil:
		for k, v := range fail.header {
			w.Header()[k] = v
		}
		w.WriteHeader(fail.status)
		_, _ = io.WriteString(w, fail.body)
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(out)
	}
}

func (s *Server) failing(c Call) *failure {
	for i, f := range s.fails {
		if strings.HasPrefix(c.Method+" "+c.Path, f.on) {
			s.fails = append(s.fails[:i], s.fails[i+1:]...)
			return &f
		}
	}
	return nil
}

func refuse(status int, words string) (int, any) { return status, JSON{"error": words} }

// stream is GET /api/v1/streaming: GoToSocial wants the token as the protocol,
// the others in the header.
func (s *Server) stream(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	header := http.Header{}
	if s.kind == GoToSocial {
		token = r.Header.Get("Sec-WebSocket-Protocol")
		header.Set("Sec-WebSocket-Protocol", token)
	}
	s.mu.Lock()
	good := s.tokens[token]
	s.mu.Unlock()
	if !good {
		http.Error(w, `{"error":"Invalid access token"}`, http.StatusUnauthorized)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(w, r, header)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.conns[conn] = true
	s.mu.Unlock()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			break
		}
	}
	s.mu.Lock()
	delete(s.conns, conn)
	s.mu.Unlock()
	conn.Close()
}

// instance is what the make announces.
func (s *Server) instance() JSON {
	in := JSON{"domain": "m.example", "uri": "m.example", "version": "4.5.0", "source_url": "https://github.com/mastodon/mastodon", "api_versions": JSON{"mastodon": 7},
		"configuration": JSON{
			"statuses":          JSON{"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
			"media_attachments": JSON{"image_size_limit": 16777216, "image_matrix_limit": 33177600, "description_limit": 1500}, "polls": JSON{"max_options": 4},
		}}
	switch s.kind {
	case OldMastodon:
		in["version"], in["max_toot_chars"] = "3.3.0", 500
		delete(in, "configuration")
		delete(in, "api_versions")
	case GoToSocial:
		in["version"], in["source_url"] = "0.17.3+git-1d0c8b8", "https://github.com/superseriousbusiness/gotosocial"
		delete(in, "api_versions")
		in["configuration"].(JSON)["statuses"] = JSON{"max_characters": 5000, "max_media_attachments": 6}
	case Pleroma:
		in["version"], in["max_toot_chars"], in["description_limit"], in["upload_limit"] = "2.7.2 (compatible; Pleroma 2.7.0)", 5000, 5000, 16000000
		in["poll_limits"] = JSON{"max_options": 20}
		in["pleroma"] = JSON{"metadata": JSON{"features": []string{"pleroma_emoji_reactions", "quote_posting", "editing"}}}
		delete(in, "configuration")
		delete(in, "api_versions")
	case Glitch:
		in["version"] = "4.5.0+glitch"
		in["configuration"].(JSON)["reactions"] = JSON{"max_reactions": 8}
	case Fedibird:
		in["version"], in["fedibird_capabilities"] = "3.4.1", []string{"emoji_reaction"}
		delete(in, "api_versions")
	}
	return in
}
