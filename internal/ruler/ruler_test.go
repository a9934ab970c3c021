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
