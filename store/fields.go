package store

import (
	"encoding/binary"
	"errors"
)

// A column of fields holds what nothing is found by: each column of a row costs
// SQLite as much as a short look-up, whether it is empty or not. A field is its
// number and a value, and is left out when it is zero; readers pass over numbers
// they do not know, and a number is never used for another thing. On disk: a
// uvarint number<<1 with a zigzag varint behind it, or number<<1|1 with a length
// and as many bytes.
type fields []byte

func (f *fields) int(number uint64, v int64) {
	if v != 0 {
		*f = binary.AppendVarint(binary.AppendUvarint(*f, number<<1), v)
	}
}

func (f *fields) flag(number uint64, v bool) {
	if v {
		f.int(number, 1)
	}
}

func (f *fields) text(number uint64, s string) {
	if s != "" {
		f.put(number, s)
	}
}

// put is text that is kept when it is empty, as in lists.
func (f *fields) put(number uint64, s string) {
	*f = binary.AppendUvarint(binary.AppendUvarint(*f, number<<1|1), uint64(len(s)))
	*f = append(*f, s...)
}

// field is one value: Int or Text, whichever its number stands for.
type field struct {
	Number uint64
	Int    int64
	Text   string
}

// bool is a flag's value.
func (f *field) bool() bool { return f.Int != 0 }

var errFields = errors.New("store: a column of fields is cut off or damaged")

// next takes the first field of s; texts are parts of s.
func next(s string, f *field) (rest string, err error) {
	key, s, ok := uvarint(s)
	if !ok {
		return "", errFields
	}
	value, s, ok := uvarint(s)
	if !ok {
		return "", errFields
	}
	f.Number = key >> 1
	if key&1 == 0 {
		f.Int, f.Text = int64(value>>1)^-int64(value&1), "" // zigzag
		return s, nil
	}
	if value > uint64(len(s)) {
		return "", errFields
	}
	f.Int, f.Text = 0, s[:value]
	return s[value:], nil
}

func uvarint(s string) (v uint64, rest string, ok bool) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		v |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return v, s[i+1:], true
		}
	}
	return 0, "", false
}
