package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
)

// photo draws something with edges, gradients and texture.
func photo(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			n := uint8((x*7919 + y*104729 + x*y) >> 3 & 15)
			m.SetRGBA(x, y, color.RGBA{uint8(255*fx) | n>>1, uint8(200*fy) + n, uint8(128 + 100*math.Sin(9*fx+7*fy)), 255})
		}
	}
	return m
}

// quarters has a colour of its own in each quarter: red, green, blue, white from the upper left, row by row.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	colours := [4]color.RGBA{{220, 20, 20, 255}, {20, 200, 20, 255}, {20, 20, 220, 255}, {240, 240, 240, 255}}
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, colours[2*y/h*2+2*x/w])
		}
	}
	return m
}

func jpegBytes(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gifBytes draws n frames: a square that walks, each frame only where it changes.
func gifBytes(t testing.TB, w, h, n int) []byte {
	g := &gif.GIF{Config: image.Config{ColorModel: color.Palette(palette.Plan9), Width: w, Height: h}}
	for i := range n {
		r := image.Rect(0, 0, w, h)
		if i > 0 {
			r = image.Rect(i%w/2, i%h/2, w/2+i%w/2, h/2+i%h/2)
		}
		m := image.NewPaletted(r, palette.Plan9)
		for j := range m.Pix {
			m.Pix[j] = uint8(i*40 + j/97)
		}
		g.Image = append(g.Image, m)
		g.Delay = append(g.Delay, 5+i)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withEXIF puts an APP1 segment behind SOI: orientation o, and a GPS directory with a telling text.
func withEXIF(jpg []byte, o uint16, secret string) []byte {
	be := binary.BigEndian
	tiff := []byte("MM\x00*\x00\x00\x00\x08")
	tiff = be.AppendUint16(tiff, 2)
	entry := func(tag, typ uint16, n, v uint32) {
		tiff = be.AppendUint16(tiff, tag)
		tiff = be.AppendUint16(tiff, typ)
		tiff = be.AppendUint32(tiff, n)
		tiff = be.AppendUint32(tiff, v)
	}
	entry(0x0112, 3, 1, uint32(o)<<16)
	entry(0x8825, 4, 1, 38) // GPS directory
	tiff = be.AppendUint32(tiff, 0)
	tiff = append(tiff, secret...)
	seg := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, jpg[:2]...)
	out = append(out, 0xff, 0xe1)
	out = be.AppendUint16(out, uint16(len(seg)+2))
	out = append(out, seg...)
	return append(out, jpg[2:]...)
}

func mustProcess(t testing.TB, b []byte, o Options) *Result {
	t.Helper()
	res, err := Process(t.Context(), bytes.NewReader(b), o)
	if err != nil {
		t.Fatalf("Process of %d bytes: %v", len(b), err)
	}
	return res
}

func decoded(t testing.TB, r *Rendition) image.Image {
	t.Helper()
	m, format, err := image.Decode(bytes.NewReader(r.Bytes))
	if err != nil || "image/"+format != string(r.Type) {
		t.Fatalf("%s of %d bytes is %s: %v", r.Type, len(r.Bytes), format, err)
	}
	if got := m.Bounds().Size(); r.Type != GIF && got != image.Pt(r.Width, r.Height) {
		t.Fatalf("says %d×%d, is %v", r.Width, r.Height, got)
	}
	return m
}

// near compares with the tolerance that JPEG needs.
func near(a, b color.Color) bool {
	ar, ag, ab, aa := a.RGBA()
	br, bg, bb, ba := b.RGBA()
	for _, d := range [...]int{int(ar) - int(br), int(ag) - int(bg), int(ab) - int(bb), int(aa) - int(ba)} {
		if d < -24<<8 || d > 24<<8 {
			return false
		}
	}
	return true
}
