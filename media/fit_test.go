package media

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"
)

// noise is a picture that packs badly.
func noise(w, h int, alpha uint8) image.Image {
	r := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
		if i%4 == 3 {
			m.Pix[i] = alpha
		}
	}
	return m
}

func packed(t *testing.T, m image.Image, asJPEG bool) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if asJPEG {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFit(t *testing.T) {
	photo, glass := packed(t, noise(800, 600, 255), true), packed(t, noise(400, 300, 128), false)
	flat := packed(t, image.NewGray(image.Rect(0, 0, 64, 64)), false)
	for _, c := range []struct {
		name string
		in   []byte
		side int
		most int64
		typ  Type
		same bool
	}{
		{"what fits stays", flat, 100, 1 << 20, PNG, true},
		{"no bounds", photo, 0, 0, JPEG, true},
		{"side", photo, 400, 0, JPEG, false},
		{"bytes", photo, 0, 60_000, JPEG, false},
		{"both", photo, 300, 20_000, JPEG, false},
		{"glass stays glass", glass, 100, 1 << 20, PNG, false},
		{"or becomes white", glass, 0, 30_000, JPEG, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Fit(t.Context(), c.in, c.side, c.most)
			if err != nil {
				t.Fatal(err)
			}
			cfg, kind, err := image.DecodeConfig(bytes.NewReader(r.Bytes))
			if err != nil || "image/"+kind != string(c.typ) || r.Type != c.typ || cfg.Width != r.Width || cfg.Height != r.Height {
				t.Errorf("%s %s %d×%d (%v), want %s %d×%d", kind, r.Type, cfg.Width, cfg.Height, err, c.typ, r.Width, r.Height)
			}
			if c.side > 0 && max(r.Width, r.Height) > c.side || c.most > 0 && int64(len(r.Bytes)) > c.most {
				t.Errorf("%d×%d, %d bytes", r.Width, r.Height, len(r.Bytes))
			}
			if same := bytes.Equal(r.Bytes, c.in); same != c.same {
				t.Errorf("unchanged: %v", same)
			}
		})
	}
	if _, err := Fit(t.Context(), photo, 0, 100); !errors.Is(err, ErrTooLarge) {
		t.Errorf("100 bytes: %v", err)
	}
	if _, err := Fit(t.Context(), []byte("no picture"), 0, 100); !errors.Is(err, ErrType) {
		t.Errorf("text: %v", err)
	}
}
