package mfm

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/markup/htmltoken"
)

// Options tell where mentions and tags lead.
type Options struct {
	// Mention gives the address of the page of "user" or "user@host"; false
	// leaves the mention as text. nil: every mention is text.
	Mention func(handle string) (href string, ok bool)
	// Tag gives the address of a tag's page; nil or "" leaves it as text.
	Tag func(tag string) string
}

// searchPage is where a Search leads; the query follows, escaped.
const searchPage = "https://www.google.com/search?q="

// HTML writes nodes as Misskey federates them (facts/misskey.md 2.1): line ends
// as br without p, functions as i, custom emoji between zero-width spaces.
func HTML(nodes []Node, o Options) string { return write(nodes, o, false) }

// WebHTML writes nodes for our web client: functions as spans of FEP-c16b with
// arguments that were checked, unknown functions as they were written. What it
// gives is what SanitizeWeb keeps.
func WebHTML(nodes []Node, o Options) string { return write(nodes, o, true) }

type writer struct {
	buf []byte
	o   Options
	web bool
}

func write(nodes []Node, o Options, web bool) string {
	w := writer{o: o, web: web, buf: make([]byte, 0, 512)}
	w.nodes(nodes)
	return string(w.buf)
}

func (w *writer) raw(s string) { w.buf = append(w.buf, s...) }

func (w *writer) nodes(nodes []Node) {
	for i := range nodes {
		w.node(&nodes[i])
	}
}

// wrapped holds the elements of the kinds that are only an element around
// their children.
var wrapped = [kindCount]struct{ open, close string }{
	Quote:  {"<blockquote>", "</blockquote>"},
	Bold:   {"<b>", "</b>"},
	Small:  {"<small>", "</small>"},
	Italic: {"<i>", "</i>"},
	Strike: {"<del>", "</del>"},
	Plain:  {"<span>", "</span>"},
}

func (w *writer) node(n *Node) {
	switch n.Kind {
	case Text:
		w.text(n.Text)
	case UnicodeEmoji:
		w.escape(n.Text)
	case EmojiCode:
		w.emojiCode(n.Text)
	case BlockCode, MathBlock:
		w.raw("<pre><code>")
		w.escape(n.Text)
		w.raw("</code></pre>")
	case InlineCode, MathInline:
		w.raw("<code>")
		w.escape(n.Text)
		w.raw("</code>")
	case Center:
		w.center(n)
	case Mention:
		w.mention(n)
	case Hashtag:
		w.hashtag(n)
	case URL:
		w.anchor(n.Text, func() { w.escape(n.Text) })
	case Search:
		w.anchor(searchPage+url.QueryEscape(n.Text), func() { w.escape(n.More) })
	case Link:
		w.anchor(n.Text, func() { w.nodes(n.Children) })
	case Fn:
		w.fn(n)
	default:
		w.raw(wrapped[n.Kind].open)
		w.nodes(n.Children)
		w.raw(wrapped[n.Kind].close)
	}
}

func (w *writer) escape(s string) { w.buf = htmltoken.AppendEscaped(w.buf, s, true) }

// text escapes and turns line ends into br.
func (w *writer) text(s string) {
	for {
		n := strings.IndexAny(s, "\r\n")
		if n < 0 {
			w.escape(s)
			return
		}
		w.escape(s[:n])
		w.raw("<br>")
		if strings.HasPrefix(s[n:], "\r\n") {
			n++
		}
		s = s[n+1:]
	}
}

func (w *writer) emojiCode(name string) {
	if w.web {
		w.raw(":" + name + ":")
		return
	}
	w.raw("\u200b:" + name + ":\u200b")
}

func (w *writer) center(n *Node) {
	if w.web {
		w.raw(`<span class="` + classCenter + `">`)
		w.nodes(n.Children)
		w.raw("</span>")
		return
	}
	w.raw(`<div style="text-align: center;">`)
	w.nodes(n.Children)
	w.raw("</div>")
}

// maxHref is the longest address that becomes a link, in bytes.
const maxHref = 4096

// anchor writes a link around what inner writes, or inner alone when the
// address is too long.
func (w *writer) anchor(href string, inner func()) {
	if len(href) > maxHref {
		inner()
		return
	}
	w.link(href, "", "")
	inner()
	w.raw("</a>")
}

