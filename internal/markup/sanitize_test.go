package markup

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const linkEnd = ` rel="nofollow noopener" target="_blank">`

var sanitizeCases = []struct{ name, in, want string }{
	{"plain", `hello & <3 "q"`, `hello &amp; &lt;3 "q"`},
	{"kept elements", `<p>a<br>b</p><blockquote><pre><code>x</code></pre></blockquote>`, `<p>a<br>b</p><blockquote><pre><code>x</code></pre></blockquote>`},
	{"inline", `<del>a</del><em>b</em><strong>c</strong><b>d</b><i>e</i><u>f</u><s>g</s>`, `<del>a</del><em>b</em><strong>c</strong><b>d</b><i>e</i><u>f</u><s>g</s>`},
	{"lists", `<ol start="3" reversed onclick=x><li value=4>a<li>b</ol><ul><li>c</ul>`, `<ol start="3" reversed=""><li value="4">a</li><li>b</li></ol><ul><li>c</li></ul>`},
	{"nested lists", `<ul><li>a<ul><li>b</ul><li>c</ul>`, `<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>`},
	{"bad numbers", `<ol start="1e9"><li value="x">a</ol>`, `<ol><li>a</li></ol>`},
	{"ruby", `<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>`, `<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>`},
	{"headings", `<h1>T</h1><h6>t</h6>x`, `<p><strong>T</strong></p><p><strong>t</strong></p>x`},
	{"lang, translate", `<p lang="ja">あ<span translate="no" class=x>n</span><i translate=yes lang='"'>e</i></p>`, `<p lang="ja">あ<span translate="no">n</span><i>e</i></p>`},
	{"link", `<a href="https://e.example/?a=1&amp;b=2" rel="me" target=x class="u-url mention evil">x</a>`, `<a href="https://e.example/?a=1&amp;b=2" class="u-url mention"` + linkEnd + `x</a>`},
	{"classes", `<span class="h-card invisible ellipsis p-x dt-y e-z hashtag quote-inline btn h-">x</span>`, `<span class="h-card invisible ellipsis p-x dt-y e-z hashtag quote-inline">x</span>`},
	{"quote-inline", `<p class="quote-inline">RE: x</p>`, `<p class="quote-inline">RE: x</p>`},
	{"link in link", `<a href=https://a.example>1<a href=https://b.example>2</a>3</a>`, `<a href="https://a.example"` + linkEnd + `1</a><a href="https://b.example"` + linkEnd + `2</a>3`},
	{"schemes", `<a href="magnet:?xt=1">m</a><a href="GEMINI://x">g</a><a href="xmpp:a@b">x</a>`, `<a href="magnet:?xt=1"` + linkEnd + `m</a><a href="GEMINI://x"` + linkEnd + `g</a><a href="xmpp:a@b"` + linkEnd + `x</a>`},
	{"scripts", `a<script>alert("<b>")</script>b<style>x{}</STYLE >c<svg><a href="https://x">y</a></svg>d`, `abcd`},
	{"script unclosed", `a<script>alert(1)<b>`, `a`},
	{"unknown inline", `<font color=red>a</font><x-y>b</x-y>`, `ab`},
	{"unknown block", `<div>a</div><div>b</div><table><tr><td>c<td>d</table>`, `a b c d`},
	{"p closes p", `<p>a<p>b`, `<p>a</p><p>b</p>`},
	{"block closes p", `<p>a<ul><li>b</ul>`, `<p>a</p><ul><li>b</li></ul>`},
	{"unclosed", `<p><b>a`, `<p><b>a</b></p>`},
	{"crossed", `<b><i>a</b>b</i>`, `<b><i>a</i></b>b`},
	{"stray ends", `</p></b>a</br>b</a>`, `a<br>b`},
	{"comment", `a<!-- <b>x</b> -->b<!-->c<!--->d<!doctype x>e<?php f ?>g<![CDATA[h]]>i</ x>j`, `abcdegij`},
	{"cut tag", `a<b title="x`, `a`},
	{"entities", `&lt;script&gt; &amp;lt; &#60;b&#62; &nbsp;&hearts; &bogus; & &#x3c`, "&lt;script&gt; &amp;lt; &lt;b&gt; \u00a0♥ &amp;bogus; &amp; &amp;#x3c"},
	{"control characters", "a\x00b\x07c\x7f\td", "abc\td"},
	{"control characters in markup", "<b>a\x00b</b>", "<b>ab</b>"},
	{"nothing but control characters", "\x10<div>0", "0"},
	{"invalid UTF-8", "<b>\xff\xc3</b>", "<b>\uFFFD</b>"},
	{"quote in attribute", `<a href='https://x/"onmouseover="alert(1)'>x</a>`, `<a href="https://x/&quot;onmouseover=&quot;alert(1)"` + linkEnd + `x</a>`},
	{"image", `<img src=x onerror=alert(1)>a`, `a`},
	{"small goes", `<small>a</small><time datetime=x>b</time>`, `ab`},
	{"mfm goes", `<span class="mfm-tada" data-mfm-speed="2s">a</span>`, `<span>a</span>`},
	{"first attribute wins", `<a href=https://a.example href=javascript:x>x</a>`, `<a href="https://a.example"` + linkEnd + `x</a>`},
}

