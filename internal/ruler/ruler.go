// Package ruler knows how long a text is in the eyes of each network, and how
// to split or cut it so that it fits. Everything here is pure, runs in time
// linear in the text, and fails on no input.
package ruler

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"engawa/internal/markup"
)

// Bounds are the limits of one account. Zero means the network's own.
type Bounds struct {
	Characters int // in the network's own measure
	Bytes      int // in UTF-8, where the network has such a limit
	URL        int // what any address counts, where the network has such a rule
}

// Ruler measures texts as one network does.
type Ruler struct {
	Network string
	Limit   int // at most; 0: no limit
	Bytes   int // at most, in UTF-8; 0: no limit
	URL     int // what an address counts; 0: what it is long

	measure func(r *Ruler, text string) int
}

// networks are the rulers with the limits of a network that announces none.
// What is not here has no limit and is counted in characters.
var networks = [...]Ruler{
	{"x", 280, 0, 23, (*Ruler).x},
	{"bluesky", 300, 3000, 0, (*Ruler).graphemes},
	{"mastodon", 500, 0, 23, (*Ruler).mastodon},
	{"misskey", 3000, 0, 0, (*Ruler).characters},
	{"nostr", 0, 0, 0, (*Ruler).characters},
	{"threads", 500, 0, 0, (*Ruler).threads},
	{"discord", 2000, 0, 0, (*Ruler).discord},
	{"slack", 4000, 0, 0, (*Ruler).utf16},
	{"webhook", 0, 0, 0, (*Ruler).characters},
	{"mail", 0, 0, 0, (*Ruler).characters},
}

// For is the ruler of a network for an account with the bounds b.
func For(network string, b Bounds) Ruler {
	r := Ruler{Network: network, measure: (*Ruler).characters}
	for i := range networks {
		if networks[i].Network == network {
			r = networks[i]
			break
		}
	}
	if b.Characters > 0 {
		r.Limit = b.Characters
	}
	if b.Bytes > 0 {
		r.Bytes = b.Bytes
	}
	if b.URL > 0 && r.URL > 0 {
		r.URL = b.URL
	}
	return r
}

// Measure is how long the network says a text is.
func (r *Ruler) Measure(text string) int { return r.measure(r, text) }

// Fits tells whether a text is within the limits.
func (r *Ruler) Fits(text string) bool {
	return (r.Bytes == 0 || len(text) <= r.Bytes) && (r.Limit == 0 || r.Measure(text) <= r.Limit)
}

// Valid tells whether the network would take a text, as far as its length and
// its characters go: X takes none that is empty, none with U+FEFF, U+FFFE or
// U+FFFF.
func (r *Ruler) Valid(text string) bool {
	if r.Network != "x" {
		return r.Fits(text)
	}
	length, clean := weightX(text, r.URL)
	return clean && length > 0 && length <= r.Limit
}

func (r *Ruler) x(text string) int {
	n, _ := weightX(text, r.URL)
	return n
}

// mastodon counts graphemes, addresses as URL, of a mention of somebody
// elsewhere @user (Mastodon's StatusLengthValidator).
func (r *Ruler) mastodon(text string) int {
	n := markup.Length(text)
	if r.URL == 23 || len(text) > markup.MaxSource {
		return n
	}
	for _, s := range markup.Scan(text) {
		if s.Kind == markup.SpanURL {
			n += r.URL - 23
		}
	}
	return n
}

func (r *Ruler) graphemes(text string) int { return Graphemes(text) }

// Graphemes is how many grapheme clusters (UAX #29) a text has.
func Graphemes(text string) int {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf || text[i] == '\r' {
			return uniseg.GraphemeClusterCount(text)
		}
	}
	return len(text)
}

// characters are code points: what the JSON schema of Misskey's API counts.
func (r *Ruler) characters(text string) int { return utf8.RuneCountInString(text) }

// utf16 is at least what services count that do not say how.
func (r *Ruler) utf16(text string) int { return units(text) }

// discord counts what has to be escaped so that it is not read as Markdown
// twice, as it is sent.
func (r *Ruler) discord(text string) int {
	n, start := units(text), true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if strings.IndexByte("\\*_~`|<[]", c) >= 0 || start && strings.IndexByte("#>-+", c) >= 0 {
			n++
		}
		start = c == '\n' || start && c == ' '
	}
	return n
}

// threads counts characters, but an emoji as its bytes in UTF-8.
func (r *Ruler) threads(text string) int {
	n, state := 0, -1
	for text != "" {
		if text[0] < utf8.RuneSelf && (len(text) == 1 || text[1] < utf8.RuneSelf) {
			n++
			text, state = text[1:], -1
			continue
		}
		var g string
		g, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		if looksEmoji(g) {
			n += len(g)
		} else {
			n += utf8.RuneCountInString(g)
		}
	}
	return n
}

// looksEmoji takes a symbol too many rather than one too few.
func looksEmoji(g string) bool {
	if strings.Contains(g, picture) || strings.Contains(g, keycap) {
		return true
	}
	for _, r := range g {
		switch {
		case 0x1F000 <= r && r <= 0x1FAFF, 0x2600 <= r && r <= 0x27BF, 0x2B00 <= r && r <= 0x2BFF, 0x2300 <= r && r <= 0x23FF:
			return true
		}
	}
	return false
}
