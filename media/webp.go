package media

import (
	"encoding/binary"
	"fmt"

	"engawa/internal/limits"
)

// webpHead is what the chunks of a WebP file (RFC 9649) tell.
type webpHead struct {
	orientation int
	animated    bool
	still       []byte // a file of the first frame when animated, else the file as it came
}

// readWebPHead walks the chunks and, because the decoder knows no animations, makes a file of an animation's first frame.
func readWebPHead(b []byte) (webpHead, error) {
	head := webpHead{orientation: 1, still: b}
	if len(b) < 12 {
		return head, fmt.Errorf("%w: WebP of %d bytes", ErrBroken, len(b))
	}
	rest := b[12:]
	for range limits.WebPChunks {
		id, body, next, ok := chunk(rest)
		if !ok {
			break
		}
		switch id {
		case "ANMF":
			if !head.animated {
				head.animated = true
				still, err := stillFromFrame(body)
				if err != nil {
					return head, err
				}
				head.still = still
			}
		case "EXIF":
			if len(body) > 6 && string(body[:6]) == "Exif\x00\x00" {
				body = body[6:]
			}
			head.orientation = orientation(body)
		}
		rest = next
	}
	return head, nil
}

// chunk takes one RIFF chunk off b (RFC 9649, 2.3): 4 bytes of name, 4 of length, the body, a byte of padding if odd.
func chunk(b []byte) (id string, body, rest []byte, ok bool) {
	if len(b) < 8 {
		return "", nil, nil, false
	}
	n := int64(binary.LittleEndian.Uint32(b[4:]))
	if n > int64(len(b)-8) {
		return "", nil, nil, false
	}
	return string(b[:4]), b[8 : 8+n], b[min(8+n+n&1, int64(len(b))):], true
}

// stillFromFrame makes a WebP file of the body of an ANMF chunk (RFC 9649, 2.7.1.1): 16 bytes of header, of which bytes 6
// to 11 are width and height less one, then ALPH and VP8, or VP8L.
func stillFromFrame(body []byte) ([]byte, error) {
	if len(body) < 16 {
		return nil, fmt.Errorf("%w: frame of a WebP animation of %d bytes", ErrBroken, len(body))
	}
	var alpha, frame []byte
	var name string
	for rest := body[16:]; frame == nil; {
		id, data, next, ok := chunk(rest)
		if !ok {
			return nil, fmt.Errorf("%w: frame of a WebP animation without a picture", ErrBroken)
		}
		switch id {
		case "ALPH":
			alpha = data
		case "VP8 ", "VP8L":
			name, frame = id, data
		}
		rest = next
	}
	out := make([]byte, 0, len(body)+64)
	out = append(out, "RIFF\x00\x00\x00\x00WEBP"...)
	if alpha != nil && name == "VP8 " {
		const alphaFlag = 1 << 4
		out = appendChunk(out, "VP8X", append([]byte{alphaFlag, 0, 0, 0}, body[6:12]...))
		out = appendChunk(out, "ALPH", alpha)
	}
	out = appendChunk(out, name, frame)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

func appendChunk(out []byte, id string, body []byte) []byte {
	out = append(out, id...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(body)))
	out = append(out, body...)
	if len(body)&1 == 1 {
		out = append(out, 0)
	}
	return out
}
