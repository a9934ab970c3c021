package relay_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/testca"
	misskey "engawa/network/misskey/fake"
	"engawa/network/nostr"
	x "engawa/network/x/fake"
	"engawa/test/binary"
	"engawa/test/peers"
)

// world is a home, hana who lives there, and her five accounts elsewhere, each
// behind a gate.
type world struct {
	tb   testing.TB
	home *binary.Home
	hana *client

	sky    *peers.BlueskyNetwork
	alice  *peers.BlueskyPerson
	relay  *peers.NostrRelay
	key    nostr.Key
	miss   *misskey.Server
	missMe *misskey.User
	token  string // of missMe
	x      *x.X
	xMe    *x.User
	far    *binary.Home // the other Engawa
	there  *client      // hana's account there

	gates map[string]*gate
}

// newWorld starts everything, the home with settings of its own, and links the
// accounts, each by its network's name.
func newWorld(t *testing.T, settings ...string) *world {
	t.Helper()
	w := &world{tb: t, gates: map[string]*gate{}}
	w.sky = peers.Bluesky(t)
	w.alice = w.sky.Person("alice")
	w.relay = peers.Nostr(t, false)
	w.miss = misskey.New(clock.System.Now)
	t.Cleanup(w.miss.Close)
	w.missMe = w.miss.AddUser("hana", "")
	w.token = w.miss.Token(w.missMe)
	w.x = x.New(t, clock.System)
	w.x.Base, w.x.PostLimit, w.x.Delay = "https://api.x.com", 10_000, 2*time.Second
	w.xMe = w.x.Join("hana")
	w.far = binary.New(t, "ENGAWA_DOMAIN=far.test", "ENGAWA_URL=http://far.test", "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_LOG=warn")
	w.far.Start()
	w.there = user(t, w.far, "far.test", "hana")
	w.begin(t, settings)
	w.hana.link("bluesky", "bluesky", w.sky.PDS, map[string]string{"handle": w.alice.Handle, "password": w.alice.AppPassword})
	key, err := nostr.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	w.key = key
	w.hana.link("nostr", "nostr", "", map[string]string{"key": key.Nsec(), "relays": "ws://nostr.test"})
	w.hana.link("misskey", "misskey", "http://misskey.test", map[string]string{"token": w.token})
	w.hana.link("mastodon", "mastodon", "http://far.test", map[string]string{"token": w.there.token})
	w.hana.link("x", "x", "", map[string]string{"consumerKey": w.x.App.ConsumerKey, "consumerSecret": w.x.App.ConsumerSecret,
		"token": w.xMe.Token, "tokenSecret": w.xMe.TokenSecret})
	return w
}

// begin sets up the gates and starts the home behind them.
func (w *world) begin(t *testing.T, settings []string) {
	t.Helper()
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := ca.Write(t.TempDir(), "roots", "unused.test")
	if err != nil {
		t.Fatal(err)
	}
	var hosts []string
	for name, target := range map[string]string{"bluesky localhost": w.sky.PDS, "nostr nostr.test": strings.Replace(w.relay.URL, "ws", "http", 1),
		"misskey misskey.test": w.miss.URL, "mastodon far.test": "http://" + w.far.Addr} {
		network, host, _ := strings.Cut(name, " ")
		w.gates[network] = newGate(t, target, nil)
		hosts = append(hosts, host+"="+w.gates[network].addr)
	}
	for name, target := range map[string]string{"x api.x.com": w.x.URL, "plc plc.directory": w.sky.PLC} {
		network, host, _ := strings.Cut(name, " ")
		leaf, err := ca.Leaf(host)
		if err != nil {
			t.Fatal(err)
		}
		w.gates[network] = newGate(t, target, &leaf)
		hosts = append(hosts, host+"="+w.gates[network].addr)
	}
	w.home = binary.New(t, append(settings, "ENGAWA_DOMAIN=home.test", "ENGAWA_URL=http://home.test", "ENGAWA_ALLOW_HTTP=true", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8",
		"ENGAWA_EXTRA_ROOTS="+files.CA, "ENGAWA_HOSTS="+strings.Join(hosts, ","), "ENGAWA_LOG=info")...)
	w.home.Start()
	w.hana = user(t, w.home, "home.test", "hana")
}

// seen is a post as a network shows it.
type seen struct {
	ID, Parent string
	Text       string
	Alts       []string
	Raw        any // in the network's own form
}

// asks are the networks, each asked by its own API what stands there of the account.
var asks = map[string]func(w *world) []seen{"bluesky": (*world).onBluesky, "nostr": (*world).onNostr, "misskey": (*world).onMisskey,
	"x": (*world).onX, "mastodon": (*world).onMastodon}

// record is a post's record on Bluesky.
type record struct {
	Text   string
	Langs  []string
	Facets []struct {
		Index    struct{ ByteStart, ByteEnd int }
		Features []struct {
			Type string `json:"$type"`
			URI  string
			Tag  string
		}
	}
	Reply *struct{ Root, Parent struct{ URI string } }
	Embed struct{ Images []struct{ Alt string } }
}

func (w *world) onBluesky() (out []seen) {
	for cursor := ""; ; {
		var page struct {
			Cursor  string
			Records []struct {
				URI   string
				Value record
			}
		}
		w.sky.Call(w.alice, http.MethodGet, "com.atproto.repo.listRecords?limit=100&reverse=true&collection=app.bsky.feed.post&repo="+w.alice.DID+"&cursor="+cursor, nil, &page)
		for _, r := range page.Records {
			s := seen{ID: r.URI, Text: r.Value.Text, Raw: r.Value}
			if r.Value.Reply != nil {
				s.Parent = r.Value.Reply.Parent.URI
			}
			for _, p := range r.Value.Embed.Images {
				s.Alts = append(s.Alts, p.Alt)
			}
			out = append(out, s)
		}
		if cursor = page.Cursor; cursor == "" || len(page.Records) == 0 {
			return out
		}
	}
}

func (w *world) onX() (out []seen) {
	for _, p := range w.x.Posts(w.xMe) {
		s := seen{ID: p.ID, Parent: p.ReplyTo, Text: p.Text, Raw: p}
		for _, f := range p.Media {
			s.Alts = append(s.Alts, f.Alt)
		}
		out = append(out, s)
	}
	return out
}
