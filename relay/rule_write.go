package relay

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// TOML writes a Book in its stable form: each rule with its name, its targets
// and whatever differs from the defaults, in the order of the table. What is
// read back is the same Book.
func (b *Book) TOML() string {
	var out strings.Builder
	for i := range b.Rules {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString("[[rule]]\n")
		for _, e := range writtenKeys(&b.Rules[i]) {
			out.WriteString(e.key + " = " + tomlValue(e.value) + "\n")
		}
	}
	return out.String()
}

// MarshalJSON writes the structure that ParseJSON reads.
func (b *Book) MarshalJSON() ([]byte, error) {
	rules := make([]map[string]any, len(b.Rules))
	for i := range b.Rules {
		rule := map[string]any{}
		for _, e := range writtenKeys(&b.Rules[i]) {
			at, name := rule, e.key
			if table, rest, nested := strings.Cut(e.key, "."); nested {
				sub, is := rule[table].(map[string]any)
				if !is {
					sub = map[string]any{}
					rule[table] = sub
				}
				at, name = sub, rest
			}
			at[name] = e.value
		}
		rules[i] = rule
	}
	return json.Marshal(map[string]any{"rule": rules})
}

type writtenKey struct {
	key   string
	value any
}

// writtenKeys are what has to be written of a rule.
func writtenKeys(r *Rule) []writtenKey {
	plain := NewRule()
	var out []writtenKey
	for _, f := range fields {
		value := f.write(r)
		if f.key == "name" || f.key == "to" || !sameValue(value, f.write(&plain)) {
			out = append(out, writtenKey{f.key, value})
		}
	}
	return out
}

// sameValue compares two values of write; nil and empty lists are the same.
func sameValue(a, b any) bool {
	x, isList := a.([]string)
	y, _ := b.([]string)
	if isList && len(x) == 0 && len(y) == 0 {
		return true
	}
	return reflect.DeepEqual(a, b)
}

func tomlValue(v any) string {
	switch t := v.(type) {
	case string:
		return tomlText(t)
	case bool:
		return strconv.FormatBool(t)
	case int64:
		return strconv.FormatInt(t, 10)
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case []string:
		texts := make([]string, len(t))
		for i, s := range t {
			texts[i] = tomlText(s)
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return `""`
}

// tomlText writes a basic string (TOML 1.0, "String").
func tomlText(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			out.WriteByte('\\')
			out.WriteRune(c)
		case c == '\n':
			out.WriteString(`\n`)
		case c == '\t':
			out.WriteString(`\t`)
		case c < ' ' || c == 0x7f:
			out.WriteString(`\u00` + strconv.FormatInt(0x100+int64(c), 16)[1:])
		default:
			out.WriteRune(c)
		}
	}
	out.WriteByte('"')
	return out.String()
}
