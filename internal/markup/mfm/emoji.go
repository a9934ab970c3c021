package mfm

import (
	_ "embed" // for the list of emoji
	"sort"
	"strings"
	"sync"
	"unicode/utf8"
)

// emojiList holds the emoji sequences of Unicode 16 as Twemoji knows them, one
// a line, sorted by bytes. "~" stands for any skin tone, "^" for a second skin
// tone that differs from the first; a final "!" says that the sequence is no
// emoji when U+FE0E follows. testdata/README says how it was made.
//
//go:embed emoji.txt
var emojiList string

var emojiLines = sync.OnceValue(func() []string {
	return strings.Split(strings.TrimSuffix(emojiList, "\n"), "\n")
})

const (
	firstTone, lastTone = 0x1F3FB, 0x1F3FF
	textStyle           = "\uFE0E"
)

// mayBeEmoji looks at the first bytes only.
func mayBeEmoji(s string) bool {
	if len(s) < 3 {
		return false
	}
	switch c := s[0]; {
	case c == 0xE3: // of the kana and their signs only 〰 〽 ㊗ ㊙
		third := s[2]
		return (third == 0xB0 || third == 0xBD) && s[1] == 0x80 || (third == 0x97 || third == 0x99) && s[1] == 0x8A
	case c < 0x80: // a keycap
		return (s[1] == 0xE2 || s[1] == 0xEF) && (c >= '0' && c <= '9' || c == '#' || c == '*')
	default:
		return c == 0xF0 || c == 0xE2 || c == 0xC2 || c == 0xEE
	}
}

// EmojiLen measures the longest emoji at the start of s, in bytes; 0 if s does
// not begin with one.
func EmojiLen(s string) int {
	if s == "" || !mayBeEmoji(s) {
		return 0
	}
	lines := emojiLines()
	best, depth := 0, 0
	var tone rune
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError || r == '~' || r == '^' || r == '!' {
			break
		}
		mark := s[i:end]
		if r >= firstTone && r <= lastTone {
			mark = "~"
		}
		next := narrow(lines, depth, mark)
		if len(next) == 0 && mark == "~" && r != tone {
			mark = "^"
			next = narrow(lines, depth, mark)
		}
		if len(next) == 0 {
			break
		}
		if mark == "~" && tone == 0 {
			tone = r
		}
		lines, depth = next, depth+len(mark)
		if rest := lines[0][depth:]; rest == "" || rest == "!" && !strings.HasPrefix(s[end:], textStyle) {
			best = end
		}
	}
	return best
}

// narrow keeps the lines that have mark at depth; all agree before it.
func narrow(lines []string, depth int, mark string) []string {
	lo := sort.Search(len(lines), func(i int) bool { return lines[i][depth:] >= mark })
	lines = lines[lo:]
	hi := sort.Search(len(lines), func(i int) bool { return !strings.HasPrefix(lines[i][depth:], mark) })
	return lines[:hi]
}
