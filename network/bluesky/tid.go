package bluesky

import (
	"crypto/sha256"
	"encoding/binary"
)

// tidAlphabet is base32-sortable (atproto.com/specs/tid).
const tidAlphabet = "234567abcdefghijklmnopqrstuvwxyz"

// tidOf makes the TID that stands for key at ms: the microseconds within the
// millisecond and the ten bits of the clock id come from key, so it is the same
// for every try, sorts by time, and two keys of one millisecond meet once in a
// million. ms is at least 0.
func tidOf(key string, ms int64) string {
	sum := sha256.Sum256([]byte(key))
	h := binary.BigEndian.Uint64(sum[:])
	micros := uint64(ms)*1000 + h%1000
	return encodeTID(micros<<10 | h>>54)
}

// encodeTID writes the 63 low bits of v, five at a time.
func encodeTID(v uint64) string {
	v &= 1<<63 - 1
	var b [13]byte
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = tidAlphabet[v&31]
		v >>= 5
	}
	return string(b[:])
}
