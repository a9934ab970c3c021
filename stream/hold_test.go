package stream

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/social"
)

func TestManyStreams(t *testing.T) {
	s := newRig(t).open("alice")
	for i := range maxStreams {
		s.say(fmt.Sprintf(`{"type":"subscribe","stream":"hashtag","tag":"t%d"}`, i))
	}
	s.say(`{"type":"subscribe","stream":"hashtag","tag":"T7"}`) // known: no new one
	s.sync()
	s.say(`{"type":"subscribe","stream":"hashtag","tag":"more"}`)
	if m := s.hear(); m["status"] != 429.0 {
		t.Errorf("heard %v", m)
	}
}

func TestManyConnections(t *testing.T) {
	r := newRig(t)
	for range maxOfActor {
		if err := r.add(newConn(&Client{Viewer: social.Viewer{Actor: 1, User: true}})); err != nil {
			t.Fatal(err)
		}
	}
	if _, resp, err := r.dial("?access_token=alice", nil); err == nil || resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%v, %v", resp, err)
	}
	_ = r.open("bob")
}

// A revoked token, a User's every session, and a token revoked during the handshake (T60).
func TestRevoked(t *testing.T) {
	for name, c := range map[string]struct {
		event social.Event
		alone bool
	}{"token": {social.Event{Type: social.TokenRevoked, Token: 1}, true}, "user": {social.Event{Type: social.TokenRevoked, Actor: 1}, false}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			gone, other, bob := r.open("alice", "user"), r.open("posts", "public"), r.open("bob", "public")
			events, err := http.Get(r.server.URL + base + "/user?access_token=alice")
			if err != nil {
				t.Fatal(err)
			}
			defer events.Body.Close()
			r.Handle(c.event)
			start := time.Now()
			if _, _, err := gone.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
				t.Errorf("the socket ended with %v", err)
			}
			if _, err := io.ReadAll(events.Body); err != nil || time.Since(start) > 5*time.Second {
				t.Errorf("the event stream ended with %v after %s", err, time.Since(start))
			}
			if c.alone {
				other.sync()
			} else if _, _, err := other.ReadMessage(); err == nil {
				t.Error("another token of the same User lives on")
			}
			bob.sync()
		})
	}
	t.Run("meanwhile", func(t *testing.T) {
		r := newRig(t)
		ask := r.Authenticate
		r.Authenticate = func(ctx context.Context, text string) (*Client, error) {
			c, err := ask(ctx, text)
			r.mu.Lock()
			r.revoked[text] = true
			r.mu.Unlock()
			return c, err
		}
		if _, resp, err := r.dial("?access_token=alice", nil); err == nil || resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("a token revoked during the handshake was let in: %v", err)
		}
		if r.Connections() != 0 {
			t.Error("it still counts as connected")
		}
	})
}

// A client that does not read is dropped, and nobody waits for it (F26).
func TestSlowReader(t *testing.T) {
	r := newRig(t)
	slow := newConn(&Client{Viewer: social.Viewer{Actor: 1, User: true}})
	if err := r.add(slow); err != nil {
		t.Fatal(err)
	}
	r.subscribe(slow, Stream{Name: "public"}) // nobody takes what waits for it
	quick := r.open("bob", "public")
	for i := range maxWaiting + 50 {
		r.Handle(social.Event{Type: social.PostCreated, Post: social.ID(i + 1), Public: true})
		if m := quick.hear(); m["event"] != "update" {
			t.Fatalf("heard %v", m)
		}
	}
	if !slow.over() || len(slow.waiting) > maxWaiting {
		t.Errorf("over %v with %d frames waiting", slow.over(), len(slow.waiting))
	}
}

func TestEventStream(t *testing.T) {
	r := newRig(t)
	for path, want := range map[string]string{
		"/public?":                  "public",
		"/public/local?":            "public:local",
		"/public?only_media=true&":  "public:media",
		"?stream=public&":           "public",
		"/hashtag/local?tag=ことば&":   "hashtag:local",
		"/user/notification?":       "user:notification",
		"/list?list=12&":            "list",
		"/public/remote/?":          "public:remote",
		"/public:local?stream=user": "", // no such path
	} {
		resp, err := http.Get(r.server.URL + base + path + "access_token=alice")
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			if resp.StatusCode != 401 && resp.StatusCode != 400 {
				t.Errorf("%s: %d", path, resp.StatusCode)
			}
			resp.Body.Close()
			continue
		}
		in := bufio.NewReader(resp.Body)
		if line, err := in.ReadString('\n'); err != nil || line != ":)\n" || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("%s: the first line is %q (%v), of %s", path, line, err, resp.Header.Get("Content-Type"))
		}
		r.Handle(social.Event{Type: social.PostCreated, Post: 5, Public: true, Local: want != "public:remote", Media: true, Tags: []string{"ことば"}, Lists: []social.ID{12}})
		r.Handle(social.Event{Type: social.Notified, User: 1, Notification: 3})
		event, _ := in.ReadString('\n')
		data, _ := in.ReadString('\n')
		blank, _ := in.ReadString('\n')
		wantEvent := "event: update\n"
		if want == "user:notification" {
			wantEvent = "event: notification\n"
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(strings.TrimPrefix(data, "data: ")), &v); err != nil || event != wantEvent || blank != "\n" {
			t.Errorf("%s: %q %q %q: %v", path, event, data, blank, err)
		}
		resp.Body.Close()
	}
}

func TestThump(t *testing.T) {
	c := newConn(&Client{})
	var got []string
	c.write(frame{event: "filters_changed"})
	c.pulse = time.Millisecond
	c.events(t.Context(), func(data []byte) bool { got = append(got, string(data)); return len(got) < 3 })
	if !slices.Contains(got, ":thump\n") || !slices.Contains(got, "event: filters_changed\ndata: undefined\n\n") {
		t.Errorf("sent %q", got)
	}
}

// When the hub has ended, nobody is left hanging.
func TestAfterTheEnd(t *testing.T) {
	r := newRig(t)
	s := r.open("alice", "user")
	r.closeAll()
	if _, _, err := s.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("the socket ended with %v", err)
	}
	for _, path := range []string{"/user?access_token=alice", "?stream=user&access_token=alice"} {
		resp, err := http.Get(r.server.URL + base + path)
		if err != nil || resp.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s: %v %v", path, resp, err)
		}
		resp.Body.Close()
	}
	resp, err := http.Get(r.server.URL + base + "/health")
	if err != nil || resp.StatusCode != 200 {
		t.Errorf("health: %v", err)
	}
	resp.Body.Close()
}

func BenchmarkDeliver(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := newRig(b)
			var conns []*conn
			for i := range n {
				c := newConn(&Client{Viewer: social.Viewer{Actor: social.ID(i + 1), User: true}, Allows: func(...string) bool { return true }})
				_ = r.add(c)
				r.subscribe(c, Stream{Name: "public"})
				conns = append(conns, c)
			}
			e := &social.Event{Type: social.PostCreated, Post: 5, Public: true, Local: true}
			b.ReportAllocs()
			for b.Loop() {
				r.deliver(b.Context(), e)
				for _, c := range conns {
					for _, f := range c.take() {
						_ = f.socket()
					}
				}
			}
		})
	}
}
