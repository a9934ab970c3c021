package demo

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// point is a place on a canvas: y runs from 0 (top) to 1 (bottom), x from 0 to
// the canvas's width over its height.
type point struct{ x, y float64 }

// canvas is a picture being painted.
type canvas struct {
	img  *image.RGBA
	unit float64 // pixels of one unit: the height
	wide float64 // width in units
	ras  vector.Rasterizer
	seed uint64
}

func newCanvas(width, height int, seed uint64) *canvas {
	return &canvas{
		img: image.NewRGBA(image.Rect(0, 0, width, height)), unit: float64(height),
		wide: float64(width) / float64(height), seed: seed*2862933555777941757 + 3037000493,
	}
}

// random is a number within 0 and 1, the same ones in the same order for a seed.
func (c *canvas) random() float64 {
	c.seed = c.seed*6364136223846793005 + 1442695040888963407
	return float64(c.seed>>40) / (1 << 24)
}

// between is a random number within a and b.
func (c *canvas) between(a, b float64) float64 { return a + (b-a)*c.random() }

// hex reads a colour from its six digits, with a share of opacity.
func hex(rgb uint32, opacity float64) color.NRGBA {
	return color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: uint8(opacity*255 + 0.5)}
}

// mix is the colour a share t of the way from a to b.
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	at := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*t + 0.5) }
	return color.NRGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), at(a.A, b.A)}
}

// wash paints the whole canvas from one colour at the top to another at the bottom.
func (c *canvas) wash(top, bottom color.NRGBA) { c.band(0, 1, top, bottom) }

// band paints the full width between two heights.
func (c *canvas) band(y0, y1 float64, top, bottom color.NRGBA) {
	from, to := int(y0*c.unit), int(math.Ceil(y1*c.unit))
	for y := max(from, 0); y < to && y < c.img.Rect.Dy(); y++ {
		line := mix(top, bottom, float64(y-from)/float64(max(to-from-1, 1)))
		draw.Draw(c.img, image.Rect(0, y, c.img.Rect.Dx(), y+1), image.NewUniform(line), image.Point{}, draw.Over)
	}
}

// fill paints the polygon of points.
func (c *canvas) fill(ink color.NRGBA, points ...point) {
	if len(points) < 3 {
		return
	}
	lo, hi := points[0], points[0]
	for _, p := range points {
		lo = point{math.Min(lo.x, p.x), math.Min(lo.y, p.y)}
		hi = point{math.Max(hi.x, p.x), math.Max(hi.y, p.y)}
	}
	box := image.Rect(int(math.Floor(lo.x*c.unit)), int(math.Floor(lo.y*c.unit)),
		int(math.Ceil(hi.x*c.unit))+1, int(math.Ceil(hi.y*c.unit))+1).Intersect(c.img.Rect)
	if box.Empty() {
		return
	}
	c.ras.Reset(box.Dx(), box.Dy())
	at := func(p point) (float32, float32) {
		return float32(p.x*c.unit - float64(box.Min.X)), float32(p.y*c.unit - float64(box.Min.Y))
	}
	c.ras.MoveTo(at(points[0]))
	for _, p := range points[1:] {
		c.ras.LineTo(at(p))
	}
	c.ras.ClosePath()
	c.ras.Draw(c.img, box, image.NewUniform(ink), image.Point{})
}

// ellipse paints an ellipse turned by angle (radians).
func (c *canvas) ellipse(ink color.NRGBA, at point, rx, ry, angle float64) {
	const corners = 56
	points := make([]point, corners)
	sin, cos := math.Sincos(angle)
	for i := range points {
		s, k := math.Sincos(float64(i) / corners * 2 * math.Pi)
		x, y := k*rx, s*ry
		points[i] = point{at.x + x*cos - y*sin, at.y + x*sin + y*cos}
	}
	c.fill(ink, points...)
}

// disc paints a circle.
func (c *canvas) disc(ink color.NRGBA, at point, r float64) { c.ellipse(ink, at, r, r, 0) }

// glow paints a light that fades outwards.
func (c *canvas) glow(ink color.NRGBA, at point, r float64) {
	const rings = 24
	ink.A /= rings
	for i := rings; i > 0; i-- {
		c.disc(ink, at, r*float64(i)/rings)
	}
}

// box paints an upright rectangle.
func (c *canvas) box(ink color.NRGBA, x0, y0, x1, y1 float64) {
	c.fill(ink, point{x0, y0}, point{x1, y0}, point{x1, y1}, point{x0, y1})
}

// stroke paints a line through points whose width runs from w0 to w1.
func (c *canvas) stroke(ink color.NRGBA, w0, w1 float64, points ...point) {
	n := len(points)
	outline := make([]point, 2*n)
	for i, p := range points {
		a, b := points[max(i-1, 0)], points[min(i+1, n-1)]
		dx, dy := b.x-a.x, b.y-a.y
		length := math.Max(math.Hypot(dx, dy), 1e-9)
		w := (w0 + (w1-w0)*float64(i)/float64(max(n-1, 1))) / 2
		nx, ny := -dy/length*w, dx/length*w
		outline[i], outline[2*n-1-i] = point{p.x + nx, p.y + ny}, point{p.x - nx, p.y - ny}
	}
	c.fill(ink, outline...)
}

// curve is a quadratic Bézier as points.
func curve(a, b, d point) []point {
	const steps = 20
	points := make([]point, steps+1)
	for i := range points {
		t := float64(i) / steps
		u := 1 - t
		points[i] = point{u*u*a.x + 2*u*t*b.x + t*t*d.x, u*u*a.y + 2*u*t*b.y + t*t*d.y}
	}
	return points
}
