package media

import (
	"image"
	"image/color"
	"image/draw"
)

// An image is worked on as one of three: *image.Gray, *image.YCbCr (4:2:0 once resized), or *image.RGBA (with alpha
// premultiplied). planes gives its channels; the sizes of the first are those of the image.
func planes(m image.Image) []plane {
	switch m := m.(type) {
	case *image.Gray:
		return []plane{{m.Pix, m.Stride, 1, m.Rect.Dx(), m.Rect.Dy()}}
	case *image.RGBA:
		ps := make([]plane, 4)
		for i := range ps {
			ps[i] = plane{m.Pix[i:], m.Stride, 4, m.Rect.Dx(), m.Rect.Dy()}
		}
		return ps
	case *image.YCbCr:
		w, h := m.Rect.Dx(), m.Rect.Dy()
		sx, sy := subsampling(m.SubsampleRatio)
		cw, ch := (w+sx-1)/sx, (h+sy-1)/sy
		return []plane{{m.Y, m.YStride, 1, w, h}, {m.Cb, m.CStride, 1, cw, ch}, {m.Cr, m.CStride, 1, cw, ch}}
	}
	return nil
}

func subsampling(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// blank makes an image of the same kind as m.
func blank(m image.Image, w, h int) image.Image {
	r := image.Rect(0, 0, w, h)
	switch m.(type) {
	case *image.Gray:
		return image.NewGray(r)
	case *image.YCbCr:
		return image.NewYCbCr(r, image.YCbCrSubsampleRatio420)
	}
	return image.NewRGBA(r)
}

// workable turns what a decoder gave into one of the three kinds. It may use the pixels of m.
func workable(m image.Image) image.Image {
	switch t := m.(type) {
	case *image.YCbCr:
		if t.Rect.Min == (image.Point{}) {
			return t
		}
	case *image.Gray:
		if t.Rect.Min == (image.Point{}) {
			return t
		}
	case *image.RGBA:
		if t.Rect.Min == (image.Point{}) {
			return t
		}
	case *image.NRGBA:
		if t.Rect.Min == (image.Point{}) {
			return premultiplied(t)
		}
	case *image.NYCbCrA:
		return rgba(&t.YCbCr, t.A, t.AStride)
	case *image.Gray16:
		g := image.NewGray(image.Rect(0, 0, t.Rect.Dx(), t.Rect.Dy()))
		for i := range g.Pix {
			g.Pix[i] = t.Pix[2*i] // the high byte; the PNG decoder leaves no gap between rows
		}
		return g
	}
	b := m.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Rect, m, b.Min, draw.Src)
	return dst
}

// rgba converts, with alpha where it is not nil.
func rgba(m *image.YCbCr, alpha []uint8, alphaStride int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			luma, chroma := m.YOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y), m.COffset(m.Rect.Min.X+x, m.Rect.Min.Y+y)
			out := dst.Pix[y*dst.Stride+4*x:][:4]
			out[0], out[1], out[2] = color.YCbCrToRGB(m.Y[luma], m.Cb[chroma], m.Cr[chroma])
			out[3] = 255
			if alpha != nil {
				out[3] = alpha[y*alphaStride+x]
			}
		}
	}
	return premultiplied(dst)
}

// premultiplied changes the pixels in place.
func premultiplied(m *image.NRGBA) *image.RGBA {
	for i := 0; i+3 < len(m.Pix); i += 4 {
		if a := uint32(m.Pix[i+3]); a != 255 {
			m.Pix[i] = uint8((uint32(m.Pix[i])*a + 127) / 255)
			m.Pix[i+1] = uint8((uint32(m.Pix[i+1])*a + 127) / 255)
			m.Pix[i+2] = uint8((uint32(m.Pix[i+2])*a + 127) / 255)
		}
	}
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

// straight is the way back, for the PNG encoder; the filter may leave a colour above its alpha.
func straight(m *image.RGBA) *image.NRGBA {
	n := image.NewNRGBA(m.Rect)
	for i := 0; i+3 < len(n.Pix); i += 4 {
		a := uint32(m.Pix[i+3])
		if a == 0 {
			continue
		}
		n.Pix[i] = uint8(min((uint32(m.Pix[i])*255+a/2)/a, 255))
		n.Pix[i+1] = uint8(min((uint32(m.Pix[i+1])*255+a/2)/a, 255))
		n.Pix[i+2] = uint8(min((uint32(m.Pix[i+2])*255+a/2)/a, 255))
		n.Pix[i+3] = uint8(a)
	}
	return n
}

// oriented turns m as the EXIF orientation says (1 and what is unknown: not at all).
func oriented(m image.Image, o int) image.Image {
	if o < 2 || o > 8 {
		return m
	}
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if y, ok := m.(*image.YCbCr); ok && y.SubsampleRatio != image.YCbCrSubsampleRatio420 {
		m = resized(m, m.Bounds(), w, h)
	}
	if o >= 5 {
		w, h = h, w
	}
	dst := blank(m, w, h)
	from := planes(m)
	for i, p := range planes(dst) {
		turn(p, from[i], o)
	}
	return dst
}

// resized gives the part of m on w × h pixels.
func resized(m image.Image, part image.Rectangle, w, h int) image.Image {
	dst := blank(m, w, h)
	from := planes(m)
	for i, p := range planes(dst) {
		fx, fy := float64(from[i].w)/float64(from[0].w), float64(from[i].h)/float64(from[0].h)
		resample(p, from[i], window{
			float64(part.Min.X) * fx, float64(part.Min.Y) * fy, float64(part.Dx()) * fx, float64(part.Dy()) * fy,
		})
	}
	return dst
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// thumbnail gives m on w × h pixels over white, 4 bytes a pixel, for the blurhash.
func thumbnail(m image.Image, w, h int) []byte {
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(dst, dst.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Rect, resized(m, m.Bounds(), w, h), image.Point{}, draw.Over)
	return dst.Pix
}
