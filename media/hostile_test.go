package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"strings"
	"testing"

	"engawa/internal/limits"
)

// pngHeader is a PNG of the given size with nothing in it.
func pngHeader(w, h uint32) []byte {
	ihdr := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0)
	binary.BigEndian.PutUint32(ihdr[4:], w)
	binary.BigEndian.PutUint32(ihdr[8:], h)
	b := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	b = append(b, ihdr...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(ihdr))
}

// gifOf has n frames of one pixel on a canvas of w × h.
func gifOf(n int, w, h uint16) []byte {
	b := []byte("GIF89a")
	b = binary.LittleEndian.AppendUint16(b, w)
	b = binary.LittleEndian.AppendUint16(b, h)
	b = append(b, 0x80, 0, 0, 0, 0, 0, 255, 255, 255)
	for range n {
		b = append(b, ',', 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0)
	}
	return append(b, ';')
}

// bigFrames has n frames of w × h pixels, all of one colour.
func bigFrames(t testing.TB, n, w, h int) []byte {
	g := &gif.GIF{}
	for range n {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 1)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpHeader(w, h uint32) []byte {
	body := []byte{0, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	out := appendChunk([]byte("RIFF\x00\x00\x00\x00WEBP"), "VP8X", body)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func TestRefused(t *testing.T) {
	jpg, pn, gf := jpegBytes(t, photo(200, 200)), pngBytes(t, photo(200, 200)), gifBytes(t, 40, 40, 4)
	bigJPEG := bytes.Clone(jpg) // SOF0: precision, height, width
	at := bytes.Index(bigJPEG, []byte{0xff, 0xc0, 0, 17, 8})
	binary.BigEndian.PutUint32(bigJPEG[at+5:], 60000<<16|60000)
	scan := jpg[bytes.Index(jpg, []byte{0xff, 0xda}) : len(jpg)-2]
	outside := gifOf(2, 4, 4)
	outside[bytes.IndexByte(outside, ',')+1] = 4
	for _, c := range []struct {
		name string
		b    []byte
		o    Options
		want error
	}{
		{"nothing", nil, Options{}, ErrType},
		{"text", []byte("hello"), Options{}, ErrType},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), Options{}, ErrType},
		{"HTML", []byte("<!DOCTYPE html><script>alert(1)</script>"), Options{}, ErrType},
		{"ActivityPub document", []byte(`{"@context":"https://www.w3.org/ns/activitystreams"}`), Options{}, ErrType},
		{"PDF before a JPEG", append([]byte("%PDF-1.4\n"), jpg...), Options{}, ErrType},
		{"GIFAR without a GIF", []byte("GIF8;a<script>"), Options{}, ErrBroken},
		{"script that begins like a GIF", []byte("GIF89a=1;alert(1);//                  "), Options{}, nil},
		{"RIFF of sound", []byte("RIFF\x24\x00\x00\x00WAVEfmt "), Options{}, ErrType},
		{"PNG 50k × 50k", pngHeader(50_000, 50_000), Options{}, ErrTooLarge},
		{"PNG 2^31 × 2^31", pngHeader(1<<31-1, 1<<31-1), Options{}, nil},
		{"PNG long and thin", pngHeader(70_000, 1), Options{}, ErrTooLarge},
		{"PNG of a header", pngHeader(100, 100), Options{}, ErrBroken},
		{"JPEG 60k × 60k", bigJPEG, Options{}, ErrTooLarge},
		{"JPEG of many scans", append(bytes.Clone(jpg[:len(jpg)-2]), bytes.Repeat(scan, limits.JPEGScans)...), Options{}, ErrTooLarge},
		{"JPEG of many segments", append(append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff, 0xfe, 0, 2}, limits.JPEGSegments)...), jpg[2:]...), Options{}, ErrTooLarge},
		{"GIF canvas", gifOf(1, 65535, 65535), Options{}, ErrTooLarge},
		{"GIF of a million frames", gifOf(1_000_000, 1, 1), Options{}, ErrTooLarge},
		{"GIF of many pixels", bigFrames(t, 40, 2000, 2000), Options{}, ErrTooLarge},
		{"GIF frame outside", outside, Options{}, ErrBroken},
		{"WebP canvas", webpHeader(16_000, 16_000), Options{}, ErrTooLarge},
		{"WebP of a header", webpHeader(16, 16), Options{}, ErrBroken},
		{"JPEG cut", jpg[:len(jpg)/2], Options{}, ErrBroken},
		{"PNG cut", pn[:len(pn)/2], Options{}, ErrBroken},
		{"GIF cut", gf[:len(gf)/2], Options{}, ErrBroken},
		{"too many bytes", append(bytes.Clone(jpg), make([]byte, limits.ImageBytes)...), Options{}, ErrTooLarge},
		{"too many bytes for a kind", append(bytes.Clone(jpg), make([]byte, limits.EmojiBytes)...), Options{Kind: Emoji}, ErrTooLarge},
		{"too many bytes for the caller", jpg, Options{MaxBytes: 100}, ErrTooLarge},
	} {
		res, err := Process(t.Context(), bytes.NewReader(c.b), c.o)
		if err == nil {
			t.Errorf("%s: became %s", c.name, describe(&res.Original))
			continue
		}
		ours := errors.Is(err, ErrType) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrBroken)
		if c.want != nil && !errors.Is(err, c.want) || !ours {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// What hides in a good file does not come out of it (T37).
func TestPolyglots(t *testing.T) {
	const evil = "<script>alert(document.domain)</script>"
	jpg := jpegBytes(t, photo(64, 64))
	comment := append([]byte{0xff, 0xd8, 0xff, 0xfe, 0, byte(len(evil) + 2)}, evil...)
	pn := pngBytes(t, quarters(64, 64))
	text := append([]byte("tEXtComment\x00"), evil...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = append(chunk, text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(text))
	for name, b := range map[string][]byte{
		"behind a JPEG":     append(bytes.Clone(jpg), evil...),
		"comment of a JPEG": append(comment, jpg[2:]...),
		"behind a PNG":      append(bytes.Clone(pn), evil...),
		"text of a PNG":     bytes.Join([][]byte{pn[:33], chunk, pn[33:]}, nil),
	} {
		t.Run(name, func(t *testing.T) { absent(t, b, evil) })
	}
	gifs := map[string][]byte{}
	gf := gifBytes(t, 40, 40, 3)
	body := 13 + 3<<(gf[10]&7+1) // behind the global palette, if there is one
	if gf[10]&0x80 == 0 {
		body = 13
	}
	block := append([]byte{byte(len(evil))}, evil...)
	for label, head := range map[string]string{"comment": "!\xfe", "plain text": "!\x01", "XMP": "!\xff\x0bXMP DataXMP"} {
		gifs[label] = bytes.Join([][]byte{gf[:body], []byte(head), block, {0}, gf[body:]}, nil)
	}
	gifs["behind the end"] = append(bytes.Clone(gf), evil...)
	// Between the end code of the last frame and its terminator.
	gifs["behind the code"] = bytes.Join([][]byte{gf[:len(gf)-2], block, gf[len(gf)-2:]}, nil)
	for name, b := range gifs {
		t.Run("GIF "+name, func(t *testing.T) {
			res := absent(t, b, evil)
			g, err := gif.DecodeAll(bytes.NewReader(res.Original.Bytes))
			if err != nil || len(g.Image) != 3 {
				t.Errorf("became %s: %v", describe(&res.Original), err)
			}
		})
	}
}

func absent(t *testing.T, b []byte, evil string) *Result {
	t.Helper()
	if !bytes.Contains(b, []byte(evil)) {
		t.Fatal("the test's file is harmless")
	}
	res := mustProcess(t, b, Options{})
	for _, r := range res.Renditions() {
		if bytes.Contains(r.Bytes, []byte("script")) {
			t.Errorf("%s still has it", describe(r))
		}
	}
	return res
}

// A rewritten GIF shows the same, frame by frame; its second rewriting is the first.
func TestGIFRewritten(t *testing.T) {
	in := gifBytes(t, 50, 30, 6)
	out := mustProcess(t, in, Options{}).Original.Bytes
	a, aerr := gif.DecodeAll(bytes.NewReader(in))
	b, berr := gif.DecodeAll(bytes.NewReader(out))
	if aerr != nil || berr != nil || len(a.Image) != len(b.Image) || a.LoopCount != b.LoopCount {
		t.Fatalf("%v, %v, %d and %d frames, loops %d and %d", aerr, berr, len(a.Image), len(b.Image), a.LoopCount, b.LoopCount)
	}
	for i := range a.Image {
		if !bytes.Equal(a.Image[i].Pix, b.Image[i].Pix) || a.Delay[i] != b.Delay[i] || a.Disposal[i] != b.Disposal[i] || a.Image[i].Rect != b.Image[i].Rect {
			t.Errorf("frame %d differs", i)
		}
	}
	if again := mustProcess(t, out, Options{}).Original.Bytes; !bytes.Equal(again, out) {
		t.Error("rewriting twice changes it")
	}
}

// Scaling a GIF by nearest pixels is the same as scaling what each moment shows.
func TestGIFScaled(t *testing.T) {
	in := gifBytes(t, 60, 40, 5)
	g, err := readGIF(in)
	if err != nil {
		t.Fatal(err)
	}
	part := image.Rect(10, 0, 50, 40)
	small, err := g.resized(part, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	want, got := moments(t, in), moments(t, small.bytes())
	xs, ys := nearest(10, 40, 16), nearest(0, 40, 16)
	for i := range want {
		for y := range 16 {
			for x := range 16 {
				if g, w := got[i].At(x, y), want[i].At(xs[x], ys[y]); g != w {
					t.Fatalf("frame %d at %d,%d: %v, want %v", i, x, y, g, w)
				}
			}
		}
	}
}

// moments draws what is seen at each frame (the test's files replace nothing).
func moments(t *testing.T, b []byte) (all []*image.RGBA) {
	t.Helper()
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	canvas := image.NewRGBA(image.Rect(0, 0, g.Config.Width, g.Config.Height))
	for _, f := range g.Image {
		for y := f.Rect.Min.Y; y < f.Rect.Max.Y; y++ {
			for x := f.Rect.Min.X; x < f.Rect.Max.X; x++ {
				canvas.Set(x, y, f.At(x, y))
			}
		}
		shown := image.NewRGBA(canvas.Rect)
		copy(shown.Pix, canvas.Pix)
		all = append(all, shown)
	}
	return all
}

func TestInterlacedLines(t *testing.T) {
	for _, h := range []int{1, 2, 3, 7, 8, 9, 33} {
		f := gifFrame{h: h, interlaced: true}
		seen := map[int]bool{}
		for y := range h {
			seen[f.line(y)] = true
		}
		if len(seen) != h || !seen[h-1] || f.line(0) != 0 || h > 8 && f.line(8) != 1 {
			t.Errorf("height %d: %v", h, seen)
		}
	}
}

func FuzzProcess(f *testing.F) {
	f.Add(jpegBytes(f, photo(16, 12)), uint8(0))
	f.Add(withEXIF(jpegBytes(f, quarters(9, 5)), 6, "x"), uint8(1))
	f.Add(pngBytes(f, photo(16, 12)), uint8(2))
	f.Add(gifBytes(f, 12, 9, 3), uint8(3))
	f.Add(gifBytes(f, 12, 9, 1), uint8(1))
	f.Add(pngHeader(50_000, 50_000), uint8(0))
	f.Add(webpHeader(16, 16), uint8(0))
	f.Add(webpBytes(vp8l(quarters(6, 4))), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, kind uint8) {
		if s, err := inspect(b); err == nil && s.w*s.h > 1<<20 {
			return // right, but slow
		}
		res, err := Process(t.Context(), bytes.NewReader(b), Options{Kind: Kind(kind % uint8(len(kinds)))})
		if err != nil {
			if !errors.Is(err, ErrType) && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrBroken) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		for _, r := range res.Renditions() {
			if sniff(r.Bytes) != r.Type || r.Type == WebP || strings.HasPrefix(string(r.Bytes), "<") {
				t.Fatalf("%s is %q", r.Type, sniff(r.Bytes))
			}
			decoded(t, r)
		}
	})
}

// The walk over a JPEG's segments sees what the decoder sees: an image behind the end does not count.
func TestJPEGHead(t *testing.T) {
	jpg := withEXIF(jpegBytes(t, photo(300, 200)), 6, "x")
	filled := bytes.Replace(jpg, []byte{0xff, 0xda}, []byte{0xff, 0xff, 0xff, 0xda}, 1)
	for name, b := range map[string][]byte{
		"plain": jpg, "fill bytes": filled, "motion photo": append(bytes.Clone(jpg), bytes.Repeat(jpg, limits.JPEGScans+1)...),
	} {
		head, err := readJPEGHead(b)
		if err != nil || head != (jpegHead{orientation: 6, components: 3, scans: 1}) {
			t.Errorf("%s: %+v, %v", name, head, err)
		}
		mustProcess(t, b, Options{})
	}
	for n := range jpg[:700] {
		if _, err := readJPEGHead(jpg[:n]); err != nil {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(withEXIF([]byte{0xff, 0xd8}, 6, "x")[12:])
	f.Add([]byte("II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if o := orientation(b); o < 1 || o > 8 {
			t.Error(o)
		}
	})
}
