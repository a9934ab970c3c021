package nostr

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's in Link.Network.
const Name = "nostr"

// Nostr is the network. Dialer and Clock are needed.
type Nostr struct {
	Dialer  *websocket.Dialer // through the safe client
	Clock   clock.Clock
	Relays  []string      // for who names none
	Gateway string        // base of the pages that show events, "https://njump.me"
	Timeout time.Duration // of one exchange with one relay, 15 s
	Retry   time.Duration // before a lost relay is heard again, 5 s, doubled up to 64 times

	mu       sync.Mutex
	lists    bounded[string, relayLists] // by account
	follows  bounded[string, followList]
	profiles bounded[string, cachedProfile]
	verified bounded[[32]byte, string] // signatures by id
}

var (
	_ network.Linker       = (*Nostr)(nil)
	_ network.Poster       = (*Nostr)(nil)
	_ network.Doer         = (*Nostr)(nil)
	_ network.LaneReader   = (*Nostr)(nil)
	_ network.LaneListener = (*Nostr)(nil)
)

// Fields are what a person types.
func Fields() []network.Field {
	return []network.Field{
		{Name: "key", Label: "link.nostr.key", Secret: true, Needed: true}, // nsec1…, hex, bunker://…; npub1… to read only
		{Name: "relays", Label: "link.nostr.relays"},
	}
}

// secret is Login.Secret, opened: a key, a bunker, or neither for reading only.
type secret struct {
	Key    string  `json:"key,omitempty"` // hexadecimal
	Bunker *bunker `json:"bunker,omitempty"`
}

func readSecret(raw []byte) (*secret, error) {
	var s secret
	if len(raw) == 0 {
		return &s, nil
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, reconnect(locale.W("link.fail.kept"), nil)
	}
	return &s, nil
}

func (n *Nostr) gateway() string {
	if n.Gateway != "" {
		return n.Gateway
	}
	return "https://njump.me"
}

func (n *Nostr) timeout() time.Duration {
	if n.Timeout > 0 {
		return n.Timeout
	}
	return 15 * time.Second
}

func (n *Nostr) retry() time.Duration {
	if n.Retry > 0 {
		return n.Retry
	}
	return 5 * time.Second
}

// maxRelays is how many relays are used for one account and purpose.
const maxRelays = 8

// parseRelays reads a list of relays as typed: by spaces or commas, ws or wss.
func parseRelays(typed string) ([]string, error) {
	var relays []string
	for _, s := range strings.FieldsFunc(typed, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' }) {
		relay, ok := cleanRelay(s)
		if !ok {
			return nil, network.Fix(locale.W("link.fail.relay_address", "typed", short(s)), locale.W("link.do.relay_address"))
		}
		relays = addRelay(relays, relay)
	}
	return relays, nil
}

// cleanRelay is the normal form of a relay's address.
func cleanRelay(s string) (string, bool) {
	if len(s) > 255 {
		return "", false
	}
	if !strings.Contains(s, "://") {
		s = "wss://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return "", false
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if u.Scheme != "ws" && u.Scheme != "wss" {
		return "", false
	}
	return strings.TrimSuffix(u.String(), "/"), true
}

// cleanRelays are those of a list that are addresses of relays.
func cleanRelays(list []string) (relays []string) {
	for _, s := range list {
		if relay, ok := cleanRelay(s); ok {
			relays = addRelay(relays, relay)
		}
	}
	return relays
}

// addRelay appends what is not in the list, up to maxRelays.
func addRelay(relays []string, relay string) []string {
	for _, r := range relays {
		if r == relay {
			return relays
		}
	}
	if len(relays) >= maxRelays {
		return relays
	}
	return append(relays, relay)
}

// ref names an event of ours or another's.
func (n *Nostr) ref(e *Event, relay string) social.Ref {
	r := n.refOf(e.ID, e.PubKey, relay)
	if e.Kind != kindNote {
		r.CID = kindMark(e.Kind)
	}
	return r
}

func (n *Nostr) refOf(id, author, relay string) social.Ref {
	return social.Ref{ID: id, URI: "nostr:" + encode32("note", id), URL: n.gateway() + "/" + Nevent(id, author, relay), Author: author, Relay: relay}
}
