package media

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"engawa/internal/limits"
)

// fitQualities are tried in turn until a file is small enough; then its sides shrink.
var fitQualities = [...]int{originalQuality, 80, 70}

const (
	// smallestFit is the longest side below which nothing is shrunk any more.
	smallestFit = 64
	// fitTries bounds how often a picture is shrunk.
	fitTries = 12
)

// Fit makes a picture no longer than side pixels and no larger than most bytes;
// zero does not bound. What fits already comes back as it is. An animation that
// is too large becomes its first picture, and transparency that does not fit as
// PNG becomes white.
//
// Errors: ErrType, ErrTooLarge (it cannot be made so small), ErrBroken, the context's.
func Fit(ctx context.Context, b []byte, side int, most int64) (*Rendition, error) {
	src, err := inspect(b)
	if err != nil {
		return nil, err
	}
	if (side <= 0 || max(src.w, src.h) <= side) && (most <= 0 || int64(len(b)) <= most) {
		w, h := src.w, src.h
		if src.orientation > 4 { // turned by a quarter
			w, h = h, w
		}
		return &Rendition{Bytes: b, Type: src.typ, Width: w, Height: h}, nil
	}
	cost := min(src.cost, limits.DecodeBytes)
	if err := gate.Acquire(ctx, cost); err != nil {
		return nil, err
	}
	defer gate.Release(cost)
	m, err := src.decode()
	if err != nil {
		return nil, broken(err)
	}
	r, err := fitted(ctx, oriented(workable(m), src.orientation), side, most)
	if err == nil && src.displayP3 && r.Type == JPEG {
		r.Bytes = withDisplayP3(r.Bytes)
	}
	return r, err
}

// fitted shrinks m until it fits.
func fitted(ctx context.Context, m image.Image, side int, most int64) (*Rendition, error) {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if side > 0 {
		w, h = within(w, h, side)
	}
	for range fitTries {
		shown := m
		if w != m.Bounds().Dx() || h != m.Bounds().Dy() {
			shown = resized(m, m.Bounds(), w, h)
		}
		if !opaque(shown) {
			r, err := encode(shown, false, 0)
			if err != nil || most <= 0 || int64(len(r.Bytes)) <= most {
				return r, err
			}
			shown = onWhite(shown)
		}
		for _, quality := range fitQualities {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			const profile = 1 << 10 // that withDisplayP3 may add
			r, err := encode(shown, true, quality)
			if err != nil || most <= 0 || int64(len(r.Bytes))+profile <= most {
				return r, err
			}
		}
		if max(w, h) <= smallestFit {
			break
		}
		w, h = within(w, h, max(max(w, h)*3/4, smallestFit))
	}
	return nil, fmt.Errorf("%w: it cannot be made smaller than %d bytes", ErrTooLarge, most)
}

// within shrinks sides so that the longer one is at most side.
func within(w, h, side int) (int, int) {
	longest := max(w, h)
	if longest <= side {
		return w, h
	}
	return max(1, w*side/longest), max(1, h*side/longest)
}

// onWhite puts m on white paper.
func onWhite(m image.Image) image.Image {
	paper := image.NewRGBA(m.Bounds())
	draw.Draw(paper, paper.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(paper, paper.Rect, m, m.Bounds().Min, draw.Over)
	return paper
}
