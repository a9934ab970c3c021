package store

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxIndexed bounds the text of one Post that is indexed, in bytes.
	maxIndexed = 64 << 10
	// maxQueryTokens bounds what one search asks for.
	maxQueryTokens = 32
	// maxWord bounds a token, in bytes.
	maxWord = 64
)

// indexTokens are what a text is found by, each once: words in lower case, and
// for scripts without spaces every character and every two in a row.
func indexTokens(text string) []string {
	text = plainText(text)
	if len(text) > maxIndexed {
		text = text[:maxIndexed]
	}
	var list []string
	seen := make(map[string]bool)
	add := func(token string) {
		if !seen[token] {
			seen[token] = true
			list = append(list, token)
		}
	}
	runs(text, func(word string, dense bool) {
		if !dense {
			add(word)
			return
		}
		last := -1
		for i, c := range word {
			end := i + len(string(c))
			add(word[i:end])
			if last >= 0 {
				add(word[last:end])
			}
			last = i
		}
	})
	return list
}

// queryTokens are what a text must have to be found: words, and every two
// characters in a row, or the one where there is only one.
func queryTokens(text string) []string {
	var list []string
	runs(text, func(word string, dense bool) {
		if !dense {
			list = append(list, word)
			return
		}
		before, last := -1, -1
		for i := range word {
			if before >= 0 {
				list = append(list, word[before:i])
			}
			before, last = last, i
		}
		if before < 0 {
			list = append(list, word)
		} else {
			list = append(list, word[before:])
		}
	})
	return list[:min(len(list), maxQueryTokens)]
}

// runs cuts text, in compatible lower-case form, into words and into runs of
// characters of scripts without spaces (dense).
func runs(text string, each func(word string, dense bool)) {
	text = strings.ToLower(norm.NFKC.String(text))
	start, kind := 0, apart
	for i, c := range text {
		k := kindOf(c)
		if k == kind {
			continue
		}
		if kind != apart {
			emit(text[start:i], kind, each)
		}
		start, kind = i, k
	}
	if kind != apart {
		emit(text[start:], kind, each)
	}
}

func emit(word string, kind charKind, each func(string, bool)) {
	if kind == spaced && len(word) > maxWord {
		word = strings.ToValidUTF8(word[:maxWord], "")
	}
	each(word, kind == dense)
}

type charKind uint8

const (
	apart charKind = iota // of no word
	spaced
	dense
)

func kindOf(c rune) charKind {
	switch {
	case c < 0x80:
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return spaced
		}
		return apart
	case c == 'ー' || c == '々' || c == '〆' || unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return dense
	case unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c):
		return spaced
	default:
		return apart
	}
}

// plainText leaves the tags of HTML out: "<" before a letter or "/", to ">".
func plainText(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		if !opensTag(after) {
			b.WriteByte('<')
			s = after
			continue
		}
		b.WriteByte(' ')
		_, s, found = strings.Cut(after, ">")
		if !found {
			break
		}
	}
	return html.UnescapeString(b.String())
}

func opensTag(s string) bool {
	return s != "" && (s[0] == '/' || s[0] >= 'a' && s[0] <= 'z' || s[0] >= 'A' && s[0] <= 'Z')
}
