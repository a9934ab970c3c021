package httpsig

import (
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"engawa/internal/keys"
)

// Check checks all that needs no key: that the request was sent to one of ours, that now is within
// the time the signature holds, and that digest, made of the body actually read, is the one that
// was signed. The error is an *Error.
func (s *Signature) Check(digest *Digest, now time.Time, ours Origins) error {
	if err := s.check(digest, now, ours); err != nil {
		return err
	}
	return nil
}

func (s *Signature) check(digest *Digest, now time.Time, ours Origins) *Error {
	if len(ours.match(s.request.Host)) == 0 {
		return invalid("the request was sent to the host %.100q, which is not served here", s.request.Host)
	}
	if err := checkWindow(s.Created, s.Expires, now); err != nil {
		return err
	}
	if s.Scheme == Cavage && s.Covers("digest") {
		return digest.orEmpty().checkDigest(s.field("Digest"))
	}
	if s.Scheme == RFC9421 && s.Covers("content-digest") {
		return digest.orEmpty().checkContent(s.field("Content-Digest"))
	}
	return nil
}

// Verify does what Check does, and then checks the signature with the key that KeyID names. The
// error is an *Error. It may be called again with another key.
func (s *Signature) Verify(key keys.Public, digest *Digest, now time.Time, ours Origins) error {
	if err := s.check(digest, now, ours); err != nil {
		return err
	}
	if err := s.suits(key); err != nil {
		return err
	}
	b := make([]byte, 0, 1024)
	if s.Scheme == RFC9421 {
		for _, at := range ours.match(s.request.Host) {
			if key.Verify(s.append9421(b, at), s.value) == nil {
				return nil
			}
		}
		return s.mismatch()
	}
	target := s.target()
	if key.Verify(s.appendCavage(b, target), s.value) == nil {
		return nil
	}
	// Misskey and old Mastodon sign the path alone.
	if path, _, found := strings.Cut(target, "?"); found && s.Covers("(request-target)") {
		if key.Verify(s.appendCavage(b, path), s.value) == nil {
			return nil
		}
	}
	return s.mismatch()
}

func (s *Signature) mismatch() *Error {
	return invalid("the %s signature does not match the request and the key %s", s.Scheme, s.KeyID)
}

// suits tells whether the key is of the kind that the algorithm wants.
func (s *Signature) suits(key keys.Public) *Error {
	want := key.Kind() // hs2019 and none: what the key is for
	switch s.Algorithm {
	case algRSA, algRSA9421:
		want = keys.RSA
	case algEd25519:
		want = keys.Ed25519
	}
	switch {
	case key.IsZero():
		return invalid("there is no key %s", s.KeyID)
	case key.Kind() != want:
		return invalid("the algorithm is %s, but %s is a key for %s", s.Algorithm, s.KeyID, key.Kind())
	}
	return nil
}

// target is path and query as they stood in the request line.
func (s *Signature) target() string {
	if strings.HasPrefix(s.request.RequestURI, "/") {
		return s.request.RequestURI
	}
	return s.request.URL.RequestURI()
}

func methodOf(r *http.Request) string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// fieldsPresent demands that the request has every field that is covered.
func (s *Signature) fieldsPresent() *Error {
	for _, name := range s.Covered {
		if name[0] == '@' || name[0] == '(' || name == "host" {
			continue
		}
		if name == "content-length" && s.request.ContentLength >= 0 {
			continue
		}
		if len(s.request.Header[textproto.CanonicalMIMEHeaderKey(name)]) == 0 {
			return invalid("the signature covers %.60q, but the request has no such header", name)
		}
	}
	return nil
}

// appendField appends the value of a header field: its lines joined by ", " (draft-cavage, 2.3;
// RFC 9421, 2.1).
func (s *Signature) appendField(b []byte, name string) []byte {
	if name == "host" {
		return append(b, s.request.Host...)
	}
	lines := s.request.Header[textproto.CanonicalMIMEHeaderKey(name)]
	if len(lines) == 0 && name == "content-length" {
		return strconv.AppendInt(b, s.request.ContentLength, 10)
	}
	for i, line := range lines {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = append(b, strings.Trim(line, " \t")...)
	}
	return b
}

// field is the value of a header field, its lines joined.
func (s *Signature) field(canonical string) string {
	if lines := s.request.Header[canonical]; len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(s.request.Header[canonical], ", ")
}
