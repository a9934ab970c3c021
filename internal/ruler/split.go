package ruler

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"engawa/internal/markup"
)

// Piece is a part of a text that is never split: bytes From to To.
type Piece struct{ From, To int }

// Options say how a text is split.
type Options struct {
	Number bool   // " 1/3" behind each segment
	Lead   string // put before each segment
	Max    int    // segments at most, 0: as many as it takes; what is beyond is left out
}

// Segment is a part of a text: Text[At:At+To-From] is source[From:To].
type Segment struct {
	From, To int
	At       int
	Text     string
}

// maxTries bounds how often a segment is cut shorter because it measures more
// than its pieces.
const maxTries = 20

// Split cuts a text into segments that fit: between paragraphs, else lines, else
// sentences, else words, else anywhere between graphemes, but never within
// one of whole or within an address, mention or tag unless that alone is too
// long. White space around a cut is left out. A text that fits is one segment.
func (r *Ruler) Split(text string, whole []Piece, o Options) []Segment {
	if r.Fits(o.Lead + text) {
		return []Segment{{0, len(text), len(o.Lead), o.Lead + text}}
	}
	s := splitter{r: r, text: text, whole: r.pieces(text, whole)}
	s.lead(o.Lead)
	for digits := 1; ; digits++ {
		if o.Number {
			s.tail = 1 + digits + 1 + digits
		}
		segments, done := s.all(o.Max)
		if o.Number && len(strconv.Itoa(len(segments))) > digits && digits < 4 {
			continue
		}
		for i := range segments {
			g := &segments[i]
			g.At = len(o.Lead)
			g.Text = o.Lead + text[g.From:g.To]
			if o.Number && (done || o.Max > 1) {
				g.Text += " " + strconv.Itoa(i+1) + "/" + strconv.Itoa(len(segments))
			}
		}
		return segments
	}
}

// Cut is the beginning of a text between lead and tail, as long as fits. whole
// is as for Split. Where all of it fits, tail is added all the same.
func (r *Ruler) Cut(text string, whole []Piece, lead, tail string) Segment {
	g := Segment{To: len(text), At: len(lead)}
	if !r.Fits(lead + text + tail) {
		s := splitter{r: r, text: text, whole: r.pieces(text, whole), cut: true}
		s.lead(lead)
		s.tail, s.tailBytes = r.Measure(tail), len(tail)
		g.From, g.To, _ = s.next(0)
		for try := 0; try < maxTries && !r.Fits(lead+text[g.From:g.To]+tail); try++ {
			s.tail += 1 + r.Measure(lead+text[g.From:g.To]+tail) - r.Limit
			g.From, g.To, _ = s.next(0)
		}
	}
	g.Text = lead + text[g.From:g.To] + tail
	return g
}

// pieces are those of the caller with the addresses, mentions, tags and emoji
// that are found in the text, in order and apart.
func (r *Ruler) pieces(text string, whole []Piece) []Piece {
	all := slices.Grow(slices.Clone(whole), 8)
	for _, found := range markup.Scan(text) {
		all = append(all, Piece{found.Start, found.End})
	}
	if r.Network == "x" {
		all = append(all, Addresses(text)...)
	}
	slices.SortFunc(all, func(a, b Piece) int { return a.From - b.From })
	out := all[:0]
	for _, p := range all {
		switch n := len(out); {
		case p.To <= p.From:
		case n > 0 && p.From < out[n-1].To:
			out[n-1].To = max(out[n-1].To, p.To)
		default:
			out = append(out, p)
		}
	}
	return out
}

// splitter cuts one text.
type splitter struct {
	r               *Ruler
	text            string
	whole           []Piece
	head, headBytes int         // what the lead costs
	tail, tailBytes int         // what comes behind
	room, roomBytes int         // for what stands between
	cut             bool        // for Cut: the end of a sentence is no better than a word's
	candidates      [levels]int // last place of each level; -1: none
}

func (s *splitter) lead(lead string) {
	if lead != "" {
		s.head, s.headBytes = s.r.Measure(lead), len(lead)
	}
}

// all cuts the whole text, or its first segments; done says that nothing is left.
func (s *splitter) all(limit int) (out []Segment, done bool) {
	s.tailBytes = s.tail
	for at := 0; ; {
		from, to, more := s.checked(at)
		if from < to {
			out = append(out, Segment{From: from, To: to})
		}
		if !more {
			return out, true
		}
		if limit > 0 && len(out) == limit {
			return out, false
		}
		at = max(to, at+1)
	}
}

// checked is next, held against the ruler: what stands together may count more
// than its pieces.
func (s *splitter) checked(at int) (from, to int, more bool) {
	tail := s.tail
	defer func() { s.tail = tail }()
	for try := 0; ; try++ {
		from, to, more = s.next(at)
		if s.r.Limit == 0 || try == maxTries {
			return from, to, more
		}
		over := s.head + tail + s.r.Measure(s.text[from:to]) - s.r.Limit
		if over <= 0 {
			return from, to, more
		}
		s.tail += over + try*try/2 // faster and faster, as a cut may bring forth an address
	}
}

// next finds one segment from at on; more says that something is left.
func (s *splitter) next(at int) (from, to int, more bool) {
	const most = 1 << 40
	from = at + len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t\r\n\u3000"))
	s.room, s.roomBytes = most, most
	if s.r.Limit > 0 {
		s.room = max(s.r.Limit-s.head-s.tail, 1)
	}
	if s.r.Bytes > 0 {
		s.roomBytes = max(s.r.Bytes-s.headBytes-s.tailBytes, utf8.UTFMax)
	}
	to = s.fill(from)
	more = strings.TrimSpace(s.text[to:]) != ""
	return from, from + len(strings.TrimRight(s.text[from:to], " \t\r\n\u3000")), more
}
