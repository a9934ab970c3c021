package fake

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"engawa/network/nostr"
)

// Relay is a relay. Its exported fields may be set before it is used.
type Relay struct {
	URL      string
	NeedAuth bool // NIP-42 before anything

	mu      sync.Mutex
	server  *httptest.Server
	events  []*nostr.Event
	gone    map[string]bool
	clients map[*client]bool
	refuse  []string // what the next events are refused with
	drop    int      // how many of the next events are kept without an answer, the connection cut
	taken   int
}

// New starts a relay and ends it with the test.
func New(tb testing.TB) *Relay {
	tb.Helper()
	r := &Relay{gone: make(map[string]bool), clients: make(map[*client]bool)}
	r.server = httptest.NewServer(r)
	r.URL = "ws" + strings.TrimPrefix(r.server.URL, "http")
	tb.Cleanup(func() {
		r.Cut()
		r.server.Close()
	})
	return r
}

// Refuse lets the next event be refused with text, as "blocked: spam".
func (r *Relay) Refuse(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuse = append(r.refuse, text)
}

// DropNext keeps the next n events without an answer and cuts the connection.
func (r *Relay) DropNext(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drop = n
}

// Cut ends all connections.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for c := range r.clients {
		c.ws.Close()
	}
}

// Events are those of a kind that the relay has, oldest first.
func (r *Relay) Events(kind int) (events []*nostr.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e.Kind == kind {
			events = append(events, e)
		}
	}
	return events
}

// Offered is how many events were brought to the relay, those it had included.
func (r *Relay) Offered() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.taken
}

// Put gives the relay an event, as somebody else would.
func (r *Relay) Put(e *nostr.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(e)
}

// client is a connection with its subscriptions.
type client struct {
	ws        *websocket.Conn
	subs      map[string][]filter
	challenge string
	who       string
}

// filter is what is understood of NIP-01's.
type filter struct {
	IDs     []string `json:"ids"`
	Authors []string `json:"authors"`
	Kinds   []int    `json:"kinds"`
	P       []string `json:"#p"`
	E       []string `json:"#e"`
	Since   int64    `json:"since"`
	Until   int64    `json:"until"`
	Limit   *int     `json:"limit"`
}

func (f *filter) fits(e *nostr.Event) bool {
	has := func(name string, values []string) bool {
		for _, t := range e.Tags {
			if len(t) > 1 && t[0] == name && slices.Contains(values, t[1]) {
				return true
			}
		}
		return values == nil
	}
	return (f.IDs == nil || slices.Contains(f.IDs, e.ID)) && (f.Authors == nil || slices.Contains(f.Authors, e.PubKey)) &&
		(f.Kinds == nil || slices.Contains(f.Kinds, e.Kind)) && has("p", f.P) && has("e", f.E) && e.At >= f.Since && (f.Until == 0 || e.At <= f.Until)
}

// ServeHTTP serves one connection.
func (r *Relay) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	up := websocket.Upgrader{}
	ws, err := up.Upgrade(w, req, nil)
	if err != nil {
		return
	}
	c := &client{ws: ws, subs: make(map[string][]filter)}
	r.mu.Lock()
	r.clients[c] = true
	if r.NeedAuth {
		c.challenge = "challenge-" + ws.RemoteAddr().String()
		c.say("AUTH", c.challenge)
	}
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.clients, c)
		r.mu.Unlock()
		ws.Close()
	}()
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return
		}
		var parts []json.RawMessage
		var verb string
		if json.Unmarshal(data, &parts) != nil || len(parts) < 2 || json.Unmarshal(parts[0], &verb) != nil {
			continue
		}
		r.mu.Lock()
		more := r.handle(c, verb, parts[1:])
		r.mu.Unlock()
		if !more {
			return
		}
	}
}

func (c *client) say(parts ...any) { _ = c.ws.WriteJSON(parts) } // who is gone hears nothing

