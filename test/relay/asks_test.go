package relay_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"engawa/network/nostr"
)

// events asks the relay as any client would (NIP-01).
func (w *world) events(filter obj) (out []nostr.Event) {
	w.tb.Helper()
	ws, _, err := websocket.DefaultDialer.DialContext(w.tb.Context(), w.relay.URL, nil)
	if err != nil {
		w.tb.Fatal(err)
	}
	defer ws.Close()
	if err := ws.WriteJSON([]any{"REQ", "all", filter}); err != nil {
		w.tb.Fatal(err)
	}
	for {
		_ = ws.SetReadDeadline(time.Now().Add(patience))
		var frame []json.RawMessage
		if err := ws.ReadJSON(&frame); err != nil {
			w.tb.Fatal(err)
		}
		switch {
		case string(frame[0]) == `"EOSE"`:
			return out
		case string(frame[0]) == `"EVENT"` && len(frame) == 3:
			var e nostr.Event
			if err := json.Unmarshal(frame[2], &e); err != nil {
				w.tb.Fatal(err)
			}
			out = append(out, e)
		}
	}
}

// publish brings an event of a key's to the relay.
func (w *world) publish(key nostr.Key, e *nostr.Event) {
	w.tb.Helper()
	if err := key.Sign(e); err != nil {
		w.tb.Fatal(err)
	}
	ws, _, err := websocket.DefaultDialer.DialContext(w.tb.Context(), w.relay.URL, nil)
	if err != nil {
		w.tb.Fatal(err)
	}
	defer ws.Close()
	if err := ws.WriteJSON([]any{"EVENT", e}); err != nil {
		w.tb.Fatal(err)
	}
	_ = ws.SetReadDeadline(time.Now().Add(patience))
	var frame []any
	if err := ws.ReadJSON(&frame); err != nil || len(frame) < 3 || frame[2] != true {
		w.tb.Fatalf("the relay says %v, %v", frame, err)
	}
}

func (w *world) onNostr() (out []seen) {
	for _, e := range w.events(obj{"authors": []string{w.key.Public()}, "kinds": []int{1}, "limit": 500}) {
		s := seen{ID: e.ID, Raw: e}
		var lines []string
		for line := range strings.Lines(e.Content) { // pictures are addresses in the text
			if !strings.HasPrefix(line, "http://home.test/blob/") {
				lines = append(lines, line)
			}
		}
		s.Text = strings.TrimSpace(strings.Join(lines, ""))
		for _, t := range e.Tags {
			switch {
			case t[0] == "e" && (t[3] == "reply" || s.Parent == ""): // the root is the parent where there is no other
				s.Parent = t[1]
			case t[0] == "imeta":
				for _, field := range t[1:] {
					if alt, ok := strings.CutPrefix(field, "alt "); ok {
						s.Alts = append(s.Alts, alt)
					}
				}
			}
		}
		out = append(out, s)
	}
	return out
}

// misskeyNote is a note as Misskey's API shows it.
type misskeyNote struct {
	ID      string
	Text    string
	CW      *string
	ReplyID string
	Files   []struct{ Comment string }
}

// onMisskeyAPI asks the API of Misskey as hana.
func (w *world) onMisskeyAPI(name string, in obj, into any) {
	w.tb.Helper()
	in["i"] = w.token
	body, err := json.Marshal(in)
	if err != nil {
		w.tb.Fatal(err)
	}
	res, err := http.Post(w.miss.URL+"/api/"+name, "application/json", bytes.NewReader(body))
	if err != nil {
		w.tb.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode == http.StatusOK {
		err = json.Unmarshal(said, into)
	}
	if err != nil || res.StatusCode != http.StatusOK {
		w.tb.Fatalf("%s: %s %v\n%s", name, res.Status, err, said)
	}
}

func (w *world) onMisskey() (out []seen) {
	q := obj{"userId": w.missMe.ID, "limit": 100, "withReplies": true}
	for {
		var page []misskeyNote
		w.onMisskeyAPI("users/notes", q, &page)
		if len(page) == 0 {
			return out
		}
		for _, n := range page {
			s := seen{ID: n.ID, Parent: n.ReplyID, Text: n.Text, Raw: n}
			for _, f := range n.Files {
				s.Alts = append(s.Alts, f.Comment)
			}
			out = append(out, s)
			q["untilId"] = n.ID
		}
	}
}

func (w *world) onMastodon() (out []seen) {
	var me struct{ ID string }
	w.there.call("GET", "/api/v1/accounts/verify_credentials", nil, &me)
	for after := ""; ; {
		var page []status
		w.there.call("GET", "/api/v1/accounts/"+me.ID+"/statuses?limit=40&max_id="+after, nil, &page)
		if len(page) == 0 {
			return out
		}
		for _, p := range page {
			s := seen{ID: p.ID, Text: p.text(), Raw: p}
			if p.Parent != nil {
				s.Parent = *p.Parent
			}
			for _, f := range p.Files {
				s.Alts = append(s.Alts, f.Description)
			}
			out = append(out, s)
			after = p.ID
		}
	}
}
