package ruler

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// The places where a text may be cut, best first.
const (
	paragraph = iota
	line
	sentence
	word   // spaces, commas, where hiragana ends
	letter // wherever a line may be broken (UAX #14), so no 。 begins one
	grapheme
	levels
)

// enough is which part of the room (in tenths) has to be used for a cut of that
// level to be taken.
var enough = [levels]int{4, 5, 4, 2, 0, 0}

// fill gives where the segment that begins at from ends.
func (s *splitter) fill(from int) int {
	for i := range s.candidates {
		s.candidates[i] = -1
	}
	w := walk{s: s, at: from, state: -1}
	w.whole = s.whole[sort.Search(len(s.whole), func(i int) bool { return s.whole[i].To > from }):]
	for w.at < len(s.text) {
		if !w.step() {
			return s.choose(from, w.at)
		}
	}
	return len(s.text)
}

// choose takes the best place; at is where the room ended.
func (s *splitter) choose(from, at int) int {
	for level, place := range s.candidates {
		if s.cut && level < word {
			continue
		}
		if place > from && (place-from)*10 >= (at-from)*enough[level] {
			return place
		}
	}
	// One grapheme or piece that is larger than the room: cut it, at worst by force.
	if at > from {
		return at
	}
	return s.force(from)
}

// force takes as much as fits of what should not be cut, at least a grapheme.
func (s *splitter) force(from int) int {
	rest, state, at, cost := s.text[from:], -1, from, 0
	for rest != "" {
		var g string
		g, _, _, state = uniseg.FirstGraphemeClusterInString(window(rest), state)
		if len(g) > maxCluster {
			g, state = g[:cluster(g)], -1
		}
		rest = rest[len(g):]
		cost += s.r.Measure(g)
		if at > from && (cost > s.room || at+len(g)-from > s.roomBytes) {
			break
		}
		at += len(g)
	}
	return at
}

// maxCluster bounds, in bytes, what is held together as one grapheme.
const maxCluster = 256

// window is what is looked at to find the next grapheme and what is behind it.
func window(s string) string {
	n := 4 * maxCluster
	if len(s) <= n {
		return s
	}
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func cluster(g string) int {
	n := maxCluster
	for n > 0 && !utf8.RuneStart(g[n]) {
		n--
	}
	return n
}

// walk goes through a text grapheme by grapheme, piece by piece.
type walk struct {
	s           *splitter
	whole       []Piece // those that end behind at
	at          int
	state       int
	cost, bytes int // without white space at the end
	owed, owedB int // white space at the end
	newlines    int // in a row
}

// step takes one grapheme or piece; false when that does not fit.
func (w *walk) step() bool {
	s := w.s
	for len(w.whole) > 0 && w.whole[0].To <= w.at {
		w.whole = w.whole[1:]
	}
	if len(w.whole) > 0 && w.whole[0].From <= w.at {
		return w.piece(w.whole[0].To)
	}
	g, _, bounds, state := uniseg.StepString(window(s.text[w.at:]), w.state)
	w.state = state
	if len(g) > maxCluster {
		g, w.state = g[:cluster(g)], -1
	}
	if !w.spend(g) {
		return false
	}
	w.at += len(g)
	w.mark(g, bounds)
	return true
}

func (w *walk) piece(to int) bool {
	text := w.s.text[w.at:to]
	if !w.spend(text) {
		return false
	}
	w.at, w.state, w.newlines = to, -1, 0
	if next, _ := utf8.DecodeRuneInString(w.s.text[to:]); !unicode.In(next, unicode.Pe, unicode.Pf, unicode.Po, unicode.M) {
		w.s.candidates[word] = to
	}
	return true
}

// spend takes the cost of g, if there is room.
func (w *walk) spend(g string) bool {
	s, cost := w.s, w.s.r.Measure(g)
	if isSpace(g) {
		w.owed += cost
		w.owedB += len(g)
		return true
	}
	if w.cost+w.owed+cost > s.room || w.bytes+w.owedB+len(g) > s.roomBytes {
		return false
	}
	w.cost += w.owed + cost
	w.bytes += w.owedB + len(g)
	w.owed, w.owedB = 0, 0
	return true
}

// mark notes what kind of place is behind g.
func (w *walk) mark(g string, bounds int) {
	c := &w.s.candidates
	c[grapheme] = w.at
	if g == "\n" || g == "\r\n" {
		w.newlines++
		c[line] = w.at
		if w.newlines > 1 {
			c[paragraph] = w.at
		}
		return
	}
	if !isSpace(g) {
		w.newlines = 0
	}
	if w.meetsPiece() {
		// Behind a bracket or sign that opens, the piece belongs to it.
		if r, _ := utf8.DecodeLastRuneInString(g); !unicode.In(r, unicode.Ps, unicode.Pi) {
			c[word] = w.at
			if bounds&uniseg.MaskSentence != 0 {
				c[sentence] = w.at
			}
		}
		return
	}
	breaks := bounds&uniseg.MaskLine != uniseg.LineDontBreak
	if bounds&uniseg.MaskSentence != 0 && breaks {
		c[sentence] = w.at
	}
	if breaks {
		c[letter] = w.at
		if w.wordEnds(g) {
			c[word] = w.at
		}
	}
}

// meetsPiece tells whether a piece begins here.
func (w *walk) meetsPiece() bool { return len(w.whole) > 0 && w.whole[0].From == w.at }

func (w *walk) wordEnds(g string) bool {
	last, _ := utf8.DecodeLastRuneInString(g)
	if isSpace(g) || strings.ContainsRune("、，・…—", last) || unicode.IsPunct(last) {
		return true
	}
	next, _ := utf8.DecodeRuneInString(w.s.text[w.at:])
	if unicode.Is(unicode.Hiragana, last) {
		return !unicode.Is(unicode.Hiragana, next)
	}
	// Between Latin and the rest a line may be broken and a word ends.
	return last < 0x250 != (next < 0x250)
}

func isSpace(g string) bool {
	switch g {
	case " ", "\n", "\r\n", "\r", "\t", "\u3000":
		return true
	}
	return false
}
