package htmltoken

import (
	"html"
	"strings"
	"unicode/utf8"
)

// longestReference is the longest character reference that is resolved,
// "&" and ";" not counted.
const longestReference = 32

// Unescape resolves character references that end with ";". Others stay as
// they are: written again they are escaped and so mean nothing.
func Unescape(s string) string {
	amp := strings.IndexByte(s, '&')
	if amp < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for amp >= 0 {
		b.WriteString(s[:amp])
		n := referenceLen(s[amp:])
		if n == 0 {
			b.WriteByte('&')
			n = 1
		} else {
			b.WriteString(html.UnescapeString(s[amp : amp+n]))
		}
		s = s[amp+n:]
		amp = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// referenceLen measures "&name;", "&#1;" or "&#x1;" at the start of s; 0 if
// there is none.
func referenceLen(s string) int {
	for i := 1; i < len(s) && i <= longestReference; i++ {
		c := s[i]
		switch {
		case c == ';':
			if i == 1 {
				return 0
			}
			return i + 1
		case c == '#' && i == 1, isLetter(c), c >= '0' && c <= '9':
		default:
			return 0
		}
	}
	return 0
}

// entity gives what a byte is written as; "" for itself. Control characters
// other than tab and line ends become nothing.
func entity(c byte) (string, bool) {
	switch c {
	case '&':
		return "&amp;", true
	case '<':
		return "&lt;", true
	case '>':
		return "&gt;", true
	case '"':
		return "&quot;", true
	}
	return "", c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7f
}

// AppendEscaped writes s so that it is text in HTML, inside a double-quoted
// attribute too. Quotes are left alone when text is true.
func AppendEscaped(b []byte, s string, text bool) []byte {
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c > '>' && c != 0x7f || c == '"' && text {
			continue
		}
		if e, special := entity(c); special {
			b = append(b, s[from:i]...)
			b = append(b, e...)
			from = i + 1
		}
	}
	return append(b, s[from:]...)
}

// EscapeText is AppendEscaped for text between tags.
func EscapeText(s string) string { return string(AppendEscaped(nil, s, true)) }

// EscapeAttr is AppendEscaped for a double-quoted attribute.
func EscapeAttr(s string) string { return string(AppendEscaped(nil, s, false)) }

// Valid gives s as UTF-8 of at most limit bytes, cut between characters;
// bytes that are no UTF-8 become U+FFFD.
func Valid(s string, limit int) string {
	if len(s) > limit {
		cut := limit
		for cut > 0 && cut > limit-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
