package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Words are a text that is said later, in a language that is not known yet: a
// key of the catalogues with its arguments, in a form that is kept as text.
//
//	=link.fail.slow_for|where=X|~time=900000
//
// A sign before a name tells what the value is: # an integer, ~ milliseconds, @
// Words. A text of any other form, or with a key that no catalogue has, says
// itself in every language: what stood in tables before there were Words does.
type Words string

// Bounds of Words: what is beyond them is cut off.
const (
	maxWordsValue = 400     // bytes of an argument of text
	maxWords      = 8 << 10 // bytes of Words in Words
	maxWordsArgs  = 8
	maxWordsDepth = 4
)

var (
	hideBars = strings.NewReplacer(`\`, `\\`, "|", `\!`)
	showBars = strings.NewReplacer(`\\`, `\`, `\!`, "|")
)

// W keeps the text of key with its arguments for Say: pairs of a placeholder's
// name and a string, an integer, a time.Duration or Words. A string is put on
// one line and cut to 400 bytes.
func W(key string, args ...any) Words {
	var b strings.Builder
	b.WriteString("=" + key)
	for i := 0; i+1 < len(args) && i < 2*maxWordsArgs; i += 2 {
		sign, value := wordsValue(args[i+1])
		fmt.Fprintf(&b, "|%s%s=%s", sign, args[i], hideBars.Replace(value))
	}
	return Words(b.String())
}

// wordsValue is how an argument is written, and the sign of what it is.
func wordsValue(v any) (sign, value string) {
	if n, ok := integer(v); ok {
		return "#", strconv.FormatInt(n, 10)
	}
	switch v := v.(type) {
	case time.Duration:
		return "~", strconv.FormatInt(v.Milliseconds(), 10)
	case Words:
		if isWords(string(v)) {
			return "@", strings.ToValidUTF8(string(v[:min(len(v), maxWords)]), "")
		}
		return "", oneLine(string(v))
	case string:
		return "", oneLine(v)
	}
	return "", oneLine(fmt.Sprint(v))
}

// oneLine puts text on one line of at most maxWordsValue bytes, without control
// characters.
func oneLine(s string) string {
	if len(s) > 8*maxWordsValue {
		s = s[:8*maxWordsValue]
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxWordsValue {
		return s
	}
	cut := maxWordsValue - len("…")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// isWords tells Words with a key from texts that say themselves.
func isWords(s string) bool {
	_, _, ok := wordsKey(s)
	return ok
}

// wordsKey takes the key off Words.
func wordsKey(s string) (key, args string, ok bool) {
	s, marked := strings.CutPrefix(s, "=")
	if !marked {
		return "", "", false
	}
	key, args, _ = strings.Cut(s, "|")
	return key, args, Has(key)
}

// Say says in lang what W kept. Any other text comes back as it is.
func Say[S ~string](lang Lang, words S) string { return say(lang, string(words), 0) }

func say(lang Lang, words string, depth int) string {
	key, rest, ok := wordsKey(words)
	if !ok || depth >= maxWordsDepth {
		return words
	}
	var args []any
	for rest != "" && len(args) < 2*maxWordsArgs {
		var pair string
		pair, rest, _ = strings.Cut(rest, "|")
		name, value, _ := strings.Cut(pair, "=")
		value = showBars.Replace(value)
		name, v := argumentOf(lang, name, value, depth)
		args = append(args, name, v)
	}
	return T(lang, key, args...)
}

// argumentOf reads an argument by the sign before its name.
func argumentOf(lang Lang, name, value string, depth int) (string, any) {
	if name == "" {
		return "", value
	}
	switch name[0] {
	case '#':
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return name[1:], n
		}
		return name[1:], value
	case '~':
		if ms, err := strconv.ParseInt(value, 10, 64); err == nil && ms < int64(100*365*day/time.Millisecond) {
			return name[1:], Duration(lang, time.Duration(ms)*time.Millisecond)
		}
		return name[1:], value
	case '@':
		return name[1:], say(lang, value, depth+1)
	}
	return name, value
}
