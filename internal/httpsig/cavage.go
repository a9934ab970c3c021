package httpsig

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// parseCavage reads a Signature header of draft-cavage (2.1): name="value" pairs with commas
// between; created and expires may stand without quotes. Unknown parameters are passed over. Old
// versions of node-http-signature begin with "Signature ".
func (s *Signature) parseCavage(header string) *Error {
	c := scanner{text: strings.TrimPrefix(header, "Signature ")}
	var p cavageParams
	for count := 1; ; count++ {
		c.space()
		name := c.while(isTokenChar)
		if name == "" || !c.skip('=') {
			return malformed(`the Signature header is a list of name="value"; see byte %d of %.200q`, c.at, header)
		}
		value, ok := c.cavageValue()
		if !ok || count > maxParams {
			return malformed("the parameter %q of the Signature header cannot be read", name)
		}
		if err := p.set(name, value); err != nil {
			return err
		}
		c.space()
		if c.end() {
			break
		}
		if !c.skip(',') {
			return malformed("a comma is wanted at byte %d of the Signature header %.200q", c.at, header)
		}
	}
	return s.takeCavage(&p)
}

// cavageParams are the parameters of draft-cavage, 2.1; nil if absent.
type cavageParams struct {
	keyID, algorithm, created, expires, headers, signature *string
}

func (p *cavageParams) set(name, value string) *Error {
	var dst **string
	switch name {
	case "keyId":
		dst = &p.keyID
	case "algorithm":
		dst = &p.algorithm
	case "created":
		dst = &p.created
	case "expires":
		dst = &p.expires
	case "headers":
		dst = &p.headers
	case "signature":
		dst = &p.signature
	default:
		return nil
	}
	if *dst != nil {
		return malformed("the Signature header has %s twice", name)
	}
	*dst = &value
	return nil
}

func (s *Signature) takeCavage(p *cavageParams) *Error {
	switch {
	case p.keyID == nil:
		return malformed("the Signature header has no keyId")
	case p.signature == nil:
		return malformed("the Signature header has no signature")
	case p.headers == nil:
		return invalid("the Signature header has no headers, so the signature covers too little")
	}
	s.KeyID = *p.keyID
	if err := checkKeyID(s.KeyID); err != nil {
		return err
	}
	if p.algorithm != nil {
		s.Algorithm = strings.ToLower(*p.algorithm)
		if s.Algorithm != algRSA && s.Algorithm != algHS2019 {
			return invalid("the algorithm %.40q is not known here; use rsa-sha256", s.Algorithm)
		}
	}
	value, err := base64.StdEncoding.Strict().DecodeString(*p.signature)
	if err != nil || len(value) == 0 || len(value) > maxSignature {
		return malformed("the signature is not base64 of 1 to %d bytes", maxSignature)
	}
	s.value = value
	if err := s.coverCavage(*p.headers); err != nil {
		return err
	}
	return s.timesCavage(p.created, p.expires)
}

func (s *Signature) coverCavage(headers string) *Error {
	if headers == "" {
		return malformed("the list headers= is empty")
	}
	s.Covered = make([]string, 0, 8)
	for name := range strings.SplitSeq(headers, " ") {
		name = strings.ToLower(name)
		if !isFieldName(name) && name != "(request-target)" && name != "(created)" && name != "(expires)" {
			return malformed("the signature covers %.60q, which is not a header; headers= has names with one space between", name)
		}
		if err := s.addCovered(name); err != nil {
			return err
		}
	}
	return nil
}

// timesCavage takes created and expires, if the signature covers them (2.3): otherwise anybody
// could have written them.
func (s *Signature) timesCavage(created, expires *string) *Error {
	for _, t := range []struct {
		component string
		param     *string
		text      *string
		time      *time.Time
	}{
		{"(created)", created, &s.created, &s.Created},
		{"(expires)", expires, &s.expires, &s.Expires},
	} {
		if !s.Covers(t.component) {
			continue
		}
		if s.Algorithm != algHS2019 {
			return invalid("%s can be covered with the algorithm hs2019 only", t.component)
		}
		if t.param == nil {
			return malformed("the signature covers %s, but the parameter is not there", t.component)
		}
		seconds, ok := unixSeconds(*t.param)
		if !ok {
			return malformed("%s is in whole seconds since 1970, not %.40q", t.component, *t.param)
		}
		*t.text, *t.time = *t.param, time.Unix(seconds, 0)
	}
	return nil
}

// requireCavage checks that the signature covers what it must, and takes Created from the Date
// header when (created) is not covered.
func (s *Signature) requireCavage() *Error {
	read := isRead(s.request.Method)
	switch {
	case !s.Covers("date") && !s.Covers("(created)"):
		return invalid("the signature must cover date or (created)")
	case !s.Covers("digest") && !s.Covers("(request-target)"):
		return invalid("the signature must cover digest or (request-target)")
	case read && !s.Covers("host"):
		return invalid("the signature of a GET must cover host")
	case !read && !s.Covers("digest"):
		return invalid("the signature of a %s must cover digest", s.request.Method)
	}
	if err := s.single("date", "Date"); err != nil {
		return err
	}
	if err := s.fieldsPresent(); err != nil {
		return err
	}
	if s.Covers("(created)") {
		return nil
	}
	date, err := http.ParseTime(s.request.Header["Date"][0])
	if err != nil {
		return malformed("the Date header is not like %q: %.60q", http.TimeFormat, s.request.Header["Date"][0])
	}
	s.Created = date
	return nil
}

// appendCavage appends the string to sign (2.3), with this target for (request-target).
func (s *Signature) appendCavage(b []byte, target string) []byte {
	for i, name := range s.Covered {
		if i > 0 {
			b = append(b, '\n')
		}
		b = append(b, name...)
		b = append(b, ": "...)
		switch name {
		case "(request-target)":
			b = append(b, strings.ToLower(s.request.Method)...)
			b = append(b, ' ')
			b = append(b, target...)
		case "(created)":
			b = append(b, s.created...)
		case "(expires)":
			b = append(b, s.expires...)
		default:
			b = s.appendField(b, name)
		}
	}
	return b
}

// unixSeconds reads an integer without sign and leading zeros, of at most 15 digits (RFC 8941, 3.3.1).
func unixSeconds(s string) (int64, bool) {
	if s == "" || len(s) > 15 || s[0] == '0' && len(s) > 1 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
