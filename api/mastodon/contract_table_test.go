package mastodon

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// contractFile is our own table of what Mastodon's client API answers, made
// from the schema by -update where the schema is there. It holds no text of the
// schema, only names and types.
const contractFile = "testdata/contract.json"

// contract is the table. A type is one of
//
//	"string" "integer" "number" "boolean" "object" "any" "empty", "url", "time"
//	(ISO 8601), "date", "language" (ISO 639-1), "html"; "=a,b" one of these words
//	"Name"        an entity
//	["T"]         a list
//	{"key": "T"}  an object; "key?" may be missing; "*" stands for any key
//	{"|": […]}    any of these
//
// with "?" behind it, or {"?": T}, where it may be null.
type contract struct {
	Version    string         `json:"version"`
	Operations []contractOp   `json:"operations"`
	Entities   map[string]any `json:"entities"`
}

// contractOp is one operation: the method and path, since which version of
// Mastodon, and the type of each answer that is no error, by status.
type contractOp struct {
	Op      string         `json:"op"`
	Since   string         `json:"since,omitempty"`
	Scopes  []string       `json:"scopes,omitempty"`
	Answers map[string]any `json:"answers"`
}

// told are the types of answers for which the schema has none; they are from
// Mastodon's documentation.
var told = map[string]any{
	"GET /api/v1/accounts/{}/collections":        map[string]any{"collections": []any{"Collection"}},
	"GET /api/v1/accounts/{}/in_collections":     map[string]any{"collections": []any{"Collection"}},
	"POST /api/v1/collections":                   map[string]any{"collection": "Collection"},
	"PATCH /api/v1/collections/{}":               map[string]any{"collection": "Collection"},
	"POST /api/v1/collections/{}/items":          map[string]any{"collection_item": "CollectionItem"},
	"GET /api/v1/annual_reports":                 map[string]any{"annual_reports": []any{"AnnualReport"}, "accounts": []any{"Account"}, "statuses": []any{"Status"}},
	"GET /api/v1/annual_reports/{}":              map[string]any{"annual_reports": []any{"AnnualReport"}, "accounts": []any{"Account"}, "statuses": []any{"Status"}},
	"GET /api/v1/annual_reports/{}/state":        map[string]any{"state": "=available,generating,eligible,ineligible"},
	"GET /health":                                map[string]any{"status": "=UP"},
	"GET /api/v1/instance/translation_languages": map[string]any{"*": []any{"string"}},
	"GET /oauth/authorize":                       "html",
	"GET /oauth/userinfo":                        map[string]any{"iss": "url", "sub": "url", "name": "string", "preferred_username": "string", "profile": "url", "picture": "url"},
	"GET /api/v1/filters":                        []any{"V1Filter"}, // the schema has one for the list
	"GET /api/v1/preferences":                    "Preferences",
}

// quirks are where the schema says something that Mastodon does not do. Each is
// mended in the table, for the reason given.
var quirks = []struct{ entity, field, kind, reason string }{
	{"PreviewCard", "author_url", "string", "is empty where no author is known"},
	{"PreviewCard", "provider_url", "string", "is empty where no provider is known"},
	{"PreviewCard", "embed_url", "string", "is empty where nothing is embedded"},
	{"TrendsLink", "author_url", "string", "is empty where no author is known"},
	{"TrendsLink", "provider_url", "string", "is empty where no provider is known"},
	{"TrendsLink", "embed_url", "string", "is empty where nothing is embedded"},
	{"PreviewCardAuthor", "url", "string", "is empty where no page of the author is known"},
	{"V1Instance", "email", "string", "is empty where nobody is named to write to"},
	{"Relationship", "languages?", "null-list", "null says that a follow is not narrowed to languages"},
}

var since = regexp.MustCompile(`(?:^|\n)\s*(\d+\.\d+(?:\.\d+)?)[^\n]* - (?:added|adds?\b)`)

