package mastodon

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// ourWords are words of enumerations that the schema does not know, and why.
var ourWords = map[string]string{"reaction": "a notification's type: apps that do not know it show its fallback"}

// failure is the form of every error.
var failure = map[string]any{"error": "string", "*": "any"}

// fits reports what of v (JSON, as encoding/json reads it) is not as t says: a
// key that is missing or that nobody knows, another type, a word that is none
// of an enumeration.
func (c *contract) fits(t, v any, at string) []string {
	switch t := t.(type) {
	case string:
		return c.fitsName(t, v, at)
	case []any:
		list, ok := v.([]any)
		if !ok {
			return []string{at + " is no list but " + clip(fmt.Sprint(v))}
		}
		var out []string
		for i, x := range list {
			out = append(out, c.fits(t[0], x, fmt.Sprintf("%s[%d]", at, i))...)
		}
		return out
	case map[string]any:
		if inner, ok := t["?"]; ok {
			if v == nil {
				return nil
			}
			return c.fits(inner, v, at)
		}
		if kinds, ok := t["|"].([]any); ok {
			return c.fitsAny(kinds, v, at)
		}
		return c.fitsObject(t, v, at)
	}
	return []string{fmt.Sprintf("%s: the table has %v", at, t)}
}

func (c *contract) fitsAny(kinds []any, v any, at string) []string {
	var least []string
	for i, k := range kinds {
		wrong := c.fits(k, v, at)
		if len(wrong) == 0 {
			return nil
		}
		if i == 0 || len(wrong) < len(least) {
			least = wrong
		}
	}
	return least
}

func (c *contract) fitsObject(t map[string]any, v any, at string) []string {
	o, ok := v.(map[string]any)
	if !ok {
		return []string{at + " is no object but " + clip(fmt.Sprint(v))}
	}
	var out []string
	for k, x := range o {
		kind, known := t[k]
		if !known {
			kind, known = t[k+"?"]
		}
		if !known {
			kind, known = t["*"]
		}
		switch {
		case known:
			out = append(out, c.fits(kind, x, at+"."+k)...)
		case ours[k] == "":
			out = append(out, at+" has the key "+k+", which nobody knows")
		}
	}
	for k := range t {
		if _, there := o[k]; !there && k != "*" && !strings.HasSuffix(k, "?") {
			out = append(out, at+" lacks "+k)
		}
	}
	return out
}

func (c *contract) fitsName(t string, v any, at string) []string {
	if name, null := strings.CutSuffix(t, "?"); null {
		if v == nil {
			return nil
		}
		t = name
	}
	if e, ok := c.Entities[t]; ok {
		return c.fits(e, v, at+"<"+t+">")
	}
	if !plainFits(t, v) {
		return []string{fmt.Sprintf("%s is %s, not %s", at, clip(fmt.Sprintf("%#v", v)), t)}
	}
	return nil
}

func plainFits(t string, v any) bool {
	if words, ok := strings.CutPrefix(t, "="); ok {
		s, text := v.(string)
		return text && (slices.Contains(strings.Split(words, ","), s) || ourWords[s] != "")
	}
	s, text := v.(string)
	switch t {
	case "any":
		return true
	case "empty":
		o, ok := v.(map[string]any)
		return ok && len(o) == 0
	case "object":
		_, ok := v.(map[string]any)
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "integer":
		n, ok := v.(float64)
		return ok && n == math.Trunc(n)
	case "number":
		_, ok := v.(float64)
		return ok
	case "string", "html":
		return text
	case "language":
		return text && isLanguage(s)
	case "time":
		_, err := time.Parse(momentLayout, s)
		return text && err == nil
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return text && err == nil
	case "url":
		u, err := url.Parse(s)
		return text && err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "")
	}
	return false
}

// op is the operation that a request is: the one with the most words in common.
func (c *contract) op(method, path string) *contractOp {
	parts := strings.Split(path, "/")
	var found *contractOp
	best := -1
	for i := range c.Operations {
		m, pattern, _ := strings.Cut(c.Operations[i].Op, " ")
		if words := matched(strings.Split(pattern, "/"), parts); m == method && words > best {
			found, best = &c.Operations[i], words
		}
	}
	return found
}

// matched is how many parts are literally the same, -1 where they do not match.
func matched(pattern, parts []string) int {
	if len(pattern) != len(parts) {
		return -1
	}
	n := 0
	for i := range pattern {
		switch pattern[i] {
		case parts[i]:
			n++
		case "{}":
		default:
			return -1
		}
	}
	return n
}

// TestContractFinds: the check that all others rely on finds what is wrong.
func TestContractFinds(t *testing.T) {
	c := &contract{Entities: map[string]any{"E": map[string]any{"id": "string", "n?": "integer", "e?": "E?", "w?": "=a,b", "l?": []any{"url"}, "at?": "time", "d?": map[string]any{"?": []any{"date"}}}},
		Operations: []contractOp{{Op: "GET /a/{}"}, {Op: "GET /a/b"}, {Op: "POST /a/{}"}}}
	for text, wrong := range map[string]int{
		`{"id":"1"}`: 0, `{}`: 1, `{"id":1}`: 1, `{"id":null}`: 1, `[]`: 1, `{"id":"1","x":1}`: 1, `{"id":"1","n":1.5}`: 1, `{"id":"1","n":2,"e":null}`: 0,
		`{"id":"1","e":{"id":"2","e":{}}}`: 1, `{"id":"1","w":"c"}`: 1, `{"id":"1","w":"b","l":[],"d":null}`: 0, `{"id":"1","l":["x","https://a.example"]}`: 1,
		`{"id":"1","at":"2026-01-01"}`: 1, `{"id":"1","d":["2026-01-01"],"at":"2026-01-01T00:00:00.000Z"}`: 0, `{"id":"1","local_only":true}`: 0,
	} {
		var v any
		must(t, json.Unmarshal([]byte(text), &v))
		if got := c.fits("E", v, ""); len(got) != wrong {
			t.Errorf("%s: %q, want %d", text, got, wrong)
		}
	}
	if a, b := c.op("GET", "/a/b"), c.op("GET", "/a/c"); a.Op != "GET /a/b" || b.Op != "GET /a/{}" || c.op("GET", "/b") != nil {
		t.Errorf("%v, %v", a, b)
	}
}
