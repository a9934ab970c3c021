package fake

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"engawa/internal/clock"
)

// File is one file of a Message.
type File struct {
	Name, Description, Type string
	Bytes                   []byte
}

// Message is what stands in the channel.
type Message struct {
	ID       string
	Content  string
	Username string
	Thread   string
	Embeds   []struct{ Title, Description, URL string }
	Mentions []string // allowed_mentions.parse
	Files    []File
	Edited   bool
}

// Server is one webhook of one channel.
type Server struct {
	*httptest.Server
	ID, Token, Guild, Channel string

	// Limit and Window are the rate: messages in a time.
	Limit  int
	Window time.Duration

	clock clock.Clock
	mu    sync.Mutex
	last  int
	calls []time.Time
	all   []Message
	next  []int // statuses of the next answers, before anything is done
	cut   bool  // the next message is taken, and the connection broken
	gone  bool
}

// New starts a webhook. Close it.
func New(c clock.Clock) *Server {
	s := &Server{ID: "1100000000000000001", Token: "to-ken_OF-the_webhook", Guild: "1200000000000000002", Channel: "1300000000000000003",
		Limit: 5, Window: 2 * time.Second, clock: c}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/webhooks/{id}/{token}", s.hook)
	mux.HandleFunc("/api/webhooks/{id}/{token}/messages/{message}", s.message)
	s.Server = httptest.NewServer(mux)
	return s
}

// Hook is the webhook's URL.
func (s *Server) Hook() string { return s.URL + "/api/webhooks/" + s.ID + "/" + s.Token }

// Host is where it is.
func (s *Server) Host() string { return strings.TrimPrefix(s.URL, "http://") }

// Messages are those that stand there.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.all...)
}

// Fail makes the next answers have these statuses.
func (s *Server) Fail(statuses ...int) { s.mu.Lock(); s.next = statuses; s.mu.Unlock() }

// Break makes the next message arrive and its answer get lost.
func (s *Server) Break() { s.mu.Lock(); s.cut = true; s.mu.Unlock() }

// Remove deletes the webhook.
func (s *Server) Remove() { s.mu.Lock(); s.gone = true; s.mu.Unlock() }

// answer writes JSON.
func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"message": message, "code": code})
}

// admit checks token, planned failures and the rate.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case r.PathValue("id") != s.ID || s.gone:
		refuse(w, 404, 10015, "Unknown Webhook")
		return false
	case r.PathValue("token") != s.Token:
		refuse(w, 401, 50027, "Invalid Webhook Token")
		return false
	case len(s.next) > 0:
		status := s.next[0]
		s.next = s.next[1:]
		refuse(w, status, 0, http.StatusText(status))
		return false
	}
	if r.Method == http.MethodGet {
		return true
	}
	now := s.clock.Now()
	for len(s.calls) > 0 && now.Sub(s.calls[0]) >= s.Window {
		s.calls = s.calls[1:]
	}
	h := w.Header()
	h.Set("X-RateLimit-Bucket", "b0cket")
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.Limit))
	if len(s.calls) >= s.Limit {
		after := (s.Window - now.Sub(s.calls[0])).Seconds()
		h.Set("X-RateLimit-Remaining", "0")
		h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", after))
		h.Set("Retry-After", strconv.Itoa(int(after)+1))
		answer(w, 429, map[string]any{"message": "You are being rate limited.", "retry_after": after, "global": false})
		return false
	}
	s.calls = append(s.calls, now)
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.Limit-len(s.calls)))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", (s.Window-now.Sub(s.calls[0])).Seconds()))
	return true
}

func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.admit(w, r) {
		return
	}
	switch r.Method {
	case http.MethodGet:
		answer(w, 200, map[string]any{"id": s.ID, "type": 1, "name": "縁側", "avatar": "a1b2c3", "channel_id": s.Channel, "guild_id": s.Guild,
			"application_id": nil, "token": s.Token})
	case http.MethodPost:
		m, ok := s.read(w, r)
		if !ok {
			return
		}
		s.last++
		m.ID, m.Thread = strconv.Itoa(1400000000000000000+s.last), r.URL.Query().Get("thread_id")
		s.all = append(s.all, m)
		if s.cut {
			s.cut = false
			panic(http.ErrAbortHandler)
		}
		if r.URL.Query().Get("wait") != "true" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answer(w, 200, map[string]any{"id": m.ID, "channel_id": s.Channel, "content": m.Content})
	default:
		refuse(w, 405, 0, "405: Method Not Allowed")
	}
}

