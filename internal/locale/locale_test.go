package locale

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCataloguesAreComplete(t *testing.T) {
	all := catalogues()
	for _, l := range All() {
		for key, m := range all[l] {
			for _, other := range All() {
				if _, ok := all[other][key]; !ok {
					t.Errorf("%s.json lacks %q, which %s.json has", other, key, l)
				} else if a, b := Placeholders(l, key), Placeholders(other, key); !slices.Equal(a, b) {
					t.Errorf("%s: placeholders %v in %s, %v in %s", key, a, l, b, other)
				}
			}
			checkForms(t, l, key, m)
		}
	}
	if n := len(all[English]); n < 200 {
		t.Errorf("only %d texts were read", n)
	}
}

// checkForms sees that a text has the plural forms of its language, and no
// placeholder in one that the other lacks.
func checkForms(t *testing.T, l Lang, key string, m message) {
	t.Helper()
	counts := slices.Contains(Placeholders(l, key), "count")
	if l == Japanese && m.one != nil {
		t.Errorf("ja %s: Japanese has no form one", key)
	}
	if l == English && counts && m.one == nil {
		t.Errorf("en %s counts and has no form one", key)
	}
	for _, p := range m.one {
		if p.name != "" && !slices.Contains(Placeholders(l, key), p.name) {
			t.Errorf("%s %s: {%s} stands only in the form one", l, key, p.name)
		}
	}
}

