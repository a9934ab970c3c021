package media

import (
	"errors"
	"image"
	"math"
	"strconv"
	"strings"
)

// Focus is the point of a picture to keep in sight when it is cropped: x from -1 (left) to 1 (right), y from -1 (bottom)
// to 1 (top), as Mastodon's API has it. The zero Focus is the middle.
type Focus struct{ X, Y float64 }

// ErrFocus says that a text is no focus.
var ErrFocus = errors.New(`not a focus: "x,y" with numbers from -1 to 1 is right`)

// ParseFocus reads "x,y"; numbers beyond -1 and 1 are brought back there, "" is the middle.
func ParseFocus(s string) (Focus, error) {
	if s == "" {
		return Focus{}, nil
	}
	xs, ys, ok := strings.Cut(s, ",")
	x, xerr := strconv.ParseFloat(strings.TrimSpace(xs), 64)
	y, yerr := strconv.ParseFloat(strings.TrimSpace(ys), 64)
	if !ok || xerr != nil || yerr != nil || math.IsNaN(x) || math.IsNaN(y) {
		return Focus{}, ErrFocus
	}
	return Focus{min(max(x, -1), 1), min(max(y, -1), 1)}, nil
}

// String is the text ParseFocus reads.
func (f Focus) String() string {
	return strconv.FormatFloat(f.X, 'g', -1, 64) + "," + strconv.FormatFloat(f.Y, 'g', -1, 64)
}

// square is the largest square in w × h around the focus.
func (f Focus) square(w, h int) image.Rectangle {
	side := min(w, h)
	place := func(length int, at float64) int {
		if !(math.Abs(at) <= 1) { // NaN too
			at = 0
		}
		centre := (at + 1) / 2 * float64(length)
		return min(max(int(math.Round(centre-float64(side)/2)), 0), length-side)
	}
	return image.Rect(0, 0, side, side).Add(image.Pt(place(w, f.X), place(h, -f.Y)))
}
