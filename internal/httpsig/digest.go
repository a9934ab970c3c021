package httpsig

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"strings"
)

// Digest is the SHA-256 of a request body. Make it once and use it for every request that carries
// the body. A nil *Digest stands for an empty body. It is not changed after it was made.
type Digest struct {
	sum     [sha256.Size]byte
	body    []byte // nil when only the sum is known
	known   bool   // body is known
	old     []string
	content []string
}

// NewDigest computes the digest of body, and keeps body: it must not be changed afterwards.
func NewDigest(body []byte) *Digest {
	d := DigestOf(sha256.Sum256(body))
	d.body, d.known = body, true
	return d
}

// DigestOf makes a Digest of a SHA-256 computed elsewhere. Content-Digest fields that have only
// sha-512 cannot be checked against it.
func DigestOf(sum [sha256.Size]byte) *Digest {
	b := base64.StdEncoding.EncodeToString(sum[:])
	return &Digest{
		sum:     sum,
		old:     []string{"SHA-256=" + b},
		content: []string{"sha-256=:" + b + ":"},
	}
}

var emptyDigest = NewDigest(nil)

func (d *Digest) orEmpty() *Digest {
	if d == nil {
		return emptyDigest
	}
	return d
}

// checkDigest checks the Digest field (RFC 3230). SHA-256 must be there; other algorithms are
// passed over.
func (d *Digest) checkDigest(field string) *Error {
	found := false
	for item := range strings.SplitSeq(field, ",") {
		name, value, ok := strings.Cut(strings.Trim(item, " \t"), "=")
		if !ok || name == "" {
			return malformed("the Digest header is a list of ALGORITHM=BASE64, not %.100q", field)
		}
		if !strings.EqualFold(name, "SHA-256") {
			continue
		}
		if found {
			return malformed("the Digest header has SHA-256 twice")
		}
		found = true
		if err := d.check256(value); err != nil {
			return err
		}
	}
	if !found {
		return invalid("the Digest header has no SHA-256: %.100q", field)
	}
	return nil
}

// checkContent checks the Content-Digest field (RFC 9530, 2): every sha-256 and sha-512 in it must
// match, and one of them must be there.
func (d *Digest) checkContent(field string) *Error {
	var seen256, seen512 bool
	for item := range strings.SplitSeq(field, ",") {
		name, value, ok := strings.Cut(strings.Trim(item, " \t"), "=")
		n := len(value)
		if !ok || n < 2 || value[0] != ':' || value[n-1] != ':' {
			return malformed("the Content-Digest header is a list of algorithm=:BASE64:, not %.200q", field)
		}
		value = value[1 : n-1]
		var err *Error
		switch {
		case name == "sha-256" && !seen256:
			seen256 = true
			err = d.check256(value)
		case name == "sha-512" && !seen512:
			seen512 = true
			err = d.check512(value)
		case name == "sha-256" || name == "sha-512":
			err = malformed("the Content-Digest header has %s twice", name)
		}
		if err != nil {
			return err
		}
	}
	if !seen256 && !seen512 {
		return invalid("the Content-Digest header has neither sha-256 nor sha-512: %.100q", field)
	}
	return nil
}

func (d *Digest) check256(text string) *Error {
	var sum [sha256.Size + 2]byte // room for a value that is too long
	n, err := decodeSum(sum[:], text)
	if err != nil {
		return err
	}
	if n != sha256.Size || d.sum != [sha256.Size]byte(sum[:sha256.Size]) {
		return invalid("the body does not match its SHA-256 digest")
	}
	return nil
}

func (d *Digest) check512(text string) *Error {
	if !d.known {
		return invalid("the sha-512 digest of the body cannot be checked here; send sha-256")
	}
	var sum [sha512.Size + 2]byte
	n, err := decodeSum(sum[:], text)
	if err != nil {
		return err
	}
	if n != sha512.Size || sha512.Sum512(d.body) != [sha512.Size]byte(sum[:sha512.Size]) {
		return invalid("the body does not match its SHA-512 digest")
	}
	return nil
}

func decodeSum(dst []byte, text string) (int, *Error) {
	if base64.StdEncoding.DecodedLen(len(text)) > len(dst) {
		return 0, invalid("the digest of the body is too long for its algorithm")
	}
	n, err := base64.StdEncoding.Strict().Decode(dst, []byte(text))
	if err != nil {
		return 0, malformed("the digest of the body is not base64: %.100q", text)
	}
	return n, nil
}
