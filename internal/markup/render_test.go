package markup

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func options(f Format) Options {
	return Options{
		Format: f,
		Resolve: func(handle string) (Mention, bool) {
			switch handle {
			case "alice":
				return Mention{URI: "https://home.example/users/alice", URL: "https://home.example/@alice"}, true
			case "bob@far.example":
				return Mention{Name: "bob", URI: "https://far.example/u/1", URL: "javascript:alert(1)"}, true
			}
			return Mention{}, false
		},
		TagURL: func(tag string) string { return "https://home.example/tags/" + tag },
	}
}

const (
	aliceLink = `<span class="h-card" translate="no"><a href="https://home.example/@alice" class="u-url mention">@<span>alice</span></a></span>`
	bobLink   = `<span class="h-card" translate="no"><a href="https://far.example/u/1" class="u-url mention">@<span>bob</span></a></span>`
	tagLink   = `<a href="https://home.example/tags/tag" class="mention hashtag" rel="tag">#<span>Tag</span></a>`
	shortURL  = `<a href="https://e.example/a?b&amp;c" rel="nofollow noopener" target="_blank" translate="no"><span class="invisible">https://</span><span class="">e.example/a?b&amp;c</span><span class="invisible"></span></a>`
	longURL   = `<a href="https://www.example.com/2026/11/engawa-first-look" rel="nofollow noopener" target="_blank" translate="no"><span class="invisible">https://www.</span><span class="ellipsis">example.com/2026/11/engawa-fir</span><span class="invisible">st-look</span></a>`
)

