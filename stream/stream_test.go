package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"engawa/social"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tokens of the tests: who they speak for and what they may.
type grant struct {
	actor  social.ID
	scopes string
}

var grants = map[string]grant{
	"alice":  {1, "read"},
	"bob":    {2, "read"},
	"notes":  {1, "read:notifications"},
	"posts":  {1, "read:statuses"},
	"lists":  {1, "read:lists"},
	"writes": {1, "write"},
	"app":    {0, "read"},
}

// rig is a hub with a server before it.
type rig struct {
	*Hub
	t       testing.TB
	server  *httptest.Server
	mu      sync.Mutex
	revoked map[string]bool
	renders int
}

func newRig(t testing.TB) *rig {
	r := &rig{t: t, revoked: map[string]bool{}}
	r.Hub = &Hub{Render: r, Authenticate: r.authenticate, OwnsList: func(_ context.Context, v social.Viewer, l social.ID) bool { return v.Actor == 1 && l == 12 }}
	r.setUp()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.server = httptest.NewServer(r.Hub)
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		r.server.Close()
	})
	return r
}

func (r *rig) authenticate(_ context.Context, text string) (*Client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	g, ok := grants[text]
	if !ok || r.revoked[text] {
		return nil, &social.Error{Kind: social.Unauthenticated, Op: "check token", Message: "The access token is invalid", Err: errors.New("secret detail")}
	}
	token := social.ID(slices.Index([]string{"", "alice", "bob", "notes", "posts", "lists", "writes", "app"}, text))
	return &Client{Token: token, Viewer: social.Viewer{Actor: g.actor, User: g.actor != 0}, Allows: func(wanted ...string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return w == g.scopes || strings.HasPrefix(w, g.scopes+":") })
	}}, nil
}

// Post renders what the viewer may see: posts from 900 on are hidden from Bob.
func (r *rig) Post(_ context.Context, v social.Viewer, place string, id social.ID, _ bool) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.renders++
	return fmt.Appendf(nil, `{"id":"%s","text":"a \"quoted\" 言葉\nline","place":%q,"viewer":%d}`, id, place, v.Actor), id < 900 || v.Actor == 1
}

func (r *rig) Notification(_ context.Context, _ social.Viewer, id social.ID) ([]byte, bool) {
	return fmt.Appendf(nil, `{"note":"%s"}`, id), true
}

func (r *rig) Conversation(_ context.Context, _ social.Viewer, id social.ID) ([]byte, bool) {
	return fmt.Appendf(nil, `{"talk":"%s"}`, id), true
}

func (r *rig) Announcement(_ context.Context, id social.ID) ([]byte, bool) {
	return fmt.Appendf(nil, `{"announcement":"%s"}`, id), true
}

func (r *rig) AnnouncementReaction(_ context.Context, id social.ID, name string) ([]byte, bool) {
	return fmt.Appendf(nil, `{"name":%q,"count":2,"announcement_id":"%s"}`, name, id), true
}

// dial opens a socket.
func (r *rig) dial(query string, header http.Header) (*websocket.Conn, *http.Response, error) {
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(r.server.URL, "http")+base+query, header)
}

// sock is an open socket of a test.
type sock struct {
	*rig
	*websocket.Conn
}

