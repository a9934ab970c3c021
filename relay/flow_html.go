package relay

import (
	"strings"
	"unicode"

	"engawa/internal/markup"
	"engawa/internal/markup/htmltoken"
	"engawa/social"
)

// readHTML is the text of a Post's HTML with its links, tags and mentions:
// blocks and line ends as in markup.Text. What stands for a quote in servers
// that know none (class quote-inline) is left out.
func readHTML(html string, mentions []social.Mention) flow {
	html = htmltoken.Valid(html, markup.MaxHTML)
	r := htmlReader{buf: make([]byte, 0, len(html)), mentions: mentions}
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	for len(r.buf) < markup.MaxText && scan.Next(&t) {
		r.token(&t)
	}
	r.closeLink()
	return flow{string(r.buf), r.signs}.trimmed()
}

// maxSigns bounds what is told apart in one text.
const maxSigns = 400

type htmlReader struct {
	buf      []byte
	signs    []sign
	mentions []social.Mention
	newlines int
	space    bool
	quoted   int // open blockquotes
	pre      int
	// wasQuoted is how many blockquotes the last line stood in.
	wasQuoted int
	reading   bool
	brackets  bool // an rp was seen: the readings bring their own
	hidden    int  // depth within what is left out
	open      bool // a link is open
	started   bool // and has shown something
	link      sign
	href      string
}

func (r *htmlReader) token(t *htmltoken.Token) {
	if r.hidden > 0 {
		switch {
		case t.Kind == htmltoken.Start && t.Tag == htmltoken.P, t.Kind == htmltoken.Start && t.Tag == htmltoken.Span:
			r.hidden++
		case t.Kind == htmltoken.End && (t.Tag == htmltoken.P || t.Tag == htmltoken.Span):
			r.hidden--
		}
		return
	}
	switch t.Kind {
	case htmltoken.Text:
		r.text(htmltoken.Unescape(t.Raw))
	case htmltoken.Start:
		r.start(t)
	case htmltoken.End:
		r.end(t.Tag)
	}
}

func (r *htmlReader) start(t *htmltoken.Token) {
	switch t.Tag {
	case htmltoken.A:
		r.openLink(t.Attrs)
	case htmltoken.Br:
		r.newlines, r.space = min(r.newlines+1, 16), false
	case htmltoken.Li:
		r.owe(1)
		r.flush()
		r.buf = append(r.buf, "・"...)
	case htmltoken.Blockquote:
		r.owe(2)
		r.quoted++
	case htmltoken.Pre:
		r.owe(2)
		r.pre++
	case htmltoken.Rp:
		r.brackets = true
	case htmltoken.Rt:
		if r.reading = !r.brackets; r.reading {
			r.buf = append(r.buf, '(')
		}
	case htmltoken.P, htmltoken.Span:
		if class, _ := htmltoken.Attr(t.Attrs, "class"); strings.Contains(class, "quote-inline") {
			r.hidden = 1
			return
		}
		r.boundary(t.Tag)
	default:
		r.boundary(t.Tag)
	}
}

func (r *htmlReader) end(tag htmltoken.Tag) {
	switch tag {
	case htmltoken.A:
		r.closeLink()
	case htmltoken.Blockquote:
		r.owe(2)
		r.quoted = max(0, r.quoted-1)
	case htmltoken.Pre:
		r.owe(2)
		r.pre = max(0, r.pre-1)
	case htmltoken.Ruby:
		r.brackets = false
	case htmltoken.Rt:
		if r.reading {
			r.buf = append(r.buf, ')')
			r.reading = false
		}
	default:
		r.boundary(tag)
	}
}

func (r *htmlReader) boundary(tag htmltoken.Tag) {
	switch {
	case tag == htmltoken.P || tag.IsHeading() || tag == htmltoken.Ul || tag == htmltoken.Ol:
		r.owe(2)
	case tag.IsBlock():
		r.owe(1)
	}
}

func (r *htmlReader) owe(lines int) { r.newlines = max(r.newlines, lines) }

