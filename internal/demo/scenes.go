package demo

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"math"
	"slices"
)

// A scene is a picture the demo can paint; every seed gives another one.
type scene func(c *canvas)

// scenes is the table of all pictures, by name.
var scenes = map[string]scene{
	"garden": garden, "veranda": verandaMorning, "tea": tea, "mountain": mountain, "cat": catInSun, "nightcat": nightCat,
	"night": nightSky, "forest": deepForest, "sea": sea, "bread": bread, "rain": rainyGarden, "snow": snowField,
	"sand": sandGarden, "autumn": autumn, "bell": windBell, "workshop": workshop, "persimmon": persimmon, "train": train,
}

// Scenes are the names of all pictures, sorted.
func Scenes() []string {
	names := make([]string, 0, len(scenes))
	for name := range scenes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// quality is that of the JPEG files; they are encoded once more when kept.
const quality = 93

// Paint is one of Scenes as a JPEG file of width × height pixels. The same seed
// gives the same picture. An unknown name gives an empty sky.
func Paint(name string, seed uint64, width, height int) []byte {
	c := newCanvas(width, height, seed)
	c.wash(hex(0xbcd3df, 1), paper)
	if paint, ok := scenes[name]; ok {
		paint(c)
	}
	var out bytes.Buffer
	_ = jpeg.Encode(&out, c.img, &jpeg.Options{Quality: quality}) // a Buffer: cannot fail
	return out.Bytes()
}

// emojiSide is the side of a custom emoji, in pixels.
const emojiSide = 128

// emojis is the table of custom emoji.
var emojis = map[string]scene{
	"yunomi": func(c *canvas) { c.cup(sky, point{0.5, 0.95}, 0.66) },
	"neko":   func(c *canvas) { c.cat(ink, point{0.4, 0.95}, 0.85, true) },
	"momiji": func(c *canvas) { star(c, plum, point{0.5, 0.5}, 0.46, 7) },
	"hidamari": func(c *canvas) {
		star(c, warm, point{0.5, 0.5}, 0.48, 12)
		c.disc(sun, point{0.5, 0.5}, 0.28)
	},
}

// Emojis are the shortcodes of the custom emoji, sorted.
func Emojis() []string {
	names := make([]string, 0, len(emojis))
	for name := range emojis {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// PaintEmoji is one of Emojis as a PNG file with a clear ground.
func PaintEmoji(shortcode string) []byte {
	c := newCanvas(emojiSide, emojiSide, 1)
	if paint, ok := emojis[shortcode]; ok {
		paint(c)
	}
	var out bytes.Buffer
	_ = png.Encode(&out, c.img) // a Buffer: cannot fail
	return out.Bytes()
}

func star(c *canvas, ink0 colour, at point, r float64, arms int) {
	points := make([]point, 2*arms)
	for i := range points {
		far := r
		if i%2 == 1 {
			far = r * 0.5
		}
		s, k := math.Sincos(float64(i)/float64(arms)*math.Pi - math.Pi/2)
		points[i] = point{at.x + k*far, at.y + s*far}
	}
	c.fill(ink0, points...)
}

func garden(c *canvas) {
	c.wash(hex(0xcfe3e6, 1), hex(0xf6ead2, 1))
	c.glow(sun, point{c.wide * c.between(0.6, 0.85), 0.22}, 0.2)
	c.ridge(hex(0xa9c0b4, 1), 0.48, 0.06)
	c.ridge(hex(0x83a585, 1), 0.58, 0.04)
	c.maple(moss, point{c.wide * 0.2, 0.74}, 0.56)
	c.ridge(moss, 0.74, 0.02)
	c.stones()
	c.flowers(hex(0xd98ca8, 1), 0.78, 0.99, 60)
	c.flowers(hex(0x8f9fd0, 1), 0.8, 0.99, 30)
}

// stones lays a path that comes nearer.
func (c *canvas) stones() {
	for i := range 7 {
		t := float64(i) / 7
		at := point{c.wide*(0.62-0.2*t) + 0.05*math.Sin(t*6), 0.77 + 0.22*t*t}
		c.ellipse(faded(ink, 0.2), point{at.x, at.y + 0.008}, 0.05+0.05*t, 0.012+0.016*t, 0)
		c.ellipse(mix(hex(0x9a9a93, 1), paper, 0.3*c.random()), at, 0.05+0.05*t, 0.011+0.016*t, 0)
	}
}

func verandaMorning(c *canvas) {
	garden(c)
	c.veranda(0.45)
	c.cup(hex(0x56738a, 1), point{c.wide * 0.66, 0.92}, 0.13)
	c.cat(hex(0x55483f, 1), point{c.wide * 0.3, 0.93}, 0.27, false)
}

func tea(c *canvas) {
	c.wash(hex(0xb08a63, 1), hex(0x6d4a30, 1))
	c.glow(sun, point{c.wide * 0.2, 0.1}, 0.6)
	c.band(0.7, 1, hex(0x8f6540, 1), hex(0x5b3d27, 1))
	for i := range 4 {
		y := 0.72 + 0.08*float64(i)
		c.stroke(faded(bark, 0.35), 0.004, 0.002, curve(point{0, y}, point{c.wide / 2, y + c.between(-0.02, 0.03)}, point{c.wide, y})...)
	}
	glaze := []colour{sky, leaf, hex(0x87606b, 1), hex(0x3b4a55, 1)}[int(c.random()*4)]
	c.cup(glaze, point{c.wide * 0.5, 0.86}, 0.5)
	c.ellipse(faded(paper, 0.9), point{c.wide*0.5 + 0.42, 0.86}, 0.14, 0.035, 0)
	c.ellipse(hex(0xd78fa3, 1), point{c.wide*0.5 + 0.42, 0.825}, 0.065, 0.045, 0)
}

func mountain(c *canvas) {
	c.wash(hex(0x8fb5cf, 1), hex(0xf8dcc0, 1))
	c.glow(warm, point{c.wide * c.between(0.15, 0.85), 0.5}, 0.3)
	c.peak(hex(0x66809a, 1), point{c.wide * c.between(0.4, 0.6), 0.72}, 0.62, 0.5)
	c.ridge(hex(0x7f9aa3, 0.75), 0.68, 0.04)
	c.ridge(hex(0x5d8072, 1), 0.76, 0.03)
	c.forest(hex(0x3c5f50, 1), 0.88, 0.16, 12)
	c.ridge(hex(0x34543f, 1), 0.91, 0.02)
}

func catInSun(c *canvas) {
	c.wash(hex(0xf3dcb3, 1), hex(0xd9a970, 1))
	c.fill(faded(paper, 0.45), point{c.wide * 0.1, 0}, point{c.wide * 0.5, 0}, point{c.wide * 0.85, 1}, point{c.wide * 0.35, 1})
	c.band(0.82, 1, hex(0xb98a58, 1), hex(0x94673d, 1))
	fur := []colour{hex(0x4a4038, 1), hex(0xa8673a, 1), hex(0x77706a, 1)}[int(c.random()*3)]
	c.ellipse(faded(ink, 0.2), point{c.wide * 0.5, 0.93}, 0.36, 0.04, 0)
	c.cat(fur, point{c.wide*0.5 - 0.04, 0.93}, 0.78, true)
}

func nightCat(c *canvas) {
	nightSky(c)
	c.veranda(0.12)
	c.cat(hex(0x14161f, 1), point{c.wide * 0.55, 0.9}, 0.34, false)
}

func nightSky(c *canvas) {
	c.wash(night, hex(0x5a5f86, 1))
	c.specks(paper, 150, 0.7, 0.0012, 0.004)
	moon := point{c.wide * c.between(0.3, 0.75), c.between(0.2, 0.34)}
	c.glow(sun, moon, 0.22)
	c.disc(hex(0xf6edd2, 1), moon, 0.085)
	c.ridge(hex(0x343b5e, 1), 0.72, 0.06)
	c.ridge(hex(0x232a47, 1), 0.82, 0.04)
	c.forest(hex(0x161c31, 1), 0.95, 0.2, 10)
}

func deepForest(c *canvas) {
	c.wash(hex(0xdfe8d4, 1), hex(0xa7c2a0, 1))
	c.glow(sun, point{c.wide * 0.55, 0.2}, 0.45)
	for i := range 4 {
		t := float64(i) / 3
		tone := mix(hex(0xa3bda2, 1), hex(0x23402f, 1), t)
		c.forest(tone, 0.66+0.12*t, 0.34+0.22*t, 11-2*i)
		c.ridge(tone, 0.7+0.1*t, 0.02)
	}
}

func sea(c *canvas) {
	c.wash(hex(0x9cc4d8, 1), hex(0xf7e2c6, 1))
	c.disc(hex(0xf4c28c, 1), point{c.wide * c.between(0.3, 0.7), 0.46}, 0.09)
	c.band(0.5, 1, hex(0x6fa0b5, 1), hex(0x24506b, 1))
	for i := range 90 {
		t := math.Pow(float64(i)/90, 1.5)
		x, y := c.between(0, c.wide), 0.51+0.48*t
		c.ellipse(faded(paper, 0.1+0.2*c.random()), point{x, y}, 0.02+0.09*t, 0.0015+0.003*t, 0)
	}
	x := c.wide * c.between(0.2, 0.4)
	c.fill(bark, point{x - 0.08, 0.585}, point{x + 0.08, 0.585}, point{x + 0.05, 0.62}, point{x - 0.05, 0.62})
	c.fill(paper, point{x, 0.39}, point{x, 0.575}, point{x + 0.09, 0.575})
}
