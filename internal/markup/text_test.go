package markup

import "testing"

func TestText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"plain\n text", "plain\n text"},
		{"<p>a<br>b</p><p>c</p>", "a\nb\n\nc"},
		{"<p>a &lt;b&gt; &amp;amp;</p>", "a <b> &amp;"},
		{`<p>see <a href="https://e.example/x"><span class="invisible">https://</span><span class="ellipsis">e.example/</span><span class="invisible">x</span></a>!</p>`, "see https://e.example/x!"},
		{"<p>a</p>\n\n <p>b   c\n d</p>\n", "a\n\nb c d"},
		{"<p>a</p><ul><li>b</li><li>c</li></ul>d", "a\n\n・b\n・c\n\nd"},
		{"<blockquote><p>a<br>b</p><p>c</p></blockquote><p>d</p>", "> a\n> b\n> \n> c\n\nd"},
		{"x<pre><code>a\n  b\n</code></pre>y", "x\n\na\n  b\n\ny"},
		{"<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢(かん)"},
		{"<ruby>漢<rt>かん</rt></ruby>字", "漢(かん)字"},
		{"a<script>b</script>c", "ac"},
		{"<h1>T</h1>x", "T\n\nx"},
		{"<div>a</div><div>b</div>", "a\nb"},
	} {
		if got := Text(c.in); got != c.want {
			t.Errorf("Text(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{{"日本語です", 5, "日本語です"}, {"日本語です", 4, "日本語…"}, {"ab cd", 4, "ab…"}, {"x", 0, ""}} {
		if got := Shorten(c.in, c.n); got != c.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}
