package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"testing"

	"engawa/internal/blurhash"
	"engawa/internal/limits"
)

func TestSizes(t *testing.T) {
	noisy := photo(1600, 1200)
	see := image.NewNRGBA(image.Rect(0, 0, 900, 700))
	for i := range see.Pix {
		see.Pix[i] = uint8(i * 31 >> 4)
	}
	for _, c := range []struct {
		name     string
		b        []byte
		o        Options
		original string
		small    string
	}{
		{"photo", jpegBytes(t, noisy), Options{}, "image/jpeg 1600×1200", "image/jpeg 554×415"},
		{"large photo", jpegBytes(t, photo(4000, 3000)), Options{}, "image/jpeg 3325×2494", "image/jpeg 554×415"},
		{"small photo", jpegBytes(t, photo(64, 48)), Options{}, "image/jpeg 64×48", ""},
		{"one pixel", jpegBytes(t, photo(1, 1)), Options{}, "image/jpeg 1×1", ""},
		{"strip", jpegBytes(t, photo(20000, 20)), Options{}, "image/jpeg 20000×20", "image/jpeg 15178×15"},
		{"grey photo", jpegBytes(t, image.NewGray(image.Rect(0, 0, 800, 600))), Options{}, "image/jpeg 800×600", "image/jpeg 554×415"},
		{"PNG of a photo", pngBytes(t, noisy), Options{}, "image/jpeg 1600×1200", "image/jpeg 554×415"},
		{"screenshot", pngBytes(t, quarters(1600, 1200)), Options{}, "image/png 1600×1200", "image/jpeg 554×415"},
		{"alpha", pngBytes(t, see), Options{}, "image/png 900×700", "image/png 544×423"},
		{"avatar", jpegBytes(t, noisy), Options{Kind: Avatar}, "image/jpeg 400×400", ""},
		{"small avatar", pngBytes(t, quarters(30, 20)), Options{Kind: Avatar}, "image/png 20×20", ""},
		{"header", jpegBytes(t, noisy), Options{Kind: Header}, "image/jpeg 1000×750", ""},
		{"emoji", jpegBytes(t, photo(512, 256)), Options{Kind: Emoji}, "image/png 256×128", ""},
		{"narrow emoji", pngBytes(t, quarters(512, 1)), Options{Kind: Emoji}, "image/png 256×1", ""},
	} {
		res := mustProcess(t, c.b, c.o)
		if got := describe(&res.Original); got != c.original {
			t.Errorf("%s: original is %s, want %s", c.name, got, c.original)
		}
		small := ""
		if res.Small != nil {
			small = describe(res.Small)
		}
		if small != c.small {
			t.Errorf("%s: small is %q, want %q", c.name, small, c.small)
		}
		if !blurhash.Valid(res.Blurhash) || res.Static != nil {
			t.Errorf("%s: blurhash %q, static %v", c.name, res.Blurhash, res.Static)
		}
		for _, r := range res.Renditions() {
			decoded(t, r)
		}
	}
}

func describe(r *Rendition) string { return fmt.Sprintf("%s %d×%d", r.Type, r.Width, r.Height) }

// The picture looks like itself after scaling, in every pixel format that decoders give.
func TestContent(t *testing.T) {
	q := quarters(1200, 900)
	grey := image.NewGray(q.Rect)
	pal := image.NewPaletted(q.Rect, color.Palette{q.At(0, 0), q.At(1199, 0), q.At(0, 899), q.At(1199, 899)})
	deep := image.NewNRGBA64(q.Rect)
	for y := range 900 {
		for x := range 1200 {
			grey.Set(x, y, q.At(x, y))
			pal.Set(x, y, q.At(x, y))
			deep.Set(x, y, q.At(x, y))
		}
	}
	for name, c := range map[string]struct {
		b    []byte
		want image.Image
	}{
		"jpeg": {jpegBytes(t, q), q}, "png": {pngBytes(t, q), q}, "grey jpeg": {jpegBytes(t, grey), grey},
		"grey png": {pngBytes(t, grey), grey}, "palette": {pngBytes(t, pal), q}, "16 bits": {pngBytes(t, deep), q},
	} {
		res := mustProcess(t, c.b, Options{})
		for _, r := range res.Renditions() {
			m := decoded(t, r)
			for _, p := range []struct{ x, y float64 }{{.1, .1}, {.9, .1}, {.1, .9}, {.9, .9}, {.49, .49}, {.51, .51}} {
				got := m.At(int(p.x*float64(r.Width)), int(p.y*float64(r.Height)))
				want := c.want.At(int(p.x*1200), int(p.y*900))
				if !near(got, want) {
					t.Errorf("%s %s: at %v is %v, want %v", name, describe(r), p, got, want)
				}
			}
		}
	}
}

