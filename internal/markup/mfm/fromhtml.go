package mfm

import (
	"net/url"
	"strconv"
	"strings"

	"engawa/internal/markup/htmltoken"
)

const (
	maxHTML  = 512 << 10
	maxDepth = 32
)

// FromHTML makes MFM of HTML, as Misskey does with what it receives without a
// source (facts/misskey.md 1.3), but list items get "・" or their number. Links
// that are mentions become mentions with their host, others [text](address).
func FromHTML(html string) string {
	html = htmltoken.Valid(html, maxHTML)
	r := htmlReader{buf: make([]byte, 0, len(html))}
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	for scan.Next(&t) {
		switch t.Kind {
		case htmltoken.Text:
			r.text(t.Raw)
		case htmltoken.Start:
			r.start(t.Tag, t.Attrs)
		case htmltoken.End:
			r.end(t.Tag)
		}
	}
	r.closeTo(0)
	return strings.TrimSpace(string(r.buf))
}

// open is an element whose end is still to come; what it holds begins at from.
type open struct {
	tag   htmltoken.Tag
	from  int
	href  string
	count int // of an ol: its last number, of a ul: -1
}

type htmlReader struct {
	buf   []byte
	stack []open
	pre   int
	owed  bool // a block ended: what is no block begins a line
}

func (r *htmlReader) add(s string) { r.buf = append(r.buf, s...) }

func (r *htmlReader) text(raw string) {
	text := strings.ReplaceAll(htmltoken.Unescape(raw), "\u200b", "")
	if r.owed && strings.TrimSpace(text) == "" {
		return
	}
	r.pay()
	r.add(text)
}

func (r *htmlReader) pay() {
	if r.owed {
		r.breakLine(1)
	}
}

// breakLine makes the text end with at least n line ends, unless the innermost
// element has no text yet.
func (r *htmlReader) breakLine(n int) {
	r.owed = false
	from := 0
	if len(r.stack) > 0 {
		from = r.stack[len(r.stack)-1].from
	}
	if len(r.buf) == from {
		return
	}
	for i := len(r.buf) - 1; n > 0 && i >= from && r.buf[i] == '\n'; i-- {
		n--
	}
	for ; n > 0; n-- {
		r.add("\n")
	}
}

func (r *htmlReader) start(tag htmltoken.Tag, attrs string) {
	switch {
	case tag == htmltoken.Br:
		r.add("\n")
		return
	case tag == htmltoken.Unknown || tag == htmltoken.Hidden || tag == htmltoken.Span || len(r.stack) == maxDepth:
		return
	case tag == htmltoken.Block || tag == htmltoken.Div:
		r.breakLine(1)
		return
	case tag == htmltoken.Li || tag == htmltoken.P:
		r.closeSame(tag)
	}
	switch {
	case tag == htmltoken.P || tag.IsHeading() && tag != htmltoken.H1:
		r.breakLine(2)
	case tag.IsBlock():
		r.breakLine(1)
	default:
		r.pay()
	}
	o := open{tag: tag, count: -1}
	switch tag {
	case htmltoken.A:
		o.href, _ = htmltoken.Attr(attrs, "href")
	case htmltoken.Ol:
		o.count = 0
	case htmltoken.Pre:
		r.pre++
	case htmltoken.Li:
		r.add(r.bullet())
	}
	o.from = len(r.buf)
	r.stack = append(r.stack, o)
}

// closeSame ends an element of the same name that was not ended; a list or a
// quote between keeps it open.
func (r *htmlReader) closeSame(tag htmltoken.Tag) {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch r.stack[i].tag {
		case tag:
			r.closeTo(i)
			return
		case htmltoken.Ul, htmltoken.Ol, htmltoken.Blockquote:
			return
		}
	}
}

func (r *htmlReader) bullet() string {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch r.stack[i].tag {
		case htmltoken.Ol:
			r.stack[i].count++
			return strconv.Itoa(r.stack[i].count) + ". "
		case htmltoken.Ul:
			return "・"
		}
	}
	return "・"
}

