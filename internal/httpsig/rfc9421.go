package httpsig

import (
	"encoding/base64"
	"strings"
	"time"
)

// parse9421 reads Signature-Input (RFC 9421, 4.1) and Signature (4.2) with exactly one member of
// the same label each. The grammar is that of RFC 8941, made stricter: no parameter twice, no
// leading zeros, no parameters of components (sf, key, bs, req, tr).
func (s *Signature) parse9421(input, field string) *Error {
	c := scanner{text: input}
	c.space()
	label := c.key()
	if label == "" || !c.skip('=') || !c.skip('(') {
		return malformed(`Signature-Input is like sig1=("@method" "@target-uri");created=1;keyid="…", not %.200q`, input)
	}
	out := make([]byte, 0, len(input))
	out, err := s.components(&c, append(out, '('))
	if err != nil {
		return err
	}
	out, err = s.parameters(&c, append(out, ')'))
	if err != nil {
		return err
	}
	c.space()
	if c.peek() == ',' {
		return malformed("a request has exactly one signature; Signature-Input has several")
	}
	if !c.end() {
		return malformed("unexpected text at byte %d of Signature-Input %.200q", c.at, input)
	}
	s.params = string(out)
	return s.value9421(label, field)
}

// components takes the inner list of covered components and appends its serialisation to out.
func (s *Signature) components(c *scanner, out []byte) ([]byte, *Error) {
	s.Covered = make([]string, 0, 8)
	for {
		c.space()
		if c.skip(')') {
			return out, nil
		}
		raw, name, ok := c.quoted()
		if !ok {
			return nil, malformed("the covered components are names in quotes with spaces between; see byte %d of Signature-Input", c.at)
		}
		if c.peek() == ';' {
			return nil, invalid("parameters of components are not supported here: %.60q", name)
		}
		if next := c.peek(); next != ' ' && next != ')' {
			return nil, malformed("a space or ) is wanted at byte %d of Signature-Input", c.at)
		}
		switch name {
		case "@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query":
		default:
			if !isFieldName(name) {
				return nil, invalid("the component %.60q is not known here", name)
			}
		}
		if err := s.addCovered(name); err != nil {
			return nil, err
		}
		if len(s.Covered) > 1 {
			out = append(out, ' ')
		}
		out = append(out, raw...)
	}
}

