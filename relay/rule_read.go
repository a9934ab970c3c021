package relay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Parse reads a rule book as it is written, in TOML: [[rule]] tables with the
// keys of the table fields. All that is wrong is told at once, and the Book is
// empty then. Names in to and from are looked at by [Check].
func Parse(text string) (*Book, Problems) {
	if len(text) > maxBook {
		return new(Book), Problems{{flaw: *wrong("relay.flaw.size", "size", len(text), "max", maxBook)}}
	}
	doc := make(map[string]any)
	if err := toml.Unmarshal([]byte(text), &doc); err != nil {
		return new(Book), Problems{syntaxProblem(err)}
	}
	return readBook(doc, indexLines([]byte(text)))
}

func syntaxProblem(err error) Problem {
	p := Problem{flaw: *wrong("relay.flaw.syntax", "why", strings.TrimPrefix(err.Error(), "toml: "))}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		p.Line, _ = at.Position()
	}
	return p
}

// ParseJSON reads the same structure as JSON: {"rule": [{"to": ["x"], …}]}.
func ParseJSON(raw []byte) (*Book, Problems) {
	if len(raw) > maxBook {
		return new(Book), Problems{{flaw: *wrong("relay.flaw.size", "size", len(raw), "max", maxBook)}}
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	doc := make(map[string]any)
	err := dec.Decode(&doc)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		return new(Book), Problems{{flaw: *wrong("relay.flaw.json", "why", err.Error())}}
	}
	for k, v := range doc {
		doc[k] = plainNumbers(v)
	}
	return readBook(doc, nil)
}

// plainNumbers makes of JSON's numbers what the TOML decoder makes of its own.
// The depth is bounded by the decoder (10,000).
func plainNumbers(v any) any {
	switch t := v.(type) {
	case json.Number:
		if n, err := t.Int64(); err == nil {
			return n
		}
		f, _ := t.Float64() // infinite when out of range: refused by the bounds
		return f
	case []any:
		for i := range t {
			t[i] = plainNumbers(t[i])
		}
	case map[string]any:
		for k := range t {
			t[k] = plainNumbers(t[k])
		}
	}
	return v
}

// ruleReader collects what is wrong on the way through a document.
type ruleReader struct {
	lines    lineIndex
	problems Problems
}

func readBook(doc map[string]any, lines lineIndex) (*Book, Problems) {
	rd := &ruleReader{lines: lines}
	book := new(Book)
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		if key != "rule" {
			rd.add("", key, key, unknownKey(key, []string{"rule"}, "relay.flaw.unknown_top"))
		}
	}
	list, is := doc["rule"].([]any)
	switch {
	case doc["rule"] == nil:
	case !is:
		rd.add("", "rule", "rule", wrong("relay.flaw.type", "got", kindOf(doc["rule"]), "want", textKey("relay.want.rules")))
	case len(list) > maxRules:
		rd.add("", "rule", "rule", wrong("relay.flaw.too_many", "n", len(list), "max", maxRules))
	default:
		for i, raw := range list {
			rd.rule(book, i, raw)
		}
	}
	rd.nameRules(book)
	rd.countPatterns(book)
	if len(rd.problems) > 0 {
		// A rule that lost a condition would match more than was meant.
		book = new(Book)
	}
	slices.SortStableFunc(rd.problems, func(a, b Problem) int { return a.Line - b.Line })
	return book, rd.problems
}

func (rd *ruleReader) add(rule, key, path string, bad *flaw) {
	rd.problems = append(rd.problems, Problem{Line: rd.lines[path], Rule: rule, Key: key, flaw: *bad})
}

func (rd *ruleReader) rule(book *Book, i int, raw any) {
	path := "rule." + strconv.Itoa(i)
	table, is := raw.(map[string]any)
	if !is {
		rd.add("", path, path, wrong("relay.flaw.type", "got", kindOf(raw), "want", textKey("relay.want.rules")))
		return
	}
	r := NewRule()
	r.Line = rd.lines[path]
	label := "#" + strconv.Itoa(i+1)
	if s, is := table["name"].(string); is && s != "" && checkText(s) == nil {
		label = s
	}
	rd.table(&r, label, path, "", table)
	if len(r.To) == 0 {
		if _, written := table["to"]; !written {
			rd.add(label, "to", path, wrong("relay.flaw.no_to"))
		} else if list, is := table["to"].([]any); is && len(list) == 0 {
			rd.add(label, "to", joinKey(path, "to"), wrong("relay.flaw.no_to"))
		}
	}
	if slices.Contains(r.To, ToNone) && len(r.To) > 1 {
		rd.add(label, "to", joinKey(path, "to"), wrong("relay.flaw.none_alone"))
	}
	for _, empty := range []struct {
		key  string
		none bool
	}{{"when.visibility", len(r.When.Visibility) == 0}, {"when.kind", len(r.When.Kind) == 0}, {"from", len(r.From) == 0}} {
		if empty.none {
			rd.add(label, empty.key, joinKey(path, empty.key), wrong("relay.flaw.empty"))
		}
	}
	book.Rules = append(book.Rules, r)
}

