package relay_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"engawa/internal/clock"
	"engawa/internal/testca"
	x "engawa/network/x/fake"
	"engawa/test/binary"
)

// moved is a home that took ttRelay's configuration over, and hana who had it.
// Nothing but the program runs: its PATH is empty.
func moved(t *testing.T) (home *binary.Home, hana *client, fake *x.X, me *x.User) {
	t.Helper()
	fake = x.New(t, clock.System)
	fake.Base = "https://api.x.com"
	me = fake.Join("hana")
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	files, err := ca.Write(t.TempDir(), "roots", "unused.test")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := ca.Leaf("api.x.com")
	if err != nil {
		t.Fatal(err)
	}
	home = binary.New(t, "ENGAWA_DOMAIN=home.test", "ENGAWA_URL=http://home.test", "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8", "ENGAWA_EXTRA_ROOTS="+files.CA,
		"ENGAWA_HOSTS=api.x.com="+newGate(t, fake.URL, &leaf).addr, "PATH=")
	hana = user(t, home, "home.test", "hana") // before it runs at all
	config, err := json.Marshal(map[string]string{"target_acct": "hana", "instance_domain": "home.test", "mastodon_access_token": "unused",
		"consumer_key": fake.App.ConsumerKey, "consumer_secret": fake.App.ConsumerSecret,
		"access_token_key": me.Token, "access_token_secret": me.TokenSecret, "tag": "ttr", "redis_prefix": "ttr_"})
	file := filepath.Join(t.TempDir(), "default.json")
	if err == nil {
		err = os.WriteFile(file, config, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if said := home.Run("import", "ttrelay", file); !strings.Contains(said, "posts with #ttr go to x") {
		t.Fatalf("the import says %s", said)
	}
	home.Start()
	var rules struct{ TOML string }
	hana.call("GET", "/api/engawa/v1/rules", nil, &rules)
	hana.rules(rules.TOML + "\nlimit.hold = \"0s\"\n") // the rule of the import is the last
	return home, hana, fake, me
}

// texts are what stands on X.
func texts(fake *x.X, me *x.User) (out []string) {
	for _, p := range fake.Posts(me) {
		out = append(out, p.Text)
	}
	return out
}

// Row 1: ttRelay listened to a stream with a token of its own. Here the post
// itself is what sets the relay going, of its writer alone, from whatever app.
func TestTtRelayRow01Source(t *testing.T) {
	home, hana, fake, me := moved(t)
	kuro := user(t, home, "home.test", "kuro")
	other := kuro.post("その人の投稿 #ttr", "")
	sent := hana.post("わたしの投稿 #ttr", "")
	hana.rests(1, func(m *made) bool { return m.has("sent", "わたしの投稿") }, sent.ID)
	if got := texts(fake, me); len(got) != 1 || got[0] != "わたしの投稿" {
		t.Errorf("on X stand %q", got)
	}
	if got := kuro.copies(other.ID); len(got) != 0 {
		t.Errorf("kuro has linked nothing, and yet: %+v", got)
	}
}

// Row 18: ttRelay needed Node, Redis and Docker, which started it again when it
// ended. Here is one program with one folder, and it goes on where it was.
func TestTtRelayRow18OneProgram(t *testing.T) {
	home, hana, fake, me := moved(t)
	var want []string
	parent := ""
	for n := range 3 {
		text := fmt.Sprintf("%d 日目の縁側", n)
		sent := hana.post(text+" #ttr", parent)
		hana.rests(1, func(m *made) bool { return m.has("sent", text) }, sent.ID)
		want, parent = append(want, text), sent.ID
		if n == 1 {
			home.Kill()
		} else {
			home.Stop()
		}
		home.Start()
	}
	posts := fake.Posts(me)
	if len(posts) != 3 || posts[1].ReplyTo != posts[0].ID || posts[2].ReplyTo != posts[1].ID || strings.Join(texts(fake, me), "|") != strings.Join(want, "|") {
		t.Errorf("on X stand %+v", posts)
	}
	hana.call("DELETE", "/api/v1/statuses/"+parent, nil, nil)
	hana.rests(1, deleted, parent)
	if got := texts(fake, me); len(got) != 2 {
		t.Errorf("after the delete: %q", got)
	}
}
