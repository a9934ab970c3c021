package relay

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"engawa/internal/ruler"
	"engawa/social"
)

// sign is a piece of a flow that means more: bytes from to to.
type sign struct {
	from, to int
	kind     social.SpanKind
	target   string          // URL, or the tag without #; of a mention the network's account id
	label    bool            // a link whose text is not its address
	who      *social.Mention // of a mention
}

// flow is a text on its way from HTML to Parts: with signs, in order and apart.
type flow struct {
	text  string
	signs []sign
}

// flowWriter writes a flow. After dropped it joins what was around the gap so
// that no white space is doubled.
type flowWriter struct {
	buf   []byte
	signs []sign
	gap   bool // something was left out here
	tail  bool // an address ends here, which must not grow
	glues bool // of the network: nothing but ASCII ends an address
}

func (w *flowWriter) flow() flow {
	f := flow{text: string(w.buf), signs: w.signs}
	return f.trimmed()
}

// trimmed is the flow without white space around it.
func (f flow) trimmed() flow {
	f.text = strings.TrimRight(f.text, spaces)
	n := len(f.text) - len(strings.TrimLeft(f.text, spaces))
	f.text = f.text[n:]
	if n > 0 {
		for i := range f.signs {
			f.signs[i].from -= n
			f.signs[i].to -= n
		}
	}
	return f
}

const spaces = " \t\r\n\u3000"

// lastRune is the last character written, or a line end at the beginning.
func (w *flowWriter) lastRune() rune {
	if len(w.buf) == 0 {
		return '\n'
	}
	r, _ := utf8.DecodeLastRune(w.buf)
	return r
}

func isGap(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\u3000' }

// text writes plain text.
func (w *flowWriter) text(s string) {
	if s == "" {
		return
	}
	if w.gap {
		s = w.join(s)
		if s == "" {
			return
		}
		w.gap = false
	}
	if w.tail {
		w.tail = false
		r, _ := utf8.DecodeRuneInString(s)
		if !isGap(r) && (r >= utf8.RuneSelf && w.glues || !unicode.IsPunct(r) || r == '/' || r == '-' || r == '_' || r == '#' || r == '@' || r == '&') {
			w.buf = append(w.buf, ' ')
		}
	}
	w.buf = append(w.buf, s...)
}

// join takes white space from around a gap and gives what is left of s.
func (w *flowWriter) join(s string) string {
	if len(w.buf) == 0 {
		return strings.TrimLeft(s, spaces)
	}
	if isGap(w.lastRune()) {
		s = strings.TrimLeft(s, " \t\u3000")
	}
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case r == '\n':
		w.trimBlanks()
		rest := strings.TrimLeft(s, "\n")
		had, want := w.newlines(), len(s)-len(rest)
		return strings.Repeat("\n", max(want-had, 0)) + rest
	case strings.ContainsRune(".,!?;:)。、！？）」』", r) && r != utf8.RuneError:
		w.trimBlanks()
	}
	return s
}

func (w *flowWriter) trimBlanks() {
	for len(w.buf) > 0 {
		r, size := utf8.DecodeLastRune(w.buf)
		if r != ' ' && r != '\t' && r != '\u3000' {
			return
		}
		w.buf = w.buf[:len(w.buf)-size]
	}
}

// newlines is how many line ends stand at the end.
func (w *flowWriter) newlines() (n int) {
	for n < len(w.buf) && w.buf[len(w.buf)-1-n] == '\n' {
		n++
	}
	return n
}

// dropped says that something was left out here.
func (w *flowWriter) dropped() { w.gap = true }

// sign writes a piece that means more.
func (w *flowWriter) sign(shown string, s sign) {
	w.text(shown)
	if n := len(w.buf); n > 0 && shown != "" {
		s.from, s.to = n-len(shown), n
		w.signs = append(w.signs, s)
	}
}

// address writes a link that a network without Spans has to find by itself.
func (w *flowWriter) address(shown string, s sign) {
	switch r := w.lastRune(); {
	case isGap(r) || w.gap:
	case r < utf8.RuneSelf && (r == '(' || r == '[' || r == '"' || r == '\'' || r == '<'):
	case r >= utf8.RuneSelf && !unicode.IsDigit(r) && r != '＠' && r != '＃':
	default:
		w.buf = append(w.buf, ' ')
	}
	w.sign(shown, s)
	w.tail = true
}

// add appends another flow behind a separator.
func (f flow) add(sep string, g flow) flow {
	switch {
	case g.text == "":
		return f
	case f.text == "":
		return g
	}
	n := len(f.text) + len(sep)
	f.text += sep + g.text
	for _, s := range g.signs {
		s.from += n
		s.to += n
		f.signs = append(f.signs, s)
	}
	return f
}

// leadsTo tells whether the flow has a link to url.
func (f *flow) leadsTo(url string) bool {
	return slices.ContainsFunc(f.signs, func(s sign) bool { return s.target == url })
}

// pieces are what must not be split.
func (f *flow) pieces() []ruler.Piece {
	out := make([]ruler.Piece, len(f.signs))
	for i, s := range f.signs {
		out[i] = ruler.Piece{From: s.from, To: s.to}
	}
	return out
}

// spans are the signs within bytes from to to of the flow, moved by shift.
func (f *flow) spans(from, to, shift int) (out []social.Span) {
	for _, s := range f.signs {
		a, b := max(s.from, from), min(s.to, to)
		if a >= b || s.kind == "" || s.kind != social.SpanLink && (a != s.from || b != s.to) {
			continue
		}
		out = append(out, social.Span{From: a + shift, To: b + shift, Kind: s.kind, Target: s.target})
	}
	return out
}
