package markup

import (
	"strings"
	"unicode/utf8"

	"engawa/internal/markup/htmltoken"
)

// MaxText is how many bytes Text gives at most.
const MaxText = 128 << 10

// Text gives the plain text of HTML, for search, notifications, e-mail and
// counting: br a line end, p a blank line, list items "・", quotes "> ",
// readings in brackets (漢(かん)). Links give what they show, so a link that
// Mastodon shortens gives its whole address. Nothing in it is escaped.
func Text(html string) string {
	html = htmltoken.Valid(html, MaxHTML)
	if strings.IndexByte(html, '<') < 0 && strings.IndexByte(html, '&') < 0 {
		return cutText(strings.TrimSpace(html))
	}
	w := textWriter{buf: make([]byte, 0, len(html))}
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	for len(w.buf) < MaxText && scan.Next(&t) {
		switch t.Kind {
		case htmltoken.Text:
			w.text(htmltoken.Unescape(t.Raw))
		case htmltoken.Start:
			w.start(t.Tag)
		case htmltoken.End:
			w.end(t.Tag)
		}
	}
	return cutText(strings.TrimSpace(string(w.buf)))
}

func cutText(s string) string { return htmltoken.Valid(s, MaxText) }

type textWriter struct {
	buf          []byte
	lines        int  // line ends owed before the next text
	space        bool // a space owed
	quote        int  // open blockquotes
	pre, reading int
	bracketed    bool // an rp was seen: the readings bring their own brackets
}

// maxLines bounds the blank lines in a row.
const maxLines = 16

// maxQuote bounds the marks before a quoted line.
const maxQuote = 8

func (w *textWriter) text(s string) {
	if w.pre > 0 {
		w.preformatted(s)
		return
	}
	for s != "" {
		n := strings.IndexAny(s, " \t\r\n")
		if n != 0 {
			if n < 0 {
				n = len(s)
			}
			w.flush()
			w.buf = append(w.buf, s[:n]...)
			s = s[n:]
			continue
		}
		w.space = true
		s = strings.TrimLeft(s, " \t\r\n")
	}
}

func (w *textWriter) preformatted(s string) {
	for {
		line, rest, more := strings.Cut(s, "\n")
		if line != "" {
			w.flush()
			w.buf = append(w.buf, line...)
		}
		if !more {
			return
		}
		w.lines++
		s = rest
	}
}

// flush writes the line ends or the space that are owed.
func (w *textWriter) flush() {
	switch {
	case w.lines > 0 && len(w.buf) > 0:
		for ; w.lines > 0; w.lines-- {
			w.buf = append(w.buf, '\n')
			w.quoteMarks()
		}
	case len(w.buf) == 0:
		w.quoteMarks()
	case w.space && w.buf[len(w.buf)-1] != '\n':
		w.buf = append(w.buf, ' ')
	}
	w.lines, w.space = 0, false
}

func (w *textWriter) quoteMarks() {
	for i := 0; i < w.quote && i < maxQuote; i++ {
		w.buf = append(w.buf, "> "...)
	}
}

func (w *textWriter) owe(lines int) { w.lines = max(w.lines, lines) }

func (w *textWriter) start(tag htmltoken.Tag) {
	switch tag {
	case htmltoken.Br:
		w.lines, w.space = min(w.lines+1, maxLines), false
	case htmltoken.Li:
		w.owe(1)
		w.flush()
		w.buf = append(w.buf, "・"...)
	case htmltoken.Blockquote:
		w.owe(2)
		w.quote++
	case htmltoken.Pre:
		w.owe(2)
		w.pre++
	case htmltoken.Rp:
		w.bracketed = true
	case htmltoken.Rt:
		if !w.bracketed {
			w.buf = append(w.buf, '(')
			w.reading++
		}
	default:
		w.boundary(tag)
	}
}

func (w *textWriter) end(tag htmltoken.Tag) {
	switch tag {
	case htmltoken.Blockquote:
		w.owe(2)
		w.quote = max(0, w.quote-1)
	case htmltoken.Pre:
		w.owe(2)
		w.pre = max(0, w.pre-1)
	case htmltoken.Ruby:
		w.bracketed = false
	case htmltoken.Rt:
		if w.reading > 0 {
			w.buf = append(w.buf, ')')
			w.reading--
		}
	default:
		w.boundary(tag)
	}
}

func (w *textWriter) boundary(tag htmltoken.Tag) {
	switch {
	case tag == htmltoken.P || tag.IsHeading() || isList(tag):
		w.owe(2)
	case tag.IsBlock():
		w.owe(1)
	}
}

// Shorten cuts text to at most n characters (code points), at the end "…".
func Shorten(text string, n int) string {
	if n <= 0 || utf8.RuneCountInString(text) <= n {
		if n <= 0 {
			return ""
		}
		return text
	}
	i := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
	}
	return strings.TrimRight(text[:i], " \n") + "…"
}
