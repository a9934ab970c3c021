package relay

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"engawa/internal/locale"
	"engawa/social"
)

func mustParse(t testing.TB, text string) *Book {
	t.Helper()
	b, problems := Parse(text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

func TestThreeLinesSuffice(t *testing.T) {
	b := mustParse(t, "[[rule]]\nwhen.tag_any = [\"ttr\"]\nto = [\"x\"]\n")
	want := NewRule()
	want.Name, want.To, want.Line = "ttr", []string{"x"}, 1
	want.When.TagAny = []string{"ttr"}
	if d := cmp.Diff([]Rule{want}, b.Rules); d != "" {
		t.Error(d)
	}
}

const wholeRule = `# what I say in Japanese goes to Misskey
[[rule]]
name = "all"
on = false
from = "home"
to = ["misskey", "x main"]
when.tag_any = ["#Ttr", "日本"]
when.tag_all = ["a"]
when.tag_none = "nox"
when.visibility = ["public", "unlisted"]
when.kind = ["original", "poll"]
when.media = "only"
when.lang = ["ja", "pt-BR"]
when.text = ["猫", "/^おは/", "/cat/i"]
when.cw = "without"
when.client = ["toot"]

[rule.as]
strip_trigger = false
long = "cut_link"
number = "1/3"
cw = "prefix"
template = "{text}\n{link}"

[rule.keep]
edit = "redo_within:10m"
delete = false
thread = false
feedback = "off"

[rule.limit]
hold = "1m30s"
per_day = 17
gap = "5m"
quiet_hours = "23:00-07:00 Asia/Tokyo"
budget_month = 5
ask_over = 0.25
confirm = "when_lossy"
`

func TestWholeRule(t *testing.T) {
	b := mustParse(t, wholeRule)
	r := b.Rules[0]
	if r.Line != 2 || r.On || r.When.TagAny[0] != "Ttr" || r.When.Lang[1] != "pt-br" || r.As.StripTrigger || r.As.Long != "cut_link" {
		t.Errorf("%+v", r)
	}
	if d := cmp.Diff(Keep{Edit: EditRedo, Within: 10 * time.Minute}, r.Keep); d != "" {
		t.Error(d)
	}
	want := Limit{Hold: 90 * time.Second, PerDay: 17, Gap: 5 * time.Minute, Quiet: Quiet{23 * 60, 7 * 60, "Asia/Tokyo"}, Budget: 5_000_000, AskOver: 250_000, Confirm: ConfirmLossy}
	if d := cmp.Diff(want, r.Limit); d != "" {
		t.Error(d)
	}
}

// TestWrittenFormsMeanTheSame reads back what was written, as TOML and as JSON.
func TestWrittenFormsMeanTheSame(t *testing.T) {
	for _, text := range []string{wholeRule, "[[rule]]\nto = \"none\"\n[[rule]]\nto=[\"b\"]\nlimit.hold = 0\n", ""} {
		b := mustParse(t, text)
		checkSame(t, b)
		if again := mustParse(t, b.TOML()).TOML(); again != b.TOML() {
			t.Errorf("the form is not stable:\n%s\n%s", b.TOML(), again)
		}
	}
}

func checkSame(t *testing.T, b *Book) {
	t.Helper()
	ignore := cmp.Options{cmpopts.IgnoreFields(Rule{}, "Line"), cmpopts.EquateEmpty()}
	fromTOML, problems := Parse(b.TOML())
	if d := cmp.Diff(b.Rules, fromTOML.Rules, ignore); d != "" || len(problems) > 0 {
		t.Errorf("TOML:\n%s\n%v %s", b.TOML(), problems, d)
	}
	raw, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, problems := ParseJSON(raw)
	if d := cmp.Diff(b.Rules, fromJSON.Rules, ignore); d != "" || len(problems) > 0 {
		t.Errorf("JSON %s: %v %s", raw, problems, d)
	}
}

func TestParseErrors(t *testing.T) {
	head := "[[rule]]\nto = [\"x\"]\n"
	tests := []struct{ name, text, want string }{
		{"syntax", "[[rule]]\nto = [x]\n", `line 2: this is not TOML: `},
		{"top key", "[rules]\nto = 1\n", `line 1, rules: this key is not known; did you mean rule?`},
		{"top key far", "hello = 1\n", `line 1, hello: this key is not known; rules begin with [[rule]]`},
		{"rule is a table", "[rule]\nto = \"x\"\n", `line 1, rule: here stands a table; write each rule as a table that begins with [[rule]]`},
		{"unknown key near", head + "when.tags_any = [\"a\"]\n", `line 3, rule '#1', when.tags_any: this key is not known; did you mean when.tag_any?`},
		{"unknown key", head + "colour = 1\n", `line 3, rule '#1', colour: this key is not known; known here are name, on, from, when, to, as, keep, limit`},
		{"unknown table key", head + "[rule.limit]\nhould_be_else = 1\n", `line 4, rule '#1', limit.hould_be_else: this key is not known; known here are limit.hold,`},
		{"no to", "[[rule]]\nname = \"a\"\n", `line 1, rule 'a', to: it says nowhere where to send; add a linked account, such as to = ["x"]`},
		{"empty to", "[[rule]]\nto = []\n", `line 2, rule '#1', to: it says nowhere`},
		{"none and others", "[[rule]]\nto = [\"x\", \"none\"]\n", `line 2, rule '#1', to: "none" stands beside accounts`},
		{"type list", head + "when.tag_any = [1]\n", `line 3, rule '#1', when.tag_any: here stands a number; write a list of texts such as ["ttr"]`},
		{"type bool", head + "on = \"yes\"\n", `line 3, rule '#1', on: here stands text; write true or false`},
		{"type table", head + "when = \"a\"\n", `line 3, rule '#1', when: here stands text; write a table with keys of its own`},
		{"type date", head + "name = 2026-01-01\n", `here stands a date or time; write text in quotes`},
		{"choice", head + "as.long = \"tread\"\n", `line 3, rule '#1', as.long: "tread" is not known here; write one of "thread", "cut_link", "link_only", "skip"`},
		{"kind", head + "when.kind = \"post\"\n", `"post" is not known here; write one of "original", "self_reply"`},
		{"hold too long", head + "limit.hold = \"11m\"\n", `line 3, rule '#1', limit.hold: 11m is out of bounds; from 0s to 10m is possible`},
		{"hold negative", head + "limit.hold = \"-1s\"\n", `-1s is out of bounds`},
		{"hold number", head + "limit.hold = 20\n", `20 is no time; write a number with its unit`},
		{"hold word", head + "limit.hold = \"soon\"\n", `"soon" is no time`},
		{"days overflow", head + "limit.gap = \"9d\"\n", `216h is out of bounds; from 0s to 168h`},
		{"redo", head + "keep.edit = \"redo_within:never\"\n", `"never" is no time`},
		{"redo bare", head + "keep.edit = \"redo_within\"\n", `write one of "auto", "replace", "correct_reply", "ignore", "redo_within:10m"`},
		{"regexp", head + "when.text = [\"/(/\"]\n", `line 3, rule '#1', when.text: "/(/" is no regular expression: missing closing )`},
		{"regexp too big", head + "when.text = [\"/(a|bc){1,500}/\"]\n", `"/(a|bc){1,500}/" is too costly`},
		{"too many regexps", head + "when.text = [" + strings.Repeat("\"/a/\", ", 51) + "]\n", `line 1, rule 'rule', when.text: more than 50 regular expressions`},
		{"language", head + "when.lang = \"japanese\"\n", `"japanese" is no language; write a code such as "ja"`},
		{"quiet", head + "limit.quiet_hours = \"25:00-07:00\"\n", `"25:00-07:00" are no hours`},
		{"quiet same", head + "limit.quiet_hours = \"07:00-07:00\"\n", `are no hours`},
		{"zone", head + "limit.quiet_hours = \"23:00-07:00 Tokyo\"\n", `"Tokyo" is no time zone`},
		{"money", head + "limit.budget_month = -1\n", `-1 is out of bounds`},
		{"money nan", head + "limit.budget_month = nan\n", `NaN is out of bounds`},
		{"number", head + "limit.per_day = 10001\n", `10,001 is out of bounds; from 0 to 10,000 is possible`},
		{"template", head + "as.template = \"{text} {lnk}\"\n", `line 3, rule '#1', as.template: "{lnk" is none of the places {text}, {link}, {cw}`},
		{"template open", head + "as.template = \"{text\"\n", `is none of the places`},
		{"template without text", head + "as.template = \"{cw} hello\"\n", `neither the text nor a link`},
		{"empty list", head + "when.visibility = []\n", `line 3, rule '#1', when.visibility: this is empty`},
		{"empty tag", head + "when.tag_any = [\"#\"]\n", `when.tag_any: this is empty`},
		{"control", head + "name = \"a\\u0001\"\n", `control characters`},
		{"long", head + "name = \"" + strings.Repeat("a", 501) + "\"\n", `501 bytes are too many for one text; at most 500`},
		{"twice", head + "name = \"A\"\n" + head + "name = \"a\"\n", `line 4, rule 'a', name: another rule is called "a" too`},
		{"too many rules", strings.Repeat("[[rule]]\nto=\"x\"\n", 101), `101 entries are too many; at most 100`},
		{"size", strings.Repeat("#", 256<<10+1), `the rules have 262,145 bytes; at most 262,144 are taken`},
		{"inline", "rule = [{to = [\"x\"], when = {tag_any = 1}}]\n", `line 1, rule '#1', when.tag_any: here stands a number`},
		{"second rule", head + "\n[[rule]]\nto = \"y\"\n[rule.when]\n\nmedia = 1\n", `line 8, rule '#2', when.media: here stands a number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse(tt.text)
			if err := problems.Err(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got  %v\nwant %s", err, tt.want)
			}
			for i := range problems {
				checkSaid(t, &problems[i])
			}
		})
	}
}

// checkSaid wants a problem in words in both languages, without open places.
func checkSaid(t *testing.T, p *Problem) {
	t.Helper()
	for _, lang := range locale.All() {
		if s := p.Say(lang); strings.Contains(s, "relay.") || strings.Contains(p.text, " ") || !locale.Has(p.text) {
			t.Errorf("%s: %q", lang, s)
		}
		for _, name := range locale.Placeholders(lang, p.text) {
			if strings.Contains(p.Say(lang), "{"+name+"}") {
				t.Errorf("%s: no value for {%s} in %q", lang, name, p.Say(lang))
			}
		}
	}
}

func TestParseJSONErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{`[]`, "not the JSON of rules"},
		{`{"rule": []} x`, "not the JSON of rules"},
		{`{"rule": [{"to": ["x"], "limit": {"per_day": 1.5}}]}`, "rule '#1', limit.per_day: here stands a number; write a whole number"},
		{`{"rule": [{"to": null}]}`, "here stands nothing"},
		{`{"rule": [3]}`, "here stands a number; write each rule as a table"},
		{`{"rule": [{"to": "x", "limit": {"budget_month": 1e999}}]}`, "out of bounds"},
	}
	for _, tt := range tests {
		_, problems := ParseJSON([]byte(tt.text))
		if err := problems.Err(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.text, err, tt.want)
		}
	}
}

func TestQuietUntil(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	night := Quiet{From: 23 * 60, To: 7 * 60}
	tests := []struct {
		q        Quiet
		at, want string
	}{
		{night, "2026-11-23T22:59:00+09:00", "2026-11-23T22:59:00+09:00"},
		{night, "2026-11-23T23:00:00+09:00", "2026-11-24T07:00:00+09:00"},
		{night, "2026-11-24T06:59:59+09:00", "2026-11-24T07:00:00+09:00"},
		{night, "2026-11-24T07:00:00+09:00", "2026-11-24T07:00:00+09:00"},
		{Quiet{From: 540, To: 600}, "2026-11-24T09:30:00+09:00", "2026-11-24T10:00:00+09:00"},
		{Quiet{From: 540, To: 600, Zone: "UTC"}, "2026-11-24T18:30:00+09:00", "2026-11-24T19:00:00+09:00"},
		{Quiet{}, "2026-11-24T00:00:00+09:00", "2026-11-24T00:00:00+09:00"},
	}
	for _, tt := range tests {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := tt.q.Until(at.In(tokyo)).In(tokyo).Format(time.RFC3339); got != tt.want {
			t.Errorf("%+v at %s: %s, want %s", tt.q, tt.at, got, tt.want)
		}
	}
}

// FuzzParse: no text makes the reader panic, its problems can be said, and what
// it takes is written and read back as the same.
func FuzzParse(f *testing.F) {
	f.Add(wholeRule)
	f.Add("[[rule]]\nto = \"x\"\n[rule.when]\ntag_any=['a']\n")
	f.Add("rule = [{to = [\"x\"], when = {tag_any = 1}}]\n")
	f.Add("[[rule.when]]\n[[rule]]\n")
	f.Add("[rule.0]\n\"a\\u0000\" = 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, problems := Parse(text)
		for i := range problems {
			checkSaid(t, &problems[i])
		}
		if len(problems) > 0 {
			return
		}
		checkSame(t, b)
		c := Compile(b, []social.Link{{ID: 1, User: 1, Name: "x", Network: "x", Can: social.AblePost}})
		c.Decide(Facts{Post: &social.Post{Home: 1, Actor: 1, Tags: []string{"a"}, Content: "<p>" + text + "</p>"}})
	})
}