func TestSanitize(t *testing.T) {
	for _, c := range sanitizeCases {
		t.Run(c.name, func(t *testing.T) {
			got := Sanitize(c.in)
			if got != c.want {
				t.Errorf("Sanitize(%q)\n got %q\nwant %q", c.in, got, c.want)
			}
			if again := Sanitize(got); again != got {
				t.Errorf("not stable: %q becomes %q", got, again)
			}
		})
	}
}

// xss holds what must come out without any of the marks in checkHarmless.
var xss = []string{
	`<script>alert(1)</script>`, `<ScRiPt src=//x></sCrIpT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" java` + "\n" + `script:alert(1)">x</a>`, `<a href="jav&#x09;ascript:alert(1)">x</a>`,
	`<a href="&#106;avascript:alert(1)">x</a>`, `<a href="javascript&colon;alert(1)">x</a>`, `<a href="\x01javascript:alert(1)">x</a>`,
	"<a href=\"\x01javascript:alert(1)\">x</a>", `<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<a href="vbscript:x">x</a>`,
	`<a href=//evil.example>x</a>`, `<a href="https://x" onclick="alert(1)">x</a>`, `<a href="https://x" style="x:expression(1)">x</a>`,
	`<p style="background:url(javascript:x)" onmouseover=alert(1)>x</p>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></math>`, `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea><img title="</textarea><img src=x onerror=alert(1)>">`, `<form action=javascript:x><input type=submit></form>`,
	`<base href="https://evil.example/">`, `<meta http-equiv=refresh content=0>`, `<link rel=stylesheet href=//x>`, `<object data=x></object><embed src=x>`,
	`<b/onclick=alert(1)>x</b>`, `<b onclick=alert(1)//>x</b>`, `"><script>alert(1)</script>`, `<a href='x'onclick='alert(1)'>x</a>`,
	`<!--><script>alert(1)</script>-->`, `<!--x--!><script>alert(1)</script>`, `<![CDATA[><script>alert(1)</script>]]>`, `<?x ><script>alert(1)</script>?>`,
	`<span class="x" data-mfm-speed="1s;background:url(x)">x</span>`, `<span class="mfm-tada" data-mfm-speed='1s" onclick="x'>x</span>`,
	`<span class="mfm-fg" data-mfm-color="f00;position:fixed">x</span>`, `<template><script>x</script></template>`, `<a href="https://:a&quot; onx=:">:a" onx=:</a>`,
	`<xmp><p title="</xmp><script>alert(1)</script>">`, `<plaintext><script>`, "<\x00script>alert(1)</script>", `<a ="x" href="javascript:x">y</a>`,
	`<video src=x onerror=alert(1)><source onerror=x></video>`, `<details open ontoggle=alert(1)>x</details>`, `<title><script>x</script></title>`,
}

func TestXSS(t *testing.T) {
	for _, in := range xss {
		for name, f := range map[string]func(string) string{"Sanitize": Sanitize, "SanitizeWeb": SanitizeWeb} {
			if problem := harm(f(in)); problem != "" {
				t.Errorf("%s(%q) = %q: %s", name, in, f(in), problem)
			}
		}
	}
}

// harm looks at sanitised HTML with a reader of its own: every "<" must begin
// a known tag, and every attribute must be one that is kept.
func harm(html string) string {
	if !utf8.ValidString(html) {
		return "no UTF-8"
	}
	for {
		_, rest, found := strings.Cut(html, "<")
		if !found {
			return ""
		}
		tag, after, closed := strings.Cut(rest, ">")
		if !closed {
			return "unclosed tag"
		}
		if problem := harmInTag(tag); problem != "" {
			return problem
		}
		html = after
	}
}

func harmInTag(tag string) string {
	name, attrs, _ := strings.Cut(strings.TrimPrefix(tag, "/"), " ")
	known := " p span br a del pre code em strong b i u s ul ol li blockquote ruby rt rp small time "
	if name == "" || !strings.Contains(known, " "+name+" ") {
		return "element " + name
	}
	for attrs != "" {
		attr, rest, ok := strings.Cut(attrs, `="`)
		if !ok {
			return "attribute without value: " + attrs
		}
		value, rest, ok := strings.Cut(rest, `"`)
		if !ok {
			return "open attribute"
		}
		attr = strings.TrimSpace(attr)
		allowed := " href class rel target lang translate start reversed value datetime "
		if !strings.Contains(allowed, " "+attr+" ") && !strings.HasPrefix(attr, "data-mfm-") {
			return "attribute " + attr
		}
		if _, safe := SafeHref(value); attr == "href" && !safe {
			return "href " + value
		}
		if strings.HasPrefix(attr, "data-mfm-") && strings.ContainsAny(value, " ;:()/\\") {
			return "argument " + value
		}
		attrs = rest
	}
	return ""
}

