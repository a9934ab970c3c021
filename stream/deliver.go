package stream

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"engawa/social"
)

// target is one connection with the streams through which it gets an Event.
type target struct {
	c       *conn
	streams []Stream
}

// everybody are the connections with a person's own stream, as whole or not.
func (h *Hub) everybody() []target {
	h.mu.Lock()
	var keys []string
	for key := range h.subs {
		if strings.HasPrefix(key, "user/") {
			keys = append(keys, key)
		}
	}
	h.mu.Unlock()
	return h.matching(keys)
}

// announcement tells all who are logged in.
func (h *Hub) announcement(ctx context.Context, e *social.Event) {
	targets := h.everybody()
	if len(targets) == 0 {
		return
	}
	data, ok := []byte(e.Announcement.String()), true
	switch e.Type {
	case social.AnnouncementMade:
		data, ok = h.Render.Announcement(ctx, e.Announcement)
	case social.AnnouncementReacted:
		data, ok = h.Render.AnnouncementReaction(ctx, e.Announcement, e.Name)
	}
	if ok {
		h.send(targets, string(e.Type), quoted(data))
	}
}

// matching are the connections subscribed to any of keys.
func (h *Hub) matching(keys []string) []target {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []target
	at := map[*conn]int{}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) { // a person may be meant twice over
		for c, s := range h.subs[key] {
			i, ok := at[c]
			if !ok {
				i = len(out)
				at[c] = i
				out = append(out, target{c: c})
			}
			out[i].streams = append(out[i].streams, s)
		}
	}
	return out
}

// deliver brings one Event to those it concerns.
func (h *Hub) deliver(ctx context.Context, e *social.Event) {
	switch e.Type {
	case social.PostCreated:
		h.post(ctx, e, "update")
	case social.PostUpdated:
		h.post(ctx, e, "status.update")
	case social.PostDeleted:
		keys := keysOf(e)
		for _, id := range e.Direct {
			keys = append(keys, "user/"+id.String())
		}
		h.send(h.matching(keys), "delete", quoted([]byte(e.Post.String())))
	case social.Notified:
		h.notification(ctx, e)
	case social.ConversationChanged:
		h.conversation(ctx, e)
	case social.AnnouncementMade, social.AnnouncementReacted, social.AnnouncementDeleted:
		h.announcement(ctx, e)
	case social.FiltersChanged, social.NotificationsMerged:
		h.send(h.matching([]string{"user/" + e.User.String()}), string(e.Type), nil)
	}
}

// post renders a Post once for each viewer and filter context.
func (h *Hub) post(ctx context.Context, e *social.Event, event string) {
	type who struct {
		viewer social.Viewer
		place  string
	}
	rendered := map[who][]byte{}
	for _, t := range h.matching(keysOf(e)) {
		for _, s := range t.streams {
			w := who{t.c.client.Viewer, s.place()}
			payload, done := rendered[w]
			if !done {
				data, ok := h.Render.Post(ctx, w.viewer, w.place, e.Post, e.Type == social.PostCreated)
				if ok {
					payload = quoted(data)
				}
				rendered[w] = payload
			}
			if payload != nil && (s.Name != "user" || t.c.client.Allows("read:statuses")) {
				t.c.write(message(s, event, payload))
			}
		}
	}
}

func (h *Hub) notification(ctx context.Context, e *social.Event) {
	targets := h.matching([]string{"user/" + e.User.String(), "user:notification/" + e.User.String()})
	if len(targets) == 0 {
		return
	}
	data, ok := h.Render.Notification(ctx, targets[0].c.client.Viewer, e.Notification)
	if !ok {
		return
	}
	payload := quoted(data)
	for _, t := range targets {
		for _, s := range t.streams {
			if t.c.client.Allows("read:notifications") {
				t.c.write(message(s, "notification", payload))
			}
		}
	}
}

func (h *Hub) conversation(ctx context.Context, e *social.Event) {
	targets := h.matching([]string{"direct/" + e.User.String()})
	if len(targets) == 0 {
		return
	}
	if data, ok := h.Render.Conversation(ctx, targets[0].c.client.Viewer, e.Conversation); ok {
		h.send(targets, "conversation", quoted(data))
	}
}

func (h *Hub) send(targets []target, event string, payload []byte) {
	for _, t := range targets {
		for _, s := range t.streams {
			t.c.write(message(s, event, payload))
		}
	}
}

// kill closes the connections of a revoked token, or all of a User's.
func (h *Hub) kill(e *social.Event) {
	h.mu.Lock()
	var gone []*conn
	for c := range h.conns {
		if (e.Token != 0 && c.client.Token == e.Token) || (e.Token == 0 && e.Actor != 0 && c.client.Viewer.Actor == e.Actor) {
			gone = append(gone, c)
		}
	}
	h.mu.Unlock()
	for _, c := range gone {
		c.close()
	}
}

// frame is one message in both forms: as a WebSocket frame, and as the lines
// of an event stream.
type frame struct {
	stream  []string
	event   string
	payload []byte // a JSON string, or nil
	status  int    // for an error, whose text is the payload
}

func message(s Stream, event string, payload []byte) frame {
	return frame{stream: s.label(), event: event, payload: payload}
}

// socket is the frame of a WebSocket: the payload is JSON within a string.
func (f frame) socket() []byte {
	out := make([]byte, 0, len(f.payload)+96)
	out = append(out, `{"stream":[`...)
	for i, s := range f.stream {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, quoted([]byte(s))...)
	}
	out = append(out, `],"event":"`...)
	out = append(out, f.event...)
	out = append(out, '"')
	if f.payload != nil {
		out = append(out, `,"payload":`...)
		out = append(out, f.payload...)
	}
	return append(out, '}')
}

// lines is the form of Server-Sent Events.
func (f frame) lines() []byte {
	data := "undefined"
	if f.payload != nil {
		_ = json.Unmarshal(f.payload, &data)
	}
	return []byte("event: " + f.event + "\ndata: " + data + "\n\n")
}

// quoted is data as a JSON string. A nil data stays nil.
func quoted(data []byte) []byte {
	if data == nil {
		return nil
	}
	out := make([]byte, 0, len(data)+len(data)/8+2)
	out = append(out, '"')
	for _, b := range data {
		switch {
		case b == '"' || b == '\\':
			out = append(out, '\\', b)
		case b == '\n':
			out = append(out, '\\', 'n')
		case b < 0x20:
			const hex = "0123456789abcdef"
			out = append(out, '\\', 'u', '0', '0', hex[b>>4], hex[b&15])
		default:
			out = append(out, b)
		}
	}
	return append(out, '"')
}
