package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"engawa/internal/blurhash"
	"engawa/internal/limits"
)

// Options say what to make.
type Options struct {
	Kind Kind
	// Focus is kept in sight where the kind cuts, and handed on.
	Focus Focus
	// MaxBytes lowers the kind's bound on the file that comes; 0 leaves it.
	MaxBytes int64
}

// gate is the memory that all images being decoded may take together; memory is the whole process's, so the gate is too.
var gate = semaphore.NewWeighted(limits.DecodeBytes)

// Process reads a picture from r and makes the files of its kind. It waits while others use up the memory for decoding.
//
// JPEG becomes JPEG; PNG and lossless WebP become PNG where they have alpha, are small or pack well (a screenshot), else
// JPEG; lossy WebP becomes PNG with alpha, else JPEG; animated GIF stays GIF; an animated WebP becomes
// its first picture. EXIF orientation is applied, Display P3 stays Display P3; all other metadata go.
//
// Errors: ErrType, ErrTooLarge, ErrBroken, the reader's, or the context's.
func Process(ctx context.Context, r io.Reader, o Options) (*Result, error) {
	if int(o.Kind) >= len(kinds) {
		return nil, fmt.Errorf("media: unknown kind %d", o.Kind)
	}
	b, err := readBounded(r, o)
	if err != nil {
		return nil, err
	}
	src, err := inspect(b)
	if err != nil {
		return nil, err
	}
	cost := min(src.cost, limits.DecodeBytes)
	if err := gate.Acquire(ctx, cost); err != nil {
		return nil, err
	}
	defer gate.Release(cost)
	return src.render(ctx, o)
}

func readBounded(r io.Reader, o Options) ([]byte, error) {
	most := kinds[o.Kind].bytes
	if o.MaxBytes > 0 {
		most = min(most, o.MaxBytes)
	}
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("read image: %w", err)
	}
	if int64(len(b)) > most {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrTooLarge, most)
	}
	return b, nil
}

// source is a file that may be decoded: known type, bounded size.
type source struct {
	b           []byte // what the decoder reads
	typ         Type
	w, h        int
	orientation int
	cost        int64    // bytes that decoding and rendering take, estimated
	moving      *gifFile // an animation that is kept
	displayP3   bool     // the colours are Display P3's, not sRGB's
}

// inspect tells type and size from the first bytes, without decoding a pixel (T36).
func inspect(b []byte) (*source, error) {
	s := &source{b: b, typ: sniff(b), orientation: 1}
	var c image.Config
	var err error
	perPixel := int64(4)
	switch s.typ {
	case JPEG:
		var head jpegHead
		if head, err = readJPEGHead(b); err == nil {
			s.orientation, s.displayP3, perPixel = head.orientation, head.displayP3, head.bytesPerPixel()
			c, err = jpeg.DecodeConfig(bytes.NewReader(b))
		}
	case PNG:
		c, err = png.DecodeConfig(bytes.NewReader(b))
		perPixel = 8
	case GIF:
		c, err = gif.DecodeConfig(bytes.NewReader(b))
		perPixel = 6
	case WebP:
		var head webpHead
		if head, err = readWebPHead(b); err == nil {
			s.b, s.orientation = head.still, head.orientation
			c, err = webp.DecodeConfig(bytes.NewReader(s.b))
		}
		perPixel = 10
	default:
		return nil, fmt.Errorf("%w: %d bytes that begin with %.8q", ErrType, len(b), b)
	}
	if err != nil {
		return nil, broken(err)
	}
	s.w, s.h = c.Width, c.Height
	if s.w < 1 || s.h < 1 {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrBroken, s.w, s.h)
	}
	if s.w > limits.ImageSide || s.h > limits.ImageSide || int64(s.w)*int64(s.h) > limits.ImagePixels {
		return nil, fmt.Errorf("%w: %d × %d pixels, at most %d in all", ErrTooLarge, s.w, s.h, limits.ImagePixels)
	}
	const rendering = 2 // bytes a pixel for what is made of it
	s.cost = int64(s.w) * int64(s.h) * (perPixel + rendering)
	return s, nil
}