func (r *rig) open(token string, streams ...string) *sock {
	r.t.Helper()
	ws, _, err := r.dial("?access_token="+token, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	s := &sock{r, ws}
	r.t.Cleanup(func() { _ = ws.Close() })
	for _, name := range streams {
		s.say(`{"type":"subscribe","stream":"` + name + `","tag":"Kotoba","list":"12"}`)
	}
	s.sync()
	return s
}

func (s *sock) say(text string) {
	s.t.Helper()
	if err := s.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

// sync returns when the hub has read all that was said before.
func (s *sock) sync() {
	s.t.Helper()
	s.say(`{"type":"subscribe","stream":"sync"}`)
	if m := s.hear(); m["error"] != "Unknown stream type" || m["status"] != 400.0 {
		s.t.Fatalf("heard %v", m)
	}
}

func (s *sock) hear() map[string]any {
	s.t.Helper()
	_ = s.SetReadDeadline(time.Now().Add(5 * time.Second))
	kind, data, err := s.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		s.t.Fatalf("heard nothing: %v", err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		s.t.Fatalf("%v: %s", err, data)
	}
	return m
}

// last is an Event that every stream of the tests hears, so that silence before it can be told.
var last = social.Event{Type: social.FiltersChanged, User: 1}

// heard are the names of streams and events until last, in order.
func (s *sock) heard() (out []string) {
	s.t.Helper()
	for {
		m := s.hear()
		if m["event"] == "filters_changed" {
			if _, there := m["payload"]; there {
				s.t.Error("filters_changed has no payload")
			}
			return out
		}
		var names []string
		for _, n := range m["stream"].([]any) {
			names = append(names, n.(string))
		}
		out = append(out, strings.Join(names, "/")+" "+m["event"].(string))
	}
}

func TestWhichStreamHearsWhat(t *testing.T) {
	names := []string{"user", "user:notification", "public", "public:local", "public:remote", "public:media", "public:local:media",
		"public:remote:media", "hashtag", "hashtag:local", "list", "direct"}
	public := social.Event{Type: social.PostCreated, Post: 5, Public: true, Local: true, Media: true, Tags: []string{"kotoba", "kotoba"}}
	remote := social.Event{Type: social.PostUpdated, Post: 5, Public: true, Tags: []string{"kotoba"}}
	for name, c := range map[string]struct {
		event social.Event
		want  []string
	}{
		"local": {public, []string{"hashtag/kotoba update", "hashtag:local/kotoba update", "public update", "public:local update",
			"public:local:media update", "public:media update"}},
		"remote edit":    {remote, []string{"hashtag/kotoba status.update", "public status.update", "public:remote status.update"}},
		"home":           {social.Event{Type: social.PostCreated, Post: 5, Home: []social.ID{1, 2}}, []string{"user update"}},
		"list":           {social.Event{Type: social.PostCreated, Post: 5, Lists: []social.ID{12, 13}}, []string{"list/12 update"}},
		"another's home": {social.Event{Type: social.PostCreated, Post: 5, Home: []social.ID{2}}, nil},
		"deleted once":   {social.Event{Type: social.PostDeleted, Post: 5, Home: []social.ID{1}, Direct: []social.ID{1, 1}}, []string{"user delete"}},
		"notification":   {social.Event{Type: social.Notified, User: 1, Notification: 3}, []string{"user notification", "user:notification notification"}},
		"not mine":       {social.Event{Type: social.Notified, User: 2, Notification: 3}, nil},
		"conversation":   {social.Event{Type: social.ConversationChanged, User: 1, Conversation: 3}, []string{"direct conversation"}},
		"announcement":   {social.Event{Type: social.AnnouncementMade, Announcement: 4}, []string{"user announcement"}},
		"its reactions":  {social.Event{Type: social.AnnouncementReacted, Announcement: 4, Name: "🍵"}, []string{"user announcement.reaction"}},
		"its end":        {social.Event{Type: social.AnnouncementDeleted, Announcement: 4}, []string{"user announcement.delete"}},
		"merged":         {social.Event{Type: social.NotificationsMerged, User: 1}, []string{"user notifications_merged"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			s := r.open("alice", names...)
			r.Handle(c.event)
			r.Handle(last)
			got := s.heard()
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("heard %q, want %q", got, c.want)
			}
		})
	}
}

func TestPayloads(t *testing.T) {
	r := newRig(t)
	s := r.open("alice", "user")
	r.Handle(social.Event{Type: social.PostCreated, Post: 77, Home: []social.ID{1}})
	r.Handle(social.Event{Type: social.PostDeleted, Post: 77, Home: []social.ID{1}})
	text, ok := s.hear()["payload"].(string)
	var post struct{ ID, Text, Place string }
	if err := json.Unmarshal([]byte(text), &post); !ok || err != nil || post.ID != "77" || post.Text != "a \"quoted\" 言葉\nline" || post.Place != "home" {
		t.Errorf("payload %q: %v", text, err)
	}
	if got := s.hear()["payload"]; got != "77" {
		t.Errorf("the payload of a delete is %#v, want the id as a string", got)
	}
}

func TestUnsubscribe(t *testing.T) {
	r := newRig(t)
	s := r.open("alice", "user", "public")
	s.say(`{"type":"unsubscribe","stream":"public"}`)
	s.say(`{"type":"unsubscribe","stream":"list","list":13}`) // not there, not ours: nothing to say
	s.say(`not json`)
	s.say(`{"type":"shout","stream":"public"}`)
	s.sync()
	r.Handle(social.Event{Type: social.PostCreated, Post: 5, Public: true})
	r.Handle(last)
	if got := s.heard(); got != nil {
		t.Errorf("heard %q", got)
	}
}

// What may not be seen is not sent, and each viewer costs one rendering a post.
func TestRenderedOnceAViewer(t *testing.T) {
	r := newRig(t)
	a, a2, b := r.open("alice", "user", "public"), r.open("alice", "public"), r.open("bob", "user", "public")
	r.Handle(social.Event{Type: social.PostCreated, Post: 901, Public: true})
	r.Handle(last)
	r.Handle(social.Event{Type: social.FiltersChanged, User: 2})
	if got := a.heard(); len(got) != 1 {
		t.Errorf("Alice heard %q", got)
	}
	if m := a2.hear(); m["event"] != "update" {
		t.Errorf("her second window heard %v", m)
	}
	if got := b.heard(); got != nil {
		t.Errorf("Bob may not see it, and heard %q", got)
	}
	if r.renders != 2 {
		t.Errorf("%d renderings for two viewers", r.renders)
	}
}

// The scopes of each stream (T61).
func TestScopes(t *testing.T) {
	r := newRig(t)
	for name := range kinds {
		for token, want := range map[string]bool{
			"alice": true, "writes": false,
			"notes": strings.HasPrefix(name, "user"),
			"posts": name != "user:notification" && name != "list",
			"lists": name == "list",
		} {
			c, _ := r.authenticate(t.Context(), token)
			_, err := r.streamFor(t.Context(), c, name, "tag", "12")
			if (err == nil) != want || (err != nil && !social.IsKind(err, social.Forbidden)) {
				t.Errorf("%s with %s: %v", name, token, err)
			}
		}
	}
	for token, want := range map[string]string{"posts": "update", "notes": "notification"} { // one stream, two scopes
		s := r.open(token, "user")
		r.Handle(social.Event{Type: social.PostCreated, Post: 5, Home: []social.ID{1}})
		r.Handle(social.Event{Type: social.Notified, User: 1, Notification: 3})
		r.Handle(last)
		if got := s.heard(); !slices.Equal(got, []string{"user " + want}) {
			t.Errorf("with %s: %q", token, got)
		}
	}
}

func TestErrors(t *testing.T) {
	r := newRig(t)
	s := r.open("alice")
	for say, want := range map[string]string{
		`{"type":"subscribe","stream":"x"}`:                                        "Unknown stream type 400",
		`{"type":"subscribe","stream":"hashtag"}`:                                  "Missing tag name parameter 400",
		`{"type":"subscribe","stream":"list"}`:                                     "Missing list name parameter 400",
		`{"type":"subscribe","stream":"list","list":"13"}`:                         "Not authorized to stream this list 404",
		`{"type":"subscribe","stream":"list","list":14}`:                           "Not authorized to stream this list 404",
		`{"type":"subscribe","stream":"list","list":"99999999999999999999999999"}`: "Missing list name parameter 400",
	} {
		s.say(say)
		m := s.hear()
		if got := fmt.Sprint(m["error"], " ", m["status"]); got != want {
			t.Errorf("%s: %s, want %s", say, got, want)
		}
	}
	for query, want := range map[string]string{
		"": "401 Missing access token", "?access_token=nobody": "401 The access token is invalid",
		"?access_token=app&stream=public":             "401 This method requires an authenticated user",
		"?access_token=writes&stream=public":          "403 Access token does not have the required scopes",
		"?access_token=alice&stream=none":             "400 Unknown stream type",
		"?access_token=alice&stream=list&list=13":     "404 Not authorized to stream this list",
		"/hashtag?access_token=alice":                 "400 Missing tag name parameter",
		"/nonsense?access_token=alice&stream=unheard": "400 Unknown stream type",
	} {
		for _, dial := range []bool{true, false} {
			if dial && strings.HasPrefix(query, "/") {
				continue // a socket takes its stream from the query
			}
			var resp *http.Response
			if dial {
				_, resp, _ = r.dial(query, nil)
			} else {
				resp, _ = http.Get(r.server.URL + base + query)
			}
			if resp == nil {
				t.Fatalf("%s: no answer", query)
			}
			if !dial && query == "" {
				query = "/user"
			}
			var body struct{ Error string }
			_ = json.NewDecoder(resp.Body).Decode(&body)
			resp.Body.Close()
			if got := fmt.Sprint(resp.StatusCode, " ", body.Error); got != want {
				t.Errorf("%s (socket %v): %s, want %s", query, dial, got, want)
			}
		}
	}
}

func TestWhereTheTokenIs(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		query  string
		header http.Header
		echo   string
	}{
		"query":       {"?access_token=alice", nil, ""},
		"header":      {"", http.Header{"Authorization": {"Bearer alice"}}, ""},
		"subprotocol": {"", http.Header{"Sec-Websocket-Protocol": {"alice"}}, "alice"},
		"both":        {"?access_token=alice", http.Header{"Sec-Websocket-Protocol": {"alice"}}, "alice"},
	} {
		ws, resp, err := r.dial(c.query, c.header)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := resp.Header.Get("Sec-WebSocket-Protocol"); got != c.echo {
			t.Errorf("%s: echo %q, want %q", name, got, c.echo)
		}
		ws.Close()
	}
}

func TestBinaryFramesAreRefused(t *testing.T) {
	s := newRig(t).open("alice")
	_ = s.WriteMessage(websocket.BinaryMessage, []byte{1})
	_, _, err := s.ReadMessage()
	if !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
		t.Errorf("ended with %v, want close code 1003", err)
	}
}
