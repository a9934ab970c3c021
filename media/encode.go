package media

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
)

// JPEG qualities, of 100: 4:2:0 files of about a quarter of a byte a pixel, where artefacts do not show.
const (
	originalQuality = 88
	smallQuality    = 80
)

var pngEncoder = png.Encoder{CompressionLevel: png.DefaultCompression}

// encode writes m as JPEG, or else as PNG; both encoders write no metadata.
func encode(m image.Image, asJPEG bool, quality int) (*Rendition, error) {
	var out bytes.Buffer
	r := &Rendition{Type: PNG, Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	var err error
	if asJPEG {
		r.Type = JPEG
		err = jpeg.Encode(&out, m, &jpeg.Options{Quality: quality})
	} else {
		err = pngEncoder.Encode(&out, forPNG(m))
	}
	if err != nil {
		return nil, fmt.Errorf("encode image: %w", err)
	}
	r.Bytes = out.Bytes()
	return r, nil
}

// forPNG gives the PNG encoder one of the kinds it is quick at.
func forPNG(m image.Image) image.Image {
	switch m := m.(type) {
	case *image.RGBA:
		if !m.Opaque() {
			return straight(m)
		}
	case *image.YCbCr:
		return rgba(m, nil, 0)
	}
	return m
}
