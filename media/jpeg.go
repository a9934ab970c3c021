package media

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"engawa/internal/limits"
)

// jpegHead is what the segments tell.
type jpegHead struct {
	orientation int
	progressive bool
	components  int
	scans       int
	displayP3   bool
}

// readJPEGHead walks all segments up to the end of the image (ITU-T T.81, B.1.1), over entropy-coded data too: in a
// progressive file every scan costs a pass over the whole picture, however short it is, so their number is bounded and
// the error ErrTooLarge. What it cannot read it leaves to the decoder, which refuses it.
func readJPEGHead(b []byte) (jpegHead, error) {
	head := jpegHead{orientation: 1}
	b = b[min(2, len(b)):]
	for range limits.JPEGSegments {
		marker, rest := nextMarker(b)
		const eoi = 0xd9
		if marker == 0 || marker == eoi || len(rest) < 2 {
			return head, nil
		}
		n := int(binary.BigEndian.Uint16(rest))
		if n < 2 || len(rest) < n {
			return head, nil
		}
		head.segment(marker, rest[2:n])
		if head.scans > limits.JPEGScans {
			return head, fmt.Errorf("%w: JPEG of more than %d scans", ErrTooLarge, limits.JPEGScans)
		}
		b = rest[n:]
	}
	return head, fmt.Errorf("%w: JPEG of more than %d segments", ErrTooLarge, limits.JPEGSegments)
}

// nextMarker finds the next marker that begins a segment, or 0: what is none, stuffed zeros, fill bytes and restarts
// (B.1.1.2, B.1.1.5) are passed over as the decoder does.
func nextMarker(b []byte) (marker byte, rest []byte) {
	for {
		i := bytes.IndexByte(b, 0xff)
		if i < 0 || i+1 >= len(b) {
			return 0, nil
		}
		marker, b = b[i+1], b[i+1:]
		const rst0, rst7 = 0xd0, 0xd7
		if marker != 0 && marker != 0xff && (marker < rst0 || marker > rst7) {
			return marker, b[1:]
		}
	}
}

func (h *jpegHead) segment(marker byte, body []byte) {
	const sof0, sof2, sos, app1, app2 = 0xc0, 0xc2, 0xda, 0xe1, 0xe2
	switch {
	case marker == sos:
		h.scans++
	case marker == app1 && h.orientation == 1:
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok {
			h.orientation = orientation(tiff)
		}
	case marker == app2:
		if icc, ok := bytes.CutPrefix(body, []byte(iccMarker+"\x01")); ok && len(icc) > 1 {
			h.displayP3 = isDisplayP3(icc[1:])
		}
	case marker >= sof0 && marker <= sof2 && len(body) >= 6:
		h.progressive = marker == sof2
		h.components = int(body[5])
	}
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
