package httpsig

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"engawa/internal/keys"
)

// Scheme is a way to sign.
type Scheme uint8

// The schemes known.
const (
	Cavage  Scheme = iota + 1 // draft-cavage-http-signatures-12
	RFC9421                   // RFC 9421
)

// String names the scheme.
func (s Scheme) String() string {
	switch s {
	case Cavage:
		return "draft-cavage"
	case RFC9421:
		return "rfc9421"
	}
	return "no scheme"
}

// maxKeyID bounds key ids, in bytes.
const maxKeyID = 2048

// Signer signs requests with one key. It is safe for concurrent use.
type Signer struct {
	key keys.Private
	old string // the Signature header of draft-cavage up to headers=
	new string // the parameters of RFC 9421 after created=
}

// NewSigner makes a signer for the key whose id others look up as keyID. RSA keys sign by both
// schemes, Ed25519 keys by RFC 9421 only.
func NewSigner(keyID string, key keys.Private) (*Signer, error) {
	if err := checkKeyID(keyID); err != nil {
		return nil, err
	}
	s := &Signer{key: key}
	switch key.Kind() {
	case keys.RSA:
		s.old = `keyId="` + keyID + `",algorithm="` + algRSA + `",headers="`
		s.new = `;keyid="` + keyID + `";alg="` + algRSA9421 + `"`
	case keys.Ed25519:
		s.new = `;keyid="` + keyID + `";alg="` + algEd25519 + `"`
	default:
		return nil, errors.New("no private key to sign with")
	}
	return s, nil
}

func checkKeyID(keyID string) *Error {
	if keyID == "" || len(keyID) > maxKeyID {
		return malformed("a key id has 1 to %d bytes, not %d", maxKeyID, len(keyID))
	}
	for i := range len(keyID) {
		if c := keyID[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return malformed("a key id is printable ASCII without spaces, quotes and backslashes: %.200q", keyID)
		}
	}
	return nil
}

// Sign adds the headers of a signature made at now to req, replacing older ones. digest is that of
// the body; GET and HEAD have none. draft-cavage covers (request-target), host, date and, with a
// body, digest and content-type, which must be set before; RFC 9421 covers @method, @target-uri
// and, with a body, content-digest. An error means that req cannot be signed so; it is unchanged then.
func (s *Signer) Sign(req *http.Request, scheme Scheme, digest *Digest, now time.Time) error {
	withBody := !isRead(req.Method)
	if withBody && digest == nil {
		return fmt.Errorf("a signed %s needs the digest of its body", req.Method)
	}
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	switch scheme {
	case Cavage:
		return s.signCavage(req, withBody, digest, now)
	case RFC9421:
		return s.sign9421(req, withBody, digest, now)
	}
	return fmt.Errorf("no scheme of signatures has the number %d", scheme)
}

func (s *Signer) signCavage(req *http.Request, withBody bool, digest *Digest, now time.Time) error {
	if s.old == "" {
		return errors.New("draft-cavage signatures need an RSA key; sign by RFC 9421 with Ed25519")
	}
	var contentType string
	if withBody {
		if contentType = req.Header.Get("Content-Type"); contentType == "" {
			return fmt.Errorf("set Content-Type before a %s is signed", req.Method)
		}
	}
	date := now.UTC().Format(http.TimeFormat)
	b := make([]byte, 0, 1024)
	b = append(b, "(request-target): "...)
	b = append(b, strings.ToLower(req.Method)...)
	b = append(b, ' ')
	b = append(b, req.URL.RequestURI()...)
	b = append(b, "\nhost: "...)
	b = append(b, hostOf(req)...)
	b = append(b, "\ndate: "...)
	b = append(b, date...)
	covered := `(request-target) host date`
	if withBody {
		b = append(b, "\ndigest: "...)
		b = append(b, digest.old[0]...)
		b = append(b, "\ncontent-type: "...)
		b = append(b, contentType...)
		covered = `(request-target) host date digest content-type`
	}
	sig, err := s.key.Sign(b)
	if err != nil {
		return err
	}
	b = append(b[:0], s.old...)
	b = append(b, covered...)
	b = append(b, `",signature="`...)
	b = base64.StdEncoding.AppendEncode(b, sig)
	b = append(b, '"')
	req.Header["Date"] = []string{date}
	if withBody {
		req.Header["Digest"] = digest.old[:1:1]
	}
	req.Header["Signature"] = []string{string(b)}
	delete(req.Header, "Signature-Input")
	return nil
}

func (s *Signer) sign9421(req *http.Request, withBody bool, digest *Digest, now time.Time) error {
	b := make([]byte, 0, 1024)
	b = append(b, `"@method": `...)
	b = append(b, req.Method...)
	b = append(b, "\n\"@target-uri\": "...)
	b = append(b, req.URL.Scheme...)
	b = append(b, "://"...)
	b = append(b, normalHost(req.URL.Scheme, hostOf(req))...)
	b = append(b, req.URL.RequestURI()...)
	if withBody {
		b = append(b, "\n\"content-digest\": "...)
		b = append(b, digest.content[0]...)
	}
	b = append(b, "\n\"@signature-params\": "...)
	start := len(b)
	b = append(b, `("@method" "@target-uri"`...)
	if withBody {
		b = append(b, ` "content-digest"`...)
	}
	b = append(b, `);created=`...)
	b = strconv.AppendInt(b, now.Unix(), 10)
	b = append(b, s.new...)
	sig, err := s.key.Sign(b)
	if err != nil {
		return err
	}
	input := "sig1=" + string(b[start:])
	b = append(b[:0], "sig1=:"...)
	b = base64.StdEncoding.AppendEncode(b, sig)
	b = append(b, ':')
	if withBody {
		req.Header["Content-Digest"] = digest.content[:1:1]
	}
	req.Header["Signature-Input"] = []string{input}
	req.Header["Signature"] = []string{string(b)}
	return nil
}

// hostOf is the Host header that net/http will send.
func hostOf(req *http.Request) string {
	if req.Host != "" {
		return req.Host
	}
	return req.URL.Host
}

// isRead tells whether requests of this method have no body that counts.
func isRead(method string) bool {
	return method == "" || method == http.MethodGet || method == http.MethodHead
}
