package htmltoken

import "strings"

// NextAttr takes the first attribute off attrs. The value is as it stands,
// character references included (see Unescape); the name in its own letter
// case. ok is false when no attribute is left.
func NextAttr(attrs string) (name, value, rest string, ok bool) {
	i := skipBetween(attrs, 0)
	if i >= len(attrs) || attrs[i] == '>' {
		return "", "", "", false
	}
	nameEnd := attrNameEnd(attrs, i)
	name = attrs[i:nameEnd]
	from, to, end := attrValue(attrs, nameEnd)
	return name, attrs[from:to], attrs[end:], true
}

// Attr finds the first attribute of that (lower-case) name.
func Attr(attrs, want string) (string, bool) {
	for attrs != "" {
		name, value, rest, ok := NextAttr(attrs)
		if !ok {
			break
		}
		if strings.EqualFold(name, want) {
			return Unescape(value), true
		}
		attrs = rest
	}
	return "", false
}

// skipAttr moves over one attribute; more is false when there is none.
func skipAttr(s string, i int) (end int, more bool) {
	i = skipBetween(s, i)
	if i >= len(s) || s[i] == '>' {
		return i, false
	}
	_, _, end = attrValue(s, attrNameEnd(s, i))
	return end, true
}

func skipBetween(s string, i int) int {
	for i < len(s) && (isSpace(s[i]) || s[i] == '/') {
		i++
	}
	return i
}

func skipSpace(s string, i int) int {
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	return i
}

// attrNameEnd: an "=" at the very beginning belongs to the name (§13.2.5.32).
func attrNameEnd(s string, i int) int {
	i++
	for i < len(s) && !isSpace(s[i]) && s[i] != '/' && s[i] != '>' && s[i] != '=' {
		i++
	}
	return i
}

// attrValue reads an optional "= value" at i: where the value lies and where
// the attribute ends.
func attrValue(s string, i int) (from, to, end int) {
	eq := skipSpace(s, i)
	if eq >= len(s) || s[eq] != '=' {
		return i, i, i
	}
	i = skipSpace(s, eq+1)
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		n := strings.IndexByte(s[i+1:], s[i])
		if n < 0 {
			return len(s), len(s), len(s)
		}
		return i + 1, i + 1 + n, i + 2 + n
	}
	from = i
	for i < len(s) && !isSpace(s[i]) && s[i] != '>' {
		i++
	}
	return from, i, i
}
