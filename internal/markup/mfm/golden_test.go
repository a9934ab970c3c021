package mfm

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// tree writes nodes as testdata/README says: text as a string, other nodes as
// an array of their type, properties and children.
func tree(nodes []Node) []any {
	out := make([]any, 0, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		kind := n.Kind.String()
		switch n.Kind {
		case Text:
			out = append(out, n.Text)
		case Search, BlockCode, Mention:
			out = append(out, []any{kind, n.Text, n.More})
		case MathBlock, MathInline, UnicodeEmoji, EmojiCode, InlineCode, Hashtag:
			out = append(out, []any{kind, n.Text})
		case URL:
			out = append(out, []any{kind, n.Text, n.Flag})
		case Link:
			out = append(out, []any{kind, n.Text, n.Flag, tree(n.Children)})
		case Fn:
			out = append(out, []any{kind, n.Text, argTree(n.Args), tree(n.Children)})
		default:
			out = append(out, []any{kind, tree(n.Children)})
		}
	}
	return out
}

func argTree(args []Arg) map[string]any {
	out := map[string]any{}
	for _, a := range args {
		if a.Flag {
			out[a.Name] = true
		} else {
			out[a.Name] = a.Value
		}
	}
	return out
}

type golden struct {
	Input  string `json:"i"`
	Full   []any  `json:"t"`
	Simple []any  `json:"s"`
}

func readGolden(t testing.TB) []golden {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no golden files", err)
	}
	var all []golden
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var g golden
			if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
				t.Fatal(err)
			}
			all = append(all, g)
		}
	}
	return all
}

func TestGolden(t *testing.T) {
	for _, g := range readGolden(t) {
		if got := tree(Parse(g.Input)); !reflect.DeepEqual(got, g.Full) {
			t.Errorf("Parse(%q)\n got %v\nwant %v", g.Input, asJSON(got), asJSON(g.Full))
		}
		if got := tree(ParseSimple(g.Input)); !reflect.DeepEqual(got, g.Simple) {
			t.Errorf("ParseSimple(%q)\n got %v\nwant %v", g.Input, asJSON(got), asJSON(g.Simple))
		}
	}
}

func asJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