// schemaDoc is as much of an OpenAPI document as is read.
type schemaDoc struct {
	Info  struct{ Version string }
	Paths map[string]map[string]struct {
		Description string
		Security    []map[string][]string
		Responses   map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
	Components struct{ Schemas map[string]map[string]any }
}

// makeContract reads the schema; nil where it is not there.
func makeContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile(schemaFile)
	if os.IsNotExist(err) {
		return nil
	}
	must(t, err)
	var doc schemaDoc
	must(t, json.Unmarshal(data, &doc))
	g := &generator{&doc, map[string]any{}}
	c := &contract{Version: doc.Info.Version, Entities: g.used}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			op := contractOp{Op: strings.ToUpper(method) + " " + placeholder.ReplaceAllString(path, "{}"), Answers: map[string]any{}}
			if m := since.FindStringSubmatch(strings.ReplaceAll(o.Description, "\\", "")); m != nil {
				op.Since = m[1]
			}
			for _, s := range o.Security {
				op.Scopes = append(op.Scopes, s["OAuth2"]...)
			}
			for status, r := range o.Responses {
				if status[0] != '2' {
					continue
				}
				op.Answers[status] = "empty"
				for _, content := range r.Content {
					if content.Schema != nil {
						op.Answers[status] = g.kind(content.Schema)
					}
				}
			}
			if t, ok := told[op.Op]; ok {
				op.Answers["200"] = t
				g.name(t)
			}
			c.Operations = append(c.Operations, op)
		}
	}
	slices.SortFunc(c.Operations, func(a, b contractOp) int { return strings.Compare(a.key(), b.key()) })
	g.mend(t)
	return c
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// key orders by path, then method.
func (o contractOp) key() string {
	method, path, _ := strings.Cut(o.Op, " ")
	return path + " " + method
}

// generator turns schemas into types and keeps the entities that are used.
type generator struct {
	doc  *schemaDoc
	used map[string]any
}

func (g *generator) kind(s map[string]any) any {
	if ref, ok := s["$ref"].(string); ok {
		return g.named(ref[strings.LastIndexByte(ref, '/')+1:])
	}
	for _, word := range []string{"oneOf", "anyOf"} {
		if list, ok := s[word].([]any); ok {
			return g.anyOf(list)
		}
	}
	if list, ok := s["allOf"].([]any); ok {
		all := map[string]any{}
		for _, x := range list {
			if m, ok := g.resolve(x.(map[string]any)).(map[string]any); ok {
				for k, v := range m {
					all[k] = v
				}
			}
		}
		return all
	}
	name, null := typeOf(s["type"])
	return nullable(g.plain(name, s), null)
}

// resolve is the type of a schema with the name of an entity looked up.
func (g *generator) resolve(s map[string]any) any {
	t := g.kind(s)
	if name, ok := t.(string); ok && g.used[name] != nil {
		return g.used[name]
	}
	return t
}

func typeOf(v any) (name string, null bool) {
	switch v := v.(type) {
	case string:
		return v, false
	case []any:
		for _, x := range v {
			if x == "null" {
				null = true
			} else {
				name, _ = x.(string)
			}
		}
	}
	return name, null
}

func nullable(t any, null bool) any {
	if !null {
		return t
	}
	if s, ok := t.(string); ok {
		return s + "?"
	}
	return map[string]any{"?": t}
}

var formats = map[string]string{"uri": "url", "date-time": "time", "date": "date", "iso-639-1": "language"}

func (g *generator) plain(name string, s map[string]any) any {
	if enum, ok := s["enum"].([]any); ok {
		var words []string
		for _, w := range enum {
			if text, ok := w.(string); ok {
				words = append(words, text)
			}
		}
		return "=" + strings.Join(words, ",")
	}
	switch name {
	case "array":
		items, _ := s["items"].(map[string]any)
		return []any{g.kind(items)}
	case "object", "":
		return g.object(s)
	case "string":
		if f, ok := s["format"].(string); ok && formats[f] != "" {
			return formats[f]
		}
	}
	return name
}

