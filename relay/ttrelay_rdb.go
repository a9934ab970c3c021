package relay

import (
	"encoding/binary"
	"errors"
	"strconv"
)

// Redis's dump, as far as texts go (RDB file format, versions 1 to 12): ttRelay
// kept nothing else.
const (
	rdbMagic   = "REDIS"
	rdbEnd     = 0xff
	rdbDB      = 0xfe
	rdbExpire  = 0xfd // seconds, 4 bytes
	rdbExpires = 0xfc // milliseconds, 8 bytes
	rdbResize  = 0xfb
	rdbAux     = 0xfa
	rdbFreq    = 0xf9
	rdbIdle    = 0xf8
	rdbText    = 0
	maxRDBText = 1 << 20
)

var (
	errRDBShort = errors.New("it ends in the middle")
	errRDBForm  = errors.New("a length or an encoding is none that Redis writes")
)

// rdb reads a dump front to back.
type rdb struct {
	rest []byte
}

func readRDB(raw []byte) (map[string]string, *flaw) {
	if len(raw) < 9 {
		return nil, wrong("relay.ttrelay.rdb", "why", errRDBShort.Error())
	}
	r := &rdb{raw[9:]} // "REDIS" and four digits of the version
	pairs := map[string]string{}
	for {
		kind, err := r.next()
		if err != nil {
			return nil, wrong("relay.ttrelay.rdb", "why", err.Error())
		}
		if kind == rdbEnd {
			return pairs, nil
		}
		if kind == rdbText {
			if len(pairs) >= maxTtKeys {
				return nil, wrong("relay.flaw.too_many", "n", len(pairs)+1, "max", maxTtKeys)
			}
			err = r.pair(pairs)
		} else if kind < rdbIdle {
			return nil, wrong("relay.ttrelay.rdb_kind")
		} else {
			err = r.skip(kind)
		}
		if err != nil {
			return nil, wrong("relay.ttrelay.rdb", "why", err.Error())
		}
	}
}

func (r *rdb) pair(pairs map[string]string) error {
	key, err := r.text()
	if err != nil {
		return err
	}
	pairs[key], err = r.text()
	return err
}

// skip passes over what is no key.
func (r *rdb) skip(kind byte) (err error) {
	switch kind {
	case rdbDB:
		_, _, err = r.length()
	case rdbResize:
		if _, _, err = r.length(); err == nil {
			_, _, err = r.length()
		}
	case rdbAux:
		if _, err = r.text(); err == nil {
			_, err = r.text()
		}
	case rdbExpire:
		_, err = r.take(4)
	case rdbExpires:
		_, err = r.take(8)
	case rdbFreq:
		_, err = r.take(1)
	case rdbIdle:
		_, _, err = r.length()
	}
	return err
}

func (r *rdb) next() (byte, error) {
	b, err := r.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func (r *rdb) take(n uint64) ([]byte, error) {
	if n > uint64(len(r.rest)) {
		return nil, errRDBShort
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b, nil
}

// length reads a length, or (special) how a text is encoded.
func (r *rdb) length() (n uint64, special bool, err error) {
	first, err := r.next()
	if err != nil {
		return 0, false, err
	}
	switch {
	case first>>6 == 0:
		return uint64(first), false, nil
	case first>>6 == 1:
		second, err := r.next()
		return uint64(first&0x3f)<<8 | uint64(second), false, err
	case first>>6 == 3:
		return uint64(first & 0x3f), true, nil
	case first == 0x80:
		b, err := r.take(4)
		if err != nil {
			return 0, false, err
		}
		return uint64(binary.BigEndian.Uint32(b)), false, nil
	case first == 0x81:
		b, err := r.take(8)
		if err != nil {
			return 0, false, err
		}
		return binary.BigEndian.Uint64(b), false, nil
	}
	return 0, false, errRDBForm
}

// text reads a text: plain, as a number of 1, 2 or 4 bytes, or compressed (LZF).
func (r *rdb) text() (string, error) {
	n, special, err := r.length()
	if err != nil {
		return "", err
	}
	if !special {
		b, err := r.take(n)
		return string(b), err
	}
	if n == 3 {
		return r.packed()
	}
	if n > 2 {
		return "", errRDBForm
	}
	b, err := r.take(1 << n)
	if err != nil {
		return "", err
	}
	var v int64
	switch n {
	case 0:
		v = int64(int8(b[0]))
	case 1:
		v = int64(int16(binary.LittleEndian.Uint16(b)))
	case 2:
		v = int64(int32(binary.LittleEndian.Uint32(b)))
	}
	return strconv.FormatInt(v, 10), nil
}

func (r *rdb) packed() (string, error) {
	size, special, err := r.length()
	if err != nil || special {
		return "", errors.Join(err, errRDBForm)
	}
	full, special, err := r.length()
	if err != nil || special || full > maxRDBText {
		return "", errors.Join(err, errRDBForm)
	}
	b, err := r.take(size)
	if err != nil {
		return "", err
	}
	out, ok := unLZF(b, int(full))
	if !ok {
		return "", errRDBForm
	}
	return string(out), nil
}

// unLZF unpacks LibLZF's format: runs of literals, and references back.
func unLZF(in []byte, full int) ([]byte, bool) {
	out := make([]byte, 0, full)
	for len(in) > 0 {
		c := int(in[0])
		in = in[1:]
		if c < 32 {
			if c+1 > len(in) || len(out)+c+1 > full {
				return nil, false
			}
			out = append(out, in[:c+1]...)
			in = in[c+1:]
			continue
		}
		n := c >> 5
		if n == 7 {
			if len(in) == 0 {
				return nil, false
			}
			n += int(in[0])
			in = in[1:]
		}
		if len(in) == 0 {
			return nil, false
		}
		from := len(out) - (c&0x1f)<<8 - int(in[0]) - 1
		in = in[1:]
		if n += 2; from < 0 || len(out)+n > full {
			return nil, false
		}
		for i := range n {
			out = append(out, out[from+i])
		}
	}
	return out, len(out) == full
}
