package social

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"engawa/internal/markup"
)

// Match is one Filter that a Post met, with what met it.
type Match struct {
	Filter   *Filter
	Keywords []string
	Posts    []ID
}

// Sieve applies a User's Filters in one context. It is made once a page.
type Sieve struct {
	filters []Filter
}

// NewSieve keeps those of filters that hold in place ("home", "notifications",
// "public", "thread", "account"; "" is any) at now.
func NewSieve(filters []Filter, place string, now Millis) *Sieve {
	s := &Sieve{}
	for _, f := range filters {
		if (f.ExpiresAt == 0 || f.ExpiresAt > now) && (place == "" || contains(f.Contexts, place)) {
			s.filters = append(s.filters, f)
		}
	}
	return s
}

// Matches are the Filters that p meets. A User's own Posts are never filtered;
// the caller leaves them out.
func (s *Sieve) Matches(p *Post, media []Media, poll *Poll) []Match {
	if s == nil || len(s.filters) == 0 {
		return nil
	}
	text := filterText(p, media, poll)
	var out []Match
	for i := range s.filters {
		f := &s.filters[i]
		m := Match{Filter: f}
		for _, k := range f.Keywords {
			if found(text, strings.ToLower(k.Keyword), k.WholeWord) {
				m.Keywords = append(m.Keywords, k.Keyword)
			}
		}
		for _, x := range f.Posts {
			if x.Post == p.ID {
				m.Posts = append(m.Posts, x.Post)
			}
		}
		if m.Keywords != nil || m.Posts != nil {
			out = append(out, m)
		}
	}
	return out
}

// filterText is everything of a Post that a keyword is looked for in.
func filterText(p *Post, media []Media, poll *Poll) string {
	var b strings.Builder
	b.WriteString(p.Warning)
	b.WriteByte('\n')
	b.WriteString(markup.Text(p.Content))
	for i := range media {
		b.WriteByte('\n')
		b.WriteString(media[i].Description)
	}
	if poll != nil {
		for _, o := range poll.Options {
			b.WriteByte('\n')
			b.WriteString(o.Title)
		}
	}
	for _, t := range p.Tags {
		b.WriteString("\n#")
		b.WriteString(t)
	}
	return strings.ToLower(b.String())
}

// found looks for word in text. A whole word has no letter or digit beside it
// where it begins or ends with one; scripts without spaces between words
// (Japanese) are not asked for one.
func found(text, word string, whole bool) bool {
	if word == "" {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		i += at
		if !whole || (apart(text[:i], word, true) && apart(text[i+len(word):], word, false)) {
			return true
		}
		at = i + 1
	}
}

func apart(beside, word string, before bool) bool {
	if beside == "" {
		return true
	}
	var edge, next rune
	if before {
		edge, _ = utf8.DecodeRuneInString(word)
		next, _ = utf8.DecodeLastRuneInString(beside)
	} else {
		edge, _ = utf8.DecodeLastRuneInString(word)
		next, _ = utf8.DecodeRuneInString(beside)
	}
	return !wordRune(edge) || !wordRune(next)
}

func wordRune(r rune) bool {
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai) {
		return false
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_'
}