func (g *generator) object(s map[string]any) any {
	props, _ := s["properties"].(map[string]any)
	if len(props) == 0 {
		if more, ok := s["additionalProperties"].(map[string]any); ok {
			return map[string]any{"*": g.kind(more)}
		}
		return "object"
	}
	required, _ := s["required"].([]any)
	out := map[string]any{}
	for k, v := range props {
		t := g.kind(v.(map[string]any))
		if !slices.Contains(required, any(k)) {
			k += "?"
		}
		out[k] = t
	}
	return out
}

func (g *generator) anyOf(list []any) any {
	var kinds []any
	null := false
	for _, x := range list {
		m := x.(map[string]any)
		if m["type"] == "null" {
			null = true
			continue
		}
		kinds = append(kinds, g.kind(m))
	}
	if len(kinds) == 1 {
		return nullable(kinds[0], null)
	}
	return nullable(map[string]any{"|": kinds}, null)
}

// named is an entity's name; what is no object stands for itself.
func (g *generator) named(name string) any {
	if g.used[name] != nil {
		return name
	}
	s := g.doc.Components.Schemas[name]
	if s["properties"] == nil && s["allOf"] == nil && s["oneOf"] == nil {
		return g.kind(s)
	}
	g.used[name] = "object" // entities name each other
	g.used[name] = g.kind(s)
	return name
}

// name keeps the entities of a type that is told.
func (g *generator) name(t any) {
	switch t := t.(type) {
	case string:
		if g.doc.Components.Schemas[t] != nil {
			g.named(t)
		}
	case []any:
		g.name(t[0])
	case map[string]any:
		for _, x := range t {
			g.name(x)
		}
	}
}

// mend applies the quirks.
func (g *generator) mend(t *testing.T) {
	for _, q := range quirks {
		e, _ := g.used[q.entity].(map[string]any)
		if e == nil || e[q.field] == nil {
			t.Errorf("the quirk of %s.%s is about nothing", q.entity, q.field)
			continue
		}
		e[q.field] = q.kind
		if q.kind == "null-list" {
			e[q.field] = map[string]any{"?": []any{"language"}}
		}
	}
}

// readContract is the table as it is kept.
func readContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile(contractFile)
	must(t, err)
	c := &contract{}
	must(t, json.Unmarshal(data, c))
	return c
}

// TestContractTable: the table is what the schema says, where the schema is
// there; -update writes it anew.
func TestContractTable(t *testing.T) {
	if fresh := makeContract(t); fresh != nil {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		b.WriteString("{\"version\": ")
		must(t, e.Encode(fresh.Version))
		b.WriteString(",\n\"operations\": [\n")
		for i, o := range fresh.Operations {
			if i > 0 {
				b.WriteString(",\n")
			}
			data, err := json.Marshal(o)
			must(t, err)
			b.Write(data)
		}
		b.WriteString("\n],\n\"entities\": {\n")
		names := make([]string, 0, len(fresh.Entities))
		for name := range fresh.Entities {
			names = append(names, name)
		}
		slices.Sort(names)
		for i, name := range names {
			if i > 0 {
				b.WriteString(",\n")
			}
			data, err := json.Marshal(fresh.Entities[name])
			must(t, err)
			b.WriteString(`"` + name + `": ` + string(data))
		}
		b.WriteString("\n}}\n")
		if *update {
			must(t, os.WriteFile(contractFile, b.Bytes(), 0o644))
		} else if kept, _ := os.ReadFile(contractFile); !bytes.Equal(kept, b.Bytes()) {
			t.Error("testdata/contract.json is not what the schema says: go test ./api/mastodon -run TestContractTable -update")
		}
	}
	c := readContract(t)
	if len(c.Operations) != 210 || len(c.Entities) < 60 {
		t.Errorf("%d operations and %d entities", len(c.Operations), len(c.Entities))
	}
}