// handle answers one message; false ends the connection.
func (r *Relay) handle(c *client, verb string, args []json.RawMessage) bool {
	var sub string
	_ = json.Unmarshal(args[0], &sub)
	switch verb {
	case "EVENT":
		return r.event(c, args[0])
	case "AUTH":
		e, err := nostr.ParseEvent(args[0])
		if err != nil || e.Kind != 22242 || !tagged(e, "challenge", c.challenge) || !tagged(e, "relay", r.URL) {
			c.say("OK", "", false, "invalid: no answer to the challenge")
			return true
		}
		c.who = e.PubKey
		c.say("OK", e.ID, true, "")
	case "CLOSE":
		delete(c.subs, sub)
	case "REQ":
		if r.NeedAuth && c.who == "" {
			c.say("CLOSED", sub, "auth-required: say who reads")
			return true
		}
		r.request(c, sub, args[1:])
	}
	return true
}

func tagged(e *nostr.Event, name, value string) bool {
	return slices.ContainsFunc(e.Tags, func(t []string) bool { return len(t) > 1 && t[0] == name && t[1] == value })
}

func (r *Relay) event(c *client, raw []byte) bool {
	r.taken++
	var given struct{ ID string }
	_ = json.Unmarshal(raw, &given)
	e, err := nostr.ParseEvent(raw)
	switch {
	case err != nil:
		c.say("OK", given.ID, false, "invalid: "+err.Error())
		return true
	case r.NeedAuth && c.who != e.PubKey:
		c.say("OK", e.ID, false, "auth-required: write as yourself")
		return true
	case len(r.refuse) > 0:
		c.say("OK", e.ID, false, r.refuse[0])
		r.refuse = r.refuse[1:]
		return true
	}
	if r.drop > 0 {
		r.drop--
		r.keep(e)
		return false
	}
	if !r.keep(e) {
		c.say("OK", e.ID, true, "duplicate: have it")
		return true
	}
	c.say("OK", e.ID, true, "")
	return true
}

// keep stores an event and tells who listens; false: it was there.
func (r *Relay) keep(e *nostr.Event) bool {
	if r.gone[e.ID] || slices.ContainsFunc(r.events, func(o *nostr.Event) bool { return o.ID == e.ID }) {
		return false
	}
	if e.Kind == 0 || e.Kind == 3 || e.Kind >= 10000 && e.Kind < 20000 {
		older := func(o *nostr.Event) bool { return o.Kind == e.Kind && o.PubKey == e.PubKey && o.At <= e.At }
		r.events = slices.DeleteFunc(r.events, older)
	}
	if e.Kind == 5 {
		r.events = slices.DeleteFunc(r.events, func(o *nostr.Event) bool {
			hit := o.PubKey == e.PubKey && tagged(e, "e", o.ID)
			r.gone[o.ID] = r.gone[o.ID] || hit
			return hit
		})
	}
	if e.Kind < 20000 || e.Kind >= 30000 { // the rest is ephemeral
		r.events = append(r.events, e)
	}
	for c := range r.clients {
		for sub, filters := range c.subs {
			if slices.ContainsFunc(filters, func(f filter) bool { return f.fits(e) }) {
				c.say("EVENT", sub, e)
			}
		}
	}
	return true
}

// request sends what is stored, the newest first, then listens on.
func (r *Relay) request(c *client, sub string, raw []json.RawMessage) {
	var filters []filter
	for _, f := range raw {
		var one filter
		if json.Unmarshal(f, &one) != nil {
			c.say("CLOSED", sub, "invalid: a filter is malformed")
			return
		}
		filters = append(filters, one)
	}
	sent := make(map[string]bool)
	for _, f := range filters {
		left := 1 << 20
		if f.Limit != nil {
			left = *f.Limit
		}
		ordered := slices.Clone(r.events)
		slices.SortStableFunc(ordered, func(a, b *nostr.Event) int { return int(b.At - a.At) })
		for _, e := range ordered {
			if left > 0 && f.fits(e) {
				left--
				if !sent[e.ID] {
					sent[e.ID] = true
					c.say("EVENT", sub, e)
				}
			}
		}
	}
	c.say("EOSE", sub)
	c.subs[sub] = filters
}