func (r *htmlReader) text(s string) {
	if r.pre > 0 {
		for i, row := range strings.Split(s, "\n") {
			if i > 0 {
				r.newlines++
			}
			r.shown(row)
		}
		return
	}
	for s != "" {
		n := strings.IndexAny(s, " \t\r\n")
		if n == 0 {
			r.space = true
			s = strings.TrimLeft(s, " \t\r\n")
			continue
		}
		if n < 0 {
			n = len(s)
		}
		r.shown(s[:n])
		s = s[n:]
	}
}

// shown writes text without white space that collapses.
func (r *htmlReader) shown(s string) {
	if s == "" {
		return
	}
	r.flush()
	if r.open && !r.started {
		r.started, r.link.from = true, len(r.buf)
	}
	r.buf = append(r.buf, s...)
}

// flush writes the line ends or the space that are owed.
func (r *htmlReader) flush() {
	switch {
	case len(r.buf) == 0:
		r.quoteMarks(r.quoted)
	case r.newlines > 0:
		for ; r.newlines > 1; r.newlines-- {
			r.buf = append(r.buf, '\n')
			r.quoteMarks(min(r.quoted, r.wasQuoted))
		}
		r.buf = append(r.buf, '\n')
		r.quoteMarks(r.quoted)
	case r.space && r.buf[len(r.buf)-1] != '\n':
		r.buf = append(r.buf, ' ')
	}
	r.newlines, r.space, r.wasQuoted = 0, false, r.quoted
}

func (r *htmlReader) quoteMarks(depth int) {
	for i := 0; i < depth && i < 8; i++ {
		r.buf = append(r.buf, "> "...)
	}
}

func (r *htmlReader) openLink(attrs string) {
	r.closeLink()
	href, _ := htmltoken.Attr(attrs, "href")
	href, ok := markup.SafeHref(htmltoken.Unescape(href))
	if !ok || len(r.signs) >= maxSigns {
		return
	}
	class, _ := htmltoken.Attr(attrs, "class")
	rel, _ := htmltoken.Attr(attrs, "rel")
	kind := social.SpanLink
	switch {
	case hasWordOf(class, "hashtag") || hasWordOf(rel, "tag"):
		kind = social.SpanTag
	case hasWordOf(class, "mention"):
		kind = social.SpanMention
	}
	r.open, r.started, r.href, r.link = true, false, href, sign{kind: kind}
}

func hasWordOf(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

func (r *htmlReader) closeLink() {
	if !r.open {
		return
	}
	r.open = false
	if !r.started {
		return
	}
	s := r.link
	shown := string(r.buf[s.from:])
	s.to = len(r.buf)
	switch s.kind {
	case social.SpanTag:
		if s.target = strings.TrimLeft(shown, "#＃"); s.target == shown || strings.ContainsAny(shown, " \n") {
			s.kind = social.SpanLink
		}
	case social.SpanMention:
		if s.who = r.mentioned(shown); s.who == nil {
			s.kind = social.SpanLink
		}
	}
	if s.kind == social.SpanLink {
		if !strings.HasPrefix(r.href, "http://") && !strings.HasPrefix(r.href, "https://") {
			return // nothing that networks link; the text stays
		}
		s.target = r.href
		if s.label = !looksAddress(shown); !s.label {
			r.buf = append(r.buf[:s.from], r.href...)
			s.to = len(r.buf)
		}
	}
	r.signs = append(r.signs, s)
}

// mentioned is the Mention that a link stands for.
func (r *htmlReader) mentioned(shown string) *social.Mention {
	for i := range r.mentions {
		if m := &r.mentions[i]; m.URL == r.href && m.URL != "" || m.URI == r.href {
			return m
		}
	}
	name, domain, _ := strings.Cut(strings.TrimPrefix(shown, "@"), "@")
	for i := range r.mentions {
		if m := &r.mentions[i]; strings.EqualFold(m.Name, name) && (domain == "" || strings.EqualFold(m.Domain, domain)) {
			return m
		}
	}
	return nil
}

// looksAddress tells whether a link's text is an address, or would be taken for
// one: then the true address stands there instead.
func looksAddress(shown string) bool {
	if strings.Contains(shown, "://") || strings.HasPrefix(shown, "www.") {
		return true
	}
	if strings.ContainsFunc(shown, unicode.IsSpace) {
		return false
	}
	host, _, _ := strings.Cut(shown, "/")
	dot := strings.LastIndexByte(host, '.')
	return dot > 0 && dot < len(host)-2
}
