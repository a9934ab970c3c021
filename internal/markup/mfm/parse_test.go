package mfm

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile texts would take quadratic or exponential time, or a deep stack, in
// a parser that tries again.
func hostile() map[string]string {
	r := strings.Repeat
	return map[string]string{
		"labels":          r("[", 1e5),
		"labels and fns":  r("[$[x ", 2e4),
		"fns":             r("$[x ", 3e4) + r("]", 3e4),
		"quotes":          r(">", 1e5),
		"quote lines":     r("> a\n", 2e4),
		"centers":         r("<center>\n", 1e4) + "</center>x\n</center>",
		"fences":          r("```a\n", 3e4),
		"math":            r("\\[\n", 3e4) + "\\]x",
		"inline math":     r("\\(", 5e4) + "\n\\)",
		"plains":          r("<plain>", 2e4),
		"bolds":           r("**", 1e5),
		"stars":           r("***a", 5e4),
		"tags":            r("<b><i><s><small>", 1e4),
		"brackets":        "#" + r("(", 1e5),
		"addresses":       r("http://(", 2e4),
		"angle addresses": r("<http://", 2e4),
		"mentions":        r("@a", 1e5),
		"codes":           r(":a", 1e5),
		"backticks":       r("`a´", 5e4),
		"combining marks": "e" + r("\u0301", 1e5),
		"joiners":         r("👩\u200d", 3e4),
		"invalid UTF-8":   r("\xff**\xc3", 3e4),
		"mixed labels":    r("**[a ", 2e4),
		"closed labels":   r("[$[x a]", 2e4),
	}
}

func TestHostile(t *testing.T) {
	for name, source := range hostile() {
		for _, nodes := range [][]Node{Parse(source), ParseSimple(source)} {
			if d := depth(nodes); d > NestLimit+1 {
				t.Errorf("%s: %d levels", name, d)
			}
		}
	}
}

// TestBudget bounds the work, not the time: what a text costs for each byte.
func TestBudget(t *testing.T) {
	for name, source := range hostile() {
		p := newParser(strings.ToValidUTF8(source, "\uFFFD"), NestLimit)
		p.budget = stepsPerByte*len(source) + minSteps
		p.full()
		if p.budget < 0 {
			t.Errorf("%s: the budget was used up", name)
		}
	}
}

func TestBudgetEndsWork(t *testing.T) {
	p := newParser("**<i>a</i>** **<i>b</i>**", NestLimit)
	p.budget = 2
	nodes := p.full()
	if got, want := asJSON(tree(nodes)), `[["bold",[["italic",["a"]]]]," ",["bold",["\u003ci\u003eb\u003c/i\u003e"]]]`; got != want {
		t.Errorf("got %v", tree(nodes))
	}
}

func depth(nodes []Node) int {
	deepest := 0
	for _, n := range nodes {
		deepest = max(deepest, depth(n.Children))
	}
	if len(nodes) == 0 {
		return 0
	}
	return deepest + 1
}

func TestEmojiLen(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
	}{
		{"", ""}, {"a", ""}, {"1", ""}, {"1\uFE0F\u20E3x", "1\uFE0F\u20E3"}, {"©", ""}, {"©\uFE0F", "©\uFE0F"},
		{"❤", "❤"}, {"❤\uFE0E", ""}, {"❤\uFE0F", "❤\uFE0F"}, {"👍🏽x", "👍🏽"}, {"🏻", "🏻"}, {"🇯🇵🇯", "🇯🇵"},
		{"👩🏽‍🤝‍👨🏿", "👩🏽‍🤝‍👨🏿"}, {"👩🏽‍🤝‍👨🏽", "👩🏽"}, {"👩‍👩‍", "👩"}, {"〰!", "〰"}, {"🏃~", "🏃"}, {"\xf0\x9f", ""}, {"日", ""},
	} {
		if got := c.in[:EmojiLen(c.in)]; got != c.want {
			t.Errorf("EmojiLen(%q) gives %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for i, g := range readGolden(f) {
		if i%20 == 0 {
			f.Add(g.Input)
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		nodes := Parse(source)
		if d := depth(nodes); d > NestLimit+1 {
			t.Fatalf("%d levels", d)
		}
		checkNodes(t, nodes)
		checkNodes(t, ParseSimple(source))
	})
}

func checkNodes(t *testing.T, nodes []Node) {
	for i, n := range nodes {
		if !utf8.ValidString(n.Text) || !utf8.ValidString(n.More) {
			t.Fatalf("no UTF-8: %q %q", n.Text, n.More)
		}
		if n.Kind == Text && (n.Text == "" || i > 0 && nodes[i-1].Kind == Text) {
			t.Fatalf("texts not merged: %v", tree(nodes))
		}
		checkNodes(t, n.Children)
	}
}

const sample = "$[tada **新しい**サーバー]を立てました :blobcat: @alice@social.example\n> 縁側でお茶を飲む\nhttps://blog.example.com/2026/11/engawa ❤ #縁側 `code` [link](https://e.example/)"

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(sample)))
	for b.Loop() {
		Parse(sample)
	}
}

func BenchmarkParsePlain(b *testing.B) {
	text := strings.Repeat("縁側でお茶を飲みながら話しました。 plain words in between, ", 8)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Parse(text)
	}
}

func BenchmarkParseHostile(b *testing.B) {
	rnd := rand.New(rand.NewPCG(1, 2))
	marks := []string{"[", "]", "**", "<b>", "</b>", "$[x ", "~~", "<center>", "\n", "a", "](https://a.b)"}
	var s strings.Builder
	for s.Len() < 10_000 {
		s.WriteString(marks[rnd.IntN(len(marks))])
	}
	b.ReportAllocs()
	for b.Loop() {
		Parse(s.String())
	}
}