func (s *Server) message(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.admit(w, r) {
		return
	}
	for i := range s.all {
		if s.all[i].ID != r.PathValue("message") || s.all[i].Thread != r.URL.Query().Get("thread_id") {
			continue
		}
		switch r.Method {
		case http.MethodDelete:
			s.all = append(s.all[:i], s.all[i+1:]...)
			w.WriteHeader(http.StatusNoContent)
		case http.MethodPatch:
			m, ok := s.read(w, r)
			if !ok {
				return
			}
			m.ID, m.Thread, m.Username, m.Edited = s.all[i].ID, s.all[i].Thread, s.all[i].Username, true
			s.all[i] = m
			answer(w, 200, map[string]any{"id": m.ID, "channel_id": s.Channel, "content": m.Content})
		}
		return
	}
	refuse(w, 404, 10008, "Unknown Message")
}

// read takes a message from JSON or multipart and checks its bounds.
func (s *Server) read(w http.ResponseWriter, r *http.Request) (m Message, ok bool) {
	var in struct {
		Content  string `json:"content"`
		Username string `json:"username"`
		Embeds   []struct{ Title, Description, URL string }
		Allowed  *struct {
			Parse []string `json:"parse"`
		} `json:"allowed_mentions"`
		Attachments []struct {
			ID                    int
			Filename, Description string
		}
	}
	payload := io.Reader(r.Body)
	multi := strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
	if multi {
		if err := r.ParseMultipartForm(32 << 20); err != nil {
			refuse(w, 400, 50035, "Invalid Form Body")
			return m, false
		}
		payload = strings.NewReader(r.FormValue("payload_json"))
	}
	if json.NewDecoder(payload).Decode(&in) != nil {
		refuse(w, 400, 50109, "The request body contains invalid JSON.")
		return m, false
	}
	m = Message{Content: in.Content, Username: in.Username, Embeds: in.Embeds, Mentions: []string{"users", "roles", "everyone"}}
	if in.Allowed != nil {
		m.Mentions = in.Allowed.Parse
	}
	total := 0
	for i := range in.Attachments {
		if !multi {
			break
		}
		f, head, err := r.FormFile(fmt.Sprintf("files[%d]", in.Attachments[i].ID))
		if err != nil || head.Filename != in.Attachments[i].Filename {
			refuse(w, 400, 50035, "Invalid Form Body")
			return m, false
		}
		data, _ := io.ReadAll(f)
		total += len(data)
		m.Files = append(m.Files, File{Name: head.Filename, Description: in.Attachments[i].Description, Type: head.Header.Get("Content-Type"), Bytes: data})
	}
	if total > 10<<20 {
		refuse(w, 413, 40005, "Request entity too large")
		return m, false
	}
	return m, s.fits(w, &m)
}

// fits checks the lengths.
func (s *Server) fits(w http.ResponseWriter, m *Message) bool {
	embeds := 0
	for _, e := range m.Embeds {
		if utf8.RuneCountInString(e.Description) > 4096 || utf8.RuneCountInString(e.Title) > 256 {
			embeds = 7000
		}
		embeds += utf8.RuneCountInString(e.Title) + utf8.RuneCountInString(e.Description)
	}
	for _, f := range m.Files {
		if utf8.RuneCountInString(f.Description) > 1024 {
			embeds = 7000
		}
	}
	switch {
	case utf8.RuneCountInString(m.Content) > 2000, embeds > 6000, len(m.Embeds) > 10, len(m.Files) > 10, utf8.RuneCountInString(m.Username) > 80:
		refuse(w, 400, 50035, "Invalid Form Body")
		return false
	case m.Content == "" && len(m.Embeds) == 0 && len(m.Files) == 0:
		refuse(w, 400, 50006, "Cannot send an empty message")
		return false
	}
	return true
}
