package demo

import (
	"image/color"
	"math"
)

// colour is short for what every painter uses.
type colour = color.NRGBA

func bread(c *canvas) {
	c.wash(hex(0xf4e7d3, 1), hex(0xd8b48a, 1))
	c.glow(sun, point{c.wide * 0.75, 0.15}, 0.5)
	c.band(0.68, 1, hex(0xa87b50, 1), hex(0x835937, 1))
	for i := range 3 {
		at := point{c.wide * (0.24 + 0.26*float64(i)), 0.72 - 0.03*float64(i%2)}
		crust := mix(hex(0xb56a2d, 1), hex(0x8a4a20, 1), c.random())
		c.ellipse(faded(ink, 0.25), point{at.x, at.y + 0.12}, 0.25, 0.04, 0)
		c.ellipse(crust, at, 0.235, 0.145, -0.08)
		c.ellipse(mix(crust, warm, 0.4), point{at.x - 0.02, at.y - 0.03}, 0.19, 0.09, -0.08)
		for k := range 3 {
			x := at.x + 0.1*(float64(k)-1)
			c.stroke(hex(0xf3dfbb, 0.95), 0.022, 0.006, curve(point{x - 0.02, at.y - 0.09}, point{x + 0.035, at.y - 0.03}, point{x + 0.02, at.y + 0.05})...)
		}
	}
	c.specks(paper, 80, 1, 0.001, 0.004)
}

func rainyGarden(c *canvas) {
	c.wash(hex(0x8fa0a5, 1), hex(0xb7c3b8, 1))
	c.ridge(hex(0x7d938e, 1), 0.5, 0.05)
	c.ridge(hex(0x5f7f68, 1), 0.64, 0.03)
	for range 34 {
		at := point{c.between(0, c.wide), c.between(0.62, 0.8)}
		petal := mix(hex(0x6f7fc4, 1), hex(0xb58ac6, 1), c.random())
		c.ellipse(hex(0x40654b, 1), point{at.x, at.y + 0.05}, 0.09, 0.05, c.between(-0.4, 0.4))
		for range 16 {
			c.disc(mix(petal, paper, c.random()*0.45), point{at.x + c.between(-0.05, 0.05), at.y + c.between(-0.035, 0.035)}, 0.014)
		}
	}
	c.rain(170)
	c.veranda(0.25)
}

func snowField(c *canvas) {
	c.wash(hex(0xa9bccb, 1), hex(0xe7e9ea, 1))
	c.ridge(hex(0x9fb1bf, 1), 0.52, 0.06)
	c.forest(hex(0x5c7480, 1), 0.7, 0.26, 9)
	c.ridge(hex(0xeef1f3, 1), 0.7, 0.03)
	x := c.wide * 0.66
	c.box(hex(0x5b4738, 1), x-0.13, 0.62, x+0.13, 0.78)
	c.box(hex(0xf6c878, 1), x-0.04, 0.66, x+0.05, 0.74)
	c.fill(paper, point{x - 0.19, 0.635}, point{x, 0.5}, point{x + 0.19, 0.635})
	c.ridge(paper, 0.8, 0.015)
	c.specks(paper, 190, 1, 0.002, 0.007)
}

func sandGarden(c *canvas) {
	c.wash(hex(0xe9e1cf, 1), hex(0xd8cdb5, 1))
	rocks := []point{{c.wide * 0.3, 0.55}, {c.wide * 0.68, 0.4}, {c.wide * 0.76, 0.74}}
	for y := 0.02; y < 1.1; y += 0.034 {
		line := make([]point, 0, 120)
		for x := 0.0; x <= c.wide+0.02; x += 0.02 {
			up := 0.0
			for _, r := range rocks {
				d := math.Hypot((x-r.x)*0.7, (y-r.y)*1.5)
				up += math.Copysign(0.11*math.Exp(-d*d*22), y-r.y)
			}
			line = append(line, point{x, y + up})
		}
		c.stroke(hex(0xb9ab8b, 0.75), 0.005, 0.005, line...)
	}
	for _, r := range rocks {
		c.ellipse(faded(moss, 0.9), point{r.x, r.y + 0.035}, 0.13, 0.055, 0)
		c.ellipse(hex(0x5d5c58, 1), r, 0.1, 0.075, c.between(-0.5, 0.5))
		c.ellipse(hex(0x8b8983, 0.7), point{r.x - 0.02, r.y - 0.025}, 0.06, 0.03, -0.3)
	}
}

func autumn(c *canvas) {
	c.wash(hex(0xcfdbe0, 1), hex(0xf5e0c2, 1))
	c.ridge(hex(0xb59a8a, 1), 0.52, 0.06)
	c.ridge(hex(0xa9714f, 1), 0.64, 0.04)
	for i := range 3 {
		tone := []colour{hex(0xb3431f, 1), hex(0xd58a35, 1), plum}[i]
		c.maple(tone, point{c.wide * (0.2 + 0.3*float64(i)), 0.84 - 0.05*c.random()}, c.between(0.5, 0.68))
	}
	c.ridge(hex(0x7d6a45, 1), 0.84, 0.015)
	for range 130 {
		at := point{c.between(0, c.wide), c.between(0.83, 1)}
		c.ellipse(mix(hex(0xb3431f, 0.9), sun, c.random()*0.7), at, 0.014, 0.008, c.between(0, 3))
	}
}

