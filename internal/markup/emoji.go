package markup

import (
	"strings"

	"engawa/internal/markup/htmltoken"
)

// ReplaceEmoji puts custom emoji in the place of their :shortcodes:, in text
// only: never inside a tag, where a name with a quote in it would break out of
// an attribute (T41), nor in code or in the hidden parts of an address. image
// gives the address of an emoji's picture. The html has to be sanitised.
func ReplaceEmoji(html string, image func(code string) (src string, ok bool)) string {
	if strings.Count(html, ":") < 2 {
		return html
	}
	r := emojiReplacer{image: image, buf: make([]byte, 0, len(html)+256)}
	scan := htmltoken.NewScanner(html)
	var t htmltoken.Token
	from := 0
	for scan.Next(&t) {
		raw := html[from:scan.Pos()]
		from = scan.Pos()
		if t.Kind == htmltoken.Text && len(r.skip) == 0 {
			r.text(t.Raw)
			continue
		}
		r.tag(&t)
		r.buf = append(r.buf, raw...)
	}
	return string(r.buf)
}

type emojiReplacer struct {
	image func(code string) (string, bool)
	buf   []byte
	skip  []htmltoken.Tag // open elements since one whose text stays
}

// tag keeps account of the elements whose text stays as it is.
func (r *emojiReplacer) tag(t *htmltoken.Token) {
	switch {
	case t.Kind == htmltoken.Start && t.Tag != htmltoken.Br && (len(r.skip) > 0 || keepsText(t)):
		if len(r.skip) < 2*maxDepth {
			r.skip = append(r.skip, t.Tag)
		}
	case t.Kind == htmltoken.End && len(r.skip) > 0:
		for i := len(r.skip) - 1; i >= 0; i-- {
			if r.skip[i] == t.Tag {
				r.skip = r.skip[:i]
				break
			}
		}
	}
}

func keepsText(t *htmltoken.Token) bool {
	if t.Tag == htmltoken.Code || t.Tag == htmltoken.Pre {
		return true
	}
	class, _ := htmltoken.Attr(t.Attrs, "class")
	return t.Tag == htmltoken.Span && class == "invisible"
}

func (r *emojiReplacer) text(raw string) {
	s := scanner{src: raw}
	from := 0
	for {
		span, ok := s.nextEmoji()
		if !ok {
			break
		}
		src, known := r.image(span.Name)
		if !known || !isPicture(src) {
			continue
		}
		r.buf = append(r.buf, raw[from:span.Start]...)
		r.img(src, span.Name)
		from = span.End
	}
	r.buf = append(r.buf, raw[from:]...)
}

// isPicture: an address of the web, or one on this server.
func isPicture(src string) bool {
	return schemeLen(src) > 0 || strings.HasPrefix(src, "/") && !strings.HasPrefix(src, "//")
}

// img writes the picture; code is made of ASCII letters, digits and "_".
func (r *emojiReplacer) img(src, code string) {
	r.buf = append(r.buf, `<img class="emoji" src="`...)
	r.buf = appendAttr(r.buf, src)
	r.buf = append(r.buf, `" alt=":`+code+`:" title=":`+code+`:" draggable="false" loading="lazy">`...)
}
