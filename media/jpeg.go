package media

import (
	"bytes"
	"encoding/binary"

	"engawa/internal/limits"
)

// jpegHead is what the segments before the first scan tell.
type jpegHead struct {
	orientation int
	progressive bool
	components  int
}

// readJPEGHead walks the segments (ITU-T T.81, B.1.1). What it cannot read it leaves to the decoder, which refuses it.
func readJPEGHead(b []byte) jpegHead {
	head := jpegHead{orientation: 1}
	if len(b) < 2 {
		return head
	}
	b = b[2:]
	for range limits.JPEGSegments {
		for len(b) > 1 && b[0] == 0xff && b[1] == 0xff { // fill bytes
			b = b[1:]
		}
		if len(b) < 4 || b[0] != 0xff {
			return head
		}
		marker, n := b[1], int(binary.BigEndian.Uint16(b[2:]))
		const app1, sof0, sof2, sos = 0xe1, 0xc0, 0xc2, 0xda
		if marker == sos || n < 2 || len(b) < 2+n {
			return head
		}
		body := b[4 : 2+n]
		switch {
		case marker == app1 && head.orientation == 1:
			if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok {
				head.orientation = orientation(tiff)
			}
		case marker >= sof0 && marker <= sof2 && len(body) >= 6:
			head.progressive = marker == sof2
			head.components = int(body[5])
		}
		b = b[2+n:]
	}
	return head
}

// bytesPerPixel estimates the memory that decoding takes: the planes, and for progressive files the coefficients, which
// are kept as 32-bit numbers until the last scan.
func (h jpegHead) bytesPerPixel() int64 {
	n := int64(max(h.components, 1))
	if h.progressive {
		return 5 * n
	}
	return n
}
