package relay

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// field is one key of a rule in its written forms, TOML and JSON alike.
type field struct {
	key string // "when.tag_any"
	binding
}

// binding ties a key to its place in a Rule. A value is what both decoders
// make of TOML and JSON: string, bool, int64, float64, []any or map[string]any.
type binding interface {
	read(v any, r *Rule) *flaw
	// write gives string, bool, int64, float64 or []string.
	write(r *Rule) any
}

// Bounds of what is written.
const (
	maxBook    = 256 << 10 // bytes
	maxRules   = 100
	maxEntries = 100 // of one list
	maxText    = 500 // bytes of one text
	// What regular expressions cost is the home's, not only the writer's.
	maxPatterns    = 50   // of a book
	maxPatternSize = 1000 // steps of one, compiled
)

// lines of texts, kinds, networks …: a list, of which a single one may be
// written without brackets.
type listField struct {
	at    func(*Rule) *[]string
	check func(string) (string, *flaw) // may be nil
}

func (b listField) read(v any, r *Rule) *flaw {
	list, bad := readTexts(v)
	if bad != nil {
		return bad
	}
	if b.check != nil {
		for i, s := range list {
			if list[i], bad = b.check(s); bad != nil {
				return bad
			}
		}
	}
	*b.at(r) = list
	return nil
}

func (b listField) write(r *Rule) any { return slices.Clone(*b.at(r)) }

func readTexts(v any) ([]string, *flaw) {
	raw, is := v.([]any)
	if !is {
		raw = []any{v}
	}
	if len(raw) > maxEntries {
		return nil, wrong("relay.flaw.too_many", "n", len(raw), "max", maxEntries)
	}
	list := make([]string, 0, len(raw))
	for _, item := range raw {
		s, is := item.(string)
		if !is {
			return nil, wrong("relay.flaw.type", "got", kindOf(item), "want", textKey("relay.want.list"))
		}
		if bad := checkText(s); bad != nil {
			return nil, bad
		}
		if strings.TrimSpace(s) == "" {
			return nil, wrong("relay.flaw.empty")
		}
		list = append(list, s)
	}
	return list, nil
}

func checkText(s string) *flaw {
	switch {
	case len(s) > maxText:
		return wrong("relay.flaw.too_long", "n", len(s), "max", maxText)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0x7f }):
		return wrong("relay.flaw.control")
	}
	return nil
}

// choiceField is one word out of several.
type choiceField[T ~string] struct {
	at func(*Rule) *T
	of []T
}

func (b choiceField[T]) read(v any, r *Rule) *flaw {
	s, is := v.(string)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))
	}
	if !slices.Contains(b.of, T(s)) {
		return wrong("relay.flaw.choice", "got", quote(s), "choices", wordsOf(b.of))
	}
	*b.at(r) = T(s)
	return nil
}

func (b choiceField[T]) write(r *Rule) any { return string(*b.at(r)) }

func wordsOf[T ~string](of []T) []string {
	words := make([]string, len(of))
	for i, w := range of {
		words[i] = quote(string(w))
	}
	return words
}

// choicesField are some words out of several.
type choicesField[T comparable] struct {
	at    func(*Rule) *[]T
	named []named[T]
}

type named[T any] struct {
	name string
	is   T
}

func (b choicesField[T]) read(v any, r *Rule) *flaw {
	list, bad := readTexts(v)
	if bad != nil {
		return bad
	}
	out := make([]T, 0, len(list))
	for _, s := range list {
		i := slices.IndexFunc(b.named, func(n named[T]) bool { return n.name == s })
		if i < 0 {
			names := make([]string, len(b.named))
			for j, n := range b.named {
				names[j] = quote(n.name)
			}
			return wrong("relay.flaw.choice", "got", quote(s), "choices", names)
		}
		if !slices.Contains(out, b.named[i].is) {
			out = append(out, b.named[i].is)
		}
	}
	*b.at(r) = out
	return nil
}

func (b choicesField[T]) write(r *Rule) any {
	out := []string{}
	for _, n := range b.named {
		if slices.Contains(*b.at(r), n.is) {
			out = append(out, n.name)
		}
	}
	return out
}

// flagField is yes or no.
type flagField func(*Rule) *bool

func (b flagField) read(v any, r *Rule) *flaw {
	on, is := v.(bool)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.switch"))
	}
	*b(r) = on
	return nil
}

func (b flagField) write(r *Rule) any { return *b(r) }

// textField is free text.
type textField func(*Rule) *string

func (b textField) read(v any, r *Rule) *flaw {
	s, is := v.(string)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.text"))
	}
	if bad := checkText(s); bad != nil {
		return bad
	}
	*b(r) = s
	return nil
}

func (b textField) write(r *Rule) any { return *b(r) }

// numberField is a whole number from 0 to max.
type numberField struct {
	at  func(*Rule) *int
	max int64
}

func (b numberField) read(v any, r *Rule) *flaw {
	n, is := v.(int64)
	if !is {
		return wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.number"))
	}
	if n < 0 || n > b.max {
		return wrong("relay.flaw.range", "got", n, "min", 0, "max", b.max)
	}
	*b.at(r) = int(n)
	return nil
}

func (b numberField) write(r *Rule) any { return int64(*b.at(r)) }

// spanField is a length of time from 0 to max.
type spanField struct {
	at  func(*Rule) *time.Duration
	max time.Duration
}

func (b spanField) read(v any, r *Rule) *flaw {
	d, bad := readSpan(v, b.max)
	if bad == nil {
		*b.at(r) = d
	}
	return bad
}

func (b spanField) write(r *Rule) any { return spanText(*b.at(r)) }

// kindOf names the sort of a value for a message.
func kindOf(v any) textKey {
	switch v.(type) {
	case string:
		return "relay.got.text"
	case bool:
		return "relay.got.switch"
	case int64, float64:
		return "relay.got.number"
	case []any:
		return "relay.got.list"
	case map[string]any:
		return "relay.got.table"
	case nil:
		return "relay.got.nothing"
	}
	return "relay.got.date"
}

// quote shows a text of the person's, shortened.
func quote(s string) string {
	const most = 60
	if n := 0; len(s) > most {
		for i := range s {
			if n == most {
				s = s[:i] + "…"
				break
			}
			n++
		}
	}
	return `"` + s + `"`
}
