package bluesky

import (
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"engawa/social"
)

// maxFacets bounds the facets that are looked at, and so mentions and tags.
const maxFacets = 200

// shown is a text made HTML, with what its facets name.
type shown struct {
	html     string
	mentions []social.Stranger
	tags     []string
}

// show makes HTML of a text and its facets (byte offsets of its UTF-8). Facets
// that overlap, are out of the text or split a character are left out.
func show(text string, facets []facet) shown {
	var out shown
	sorted := slices.Clone(facets[:min(len(facets), maxFacets)])
	slices.SortStableFunc(sorted, func(a, b facet) int { return a.Index.Start - b.Index.Start })
	var b strings.Builder
	b.Grow(len(text) + len(text)/2 + 16)
	b.WriteString("<p>")
	at := 0
	for _, f := range sorted {
		from, to := f.Index.Start, f.Index.End
		if from < at || to <= from || to > len(text) || !border(text, from) || !border(text, to) || len(f.Features) == 0 {
			continue
		}
		open := out.feature(f.Features[0], text[from:to])
		if open == "" {
			continue
		}
		escape(&b, text[at:from])
		b.WriteString(open)
		b.WriteString(html.EscapeString(text[from:to]))
		b.WriteString("</a>")
		at = to
	}
	escape(&b, text[at:])
	b.WriteString("</p>")
	out.html = b.String()
	return out
}

// feature is the opening tag of a link, "" where the feature makes none.
func (s *shown) feature(f feature, text string) string {
	switch {
	case f.Type == linkFeature && webURL(f.URI) != "":
		return `<a href="` + html.EscapeString(f.URI) + `" rel="nofollow noopener" target="_blank">`
	case f.Type == mentionFeature && validDID(f.DID):
		who := social.Stranger{ID: f.DID, URI: f.DID, URL: profileURL(f.DID), Name: strings.TrimPrefix(text, "@"), Domain: domain}
		if !validHandle(who.Name) {
			who.Name = f.DID
		}
		s.mentions = append(s.mentions, who)
		return `<a href="` + html.EscapeString(who.URL) + `" class="u-url mention">`
	case f.Type == tagFeature && validTag(f.Tag):
		s.tags = addOnce(s.tags, f.Tag)
		return `<a href="` + html.EscapeString(tagURL(f.Tag)) + `" class="mention hashtag" rel="tag">`
	}
	return ""
}

// escape writes text as HTML: an empty line parts paragraphs, another line end is a break.
func escape(b *strings.Builder, text string) {
	for text != "" {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			b.WriteString(html.EscapeString(text))
			return
		}
		b.WriteString(html.EscapeString(text[:i]))
		rest := strings.TrimLeft(text[i:], "\n")
		if len(text)-i-len(rest) > 1 {
			b.WriteString("</p><p>")
		} else {
			b.WriteString("<br>")
		}
		text = rest
	}
}

func addOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// webURL is s where it is an http or https address with a host, else "".
func webURL(s string) string {
	if len(s) > maxFacetURI || !utf8.ValidString(s) {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return s
}
