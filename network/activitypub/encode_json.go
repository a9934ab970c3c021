package activitypub

import (
	"strconv"
	"time"
	"unicode/utf8"

	"engawa/social"
)

// jsonWriter appends one JSON document. It keeps the commas; who calls keeps
// brackets in pairs.
type jsonWriter struct {
	b     []byte
	comma bool
}

func newDocument() *jsonWriter {
	w := &jsonWriter{b: make([]byte, 0, 8<<10)}
	w.open()
	w.raw("@context", contextJSON)
	return w
}

func (w *jsonWriter) next() {
	if w.comma {
		w.b = append(w.b, ',')
	}
	w.comma = true
}

func (w *jsonWriter) key(k string) {
	w.next()
	w.b = append(w.b, '"')
	w.b = append(w.b, k...)
	w.b = append(w.b, '"', ':')
}

func (w *jsonWriter) open()  { w.next(); w.b = append(w.b, '{'); w.comma = false }
func (w *jsonWriter) close() { w.b = append(w.b, '}'); w.comma = true }

func (w *jsonWriter) openAt(k string)     { w.key(k); w.b = append(w.b, '{'); w.comma = false }
func (w *jsonWriter) openListAt(k string) { w.key(k); w.b = append(w.b, '['); w.comma = false }
func (w *jsonWriter) closeList()          { w.b = append(w.b, ']'); w.comma = true }

func (w *jsonWriter) raw(k, json string) { w.key(k); w.b = append(w.b, json...) }

func (w *jsonWriter) str(k, s string) { w.key(k); w.b = appendJSON(w.b, s) }

// opt writes a text that is there.
func (w *jsonWriter) opt(k, s string) {
	if s != "" {
		w.str(k, s)
	}
}

// orNull writes a text, null where it is empty.
func (w *jsonWriter) orNull(k, s string) {
	if s == "" {
		w.raw(k, "null")
	} else {
		w.str(k, s)
	}
}

func (w *jsonWriter) flag(k string, v bool) { w.raw(k, strconv.FormatBool(v)) }

func (w *jsonWriter) number(k string, n int64) { w.key(k); w.b = strconv.AppendInt(w.b, n, 10) }

func (w *jsonWriter) item(s string) { w.next(); w.b = appendJSON(w.b, s) }

func (w *jsonWriter) list(k string, items []string) {
	w.openListAt(k)
	for _, s := range items {
		w.item(s)
	}
	w.closeList()
}

// at writes a moment in UTC with milliseconds; nothing for zero.
func (w *jsonWriter) at(k string, ms social.Millis) {
	if ms != 0 {
		w.key(k)
		w.b = append(w.b, '"')
		w.b = time.UnixMilli(ms).UTC().AppendFormat(w.b, "2006-01-02T15:04:05.000Z")
		w.b = append(w.b, '"')
	}
}

const hexDigits = "0123456789abcdef"

// appendJSON appends a string in quotes (RFC 8259, 7), as UTF-8. U+2028 and
// U+2029 stay, for this is never read as script.
func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += n
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
