package markup

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// urlLength is what every address counts (facts/mastodon.md 3.6).
const urlLength = 23

// Length counts a text as Mastodon does: in graphemes, every address as 23, of
// a mention of somebody elsewhere only @user. A content warning is counted the
// same way and added by the caller.
func Length(source string) int {
	if len(source) > MaxSource {
		return len(source)
	}
	s := scanner{src: source}
	var b strings.Builder
	from := 0
	for {
		span, ok := s.next()
		if !ok {
			break
		}
		switch span.Kind {
		case SpanURL:
			b.WriteString(source[from:span.Start])
			b.WriteString(strings.Repeat("x", urlLength))
			from = span.End
		case SpanMention:
			if user, _, remote := strings.Cut(span.Name, "@"); remote {
				b.WriteString(source[from:span.Start])
				b.WriteString("@" + user)
				from = span.End
			}
		}
	}
	if from == 0 {
		return graphemes(source)
	}
	b.WriteString(source[from:])
	return graphemes(b.String())
}

func graphemes(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == '\r' {
			return uniseg.GraphemeClusterCount(s)
		}
	}
	return len(s)
}
