// Package blurhash encodes and decodes BlurHash, the few characters that stand for a picture until it is loaded.
// The algorithm is the one of https://github.com/woltapp/blurhash/blob/master/Algorithm.md
//
// A hash of x × y components has 4+2·x·y characters of base 83: one for the numbers of components, one for the largest
// AC value, four for the mean colour, two for each further component.
package blurhash

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

const (
	// MaxComponents is the largest number of components on either axis; the smallest is 1.
	MaxComponents = 9
	// MaxLen is the length of the longest hash.
	MaxLen = 4 + 2*MaxComponents*MaxComponents
	// MaxSide is the longest side that Encode and Decode accept, in pixels: a hash has no detail beyond it.
	MaxSide = 256
)

// ErrInvalid says what is wrong with a hash or with the arguments.
var ErrInvalid = errors.New("blurhash")

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"

type rgb [3]float32

// linear gives the linear light, 0 to 1, of an sRGB value.
var linear = sync.OnceValue(func() *[256]float32 {
	var t [256]float32
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = float32(v / 12.92)
		} else {
			t[i] = float32(math.Pow((v+0.055)/1.055, 2.4))
		}
	}
	return &t
})

// srgbSteps is the fineness of the way back: 1/4096 is under half an sRGB step everywhere but near black.
const srgbSteps = 4096

var srgb = sync.OnceValue(func() *[srgbSteps + 1]uint8 {
	var t [srgbSteps + 1]uint8
	for i := range t {
		v := float64(i) / srgbSteps
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		t[i] = uint8(v*255 + 0.5)
	}
	return &t
})

// toSRGB clamps v to 0…1; NaN cannot come from decoded values.
func toSRGB(t *[srgbSteps + 1]uint8, v float32) uint8 {
	return t[int(min(max(v, 0), 1)*srgbSteps+0.5)]
}

// Encode gives the hash of a picture of w × h pixels with x × y components (1 to 9 each). pix holds 4 bytes a pixel: red,
// green, blue and one that is not looked at, rows without gaps. A picture of about 32 × 24 is enough: shrink it first.
func Encode(pix []byte, w, h, x, y int) (string, error) {
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide || len(pix) != 4*w*h {
		return "", fmt.Errorf("%w: %d×%d pixels in %d bytes; sides of 1 to %d with 4 bytes a pixel are right", ErrInvalid, w, h, len(pix), MaxSide)
	}
	if x < 1 || y < 1 || x > MaxComponents || y > MaxComponents {
		return "", fmt.Errorf("%w: %d×%d components, 1 to %d are right", ErrInvalid, x, y, MaxComponents)
	}
	var factors [MaxComponents * MaxComponents]rgb
	transform(factors[:x*y], pix, w, h, x, y)
	return pack(factors[:x*y], x, y), nil
}

// transform fills factors with the cosine transform of the linear light: rows first, then columns.
func transform(factors []rgb, pix []byte, w, h, x, y int) {
	lin, cx, cy := linear(), cosines(w, x), cosines(h, y)
	for row := range h {
		var sums [MaxComponents]rgb
		line := pix[4*w*row : 4*w*(row+1)]
		for col := range w {
			r, g, b := lin[line[4*col]], lin[line[4*col+1]], lin[line[4*col+2]]
			for i, c := range cx[col*x : (col+1)*x] {
				s := &sums[i]
				s[0] += r * c
				s[1] += g * c
				s[2] += b * c
			}
		}
		for j := range y {
			c := cy[row*y+j]
			for i := range x {
				f, s := &factors[j*x+i], &sums[i]
				f[0] += s[0] * c
				f[1] += s[1] * c
				f[2] += s[2] * c
			}
		}
	}
	for i := range factors {
		scale := 2 / float32(w*h)
		if i == 0 {
			scale = 1 / float32(w*h)
		}
		for ch := range factors[i] {
			factors[i][ch] *= scale
		}
	}
}

// cosines is the table [position][component] of cos(π·component·position/side), as the reference encoder has it.
func cosines(side, components int) []float32 {
	t := make([]float32, side*components)
	for p := range side {
		for c := range components {
			t[p*components+c] = float32(math.Cos(math.Pi * float64(c) * float64(p) / float64(side)))
		}
	}
	return t
}

func pack(factors []rgb, x, y int) string {
	out := make([]byte, 0, 4+2*x*y)
	out = put83(out, x-1+(y-1)*9, 1)
	largest := float32(0)
	for _, f := range factors[1:] {
		for _, v := range f {
			largest = max(largest, v, -v)
		}
	}
	quantised := 0
	if len(factors) > 1 {
		quantised = int(min(max(largest*166-0.5, 0), 82))
	}
	out = put83(out, quantised, 1)
	t, dc := srgb(), 0
	for _, v := range factors[0] {
		dc = dc<<8 | int(toSRGB(t, v))
	}
	out = put83(out, dc, 4)
	scale := float64(quantised+1) / 166
	for _, f := range factors[1:] {
		ac := 0
		for _, v := range f {
			ac = ac*19 + quantise(float64(v)/scale)
		}
		out = put83(out, ac, 2)
	}
	return string(out)
}

// quantise takes the signed square root of v and puts -1…1 on 0…18.
func quantise(v float64) int {
	root := math.Copysign(math.Sqrt(math.Abs(v)), v)
	return int(min(max(math.Floor(root*9+9.5), 0), 18))
}

func put83(out []byte, v, digits int) []byte {
	at := len(out)
	out = append(out, "0000"[:digits]...)
	for i := digits - 1; i >= 0; i-- {
		out[at+i] = alphabet[v%83]
		v /= 83
	}
	return out
}
