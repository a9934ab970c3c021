package media

import (
	"bytes"
	"compress/lzw"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"io"
)

// first draws the first frame on its canvas.
func (g *gifFile) first() (image.Image, error) {
	one := *g
	one.frames = g.frames[:1]
	m, err := gif.Decode(bytes.NewReader(one.bytes()))
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, g.w, g.h)
	if m.Bounds() == canvas {
		return m, nil
	}
	dst := image.NewRGBA(canvas)
	draw.Draw(dst, m.Bounds(), m, m.Bounds().Min, draw.Src)
	return dst, nil
}

// resized takes from every frame the pixels nearest to those of a canvas of w × h over the given part. Palettes, times
// and the way frames replace each other stay, because each pixel of the new canvas lives the life of one of the old.
func (g *gifFile) resized(part image.Rectangle, w, h int) (*gifFile, error) {
	out := *g
	out.w, out.h = w, h
	out.frames = make([]gifFrame, len(g.frames))
	xs, ys := nearest(part.Min.X, part.Dx(), w), nearest(part.Min.Y, part.Dy(), h)
	for i := range g.frames {
		f, err := g.frames[i].resized(xs, ys)
		if err != nil {
			return nil, fmt.Errorf("%w: frame %d of the GIF: %w", ErrBroken, i+1, err)
		}
		out.frames[i] = f
	}
	return &out, nil
}

// nearest lists for each of n new pixels the old one at its middle.
func nearest(from, length, n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = from + (2*i+1)*length/(2*n)
	}
	return at
}

func (f *gifFrame) resized(xs, ys []int) (gifFrame, error) {
	pix := make([]byte, f.w*f.h)
	r := lzw.NewReader(bytes.NewReader(f.data), lzw.LSB, int(f.codeSize))
	defer r.Close()
	if _, err := io.ReadFull(r, pix); err != nil {
		return gifFrame{}, err
	}
	x0, xs := covered(xs, f.x, f.w)
	y0, ys := covered(ys, f.y, f.h)
	out := *f
	out.x, out.y, out.w, out.h, out.interlaced = x0, y0, len(xs), len(ys), false
	var code bytes.Buffer
	w := lzw.NewWriter(&code, lzw.LSB, int(f.codeSize))
	row := make([]byte, len(xs))
	for _, y := range ys {
		src := pix[f.line(y-f.y)*f.w:]
		for i, x := range xs {
			row[i] = src[x-f.x]
		}
		if _, err := w.Write(row); err != nil {
			return gifFrame{}, err
		}
	}
	if err := w.Close(); err != nil {
		return gifFrame{}, err
	}
	out.data = code.Bytes()
	return out, nil
}

// covered gives the run of at that lies in [from, from+length), and where it begins. A frame that is missed by all keeps
// one pixel, the nearest: a frame has to have one, and its time counts.
func covered(at []int, from, length int) (int, []int) {
	first, last := len(at), 0
	for i, v := range at {
		if v >= from && v < from+length {
			first, last = min(first, i), i+1
		}
	}
	if first < last {
		return first, at[first:last]
	}
	best := 0
	for i, v := range at {
		if abs(v-from) < abs(at[best]-from) {
			best = i
		}
	}
	return best, []int{min(max(at[best], from), from+length-1)}
}

func abs(v int) int { return max(v, -v) }

// line is where row y stands in the code: interlaced files have every eighth row first (GIF89a, appendix E).
func (f *gifFrame) line(y int) int {
	if !f.interlaced {
		return y
	}
	at := 0
	for _, pass := range [...]struct{ start, step int }{{0, 8}, {4, 8}, {2, 4}, {1, 2}} {
		if y >= pass.start && (y-pass.start)%pass.step == 0 {
			return at + (y-pass.start)/pass.step
		}
		at += (f.h - pass.start + pass.step - 1) / pass.step
	}
	return 0
}
