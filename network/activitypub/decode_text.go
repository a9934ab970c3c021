package activitypub

import (
	"strings"

	"engawa/internal/markup"
	"engawa/internal/markup/htmltoken"
	"engawa/social"
)

// formats are the media types of sources that are kept.
var formats = map[string]social.Format{
	"text/x.misskeymarkdown": social.MFM, "text/markdown": social.Markdown, "text/plain": social.Plain, "text/html": social.HTML,
}

// readText finds what was said. As source counts one in MFM, then
// _misskey_content, then any other; shown is content, or the first of
// contentMap, or, where neither is there, the MFM source rendered.
func (d *PostDocument) readText(p *social.Post) {
	v := d.v
	source := v.Get("source")
	format := formats[source.Get("mediaType").Str()]
	switch {
	case format == social.MFM:
		p.Source, p.Format = source.Get("content").Text(), social.MFM
	case v.Get("_misskey_content", "misskey:_misskey_content").IsString():
		p.Source, p.Format = v.Get("_misskey_content", "misskey:_misskey_content").Str(), social.MFM
	case format != "" && source.Get("content").Text() != "":
		p.Source, p.Format = source.Get("content").Text(), format
	}
	p.Source = cut(p.Source, maxText)
	html, lang := contentOf(v)
	p.Language = lang
	switch {
	case html != "":
		p.Content = markup.Sanitize(cut(html, maxText))
	case p.Format == social.MFM && p.Source != "":
		p.Content = markup.Sanitize(markup.Render(p.Source, markup.Options{Format: markup.MFM, Resolve: d.resolveName}).HTML)
	}
	if warning := v.Get("summary").Text(); !postTypes[v.Type()] || p.Sensitive {
		p.Warning = cut(warning, maxWarning)
	}
}

// contentOf is the HTML of an object and its language: content, told apart by
// contentMap where that has the same text, or the first of contentMap.
func contentOf(v Value) (html, lang string) {
	html = v.Get("content").Text()
	first := true
	v.Get("contentMap").Members(func(tag string, text Value) bool {
		s := text.Text()
		if s == "" || (html != "" && s != html && !first) {
			return true
		}
		if html == "" || s == html || first {
			lang = tag
		}
		if html == "" {
			html = s
		}
		first = false
		return s != html
	})
	if !isLanguageTag(lang) {
		lang = ""
	}
	return html, lang
}

// isLanguageTag checks the shape of a tag (RFC 5646, 2.1) and leaves out "und".
func isLanguageTag(s string) bool {
	if len(s) < 2 || len(s) > 35 || s == "und" {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z') && !(i > 1 && (s[i] == '-' || s[i] >= '0' && s[i] <= '9')) {
			return false
		}
	}
	return true
}

// resolveName finds who a handle in a source names, by the Mention tags.
func (d *PostDocument) resolveName(handle string) (markup.Mention, bool) {
	for t := range d.v.Get("tag").Each {
		if t.Is("Mention") && strings.EqualFold(strings.TrimPrefix(t.Get("name").Text(), "@"), handle) {
			m := mentionOf(t)
			return markup.Mention{Handle: handle, Name: m.Name, URI: m.URI, URL: m.URI}, HostOf(m.URI) != ""
		}
	}
	return markup.Mention{}, false
}

// convert makes a post of something that has a title and a page of its own.
func (d *PostDocument) convert(p *social.Post) {
	p.Kind = social.Article
	p.Title = cut(markup.Text(d.v.Get("name").Text()), maxWarning)
	if p.Content == "" {
		p.Content = markup.Sanitize(cut(d.v.Get("summary").Text(), maxText))
	}
	if d.v.Is("Article") && p.Content != "" {
		return
	}
	href := htmltoken.EscapeAttr(p.URL)
	p.Content += `<p><a href="` + href + `" rel="nofollow noopener" target="_blank">` + htmltoken.EscapeText(p.URL) + "</a></p>"
}

// linksOf are the first links of a text that are neither mentions nor tags nor
// the quoted post.
func linksOf(html string, p *social.Post) []string {
	if !strings.Contains(html, "<a ") {
		return nil
	}
	var out []string
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	for len(out) < maxLinks && scan.Next(&t) {
		if t.Kind != htmltoken.Start || t.Tag != htmltoken.A {
			continue
		}
		href, _ := htmltoken.Attr(t.Attrs, "href")
		class, _ := htmltoken.Attr(t.Attrs, "class")
		rel, _ := htmltoken.Attr(t.Attrs, "rel")
		href = htmltoken.Unescape(href)
		if HostOf(href) == "" || strings.Contains(class, "mention") || strings.Contains(class, "hashtag") ||
			strings.HasPrefix(rel, "tag") || href == p.QuoteURI || isTagLink(href, p) {
			continue
		}
		if !contains(out, href) {
			out = append(out, href)
		}
	}
	return out
}

// isTagLink: the page of a hashtag of the post, as Misskey links it (rel=tag
// does not survive the sanitiser).
func isTagLink(href string, p *social.Post) bool {
	i := strings.LastIndex(href, "/tags/")
	return i >= 0 && len(p.Tags) > 0 && strings.IndexByte(href[i+6:], '/') < 0
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
