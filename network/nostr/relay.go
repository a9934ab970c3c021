package nostr

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gorilla/websocket"
)

// frameCap is how many bytes a message from a relay may have.
const frameCap = 1 << 20

// conn is a connection to one relay, for one caller at a time.
type conn struct {
	ws        *websocket.Conn
	relay     string
	challenge string // of NIP-42
	stop      func() bool
	subs      int
}

// dial connects; the connection ends with ctx.
func (n *Nostr) dial(ctx context.Context, relay string) (*conn, error) {
	d := *n.Dialer
	d.HandshakeTimeout = n.timeout()
	ws, resp, err := d.DialContext(ctx, relay, nil)
	if resp != nil && resp.Body != nil {
		resp.Body.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", relay, err)
	}
	ws.SetReadLimit(frameCap)
	c := &conn{ws: ws, relay: relay}
	c.stop = context.AfterFunc(ctx, func() { ws.Close() })
	return c, nil
}

func (c *conn) close() {
	c.stop()
	c.ws.Close()
}

// message is one message from a relay.
type message struct {
	kind  string // EVENT, OK, EOSE, CLOSED, NOTICE, AUTH
	id    string // of the subscription or event
	ok    bool
	text  string
	event json.RawMessage
}

func (c *conn) write(parts ...any) error {
	data, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	if err := c.ws.SetWriteDeadline(time.Now().Add(15 * time.Second)); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.TextMessage, data)
}

// read returns the next message that is understood; others are passed over.
func (c *conn) read(patience time.Duration) (*message, error) {
	if err := c.ws.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.relay, err)
		}
		if m := parseMessage(data); m != nil {
			if m.kind == "AUTH" {
				c.challenge = m.text
			}
			return m, nil
		}
	}
}

// parseMessage reads one frame; nil when it is none that is known.
func parseMessage(data []byte) *message {
	var parts []json.RawMessage
	if json.Unmarshal(data, &parts) != nil || len(parts) < 2 || len(parts) > 8 {
		return nil
	}
	text := func(i int) (s string) {
		if i < len(parts) {
			_ = json.Unmarshal(parts[i], &s) // no text is ""
		}
		return s
	}
	m := &message{kind: text(0)}
	switch m.kind {
	case "EVENT":
		if len(parts) < 3 {
			return nil
		}
		m.id, m.event = text(1), parts[2]
	case "OK":
		m.id, m.text = text(1), text(3)
		if len(parts) < 3 || json.Unmarshal(parts[2], &m.ok) != nil {
			return nil
		}
	case "EOSE":
		m.id = text(1)
	case "CLOSED":
		m.id, m.text = text(1), text(2)
	case "NOTICE", "AUTH":
		m.text = text(1)
	default:
		return nil
	}
	return m
}

// publish brings e to the relay: nil when the relay has it.
func (n *Nostr) publish(ctx context.Context, relay string, e *Event, s signer) error {
	ctx, cancel := context.WithTimeout(ctx, n.timeout())
	defer cancel()
	c, err := n.dial(ctx, relay)
	if err != nil {
		return err
	}
	defer c.close()
	refusal, err := n.offer(c, "EVENT", e)
	if err == nil && refusal != nil && refusal.prefix() == "auth-required" && s != nil {
		if err = n.authenticate(ctx, c, s); err == nil {
			refusal, err = n.offer(c, "EVENT", e)
		}
	}
	switch {
	case err != nil:
		return err
	case refusal != nil && refusal.prefix() != "duplicate":
		return refusal
	}
	return nil
}

// offer sends an event and waits for the relay's word on it.
func (n *Nostr) offer(c *conn, verb string, e *Event) (*said, error) {
	if err := c.write(verb, e); err != nil {
		return nil, err
	}
	for {
		m, err := c.read(n.timeout())
		if err != nil {
			return nil, err
		}
		if m.kind == "OK" && m.id == e.ID {
			if m.ok {
				return nil, nil
			}
			return &said{c.relay, m.text}, nil
		}
	}
}

// authenticate answers the challenge (NIP-42), waiting for it if need be.
func (n *Nostr) authenticate(ctx context.Context, c *conn, s signer) error {
	for c.challenge == "" {
		if _, err := c.read(n.timeout()); err != nil {
			return err
		}
	}
	e := &Event{Kind: kindAuth, At: n.Clock.Now().Unix(), Tags: [][]string{{"relay", c.relay}, {"challenge", c.challenge}}}
	if err := s.sign(ctx, e); err != nil {
		return err
	}
	refusal, err := n.offer(c, "AUTH", e)
	if err == nil && refusal != nil {
		return refusal
	}
	return err
}

