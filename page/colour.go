package page

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

var zeroTime time.Time

// colour is sRGB, each part 0 to 255.
type colour [3]float64

// parseColour reads "#rrggbb".
func parseColour(s string) (colour, error) {
	if len(s) != 7 || s[0] != '#' {
		return colour{}, fmt.Errorf("%q is no colour: want #rrggbb", s)
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return colour{}, fmt.Errorf("%q is no colour: want #rrggbb", s)
	}
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(c[0]+0.5), int(c[1]+0.5), int(c[2]+0.5))
}

// mixed is c moved towards other by share, 0 to 1.
func (c colour) mixed(other colour, share float64) colour {
	for i := range c {
		c[i] += (other[i] - c[i]) * share
	}
	return c
}

// luminance as WCAG 2.2 defines relative luminance.
func (c colour) luminance() float64 {
	var lin [3]float64
	for i, v := range c {
		v /= 255
		if v <= 0.04045 {
			lin[i] = v / 12.92
		} else {
			lin[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*lin[0] + 0.7152*lin[1] + 0.0722*lin[2]
}

// contrast of two colours as WCAG 2.2 defines it: 1 to 21.
func contrast(a, b colour) float64 {
	x, y := a.luminance(), b.luminance()
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
}

var (
	black = colour{}
	white = colour{255, 255, 255}
)

// legible moves c towards black or white until it has at least ratio with the
// ground, both as text on it and under text of the ground's kind.
func legible(c, ground, towards colour, ratio float64) colour {
	for step := range 101 {
		try := c.mixed(towards, float64(step)/100)
		if rounded, err := parseColour(try.String()); err == nil && contrast(rounded, ground) >= ratio {
			return rounded
		}
	}
	return towards
}

// Grounds that the accent must be read on: of each theme the one that leaves
// the least contrast (--mat when light, --card when dark), as style.css has it.
const (
	lightGround = "#f3efe6"
	darkGround  = "#24272b"
)

// accentRules makes a home's own accent from one colour: darker by day,
// lighter by night, as far as it must be (4.5:1; 7:1 for high contrast).
func accentRules(accent string) (string, error) {
	c, err := parseColour(accent)
	if err != nil {
		return "", err
	}
	day, _ := parseColour(lightGround)
	night, _ := parseColour(darkGround)
	const rule = "@media (prefers-color-scheme:%s)%s{:root{--wood:%s}}\n"
	out := fmt.Sprintf("\n"+rule, "light", "", legible(c, day, black, 4.5))
	out += fmt.Sprintf(rule, "dark", "", legible(c, night, white, 4.5))
	out += fmt.Sprintf(rule, "light", " and (prefers-contrast:more)", legible(c, day, black, 7))
	out += fmt.Sprintf(rule, "dark", " and (prefers-contrast:more)", legible(c, night, white, 7))
	return out, nil
}
