package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"testing"
)

// bits writes the lowest bit first, as VP8L reads.
type bits struct {
	b []byte
	n int
}

func (w *bits) put(v, n int) {
	for i := range n {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
}

// vp8l writes a lossless WebP bit stream (RFC 9649, 3) of a picture whose channels are brought to 0 and 255: no
// transform, no colour cache, one group of codes, each a simple code (3.7.2.1.1) of the symbols 0 and 255.
func vp8l(m image.Image) []byte {
	b := m.Bounds()
	w := &bits{}
	w.put(0x2f, 8)
	w.put(b.Dx()-1, 14)
	w.put(b.Dy()-1, 14)
	w.put(1, 1) // alpha is used
	w.put(0, 3) // version
	w.put(0, 3) // no transform, no cache, no meta codes
	for range 4 {
		w.put(0b111, 3) // simple, two symbols, the first of 8 bits
		w.put(0, 8)
		w.put(255, 8)
	}
	w.put(0b0001, 4) // distances: simple, one symbol, of one bit, 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			for _, v := range [...]uint8{c.G, c.R, c.B, c.A} {
				w.put(int(v>>7), 1)
			}
		}
	}
	return w.b
}

func webpBytes(stream []byte) []byte { return riff(appendChunk(nil, "VP8L", stream)) }

func riff(chunks []byte) []byte {
	out := append([]byte("RIFF\x00\x00\x00\x00WEBP"), chunks...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// animated makes an animation of the frames, all of the canvas' size.
func animated(w, h int, frames ...[]byte) []byte {
	size := []byte{byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
	out := appendChunk(nil, "VP8X", append([]byte{1<<1 | 1<<4, 0, 0, 0}, size...))
	out = appendChunk(out, "ANIM", make([]byte, 6))
	for _, f := range frames {
		head := append(append(make([]byte, 6), size...), 100, 0, 0, 0)
		out = appendChunk(out, "ANMF", appendChunk(head, "VP8L", f))
	}
	return riff(out)
}

func TestWebP(t *testing.T) {
	q := quarters(800, 600)
	see := image.NewNRGBA(image.Rect(0, 0, 800, 600))
	for y := range 600 {
		for x := 400; x < 800; x++ {
			see.Set(x, y, q.At(x, y))
		}
	}
	red, green, white := color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}, color.NRGBA{255, 255, 255, 255}
	exif := withEXIF([]byte{0xff, 0xd8}, 6, "x")[12:]
	for _, c := range []struct {
		name     string
		b        []byte
		original string
		ul, ur   color.Color
	}{
		{"opaque", webpBytes(vp8l(q)), "image/jpeg 800×600", red, green},
		{"small", webpBytes(vp8l(quarters(400, 300))), "image/png 400×300", red, green},
		{"alpha", webpBytes(vp8l(see)), "image/png 800×600", color.NRGBA{}, green},
		{"animation", animated(800, 600, vp8l(q), vp8l(see)), "image/jpeg 800×600", red, green},
		{"animation with alpha", animated(800, 600, vp8l(see), vp8l(q)), "image/png 800×600", color.NRGBA{}, green},
		{"turned", riff(appendChunk(appendChunk(nil, "VP8L", vp8l(q)), "EXIF", exif)), "image/jpeg 600×800", color.NRGBA{0, 0, 255, 255}, red},
	} {
		res := mustProcess(t, c.b, Options{})
		if got := describe(&res.Original); got != c.original || res.Source != WebP {
			t.Errorf("%s: %s from %s", c.name, got, res.Source)
		}
		for _, r := range res.Renditions() {
			m := decoded(t, r)
			if !near(m.At(9, 9), c.ul) || !near(m.At(r.Width-9, 9), c.ur) {
				t.Errorf("%s: %s has corners %v, %v", c.name, describe(r), m.At(9, 9), m.At(r.Width-9, 9))
			}
			if c.ul == (color.NRGBA{}) && !near(m.At(r.Width-9, r.Height-9), white) {
				t.Errorf("%s: %s ends with %v", c.name, describe(r), m.At(r.Width-9, r.Height-9))
			}
		}
	}
}

// The frame of an animation is measured, not only its canvas.
func TestWebPHugeFrame(t *testing.T) {
	huge := vp8l(image.NewNRGBA(image.Rect(0, 0, 1, 1)))
	huge[1], huge[2], huge[3], huge[4] = 0xff, 0xff, 0xff, huge[4]|0x0f // 16384 × 16384
	for name, b := range map[string][]byte{"still": webpBytes(huge), "animation": animated(1, 1, huge)} {
		if _, err := Process(t.Context(), bytes.NewReader(b), Options{}); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, broken := range [][]byte{{}, make([]byte, 16), appendChunk(make([]byte, 16), "ALPH", []byte("x"))} {
		if _, err := stillFromFrame(broken); !errors.Is(err, ErrBroken) {
			t.Errorf("stillFromFrame(%d bytes) = %v", len(broken), err)
		}
	}
	whole := animated(4, 4, vp8l(quarters(4, 4)))
	for n := range whole {
		if res, err := Process(t.Context(), bytes.NewReader(whole[:n]), Options{}); err == nil && res.Source != WebP {
			t.Errorf("cut at %d: %v", n, res.Source)
		}
	}
}