func TestRenderPlain(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {" \n ", ""},
		{"a & <b> \"c\"", `<p>a &amp; &lt;b&gt; "c"</p>`},
		{"a\nb\r\nc\n\nd\n\n\n\ne\n", "<p>a<br>b<br>c</p><p>d</p><p>e</p>"},
		{"a\r\n\r\nb\r\rc", "<p>a</p><p>b</p><p>c</p>"},
		{"@alice, @bob@far.example, @who", "<p>" + aliceLink + ", " + bobLink + ", @who</p>"},
		{"#Tag。", "<p>" + tagLink + "。</p>"},
		{"＃Tag", "<p>" + tagLink + "</p>"},
		{"see https://e.example/a?b&c.", "<p>see " + shortURL + ".</p>"},
		{"https://www.example.com/2026/11/engawa-first-look", "<p>" + longURL + "</p>"},
		{":cat: **b**", "<p>:cat: **b**</p>"},
		{"\x00a\xff", "<p>a\uFFFD</p>"},
		{`https://e.example/"onmouseover="x`, `<p><a href="https://e.example/" rel="nofollow noopener" target="_blank" translate="no"><span class="invisible">https://</span><span class="">e.example/</span><span class="invisible"></span></a>"onmouseover="x</p>`},
	} {
		if got := Render(c.in, options(Plain)).HTML; got != c.want {
			t.Errorf("Render(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestRenderMarkdown(t *testing.T) {
	short := strings.Replace(shortURL, `<span class="">`, "<span>", 1)
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"},
		{"a\nb\n\nc", "<p>a<br>b</p><p>c</p>"},
		{"# H\n\n> q\n\n- a\n- b\n\n1. c\n\n---\n", "<p><strong>H</strong></p><blockquote><p>q</p></blockquote><ul><li>a</li><li>b</li></ul><ol><li>c</li></ol>"},
		{"```js\na <b>\n\n  c\n```", "<pre><code>a &lt;b&gt;\n\n  c\n</code></pre>"},
		{"<b>x</b> <script>alert(1)</script>\n\n<div>y", "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;</p><p>&lt;div&gt;y</p>"},
		{"@alice and @bob@far.example", "<p>" + aliceLink + " and " + bobLink + "</p>"},
		{"**@alice** #Tag", "<p><strong>" + aliceLink + "</strong> " + tagLink + "</p>"},
		{"＃Tag", "<p>" + tagLink + "</p>"},
		{"`@alice #Tag` \\@alice \\#Tag", "<p><code>@alice #Tag</code> @alice #Tag</p>"},
		{"見てhttps://e.example/a?b&c。", "<p>見て" + short + "。</p>"},
		{"(https://e.example/a?b&c)", "<p>(" + short + ")</p>"},
		{"[t **b**](https://e.example/x)", `<p><a href="https://e.example/x" rel="nofollow noopener" target="_blank">t <strong>b</strong></a></p>`},
		{"[@alice https://a.example](https://e.example/x)", `<p><a href="https://e.example/x" rel="nofollow noopener" target="_blank">@alice https://a.example</a></p>`},
		{"[t](javascript:alert(1)) [u](data:x)", "<p>t u</p>"},
		{"![alt](https://e.example/i.png)", `<p><a href="https://e.example/i.png" rel="nofollow noopener" target="_blank">alt</a></p>`},
		{"<https://e.example/x>", `<p><a href="https://e.example/x" rel="nofollow noopener" target="_blank">https://e.example/x</a></p>`},
		{"https://e.example/__init__.py/a_b_c", `<p><a href="https://e.example/__init__.py/a_b_c" rel="nofollow noopener" target="_blank" translate="no"><span class="invisible">https://</span><span>e.example/__init__.py/a_b_c</span><span class="invisible"></span></a></p>`},
		{"@a_b_c :a_b_c:", "<p>@a_b_c :a_b_c:</p>"},
		{"> ```\n> a\n> ```\n> b", "<blockquote><pre><code>a\n</code></pre><p>b</p></blockquote>"},
		{"- a\n  - @alice\n", "<ul><li>a<ul><li>" + aliceLink + "</li></ul></li></ul>"},
	} {
		got := Render(c.in, options(Markdown)).HTML
		if got != c.want {
			t.Errorf("Render(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestRendered(t *testing.T) {
	in := "@alice @ALICE @bob@far.example @who #Tag #tag #ＴＡＧ #b :cat: :cat: :dog: https://a.example https://b.example https://a.example"
	for _, f := range []Format{Plain, Markdown, MFM} {
		r := Render(in, options(f))
		var handles []string
		for _, m := range r.Mentions {
			handles = append(handles, m.Handle+"="+m.Name)
		}
		if want := []string{"alice=alice", "bob@far.example=bob"}; !slices.Equal(handles, want) {
			t.Errorf("%s: mentions %q", f, handles)
		}
		if want := []string{"Tag", "b"}; !slices.Equal(r.Tags, want) {
			t.Errorf("%s: tags %q", f, r.Tags)
		}
		if want := []string{"cat", "dog"}; !slices.Equal(r.Emoji, want) {
			t.Errorf("%s: emoji %q", f, r.Emoji)
		}
		if want := []string{"https://a.example", "https://b.example"}; !slices.Equal(r.URLs, want) {
			t.Errorf("%s: urls %q", f, r.URLs)
		}
		if r.NeedsSource {
			t.Errorf("%s: needs no source", f)
		}
	}
	r := Render("[a](https://a.example) <https://b.example> **c**", options(MFM))
	if len(r.URLs) != 2 || !r.NeedsSource || !strings.Contains(r.Web, "<b>c</b>") {
		t.Errorf("%+v", r)
	}
}

func TestRenderBounds(t *testing.T) {
	asked := 0
	o := Options{Resolve: func(string) (Mention, bool) { asked++; return Mention{}, false }}
	var in strings.Builder
	for i := range 1000 {
		in.WriteString("@u" + strings.Repeat("x", i%200) + " #t" + strings.Repeat("y", i%200) + " ")
	}
	r := Render(in.String(), o)
	if asked != MaxMentions || len(r.Tags) != MaxTags {
		t.Errorf("asked %d times, %d tags", asked, len(r.Tags))
	}
}

func hostileMarkdown() []string {
	r := strings.Repeat
	return append(hostileText(),
		r(">", 6e4), r("- ", 3e4)+"x", r("[", 6e4), r("![", 3e4), r("*", 6e4), r("*a_", 2e4), r("`", 6e4), r("[a](", 1e4), r("~~a", 2e4),
		r("> ", 3e4), r("    ", 1e4)+"x", r("a\n> ", 1e4), r("[a]: b\n", 8e3), r("*a **a ", 8e3), r("<a", 3e4), r("&", 6e4), r("\\", 6e4), r("```\n", 1e4), r("- a\n  ", 1e4))
}

func TestHostileMarkdown(t *testing.T) {
	for _, in := range hostileMarkdown() {
		for _, f := range []Format{Plain, Markdown, MFM} {
			r := Render(in, options(f))
			if f != MFM && harm(r.HTML) != "" || f == MFM && harm(r.Web) != "" {
				t.Errorf("%s of %.30q…: %.200s%.200s", f, in, harm(r.HTML), harm(r.Web))
			}
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("**@alice** #Tag [a](https://b.example) <b>c</b>\n> q\n- `d`")
	f.Add("$[tada.speed=1s a] <small>b</small> <https://e.example/\"'> :cat:")
	for _, in := range xss {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, format := range []Format{Plain, Markdown, MFM} {
			r := Render(in, options(format))
			shown := r.HTML
			if format == MFM {
				shown = r.Web
				if kept := SanitizeWeb(r.Web); kept != r.Web {
					t.Fatalf("SanitizeWeb changes\n%q to\n%q", r.Web, kept)
				}
			}
			if problem := harm(shown); problem != "" || !utf8.ValidString(shown) {
				t.Fatalf("%s: %q: %s", format, shown, problem)
			}
		}
	})
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ from, to, in, want string }{
		{"plain", "html", "a\n@b@c.example", `<p>a<br><span class="h-card" translate="no"><a href="https://c.example/@b" class="u-url mention">@<span>b</span></a></span></p>`},
		{"plain", "text", "a <b>\n#t", "a <b>\n#t"},
		{"markdown", "text", "**a**\n\n- b\n- c", "a\n\n・b\n・c"},
		{"markdown", "web", "**a**", "<p><strong>a</strong></p>"},
		{"mfm", "html", "$[x2 a] #t", `<i>a</i> <a href="http://localhost/tags/t" rel="tag">#t</a>`},
		{"mfm", "web", "$[x2 a]", `<span class="mfm-x2">a</span>`},
		{"mfm", "text", "$[ruby 漢 かん] [a](https://b.example)", "漢(かん) a (https://b.example)"},
	} {
		got, err := Convert(c.from, c.to, c.in)
		if err != nil || got != c.want {
			t.Errorf("Convert(%s, %s, %q)\n got %q, %v\nwant %q", c.from, c.to, c.in, got, err, c.want)
		}
	}
	for _, c := range [][2]string{{"html", "text"}, {"mfm", "pdf"}} {
		if _, err := Convert(c[0], c[1], "x"); err == nil {
			t.Errorf("Convert(%s, %s) gives no error", c[0], c[1])
		}
	}
}

func BenchmarkRenderPlain(b *testing.B)    { benchmarkRender(b, Plain) }
func BenchmarkRenderMarkdown(b *testing.B) { benchmarkRender(b, Markdown) }
func BenchmarkRenderMFM(b *testing.B)      { benchmarkRender(b, MFM) }

func benchmarkRender(b *testing.B, f Format) {
	o := options(f)
	b.ReportAllocs()
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		Render(post, o)
	}
}