// link opens an a element.
func (w *writer) link(href, class, rel string) {
	w.attr("<a href", href)
	if class != "" {
		w.attr(" class", class)
	}
	switch {
	case w.web:
		w.raw(` rel="nofollow noopener" target="_blank"`)
	case rel != "":
		w.attr(" rel", rel)
	}
	w.raw(">")
}

func (w *writer) attr(name, value string) {
	w.raw(name)
	w.raw(`="`)
	w.buf = htmltoken.AppendEscaped(w.buf, value, false)
	w.raw(`"`)
}

func (w *writer) mention(n *Node) {
	acct := n.Acct()
	if w.o.Mention != nil {
		if href, ok := w.o.Mention(acct[1:]); ok {
			w.link(href, "u-url mention", "")
			w.escape(acct)
			w.raw("</a>")
			return
		}
	}
	w.escape(acct)
}

func (w *writer) hashtag(n *Node) {
	href := ""
	if w.o.Tag != nil {
		href = w.o.Tag(n.Text)
	}
	if href == "" {
		w.escape("#" + n.Text)
		return
	}
	class := ""
	if w.web {
		class = "mention hashtag"
	}
	w.link(href, class, "tag")
	w.escape("#" + n.Text)
	w.raw("</a>")
}

func (w *writer) fn(n *Node) {
	switch n.Text {
	case "ruby":
		w.ruby(n)
		return
	case "unixtime":
		if iso, ok := unixtime(n); ok {
			w.attr("<time datetime", iso)
			w.raw(">" + iso + "</time>")
			return
		}
	}
	if w.web {
		w.webFn(n)
		return
	}
	w.raw("<i>")
	w.nodes(n.Children)
	w.raw("</i>")
}

func (w *writer) webFn(n *Node) {
	if !drawable(n) {
		w.escape(functionHead(n))
		w.nodes(n.Children)
		w.raw("]")
		return
	}
	w.raw(`<span class="` + ClassPrefix + n.Text + `"`)
	for _, a := range n.Args {
		if value, ok := ValidArg(n.Text, a.Name, a.Value); ok {
			w.attr(" "+DataPrefix+a.Name, value)
		}
	}
	w.raw(">")
	w.nodes(n.Children)
	w.raw("</span>")
}

// drawable tells whether a span can stand for the function: a font must be
// one of those that exist.
func drawable(n *Node) bool {
	known, ok := functions[n.Text]
	if !ok || n.Text != "font" {
		return ok
	}
	for _, a := range n.Args {
		if known[a.Name] == argFlag {
			return true
		}
	}
	return false
}

// functionHead is "$[name.arg=v,flag " as it was written.
func functionHead(n *Node) string {
	var b strings.Builder
	b.WriteString("$[" + n.Text)
	for i, a := range n.Args {
		b.WriteByte(".,"[min(i, 1)])
		b.WriteString(a.Name)
		if !a.Flag {
			b.WriteString("=" + a.Value)
		}
	}
	b.WriteByte(' ')
	return b.String()
}

func (w *writer) ruby(n *Node) {
	base, reading := splitRuby(n)
	if reading == "" {
		w.nodes(base)
		return
	}
	w.raw("<ruby>")
	w.nodes(base)
	w.raw("<rp>(</rp><rt>")
	w.escape(reading)
	w.raw("</rt><rp>)</rp></ruby>")
}

// splitRuby: a single text is split at its first space, else the last child is
// the reading.
func splitRuby(n *Node) (base []Node, reading string) {
	last := n.Children[len(n.Children)-1]
	if len(n.Children) > 1 {
		if reading = strings.TrimSpace(PlainText([]Node{last})); reading == "" {
			return n.Children, ""
		}
		return n.Children[:len(n.Children)-1], reading
	}
	if last.Kind != Text {
		return n.Children, ""
	}
	before, after, _ := strings.Cut(last.Text, " ")
	return []Node{{Text: before}}, strings.TrimSpace(after)
}

// lastSecond is the end of the year 9999.
const lastSecond = 253402300799

// unixtime gives the ISO time of $[unixtime n].
func unixtime(n *Node) (string, bool) {
	text := strings.TrimSpace(PlainText(n.Children))
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && text[end] == '-') {
		end++
	}
	seconds, err := strconv.ParseInt(text[:end], 10, 64)
	if err != nil || seconds > lastSecond || seconds < -62167219200 {
		return "", false
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05.000Z"), true
}
