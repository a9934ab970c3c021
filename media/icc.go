package media

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Telephones write photos in Display P3 and say so in an ICC profile (ICC.1:2010). Without it they would look dull, and
// what came is not passed on: it is metadata, and could be anything. So the profile is recognised by its primaries, and
// one made here goes out in its place. Every other profile is dropped, and the picture taken for sRGB.

// displayP3 are the primaries of Display P3 as profiles have them, adapted to D50: X, Y, Z of red, green and blue.
var displayP3 = [3][3]float64{{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}

var primaryTags = [3]string{"rXYZ", "gXYZ", "bXYZ"}

const (
	iccMarker = "ICC_PROFILE\x00" // ICC.1:2010, B.4; then the number of the chunk and how many there are
	iccHeader = 128
	iccTags   = 64 // how many are looked at
)

// isDisplayP3 reports whether the ICC profile p, or its first chunk, has the primaries of Display P3.
func isDisplayP3(p []byte) bool {
	if len(p) < iccHeader+4 || string(p[36:40]) != "acsp" {
		return false
	}
	n := min(int(binary.BigEndian.Uint32(p[iccHeader:])&0xffff), iccTags)
	found := 0
	for table := p[iccHeader+4:]; n > 0 && len(table) >= 12; n, table = n-1, table[12:] {
		for i, name := range primaryTags {
			if string(table[:4]) == name && isXYZ(p, binary.BigEndian.Uint32(table[4:]), displayP3[i]) {
				found |= 1 << i
			}
		}
	}
	return found == 1<<len(primaryTags)-1
}

// isXYZ reports whether an XYZ tag (ICC.1:2010, 10.27) at the offset is about what is wanted.
func isXYZ(p []byte, offset uint32, want [3]float64) bool {
	if int64(offset)+20 > int64(len(p)) {
		return false
	}
	tag := p[offset:]
	for i, v := range want {
		got := float64(int32(binary.BigEndian.Uint32(tag[8+4*i:]))) / 65536
		if math.Abs(got-v) > 0.002 {
			return false
		}
	}
	return string(tag[:4]) == "XYZ "
}

// withDisplayP3 puts a profile of ours behind the start of a JPEG file.
func withDisplayP3(jpg []byte) []byte {
	profile := displayP3Profile()
	out := make([]byte, 0, len(jpg)+len(profile)+32)
	out = append(out, jpg[:2]...)
	out = append(out, 0xff, 0xe2)
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(iccMarker)+2+len(profile)))
	out = append(out, iccMarker...)
	out = append(out, 1, 1)
	out = append(out, profile...)
	return append(out, jpg[2:]...)
}

// displayP3Profile makes a version 4 profile: the primaries, the D50 white and the curve of sRGB.
func displayP3Profile() []byte {
	d50 := xyz(0.9642, 1, 0.82491)
	curve := []byte("para\x00\x00\x00\x00\x00\x03\x00\x00") // 10.16, function type 3
	for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		curve = s15Fixed16(curve, v)
	}
	type tag struct {
		name string
		data []byte
	}
	tags := []tag{{"desc", mluc("Display P3")}, {"cprt", mluc("CC0")}, {"wtpt", d50}}
	for i, c := range displayP3 {
		tags = append(tags, tag{primaryTags[i], xyz(c[0], c[1], c[2])}, tag{string(primaryTags[i][0]) + "TRC", curve})
	}
	p := make([]byte, iccHeader, 1024)
	copy(p[8:], "\x04\x20\x00\x00mntrRGB XYZ \x07\xea\x00\x01\x00\x01\x00\x00\x00\x00\x00\x00acsp")
	copy(p[68:], d50[8:])
	p = binary.BigEndian.AppendUint32(p, uint32(len(tags)))
	at := len(p) + 12*len(tags)
	for _, t := range tags {
		p = append(p, t.name...)
		p = binary.BigEndian.AppendUint32(p, uint32(at))
		p = binary.BigEndian.AppendUint32(p, uint32(len(t.data)))
		at += len(t.data)
	}
	for _, t := range tags {
		p = append(p, t.data...)
	}
	binary.BigEndian.PutUint32(p, uint32(len(p)))
	return p
}

func xyz(x, y, z float64) []byte {
	return s15Fixed16(s15Fixed16(s15Fixed16([]byte("XYZ \x00\x00\x00\x00"), x), y), z)
}

func s15Fixed16(b []byte, v float64) []byte {
	return binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
}

// mluc is a text in English (10.13), padded to a multiple of four.
func mluc(s string) []byte {
	b := append([]byte("mluc\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x0cenUS"), 0, 0, 0, byte(2*len(s)), 0, 0, 0, 28)
	for _, r := range s {
		b = append(b, 0, byte(r))
	}
	return append(b, bytes.Repeat([]byte{0}, -len(b)&3)...)
}
