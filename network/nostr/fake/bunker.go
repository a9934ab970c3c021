package fake

import (
	"context"
	"encoding/json"
	"net/url"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"engawa/network/nostr"
)

// Bunker is a remote signer (NIP-46) that holds one key and listens on one relay.
type Bunker struct {
	User  nostr.Key // whom it signs for
	Token string    // the secret of its address, good for one client

	own    nostr.Key
	relay  string
	mu     sync.Mutex
	client string // who may ask
	refuse string
	forge  bool
	signed int
}

// NewBunker makes a signer for user; start it with Run.
func NewBunker(tb testing.TB, user nostr.Key, relay string) *Bunker {
	tb.Helper()
	own, err := nostr.NewKey()
	if err != nil {
		tb.Fatal(err)
	}
	return &Bunker{User: user, Token: "token-of-the-bunker", own: own, relay: relay}
}

// Address is what a person copies from it.
func (b *Bunker) Address() string {
	return "bunker://" + b.own.Public() + "?" + url.Values{"relay": {b.relay}, "secret": {b.Token}}.Encode()
}

// Refuse lets it answer everything with an error, "" with results again.
func (b *Bunker) Refuse(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refuse = text
}

// Forge lets it sign other texts than it is given.
func (b *Bunker) Forge(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forge = on
}

// Signed is how many events it signed.
func (b *Bunker) Signed() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.signed
}

// Run listens on the relay until ctx ends; ready is closed when it hears.
func (b *Bunker) Run(ctx context.Context, ready chan<- struct{}) error {
	ws, resp, err := websocket.DefaultDialer.DialContext(ctx, b.relay, nil)
	if err != nil {
		return err
	}
	resp.Body.Close()
	defer ws.Close()
	defer context.AfterFunc(ctx, func() { ws.Close() })()
	if err := ws.WriteJSON([]any{"REQ", "b", map[string]any{"kinds": []int{24133}, "#p": []string{b.own.Public()}}}); err != nil {
		return err
	}
	for {
		_, data, err := ws.ReadMessage()
		if err != nil {
			return ctx.Err()
		}
		var parts []json.RawMessage
		var verb string
		if json.Unmarshal(data, &parts) != nil || len(parts) < 2 || json.Unmarshal(parts[0], &verb) != nil {
			continue
		}
		if verb == "EOSE" {
			close(ready)
		}
		if verb != "EVENT" || len(parts) < 3 {
			continue
		}
		if answer := b.answer(parts[2]); answer != nil {
			if err := ws.WriteJSON([]any{"EVENT", answer}); err != nil {
				return err
			}
		}
	}
}

// answer opens a request and seals what comes of it.
func (b *Bunker) answer(raw []byte) *nostr.Event {
	e, err := nostr.ParseEvent(raw)
	if err != nil {
		return nil
	}
	plain, err := b.own.Unseal(e.PubKey, e.Content)
	var request struct {
		ID     string
		Method string
		Params []string
	}
	if err != nil || json.Unmarshal([]byte(plain), &request) != nil {
		return nil
	}
	b.mu.Lock()
	result, refusal := b.do(e.PubKey, request.Method, request.Params)
	b.mu.Unlock()
	answer, err := json.Marshal(map[string]string{"id": request.ID, "result": result, "error": refusal})
	if err != nil {
		return nil
	}
	sealed, err := b.own.Seal(e.PubKey, string(answer))
	if err != nil {
		return nil
	}
	out := &nostr.Event{Kind: 24133, At: e.At, Tags: [][]string{{"p", e.PubKey}}, Content: sealed}
	if b.own.Sign(out) != nil {
		return nil
	}
	return out
}

func (b *Bunker) do(client, method string, params []string) (result, refusal string) {
	if b.refuse != "" {
		return "", b.refuse
	}
	if method == "connect" {
		if len(params) < 2 || params[0] != b.own.Public() || params[1] != b.Token || b.client != "" {
			return "", "invalid secret"
		}
		b.client = client
		return "ack", ""
	}
	if client != b.client {
		return "", "unauthorized"
	}
	switch method {
	case "get_public_key":
		return b.User.Public(), ""
	case "sign_event":
		var e nostr.Event
		if len(params) != 1 || json.Unmarshal([]byte(params[0]), &e) != nil {
			return "", "no event"
		}
		if b.forge {
			e.Content += " and more"
		}
		if b.User.Sign(&e) != nil {
			return "", "cannot sign"
		}
		b.signed++
		signed, err := json.Marshal(&e)
		if err != nil {
			return "", "cannot sign"
		}
		return string(signed), ""
	}
	return "", "unknown method"
}
