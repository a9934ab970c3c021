package relay

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"engawa/internal/locale"
	"engawa/social"
)

const ttConfig = `{
  "target_acct": "fono", "instance_domain": "ma.example.jp", "mastodon_access_token": "mast-tok",
  "consumer_key": "ck", "consumer_secret": "cs", "access_token_key": "12345-at", "access_token_secret": "ats",
  "tag": "ttr", "redis_prefix": "p_", "port": 6379
}`

// TestTtRelayImport: what becomes of a configuration here.
func TestTtRelayImport(t *testing.T) {
	got, problems := ParseTtRelay(TtRelayInput{Config: []byte(ttConfig), Hosts: []string{"home.example"}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got.Account != "fono" || got.Instance != "ma.example.jp" || got.Here || len(got.Links) != 2 {
		t.Fatalf("%+v", got)
	}
	x, m := got.Links[0], got.Links[1]
	if x.Network != "x" || x.Name != "x" || x.Account != "12345" || !x.Can.Has(social.AblePost|social.AbleDelete) || x.Can.Has(social.AbleEdit) {
		t.Errorf("%+v", x.Link)
	}
	if string(x.Secret) != `{"consumerKey":"ck","consumerSecret":"cs","token":"12345-at","tokenSecret":"ats"}` {
		t.Errorf("%s", x.Secret)
	}
	if m.Network != "mastodon" || m.Base != "https://ma.example.jp" || m.Handle != "fono@ma.example.jp" || string(m.Secret) != `{"token":"mast-tok"}` || m.Can.Has(social.AblePost) {
		t.Errorf("%+v %s", m.Link, m.Secret)
	}
	book := Book{Rules: []Rule{got.Rule}}
	if book.TOML() != "[[rule]]\nname = \"ttr\"\nwhen.tag_any = [\"ttr\"]\nto = [\"x\"]\n" {
		t.Errorf("%s", book.TOML())
	}
	links := []social.Link{x.Link, m.Link}
	if p := Check(&book, links); len(p) > 0 {
		t.Error(p)
	}
	var told strings.Builder
	for _, c := range got.Changes {
		for _, lang := range locale.All() {
			if s := c.Say(lang); strings.ContainsAny(s, "{}") || strings.HasPrefix(s, "relay.") {
				t.Error(s)
			}
		}
		told.WriteString(c.Say(locale.English) + "\n")
	}
	for _, want := range []string{"posts are taken from here: what you write on ma.example.jp", "only public posts", "content warning", "four a tweet", "replies to other people are never sent"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("%q is not told", want)
		}
	}
}

// TestTtRelayImportHere: the account lives on this server; the second file wins.
func TestTtRelayImportHere(t *testing.T) {
	got, problems := ParseTtRelay(TtRelayInput{
		Config: []byte(ttConfig), Top: []byte(`{"tag": "#Tweet", "instance_domain": "https://Home.example/", "mastodon_access_token": ""}`), Hosts: []string{"home.example"},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if !got.Here || len(got.Links) != 1 || got.Rule.Name != "Tweet" || got.Rule.When.TagAny[0] != "Tweet" {
		t.Errorf("%+v", got)
	}
}

func TestTtRelayImportRefused(t *testing.T) {
	with := func(key string, value any) []byte {
		fields := map[string]any{}
		if err := json.Unmarshal([]byte(ttConfig), &fields); err != nil {
			t.Fatal(err)
		}
		fields[key] = value
		raw, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	const missing = ": this is missing or empty; it may stand in a second file such as config/production.json: give that with --top"
	tests := []struct {
		config []byte
		want   string
	}{
		{with("consumer_key", ""), "consumer_key" + missing},
		{with("consumer_secret", " "), "consumer_secret" + missing},
		{with("access_token_key", ""), "access_token_key" + missing},
		{with("access_token_secret", ""), "access_token_secret" + missing},
		{with("target_acct", ""), "target_acct" + missing},
		{with("instance_domain", ""), "instance_domain" + missing},
		{with("mastodon_access_token", ""), "mastodon_access_token" + missing},
		{with("tag", ""), "tag" + missing},
		{with("tag", "t t"), `tag: "t t" can stand in no post as a hashtag`},
		{with("tag", 5), "tag: here stands a number; write text in quotes"},
		{with("consumer_key", nil), "consumer_key: here stands nothing; write text in quotes"},
		{with("consumer_key", "my secret"), "consumer_key: this has spaces or other signs that no key has"},
		{with("instance_domain", "ma example"), `instance_domain: "ma example" is no server's name`},
		{with("target_acct", "fono@ma.example.jp"), `target_acct: "fono@ma.example.jp" has a domain`},
		{with("tag", strings.Repeat("a", 1001)), "tag: 1,001 bytes are too many"},
		{[]byte(`[1]`), "default.json: this is not a JSON object"},
		{[]byte(`null`), "default.json: this is not a JSON object"},
		{[]byte(``), "default.json: this is not a JSON object"},
		{[]byte(ttConfig + "x"), "default.json: this is not a JSON object"},
		{[]byte(strings.Repeat(" ", maxTtConfig+1)), "default.json: the file has more than 65,536 bytes"},
	}
	for _, tt := range tests {
		got, problems := ParseTtRelay(TtRelayInput{Config: tt.config})
		if got != nil || problems.Err() == nil || !strings.Contains(problems.Error(), tt.want) {
			t.Errorf("got %v, want %s", problems, tt.want)
		}
		if s := fmt.Sprint(problems); strings.Contains(s, "my secret") || strings.Contains(s, "ats") {
			t.Errorf("a secret is shown: %s", s)
		}
		for i := range problems {
			checkSaid(t, &problems[i])
		}
	}
	_, problems := ParseTtRelay(TtRelayInput{Config: []byte(ttConfig), Top: []byte("no")})
	if problems.Err() == nil || !strings.HasPrefix(problems.Error(), "top: ") {
		t.Error(problems)
	}
}

// rdbString writes a text as Redis does.
func rdbString(s string) string {
	if len(s) < 64 {
		return string(rune(len(s))) + s
	}
	return string([]byte{0x40 | byte(len(s)>>8), byte(len(s))}) + s
}

// TestTtRelayImportMap: ttRelay's memory becomes Copies.
func TestTtRelayImportMap(t *testing.T) {
	const head = "REDIS0011\xfa\x09redis-ver\x057.2.4\xfa\x0aredis-bits\xc0\x40\xfe\x00\xfb\x03\x03"
	key := func(id string) string { return rdbString("p_TwitterClient_" + id) }
	// "p_TwitterClient_" and fourteen ones: a literal run, then a reference back by one.
	packed := "\xc3" + string(rune(len("\x10p_TwitterClient_1\xe0\x04\x00"))) + "\x1e" + "\x10p_TwitterClient_1\xe0\x04\x00"
	tests := []struct {
		name, raw string
		want      []OldCopy
		bad       string
	}{
		{"nothing", "", nil, ""},
		{"lines", `{"key":"p_TwitterClient_20","value":"1500"}` + "\n\n" + `{"key":"p_TwitterClient_9","value":"1400"}` + "\n" + `{"key":"other","value":"x"}`, []OldCopy{{"9", "1400"}, {"20", "1500"}}, ""},
		{"object", "{\n\"p_TwitterClient_1\": \"2\"}", []OldCopy{{"1", "2"}}, ""},
		{"other prefix", `{"q_TwitterClient_1": "2"}`, nil, ""},
		{"no ids", `{"p_TwitterClient_x": "2"}`, nil, `"p_TwitterClient_x" with the value "2" is no pair`},
		{"no JSON", "{\"key\":\"p_TwitterClient_20\",\"value\":\"1500\"}\nhello", nil, "line 2 is no JSON"},
		{"dump", head + "\xfc12345678\x00" + key("111") + rdbString("1700000000000000001") + "\xfd1234\x00" + key("112") + "\xc2\x10\x27\x00\x00" + "\xff12345678", []OldCopy{{"111", "1700000000000000001"}, {"112", "10000"}}, ""},
		{"dump packed", head + "\x00" + packed + rdbString("5") + "\xff12345678", []OldCopy{{strings.Repeat("1", 14), "5"}}, ""},
		{"dump cut", head + "\x00" + key("111"), nil, "cannot be read: it ends in the middle"},
		{"dump with a list", head + "\x01" + key("111"), nil, "holds more than texts"},
		{"dump with a wild length", head + "\x00\x81\xff\xff\xff\xff\xff\xff\xff\xff", nil, "it ends in the middle"},
		{"dump with a bomb", head + "\x00\xc3\x01\x81\x00\x00\x00\xff\xff\xff\xff\xff\x00", nil, "none that Redis writes"},
		{"head alone", "REDIS", nil, "it ends in the middle"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, bad := ParseTtRelayMap([]byte(tt.raw), "p_")
			if tt.bad != "" {
				if bad == nil || !strings.Contains(bad.Say(locale.English), tt.bad) {
					t.Errorf("got %v, want %s", bad, tt.bad)
				}
				return
			}
			if bad != nil {
				t.Fatal(bad.Say(locale.English))
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// FuzzTtRelayMap: no dump makes the reader panic or take more than it was given.
func FuzzTtRelayMap(f *testing.F) {
	f.Add([]byte("REDIS0011\xfe\x00\x00\x03abc\x01d\xff"))
	f.Add([]byte("REDIS0011\x00\xc3\x04\x05\x00a\xe0\x00\x00\x01d\xff"))
	f.Add([]byte(`{"TwitterClient_1": "2"}`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		_, _ = ParseTtRelayMap(raw, "")
	})
}
