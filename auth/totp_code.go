package auth

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QRCode is a QR code as a path of SVG, one unit a module, in a square of Size
// units with a margin of four around it, which begins at (-4, -4).
type QRCode struct {
	Size int
	Path string
}

// TOTPCode is the QR code by which authenticator apps take over a secret.
func TOTPCode(issuer, handle, secret string) (*QRCode, error) {
	q := url.Values{"secret": {secret}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + handle, RawQuery: q.Encode()}
	code, err := qr.Encode(u.String(), qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for ; x < size; x++ {
				if r, _, _, _ := code.At(x, y).RGBA(); r != 0 {
					break
				}
			}
			if x > from {
				path.WriteString("M" + strconv.Itoa(from) + " " + strconv.Itoa(y) + "h" + strconv.Itoa(x-from) + "v1H" + strconv.Itoa(from) + "z")
			}
		}
	}
	return &QRCode{size + 8, path.String()}, nil
}
