package locale

import (
	"fmt"
	"slices"
	"strings"
)

// T says the text of key in lang. The arguments are pairs of a placeholder's
// name and its value: T(Japanese, "post.boosts", "count", 3). Integers are
// written by Number, Words are said in lang. A key no catalogue has comes back as itself, and a
// placeholder without value stays visible, so that neither is ever blank.
func T(lang Lang, key string, args ...any) string {
	m, ok := catalogues()[lang.known()][key]
	if !ok {
		return key
	}
	form := m.other
	if m.one != nil && isOne(args) {
		form = m.one
	}
	if len(form) == 1 && form[0].name == "" {
		return form[0].text
	}
	var b strings.Builder
	for _, p := range form {
		if p.name == "" {
			b.WriteString(p.text)
			continue
		}
		b.WriteString(argument(lang, p.name, args))
	}
	return b.String()
}

// Has tells whether key has a text.
func Has(key string) bool {
	_, ok := catalogues()[English][key]
	return ok
}

// Keys lists every key, sorted.
func Keys() []string {
	all := catalogues()[English]
	keys := make([]string, 0, len(all))
	for key := range all {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Placeholders lists the names that the text of key wants values for, sorted;
// it is for tests.
func Placeholders(lang Lang, key string) []string {
	m := catalogues()[lang.known()][key]
	var names []string
	for _, p := range m.other {
		if p.name != "" && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return names
}

// isOne tells whether the count among args is 1: the rule of CLDR for English
// integers. Japanese has one form and never asks.
func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "count" {
			n, ok := integer(args[i+1])
			return ok && n == 1
		}
	}
	return false
}

func argument(lang Lang, name string, args []any) string {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] != name {
			continue
		}
		if n, ok := integer(args[i+1]); ok {
			return Number(lang, n)
		}
		switch s := args[i+1].(type) {
		case string:
			return s
		case Words:
			return Say(lang, s)
		}
		return fmt.Sprint(args[i+1])
	}
	return "{" + name + "}"
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	case int32:
		return int64(n), true
	case uint32:
		return int64(n), true
	}
	return 0, false
}
