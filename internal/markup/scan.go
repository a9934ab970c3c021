package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SpanKind is the kind of a Span.
type SpanKind uint8

// What Scan finds in a text.
const (
	SpanMention SpanKind = iota + 1
	SpanTag
	SpanURL
	SpanEmoji
)

// Span is something found in a text: source[Start:End].
type Span struct {
	Kind       SpanKind
	Start, End int
	// Name is the handle (user or user@host) of a mention, the tag without #,
	// the address, or the emoji without colons.
	Name string
}

// MaxSource is how many bytes of a local text are read.
const MaxSource = 256 << 10

// Scan finds mentions, tags, addresses and custom emoji in a text in one pass,
// by Mastodon's rules: they do not overlap and come in order.
func Scan(source string) []Span {
	var spans []Span
	s := scanner{src: source}
	for {
		span, ok := s.next()
		if !ok {
			return spans
		}
		spans = append(spans, span)
	}
}

// scanner walks over a text.
type scanner struct {
	src string
	pos int
}

// nextEmoji finds the next custom emoji, whatever stands before it.
func (s *scanner) nextEmoji() (Span, bool) {
	for s.pos < len(s.src) {
		n := strings.IndexByte(s.src[s.pos:], ':')
		if n < 0 {
			break
		}
		s.pos += n
		if span := scanEmoji(s.src, s.pos); span.Kind != 0 {
			s.pos = span.End
			return span, true
		}
		s.pos++
	}
	return Span{}, false
}

// next finds the next Span.
func (s *scanner) next() (Span, bool) {
	for s.pos < len(s.src) {
		var span Span
		switch s.src[s.pos] {
		case '@':
			span = scanMention(s.src, s.pos)
		case '#':
			span = scanTag(s.src, s.pos, 1)
		case 0xEF: // ＃ is EF BC 83
			if s.pos+3 <= len(s.src) && s.src[s.pos:s.pos+3] == "＃" {
				span = scanTag(s.src, s.pos, 3)
			}
		case 'h', 'H':
			span = scanURL(s.src, s.pos)
		case ':':
			span = scanEmoji(s.src, s.pos)
		}
		if span.Kind != 0 {
			s.pos = span.End
			return span, true
		}
		s.pos++
	}
	return Span{}, false
}

// before gives the character before pos, or a space.
func before(src string, pos int) rune {
	if pos == 0 {
		return ' '
	}
	if c := src[pos-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRuneInString(src[:pos])
	return r
}

// isWord is [[:word:]] of Ruby: letters, marks, decimal digits, connectors.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r == '_' || isASCIIAlnum(byte(r))
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.In(r, unicode.M, unicode.Nd, unicode.Pc))
}

// isSeparator stands inside of a tag, never at its edges: middle dots and the
// zero-width non-joiner; "_" is a word character as well.
func isSeparator(r rune) bool {
	return r == '_' || r == '\u00B7' || r == '・' || r == '\u200c'
}

// scanTag reads a tag whose sign is mark bytes long: it begins and ends with a
// word character and is not made of digits alone.
func scanTag(src string, pos, mark int) Span {
	if b := before(src, pos); isWord(b) || b == '/' || b == ')' || b == '&' || b == '=' || b == '#' || b == '＃' {
		return Span{}
	}
	start := pos + mark
	end := start
	inner := false     // a letter, or a separator between word characters
	separated := false // a separator after the first character
	for i, r := range src[start:] {
		word := isWord(r)
		if !word && (i == 0 || !isSeparator(r)) {
			break
		}
		if word {
			inner = inner || separated || isAlpha(r)
			end = start + i + utf8.RuneLen(r)
		}
		separated = separated || i > 0 && isSeparator(r)
	}
	if !inner || end == start {
		return Span{}
	}
	return Span{SpanTag, pos, end, src[start:end]}
}

func isAlpha(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z'
	}
	return unicode.IsLetter(r) || unicode.In(r, unicode.Nl, unicode.Other_Alphabetic)
}

// scanEmoji reads :shortcode: of at least two ASCII letters, digits or "_",
// with no letter, digit or colon next to it.
func scanEmoji(src string, pos int) Span {
	if b := before(src, pos); b == ':' || b != '_' && isWord(b) && !unicode.Is(unicode.M, b) {
		return Span{}
	}
	end := pos + 1
	for end < len(src) && (isASCIIAlnum(src[end]) || src[end] == '_') {
		end++
	}
	if end-pos < 3 || end == len(src) || src[end] != ':' {
		return Span{}
	}
	if after, _ := utf8.DecodeRuneInString(src[end+1:]); end+1 < len(src) && (after == ':' || after != '_' && isWord(after) && !unicode.Is(unicode.M, after)) {
		return Span{}
	}
	return Span{SpanEmoji, pos, end + 1, src[pos+1 : end]}
}
