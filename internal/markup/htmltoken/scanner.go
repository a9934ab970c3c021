package htmltoken

import "strings"

// Kind tells what a Token is.
type Kind uint8

// The kinds of Token. Comments, declarations and processing instructions are
// never reported, nor is the content of Hidden elements.
const (
	Text Kind = iota
	Start
	End
)

// Token is a piece of HTML. Its strings are parts of the source.
type Token struct {
	Kind  Kind
	Tag   Tag
	Raw   string // Text: as it stands, character references included
	Attrs string // Start: as they stand, for NextAttr
}

// Scanner walks over HTML from beginning to end, each byte once, by the
// tokenization of the HTML standard (§13.2.5) as far as it decides where tags
// begin and end.
type Scanner struct {
	src string
	pos int
}

// NewScanner makes a Scanner of src.
func NewScanner(src string) Scanner { return Scanner{src: src} }

// Pos is where the last Token ended, and with it the content that was skipped.
func (s *Scanner) Pos() int { return s.pos }

// Next fills t and tells whether there was anything left. A tag that the end
// of the source cuts off is dropped, as browsers do.
func (s *Scanner) Next(t *Token) bool {
	for s.pos < len(s.src) {
		if s.src[s.pos] != '<' {
			s.text(t)
			return true
		}
		if s.markup(t) {
			return true
		}
	}
	return false
}

func (s *Scanner) text(t *Token) {
	rest := s.src[s.pos:]
	n := strings.IndexByte(rest, '<')
	if n < 0 {
		n = len(rest)
	}
	*t = Token{Kind: Text, Raw: rest[:n]}
	s.pos += n
}

// markup reads what begins with "<"; false when it was nothing to report.
func (s *Scanner) markup(t *Token) bool {
	next := byte(0)
	if s.pos+1 < len(s.src) {
		next = s.src[s.pos+1]
	}
	switch {
	case isLetter(next):
		return s.startTag(t)
	case next == '/':
		return s.endTag(t)
	case next == '!':
		s.declaration()
		return false
	case next == '?':
		s.skipPast('>')
		return false
	}
	*t = Token{Kind: Text, Raw: s.src[s.pos : s.pos+1]}
	s.pos++
	return true
}

func (s *Scanner) startTag(t *Token) bool {
	name, attrs, ok := s.tag(s.pos + 1)
	if !ok {
		return false
	}
	*t = Token{Kind: Start, Tag: lookup(name), Attrs: attrs}
	if t.Tag == Hidden {
		s.skipContent(name)
	}
	return true
}

func (s *Scanner) endTag(t *Token) bool {
	if s.pos+2 >= len(s.src) || !isLetter(s.src[s.pos+2]) {
		s.skipPast('>')
		return false
	}
	name, _, ok := s.tag(s.pos + 2)
	if !ok {
		return false
	}
	*t = Token{Kind: End, Tag: lookup(name)}
	return true
}

// tag reads a tag whose name begins at i and moves behind its ">".
func (s *Scanner) tag(i int) (name, attrs string, ok bool) {
	from := i
	for i < len(s.src) && !endsName(s.src[i]) {
		i++
	}
	name, from = s.src[from:i], i
	for {
		end, more := skipAttr(s.src, i)
		if !more {
			break
		}
		i = end
	}
	for i < len(s.src) && s.src[i] != '>' {
		i++
	}
	if i >= len(s.src) {
		s.pos = len(s.src)
		return "", "", false
	}
	s.pos = i + 1
	return name, s.src[from:i], true
}

func (s *Scanner) skipPast(c byte) {
	n := strings.IndexByte(s.src[s.pos:], c)
	if n < 0 {
		s.pos = len(s.src)
		return
	}
	s.pos += n + 1
}

// declaration skips a comment, doctype or CDATA section.
func (s *Scanner) declaration() {
	if !strings.HasPrefix(s.src[s.pos:], "<!--") {
		s.skipPast('>')
		return
	}
	body := s.pos + len("<!--")
	for i := body; ; {
		n := strings.IndexByte(s.src[i:], '>')
		if n < 0 {
			s.pos = len(s.src)
			return
		}
		i += n + 1
		inside := s.src[body : i-1]
		if inside == "" || inside == "-" || strings.HasSuffix(inside, "--") || strings.HasSuffix(inside, "--!") {
			s.pos = i
			return
		}
	}
}

// skipContent moves to the end tag of a Hidden element, or to the end.
func (s *Scanner) skipContent(name string) {
	for s.pos < len(s.src) {
		n := strings.IndexByte(s.src[s.pos:], '<')
		if n < 0 {
			break
		}
		s.pos += n
		end := s.pos + 2 + len(name)
		if end < len(s.src) && s.src[s.pos+1] == '/' && strings.EqualFold(s.src[s.pos+2:end], name) && endsName(s.src[end]) {
			return
		}
		s.pos++
	}
	s.pos = len(s.src)
}

func endsName(c byte) bool { return isSpace(c) || c == '/' || c == '>' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }
