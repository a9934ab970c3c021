package ruler

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// What a character weighs.
const (
	light = 1
	heavy = 2
)

// weightX is the weighted length of a text as twitter-text 3.1.0 counts it
// (configuration version 3), and whether it has no character that X refuses.
// url is what an address counts.
func weightX(text string, url int) (length int, clean bool) {
	if n, plain := plainX(text); plain {
		return n, true
	}
	text = composed(text)
	var urls []found
	if strings.IndexByte(text, '.') >= 0 {
		urls = addresses(text)
	}
	return weigh(text, urls, url)
}

func addresses(text string) []found {
	f := finder{t: make([]uint16, 0, len(text))}
	for _, r := range text {
		f.t = utf16.AppendRune(f.t, r)
	}
	f.find()
	return f.out
}

// Addresses are what X makes links of, as bytes of text, in order. A text that
// is not in NFC is composed first by X: give it composed.
func Addresses(text string) []Piece {
	if strings.IndexByte(text, '.') < 0 {
		return nil
	}
	var out []Piece
	i, at := 0, 0
	for _, u := range addresses(text) {
		if u.start < at {
			continue
		}
		from, _ := skipUnits(text, i, u.start-at)
		i, _ = skipUnits(text, from, u.length)
		at = u.start + u.length
		out = append(out, Piece{from, i})
	}
	return out
}

// Composed is the text in NFC, as X takes it.
func Composed(text string) string { return composed(text) }

// plainX counts ASCII without a dot, the bulk of short pieces.
func plainX(text string) (int, bool) {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c >= utf8.RuneSelf || c == '.' {
			return 0, false
		}
	}
	return len(text), true
}

// weigh adds up a composed text whose addresses are known. Positions of these
// are in UTF-16 units.
func weigh(text string, urls []found, url int) (length int, clean bool) {
	clean = true
	at := 0 // in UTF-16 units
	for i := 0; i < len(text); {
		if len(urls) > 0 && at >= urls[0].start {
			u := urls[0]
			urls = urls[1:]
			if at > u.start {
				continue // it began within another
			}
			var half bool
			if i, half = skipUnits(text, i, u.length); half {
				length += heavy
				at++
			}
			length += url
			at += u.length
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if n := emojiLen(text[i:], r); n > 0 {
			at += units(text[i : i+n])
			i += n
			length += heavy
			continue
		}
		if r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
			clean = false
		}
		length += weightOf(r)
		at += unitsOf(r)
		i += size
	}
	return length, clean
}

func weightOf(r rune) int {
	if r <= 0x10FF || 0x2000 <= r && r <= 0x200D || 0x2010 <= r && r <= 0x201F || 0x2032 <= r && r <= 0x2037 {
		return light
	}
	return heavy
}

// skipUnits goes n UTF-16 units on from text[i]; half tells that this ended
// within a character, whose other half is skipped too.
func skipUnits(text string, i, n int) (next int, half bool) {
	for n > 0 && i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		n -= unitsOf(r)
	}
	return i, n < 0
}

func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

func units(s string) (n int) {
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}
