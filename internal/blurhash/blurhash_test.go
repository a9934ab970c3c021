package blurhash

import (
	"math"
	"strings"
	"testing"
)

func picture(w, h int, at func(x, y float64) (r, g, b uint8)) []byte {
	pix := make([]byte, 0, 4*w*h)
	for y := range h {
		for x := range w {
			r, g, b := at(float64(x)/float64(w), float64(y)/float64(h))
			pix = append(pix, r, g, b, 255)
		}
	}
	return pix
}

func gradient(x, y float64) (r, g, b uint8) {
	return uint8(255 * x), uint8(255 * y), uint8(128 + 100*math.Sin(3*x))
}

func TestEncode(t *testing.T) {
	grey := func(v uint8) func(x, y float64) (r, g, b uint8) {
		return func(x, y float64) (uint8, uint8, uint8) { return v, v, v }
	}
	for _, c := range []struct {
		name string
		pix  []byte
		w, h int
		x, y int
		want string
	}{
		// One component is the mean colour alone: size 0, no AC, then 0x000000 and 0xffffff in base 83.
		{"black", picture(4, 4, grey(0)), 4, 4, 1, 1, "000000"},
		{"white", picture(4, 4, grey(255)), 4, 4, 1, 1, "00TSUA"},
		// 4×3: size character is 3+2·9 = 21 = L.
		{"black 4×3", picture(8, 6, grey(0)), 8, 6, 4, 3, "L00000" + strings.Repeat("fQ", 11)},
	} {
		got, err := Encode(c.pix, c.w, c.h, c.x, c.y)
		if err != nil || got != c.want || !Valid(got) {
			t.Errorf("%s: %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// What is decoded looks like what was encoded.
func TestRoundTrip(t *testing.T) {
	pix := picture(32, 24, gradient)
	hash, err := Encode(pix, 32, 24, 4, 3)
	if err != nil || len(hash) != 28 {
		t.Fatalf("%q, %v", hash, err)
	}
	got, err := Decode(hash, 32, 24)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i := range pix {
		sum += math.Abs(float64(pix[i]) - float64(got[i]))
	}
	if mean := sum / float64(len(pix)); mean > 12 {
		t.Errorf("mean distance %.1f of 255", mean)
	}
}

func TestArguments(t *testing.T) {
	pix := make([]byte, 4*4*4)
	for _, c := range []struct{ n, w, h, x, y int }{
		{64, 4, 4, 0, 1}, {64, 4, 4, 1, 10}, {64, 4, 5, 4, 3}, {0, 0, 0, 4, 3}, {64, -4, -4, 4, 3}, {64, 1 << 40, 1, 4, 3},
	} {
		if got, err := Encode(pix[:c.n], c.w, c.h, c.x, c.y); err == nil {
			t.Errorf("%+v: %q", c, got)
		}
	}
	for _, side := range []int{0, -1, MaxSide + 1, math.MaxInt} {
		if _, err := Decode("000000", side, 4); err == nil {
			t.Errorf("Decode on %d pixels", side)
		}
	}
}

func TestValid(t *testing.T) {
	for _, c := range []struct {
		hash string
		want bool
	}{
		{"000000", true}, {"00TSUA", true},
		{"LEHV6nWB2yk8pyo0adR*.7kCMdnj", true}, // the specification's own example
		{"", false}, {"00000", false}, {"0000000", false},
		{"LEHV6nWB2yk8pyo0adR*.7kCMdn", false},
		{"LEHV6nWB2yk8pyo0adR*.7kCMd\"j", false}, {"LEHV6nWB2yk8pyo0adR*.7kCMdnjj", false},
		{"00~~~~", false}, // mean colour over 24 bits
		{"L00000" + strings.Repeat("~~", 11), false}, // component over 19³
		{"~" + strings.Repeat("0", 165), false},      // 83 = ten rows
		{strings.Repeat("0", 1<<20), false},          // long
		{"|" + strings.Repeat("0", MaxLen-1), true},  // 9 × 9, the longest
		{"00000\x00", false}, {"0000é", false},
	} {
		if got := Valid(c.hash); got != c.want {
			t.Errorf("Valid(%.40q) = %v", c.hash, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 4, 3)
	f.Add("00TSUA", 1, 1)
	f.Fuzz(func(t *testing.T, hash string, w, h int) {
		w, h = w&15, h&15
		pix, err := Decode(hash, w, h)
		if Valid(hash) && w > 0 && h > 0 && err != nil {
			t.Errorf("a valid hash does not decode: %v", err)
		}
		if err == nil && len(pix) != 4*w*h {
			t.Errorf("%d bytes", len(pix))
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte("0123456789abcdef"), 2, 4, 3)
	f.Fuzz(func(t *testing.T, pix []byte, w, x, y int) {
		h := 0
		if w > 0 {
			h = len(pix) / 4 / w
		}
		hash, err := Encode(pix, w, h, x, y)
		if err == nil && !Valid(hash) {
			t.Errorf("%q is not valid", hash)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	pix := picture(32, 24, gradient)
	b.ReportAllocs()
	for b.Loop() {
		Encode(pix, 32, 24, 4, 3)
	}
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Decode("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 32, 24)
	}
}