// table reads one table of a rule; prefix is "" or "when" and the like.
func (rd *ruleReader) table(r *Rule, label, path, prefix string, table map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		key, v := joinKey(prefix, name), table[name]
		at := joinKey(path, key)
		if i := slices.IndexFunc(fields, func(f field) bool { return f.key == key }); i >= 0 {
			if bad := fields[i].read(v, r); bad != nil {
				rd.add(label, key, at, bad)
			}
			continue
		}
		if known := keysUnder(key); prefix == "" && len(known) > 0 {
			if sub, is := v.(map[string]any); is {
				rd.table(r, label, path, key, sub)
			} else {
				rd.add(label, key, at, wrong("relay.flaw.type", "got", kindOf(v), "want", textKey("relay.want.table")))
			}
			continue
		}
		rd.add(label, clip(key), at, unknownKey(key, keysUnder(prefix), "relay.flaw.unknown"))
	}
}

// keysUnder are the known keys of a table; "" is the rule itself.
func keysUnder(prefix string) []string {
	var keys []string
	for _, f := range fields {
		table, _, nested := strings.Cut(f.key, ".")
		if nested && table == prefix {
			keys = append(keys, f.key)
		} else if prefix == "" && !slices.Contains(keys, table) {
			keys = append(keys, table)
		}
	}
	return keys
}

// countPatterns bounds the regular expressions of a book.
func (rd *ruleReader) countPatterns(book *Book) {
	n := 0
	for i := range book.Rules {
		r := &book.Rules[i]
		for _, t := range r.When.Text {
			if strings.HasPrefix(t, "/") {
				n++
			}
		}
		if n > maxPatterns {
			rd.problems = append(rd.problems, Problem{Line: r.Line, Rule: r.Name, Key: "when.text", flaw: *wrong("relay.flaw.regexps", "max", maxPatterns)})
			return
		}
	}
}

// nameRules gives a name to each rule that has none, and sees that no two are
// the same.
func (rd *ruleReader) nameRules(book *Book) {
	taken := map[string]bool{}
	for i := range book.Rules {
		r := &book.Rules[i]
		key := strings.ToLower(r.Name)
		if r.Name != "" && taken[key] {
			rd.problems = append(rd.problems, Problem{Line: r.Line, Rule: r.Name, Key: "name", flaw: *wrong("relay.flaw.name_twice", "name", quote(r.Name))})
		}
		taken[key] = true
	}
	for i := range book.Rules {
		r := &book.Rules[i]
		if r.Name != "" {
			continue
		}
		base := "rule"
		if tags := slices.Concat(r.When.TagAny, r.When.TagAll); len(tags) > 0 {
			base = tags[0]
		}
		r.Name = base
		for n := 2; taken[strings.ToLower(r.Name)]; n++ {
			r.Name = base + "-" + strconv.Itoa(n)
		}
		taken[strings.ToLower(r.Name)] = true
	}
}

// unknownKey says what was perhaps meant.
func unknownKey(key string, known []string, text string) *flaw {
	if near := nearest(key, known); near != "" {
		return wrong("relay.flaw.unknown_near", "near", near)
	}
	return wrong(text, "keys", known)
}

func clip(s string) string {
	s = quote(s)
	return s[1 : len(s)-1]
}

// nearest is the known word that differs least, "" when none is near.
func nearest(written string, known []string) string {
	best, found := 3, ""
	if len(written) > 40 {
		return ""
	}
	for _, k := range known {
		if d := distance(written, k); d < best && d < len(k) {
			best, found = d, k
		}
	}
	return found
}

// distance is how many letters have to be changed, put in or left out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