func (r *htmlReader) end(tag htmltoken.Tag) {
	if tag == htmltoken.Block || tag == htmltoken.Div {
		r.breakLine(1)
		return
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if r.stack[i].tag == tag {
			r.closeTo(i)
			return
		}
	}
}

func (r *htmlReader) closeTo(depth int) {
	for len(r.stack) > depth {
		o := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		inner := string(r.buf[o.from:])
		r.buf = r.buf[:o.from]
		r.close(&o, inner)
	}
}

func (r *htmlReader) close(o *open, inner string) {
	switch o.tag {
	case htmltoken.A:
		r.add(link(o.href, inner))
	case htmltoken.Pre:
		r.pre--
		r.add(fenced(inner))
	case htmltoken.Code:
		if r.pre == 0 && inner != "" && !strings.ContainsAny(inner, "`´\r\n") {
			inner = "`" + inner + "`"
		}
		r.add(inner)
	case htmltoken.Li:
		r.add(strings.TrimRight(inner, "\n"))
		r.owed = true
	case htmltoken.P, htmltoken.Ul, htmltoken.Ol:
		r.add(inner)
		r.owed = true
	case htmltoken.Blockquote:
		r.add("> " + strings.ReplaceAll(strings.TrimSpace(inner), "\n", "\n> "))
		r.owed = true
	case htmltoken.H1:
		r.add("【" + inner + "】\n")
	case htmltoken.Rp:
	case htmltoken.Rt:
		r.add(" " + strings.TrimSpace(inner))
	case htmltoken.Ruby:
		r.add("$[ruby " + inner + "]")
	default:
		r.wrap(o.tag, inner)
	}
}

func (r *htmlReader) wrap(tag htmltoken.Tag, inner string) {
	before, after := "", ""
	switch tag {
	case htmltoken.B, htmltoken.Strong, htmltoken.H2, htmltoken.H3, htmltoken.H4, htmltoken.H5, htmltoken.H6:
		before, after = "**", "**"
	case htmltoken.I, htmltoken.Em:
		before, after = "<i>", "</i>"
	case htmltoken.Small:
		before, after = "<small>", "</small>"
	case htmltoken.S, htmltoken.Del:
		before, after = "~~", "~~"
		if strings.Contains(inner, "\n") {
			before, after = "<s>", "</s>"
		}
	}
	body := strings.TrimRight(inner, "\n")
	if body == "" || r.pre > 0 {
		before, after = "", ""
	}
	r.add(before + body + after + inner[len(body):])
	r.owed = r.owed || tag.IsHeading()
}

func fenced(code string) string {
	code = strings.Trim(code, "\n")
	if code == "" || strings.Contains(code, fence) {
		return code
	}
	return fence + "\n" + code + "\n" + fence + "\n"
}

// link writes an a element: a mention, a tag, an address, or text with one.
func link(href, text string) string {
	u, err := url.Parse(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return text
	}
	bare := strings.TrimSpace(text)
	switch {
	case bare == "":
		return address(href)
	case strings.HasPrefix(bare, "@") && !strings.ContainsAny(bare, " \n"):
		if strings.Count(bare, "@") == 1 {
			return bare + "@" + u.Host
		}
		return bare
	case strings.HasPrefix(bare, "#") && !strings.ContainsAny(bare, " \n"):
		return bare
	case bare == href:
		return address(href)
	case strings.ContainsAny(text, "[]\r\n"):
		return text + " (" + address(href) + ")"
	}
	return "[" + text + "](" + address(href) + ")"
}

// address writes an address so that it is read back whole.
func address(href string) string {
	p := newParser(href, NestLimit)
	if node, end := p.url(0); end == len(href) && node.Kind == URL {
		return href
	}
	if strings.ContainsAny(href, "<> \t\u3000") {
		return href
	}
	return "<" + href + ">"
}