// Transparent pixels do not bleed their colour (the scaler works premultiplied).
func TestAlpha(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 1000, 1000))
	for y := range 1000 {
		for x := range 1000 {
			m.SetNRGBA(x, y, color.NRGBA{0, 255, 0, 0}) // green, but not to be seen
			if x >= 500 {
				m.SetNRGBA(x, y, color.NRGBA{255, 0, 0, 255})
			}
		}
	}
	res := mustProcess(t, pngBytes(t, m), Options{})
	small := decoded(t, res.Small)
	for x := range res.Small.Width {
		_, g, _, a := small.At(x, 100).RGBA()
		if g > 0 {
			t.Fatalf("column %d is green", x)
		}
		if want := x > res.Small.Width/2+2; want && a != 0xffff || x < res.Small.Width/2-2 && a != 0 {
			t.Errorf("column %d has alpha %x", x, a)
		}
	}
}

// T38, and the orientation that was in the metadata.
func TestEXIF(t *testing.T) {
	const secret = "GPS 35.6586 N 139.7454 E"
	q := quarters(800, 400)
	r, g, b, w := q.At(0, 0), q.At(799, 0), q.At(0, 399), q.At(799, 399)
	for o, want := range map[uint16][4]color.Color{ // upper left, upper right, lower left, lower right as shown
		1: {r, g, b, w}, 2: {g, r, w, b}, 3: {w, b, g, r}, 4: {b, w, r, g},
		5: {r, b, g, w}, 6: {b, r, w, g}, 7: {w, g, b, r}, 8: {g, w, r, b},
		0: {r, g, b, w}, 9: {r, g, b, w},
	} {
		file := withEXIF(jpegBytes(t, q), o, secret)
		if !bytes.Contains(file, []byte(secret)) {
			t.Fatal("the test's file has no secret")
		}
		res := mustProcess(t, file, Options{})
		wide := o < 5 || o > 8
		if (res.Original.Width == 800) != wide {
			t.Errorf("orientation %d: %s", o, describe(&res.Original))
		}
		for _, f := range res.Renditions() {
			if bytes.Contains(f.Bytes, []byte("GPS")) || bytes.Contains(f.Bytes, []byte("Exif")) {
				t.Errorf("orientation %d: metadata in %s", o, describe(f))
			}
			m := decoded(t, f)
			for i, at := range []image.Point{{9, 9}, {f.Width - 9, 9}, {9, f.Height - 9}, {f.Width - 9, f.Height - 9}} {
				if !near(m.At(at.X, at.Y), want[i]) {
					t.Errorf("orientation %d: corner %d of %s is %v, want %v", o, i, describe(f), m.At(at.X, at.Y), want[i])
				}
			}
		}
	}
}

