package demo

import (
	"image/color"
	"math"
)

// The colours of the house: paper, wood, leaf, plum, sky, ink.
var (
	paper = hex(0xfbf9f4, 1)
	wood  = hex(0x8a5a32, 1)
	bark  = hex(0x4a3324, 1)
	leaf  = hex(0x3d6b4f, 1)
	moss  = hex(0x7c9a5c, 1)
	plum  = hex(0x9c3357, 1)
	sky   = hex(0x2f6188, 1)
	night = hex(0x1b2440, 1)
	ink   = hex(0x22252a, 1)
	sand  = hex(0xe6dcc6, 1)
	warm  = hex(0xf2b880, 1)
	sun   = hex(0xf7e3b0, 1)
)

// faded is a colour with a share of its opacity.
func faded(c color.NRGBA, share float64) color.NRGBA {
	c.A = uint8(float64(c.A) * share)
	return c
}

// ridge paints land below a soft line around y.
func (c *canvas) ridge(ink color.NRGBA, y, height float64) {
	phase, second := c.between(0, 7), c.between(0, 7)
	points := []point{{0, 1}}
	for x := 0.0; x <= c.wide+0.02; x += 0.02 {
		up := math.Sin(x*2.1+phase)*0.6 + math.Sin(x*5.3+second)*0.3 + math.Sin(x*11+phase+second)*0.1
		points = append(points, point{x, y - up*height})
	}
	c.fill(ink, append(points, point{c.wide + 0.02, 1})...)
}

// peak paints one mountain with its snow.
func (c *canvas) peak(ground color.NRGBA, at point, half, height float64) {
	top := point{at.x, at.y - height}
	left, right := point{at.x - half, at.y}, point{at.x + half, at.y}
	slope := append(curve(left, point{at.x - half*0.3, at.y - height*0.35}, top), curve(top, point{at.x + half*0.3, at.y - height*0.35}, right)...)
	c.fill(ground, slope...)
	snow := []point{top}
	const teeth = 6
	for i := 0; i <= teeth; i++ {
		x := at.x + half*0.24*(1-2*float64(i)/teeth)
		y := top.y + height*0.34
		if i%2 == 1 {
			y -= height * 0.09
		}
		snow = append(snow, point{x, y})
	}
	c.fill(faded(paper, 0.93), snow...)
}

// pine paints one conifer.
func (c *canvas) pine(ink color.NRGBA, at point, height float64) {
	c.box(mix(ink, bark, 0.6), at.x-height*0.025, at.y-height*0.2, at.x+height*0.025, at.y)
	for i := range 4 {
		t := float64(i) / 4
		y, half := at.y-height*(0.12+t*0.66), height*(0.24-t*0.15)
		c.fill(ink, point{at.x - half, y}, point{at.x, y - height*0.34}, point{at.x + half, y})
	}
}

// forest paints pines along a line.
func (c *canvas) forest(ink color.NRGBA, y, height float64, count int) {
	for i := range count {
		x := (float64(i) + c.random()) / float64(count) * c.wide
		c.pine(ink, point{x, y + c.between(0, 0.03)}, height*c.between(0.7, 1.15))
	}
}

// maple paints a tree with a crown of many leaves.
func (c *canvas) maple(crown color.NRGBA, at point, height float64) {
	c.stroke(bark, height*0.09, height*0.04, curve(at, point{at.x + height*0.06, at.y - height*0.3}, point{at.x - height*0.02, at.y - height*0.6})...)
	c.stroke(bark, height*0.04, height*0.015, curve(point{at.x + height*0.02, at.y - height*0.35}, point{at.x + height*0.18, at.y - height*0.5}, point{at.x + height*0.25, at.y - height*0.65})...)
	for range 90 {
		angle, far := c.between(0, 2*math.Pi), math.Sqrt(c.random())
		p := point{at.x + math.Cos(angle)*far*height*0.42, at.y - height*0.72 + math.Sin(angle)*far*height*0.28}
		c.ellipse(faded(mix(crown, sun, c.random()*0.45), 0.8), p, height*0.06, height*0.035, c.between(0, 3))
	}
}

// flowers strews small blossoms on the ground.
func (c *canvas) flowers(petal color.NRGBA, y0, y1 float64, count int) {
	for range count {
		y := c.between(y0, y1)
		size := 0.006 + 0.016*(y-y0)/(y1-y0)
		at := point{c.between(0, c.wide), y}
		c.stroke(faded(leaf, 0.8), size*0.4, size*0.2, point{at.x, at.y + size*4}, at)
		for i := range 5 {
			s, k := math.Sincos(float64(i) / 5 * 2 * math.Pi)
			c.disc(mix(petal, paper, c.random()*0.4), point{at.x + k*size, at.y + s*size}, size*0.75)
		}
		c.disc(sun, at, size*0.5)
	}
}

