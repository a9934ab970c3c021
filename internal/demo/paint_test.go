package demo

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// TestPaint checks that every scene is a picture of the size asked for, is the
// same for the same seed, and shows something. With ENGAWA_DEMO_PICTURES set
// the pictures are left in that folder to be looked at.
func TestPaint(t *testing.T) {
	out := os.Getenv("ENGAWA_DEMO_PICTURES")
	for _, name := range Scenes() {
		data := Paint(name, 3, 480, 360)
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil || img.Bounds().Dx() != 480 || img.Bounds().Dy() != 360 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !bytes.Equal(data, Paint(name, 3, 480, 360)) {
			t.Errorf("%s differs from itself", name)
		}
		if bytes.Equal(data, Paint("", 3, 480, 360)) {
			t.Errorf("%s shows nothing", name)
		}
		if out != "" {
			if err := os.WriteFile(filepath.Join(out, name+".jpg"), data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, code := range Emojis() {
		img, err := png.Decode(bytes.NewReader(PaintEmoji(code)))
		if err != nil {
			t.Errorf("%s: %v", code, err)
			continue
		}
		if _, _, _, a := img.At(0, 0).RGBA(); a != 0 {
			t.Errorf(":%s: has no clear ground", code)
		}
		if _, _, _, a := img.At(emojiSide/2, emojiSide*5/8).RGBA(); a == 0 {
			t.Errorf(":%s: is empty", code)
		}
		if out != "" {
			if err := os.WriteFile(filepath.Join(out, code+".png"), PaintEmoji(code), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkPaint(b *testing.B) {
	for _, name := range Scenes() {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				Paint(name, 3, 960, 720)
			}
		})
	}
}