// filter is a filter of REQ (NIP-01); P, E and Q are the tags.
type filter struct {
	IDs     []string `json:"ids,omitempty"`
	Authors []string `json:"authors,omitempty"`
	Kinds   []int    `json:"kinds,omitempty"`
	P       []string `json:"#p,omitempty"`
	E       []string `json:"#e,omitempty"`
	Since   int64    `json:"since,omitempty"`
	Until   int64    `json:"until,omitempty"`
	Limit   int      `json:"limit,omitempty"`
}

// matches reports whether e is what f asked for: a relay may send anything.
func (f *filter) matches(e *Event) bool {
	tagged := func(name string, values []string) bool {
		return len(values) == 0 || slices.ContainsFunc(e.Tags, func(t []string) bool {
			return len(t) > 1 && t[0] == name && slices.Contains(values, t[1])
		})
	}
	return (len(f.IDs) == 0 || slices.Contains(f.IDs, e.ID)) && (len(f.Authors) == 0 || slices.Contains(f.Authors, e.PubKey)) &&
		(len(f.Kinds) == 0 || slices.Contains(f.Kinds, e.Kind)) && e.At >= f.Since && (f.Until == 0 || e.At <= f.Until) && tagged("p", f.P) && tagged("e", f.E)
}

func anyMatches(filters []filter, e *Event) bool {
	return slices.ContainsFunc(filters, func(f filter) bool { return f.matches(e) })
}

// maxEvents is how many events one question may bring.
const maxEvents = 2000

// request opens a subscription and says its id.
func (c *conn) request(filters []filter) (string, error) {
	c.subs++
	sub := "e" + strconv.Itoa(c.subs)
	parts := []any{"REQ", sub}
	for i := range filters {
		parts = append(parts, &filters[i])
	}
	return sub, c.write(parts...)
}

// ask brings what the relay has stored, verified, in the relay's order.
func (n *Nostr) ask(ctx context.Context, relay string, s signer, filters []filter) ([]*Event, error) {
	ctx, cancel := context.WithTimeout(ctx, n.timeout())
	defer cancel()
	c, err := n.dial(ctx, relay)
	if err != nil {
		return nil, err
	}
	defer c.close()
	events, err := n.pages(c, filters)
	var refusal *said
	if errors.As(err, &refusal) && refusal.prefix() == "auth-required" && s != nil {
		if err := n.authenticate(ctx, c, s); err != nil {
			return nil, err
		}
		events, err = n.pages(c, filters)
	}
	return events, err
}

// maxPages is how many pages further back are asked for, where a gap is longer
// than one: some 4000 events.
const maxPages = 7

// pages brings what is stored; of filters that fill a gap (with Since) and came
// to their Limit, what is older too.
func (n *Nostr) pages(c *conn, filters []filter) ([]*Event, error) {
	all, err := n.stored(c, filters)
	last := all
	known := make(map[string]bool)
	for page := 0; page < maxPages && err == nil; page++ {
		var deeper []filter
		for _, f := range filters {
			if count, oldest := f.count(last); f.Since > 0 && f.Limit > 0 && count >= f.Limit {
				f.Until = oldest
				deeper = append(deeper, f)
			}
		}
		if len(deeper) == 0 {
			break
		}
		for _, e := range last {
			known[e.ID] = true
		}
		filters = deeper
		if last, err = n.stored(c, filters); err != nil {
			break
		}
		before := len(all)
		for _, e := range last {
			if !known[e.ID] {
				all = append(all, e)
			}
		}
		if len(all) == before {
			break // more of one second than a page holds
		}
	}
	return all, err
}

// count is how many of events f asked for, and the time of the oldest.
func (f *filter) count(events []*Event) (count int, oldest int64) {
	for _, e := range events {
		if f.matches(e) {
			count++
			if oldest == 0 || e.At < oldest {
				oldest = e.At
			}
		}
	}
	return count, oldest
}

func (n *Nostr) stored(c *conn, filters []filter) ([]*Event, error) {
	sub, err := c.request(filters)
	if err != nil {
		return nil, err
	}
	var events []*Event
	for {
		m, err := c.read(n.timeout())
		switch {
		case err != nil:
			return nil, err
		case m.id != sub:
		case m.kind == "CLOSED":
			return nil, &said{c.relay, m.text}
		case m.kind == "EOSE":
			return events, c.write("CLOSE", sub)
		case m.kind == "EVENT":
			if e, err := n.parse(m.event); err == nil && anyMatches(filters, e) {
				events = append(events, e)
			}
			if len(events) >= maxEvents {
				return events, c.write("CLOSE", sub)
			}
		}
	}
}