// broken wraps a decoder's error once.
func broken(err error) error {
	if errors.Is(err, ErrBroken) || errors.Is(err, ErrTooLarge) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

func (s *source) render(ctx context.Context, o Options) (*Result, error) {
	m, err := s.decode()
	if err != nil {
		return nil, broken(err)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	shown := oriented(workable(m), s.orientation)
	w, h := fit(o, shown.Bounds().Dx(), shown.Bounds().Dy())
	part := shown.Bounds()
	if kinds[o.Kind].square > 0 {
		part = o.Focus.square(part.Dx(), part.Dy())
	}
	asJPEG := !kinds[o.Kind].png && !s.staysPNG(m) && opaque(shown)
	if part != shown.Bounds() || part.Dx() != w || part.Dy() != h {
		shown, m = resized(shown, part, w, h), nil
	}
	res := &Result{Source: s.typ, Focus: o.Focus}
	if s.moving != nil {
		err = s.animation(res, o, shown, asJPEG, w, h)
	} else {
		err = still(res, o, m, shown, asJPEG)
	}
	if err != nil {
		return nil, err
	}
	for _, r := range res.Renditions() {
		if s.displayP3 && r.Type == JPEG {
			r.Bytes = withDisplayP3(r.Bytes)
		}
	}
	return res, ctx.Err()
}

// still makes the files of a picture that does not move: shown, or m as it was decoded where it can stay so.
func still(res *Result, o Options, m, shown image.Image, asJPEG bool) error {
	file := shown
	if p, ok := m.(*image.Paletted); ok && !asJPEG && p.Rect == shown.Bounds() {
		file = p
	}
	original, err := encode(file, asJPEG, originalQuality)
	if err != nil {
		return err
	}
	res.Original = *original
	small := preview(o, shown)
	if small != shown {
		if res.Small, err = encode(small, opaque(small), smallQuality); err != nil {
			return err
		}
	}
	res.Blurhash, err = hash(small)
	return err
}

// animation makes the files of an animation of which shown is the first picture: the moving one, and a still one, which
// is the preview of an attachment and the Static of others.
func (s *source) animation(res *Result, o Options, shown image.Image, asJPEG bool, w, h int) error {
	g := s.moving
	if w != g.w || h != g.h {
		part := image.Rect(0, 0, g.w, g.h)
		if kinds[o.Kind].square > 0 {
			part = o.Focus.square(g.w, g.h)
		}
		var err error
		if g, err = g.resized(part, w, h); err != nil {
			return err
		}
	}
	res.Original = Rendition{Bytes: g.bytes(), Type: GIF, Width: g.w, Height: g.h}
	small := preview(o, shown)
	first, err := encode(small, asJPEG, smallQuality)
	if err != nil {
		return err
	}
	if kinds[o.Kind].small > 0 {
		res.Small = first
	} else {
		res.Static = first
	}
	res.Blurhash, err = hash(small)
	return err
}

// preview shrinks m to the size of its kind's preview, if the kind has one and m is larger.
func preview(o Options, m image.Image) image.Image {
	most := kinds[o.Kind].small
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if most == 0 || w*h <= most {
		return m
	}
	w, h = area(w, h, most)
	return resized(m, m.Bounds(), w, h)
}

// staysPNG decides for an opaque picture, decoded as m: a small one, or one that packs below half a byte a pixel, which
// photos do not, is drawn and would suffer from JPEG. Lossy files have been through that.
func (s *source) staysPNG(m image.Image) bool {
	if _, lossy := m.(*image.YCbCr); lossy || s.typ == JPEG {
		return false
	}
	const smallPixels = 512 * 512
	pixels := s.w * s.h
	return pixels <= smallPixels || len(s.b) < pixels/2
}

func (s *source) decode() (image.Image, error) {
	switch s.typ {
	case JPEG:
		return jpeg.Decode(bytes.NewReader(s.b))
	case PNG:
		return png.Decode(bytes.NewReader(s.b))
	case WebP:
		return webp.Decode(bytes.NewReader(s.b))
	}
	g, err := readGIF(s.b)
	if err != nil {
		return nil, err
	}
	if len(g.frames) > 1 {
		s.moving = g
	}
	return g.first()
}

// fit gives the size of the main file for a picture of w × h. Nothing is enlarged.
func fit(o Options, w, h int) (int, int) {
	k := kinds[o.Kind]
	if k.square > 0 {
		side := min(w, h, k.square)
		return side, side
	}
	if k.area > 0 {
		w, h = area(w, h, k.area)
	}
	if longest := max(w, h); k.side > 0 && longest > k.side {
		w, h = max(1, (w*k.side+longest/2)/longest), max(1, (h*k.side+longest/2)/longest)
	}
	return w, h
}

// area shrinks w × h to most pixels, keeping the aspect as far as whole pixels allow.
func area(w, h, most int) (int, int) {
	if w*h <= most {
		return w, h
	}
	scale := math.Sqrt(float64(most) / (float64(w) * float64(h)))
	nw, nh := max(1, int(float64(w)*scale)), max(1, int(float64(h)*scale))
	return min(nw, most), min(nh, most)
}

// hash gives the blurhash, with more components along the longer side.
func hash(m image.Image) (string, error) {
	w, h, x, y := 32, 24, 4, 3
	if b := m.Bounds(); b.Dy() > b.Dx() {
		w, h, x, y = 24, 32, 3, 4
	}
	return blurhash.Encode(thumbnail(m, w, h), w, h, x, y)
}