// JSON lets a key stand twice, and the last one wins in silence.
func TestNoKeyTwice(t *testing.T) {
	for _, l := range All() {
		raw, err := files.ReadFile(string(l) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		dec := json.NewDecoder(bytes.NewReader(raw))
		if _, err := dec.Token(); err != nil {
			t.Fatal(err)
		}
		for dec.More() {
			key, err := dec.Token()
			if err != nil {
				t.Fatal(err)
			}
			if name := key.(string); seen[name] {
				t.Errorf("%s.json has %q twice", l, name)
			} else {
				seen[name] = true
			}
			var skipped json.RawMessage
			if err := dec.Decode(&skipped); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The voice of ui.md: no exclamation marks, no "oops".
func TestVoice(t *testing.T) {
	for _, l := range All() {
		for key, m := range catalogues()[l] {
			for _, p := range slices.Concat(m.one, m.other) {
				if strings.ContainsAny(p.text, "!！") || strings.Contains(strings.ToLower(p.text), "oops") {
					t.Errorf("%s %s shouts: %q", l, key, p.text)
				}
			}
		}
	}
}

func TestT(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{English, "post.boosts", []any{"count", 1}, "1 boost"},
		{English, "post.boosts", []any{"count", int64(0)}, "0 boosts"},
		{English, "post.boosts", []any{"count", 12345}, "12,345 boosts"},
		{Japanese, "post.boosts", []any{"count", 1}, "ブースト 1"},
		{English, "post.title", []any{"name", "Ume"}, "A post by Ume"},
		{Japanese, "post.title", []any{"name", "梅"}, "梅さんの投稿"},
		{English, "post.title", nil, "A post by {name}"},
		{English, "post.title", []any{"name"}, "A post by {name}"},
		{English, "post.title", []any{"name", time.Second}, "A post by 1s"},
		{English, "front.rules", nil, "House rules"},
		{"fr", "front.rules", nil, "House rules"},
		{"", "front.rules", nil, "House rules"},
		{English, "no.such.key", nil, "no.such.key"},
		{English, "post.title", []any{"name", "{text}"}, "A post by {text}"},
	} {
		if got := T(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		query, setting, accept string
		fallback, want         Lang
	}{
		{"", "", "", English, English},
		{"", "", "", Japanese, Japanese},
		{"", "", "", "fr", English},
		{"ja", "en", "en", English, Japanese},
		{"xx", "ja-JP", "en", English, Japanese},
		{"", "", "fr, ja;q=0.5, en;q=0.4", English, Japanese},
		{"", "", "en;q=0.4,ja;q=0.5", English, Japanese},
		{"", "", "en-GB,en;q=0.9,ja;q=0.8", Japanese, English},
		{"", "", "ja;q=0, en;q=0", Japanese, Japanese},
		{"", "", "ja;q=0", English, English},
		{"", "", "ja;q=7, en;q=0.1", Japanese, English},
		{"", "", "ja;q=NaN, en;q=0.1", Japanese, English},
		{"", "", "*", Japanese, Japanese},
		{"", "", ";;,,;q=,=", Japanese, Japanese},
		{"", "", strings.Repeat("x,", 600) + "en", Japanese, Japanese},
		{"JA_jp", "", "", English, Japanese},
	} {
		if got := Choose(c.query, c.setting, c.accept, c.fallback); got != c.want {
			t.Errorf("Choose(%q, %q, %q, %s) = %s, want %s", c.query, c.setting, c.accept, c.fallback, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		n                     int64
		whole, short, manWari string
	}{
		{0, "0", "0", "0"},
		{-1234567, "-1,234,567", "-1,234,567", "-1,234,567"},
		{-100, "-100", "-100", "-100"},
		{999, "999", "999", "999"},
		{1000, "1,000", "1K", "1,000"},
		{1999, "1,999", "1.9K", "1,999"},
		{12_345, "12,345", "12K", "1.2万"},
		{3_456_789, "3,456,789", "3.4M", "345万"},
		{1_234_567_890, "1,234,567,890", "1.2B", "12億"},
	} {
		if got := Number(English, c.n); got != c.whole {
			t.Errorf("Number(%d) = %s, want %s", c.n, got, c.whole)
		}
		if got := Compact(English, c.n); got != c.short {
			t.Errorf("Compact(en, %d) = %s, want %s", c.n, got, c.short)
		}
		if got := Compact(Japanese, c.n); got != c.manWari {
			t.Errorf("Compact(ja, %d) = %s, want %s", c.n, got, c.manWari)
		}
	}
	for _, c := range []struct {
		part, whole int64
		want        string
	}{{1, 3, "33%"}, {2, 3, "67%"}, {0, 0, "0%"}, {5, 0, "0%"}, {-1, 4, "0%"}, {4, 4, "100%"}} {
		if got := Percent(English, c.part, c.whole); got != c.want {
			t.Errorf("Percent(%d, %d) = %s, want %s", c.part, c.whole, got, c.want)
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 3, 14, 5, 0, 0, time.FixedZone("JST", 9*3600))
	for _, c := range []struct{ got, want string }{
		{Date(English, at), "3 Nov 2026"},
		{Date(Japanese, at), "2026年11月3日"},
		{DateTime(English, at), "3 Nov 2026, 14:05 JST"},
		{DateTime(Japanese, at), "2026年11月3日 14:05 JST"},
		{DateTime(English, at.In(time.FixedZone("+0530", 19800))), "3 Nov 2026, 10:35 UTC+5:30"},
		{DateTime(English, at.In(time.FixedZone("-03", -10800))), "3 Nov 2026, 02:05 UTC-3"},
		{DateTime(English, at.In(time.FixedZone("", 0))), "3 Nov 2026, 05:05 UTC"},
		{Relative(English, at.Add(-3*time.Second), at), "just now"},
		{Relative(English, at.Add(-time.Minute), at), "1 minute ago"},
		{Relative(Japanese, at.Add(-90*time.Minute), at), "1時間前"},
		{Relative(English, at.Add(49*time.Hour), at), "in 2 days"},
		{Relative(Japanese, at.Add(20*time.Second), at), "20秒後"},
		{Relative(English, at.Add(-31*24*time.Hour), at), "3 Oct 2026"},
		{Duration(English, 61*time.Second), "2 minutes"},
		{Duration(English, time.Hour), "1 hour"},
		{Duration(Japanese, 0), "1秒"},
		{Duration(Japanese, 36*time.Hour), "2日"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestParseCatalogueRefuses(t *testing.T) {
	for _, bad := range []string{
		`[]`, `{"a": 1}`, `{"a": ""}`, `{"a": "{"}`, `{"a": "{}"}`, `{"a": "{b c}"}`,
		`{"a": {"one": "x"}}`, `{"a": {"few": "x", "other": "y"}}`, `{"a": {"other": " "}}`,
	} {
		if _, err := parseCatalogue([]byte(bad)); err == nil {
			t.Errorf("%s was taken for a catalogue", bad)
		}
	}
}

func FuzzChoose(f *testing.F) {
	f.Add("ja", "en-GB", "fr, ja;q=0.5, en;q=0.4")
	f.Add("", "", "*;q=1;q=0,,")
	f.Fuzz(func(t *testing.T, query, setting, accept string) {
		if l := Choose(query, setting, accept, Japanese); l != English && l != Japanese {
			t.Errorf("Choose gave %q", l)
		}
	})
}

func BenchmarkT(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		T(Japanese, "post.boosts", "count", 12345)
	}
}
