package media

import (
	"encoding/binary"

	"engawa/internal/limits"
)

// orientation reads tag 0x0112 of the first directory of TIFF data as EXIF embeds them (CIPA DC-008, 4.6.2 and 4.6.4):
// 1 to 8, and 1 where the data do not say.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(tiff[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := min(int(order.Uint16(tiff[at:])), limits.EXIFEntries)
	for rest := tiff[at+2:]; entries > 0 && len(rest) >= 12; entries, rest = entries-1, rest[12:] {
		const tag, short = 0x0112, 3
		if order.Uint16(rest) != tag || order.Uint16(rest[2:]) != short || order.Uint32(rest[4:]) != 1 {
			continue
		}
		if o := int(order.Uint16(rest[8:])); o >= 1 && o <= 8 {
			return o
		}
		return 1
	}
	return 1
}
