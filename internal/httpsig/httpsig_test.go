package httpsig

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"engawa/internal/keys"
)

const keyID = "https://b.example/users/b#main-key"

var (
	now  = time.Unix(1_790_000_000, 0)
	body = []byte(`{"type":"Follow"}`)
)

var testKeys = sync.OnceValue(func() map[keys.Kind]keys.Private {
	out := make(map[keys.Kind]keys.Private)
	for _, kind := range []keys.Kind{keys.RSA, keys.Ed25519} {
		k, err := keys.Generate(kind)
		if err != nil {
			panic(err)
		}
		out[kind] = k
	}
	return out
})

func origins(t testing.TB, urls ...string) Origins {
	t.Helper()
	o, err := NewOrigins(urls...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// want checks that err is a refusal of this kind whose text contains text.
func want(t testing.TB, err error, kind Kind, text string) {
	t.Helper()
	var e *Error
	switch {
	case !errors.As(err, &e):
		t.Fatalf("got %v, want a refusal: %s", err, text)
	case e.Kind != kind || !strings.Contains(e.Text, text):
		t.Fatalf("got %d %q, want %d %q", e.Kind, e.Text, kind, text)
	case e.Status() != map[Kind]int{Malformed: 400, Missing: 401, Invalid: 401}[kind]:
		t.Fatalf("status %d", e.Status())
	}
}

// received turns a request to send into the one that arrives.
func received(req *http.Request) *http.Request {
	out := httptest.NewRequest(req.Method, req.URL.String(), nil)
	out.RequestURI = req.URL.RequestURI()
	out.Host = hostOf(req)
	out.Header = req.Header.Clone()
	return out
}

func outgoing(t testing.TB, method, target string) *http.Request {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Request{Method: method, URL: u, Header: http.Header{"Content-Type": {"application/activity+json"}}}
}

func TestRoundTrip(t *testing.T) {
	ours := origins(t, "http://localhost", "https://a.example/", "https://alt.example:8443", "http://a.example")
	for _, method := range []string{"GET", "POST"} {
		for _, target := range []string{"https://a.example/inbox", "https://A.example:443/x?page=true&a=%20b", "http://a.example/", "https://alt.example:8443/é?"} {
			for _, c := range []struct {
				kind   keys.Kind
				scheme Scheme
			}{{keys.RSA, Cavage}, {keys.RSA, RFC9421}, {keys.Ed25519, RFC9421}} {
				t.Run(method+" "+target+" "+string(c.kind)+" "+c.scheme.String(), func(t *testing.T) {
					signer, err := NewSigner(keyID, testKeys()[c.kind])
					if err != nil {
						t.Fatal(err)
					}
					var digest *Digest
					if method == "POST" {
						digest = NewDigest(body)
					}
					req := outgoing(t, method, target)
					if err := signer.Sign(req, c.scheme, digest, now); err != nil {
						t.Fatal(err)
					}
					sig, err := Parse(received(req))
					if err != nil {
						t.Fatal(err)
					}
					if sig.KeyID != keyID || !sig.Created.Equal(now) || sig.Scheme != c.scheme {
						t.Fatalf("%+v", sig)
					}
					if err := sig.Check(digest, now, ours); err != nil {
						t.Fatal(err)
					}
					pub := testKeys()[c.kind].Public()
					if err := sig.Verify(pub, digest, now, ours); err != nil {
						t.Fatal(err)
					}
					other, _ := keys.Generate(keys.Ed25519)
					if c.kind == keys.Ed25519 {
						want(t, sig.Verify(other.Public(), digest, now, ours), Invalid, "does not match the request and the key")
					} else {
						want(t, sig.Verify(other.Public(), digest, now, ours), Invalid, "is a key for ed25519")
					}
					want(t, sig.Verify(keys.Public{}, digest, now, ours), Invalid, "there is no key")
					want(t, sig.Verify(pub, digest, now, origins(t, "https://c.example")), Invalid, "not served here")
				})
			}
		}
	}
}

// The headers of a second scheme replace those of the first, as double knocking needs it.
func TestSignAgain(t *testing.T) {
	signer, _ := NewSigner(keyID, testKeys()[keys.RSA])
	digest := NewDigest(body)
	req := outgoing(t, "POST", "https://a.example/inbox")
	for _, scheme := range []Scheme{Cavage, RFC9421, Cavage} {
		if err := signer.Sign(req, scheme, digest, now); err != nil {
			t.Fatal(err)
		}
		sig, err := Parse(received(req))
		if err != nil || sig.Scheme != scheme {
			t.Fatal(scheme, err)
		}
		if err := sig.Verify(testKeys()[keys.RSA].Public(), digest, now, origins(t, "https://a.example")); err != nil {
			t.Fatal(err)
		}
	}
	want := `keyId="` + keyID + `",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="`
	if got := req.Header.Get("Signature"); !strings.HasPrefix(got, want) {
		t.Errorf("%s", got)
	}
}

func TestSignRefuses(t *testing.T) {
	rsa, _ := NewSigner(keyID, testKeys()[keys.RSA])
	ed, _ := NewSigner(keyID, testKeys()[keys.Ed25519])
	plain := outgoing(t, "POST", "https://a.example/inbox")
	plain.Header = nil
	for name, err := range map[string]error{
		"no digest":       rsa.Sign(outgoing(t, "POST", "https://a.example/"), Cavage, nil, now),
		"no content type": rsa.Sign(plain, Cavage, NewDigest(body), now),
		"ed25519":         ed.Sign(outgoing(t, "GET", "https://a.example/"), Cavage, nil, now),
		"no scheme":       rsa.Sign(outgoing(t, "GET", "https://a.example/"), 0, nil, now),
	} {
		if err == nil {
			t.Errorf("%s: signed", name)
		}
	}
	if len(plain.Header) != 0 {
		t.Error("headers were set")
	}
	for _, id := range []string{"", "a b", `a"b`, `a\b`, "a\n", "é", strings.Repeat("a", maxKeyID+1)} {
		if _, err := NewSigner(id, testKeys()[keys.RSA]); err == nil {
			t.Errorf("key id %.20q", id)
		}
	}
	if _, err := NewSigner(keyID, keys.Private{}); err == nil {
		t.Error("no key")
	}
}

func TestWindow(t *testing.T) {
	var never time.Time
	for _, c := range []struct {
		created, expires time.Time
		ok               bool
	}{
		{now, never, true},
		{now.Add(time.Hour), never, true},
		{now.Add(time.Hour + time.Second), never, false},
		{now.Add(-65 * time.Minute), never, true},
		{now.Add(-65*time.Minute - time.Second), never, false},
		{now.Add(-2 * time.Hour), now.Add(-time.Hour), true},
		{now.Add(-2 * time.Hour), now.Add(-time.Hour - time.Second), false},
		{now.Add(-13 * time.Hour), now.Add(24 * time.Hour), true},
		{now.Add(-13*time.Hour - time.Second), now.Add(24 * time.Hour), false},
		{now, now.Add(-2 * time.Hour), false},
		{time.Unix(0, 0), time.Unix(999_999_999_999_999, 0), false},
	} {
		if err := checkWindow(c.created, c.expires, now); (err == nil) != c.ok {
			t.Errorf("%v: %v", c, err)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, s := range []string{"", "a.example", "ftp://a.example", "https://", "https://u@a.example", "https://a.example/x", "https://a.example?x", "https://a.example#x", "https://a b", "https://縁側.example"} {
		if _, err := NewOrigins(s); err == nil {
			t.Errorf("%q", s)
		}
	}
	o := origins(t, "https://A.example", "http://a.example", "https://b.example:444")
	for host, n := range map[string]int{
		"a.example": 2, "A.EXAMPLE": 2, "a.example:443": 1, "a.example:80": 1, "a.example:8080": 0,
		"b.example": 0, "b.example:444": 1, "": 0, "x.a.example": 0, "a.example.": 0,
	} {
		if got := o.match(host); len(got) != n {
			t.Errorf("%s: %v", host, got)
		}
	}
}

func TestContentDigest(t *testing.T) {
	s256, s512 := sha256.Sum256(body), sha512.Sum512(body)
	b256, b512 := base64.StdEncoding.EncodeToString(s256[:]), base64.StdEncoding.EncodeToString(s512[:])
	d, sumOnly := NewDigest(body), DigestOf(s256)
	for _, c := range []struct {
		name  string
		err   *Error
		kind  Kind
		inErr string
	}{
		{"256", d.checkContent("sha-256=:" + b256 + ":"), 0, ""},
		{"512", d.checkContent("sha-512=:" + b512 + ":"), 0, ""},
		{"both", d.checkContent("sha-512=:" + b512 + ":, sha-256=:" + b256 + ":"), 0, ""},
		{"unknown beside", d.checkContent("md5=:AAAA:,sha-256=:" + b256 + ":"), 0, ""},
		{"sum only", sumOnly.checkContent("sha-256=:" + b256 + ":"), 0, ""},
		{"sum only, 512", sumOnly.checkContent("sha-512=:" + b512 + ":"), Invalid, "send sha-256"},
		{"512 wrong", d.checkContent("sha-512=:" + b512[:80] + "AAAAAA==:, sha-256=:" + b256 + ":"), Invalid, "SHA-512"},
		{"256 wrong", NewDigest(nil).checkContent("sha-256=:" + b256 + ":"), Invalid, "SHA-256"},
		{"short", d.checkContent("sha-256=:AAAA:"), Invalid, "SHA-256"},
		{"long", d.checkContent("sha-256=:" + b512 + ":"), Invalid, "too long"},
		{"twice", d.checkContent("sha-256=:" + b256 + ":,sha-256=:" + b256 + ":"), Malformed, "twice"},
		{"neither", d.checkContent("md5=:AAAA:"), Invalid, "neither"},
		{"no colons", d.checkContent("sha-256=" + b256), Malformed, "list"},
		{"no base64", d.checkContent("sha-256=:&:"), Malformed, "base64"},
		{"empty", d.checkContent(""), Malformed, "list"},
		{"old", d.checkDigest("SHA-256=" + b256), 0, ""},
		{"old, lower case", d.checkDigest("sha-256=" + b256), 0, ""},
		{"old, more", d.checkDigest("MD5=x==, SHA-256=" + b256), 0, ""},
		{"old, twice", d.checkDigest("SHA-256=" + b256 + ",sha-256=" + b256), Malformed, "twice"},
		{"old, 512 only", d.checkDigest("SHA-512=" + b512), Invalid, "no SHA-256"},
		{"old, wrong", NewDigest(nil).checkDigest("SHA-256=" + b256), Invalid, "does not match"},
		{"old, empty", d.checkDigest(""), Malformed, "list"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.kind != 0 {
				want(t, c.err, c.kind, c.inErr)
			} else if c.err != nil {
				t.Fatal(c.err)
			}
		})
	}
}

func TestCovered(t *testing.T) {
	signer, _ := NewSigner(keyID, testKeys()[keys.RSA])
	req := outgoing(t, "GET", "https://a.example/")
	if err := signer.Sign(req, Cavage, nil, now); err != nil {
		t.Fatal(err)
	}
	sig, err := Parse(received(req))
	if err != nil || !slices.Equal(sig.Covered, []string{"(request-target)", "host", "date"}) || !sig.Covers("host") || sig.Covers("digest") {
		t.Fatal(sig, err)
	}
}
