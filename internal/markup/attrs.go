package markup

import "strings"

// attr is an attribute that a policy knows.
type attr uint8

const (
	attrOther attr = iota
	attrClass
	attrData
	attrDatetime
	attrHref
	attrLang
	attrRel
	attrReversed
	attrStart
	attrTranslate
	attrValue
)

// seenAttrs keeps only the first of several attributes of one name, as
// browsers do.
type seenAttrs uint16

func (s *seenAttrs) first(a attr) bool {
	bit := seenAttrs(1) << a
	was := *s&bit == 0
	*s |= bit
	return was
}

var attrNames = [...]struct {
	name string
	kind attr
}{
	{"class", attrClass}, {"href", attrHref}, {"rel", attrRel}, {"lang", attrLang},
	{"translate", attrTranslate}, {"start", attrStart}, {"reversed", attrReversed},
	{"value", attrValue}, {"datetime", attrDatetime},
}

func attrKind(name string) attr {
	if len(name) > 5 && strings.EqualFold(name[:5], "data-") {
		return attrData
	}
	for i := range attrNames {
		if len(attrNames[i].name) == len(name) && strings.EqualFold(attrNames[i].name, name) {
			return attrNames[i].kind
		}
	}
	return attrOther
}

func isLanguage(s string) bool {
	if s == "" || len(s) > 35 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isASCIIAlnum(c) && c != '-' {
			return false
		}
	}
	return true
}

func isInteger(s string) bool {
	if len(s) > 1 && s[0] == '-' {
		s = s[1:]
	}
	if s == "" || len(s) > 9 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func isASCIIAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}
