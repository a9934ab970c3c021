package markup

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads HTML as a browser would.
func parse(t testing.TB, src string) []*html.Node {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(src), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

// harmInTree looks at what a browser makes of sanitised HTML: only elements
// and attributes that are kept, each where the sanitiser wrote it.
func harmInTree(t testing.TB, src string) string {
	var problems, opened []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.CommentNode {
			problems = append(problems, "comment")
		}
		if n.Type == html.ElementNode {
			opened = append(opened, n.Data)
			for _, a := range n.Attr {
				if p := harmInTag(n.Data + ` ` + a.Key + `="` + html.EscapeString(a.Val) + `"`); p != "" {
					problems = append(problems, p)
				}
			}
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	for _, n := range parse(t, src) {
		walk(n)
	}
	if written := startTags(src); !slices.Equal(opened, written) {
		problems = append(problems, "a browser sees "+strings.Join(opened, " ")+", written was "+strings.Join(written, " "))
	}
	return strings.Join(problems, "; ")
}

func startTags(src string) []string {
	var tags []string
	for _, part := range strings.Split(src, "<")[1:] {
		if name, _, _ := strings.Cut(part, ">"); !strings.HasPrefix(name, "/") {
			name, _, _ = strings.Cut(name, " ")
			tags = append(tags, name)
		}
	}
	return tags
}

func TestBrowserSeesTheSame(t *testing.T) {
	inputs := slices.Clone(xss)
	for _, c := range sanitizeCases {
		inputs = append(inputs, c.in)
	}
	inputs = append(inputs,
		"<b><p>a<p>b</b>c", "<ul><li><p>a<li>b</ul>", "<a href=https://x><p>a<a href=https://y>b", "<ruby>a<rt>b<ruby>c<rt>d</ruby>e</ruby>",
		"<h1>a<h2>b<p>c", "<p><pre>a</pre>b", "<pre>\n\na</pre>", "<blockquote><p>a<blockquote>b", "<li>a<li>b", "<ol><ul><li>a</ol>b",
		"<p><h1>a</h1>b</p>", "<h1><ul><li>a", "<span><li>a<span><li>b", "<code><p>a<code><p>b", "<i><i><i><i>a</i></i></i></i>", "<rt>a<rt>b", "<u><a href=https://x>a<u>b</a>c")
	for _, in := range inputs {
		for name, f := range map[string]func(string) string{"Sanitize": Sanitize, "SanitizeWeb": SanitizeWeb} {
			if problem := harmInTree(t, f(in)); problem != "" {
				t.Errorf("%s(%q) = %q: %s", name, in, f(in), problem)
			}
		}
	}
}
