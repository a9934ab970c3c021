package httpsig

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A header that is accepted must be printable and within the bounds; nothing may panic, and what
// was parsed serialises to itself.
func FuzzCavage(f *testing.F) {
	f.Add("POST", `keyId="https://b.example/users/b#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="AAAA"`)
	f.Add("GET", `Signature keyId="a",algorithm=hs2019,created=1,expires=2,headers="(request-target) (created) (expires) host",signature="AAAA"`)
	f.Add("GET", `keyId="\"",headers="",signature=`)
	f.Fuzz(func(t *testing.T, method, header string) {
		if !isFieldName(strings.ToLower(method)) {
			return
		}
		r := httptest.NewRequest("GET", "/inbox?page=true", nil)
		r.Method = method
		for _, name := range []string{"Date", "Digest", "Accept"} {
			r.Header.Set(name, now.UTC().Format(http.TimeFormat))
		}
		r.Header["Signature"] = []string{header}
		checkParsed(t, r.Header["Signature"][0], func() (*Signature, error) { return Parse(r) })
	})
}

func FuzzSignatureInput(f *testing.F) {
	f.Add(`sig1=("@method" "@target-uri" "content-digest")`+goodParams, `sig1=:AAAA:`)
	f.Add(`a=( "@method" "@target-uri" "host");created=1;keyid="a\\b";x=?1;y=:AA:;z=t`, `a=:AAAA:`)
	f.Add(`*=();`, `*=:`)
	f.Fuzz(func(t *testing.T, input, field string) {
		r := httptest.NewRequest("GET", "/o?page=true", nil)
		r.Header["Signature-Input"] = []string{input}
		r.Header["Signature"] = []string{field}
		checkParsed(t, input, func() (*Signature, error) { return Parse(r) })
		s, err := Parse(r)
		if err != nil {
			return
		}
		again := "x=" + s.params
		r.Header["Signature-Input"], r.Header["Signature"] = []string{again}, []string{"x=:AAAA:"}
		s2, err := Parse(r)
		if err != nil || s2.params != s.params {
			t.Fatalf("%q was written as %q: %v", input, again, err)
		}
	})
}

func checkParsed(t *testing.T, header string, parse func() (*Signature, error)) {
	s, err := parse()
	if err != nil {
		if e, ok := err.(*Error); !ok || e.Text == "" || e.Status() == 0 {
			t.Fatalf("%q: %v", header, err)
		}
		return
	}
	if s.KeyID == "" || len(s.Covered) == 0 || len(s.Covered) > maxCovered || len(s.value) == 0 || checkKeyID(s.KeyID) != nil {
		t.Fatalf("%q: %+v", header, s)
	}
	var base []byte
	if s.Scheme == Cavage {
		base = s.appendCavage(nil, s.target())
		if n := strings.Count(string(base), "\n"); n != len(s.Covered)-1 {
			t.Fatalf("%q: %d lines", base, n)
		}
	} else {
		base = s.append9421(nil, origin{"https", "a.example"})
		if n := strings.Count(string(base), "\n"); n != len(s.Covered) {
			t.Fatalf("%q: %d lines", base, n)
		}
	}
}
