package proof

import (
	"encoding/json"
	"errors"
	"fmt"
)

// member is one member of a JSON object: its name, and name and value as written.
type member struct {
	name    string
	rawName []byte
	raw     []byte
}

// members splits a JSON object without copying its values. doc must be valid JSON. Errors: it is
// no object, or a name occurs twice.
func members(doc []byte) ([]member, error) {
	i := skipSpace(doc, 0)
	if i == len(doc) || doc[i] != '{' {
		return nil, errors.New("a JSON object is wanted")
	}
	out := make([]member, 0, 16)
	for i = skipSpace(doc, i+1); doc[i] != '}'; {
		if doc[i] == ',' {
			i = skipSpace(doc, i+1)
		}
		end := skipValue(doc, i)
		rawName := doc[i:end]
		name, err := unquote(rawName)
		if err != nil {
			return nil, err
		}
		for j := range out {
			if out[j].name == name {
				return nil, fmt.Errorf("the member %.60q is there twice", name)
			}
		}
		if len(out) == maxMembers {
			return nil, fmt.Errorf("an object has at most %d members here", maxMembers)
		}
		i = skipSpace(doc, skipSpace(doc, end)+1) // the colon
		end = skipValue(doc, i)
		out = append(out, member{name, rawName, doc[i:end]})
		i = skipSpace(doc, end)
	}
	return out, nil
}

// elements splits a JSON array; doc must be valid JSON and begin with [.
func elements(doc []byte) [][]byte {
	var out [][]byte
	for i := skipSpace(doc, 1); doc[i] != ']'; {
		if doc[i] == ',' {
			i = skipSpace(doc, i+1)
		}
		end := skipValue(doc, i)
		out = append(out, doc[i:end])
		i = skipSpace(doc, end)
	}
	return out
}

func skipSpace(doc []byte, i int) int {
	for i < len(doc) && (doc[i] == ' ' || doc[i] == '\n' || doc[i] == '\t' || doc[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the index behind the value that begins at i.
func skipValue(doc []byte, i int) int {
	depth := 0
	for i < len(doc) {
		switch doc[i] {
		case '"':
			i = skipString(doc, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i // behind a number or literal
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}

func skipString(doc []byte, i int) int {
	for i++; i < len(doc) && doc[i] != '"'; i++ {
		if doc[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// unquote is the value of a JSON string.
func unquote(raw []byte) (string, error) {
	if len(raw) < 2 || raw[0] != '"' {
		return "", fmt.Errorf("a string is wanted, not %.40q", raw)
	}
	inner := raw[1 : len(raw)-1]
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			var s string
			err := json.Unmarshal(raw, &s)
			return s, err
		}
	}
	return string(inner), nil
}