func TestSanitizeWeb(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<span class="mfm-tada" data-mfm-speed="2s">a</span>`, `<span class="mfm-tada" data-mfm-speed="2s">a</span>`},
		{`<span class="mfm-spin" data-mfm-left data-mfm-Speed=".5s" data-mfm-x="y">a</span>`, `<span class="mfm-spin" data-mfm-left="" data-mfm-speed=".5s" data-mfm-x="">a</span>`},
		{`<span class="mfm-fg" data-mfm-color="f00" data-mfm-speed="1s">a</span>`, `<span class="mfm-fg" data-mfm-color="f00">a</span>`},
		{`<span class="mfm-scale" data-mfm-x="99">a</span>`, `<span class="mfm-scale" data-mfm-x="5">a</span>`},
		{`<span class="mfm-nosuch" data-mfm-speed="1s">a</span>`, `<span>a</span>`},
		{`<small>a</small><time datetime="2026-01-01T00:00:00Z">b</time>`, `<small>a</small><time datetime="2026-01-01T00:00:00Z">b</time>`},
		{`<span class="mfm-center">a</span><p class="mfm-tada">b</p>`, `<span class="mfm-center">a</span><p>b</p>`},
	} {
		if got := SanitizeWeb(c.in); got != c.want {
			t.Errorf("SanitizeWeb(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func hostile() map[string]string {
	return map[string]string{
		"a<a<a":            strings.Repeat("<a", 1<<19),
		"lt":               strings.Repeat("<", 1<<20),
		"deep":             strings.Repeat("<b>", 1e5) + "x" + strings.Repeat("</b>", 1e5),
		"deep quotes":      strings.Repeat("<blockquote>", 1e5) + "x",
		"ends":             strings.Repeat("<i></b>", 1e5),
		"comments":         strings.Repeat("<!--", 2e5),
		"comment ends":     strings.Repeat("<!--x->", 1e5),
		"scripts":          strings.Repeat("<script></scrip>", 6e4),
		"ampersands":       strings.Repeat("&", 1<<20),
		"references":       strings.Repeat("&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3e4),
		"attributes":       "<a " + strings.Repeat("a=b ", 2e5) + ">x",
		"quotes":           strings.Repeat(`<a a="`, 1e5),
		"combining marks":  "e" + strings.Repeat("\u0301", 3e5),
		"invalid UTF-8":    strings.Repeat("\xff\xfe<b>\xc3", 1e5),
		"classes":          `<span class="` + strings.Repeat("h-a ", 1e5) + `">x`,
		"line ends":        strings.Repeat("<br>", 1e5),
		"quotes and lines": strings.Repeat("<blockquote>", 100) + strings.Repeat("<br>x", 1e5),
	}
}

func TestHostileHTML(t *testing.T) {
	for name, in := range hostile() {
		out := Sanitize(in)
		if problem := harm(out); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
		if len(out) > 6*MaxHTML {
			t.Errorf("%s: %d bytes", name, len(out))
		}
		if text := Text(in); len(text) > MaxText || !utf8.ValidString(text) {
			t.Errorf("%s: text of %d bytes", name, len(text))
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, c := range sanitizeCases {
		f.Add(c.in)
	}
	for _, in := range xss {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, sanitise := range []func(string) string{Sanitize, SanitizeWeb} {
			out := sanitise(in)
			if problem := harm(out); problem != "" {
				t.Fatalf("%q: %s", out, problem)
			}
			if problem := harmInTree(t, out[:min(len(out), 2000)]); len(out) <= 2000 && problem != "" {
				t.Fatalf("%q: %s", out, problem)
			}
			if again := sanitise(out); len(in) < 1000 && again != out {
				t.Fatalf("not stable: %q then %q", out, again)
			}
		}
		if text := Text(in); !utf8.ValidString(text) {
			t.Fatalf("text %q", text)
		}
	})
}

const note = `<p><span class="h-card" translate="no"><a href="https://social.example/@alice" class="u-url mention">@<span>alice</span></a></span> 縁側でお茶を飲みながら、新しいサーバーの話をしました。</p><p>詳しくは <a href="https://blog.example.com/2026/11/engawa-first-look" target="_blank" rel="nofollow noopener noreferrer" translate="no"><span class="invisible">https://</span><span class="ellipsis">blog.example.com/2026/11/engaw</span><span class="invisible">a-first-look</span></a> を見てください。 <a href="https://social.example/tags/%E7%B8%81%E5%81%B4" class="mention hashtag" rel="tag">#<span>縁側</span></a></p>`

func BenchmarkSanitize(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(note)))
	for b.Loop() {
		Sanitize(note)
	}
}

func BenchmarkText(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Text(note)
	}
}
