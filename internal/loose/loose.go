// Package loose reads JSON of servers that are not trusted to keep to any
// schema: what has another type than expected is left out, lists and texts have
// bounds, and nothing but broken JSON is an error.
package loose

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxBody is how many bytes of an answer are read.
const MaxBody = 1 << 20

// ErrTooLong is the error of an answer of more than MaxBody bytes.
var ErrTooLong = fmt.Errorf("the answer has more than %d bytes", MaxBody)

// Body reads an answer of at most MaxBody bytes.
func Body(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBody+1))
	if err == nil && len(data) > MaxBody {
		err = ErrTooLong
	}
	return data, err
}

// MaxList is how many elements of a List are read.
const MaxList = 200

// Read reads one JSON value of at most MaxBody bytes into v. Members of another
// type than v has are left at zero.
func Read(r io.Reader, v any) error {
	data, err := Body(r)
	if err != nil {
		return err
	}
	return Decode(data, v)
}

// Decode is Read of bytes.
func Decode(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return nil
	}
	return err
}

// Text is a string; a number or a truth value is taken as it is written.
type Text string

// UnmarshalJSON never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	switch c := data[0]; {
	case c == '"':
		var s string
		if json.Unmarshal(data, &s) == nil {
			*t = Text(s)
		}
	case c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f':
		*t = Text(data)
	}
	return nil
}

// ID is a Text that may stand in a path as it is: letters of ASCII, digits, _
// and -, at most 64. Anything else is empty.
type ID string

// UnmarshalJSON never fails.
func (id *ID) UnmarshalJSON(data []byte) error {
	var t Text
	_ = t.UnmarshalJSON(data)
	if IsID(string(t)) {
		*id = ID(t)
	}
	return nil
}

// IsID reports whether s has the shape of an ID.
func IsID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// List holds the first MaxList elements of an array; anything else is empty.
type List[T any] []T

// UnmarshalJSON fails for broken JSON only.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	if data[0] != '[' {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() && len(*l) < MaxList {
		var one T
		err := dec.Decode(&one)
		if wrong := (*json.UnmarshalTypeError)(nil); err != nil && !errors.As(err, &wrong) {
			return err
		}
		*l = append(*l, one)
	}
	return nil
}

// Map holds the first MaxList members of an object; anything else is empty.
type Map[T any] map[string]T

// UnmarshalJSON fails for broken JSON only.
func (m *Map[T]) UnmarshalJSON(data []byte) error {
	*m = nil
	if data[0] != '{' {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil {
		return err
	}
	*m = Map[T]{}
	for dec.More() && len(*m) < MaxList {
		key, err := dec.Token()
		if err != nil {
			return err
		}
		var one T
		err = dec.Decode(&one)
		if wrong := (*json.UnmarshalTypeError)(nil); err != nil && !errors.As(err, &wrong) {
			return err
		}
		name, _ := key.(string)
		(*m)[name] = one
	}
	return nil
}

// Cut is s in valid UTF-8 without NUL, at most n bytes, never in the midst of a character.
func Cut(s string, n int) string {
	if len(s) > n {
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.ToValidUTF8(s, "")
}

// Runes is s cut to at most n characters.
func Runes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// Line is s as one line for a person to read: control characters become spaces,
// at most n characters.
func Line(s string, n int) string {
	s = strings.Join(strings.FieldsFunc(Cut(s, 4*n), func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 }), " ")
	return Runes(s, n)
}

// WebURL is s when it is an address on the web of at most 2048 bytes without
// white space, else "".
func WebURL(s string) string {
	if len(s) > 2048 || strings.ContainsAny(s, " \t\r\n\x00\"<>\\") || !utf8.ValidString(s) {
		return ""
	}
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	if !ok || rest == "" || rest[0] == '/' || rest[0] == '?' || rest[0] == '#' {
		return ""
	}
	return s
}

// Since is the earliest time that is believed: 2000-01-01, in milliseconds.
const Since = 946_684_800_000

// Moment reads a time of RFC 3339 as milliseconds; 0 for none, and for one
// before Since or after limit (milliseconds).
func Moment(s string, limit int64) int64 {
	if len(s) > 40 {
		return 0
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		if t, err = time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z")); err != nil {
			return 0
		}
	}
	if ms := t.UnixMilli(); ms >= Since && ms <= limit {
		return ms
	}
	return 0
}
