package mastodon

import (
	"encoding/json"
	"math"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"engawa/social"
)

// enc writes JSON by hand for what is on every page (a Status costs about a
// tenth of what encoding/json takes). Keys are literals that need no escaping.
type enc struct{ b []byte }

// appender is an entity that writes itself.
type appender interface{ appendJSON(e *enc) }

// encoders keeps buffers of up to maxKept bytes from answer to answer.
var encoders = sync.Pool{New: func() any { return &enc{make([]byte, 0, 32<<10)} }}

const maxKept = 256 << 10

func encode(v appender) []byte {
	e := enc{make([]byte, 0, 4096)}
	v.appendJSON(&e)
	return e.b
}

// comma separates what stands in an object or a list.
func (e *enc) comma() {
	if n := len(e.b); n > 0 {
		switch e.b[n-1] {
		case '{', '[', ':':
		default:
			e.b = append(e.b, ',')
		}
	}
}

func (e *enc) key(k string) {
	e.comma()
	e.b = append(e.b, '"')
	e.b = append(e.b, k...)
	e.b = append(e.b, '"', ':')
}

func (e *enc) str(k, v string) { e.key(k); e.b = appendString(e.b, v) }

// strOr writes null for the empty text.
func (e *enc) strOr(k, v string) {
	if v == "" {
		e.null(k)
		return
	}
	e.str(k, v)
}

func (e *enc) null(k string) { e.key(k); e.b = append(e.b, "null"...) }

func (e *enc) num(k string, n int64) { e.key(k); e.b = strconv.AppendInt(e.b, n, 10) }

func (e *enc) real(k string, f float64) {
	e.key(k)
	if math.IsNaN(f) || math.IsInf(f, 0) {
		f = 0
	}
	e.b = strconv.AppendFloat(e.b, f, 'g', -1, 64)
}

func (e *enc) flag(k string, v bool) { e.key(k); e.b = strconv.AppendBool(e.b, v) }

// id writes an id as a text, idOr null for none.
func (e *enc) id(k string, id social.ID) {
	e.key(k)
	e.b = append(e.b, '"')
	e.b = strconv.AppendInt(e.b, int64(id), 10)
	e.b = append(e.b, '"')
}

func (e *enc) idOr(k string, id social.ID) {
	if id == 0 {
		e.null(k)
		return
	}
	e.id(k, id)
}

// at writes a moment as Mastodon does, null for never.
func (e *enc) at(k string, ms social.Millis) {
	if ms == 0 {
		e.null(k)
		return
	}
	e.key(k)
	e.b = append(e.b, '"')
	e.b = appendMoment(e.b, ms)
	e.b = append(e.b, '"')
}

// any writes what encoding/json makes of v: for what is rare.
func (e *enc) any(k string, v any) {
	e.key(k)
	data, err := json.Marshal(v)
	if err != nil {
		data = []byte("null")
	}
	e.b = append(e.b, data...)
}

// list writes a list under a key.
func list[T any](e *enc, k string, all []T, one func(*enc, *T)) {
	e.key(k)
	e.b = append(e.b, '[')
	for i := range all {
		e.comma()
		one(e, &all[i])
	}
	e.b = append(e.b, ']')
}

// momentLayout is the form of a moment in every entity.
const momentLayout = "2006-01-02T15:04:05.000Z"

// appendMoment writes 2006-01-02T15:04:05.000Z. A year that has not four digits
// is brought into range: such a moment comes from a broken neighbour.
func appendMoment(b []byte, ms social.Millis) []byte {
	const first, last = -62135596800000, 253402300799999
	return time.UnixMilli(min(max(ms, first), last)).UTC().AppendFormat(b, momentLayout)
}

func moment(ms social.Millis) string { return string(appendMoment(nil, ms)) }

// momentOr is nil for never.
func momentOr(ms social.Millis) *string {
	if ms == 0 {
		return nil
	}
	s := moment(ms)
	return &s
}

const hex = "0123456789abcdef"

// escaped are the bytes that cannot stand in a JSON string as they are.
var escaped = func() (t [256]bool) {
	for c := range byte(' ') {
		t[c] = true
	}
	t['"'], t['\\'] = true, true
	return t
}()

// appendString writes a JSON string; invalid UTF-8 becomes U+FFFD.
func appendString(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = replaceInvalid(s)
	}
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); i++ {
		if escaped[s[i]] {
			b = appendEscape(append(b, s[start:i]...), s[i])
			start = i + 1
		}
	}
	return append(append(b, s[start:]...), '"')
}

// replaceInvalid writes U+FFFD for each byte that is no UTF-8.
func replaceInvalid(s string) string {
	out := make([]byte, 0, len(s)+8)
	for _, r := range s {
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	default:
		return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
	}
}
