// Package preview reads what a page says of itself (OpenGraph, Twitter cards,
// JSON-free meta tags), for the card below a post. It never runs or keeps the
// page's HTML (T39).
package preview

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
)

// Preview is what a page says of itself. Texts are plain, bounded, and may be
// empty; URLs are absolute http or https ones.
type Preview struct {
	Title, Description, Language string
	Type                         string // link, photo, video
	SiteName                     string
	AuthorName, AuthorURL        string
	Image, ImageAlt              string
	ImageWidth, ImageHeight      int
	PublishedAt                  time.Time
}

// Bounds of what is read and kept.
const (
	maxRead        = 512 << 10 // a head is near the beginning
	maxTokens      = 20_000
	maxTitle       = 200
	maxDescription = 500
	maxName        = 100
	maxURL         = 2048
)

// Parse reads a page that was loaded from base. contentType helps to find its
// encoding (Shift_JIS and EUC-JP are still met). It never fails: what is not
// said stays empty.
func Parse(body []byte, contentType string, base *url.URL) Preview {
	if len(body) > maxRead {
		body = body[:maxRead]
	}
	r, err := charset.NewReader(bytes.NewReader(body), contentType)
	if err != nil {
		r = bytes.NewReader(body)
	}
	p := parser{base: base, meta: map[string]string{}}
	z := html.NewTokenizer(r)
	z.SetMaxBuf(64 << 10)
	for n := 0; n < maxTokens && !p.done; n++ {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		p.token(kind, z)
	}
	return p.preview()
}

type parser struct {
	base    *url.URL
	meta    map[string]string // the first of each name wins
	title   strings.Builder
	lang    string
	inTitle bool
	done    bool
}

// wanted are the names of meta tags that are read.
var wanted = map[string]bool{
	"og:title": true, "og:description": true, "og:image": true, "og:image:secure_url": true, "og:image:alt": true,
	"og:image:width": true, "og:image:height": true, "og:type": true, "og:site_name": true, "og:locale": true,
	"twitter:title": true, "twitter:description": true, "twitter:image": true, "description": true, "author": true,
	"article:published_time": true, "article:author": true,
}

func (p *parser) token(kind html.TokenType, z *html.Tokenizer) {
	switch kind {
	case html.TextToken:
		if p.inTitle && p.title.Len() < 4*maxTitle {
			p.title.Write(z.Text())
		}
	case html.EndTagToken:
		name, _ := z.TagName()
		switch atom.Lookup(name) {
		case atom.Title:
			p.inTitle = false
		case atom.Head:
			p.done = true
		}
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		switch atom.Lookup(name) {
		case atom.Title:
			p.inTitle = p.title.Len() == 0
		case atom.Html:
			p.lang = p.attrs(z, more)["lang"]
		case atom.Meta:
			p.metaTag(p.attrs(z, more))
		case atom.Body:
			p.done = true
		}
	}
}

func (p *parser) attrs(z *html.Tokenizer, more bool) map[string]string {
	out := map[string]string{}
	for more && len(out) < 32 {
		var k, v []byte
		k, v, more = z.TagAttr()
		out[string(k)] = string(v)
	}
	return out
}

func (p *parser) metaTag(a map[string]string) {
	name := strings.ToLower(a["property"])
	if name == "" {
		name = strings.ToLower(a["name"])
	}
	if wanted[name] && p.meta[name] == "" {
		p.meta[name] = a["content"]
	}
}

func (p *parser) preview() Preview {
	out := Preview{
		Title:       Cut(p.first("og:title", "twitter:title"), maxTitle),
		Description: Cut(p.first("og:description", "twitter:description", "description"), maxDescription),
		Language:    language(p.first("og:locale"), p.lang),
		Type:        "link",
		SiteName:    Cut(p.meta["og:site_name"], maxName),
		AuthorName:  Cut(p.first("author"), maxName),
		Image:       p.link(p.first("og:image:secure_url", "og:image", "twitter:image")),
		ImageAlt:    Cut(p.meta["og:image:alt"], maxDescription),
		ImageWidth:  size(p.meta["og:image:width"]),
		ImageHeight: size(p.meta["og:image:height"]),
	}
	if out.Title == "" {
		out.Title = Cut(html.UnescapeString(p.title.String()), maxTitle)
	}
	if a := p.meta["article:author"]; strings.HasPrefix(a, "http") {
		out.AuthorURL = p.link(a)
	}
	if t, err := time.Parse(time.RFC3339, p.meta["article:published_time"]); err == nil {
		out.PublishedAt = t.UTC()
	}
	return out
}

func (p *parser) first(names ...string) string {
	for _, n := range names {
		if s := strings.TrimSpace(p.meta[n]); s != "" {
			return s
		}
	}
	return ""
}

// link makes an absolute web address of what a page names, or nothing.
func (p *parser) link(s string) string {
	if s == "" || len(s) > maxURL {
		return ""
	}
	u, err := p.base.Parse(strings.TrimSpace(s))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

func language(locale, attr string) string {
	for _, s := range []string{attr, locale} {
		s, _, _ = strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
		if s = strings.ToLower(strings.TrimSpace(s)); len(s) == 2 || len(s) == 3 {
			return s
		}
	}
	return ""
}

func size(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// Cut makes one line of at most n characters.
func Cut(s string, n int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