// parameters takes the parameters of the signature (RFC 9421, 2.3) and appends them to out.
func (s *Signature) parameters(c *scanner, out []byte) ([]byte, *Error) {
	var seen [maxParams]string
	for n := 0; c.skip(';'); n++ {
		c.space()
		name := c.key()
		if name == "" || n == maxParams {
			return nil, malformed("a parameter of Signature-Input cannot be read (byte %d)", c.at)
		}
		for _, before := range seen[:n] {
			if before == name {
				return nil, malformed("the parameter %.40q of Signature-Input is there twice", name)
			}
		}
		seen[n] = name
		raw, value, kind := "?1", "", byte('?')
		if c.skip('=') {
			var ok bool
			if raw, value, kind, ok = c.item(); !ok {
				return nil, malformed("the value of %.40q in Signature-Input cannot be read", name)
			}
		}
		out = append(append(out, ';'), name...)
		if raw != "?1" { // true is written as the name alone (RFC 8941, 4.1.1.2)
			out = append(append(out, '='), raw...)
		}
		if err := s.take9421(name, value, kind); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// take9421 keeps the parameters that mean something here. kind is the first byte of the item: '"'
// for strings, '0' for integers.
func (s *Signature) take9421(name, value string, kind byte) *Error {
	wantKind := byte('"')
	switch name {
	case "created", "expires":
		wantKind = '0'
	case "keyid", "alg", "nonce", "tag":
	default:
		return nil
	}
	if kind != wantKind {
		return malformed("the parameter %s of Signature-Input has a value of the wrong type", name)
	}
	switch name {
	case "created", "expires":
		seconds, ok := unixSeconds(value)
		if !ok {
			return malformed("%s is in whole seconds since 1970, not %.40q", name, value)
		}
		if name == "created" {
			s.Created = time.Unix(seconds, 0)
		} else {
			s.Expires = time.Unix(seconds, 0)
		}
	case "keyid":
		s.KeyID = value
		return checkKeyID(value)
	case "alg":
		if value != algRSA9421 && value != algEd25519 {
			return invalid("the algorithm %.40q is not known here; use rsa-v1_5-sha256 or ed25519", value)
		}
		s.Algorithm = value
	}
	return nil
}

// value9421 takes the signature itself: label=:BASE64:
func (s *Signature) value9421(label, field string) *Error {
	c := scanner{text: field}
	c.space()
	got := c.key()
	if got == "" || !c.skip('=') || !c.skip(':') {
		return malformed("the Signature header beside Signature-Input is like sig1=:BASE64:, not %.100q", field)
	}
	if got != label {
		return malformed("Signature has the label %.40q, Signature-Input %.40q", got, label)
	}
	text, rest, ok := strings.Cut(field[c.at:], ":")
	switch rest = strings.Trim(rest, " \t"); {
	case !ok:
		return malformed("the Signature header ends within :BASE64:")
	case strings.HasPrefix(rest, ","):
		return malformed("a request has exactly one signature; Signature has several")
	case rest != "":
		return malformed("unexpected text after the signature: %.60q", rest)
	}
	value, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(value) == 0 || len(value) > maxSignature {
		return malformed("the signature is not base64 of 1 to %d bytes", maxSignature)
	}
	s.value = value
	return nil
}

// require9421 checks that the signature has and covers what it must.
func (s *Signature) require9421() *Error {
	switch {
	case s.KeyID == "":
		return invalid("Signature-Input must have keyid")
	case s.Created.IsZero():
		return invalid("Signature-Input must have created")
	case !s.Covers("@method"):
		return invalid("the signature must cover @method")
	case !s.Covers("@target-uri"):
		return invalid("the signature must cover @target-uri")
	case !isRead(s.request.Method) && !s.Covers("content-digest"):
		return invalid("the signature of a %s must cover content-digest", s.request.Method)
	}
	return s.fieldsPresent()
}

// append9421 appends the signature base (RFC 9421, 2.5) for a request sent to this origin.
func (s *Signature) append9421(b []byte, at origin) []byte {
	target := s.target()
	path, query, _ := strings.Cut(target, "?")
	for _, name := range s.Covered {
		b = append(b, '"')
		b = append(b, name...)
		b = append(b, `": `...)
		switch name {
		case "@method":
			b = append(b, methodOf(s.request)...)
		case "@target-uri":
			b = append(append(append(append(b, at.scheme...), "://"...), at.host...), target...)
		case "@authority":
			b = append(b, at.host...)
		case "@scheme":
			b = append(b, at.scheme...)
		case "@request-target":
			b = append(b, target...)
		case "@path":
			b = append(b, path...)
		case "@query":
			b = append(append(b, '?'), query...)
		default:
			b = s.appendField(b, name)
		}
		b = append(b, '\n')
	}
	b = append(b, `"@signature-params": `...)
	return append(b, s.params...)
}

// key takes a key of RFC 8941, 3.1.2; "" if there is none.
func (c *scanner) key() string {
	if b := c.peek(); b != '*' && (b < 'a' || b > 'z') {
		return ""
	}
	return c.while(isKeyChar)
}

// item takes a bare item (RFC 8941, 4.2.3.1): string, integer, boolean, byte sequence or token.
// kind is '"', '0', '?', ':' or 'a'; raw is the item as it is serialised.
func (c *scanner) item() (raw, value string, kind byte, ok bool) {
	from := c.at
	switch b := c.peek(); {
	case b == '"':
		raw, value, ok = c.quoted()
		return raw, value, '"', ok
	case b >= '0' && b <= '9' || b == '-':
		c.skip('-')
		digits := c.while(func(b byte) bool { return b >= '0' && b <= '9' })
		_, ok = unixSeconds(digits)
		raw = c.text[from:c.at]
		return raw, raw, '0', ok && raw != "-0" && c.peek() != '.'
	case b == '?':
		c.at++
		ok = c.skip('0') || c.skip('1')
		return c.text[from:c.at], "", '?', ok
	case b == ':':
		c.at++
		c.while(func(b byte) bool { return b != ':' })
		ok = c.skip(':')
		return c.text[from:c.at], "", ':', ok
	case b == '*' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z':
		raw = c.while(func(b byte) bool { return isTokenChar(b) || b == ':' || b == '/' })
		return raw, raw, 'a', true
	}
	return "", "", 0, false
}
