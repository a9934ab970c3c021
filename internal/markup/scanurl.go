package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxURL is the longest address found, in bytes; a longer one is cut.
const MaxURL = 4096

// scanURL reads http:// or https:// with a host that has a dot (or is
// localhost). Punctuation that ends a sentence, Japanese punctuation and
// brackets, and closing brackets that were not opened do not belong to it.
func scanURL(src string, pos int) Span {
	n := schemeLen(src[pos:])
	if n == 0 {
		return Span{}
	}
	if b := before(src, pos); b < utf8.RuneSelf && isWord(b) || b == '@' || b == '#' || b == '$' {
		return Span{}
	}
	host := hostEnd(src, pos+n)
	if host == 0 || !isURLHost(src[pos+n:host]) {
		return Span{}
	}
	end := host
	if host < len(src) && strings.IndexByte("/?#:", src[host]) >= 0 {
		end = max(host, pathEnd(src[:min(len(src), pos+MaxURL)], host))
	}
	return Span{SpanURL, pos, end, src[pos:end]}
}

func schemeLen(s string) int {
	switch {
	case len(s) > 8 && s[7] == '/' && strings.EqualFold(s[:8], "https://"):
		return len("https://")
	case len(s) > 7 && s[6] == '/' && strings.EqualFold(s[:7], "http://"):
		return len("http://")
	}
	return 0
}

func isURLHost(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	return strings.IndexByte(name, '.') > 0 || strings.EqualFold(name, "localhost")
}

// maxBrackets is how many brackets may be open in an address.
const maxBrackets = 16

// pathEnd reads path, query and fragment and gives the end of the last
// character that may end an address.
func pathEnd(src string, from int) int {
	end := from
	var open [maxBrackets]byte
	depth := 0
	for i, r := range src[from:] {
		after := from + i + utf8.RuneLen(r)
		switch {
		case !isURLRune(r):
			return end
		case r == '(' || r == '[':
			if depth == maxBrackets {
				return end
			}
			open[depth] = byte(r)
			depth++
		case r == ')' || r == ']':
			if depth == 0 || open[depth-1] != opening(r) {
				return end
			}
			depth--
			if depth == 0 {
				end = after
			}
		case depth == 0 && !endsSentence(r):
			end = after
		}
	}
	return end // before a bracket that nothing closes
}

func opening(r rune) byte {
	if r == ')' {
		return '('
	}
	return '['
}

// endsSentence tells which characters may stand in an address, not at its end.
func endsSentence(r rune) bool {
	return r < utf8.RuneSelf && strings.IndexByte(".,:;!?'*~%|@", byte(r)) >= 0
}

func isURLRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && r != 0x7f && strings.IndexByte("<>\"`{}\\^", byte(r)) < 0
	}
	switch {
	case r == utf8.RuneError, r == '…', r >= 0x2018 && r <= 0x201F, r == 0xAB, r == 0xBB:
		return false
	case r >= 0x3000 && r <= 0x3004, r >= 0x3008 && r <= 0x3020, r == 0x30FB, r >= 0xFF01 && r <= 0xFF0F,
		r >= 0xFF1A && r <= 0xFF20, r >= 0xFF3B && r <= 0xFF40, r >= 0xFF5B && r <= 0xFF65:
		return false // punctuation and brackets of Japanese
	}
	return !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r)
}
