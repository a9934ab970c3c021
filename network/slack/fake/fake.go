// Package fake is a Slack incoming webhook on loopback.
//
// Known (Slack's documentation): POST {text, blocks} answers 200 "ok"; 400
// invalid_payload, 403 action_prohibited or invalid_token, 404 no_service or
// channel_not_found, 410 channel_is_archived, 500 rollup_error, all as plain
// text; one message a second, 429 with Retry-After; text cut at 40,000
// characters, a section's text at most 3000, 50 blocks, image alt_text needed
// and at most 2000.
//
// Assumed: a message without text and blocks is 400 no_text and does not count
// against the rate; short bursts beyond one a second, which Slack tolerates, are
// refused here.
package fake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"engawa/internal/clock"
)

// Message is what was posted.
type Message struct {
	Text   string
	Mrkdwn *bool
	Blocks []struct {
		Type string
		Text *struct {
			Type, Text string
			Verbatim   bool
		}
		ImageURL string `json:"image_url"`
		AltText  string `json:"alt_text"`
	}
}

// Server is one webhook.
type Server struct {
	*httptest.Server
	clock clock.Clock

	mu   sync.Mutex
	last time.Time
	all  []Message
	next *reply
	cut  bool
}

type reply struct {
	status int
	body   string
}

// New starts a webhook. Close it.
func New(c clock.Clock) *Server {
	s := &Server{clock: c}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

const path = "/services/T0TEAM/B0HOOK/s3cretToken"

// Hook is the webhook's URL.
func (s *Server) Hook() string { return s.URL + path }

// Host is where it is.
func (s *Server) Host() string { return strings.TrimPrefix(s.URL, "http://") }

// Messages are those that were posted.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.all...)
}

// Fail makes the next answer this one.
func (s *Server) Fail(status int, body string) {
	s.mu.Lock()
	s.next = &reply{status, body}
	s.mu.Unlock()
}

// Break makes the next message arrive and its answer get lost.
func (s *Server) Break() { s.mu.Lock(); s.cut = true; s.mu.Unlock() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	say := func(status int, body string) { w.WriteHeader(status); _, _ = w.Write([]byte(body)) }
	var m Message
	switch {
	case s.next != nil:
		say(s.next.status, s.next.body)
		s.next = nil
		return
	case r.URL.Path != path:
		say(404, "no_service")
		return
	case r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&m) != nil || !valid(&m):
		say(400, "invalid_payload")
		return
	case m.Text == "" && len(m.Blocks) == 0:
		say(400, "no_text")
		return
	}
	if now := s.clock.Now(); now.Sub(s.last) < time.Second {
		w.Header().Set("Retry-After", "1")
		say(429, "rate_limited")
		return
	}
	s.last = s.clock.Now()
	s.all = append(s.all, m)
	if s.cut {
		s.cut = false
		panic(http.ErrAbortHandler)
	}
	say(200, "ok")
}

func valid(m *Message) bool {
	if len(m.Blocks) > 50 {
		return false
	}
	for _, b := range m.Blocks {
		switch b.Type {
		case "section":
			if b.Text == nil || b.Text.Text == "" || utf8.RuneCountInString(b.Text.Text) > 3000 || b.Text.Type == "plain_text" && b.Text.Verbatim {
				return false
			}
		case "image":
			if b.ImageURL == "" || b.AltText == "" || utf8.RuneCountInString(b.AltText) > 2000 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