func TestFocus(t *testing.T) {
	q := quarters(1200, 400) // the left half is red above blue
	for _, c := range []struct {
		focus string
		want  color.Color // upper left
		x     int
	}{{"-1,0", q.At(0, 0), 10}, {"1,0", q.At(1199, 0), 10}, {"", q.At(1199, 0), 390}, {"", q.At(0, 0), 10}} {
		f, err := ParseFocus(c.focus)
		if err != nil {
			t.Fatal(err)
		}
		res := mustProcess(t, jpegBytes(t, q), Options{Kind: Avatar, Focus: f})
		if m := decoded(t, &res.Original); !near(m.At(c.x, 10), c.want) {
			t.Errorf("focus %q: %v", c.focus, m.At(c.x, 10))
		}
	}
	for in, want := range map[string]string{"0.5,-0.25": "0.5,-0.25", "7, -9": "1,-1", "": "0,0"} {
		if f, err := ParseFocus(in); err != nil || f.String() != want {
			t.Errorf("ParseFocus(%q) = %v, %v", in, f, err)
		}
	}
	for _, in := range []string{"x", "1", ",", "1,NaN", "1,2,3"} {
		if f, err := ParseFocus(in); !errors.Is(err, ErrFocus) {
			t.Errorf("ParseFocus(%q) = %v, %v", in, f, err)
		}
	}
}

// The gate lets nobody decode while the memory is in use, and waiting ends with the context.
func TestGate(t *testing.T) {
	if err := gate.Acquire(t.Context(), limits.DecodeBytes); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Process(ctx, bytes.NewReader(jpegBytes(t, photo(8, 8))), Options{})
	gate.Release(limits.DecodeBytes)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Process = %v", err)
	}
	mustProcess(t, jpegBytes(t, photo(8, 8)), Options{})
}

func TestKey(t *testing.T) {
	res := mustProcess(t, jpegBytes(t, photo(8, 8)), Options{})
	a, b := res.Original.Key("media 1"), res.Original.Key("media 2")
	if a == b || a != res.Original.Key("media 1") || TypeByKey(a) != JPEG {
		t.Errorf("keys %q, %q", a, b)
	}
}

func BenchmarkProcess12MP(b *testing.B) {
	file := jpegBytes(b, photo(4000, 3000))
	for _, k := range []Kind{Attachment, Avatar} {
		b.Run(kinds[k].name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustProcess(b, file, Options{Kind: k})
			}
		})
	}
}

// BenchmarkShrink is the row of the library comparison: a decoded 12-megapixel 4:2:0 picture to 640 pixels.
func BenchmarkShrink(b *testing.B) {
	m, err := jpeg.Decode(bytes.NewReader(jpegBytes(b, photo(4000, 3000))))
	if err != nil {
		b.Fatal(err)
	}
	for _, size := range []image.Point{{640, 480}, {3325, 2494}} {
		b.Run(fmt.Sprint(size.X), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				resized(m, m.Bounds(), size.X, size.Y)
			}
		})
	}
}

func BenchmarkGIF(b *testing.B) {
	file := gifBytes(b, 480, 360, 100)
	for _, k := range []Kind{Attachment, Avatar} {
		b.Run(kinds[k].name, func(b *testing.B) {
			for b.Loop() {
				mustProcess(b, file, Options{Kind: k})
			}
		})
	}
}

func TestAnimation(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		n     int
		w, h  int
		still bool
	}{{Attachment, 5, 120, 90, true}, {Avatar, 5, 90, 90, true}, {Emoji, 1, 120, 90, false}} {
		res := mustProcess(t, gifBytes(t, 120, 90, c.n), Options{Kind: c.kind})
		moves := res.Original.Type == GIF
		if moves != c.still || res.Original.Width != c.w || res.Original.Height != c.h {
			t.Errorf("%s: %s", kinds[c.kind].name, describe(&res.Original))
		}
		if !moves {
			continue
		}
		g, err := gif.DecodeAll(bytes.NewReader(res.Original.Bytes))
		if err != nil || len(g.Image) != c.n || g.Delay[2] != 7 || g.LoopCount != 0 || g.Config.Width != c.w {
			t.Errorf("%s: %v, %+v", kinds[c.kind].name, err, g)
		}
		for _, r := range res.Renditions()[1:] {
			if r.Type == GIF {
				t.Errorf("%s: a still picture moves", kinds[c.kind].name)
			}
			decoded(t, r)
		}
		if (res.Static != nil) != (c.kind != Attachment) || (res.Small != nil) != (c.kind == Attachment) {
			t.Errorf("%s: static %v, small %v", kinds[c.kind].name, res.Static != nil, res.Small != nil)
		}
	}
}
