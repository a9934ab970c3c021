package markup

import (
	"strings"

	"engawa/internal/markup/htmltoken"
	"engawa/internal/markup/mfm"
)

// policy says what a sanitiser keeps.
type policy struct {
	web bool // small, time, MFM spans
	own bool // links to mentions and tags are ours: no nofollow, rel="tag" stays
}

var (
	remotePolicy = policy{}
	webPolicy    = policy{web: true}
	ownPolicy    = policy{own: true}
)

// kept are the elements that every policy keeps; headings become others.
var kept = [256]bool{
	htmltoken.A: true, htmltoken.B: true, htmltoken.Blockquote: true, htmltoken.Br: true,
	htmltoken.Code: true, htmltoken.Del: true, htmltoken.Em: true, htmltoken.I: true,
	htmltoken.H1: true, htmltoken.H2: true, htmltoken.H3: true, htmltoken.H4: true,
	htmltoken.H5: true, htmltoken.H6: true, htmltoken.Li: true, htmltoken.Ol: true,
	htmltoken.P: true, htmltoken.Pre: true, htmltoken.Rp: true, htmltoken.Rt: true,
	htmltoken.Ruby: true, htmltoken.S: true, htmltoken.Span: true, htmltoken.Strong: true,
	htmltoken.U: true, htmltoken.Ul: true,
}

func (p *policy) keeps(tag htmltoken.Tag) bool {
	return kept[tag] || p.web && (tag == htmltoken.Small || tag == htmltoken.Time)
}

// maxHref is the longest link kept, in bytes.
const maxHref = 4096

// attributes writes the attributes of tag that are kept; false when the whole
// element must not be kept (a link that leads nowhere allowed).
func (s *sanitizer) attributes(tag htmltoken.Tag, attrs string) bool {
	if tag == htmltoken.A {
		return s.linkAttributes(attrs)
	}
	fn := ""
	var seen seenAttrs
	for {
		name, value, rest, ok := htmltoken.NextAttr(attrs)
		if !ok {
			return true
		}
		attrs = rest
		switch kind := attrKind(name); kind {
		case attrClass:
			if seen.first(kind) && (tag == htmltoken.Span || tag == htmltoken.P) {
				fn = s.classes(htmltoken.Unescape(value), tag == htmltoken.Span)
			}
		case attrData:
			if fn != "" {
				s.data(fn, name, htmltoken.Unescape(value))
			}
		default:
			if seen.first(kind) {
				s.plainAttribute(tag, kind, htmltoken.Unescape(value))
			}
		}
	}
}

func (s *sanitizer) plainAttribute(tag htmltoken.Tag, kind attr, value string) {
	switch kind {
	case attrLang:
		if isLanguage(value) {
			s.attribute("lang", value)
		}
	case attrTranslate:
		if value == "no" {
			s.attribute("translate", "no")
		}
	case attrStart:
		if tag == htmltoken.Ol && isInteger(value) {
			s.attribute("start", value)
		}
	case attrReversed:
		if tag == htmltoken.Ol {
			s.attribute("reversed", "")
		}
	case attrValue:
		if tag == htmltoken.Li && isInteger(value) {
			s.attribute("value", value)
		}
	case attrDatetime:
		if tag == htmltoken.Time && len(value) <= 40 {
			s.attribute("datetime", value)
		}
	}
}

func (s *sanitizer) linkAttributes(attrs string) bool {
	var href, class, rel, lang string
	var seen seenAttrs
	untranslated := false
	for {
		name, value, rest, ok := htmltoken.NextAttr(attrs)
		if !ok {
			break
		}
		attrs = rest
		kind := attrKind(name)
		if kind == attrData || !seen.first(kind) {
			continue
		}
		switch kind {
		case attrHref:
			href = htmltoken.Unescape(value)
		case attrClass:
			class = htmltoken.Unescape(value)
		case attrRel:
			rel = value
		case attrLang:
			lang = htmltoken.Unescape(value)
		case attrTranslate:
			untranslated = value == "no"
		}
	}
	href, ok := SafeHref(href)
	if !ok {
		return false
	}
	s.attribute("href", href)
	s.classes(class, false)
	s.relation(class, rel)
	if isLanguage(lang) {
		s.attribute("lang", lang)
	}
	if untranslated {
		s.attribute("translate", "no")
	}
	return true
}

func (s *sanitizer) relation(class, rel string) {
	if s.policy.own && strings.Contains(class, "mention") {
		if rel == "tag" {
			s.attribute("rel", "tag")
		}
		return
	}
	s.buf = append(s.buf, ` rel="nofollow noopener" target="_blank"`...)
}

// classes writes the class names that are kept and tells which MFM function
// they name, if the policy keeps those.
func (s *sanitizer) classes(list string, span bool) (fn string) {
	mark := len(s.buf)
	for list != "" {
		name := list
		if n := strings.IndexAny(list, " \t\r\n\f"); n >= 0 {
			name, list = list[:n], list[n+1:]
		} else {
			list = ""
		}
		isFn := span && fn == "" && s.policy.web && mfm.IsClass(name)
		if !isFn && !keptClass(name) {
			continue
		}
		if isFn {
			fn = name[len(mfm.ClassPrefix):]
		}
		if len(s.buf) == mark {
			s.buf = append(s.buf, ` class="`...)
		} else {
			s.buf = append(s.buf, ' ')
		}
		s.buf = htmltoken.AppendEscaped(s.buf, name, false)
	}
	if len(s.buf) > mark {
		s.buf = append(s.buf, '"')
	}
	return fn
}

func keptClass(name string) bool {
	switch name {
	case "mention", "hashtag", "ellipsis", "invisible", "quote-inline":
		return true
	}
	for _, prefix := range [...]string{"h-", "p-", "u-", "e-", "dt-"} {
		if strings.HasPrefix(name, prefix) {
			return len(name) > len(prefix) && len(name) <= 64
		}
	}
	return false
}

func (s *sanitizer) data(fn, name, value string) {
	if len(name) <= len(mfm.DataPrefix) || !strings.EqualFold(name[:len(mfm.DataPrefix)], mfm.DataPrefix) {
		return
	}
	arg := strings.ToLower(name[len(mfm.DataPrefix):])
	if value, ok := mfm.ValidArg(fn, arg, value); ok {
		s.attribute(mfm.DataPrefix+arg, value)
	}
}

func (s *sanitizer) attribute(name, value string) {
	s.buf = append(s.buf, ' ')
	s.buf = append(s.buf, name...)
	s.buf = append(s.buf, '=', '"')
	s.buf = htmltoken.AppendEscaped(s.buf, value, false)
	s.buf = append(s.buf, '"')
}
