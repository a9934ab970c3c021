package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanMention reads @user or @user@host. The host may be an international
// name and have a port; what ends a sentence does not belong to it.
func scanMention(src string, pos int) Span {
	if b := before(src, pos); isWord(b) || b == '/' || b == '=' || b == '@' {
		return Span{}
	}
	end := userEnd(src, pos+1)
	if end < 0 {
		return Span{}
	}
	if end < len(src) && src[end] == '@' {
		if hostEnd := hostEnd(src, end+1); hostEnd > 0 {
			end = hostEnd
		}
	}
	return Span{SpanMention, pos, end, src[pos+1 : end]}
}

// userEnd reads letters, digits and "_", and "." and "-" between them.
func userEnd(src string, i int) int {
	end := -1
	for start := i; i < len(src); i++ {
		c := src[i]
		if isASCIIAlnum(c) || c == '_' {
			end = i + 1
		} else if c != '.' && c != '-' || i == start {
			break
		}
	}
	return end
}

// hostEnd reads a host name of letters and digits of any script, "." and "-"
// between them, and a port; 0 if there is none.
func hostEnd(src string, from int) int {
	end := 0
	label := byte('.')
	for i, r := range src[from:] {
		switch {
		case r == '.' || r == '-':
			if label == '.' && r == '.' || i == 0 {
				return portEnd(src, end)
			}
			label = byte(r)
			continue
		case r < utf8.RuneSelf && !isASCIIAlnum(byte(r)), r == utf8.RuneError:
			return portEnd(src, end)
		case r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.In(r, unicode.M, unicode.Nd):
			return portEnd(src, end)
		case isCJK(r) && endsASCIIName(src[from:from+i]):
			return portEnd(src, end)
		}
		label = 0
		end = from + i + utf8.RuneLen(r)
	}
	return portEnd(src, end)
}

// portEnd reads ":" and two to five digits behind a host that ends at end.
func portEnd(src string, end int) int {
	if end == 0 || end == len(src) || src[end] != ':' {
		return end
	}
	i := end + 1
	for i < len(src) && src[i] >= '0' && src[i] <= '9' {
		i++
	}
	if n := i - end - 1; n < 2 || n > 5 || i < len(src) && (src[i] == ':' || src[i] == '_' || isASCIIAlnum(src[i])) {
		return end
	}
	return i
}

// endsASCIIName tells whether a name so far is complete when Japanese text
// follows it without a space: its last label is an ASCII top-level domain.
func endsASCIIName(name string) bool {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 || len(name)-dot-1 < 2 {
		return false
	}
	for i := dot + 1; i < len(name); i++ {
		if c := name[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func isCJK(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}
