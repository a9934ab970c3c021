package markup

import (
	"strings"

	"engawa/internal/markup/htmltoken"
)

// MaxHTML is how many bytes of HTML are read; what follows is dropped. A whole
// ActivityPub document may have 1 MB.
const MaxHTML = 512 << 10

// maxDepth is how many elements may be open at once; deeper ones lose their
// tags and keep their text.
const maxDepth = 48

// Sanitize makes HTML of a stranger safe to show and to give to clients: the
// elements, classes and link schemes that Mastodon keeps (facts/mastodon.md
// 5.10). Headings become strong in p, every other element only its text;
// scripts, styles and the like vanish. Links whose scheme is not allowed
// become their text, the others get rel="nofollow noopener" and
// target="_blank". The result is well-formed: each element is closed.
func Sanitize(html string) string { return sanitize(html, &remotePolicy) }

// SanitizeWeb is Sanitize for our own web client: it keeps small and time too,
// and MFM as spans of FEP-c16b (class mfm-*, data-mfm-*) with arguments that
// were checked, so that no free CSS passes.
func SanitizeWeb(html string) string { return sanitize(html, &webPolicy) }

// sanitizeOwn is for HTML that our own Markdown renderer made: links that are
// mentions or tags keep their shape.
func sanitizeOwn(html string) string { return sanitize(html, &ownPolicy) }

type sanitizer struct {
	buf    []byte
	policy *policy
	depth  int
	stack  [maxDepth]htmltoken.Tag
	// gap asks for a space before the next text: a block element that is not
	// kept stood here. edge: nothing but a tag that begins a line was written.
	gap, edge bool
}

func sanitize(html string, p *policy) string {
	if strings.IndexByte(html, '<') < 0 && strings.IndexByte(html, '&') < 0 {
		return htmltoken.EscapeText(htmltoken.Valid(html, MaxHTML))
	}
	html = htmltoken.Valid(html, MaxHTML)
	s := sanitizer{policy: p, edge: true, buf: make([]byte, 0, len(html)+len(html)/2+64)}
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	for scan.Next(&t) {
		switch t.Kind {
		case htmltoken.Text:
			s.text(t.Raw)
		case htmltoken.Start:
			s.start(t.Tag, t.Attrs)
		case htmltoken.End:
			s.end(t.Tag)
		}
	}
	s.closeTo(0)
	return string(s.buf)
}

func (s *sanitizer) text(raw string) {
	if s.policy.own && s.edge && !s.inPre() {
		if raw = strings.TrimLeft(raw, "\n"); raw == "" {
			return
		}
	}
	if s.gap && !s.edge && len(s.buf) > 0 {
		if last := s.buf[len(s.buf)-1]; last != ' ' && last != '\n' && raw[0] != ' ' && raw[0] != '\n' {
			s.buf = append(s.buf, ' ')
		}
	}
	s.gap, s.edge = false, false
	s.buf = htmltoken.AppendEscaped(s.buf, htmltoken.Unescape(raw), true)
}

// inPre tells whether the text is that of a block of code.
func (s *sanitizer) inPre() bool {
	return s.depth > 0 && s.stack[s.depth-1] == htmltoken.Pre || s.depth > 1 && s.stack[s.depth-2] == htmltoken.Pre
}

func (s *sanitizer) start(tag htmltoken.Tag, attrs string) {
	if !s.policy.keeps(tag) {
		s.gap = s.gap || tag.IsBlock()
		return
	}
	if tag == htmltoken.Br {
		s.buf = append(s.buf, "<br>"...)
		s.gap, s.edge = false, true
		return
	}
	s.closeImplied(tag)
	s.trimLine(tag)
	if s.depth == maxDepth {
		return
	}
	mark := len(s.buf)
	if tag.IsHeading() {
		tag = htmltoken.H1
		s.buf = append(s.buf, "<p><strong>"...)
	} else if !s.openTag(tag, attrs) {
		s.buf = s.buf[:mark]
		return
	}
	s.stack[s.depth] = tag
	s.depth++
	if tag.IsBlock() {
		s.gap, s.edge = false, true
	}
}

// trimLine removes the line end that our Markdown renderer writes before tag.
func (s *sanitizer) trimLine(tag htmltoken.Tag) {
	if n := len(s.buf); s.policy.own && tag.IsBlock() && n > 0 && s.buf[n-1] == '\n' && !s.inPre() {
		s.buf = s.buf[:n-1]
	}
}

func (s *sanitizer) openTag(tag htmltoken.Tag, attrs string) bool {
	s.buf = append(s.buf, '<')
	s.buf = append(s.buf, tag.String()...)
	ok := true
	if attrs != "" || tag == htmltoken.A {
		ok = s.attributes(tag, attrs)
	}
	s.buf = append(s.buf, '>')
	return ok
}

func (s *sanitizer) end(tag htmltoken.Tag) {
	switch {
	case tag == htmltoken.Br:
		s.start(tag, "")
		return
	case !s.policy.keeps(tag):
		s.gap = s.gap || tag.IsBlock()
		return
	case tag.IsHeading():
		tag = htmltoken.H1
	}
	for i := s.depth - 1; i >= 0; i-- {
		if s.stack[i] == tag {
			s.closeTo(i)
			return
		}
		if tag == htmltoken.Li && isList(s.stack[i]) || tag == htmltoken.Span && s.stack[i].IsBlock() {
			return
		}
	}
}

// closeImplied closes what the beginning of tag ends without saying so, as a
// browser would that reads the result.
func (s *sanitizer) closeImplied(tag htmltoken.Tag) {
	for i := s.depth - 1; i >= 0; i-- {
		open := s.stack[i]
		switch {
		case tag.IsBlock() && (open == htmltoken.P || open == htmltoken.H1),
			tag == htmltoken.A && open == htmltoken.A,
			tag == htmltoken.Li && open == htmltoken.Li,
			isReading(tag) && isReading(open):
			s.closeTo(i)
		case tag == htmltoken.Li && isList(open), isReading(tag) && open == htmltoken.Ruby:
			return
		}
	}
}

func (s *sanitizer) closeTo(depth int) {
	for s.depth > depth {
		s.depth--
		tag := s.stack[s.depth]
		if tag == htmltoken.H1 {
			s.buf = append(s.buf, "</strong></p>"...)
		} else {
			s.buf = append(s.buf, "</"...)
			s.buf = append(s.buf, tag.String()...)
			s.buf = append(s.buf, '>')
		}
		if tag.IsBlock() {
			s.gap, s.edge = false, true
		}
	}
}

func isList(t htmltoken.Tag) bool { return t == htmltoken.Ul || t == htmltoken.Ol }

func isReading(t htmltoken.Tag) bool { return t == htmltoken.Rt || t == htmltoken.Rp }
