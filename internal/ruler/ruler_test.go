package ruler

import (
	"strings"
	"testing"
)

// The lengths that npm twitter-text 3.1.0 gave (facts/relay.md 3.1).
func TestXReference(t *testing.T) {
	r := For("x", Bounds{})
	for text, want := range map[string]int{
		"": 0, "hello": 5, "こんにちは": 10, "ﾊﾛｰ": 6, "👨‍👩‍👧‍👦": 2, "🇯🇵": 2, "1️⃣": 2, "❤": 2, "👍🏽": 2, "🏴󠁧󠁢󠁥󠁮󠁧󠁿": 2,
		"e\u0301": 1, "か\u3099": 2, "…": 2, "—": 1, "€": 2, "©": 1, "™": 2, "‼": 2, "ttr.example.jp": 23,
		"https://example.com.": 24, "https://example.com/a(b)": 23, "https://日本.jp/a": 23, "https://ja.wikipedia.org/wiki/日本 x": 29,
		"user@example.com": 16, "http://localhost/a": 18, "example.invalidtld": 18, "https://example.invalidtld/a": 28,
		strings.Repeat("あ", 140): 280, strings.Repeat("あ", 141): 282,
	} {
		if got := r.Measure(text); got != want {
			t.Errorf("%q is %d long, want %d", text, got, want)
		}
	}
	for text, want := range map[string]bool{"": false, "\uFEFFa": false, "a": true, strings.Repeat("あ", 140): true, strings.Repeat("あ", 141): false} {
		if got := r.Valid(text); got != want {
			t.Errorf("%q is valid: %v, want %v", text, got, want)
		}
	}
}

func TestOtherRulers(t *testing.T) {
	for _, tt := range []struct {
		network, text string
		want          int
	}{
		{"bluesky", "👨‍👩‍👧‍👦e\u0301か\u3099", 3},
		{"bluesky", "a\r\nb", 3},
		{"mastodon", "https://example.com/a/long/path/that/counts/the/same @bob@example.org", 23 + 1 + 4},
		{"mastodon", "👨‍👩‍👧‍👦縁側", 3},
		{"misskey", "👨‍👩‍👧‍👦縁側", 9},
		{"nostr", "縁側", 2},
		{"threads", "縁側😀👨‍👩‍👧‍👦", 2 + 4 + 25},
		{"threads", "abc é", 5},
		{"discord", "縁側😀", 4},
		{"discord", "# a_b*c #", 9 + 3},
		{"slack", "縁側😀", 4},
		{"unheard of", "縁側", 2},
	} {
		r := For(tt.network, Bounds{})
		if got := r.Measure(tt.text); got != tt.want {
			t.Errorf("%s: %q is %d long, want %d", tt.network, tt.text, got, tt.want)
		}
	}
	if r := For("mastodon", Bounds{Characters: 1000, URL: 10}); r.Limit != 1000 || r.Measure("a https://example.com/ b") != 14 {
		t.Errorf("%+v measures %d", r, r.Measure("a https://example.com/ b"))
	}
	if r := For("nostr", Bounds{}); !r.Fits(strings.Repeat("a", 1_000_000)) {
		t.Error("nostr has a limit")
	}
}

func TestAddresses(t *testing.T) {
	text := "見てexample.comと😀https://日本.jp/a。a.jp日本.com/path user@example.com"
	var got []string
	for _, p := range Addresses(text) {
		got = append(got, text[p.From:p.To])
	}
	if want := "example.com|https://日本.jp/a|a.jp日本.co"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want) // the third is as long as twitter-text says, which is not what it is
	}
}
