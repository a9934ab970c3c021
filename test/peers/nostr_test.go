package peers_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/nostr"
	"engawa/social"
	"engawa/test/peers"
)

// linked is a key linked through a relay, with its network.
func linked(t *testing.T, relay string) (*nostr.Nostr, *social.Login, nostr.Key) {
	t.Helper()
	key, err := nostr.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	n := &nostr.Nostr{Dialer: &websocket.Dialer{}, Clock: clock.System}
	step, err := n.Begin(t.Context(), network.LinkInput{Fields: map[string]string{"key": key.Nsec(), "relays": relay}})
	if err != nil {
		t.Fatal(err)
	}
	return n, &social.Login{Link: step.Link, Secret: step.Secret}, key
}

func nostrPart(text string) *social.Part {
	return &social.Part{Key: text, Text: text, Audience: social.Public, CreatedAt: time.Now().UnixMilli(), Origin: "https://home.example/" + text, Language: "ja"}
}

// A thread goes to khatru, with and without NIP-42, is sent again, read back and deleted.
func TestNostrThreadOnARealRelay(t *testing.T) {
	for name, auth := range map[string]bool{"open": false, "with authentication": true} {
		t.Run(name, func(t *testing.T) {
			relay := peers.Nostr(t, auth)
			n, login, _ := linked(t, relay.URL)
			must := func(p *social.Part) social.Ref {
				t.Helper()
				sent, err := n.Send(t.Context(), login, p)
				if err != nil {
					t.Fatal(err)
				}
				again, err := n.Send(t.Context(), login, p)
				if err != nil || again.Ref.ID != sent.Ref.ID {
					t.Fatalf("sent again: %+v, %v", again, err)
				}
				return sent.Ref
			}
			first := nostrPart("縁側で \"茶\" \\ \u2028 <&>\n👨‍👩‍👧‍👦 https://example.com/")
			first.Tags, first.Warning = []string{"縁側"}, "ねたばれ"
			first.Media = []social.PartFile{{URL: "https://home.example/blob/a.png", Width: 4, Height: 3, Alt: "猫"}}
			root := must(first)
			second := nostrPart("続き")
			second.Root, second.Parent = root, root
			reply := must(second)

			b, err := n.Thread(t.Context(), login, root, 10)
			if err != nil || len(b.Items) != 2 {
				t.Fatalf("the thread is %+v, %v", b, err)
			}
			for _, it := range b.Items {
				switch it.Ref.ID {
				case root.ID:
					if it.Warning != "ねたばれ" || len(it.Media) != 1 || it.Media[0].Description != "猫" || it.Same[0] != first.Origin || !strings.Contains(it.HTML, "👨‍👩‍👧‍👦") {
						t.Errorf("the root is %+v", it)
					}
				case reply.ID:
					if it.Parent.ID != root.ID {
						t.Errorf("the reply is %+v", it)
					}
				}
			}
			if found, err := n.Find(t.Context(), login, second); err != nil || found == nil {
				t.Errorf("found %+v, %v", found, err)
			}
			made, err := n.Do(t.Context(), login, &social.Deed{Verb: social.Like, Content: "🍵", Post: root})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := n.Do(t.Context(), login, &social.Deed{Verb: social.Undo, Undo: social.Like, Post: root, Made: made}); err != nil {
				t.Error(err)
			}
			for range 2 {
				if _, err := n.Delete(t.Context(), login, reply); err != nil {
					t.Fatal(err)
				}
			}
			if found, err := n.Find(t.Context(), login, second); err != nil || found != nil {
				t.Errorf("after deletion: %+v, %v", found, err)
			}
		})
	}
}

// The relay checks ids and signatures by its own code: what is ours it takes, what was changed it refuses.
func TestNostrChangedEventsAreRefused(t *testing.T) {
	relay := peers.Nostr(t, false)
	key, err := nostr.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), relay.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	make := func() *nostr.Event {
		e := &nostr.Event{Kind: 1, At: time.Now().Unix(), Content: "a\b\f\n\r\t\"\\ 縁側", Tags: [][]string{{"t", "\"\\"}}}
		if err := key.Sign(e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	for _, c := range []struct {
		name   string
		change func(*nostr.Event)
		taken  bool
	}{
		{"as it was signed", func(*nostr.Event) {}, true},
		{"another text", func(e *nostr.Event) { e.Content += "!" }, false},
		{"another time", func(e *nostr.Event) { e.At-- }, false},
		{"another tag", func(e *nostr.Event) { e.Tags[0][1] = "x" }, false},
		{"another signature", func(e *nostr.Event) { e.Sig = strings.Repeat("0", 128) }, false},
	} {
		e := make()
		c.change(e)
		_, ours := nostr.ParseEvent(mustJSON(t, e))
		if err := ws.WriteJSON([]any{"EVENT", e}); err != nil {
			t.Fatal(err)
		}
		var answer []any
		if err := ws.ReadJSON(&answer); err != nil {
			t.Fatal(err)
		}
		taken := len(answer) >= 3 && answer[0] == "OK" && answer[2] == true
		if taken != c.taken || (ours == nil) != c.taken {
			t.Errorf("%s: the relay says %v, we say %v", c.name, answer, ours)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What somebody says is heard as it happens, and caught up with after a gap.
func TestNostrLaneOnARealRelay(t *testing.T) {
	relay := peers.Nostr(t, false)
	bob, bobs, _ := linked(t, relay.URL)
	n, login, me := linked(t, relay.URL)
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), relay.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	follows := &nostr.Event{Kind: 3, At: time.Now().Unix(), Tags: [][]string{{"p", bobs.Account}}}
	if err := me.Sign(follows); err != nil {
		t.Fatal(err)
	}
	if err := ws.WriteJSON([]any{"EVENT", follows}); err != nil {
		t.Fatal(err)
	}
	var ok []any
	if err := ws.ReadJSON(&ok); err != nil || ok[2] != true {
		t.Fatalf("the list of follows: %v, %v", ok, err)
	}
	say := func(text string) social.Ref {
		t.Helper()
		sent, err := bob.Send(t.Context(), bobs, nostrPart(text))
		if err != nil {
			t.Fatal(err)
		}
		return sent.Ref
	}
	first := say("一")
	b, err := n.Read(t.Context(), login, social.LaneHome, "", 20)
	if err != nil || len(b.Items) != 1 || b.Items[0].Ref.ID != first.ID {
		t.Fatalf("read %+v, %v", b, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	heard, done := make(chan social.Item, 10), make(chan error, 1)
	go func() {
		done <- n.Hear(ctx, login, func(b *social.Batch) error {
			for _, it := range b.Items {
				heard <- it
			}
			return nil
		})
	}()
	wait := func(id string) {
		t.Helper()
		for {
			select {
			case it := <-heard:
				if it.Ref.ID == id {
					return
				}
			case <-time.After(30 * time.Second):
				t.Fatal("it is not heard")
			}
		}
	}
	wait(first.ID) // stored, within the minute before the beginning
	begun := time.Now()
	wait(say("二").ID)
	t.Logf("from sending to hearing: %v", time.Since(begun))
	stop()
	<-done
	third := say("三")
	b, err = n.Read(t.Context(), login, social.LaneHome, b.Cursor, 20)
	if err != nil || len(b.Items) == 0 || b.More {
		t.Fatalf("read %+v, %v", b, err)
	}
	found := false
	for _, it := range b.Items {
		found = found || it.Ref.ID == third.ID
	}
	if !found {
		t.Error("what was said in the gap is lost")
	}
}
