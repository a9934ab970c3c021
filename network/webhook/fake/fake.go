// Package fake is a program that takes Engawa's webhook, on loopback: what
// docs/webhook.md asks of one, and no more. Nothing in it is assumed: the
// contract is our own.
package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"time"

	"engawa/internal/clock"
)

// Call is one delivery that was taken.
type Call struct {
	Delivery string
	Verb     string          `json:"verb"`
	ID       string          `json:"id"`
	Post     json.RawMessage `json:"post"`
}

// Server takes calls signed with Key.
type Server struct {
	*httptest.Server
	Key string

	clock clock.Clock
	mu    sync.Mutex
	seen  map[string]string // delivery → id it was given
	calls []Call
	again int
	next  int
	after string
	body  string
	cut   bool
}

// New starts a program. Close it.
func New(c clock.Clock) *Server {
	s := &Server{Key: "whsec_" + base64.StdEncoding.EncodeToString([]byte("a key of the tests, 32 bytes....")), clock: c, seen: map[string]string{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	return s
}

// Hook is the program's address.
func (s *Server) Hook() string { return s.URL + "/hook?code=s3cret" }

// Calls are those taken, each once, without pings.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// Again is how many deliveries came that were known.
func (s *Server) Again() int { s.mu.Lock(); defer s.mu.Unlock(); return s.again }

// Fail makes the next answer have this status, Retry-After and body.
func (s *Server) Fail(status int, after, body string) {
	s.mu.Lock()
	s.next, s.after, s.body = status, after, body
	s.mu.Unlock()
}

// Break makes the next call be taken and its answer get lost.
func (s *Server) Break() { s.mu.Lock(); s.cut = true; s.mu.Unlock() }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if s.next != 0 {
		if s.after != "" {
			w.Header().Set("Retry-After", s.after)
		}
		w.WriteHeader(s.next)
		_, _ = io.WriteString(w, s.body)
		s.next = 0
		return
	}
	id := r.Header.Get("Webhook-Id")
	if r.URL.RawQuery != "code=s3cret" || !s.signed(r, id, body) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	c := Call{Delivery: id}
	if json.Unmarshal(body, &c) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if c.Verb == "ping" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	name, known := s.seen[id]
	if known {
		s.again++
	} else {
		name = c.ID
		if c.Verb == "create" {
			name = "n" + strconv.Itoa(len(s.seen)+1)
		}
		s.seen[id] = name
		s.calls = append(s.calls, c)
	}
	if s.cut {
		s.cut = false
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"id": name, "url": s.URL + "/" + name})
}

// signed checks the signature and that it is at most five minutes old.
func (s *Server) signed(r *http.Request, id string, body []byte) bool {
	stamp := r.Header.Get("Webhook-Timestamp")
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || s.clock.Now().Sub(time.Unix(at, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, _ := base64.StdEncoding.DecodeString(s.Key[len("whsec_"):])
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + stamp + "." + string(body)))
	return hmac.Equal([]byte("v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(r.Header.Get("Webhook-Signature")))
}
