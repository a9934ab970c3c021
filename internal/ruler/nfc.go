package ruler

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxNonStarters is how many combining marks package norm takes in a row
// before it adds a joiner (UAX #15, stream-safe text), which X does not.
const maxNonStarters = 30

// composed is the text in NFC.
func composed(text string) string {
	if norm.NFC.IsNormalString(text) {
		return text
	}
	if !hasLongMarks(text) {
		return norm.NFC.String(text)
	}
	return composeLong(text)
}

func hasLongMarks(text string) bool {
	run := 0
	for i := range text {
		if text[i] < utf8.RuneSelf || norm.NFD.PropertiesString(text[i:]).CCC() == 0 {
			run = 0
		} else if run++; run >= maxNonStarters/3 { // a mark may become three
			return true
		}
	}
	return false
}

// mark is a character with its combining class.
type mark struct {
	r   rune
	ccc uint8
}

// composeLong is NFC by the definition (UAX #15, D117): decompose, order the
// marks, compose with the last starter what is not blocked from it.
func composeLong(text string) string {
	var all []mark
	for i, r := range text {
		if d := norm.NFD.PropertiesString(text[i:]).Decomposition(); len(d) > 0 {
			for _, part := range string(d) {
				all = appendMark(all, part)
			}
			continue
		}
		if s, l, v, t := hangul(r); s {
			all = append(all, mark{l, 0}, mark{v, 0})
			if t > 0 {
				all = append(all, mark{t, 0})
			}
			continue
		}
		all = appendMark(all, r)
	}
	for i := 0; i < len(all); i++ {
		from := i
		for i < len(all) && all[i].ccc > 0 {
			i++
		}
		slices.SortStableFunc(all[from:i], func(a, b mark) int { return int(a.ccc) - int(b.ccc) })
	}
	return composeMarks(all)
}

func appendMark(all []mark, r rune) []mark {
	return append(all, mark{r, norm.NFD.PropertiesString(string(r)).CCC()})
}

func hangul(r rune) (is bool, l, v, t rune) {
	const first, last, vowels, tails = 0xAC00, 0xD7A3, 21, 28
	if r < first || r > last {
		return false, 0, 0, 0
	}
	n := r - first
	if l, v = 0x1100+n/(vowels*tails), 0x1161+n%(vowels*tails)/tails; n%tails > 0 {
		t = 0x11A7 + n%tails
	}
	return true, l, v, t
}

func composeMarks(all []mark) string {
	out := make([]rune, 0, len(all))
	starter, last := -1, uint8(0)
	for _, m := range all {
		if starter >= 0 && (starter == len(out)-1 || last < m.ccc && last != 0) {
			if r := pair(out[starter], m.r); r != 0 {
				out[starter] = r
				continue
			}
		}
		if m.ccc == 0 {
			starter = len(out)
		}
		last = m.ccc
		out = append(out, m.r)
	}
	return string(out)
}

// pair is what two characters compose to, or 0.
func pair(a, b rune) rune {
	s := norm.NFC.String(string(a) + string(b))
	if r, size := utf8.DecodeRuneInString(s); size == len(s) {
		return r
	}
	return 0
}
