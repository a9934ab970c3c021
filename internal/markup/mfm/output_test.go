package mfm

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var somewhere = Options{
	Mention: func(handle string) (string, bool) {
		user, host, remote := strings.Cut(handle, "@")
		if !remote {
			host = "home.example"
		}
		return "https://" + host + "/@" + user, user != "nobody"
	},
	Tag: func(tag string) string { return "https://home.example/tags/" + tag },
}

const blank = ` rel="nofollow noopener" target="_blank">`

// The three outputs; an empty web means the same as html.
var outputs = []struct{ in, html, web, text string }{
	// As Misskey sent it (data/misskey-wire).
	{"$[tada **MFM**] :yorokobi: @alice@mka.test #ミスキー\n> quote\n`code`",
		"<i><b>MFM</b></i> \u200b:yorokobi:\u200b <a href=\"https://mka.test/@alice\" class=\"u-url mention\">@alice@mka.test</a> <a href=\"https://home.example/tags/ミスキー\" rel=\"tag\">#ミスキー</a><blockquote>quote</blockquote><code>code</code>",
		`<span class="mfm-tada"><b>MFM</b></span> :yorokobi: <a href="https://mka.test/@alice" class="u-url mention"` + blank + `@alice@mka.test</a> <a href="https://home.example/tags/ミスキー" class="mention hashtag"` + blank + `#ミスキー</a><blockquote>quote</blockquote><code>code</code>`,
		"MFM :yorokobi: @alice@mka.test #ミスキー\n> quote\ncode"},
	{"a & <b\nc\r\nd", "a &amp; &lt;b<br>c<br>d", "", "a & <b\nc\r\nd"},
	{"a\n> b\n> c\n\nd", "a<blockquote>b<br>c</blockquote>d", "", "a\n> b\n> c\nd"},
	{"```js\na<b\n```", "<pre><code>a&lt;b</code></pre>", "", "a<b"},
	{"\\[x<y\\]", "<pre><code>x&lt;y</code></pre>", "", "x<y"},
	{"\\(x\\)`y`", "<code>x</code><code>y</code>", "", "xy"},
	{"<center>**a**</center>", `<div style="text-align: center;"><b>a</b></div>`, `<span class="mfm-center"><b>a</b></span>`, "a"},
	{"***a***", "<i>a</i>", `<span class="mfm-tada">a</span>`, "a"},
	{"**a** <i>b</i> <small>c</small> ~~d~~", "<b>a</b> <i>b</i> <small>c</small> <del>d</del>", "", "a b c d"},
	{"<plain>**a**\nb</plain>", "<span>**a**<br>b</span>", "", "**a**\nb"},
	{":cat: 😀", "\u200b:cat:\u200b 😀", ":cat: 😀", ":cat: 😀"},
	{"@alice@mka.test", `<a href="https://mka.test/@alice" class="u-url mention">@alice@mka.test</a>`, `<a href="https://mka.test/@alice" class="u-url mention"` + blank + `@alice@mka.test</a>`, "@alice@mka.test"},
	{"@nobody", "@nobody", "", "@nobody"},
	{"#tag", `<a href="https://home.example/tags/tag" rel="tag">#tag</a>`, `<a href="https://home.example/tags/tag" class="mention hashtag"` + blank + `#tag</a>`, "#tag"},
	{"https://e.example/?a&b", `<a href="https://e.example/?a&amp;b">https://e.example/?a&amp;b</a>`, `<a href="https://e.example/?a&amp;b"` + blank + `https://e.example/?a&amp;b</a>`, "https://e.example/?a&b"},
	{`<https://e.example/"あ>`, `<a href="https://e.example/&quot;あ">https://e.example/"あ</a>`, `<a href="https://e.example/&quot;あ"` + blank + `https://e.example/"あ</a>`, `https://e.example/"あ`},
	{"[**a**](https://e.example)", `<a href="https://e.example"><b>a</b></a>`, `<a href="https://e.example"` + blank + `<b>a</b></a>`, "a (https://e.example)"},
	{"猫 飼い方 検索", `<a href="https://www.google.com/search?q=%E7%8C%AB+%E9%A3%BC%E3%81%84%E6%96%B9">猫 飼い方 検索</a>`, `<a href="https://www.google.com/search?q=%E7%8C%AB+%E9%A3%BC%E3%81%84%E6%96%B9"` + blank + `猫 飼い方 検索</a>`, "猫 飼い方 検索"},
	{"$[ruby 漢字 かんじ]", "<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "", "漢字(かんじ)"},
	{"$[ruby **漢** かん]", "<ruby><b>漢</b><rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "", "漢(かん)"},
	{"$[ruby 漢]", "漢", "", "漢"},
	{"$[unixtime 1700000000]", `<time datetime="2023-11-14T22:13:20.000Z">2023-11-14T22:13:20.000Z</time>`, "", "2023-11-14T22:13:20.000Z"},
	{"$[unixtime x]", "<i>x</i>", "$[unixtime x]", "x"},
	{"$[unixtime 99999999999999999999]", "<i>99999999999999999999</i>", "$[unixtime 99999999999999999999]", "99999999999999999999"},
	{"$[spin.speed=2s,left,delay=x;,y=3 a]", "$[spin.speed=2s,left,delay=x;,y=3 a]", "", "$[spin.speed=2s,left,delay=x;,y=3 a]"},
	{"$[spin.speed=2s,left,delay=5ms,y a]", "<i>a</i>", `<span class="mfm-spin" data-mfm-speed="2s" data-mfm-left="" data-mfm-y="">a</span>`, "a"},
	{"$[fg.color=f00 $[bg.color=zzz b]]", "<i><i>b</i></i>", `<span class="mfm-fg" data-mfm-color="f00"><span class="mfm-bg">b</span></span>`, "b"},
	{"$[scale.x=9,y=-1.5 a]", "<i>a</i>", `<span class="mfm-scale" data-mfm-x="5" data-mfm-y="-1.5">a</span>`, "a"},
	{"$[font.serif a] $[font.comic b]", "<i>a</i> <i>b</i>", `<span class="mfm-font" data-mfm-serif="">a</span> $[font.comic b]`, "a b"},
	{"$[nosuch.a=1,b **c**]", "<i><b>c</b></i>", "$[nosuch.a=1,b <b>c</b>]", "c"},
	{"$[border.color=0f0,style=dashed,width=2,noclip a]", "<i>a</i>", `<span class="mfm-border" data-mfm-color="0f0" data-mfm-style="dashed" data-mfm-width="2" data-mfm-noclip="">a</span>`, "a"},
}

func TestOutputs(t *testing.T) {
	for _, c := range outputs {
		nodes := Parse(c.in)
		if got := HTML(nodes, somewhere); got != c.html {
			t.Errorf("HTML(%q)\n got %q\nwant %q", c.in, got, c.html)
		}
		if c.web == "" {
			c.web = c.html
		}
		if got := WebHTML(nodes, somewhere); got != c.web {
			t.Errorf("WebHTML(%q)\n got %q\nwant %q", c.in, got, c.web)
		}
		if got := PlainText(nodes); got != c.text {
			t.Errorf("PlainText(%q)\n got %q\nwant %q", c.in, got, c.text)
		}
	}
}

func TestWithoutOptions(t *testing.T) {
	if got := HTML(Parse("@a #b"), Options{}); got != "@a #b" {
		t.Errorf("got %q", got)
	}
}

func TestNeedsSource(t *testing.T) {
	for _, c := range []struct {
		in   string
		want bool
	}{
		{"plain :cat: 😀 @a@b.example #tag https://e.example\nline", false},
		{"", false}, {"**a**", true}, {"> a", true}, {"[a](https://e.example)", true}, {"`a`", true}, {"<plain>a</plain>", true}, {"a Search", true},
	} {
		if got := NeedsSource(Parse(c.in)); got != c.want {
			t.Errorf("NeedsSource(%q) = %v", c.in, got)
		}
	}
}

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		// What Misskey 2026.3.2 made of it (data/misskey-probe.json html-to-mfm), but for the bullets.
		{"<p><strong>b</strong> <em>i</em> <code>c</code> <del>d</del> <small>s</small></p><p>p2<br>br</p><blockquote>q</blockquote><ul><li>a</li><li>b</li></ul><pre><code>x\ny</code></pre><h1>h</h1><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> <a href=\"https://ex.test/\">link</a> <a href=\"https://mka.test/@admin\" class=\"u-url mention\">@<span>admin</span></a>",
			"**b** <i>i</i> `c` ~~d~~ <small>s</small>\n\np2\nbr\n> q\n・a\n・b\n```\nx\ny\n```\n【h】\n$[ruby 漢 かん] [link](https://ex.test/) @admin@mka.test"},
		{`<p>hi<span class="quote-inline"><br><br>RE: <a href="https://mka.test/notes/T">https://mka.test/notes/T</a></span></p>`, "hi\n\nRE: https://mka.test/notes/T"},
		{"<p>a</p>\n<p>b</p>\n<b>c</b>", "a\n\nb\n**c**"},
		{"a<br>b", "a\nb"},
		{"<p>a<br>b</p><p>c</p>", "a\nb\n\nc"},
		{"<strong>b</strong> <em>i</em> <code>c</code> <del>d</del> <small>s</small>", "**b** <i>i</i> `c` ~~d~~ <small>s</small>"},
		{"<blockquote><p>q</p><p>r</p></blockquote>x", "> q\n> \n> r\nx"},
		{"<pre><code>a\nb</code></pre>c", "```\na\nb\n```\nc"},
		{"<h1>h</h1>x", "【h】\nx"},
		{"<h2>h</h2><p>x</p>", "**h**\n\nx"},
		{"<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "$[ruby 漢 かん]"},
		{"<p>a</p><ul><li>b</li><li>c</li></ul>d", "a\n・b\n・c\nd"},
		{"<p>a</p>b<div>c</div>d", "a\nb\nc\nd"},
		{"<ul><li><p>a</p></li><li>b<ul><li>c</li></ul></li></ul>", "・a\n・b\n・c"},
		{"<b><p>a</p></b>c", "**a**\nc"},
		{"<ol><li>b<li>c</ol>", "1. b\n2. c"},
		{`<a href="https://e.example/x">t</a>`, "[t](https://e.example/x)"},
		{`<a href="https://e.example/x"><span class="invisible">https://</span><span>e.example/x</span></a>`, "https://e.example/x"},
		{`<a href="https://e.example/あ">https://e.example/あ</a>`, "<https://e.example/あ>"},
		{`<span class="h-card"><a href="https://e.example/@a" class="u-url mention">@<span>a</span></a></span>`, "@a@e.example"},
		{`<a href="https://e.example/@a" class="u-url mention">@a@b.example</a>`, "@a@b.example"},
		{`<a href="https://e.example/tags/x" class="mention hashtag" rel="tag">#<span>x</span></a>`, "#x"},
		{`<a href="javascript:x">t</a> <a>u</a>`, "t u"},
		{`<a href="https://e.example/x">a]b</a>`, "a]b (https://e.example/x)"},
		{"\u200b:cat:\u200b &lt;b&gt;", ":cat: <b>"},
		{"a<script>b</script><b>c", "a**c**"},
	} {
		if got := FromHTML(c.in); got != c.want {
			t.Errorf("FromHTML(%q)\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestFromHostileHTML(t *testing.T) {
	for _, in := range []string{strings.Repeat("<b>", 1e5), strings.Repeat("<a<a", 2e5), strings.Repeat("<ul><li>", 5e4), strings.Repeat("<a href=https://x>[", 2e4), strings.Repeat("<blockquote>\n", 2e4)} {
		if out := FromHTML(in); !utf8.ValidString(out) {
			t.Errorf("%.20q…: no UTF-8", in)
		}
	}
}

func FuzzOutputs(f *testing.F) {
	for _, c := range outputs {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		nodes := Parse(in)
		for _, out := range []string{HTML(nodes, somewhere), WebHTML(nodes, somewhere)} {
			if strings.Contains(out, "<script") || strings.Count(out, "<") != strings.Count(out, ">") {
				t.Fatalf("%q", out)
			}
			Parse(FromHTML(out))
		}
		PlainText(nodes)
		FromHTML(in)
	})
}

func BenchmarkWebHTML(b *testing.B) {
	nodes := Parse(sample)
	b.ReportAllocs()
	for b.Loop() {
		WebHTML(nodes, somewhere)
	}
}
