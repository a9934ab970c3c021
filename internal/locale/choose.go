package locale

import (
	"strconv"
	"strings"
)

// Bounds of an Accept-Language header; what lies beyond them is not read.
const (
	maxHeader = 1024
	maxRanges = 32
)

// Parse finds the language of a tag such as "ja", "ja-JP", "en_GB" or "JA".
// Only the primary subtag counts (RFC 5646 §2.2.1).
func Parse(tag string) (Lang, bool) {
	tag = strings.TrimSpace(tag)
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	switch {
	case strings.EqualFold(tag, "ja"):
		return Japanese, true
	case strings.EqualFold(tag, "en"):
		return English, true
	}
	return "", false
}

// Choose picks the reader's language: the first of the ?lang= parameter, the
// reader's own setting and the Accept-Language header that names one we speak,
// else fallback (English if that is none either). Absent wishes are "".
func Choose(query, setting, accept string, fallback Lang) Lang {
	for _, wish := range [...]string{query, setting} {
		if l, ok := Parse(wish); ok {
			return l
		}
	}
	if l, ok := fromHeader(accept); ok {
		return l
	}
	return fallback.known()
}

// fromHeader reads Accept-Language (RFC 9110 §12.5.4): the highest weight wins,
// the earlier one among equals; q=0 refuses.
func fromHeader(header string) (Lang, bool) {
	if len(header) > maxHeader {
		header = header[:maxHeader]
	}
	var best Lang
	weight := 0.0
	for n := 0; header != "" && n < maxRanges; n++ {
		var part string
		part, header, _ = strings.Cut(header, ",")
		tag, q := languageRange(part)
		if l, ok := Parse(tag); ok && q > weight {
			best, weight = l, q
		}
	}
	return best, weight > 0
}

// languageRange splits "ja;q=0.8"; a weight that cannot be read, or lies
// outside 0 to 1, refuses the range.
func languageRange(part string) (tag string, q float64) {
	tag, params, found := strings.Cut(part, ";")
	if !found {
		return tag, 1
	}
	name, value, _ := strings.Cut(strings.TrimSpace(params), "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return tag, 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return tag, 0
	}
	return tag, q
}