func windBell(c *canvas) {
	c.wash(hex(0x9fc7d6, 1), hex(0xeaf1ea, 1))
	c.ridge(hex(0x9bbf9d, 1), 0.82, 0.04)
	x := c.wide * 0.5
	c.box(bark, 0, 0, c.wide, 0.09)
	c.stroke(ink, 0.006, 0.006, point{x, 0.09}, point{x, 0.26})
	c.fill(hex(0xd8edf2, 0.75), append(curve(point{x - 0.17, 0.5}, point{x - 0.17, 0.24}, point{x, 0.24}), curve(point{x, 0.24}, point{x + 0.17, 0.24}, point{x + 0.17, 0.5})...)...)
	c.ellipse(hex(0xc3626f, 0.85), point{x - 0.05, 0.41}, 0.055, 0.03, 0.2)
	c.fill(hex(0xc3626f, 0.85), point{x - 0.1, 0.41}, point{x - 0.135, 0.38}, point{x - 0.135, 0.44})
	c.ellipse(faded(sky, 0.5), point{x, 0.5}, 0.17, 0.02, 0)
	c.stroke(ink, 0.004, 0.004, point{x, 0.4}, point{x + 0.02, 0.64})
	c.fill(paper, point{x - 0.03, 0.63}, point{x + 0.07, 0.64}, point{x + 0.05, 0.9}, point{x - 0.05, 0.89})
	c.stroke(faded(plum, 0.6), 0.012, 0.004, point{x + 0.02, 0.67}, point{x - 0.0, 0.84})
}

func workshop(c *canvas) {
	c.wash(hex(0x8c6a4a, 1), hex(0x5d4431, 1))
	c.box(hex(0xf4e2b8, 1), c.wide*0.56, 0.1, c.wide*0.92, 0.5)
	for i := range 3 {
		x := c.wide * (0.56 + 0.18*float64(i))
		c.box(bark, x-0.008, 0.1, x+0.008, 0.5)
	}
	c.box(bark, c.wide*0.56, 0.29, c.wide*0.92, 0.305)
	for i := range 5 {
		x := c.wide * (0.08 + 0.09*float64(i))
		c.box(mix(wood, sand, c.random()*0.6), x, 0.16, x+0.03, c.between(0.42, 0.6))
	}
	c.band(0.66, 1, hex(0xb58a5a, 1), hex(0x7f5a38, 1))
	c.box(hex(0xd9b483, 1), c.wide*0.16, 0.6, c.wide*0.7, 0.67)
	c.box(wood, c.wide*0.36, 0.53, c.wide*0.5, 0.6)
	for range 26 {
		at := point{c.between(c.wide*0.2, c.wide*0.8), c.between(0.72, 0.95)}
		c.stroke(hex(0xe9cfa2, 0.9), 0.014, 0.002, curve(at, point{at.x + 0.05, at.y - 0.04}, point{at.x + 0.03, at.y + 0.015})...)
	}
}

func persimmon(c *canvas) {
	c.wash(hex(0xbfd6e2, 1), hex(0xf2e7d2, 1))
	c.stroke(bark, 0.05, 0.01, curve(point{-0.05, 0.2}, point{c.wide * 0.4, 0.35}, point{c.wide + 0.05, 0.12})...)
	c.stroke(bark, 0.02, 0.006, curve(point{c.wide * 0.45, 0.27}, point{c.wide * 0.6, 0.5}, point{c.wide * 0.78, 0.52})...)
	for i := range 9 {
		at := point{c.wide * (0.08 + 0.1*float64(i)), c.between(0.34, 0.72)}
		c.stroke(bark, 0.006, 0.006, point{at.x, 0.27}, at)
		c.ellipse(mix(hex(0xe07b2a, 1), hex(0xc9551c, 1), c.random()), at, 0.07, 0.06, 0)
		c.ellipse(faded(sun, 0.5), point{at.x - 0.022, at.y - 0.02}, 0.017, 0.012, -0.5)
		c.ellipse(hex(0x5e6b3a, 1), point{at.x, at.y - 0.055}, 0.035, 0.013, 0)
	}
}

func train(c *canvas) {
	c.wash(hex(0xf0cfae, 1), hex(0xd3b5b5, 1))
	c.disc(hex(0xf7b27a, 1), point{c.wide * 0.7, 0.4}, 0.1)
	c.ridge(hex(0xa88e99, 1), 0.52, 0.07)
	c.ridge(hex(0x7f8a78, 1), 0.64, 0.03)
	c.band(0.72, 1, hex(0xa9b07a, 1), hex(0x6e7d4c, 1))
	c.box(hex(0x5b5149, 1), 0, 0.715, c.wide, 0.73)
	for i := range 2 {
		x := c.wide*0.2 + 0.36*float64(i)
		c.box(hex(0x9c4a3a, 1), x, 0.58, x+0.34, 0.705)
		c.box(hex(0xeee0c4, 1), x, 0.6, x+0.34, 0.655)
		for k := range 4 {
			c.box(hex(0x43525f, 1), x+0.03+0.075*float64(k), 0.605, x+0.08+0.075*float64(k), 0.65)
		}
		c.disc(ink, point{x + 0.06, 0.71}, 0.018)
		c.disc(ink, point{x + 0.28, 0.71}, 0.018)
	}
	c.flowers(hex(0xe8d9ee, 1), 0.78, 0.99, 50)
}
