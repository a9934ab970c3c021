package blurhash

import (
	"fmt"
	"math"
)

// digits is the value of each character of the alphabet plus one; 0 for what is none.
var digits = func() (t [256]uint8) {
	for i := range len(alphabet) {
		t[alphabet[i]] = uint8(i + 1)
	}
	return t
}()

// Valid reports whether hash, which may come from anyone, can be shown: known characters, the length its first character
// calls for, a mean colour that is one (Mastodon #20388, T35).
func Valid(hash string) bool {
	_, _, err := components(hash)
	return err == nil
}

// components checks all of hash and gives its numbers of components.
func components(hash string) (x, y int, err error) {
	if len(hash) < 6 || len(hash) > MaxLen {
		return 0, 0, fmt.Errorf("%w: %d characters, 6 to %d are right", ErrInvalid, len(hash), MaxLen)
	}
	for i := range len(hash) {
		if digits[hash[i]] == 0 {
			return 0, 0, fmt.Errorf("%w: character %d is not of base 83", ErrInvalid, i+1)
		}
	}
	size := get83(hash[:1])
	x, y = size%9+1, size/9+1
	if y > MaxComponents || len(hash) != 4+2*x*y {
		return 0, 0, fmt.Errorf("%w: %d characters for %d×%d components, %d are right", ErrInvalid, len(hash), x, y, 4+2*x*y)
	}
	if get83(hash[2:6]) > 0xffffff {
		return 0, 0, fmt.Errorf("%w: the mean colour has more than 24 bits", ErrInvalid)
	}
	for i := 6; i < len(hash); i += 2 {
		if get83(hash[i:i+2]) >= 19*19*19 {
			return 0, 0, fmt.Errorf("%w: component %d is out of range", ErrInvalid, i/2-2)
		}
	}
	return x, y, nil
}

// Decode draws hash on w × h pixels (1 to MaxSide): 4 bytes a pixel, red, green, blue, 255. A hash that is not Valid is
// an ErrInvalid.
func Decode(hash string, w, h int) ([]byte, error) {
	x, y, err := components(hash)
	if err != nil {
		return nil, err
	}
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide {
		return nil, fmt.Errorf("%w: %d×%d pixels, sides of 1 to %d are right", ErrInvalid, w, h, MaxSide)
	}
	factors := unpack(hash, x*y)
	cx, cy, t := cosines(w, x), cosines(h, y), srgb()
	pix := make([]byte, 0, 4*w*h)
	for row := range h {
		var sums [MaxComponents]rgb
		for j := range y {
			c := cy[row*y+j]
			for i := range x {
				for ch, v := range factors[j*x+i] {
					sums[i][ch] += v * c
				}
			}
		}
		for col := range w {
			var p rgb
			for i, c := range cx[col*x : (col+1)*x] {
				p[0] += sums[i][0] * c
				p[1] += sums[i][1] * c
				p[2] += sums[i][2] * c
			}
			pix = append(pix, toSRGB(t, p[0]), toSRGB(t, p[1]), toSRGB(t, p[2]), 255)
		}
	}
	return pix, nil
}

func unpack(hash string, n int) []rgb {
	factors := make([]rgb, n)
	lin, dc := linear(), get83(hash[2:6])
	factors[0] = rgb{lin[dc>>16&255], lin[dc>>8&255], lin[dc&255]}
	largest := float32(get83(hash[1:2])+1) / 166
	for i := 1; i < n; i++ {
		v := get83(hash[4+2*i : 6+2*i])
		factors[i] = rgb{unquantise(v/361) * largest, unquantise(v/19%19) * largest, unquantise(v%19) * largest}
	}
	return factors
}

func unquantise(v int) float32 {
	f := (float64(v) - 9) / 9
	return float32(math.Copysign(f*f, f))
}

// get83 reads characters that were checked to be of the alphabet.
func get83(s string) int {
	v := 0
	for i := range len(s) {
		v = v*83 + int(digits[s[i]]) - 1
	}
	return v
}
