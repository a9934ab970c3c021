package media

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A photo in Display P3 stays one, with a profile of ours; nothing of the one that came is left.
func TestDisplayP3(t *testing.T) {
	const secret = "serial number 12345"
	profile := displayP3Profile()
	srgb := bytes.Clone(profile)
	red := xyz(displayP3[0][0], displayP3[0][1], displayP3[0][2])
	srgb = bytes.Replace(srgb, red, xyz(0.43607, 0.22249, 0.01392), 1)
	jpg := jpegBytes(t, photo(900, 700))
	with := func(p []byte) []byte {
		out := append(bytes.Clone(jpg[:2]), 0xff, 0xe2)
		out = binary.BigEndian.AppendUint16(out, uint16(2+len(iccMarker)+2+len(p)))
		out = append(append(append(out, iccMarker...), 1, 1), p...)
		return append(out, jpg[2:]...)
	}
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"without", jpg, false},
		{"Display P3", with(append(bytes.Clone(profile), secret...)), true},
		{"sRGB", with(append(bytes.Clone(srgb), secret...)), false},
		{"cut", with(profile[:300]), false},
		{"nothing", with(nil), false},
	} {
		res := mustProcess(t, c.b, Options{})
		for _, r := range res.Renditions() {
			if got := bytes.Contains(r.Bytes, profile); got != c.want || bytes.Contains(r.Bytes, []byte(secret)) {
				t.Errorf("%s: profile in %s: %v", c.name, describe(r), got)
			}
			decoded(t, r)
		}
	}
	for n := range profile {
		isDisplayP3(profile[:n]) // does not panic
	}
}

func FuzzDisplayP3(f *testing.F) {
	f.Add(displayP3Profile())
	f.Fuzz(func(t *testing.T, p []byte) { isDisplayP3(p) })
}
