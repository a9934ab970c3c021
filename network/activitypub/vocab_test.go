package activitypub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func mustParse(t testing.TB, text string) Value {
	t.Helper()
	v, err := ParseDocument([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

func TestParseDocument(t *testing.T) {
	v := mustParse(t, `{"a":"x","b":[1,"two",null,{"id":"https://a.test/3"}],"c":null,"\u0064":"\ud83c\udf63\n\u0000\ud800","e":true,"f":-1.5e2,
		"@context":["https://www.w3.org/ns/activitystreams",{"x":{"@id":"y"}}],"type":["Note","Article"],"l":{"type":"Link","href":"https://a.test/l"}}`)
	for _, c := range []struct{ what, got, want string }{
		{"string", v.Get("a").Str(), "x"},
		{"first string of an array", v.Get("b").Text(), "two"},
		{"escapes", v.Get("d").Str(), "🍣\n\uFFFD\uFFFD"},
		{"alias", v.Get("nothing", "c", "a").Str(), "x"},
		{"type", v.Type(), "Note"},
		{"link", v.Get("l").ID(), "https://a.test/l"},
		{"id of nothing", v.Get("zzz").Get("y").ID(), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
	if n, ok := v.Get("f").Number(); !ok || n != -150 {
		t.Errorf("number: %v", n)
	}
	if v.Get("b").Len() != 3 || v.Get("a").Len() != 1 || v.Get("c").Len() != 0 {
		t.Error("null is an item, or a lone value is none")
	}
	if !v.Is("Article") || !v.Get("e").True() || v.Get("c").Exists() || !v.Get("@context").Exists() {
		t.Error("types, truth and presence")
	}
	if mustParse(t, `{"n":1e400}`).Get("n").Count(7) != 0 || mustParse(t, `{"n":1e300}`).Get("n").Count(7) != 7 || mustParse(t, `{"n":-3}`).Get("n").Count(7) != 0 {
		t.Error("counts are not capped")
	}
}

// The shapes by which a document means something else to a JSON-LD processor
// (T3), and other documents that are refused whole.
func TestRefusedDocuments(t *testing.T) {
	deep := func(n int) string { return `{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}" }
	many := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	members := make([]string, maxMembers+1)
	for i := range members {
		members[i] = fmt.Sprintf(`"k%d":1`, i)
	}
	for name, text := range map[string]string{
		"@graph":               `{"@graph":[]}`,
		"@included":            `{"@included":{}}`,
		"@reverse":             `{"@reverse":{"object":{}}}`,
		"deep @graph":          `{"object":{"tag":[{"@graph":1}]}}`,
		"deep @reverse":        `{"object":{"attachment":{"@reverse":1}}}`,
		"escaped @graph":       `{"\u0040graph":[]}`,
		"escaped inside":       `{"@gr\u0061ph":[]}`,
		"escaped @included":    `{"object":{"@incl\u0075ded":[]}}`,
		"alias of @graph":      `{"@context":{"g":"@graph"}}`,
		"alias by @id":         `{"@context":{"g":{"@id":"@graph"}}}`,
		"alias of @included":   `{"@context":["https://x.test",{"g":"@included"}]}`,
		"alias of @reverse":    `{"@context":[{"g":"@reverse"}]}`,
		"reverse term":         `{"@context":{"g":{"@reverse":"as:object"}}}`,
		"scoped context":       `{"@context":{"Note":{"@id":"x","@context":{"g":"@graph"}}}}`,
		"context in object":    `{"object":{"@context":{"g":"@graph"}}}`,
		"escaped alias":        `{"@context":{"g":"@gr\u0061ph"}}`,
		"nested @context list": `{"@context":[[{"g":"@graph"}]]}`,
		"@container @graph":    `{"@context":{"g":{"@id":"x","@container":"@graph"}}}`,
		"@container list":      `{"@context":{"g":{"@id":"x","@container":["@graph","@id"]}}}`,
		"@type @graph":         `{"@context":{"g":{"@type":"@graph"}}}`,

		"same name":         `{"id":"https://a.test","id":"https://b.test"}`,
		"same name escaped": `{"id":"https://a.test","\u0069d":"https://b.test"}`,
		"same name deeper":  `{"object":{"x":{"b":1,"b":2}}}`,
		"too deep":          deep(maxDepth + 1),
		"too many items":    `{"a":[` + many(maxItems+1, "1") + `]}`,
		"too many values":   `{"a":[` + many(maxItems, `[1,2,3,4,5,6,7,8,9,10,11]`) + `]}`,
		"too many members":  "{" + strings.Join(members, ",") + "}",
		"too large":         `{"a":"` + strings.Repeat("x", MaxDocument) + `"}`,
		"array":             `[{"id":"x"}]`,
		"text":              `"x"`,
		"nothing":           ``,
		"cut":               `{"a":"b`,
		"cut in escape":     `{"a":"\`,
		"cut in \\u":        `{"a":"\u12`,
		"trailing":          `{"a":1} x`,
		"comma":             `{"a":1,}`,
		"control character": "{\"a\":\"\x01\"}",
		"bad escape":        `{"a":"\x41"}`,
		"leading zero":      `{"a":01}`,
		"point":             `{"a":1.}`,
		"word":              `{"a":nul}`,
		"not UTF-8":         "{\"a\":\"\xff\"}",
		"no colon":          `{"a" 1}`,
	} {
		if _, err := ParseDocument([]byte(text)); !errors.Is(err, ErrDocument) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"deep enough":         deep(maxDepth - 1),
		"@graph as text":      `{"content":"@graph @included @reverse","name":"@graph"}`,
		"words like keywords": `{"@graphs":1,"graph":2,"@id":"x","@type":"y","@context":{"@vocab":"z"}}`,
	} {
		if _, err := ParseDocument([]byte(text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// same compares a Value with what encoding/json makes of the same text.
func same(v Value, want any) bool {
	switch want := want.(type) {
	case nil:
		return !v.Exists()
	case string:
		return v.IsString() && v.Str() == strings.ReplaceAll(want, "\x00", "\uFFFD")
	case bool:
		return (v.node().kind == isTrue) == want
	case float64:
		n, ok := v.Number()
		return ok && (n == want || math.IsNaN(want))
	case []any:
		n := v.node()
		i := 0
		for at := v.at + 1; at < n.next; at = v.doc.nodes[at].next {
			if i >= len(want) || !same(Value{v.doc, at}, want[i]) {
				return false
			}
			i++
		}
		return i == len(want)
	case map[string]any:
		count, ok := 0, true
		v.Members(func(name string, x Value) bool {
			count++
			w, has := want[strings.ReplaceAll(name, "\uFFFD", "\uFFFD")]
			if name == "@context" || strings.ContainsRune(name, '\uFFFD') {
				return true
			}
			ok = has && same(x, w)
			return ok
		})
		return ok && count == len(want)
	}
	return false
}

func FuzzParseDocument(f *testing.F) {
	f.Add([]byte(`{"a":["\ud83c\udf63",1.5e-3,null,true],"b":{"c":{}}}`))
	f.Add([]byte(`{"@context":{"g":"@graph"}}`))
	for _, file := range recordedFiles(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := ParseDocument(text)
		if err != nil {
			return
		}
		var want map[string]any
		dec := json.NewDecoder(bytes.NewReader(text))
		if err := dec.Decode(&want); err != nil {
			if strings.Contains(err.Error(), "cannot unmarshal number") {
				return // out of the range of float64
			}
			t.Fatalf("encoding/json refuses what was read: %v", err)
		}
		if !same(v, want) {
			t.Fatalf("read otherwise than encoding/json: %s", text)
		}
	})
}

func recordedFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/misskey/*.json")
	if err != nil || len(files) < 25 {
		t.Fatalf("%d recorded files: %v", len(files), err)
	}
	return files
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func BenchmarkParseDocument(b *testing.B) {
	doc := read(b, "testdata/misskey/create-note-mfm-mention-emoji.json")
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseDocument(doc); err != nil {
			b.Fatal(err)
		}
	}
}
