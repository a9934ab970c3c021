package nostr

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/btcsuite/btcd/btcec/v2"

	"engawa/internal/locale"
	"engawa/network"
)

// bunker is a remote signer (NIP-46) as this client knows it.
type bunker struct {
	Remote string   `json:"remote"` // its public key
	Relays []string `json:"relays"`
	Token  string   `json:"token,omitempty"` // the secret of the bunker address, for connect
	Client string   `json:"client"`          // our secret key towards it, hexadecimal
}

// permissions are what it is asked to sign.
const permissions = "sign_event:1,sign_event:3,sign_event:5,sign_event:6,sign_event:7,sign_event:16,sign_event:22242"

// parseBunker reads bunker://<key>?relay=…&secret=… and makes our key towards it.
func parseBunker(typed string) (*bunker, error) {
	bad := network.Fix(locale.W("link.fail.bunker_address"), locale.W("link.do.bunker_address"))
	u, err := url.Parse(typed)
	if err != nil || !isHex32(u.Host) {
		return nil, bad
	}
	b := &bunker{Remote: u.Host, Token: u.Query().Get("secret"), Relays: cleanRelays(u.Query()["relay"])}
	if len(b.Relays) == 0 || len(b.Token) > 256 {
		return nil, bad
	}
	key, err := btcec.NewPrivateKey()
	if err != nil {
		return nil, err
	}
	b.Client = hex.EncodeToString(key.Serialize())
	return b, nil
}

// remoteSigner signs by a bunker.
type remoteSigner struct {
	n       *Nostr
	b       *bunker
	account string
}

func (r *remoteSigner) sign(ctx context.Context, e *Event) error {
	if e.Tags == nil {
		e.Tags = [][]string{}
	}
	e.PubKey = r.account
	hash := e.hash()
	draft, err := json.Marshal(map[string]any{"kind": e.Kind, "content": e.Content, "tags": e.Tags, "created_at": e.At, "pubkey": e.PubKey})
	if err != nil {
		return err
	}
	answer, err := r.n.bunkerCall(ctx, r.b, "sign_event", string(draft))
	if err != nil {
		return err
	}
	signed, err := ParseEvent([]byte(answer))
	if err != nil || signed.ID != hex.EncodeToString(hash[:]) {
		return away(locale.W("link.fail.bunker_other"), err)
	}
	*e = *signed
	return nil
}

// bunkerAnswer is the decrypted answer to a request.
type bunkerAnswer struct {
	ID     string `json:"id"`
	Result string `json:"result"`
	Error  string `json:"error"`
}

// bunkerCall asks the bunker through the first of its relays that works.
func (n *Nostr) bunkerCall(ctx context.Context, b *bunker, method string, params ...string) (string, error) {
	key, ok := parseKey(b.Client)
	if !ok || !isHex32(b.Remote) {
		return "", reconnect(locale.W("link.fail.kept"), nil)
	}
	shared, err := conversation(key, b.Remote)
	if err != nil {
		return "", reconnect(locale.W("link.fail.kept"), err)
	}
	last := errors.New("it names no relay")
	for _, relay := range b.Relays {
		answer, err := n.bunkerTry(ctx, relay, b, key, shared, method, params)
		if err == nil {
			return bunkerResult(answer)
		}
		last = err
	}
	return "", away(locale.W("link.fail.bunker_away"), last)
}

func bunkerResult(a *bunkerAnswer) (string, error) {
	switch {
	case a.Result == "auth_url":
		return "", network.Reconnect(locale.W("link.fail.bunker_allow"), locale.W("link.do.bunker_open", "url", short(a.Error)), nil)
	case a.Error != "":
		return "", network.Reconnect(network.Said(locale.W("link.fail.bunker_refused"), short(a.Error)), locale.W("link.do.bunker"), nil)
	}
	return a.Result, nil
}

// bunkerTry subscribes to the answers, asks, and waits.
func (n *Nostr) bunkerTry(ctx context.Context, relay string, b *bunker, key *btcec.PrivateKey, shared []byte, method string, params []string) (*bunkerAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, n.timeout())
	defer cancel()
	c, err := n.dial(ctx, relay)
	if err != nil {
		return nil, err
	}
	defer c.close()
	id := make([]byte, 16)
	rand.Read(id)
	request, err := json.Marshal(map[string]any{"id": hex.EncodeToString(id), "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	content, err := encrypt(shared, string(request))
	if err != nil {
		return nil, err
	}
	now := n.Clock.Now().Unix()
	e := &Event{Kind: kindBunker, At: now, Tags: [][]string{{"p", b.Remote}}, Content: content}
	if err := e.sign(key); err != nil {
		return nil, err
	}
	answers := filter{Kinds: []int{kindBunker}, Authors: []string{b.Remote}, P: []string{publicOf(key)}, Since: now - 60}
	if _, err := c.request([]filter{answers}); err != nil {
		return nil, err
	}
	if err := c.write("EVENT", e); err != nil {
		return nil, err
	}
	for {
		m, err := c.read(n.timeout())
		if err != nil {
			return nil, err
		}
		switch {
		case m.kind == "OK" && m.id == e.ID && !m.ok, m.kind == "CLOSED":
			return nil, &said{relay, m.text}
		case m.kind == "EVENT":
			if a := openAnswer(shared, m.event, &answers); a != nil && strings.EqualFold(a.ID, hex.EncodeToString(id)) {
				return a, nil
			}
		}
	}
}

func openAnswer(shared []byte, raw []byte, want *filter) *bunkerAnswer {
	e, err := ParseEvent(raw)
	if err != nil || !want.matches(e) {
		return nil
	}
	plain, err := decrypt(shared, e.Content)
	if err != nil {
		return nil
	}
	var a bunkerAnswer
	if json.Unmarshal([]byte(plain), &a) != nil {
		return nil
	}
	return &a
}
