package httpsig

import (
	"net/http"
	"slices"
	"time"
)

// Names of algorithms on the wire.
const (
	algRSA     = "rsa-sha256"      // draft-cavage, E.2
	algHS2019  = "hs2019"          // draft-cavage, E.2: what the key is for
	algRSA9421 = "rsa-v1_5-sha256" // RFC 9421, 3.3.2
	algEd25519 = "ed25519"         // RFC 9421, 3.3.6
)

// Bounds on what strangers send.
const (
	maxHeader    = 8 << 10 // bytes of Signature and of Signature-Input
	maxCovered   = 32      // components
	maxParams    = 16
	maxSignature = 1024 // bytes: RSA of 8192 bits
)

// Signature is a parsed and not yet verified signature of a request.
type Signature struct {
	Scheme Scheme
	// KeyID is a URL or acct: URI, or whatever else the sender wrote: printable ASCII.
	KeyID string
	// Algorithm as the sender named it, "" if it did not.
	Algorithm string
	// Covered are the identifiers of the covered components in the sender's order: field names in
	// lower case, (request-target), @method and the like.
	Covered []string
	// Created and Expires as far as the signature covers them; Expires is zero if absent.
	Created, Expires time.Time

	request *http.Request
	value   []byte
	params  string // RFC 9421: value of @signature-params
	created string // draft-cavage: the parameters as written
	expires string
}

// Parse reads the signature of a received request: a Signature header alone is draft-cavage, one
// beside Signature-Input is RFC 9421. It checks syntax, algorithm and that all that must be
// covered is covered; the error is an *Error. r must stay unchanged until Verify was called.
func Parse(r *http.Request) (*Signature, error) {
	s, err := parse(r)
	if err != nil {
		return nil, err
	}
	return s, nil
}

func parse(r *http.Request) (*Signature, *Error) {
	fields := r.Header["Signature"]
	inputs := r.Header["Signature-Input"]
	switch {
	case len(fields) == 0 && len(inputs) == 0:
		return nil, &Error{Missing, "the request is not signed"}
	case len(fields) != 1:
		return nil, malformed("a signed request has exactly one Signature header, not %d", len(fields))
	case len(inputs) > 1:
		return nil, malformed("a signed request has one Signature-Input header, not %d", len(inputs))
	case len(fields[0]) > maxHeader || len(inputs) == 1 && len(inputs[0]) > maxHeader:
		return nil, malformed("a signature header has at most %d bytes", maxHeader)
	}
	s := &Signature{request: r}
	if len(inputs) == 1 {
		s.Scheme = RFC9421
		if err := s.parse9421(inputs[0], fields[0]); err != nil {
			return nil, err
		}
		return s, s.require9421()
	}
	s.Scheme = Cavage
	if err := s.parseCavage(fields[0]); err != nil {
		return nil, err
	}
	return s, s.requireCavage()
}

// Covers tells whether the component is covered.
func (s *Signature) Covers(component string) bool {
	return slices.Contains(s.Covered, component)
}

// addCovered appends the identifier of a component; each may occur once.
func (s *Signature) addCovered(name string) *Error {
	if len(s.Covered) == maxCovered {
		return malformed("a signature covers at most %d components here", maxCovered)
	}
	if s.Covers(name) {
		return malformed("the signature covers %q twice", name)
	}
	s.Covered = append(s.Covered, name)
	return nil
}

// single demands that a field is there exactly once, if it is covered.
func (s *Signature) single(component, field string) *Error {
	if !s.Covers(component) {
		return nil
	}
	if n := len(s.request.Header[field]); n != 1 {
		return malformed("the signature covers %s, so there must be exactly one %s header, not %d", component, field, n)
	}
	return nil
}
