package markup

import (
	"slices"
	"strings"
	"unicode/utf8"

	"engawa/internal/markup/htmltoken"

	"golang.org/x/text/unicode/norm"
)

// linker writes what Scan found as HTML and collects it.
type linker struct {
	o       *Options
	out     Rendered
	unknown []string // handles that Resolve did not know
	tags    []string // normalised, in the order of out.Tags
}

// append writes source[span.Start:span.End].
func (l *linker) append(buf []byte, source string, span Span) []byte {
	shown := source[span.Start:span.End]
	switch span.Kind {
	case SpanMention:
		if m, ok := l.mention(span.Name); ok {
			return appendMention(buf, &m)
		}
	case SpanTag:
		if href := l.tag(span.Name); href != "" {
			return appendTag(buf, href, span.Name)
		}
	case SpanURL:
		l.url(span.Name)
		return appendURL(buf, span.Name)
	case SpanEmoji:
		l.emoji(span.Name)
	}
	return htmltoken.AppendEscaped(buf, shown, true)
}

func (l *linker) mention(handle string) (Mention, bool) {
	for i := range l.out.Mentions {
		if strings.EqualFold(l.out.Mentions[i].Handle, handle) {
			return l.out.Mentions[i], true
		}
	}
	asked := len(l.out.Mentions) + len(l.unknown)
	if l.o.Resolve == nil || asked >= MaxMentions || slices.Contains(l.unknown, handle) {
		return Mention{}, false
	}
	m, ok := l.o.Resolve(handle)
	if _, safe := SafeHref(m.URL); !safe { // a stranger wrote it
		m.URL = m.URI
	}
	if _, safe := SafeHref(m.URL); !ok || !safe {
		l.unknown = append(l.unknown, handle)
		return Mention{}, false
	}
	m.Handle = handle
	if m.Name == "" {
		m.Name, _, _ = strings.Cut(handle, "@")
	}
	l.out.Mentions = append(l.out.Mentions, m)
	return m, true
}

// tag collects a tag and gives the address of its page, "" if it has none.
func (l *linker) tag(shown string) string {
	if len(shown) > MaxTag {
		return ""
	}
	name := NormalizeTag(shown)
	if !slices.Contains(l.tags, name) {
		if len(l.tags) >= MaxTags {
			return ""
		}
		l.tags = append(l.tags, name)
		l.out.Tags = append(l.out.Tags, shown)
	}
	if l.o.TagURL == nil {
		return ""
	}
	return l.o.TagURL(name)
}

func (l *linker) emoji(code string) { l.out.Emoji = addOnce(l.out.Emoji, code, MaxEmoji) }
func (l *linker) url(url string)    { l.out.URLs = addOnce(l.out.URLs, url, MaxURLs) }

func addOnce(list []string, s string, limit int) []string {
	if len(list) >= limit || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// NormalizeTag gives the form by which tags are compared and stored: NFKC, in
// lower case.
func NormalizeTag(tag string) string {
	for i := 0; i < len(tag); i++ {
		if tag[i] >= utf8.RuneSelf {
			return strings.ToLower(norm.NFKC.String(tag))
		}
	}
	return strings.ToLower(tag)
}

func appendAttr(buf []byte, s string) []byte { return htmltoken.AppendEscaped(buf, s, false) }

func appendText(buf []byte, s string) []byte { return htmltoken.AppendEscaped(buf, s, true) }

func appendMention(buf []byte, m *Mention) []byte {
	buf = append(buf, `<span class="h-card" translate="no"><a href="`...)
	buf = appendAttr(buf, m.URL)
	buf = append(buf, `" class="u-url mention">@<span>`...)
	buf = appendText(buf, m.Name)
	return append(buf, "</span></a></span>"...)
}

func appendTag(buf []byte, href, tag string) []byte {
	buf = append(buf, `<a href="`...)
	buf = appendAttr(buf, href)
	buf = append(buf, `" class="mention hashtag" rel="tag">#<span>`...)
	buf = appendText(buf, tag)
	return append(buf, "</span></a>"...)
}

// shownURL is how many characters of an address are shown behind its scheme.
const shownURL = 30

// appendURL writes an address as Mastodon does: the scheme (and www.) and what
// follows the first 30 characters are invisible, so that copying the text
// gives the whole address. The host is always shown (T42) as far as it fits.
func appendURL(buf []byte, url string) []byte {
	prefix := schemeLen(url)
	if len(url) > prefix+4 && strings.EqualFold(url[prefix:prefix+4], "www.") {
		prefix += 4
	}
	end, long := cutRunes(url[prefix:], shownURL)
	end += prefix
	buf = append(buf, `<a href="`...)
	buf = appendAttr(buf, url)
	buf = append(buf, `" rel="nofollow noopener" target="_blank" translate="no"><span class="invisible">`...)
	buf = appendText(buf, url[:prefix])
	buf = append(buf, `</span><span class="`...)
	if long {
		buf = append(buf, "ellipsis"...)
	}
	buf = append(buf, `">`...)
	buf = appendText(buf, url[prefix:end])
	buf = append(buf, `</span><span class="invisible">`...)
	buf = appendText(buf, url[end:])
	return append(buf, "</span></a>"...)
}

// cutRunes gives the length in bytes of the first n characters of s, and
// whether there are more.
func cutRunes(s string, n int) (int, bool) {
	for i := range s {
		if n == 0 {
			return i, true
		}
		n--
	}
	return len(s), false
}
