package mastodon

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"sync"
)

// MissingPictures serves /avatars/missing.png and /headers/missing.png: what
// stands where somebody chose no picture. The program draws them.
func MissingPictures() http.Handler {
	drawn := map[string]func() []byte{
		"/avatars/missing.png": sync.OnceValue(func() []byte { return encodePNG(drawAvatar(400)) }),
		"/headers/missing.png": sync.OnceValue(func() []byte { return encodePNG(drawHeader(1200, 400)) }),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		draw := drawn[r.URL.Path]
		if draw == nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "image/png")
		h.Set("Cache-Control", "public, max-age=86400")
		h.Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write(draw())
	})
}

func encodePNG(img image.Image) []byte {
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	_ = enc.Encode(&b, img) // a Buffer never fails
	return b.Bytes()
}

// The palette: sky, wood, the edge of a board, a figure.
var veranda = color.Palette{
	color.RGBA{0xdd, 0xe6, 0xe4, 0xff}, color.RGBA{0xb9, 0x9a, 0x72, 0xff},
	color.RGBA{0x9a, 0x7d, 0x58, 0xff}, color.RGBA{0x5d, 0x77, 0x7f, 0xff},
}

const (
	sky uint8 = iota
	wood
	edge
	figure
)

// drawAvatar draws a head and shoulders above the boards of a veranda.
func drawAvatar(n int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, n, n), veranda)
	head, headY, r := n/2, n*38/100, n*17/100
	for y := range n {
		for x := range n {
			dx, dy := x-head, y-headY
			sx, sy := x-head, (y-n*88/100)*3/4
			switch {
			case y >= n*84/100:
				img.SetColorIndex(x, y, board(x, n/6))
			case dx*dx+dy*dy <= r*r, sx*sx+sy*sy <= (n*28/100)*(n*28/100):
				img.SetColorIndex(x, y, figure)
			}
		}
	}
	return img
}

// drawHeader draws the boards alone, under the sky.
func drawHeader(w, h int) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), veranda)
	for y := h * 3 / 4; y < h; y++ {
		for x := range w {
			img.SetColorIndex(x, y, board(x, w/12))
		}
	}
	return img
}

func board(x, width int) uint8 {
	if x%width < max(width/24, 1) {
		return edge
	}
	return wood
}
