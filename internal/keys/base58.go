package keys

import (
	"encoding/base64"
	"errors"
	"fmt"
)

// alphabet58 is the alphabet of base58btc (Multibase, prefix "z").
const alphabet58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// limb58 is 58^5, the largest power of 58 that leaves room for a 32-bit word in 64 bits.
const (
	limb58       = 58 * 58 * 58 * 58 * 58
	limbDigits   = 5
	maxMultibase = 2048 // characters; decoding base58 is quadratic
)

var digits58 = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range len(alphabet58) {
		t[alphabet58[i]] = byte(i)
	}
	return t
}()

// EncodeMultibase writes b as Multibase base58btc: "z" and the digits.
func EncodeMultibase(b []byte) string {
	zeros := 0
	for zeros < len(b) && b[zeros] == 0 {
		zeros++
	}
	limbs := limbs58(b[zeros:])
	out := make([]byte, 0, 1+zeros+len(limbs)*limbDigits)
	out = append(out, 'z')
	for range zeros {
		out = append(out, '1')
	}
	for i := len(limbs) - 1; i >= 0; i-- {
		var d [limbDigits]byte
		for v, j := limbs[i], limbDigits-1; j >= 0; j-- {
			d[j] = alphabet58[v%58]
			v /= 58
		}
		skip := 0
		if i == len(limbs)-1 { // no leading zero digits
			for skip < limbDigits && d[skip] == '1' {
				skip++
			}
		}
		out = append(out, d[skip:]...)
	}
	return string(out)
}

// limbs58 is b, big endian and without leading zeros, in base 58^5, least significant limb first.
func limbs58(b []byte) []uint32 {
	limbs := make([]uint32, 0, len(b)*11/40+1)
	step := func(carry uint64, shift uint) {
		for i := range limbs {
			carry += uint64(limbs[i]) << shift
			limbs[i] = uint32(carry % limb58)
			carry /= limb58
		}
		for ; carry > 0; carry /= limb58 {
			limbs = append(limbs, uint32(carry%limb58))
		}
	}
	for len(b)%4 != 0 {
		step(uint64(b[0]), 8)
		b = b[1:]
	}
	for ; len(b) > 0; b = b[4:] {
		step(uint64(b[0])<<24|uint64(b[1])<<16|uint64(b[2])<<8|uint64(b[3]), 32)
	}
	return limbs
}

// DecodeMultibase reads Multibase text: base58btc ("z") or base64url without padding ("u").
func DecodeMultibase(s string) ([]byte, error) {
	switch {
	case len(s) < 2:
		return nil, errors.New("multibase text begins with its base: z or u")
	case len(s) > maxMultibase:
		return nil, fmt.Errorf("multibase text has at most %d characters here, not %d", maxMultibase, len(s))
	case s[0] == 'z':
		return decode58(s[1:])
	case s[0] == 'u':
		return base64.RawURLEncoding.Strict().DecodeString(s[1:])
	}
	return nil, fmt.Errorf("multibase %q is not read here; use base58btc (z)", s[:1])
}

func decode58(s string) ([]byte, error) {
	zeros := 0
	for zeros < len(s) && s[zeros] == '1' {
		zeros++
	}
	words := make([]uint32, 0, len(s)*3/16+1) // least significant first
	for i := zeros; i < len(s); i++ {
		d := digits58[s[i]]
		if d == 0xff {
			return nil, fmt.Errorf("%q is no digit of base58btc", s[i])
		}
		carry := uint64(d)
		for j := range words {
			carry += uint64(words[j]) * 58
			words[j] = uint32(carry)
			carry >>= 32
		}
		if carry > 0 {
			words = append(words, uint32(carry))
		}
	}
	out := make([]byte, zeros, zeros+4*len(words))
	for i := len(words) - 1; i >= 0; i-- {
		for shift := 24; shift >= 0; shift -= 8 {
			if c := byte(words[i] >> shift); c != 0 || len(out) > zeros {
				out = append(out, c)
			}
		}
	}
	return out, nil
}
