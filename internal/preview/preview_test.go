package preview

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	base, _ := url.Parse("https://example.org/a/b.html")
	for _, tc := range []struct {
		name, body, kind string
		want             Preview
	}{
		{"open graph", `<html lang="ja-JP"><head><title>別の題</title><meta property="og:title" content="縁側 &amp; 庭">
			<meta property="og:description" content="日向の\nはなし"><meta property="og:image" content="/pic.png"><meta property="og:image:width" content="1200">
			<meta property="og:image:height" content="630"><meta property="og:site_name" content="Site"><meta property="article:published_time" content="2026-01-02T03:04:05+09:00"></head>`, "text/html",
			Preview{Title: "縁側 & 庭", Description: `日向の\nはなし`, Language: "ja", Type: "link", SiteName: "Site", Image: "https://example.org/pic.png",
				ImageWidth: 1200, ImageHeight: 630, PublishedAt: time.Date(2026, 1, 1, 18, 4, 5, 0, time.UTC)}},
		{"title only", "<title> A\n title &lt;b&gt; </title><body><meta property=og:title content=late>", "text/html", Preview{Title: "A title <b>", Type: "link"}},
		{"shift_jis", "<meta charset=shift_jis><title>\x93\xfa\x96\x7b</title>", "text/html", Preview{Title: "日本", Type: "link"}},
		{"hostile image", `<meta property="og:image" content="javascript:alert(1)"><meta property="og:title" content="x"><meta property="og:image:width" content="1e9">`, "text/html", Preview{Title: "x", Type: "link"}},
		{"user in image", `<meta property="og:image" content="https://u:p@h/x">`, "text/html", Preview{Type: "link"}},
		{"nothing", "", "", Preview{Type: "link"}},
		{"no html", "\x00\x01\x02<<<<", "application/octet-stream", Preview{Type: "link"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Parse([]byte(tc.body), tc.kind, base); got != tc.want {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestParseIsBounded(t *testing.T) {
	base, _ := url.Parse("https://example.org/")
	got := Parse([]byte("<title>"+strings.Repeat("長", 1<<20)), "text/html", base)
	if n := len([]rune(got.Title)); n > maxTitle {
		t.Errorf("a title of %d characters", n)
	}
	Parse([]byte(strings.Repeat("<a<a", 1<<18)), "text/html", base)
	Parse([]byte(strings.Repeat("<meta property=og:title content=", 1<<15)), "text/html", base)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<html lang=ja><meta property="og:title" content="x"><title>y`), "text/html; charset=utf-8")
	base, _ := url.Parse("https://example.org/")
	f.Fuzz(func(t *testing.T, body []byte, kind string) {
		p := Parse(body, kind, base)
		if p.Image != "" && !strings.HasPrefix(p.Image, "http") {
			t.Errorf("image %q", p.Image)
		}
	})
}