// rain, snow and stars fill the air.
func (c *canvas) rain(count int) {
	for range count {
		at := point{c.between(0, c.wide), c.between(0, 1)}
		c.stroke(faded(paper, 0.35), 0.003, 0.001, at, point{at.x - 0.012, at.y + c.between(0.04, 0.09)})
	}
}

func (c *canvas) specks(ink color.NRGBA, count int, y1, small, large float64) {
	for range count {
		c.disc(faded(ink, c.between(0.4, 1)), point{c.between(0, c.wide), c.between(0, y1)}, c.between(small, large))
	}
}

// veranda paints the frame of the house one looks out of: eaves, posts, boards.
func (c *canvas) veranda(light float64) {
	dark, board := mix(ink, bark, light), mix(bark, hex(0xc39a6b, 1), light)
	c.box(dark, 0, 0, c.wide, 0.075)
	for x := 0.04; x < c.wide; x += 0.11 {
		c.box(mix(dark, bark, 0.5), x, 0.075, x+0.035, 0.1)
	}
	c.box(mix(dark, wood, 0.4), 0, 0.1, c.wide, 0.115)
	for _, x := range []float64{c.wide * 0.07, c.wide * 0.9} {
		c.box(mix(dark, wood, 0.55), x, 0.1, x+0.045, 0.84)
		c.box(faded(paper, 0.1), x, 0.1, x+0.012, 0.84)
	}
	c.band(0.8, 1, mix(board, paper, 0.15), board)
	for i := range 5 {
		y := 0.8 + 0.2*math.Pow(float64(i)/5, 1.4)
		c.box(faded(bark, 0.45), 0, y, c.wide, y+0.004)
	}
}

// cat paints a sitting cat seen from behind or, with eyes, from the front.
func (c *canvas) cat(fur color.NRGBA, at point, s float64, eyes bool) {
	c.stroke(fur, s*0.12, s*0.05, curve(point{at.x + s*0.25, at.y - s*0.06}, point{at.x + s*0.75, at.y + s*0.02}, point{at.x + s*0.58, at.y - s*0.38})...)
	c.ellipse(fur, point{at.x, at.y - s*0.3}, s*0.31, s*0.34, 0)
	head := point{at.x - s*0.02, at.y - s*0.72}
	c.ellipse(fur, head, s*0.22, s*0.185, 0)
	for _, side := range []float64{-1, 1} {
		c.fill(fur, point{head.x + side*s*0.2, head.y - s*0.06}, point{head.x + side*s*0.17, head.y - s*0.3}, point{head.x + side*s*0.03, head.y - s*0.15})
		if !eyes {
			continue
		}
		c.ellipse(sun, point{head.x + side*s*0.09, head.y - s*0.01}, s*0.04, s*0.045, 0)
		c.ellipse(ink, point{head.x + side*s*0.09, head.y - s*0.01}, s*0.014, s*0.04, 0)
		for i := range 2 {
			y := head.y + s*(0.07+0.03*float64(i))
			c.stroke(faded(paper, 0.7), s*0.008, s*0.004, point{head.x + side*s*0.06, y}, point{head.x + side*s*0.3, y + s*0.03*float64(i)})
		}
	}
	if eyes {
		c.fill(plum, point{head.x - s*0.02, head.y + s*0.05}, point{head.x + s*0.02, head.y + s*0.05}, point{head.x, head.y + s*0.075})
	}
}

// cup paints a tea cup with its steam.
func (c *canvas) cup(glaze color.NRGBA, at point, s float64) {
	c.ellipse(faded(ink, 0.18), point{at.x, at.y}, s*0.5, s*0.09, 0)
	c.fill(glaze, append(curve(point{at.x - s*0.38, at.y - s*0.62}, point{at.x - s*0.36, at.y - s*0.02}, point{at.x - s*0.2, at.y}),
		curve(point{at.x + s*0.2, at.y}, point{at.x + s*0.36, at.y - s*0.02}, point{at.x + s*0.38, at.y - s*0.62})...)...)
	c.fill(faded(paper, 0.2), append(curve(point{at.x - s*0.3, at.y - s*0.55}, point{at.x - s*0.29, at.y - s*0.1}, point{at.x - s*0.2, at.y - s*0.04}), point{at.x - s*0.2, at.y - s*0.55})...)
	c.ellipse(mix(glaze, paper, 0.35), point{at.x, at.y - s*0.62}, s*0.38, s*0.1, 0)
	c.ellipse(hex(0x8fa256, 1), point{at.x, at.y - s*0.61}, s*0.32, s*0.075, 0)
	for i := range 3 {
		x := at.x + s*(float64(i)-1)*0.16
		a, b := point{x, at.y - s*0.72}, point{x + s*0.05, at.y - s*1.02}
		line := append(curve(a, point{x - s*0.14, at.y - s*0.88}, b), curve(b, point{x + s*0.2, at.y - s*1.16}, point{x + s*0.02, at.y - s*1.32})...)
		c.stroke(faded(paper, 0.5), s*0.05, s*0.008, line...)
	}
}
