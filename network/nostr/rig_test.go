package nostr_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"engawa/internal/clock"
	"engawa/network"
	"engawa/network/nostr"
	"engawa/network/nostr/fake"
	"engawa/social"
)

// rig is one key linked through relays.
type rig struct {
	t     *testing.T
	clock *clock.Fake
	relay *fake.Relay
	me    nostr.Key
	n     *nostr.Nostr
	login *social.Login
}

func newNostr(c clock.Clock) *nostr.Nostr {
	return &nostr.Nostr{Dialer: &websocket.Dialer{}, Clock: c, Timeout: 5 * time.Second, Retry: 10 * time.Millisecond}
}

func key(t *testing.T) nostr.Key {
	t.Helper()
	k, err := nostr.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newRig(t *testing.T, relays ...string) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(time.Now().Truncate(time.Second)), me: key(t)}
	r.n = newNostr(r.clock)
	if len(relays) == 0 {
		r.relay = fake.New(t)
		relays = []string{r.relay.URL}
	}
	r.login = r.link(r.me.Nsec(), relays...)
	return r
}

func (r *rig) link(typed string, relays ...string) *social.Login {
	r.t.Helper()
	step, err := r.n.Begin(r.t.Context(), network.LinkInput{Fields: map[string]string{"key": typed, "relays": strings.Join(relays, ", ")}})
	if err != nil {
		r.t.Fatal(err)
	}
	return &social.Login{Link: step.Link, Secret: step.Secret}
}

func (r *rig) part(text string) *social.Part {
	return &social.Part{Key: "k", Text: text, Audience: social.Public, CreatedAt: r.clock.Now().UnixMilli()}
}

func (r *rig) send(p *social.Part) *social.Sent {
	r.t.Helper()
	sent, err := r.n.Send(r.t.Context(), r.login, p)
	if err != nil {
		r.t.Fatalf("sending %q: %v", p.Text, err)
	}
	return sent
}

// say makes an event of somebody else.
func (r *rig) say(k nostr.Key, kind int, text string, tags ...[]string) *nostr.Event {
	r.t.Helper()
	if tags == nil {
		tags = [][]string{}
	}
	e := &nostr.Event{Kind: kind, At: r.clock.Now().Unix(), Content: text, Tags: tags}
	if err := k.Sign(e); err != nil {
		r.t.Fatal(err)
	}
	return e
}

// failure is the LinkError of err, of the class wanted, without the secret key.
func (r *rig) failure(err error, want social.LinkFailure) *social.LinkError {
	r.t.Helper()
	var e *social.LinkError
	if !errors.As(err, &e) {
		r.t.Fatalf("%v is no LinkError", err)
	}
	if e.Class != want || e.Message == "" {
		r.t.Fatalf("class %d: %v; want class %d", e.Class, e, want)
	}
	if said := e.Error() + string(e.Message) + string(e.Remedy); strings.Contains(said, r.me.Secret()) || strings.Contains(said, r.me.Nsec()) {
		r.t.Errorf("the error tells the key: %v", e)
	}
	return e
}

// tags are the tags of a name, each joined by blanks.
func tags(e *nostr.Event, name string) (all []string) {
	for _, t := range e.Tags {
		if t[0] == name {
			all = append(all, strings.Join(t[1:], " "))
		}
	}
	return all
}

// nevent is an event's address by its id alone.
func nevent(id string) string { return nostr.Nevent(id, "", "") }
