package httpsig

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"engawa/internal/keys"
)

// fresh builds a request signed by RFC 9421, written a second time for the tests.
type fresh struct {
	method, host, uri string
	covered           string // names with spaces between; default @method @target-uri content-digest
	params            string // after the list; default created and keyid
	sentParams        string // as sent, if written otherwise than signed
	key               keys.Kind
	scheme            string
	header            map[string]string
}

const goodParams = `;created=1790000000;keyid="` + keyID + `"`

func (f fresh) request(t testing.TB) *http.Request {
	t.Helper()
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&f.method, "POST")
	def(&f.host, "a.example")
	def(&f.uri, "/inbox")
	def(&f.covered, "@method @target-uri content-digest")
	def(&f.params, goodParams)
	def(&f.scheme, "https")
	if f.key == "" {
		f.key = keys.RSA
	}
	r := httptest.NewRequest(f.method, f.uri, nil)
	r.Host = f.host
	sum := sha256.Sum256(body)
	r.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	for k, v := range f.header {
		r.Header.Set(k, v)
	}
	path, query, _ := strings.Cut(f.uri, "?")
	var base, list strings.Builder
	for i, name := range strings.Fields(f.covered) {
		v, ok := map[string]string{
			"@method": f.method, "@target-uri": f.scheme + "://" + f.host + f.uri, "@authority": f.host,
			"@scheme": f.scheme, "@path": path, "@query": "?" + query, "@request-target": f.uri, "host": f.host,
		}[name]
		if !ok {
			v = r.Header.Get(name)
		}
		fmt.Fprintf(&base, "%q: %s\n", name, v)
		if i > 0 {
			list.WriteByte(' ')
		}
		fmt.Fprintf(&list, "%q", name)
	}
	fmt.Fprintf(&base, `"@signature-params": (%s)%s`, list.String(), f.params)
	sig, err := testKeys()[f.key].Sign([]byte(base.String()))
	if err != nil {
		t.Fatal(err)
	}
	sent := "(" + list.String() + ")" + f.params
	if f.sentParams != "" {
		sent = f.sentParams
	}
	r.Header.Set("Signature-Input", "sig1="+sent)
	r.Header.Set("Signature", "sig1=:"+base64.StdEncoding.EncodeToString(sig)+":")
	return r
}

const kid = `;keyid="` + keyID + `"`

func digest512() map[string]string {
	sum := sha512.Sum512(body)
	return map[string]string{"Content-Digest": "sha-512=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"}
}

var rfc9421Cases = []struct {
	name  string
	fresh fresh
	kind  Kind
	text  string
}{
	{"no algorithm", fresh{}, 0, ""},
	{"no algorithm, Ed25519", fresh{key: keys.Ed25519}, 0, ""},
	{"rsa-v1_5-sha256", fresh{params: goodParams + `;alg="rsa-v1_5-sha256"`}, 0, ""},
	{"ed25519", fresh{params: goodParams + `;alg="ed25519"`, key: keys.Ed25519}, 0, ""},
	{"as Fedify", fresh{covered: "@method @target-uri @authority host date content-digest", params: `;alg="rsa-v1_5-sha256"` + kid + ";created=1790000000"}, 0, ""},
	{"all derived", fresh{method: "GET", uri: "/o?page=true", covered: "@method @target-uri @authority @scheme @request-target @path @query"}, 0, ""},
	{"no query", fresh{method: "GET", covered: "@query @path @method @target-uri"}, 0, ""},
	{"GET", fresh{method: "GET", covered: "@method @target-uri"}, 0, ""},
	{"plain http behind the proxy", fresh{scheme: "https"}, 0, ""},
	{"sha-512", fresh{header: digest512()}, 0, ""},
	{"nonce, tag, others", fresh{params: goodParams + `;nonce="a\"b\\";tag="x";flag;no=?0;n=-5;t=tok/en:1;b=:AAAA:`}, 0, ""},
	{"written otherwise", fresh{sentParams: `(  "@method" "@target-uri"   "content-digest"  ); created=1790000000;  keyid="` + keyID + `" `}, 0, ""},
	{"flag written out", fresh{params: goodParams + ";flag", sentParams: `("@method" "@target-uri" "content-digest")` + goodParams + ";flag=?1"}, 0, ""},
	{"expires", fresh{params: goodParams + ";expires=1790000001"}, 0, ""},

	{"no created", fresh{params: kid}, Invalid, "must have created"},
	{"no keyid", fresh{params: ";created=1790000000"}, Invalid, "must have keyid"},
	{"no @method", fresh{covered: "@target-uri content-digest"}, Invalid, "cover @method"},
	{"no @target-uri", fresh{covered: "@method @path content-digest"}, Invalid, "cover @target-uri"},
	{"no content-digest", fresh{covered: "@method @target-uri"}, Invalid, "cover content-digest"},
	{"unknown algorithm", fresh{params: goodParams + `;alg="hmac-sha256"`}, Invalid, "not known here"},
	{"wrong kind of key", fresh{params: goodParams + `;alg="ed25519"`}, Invalid, "is a key for rsa"},
	{"wrong kind of key 2", fresh{params: goodParams + `;alg="rsa-v1_5-sha256"`, key: keys.Ed25519}, Invalid, "is a key for ed25519"},
	{"expired", fresh{params: `;created=1789990000;expires=1789990001` + kid}, Invalid, "held until"},
	{"old", fresh{params: `;created=1789990000` + kid}, Invalid, "held until"},
	{"future", fresh{params: `;created=1790010000` + kid}, Invalid, "in the future"},
	{"another host", fresh{host: "c.example"}, Invalid, "not served here"},
	{"another scheme", fresh{scheme: "http"}, Invalid, "does not match the request"},
	{"another body", fresh{header: map[string]string{"Content-Digest": "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:"}}, Invalid, "body does not match"},
	{"absent header", fresh{covered: "@method @target-uri content-digest x-nothing"}, Invalid, "no such header"},
	{"component of answers", fresh{covered: "@method @target-uri content-digest @status"}, Invalid, "not known"},
	{"upper case", fresh{covered: "@method @target-uri content-digest Date"}, Invalid, "not known"},
	{"twice", fresh{covered: "@method @target-uri content-digest @method"}, Malformed, "twice"},
	{"created twice", fresh{params: goodParams + ";created=1790000000"}, Malformed, "there twice"},
	{"changed on the way", fresh{sentParams: `("@method" "@target-uri" "content-digest");created=1790000001;keyid="` + keyID + `"`}, Invalid, "does not match the request"},
	{"parameter of a component", fresh{sentParams: `("@method";req "@target-uri")` + goodParams}, Invalid, "parameters of components"},
	{"no space between", fresh{sentParams: `("@method""@target-uri")` + goodParams}, Malformed, "space or )"},
	{"second signature", fresh{sentParams: `("@method" "@target-uri" "content-digest")` + goodParams + `, sig2=()`}, Malformed, "exactly one"},
	{"text behind", fresh{sentParams: `("@method" "@target-uri" "content-digest")` + goodParams + ` x`}, Malformed, "unexpected"},
	{"no list", fresh{sentParams: `"@method"` + goodParams}, Malformed, "is like"},
	{"list not closed", fresh{sentParams: `("@method" `}, Malformed, "names in quotes"},
	{"tokens in the list", fresh{sentParams: `(method)` + goodParams}, Malformed, "names in quotes"},
	{"created is text", fresh{params: `;created="1790000000"` + kid}, Malformed, "wrong type"},
	{"created is negative", fresh{params: `;created=-1` + kid}, Malformed, "whole seconds"},
	{"created is a fraction", fresh{params: `;created=1.5` + kid}, Malformed, "cannot be read"},
	{"leading zero", fresh{params: `;created=01790000000` + kid}, Malformed, "cannot be read"},
	{"keyid is a token", fresh{params: `;created=1790000000;keyid=x`}, Malformed, "wrong type"},
	{"alg without value", fresh{params: goodParams + `;alg`}, Malformed, "wrong type"},
	{"keyid with quotes", fresh{params: `;created=1790000000;keyid="a\"b"`}, Malformed, "key id is"},
	{"parameter without name", fresh{params: goodParams + `;`}, Malformed, "cannot be read"},
	{"many parameters", fresh{params: goodParams + ";a;b;c;d;e;f;g;h;i;j;k;l;m;n;o"}, Malformed, "cannot be read"},
	{"bad item", fresh{params: goodParams + `;x=@`}, Malformed, "cannot be read"},
	{"bad bytes", fresh{params: goodParams + `;x=:AAAA`}, Malformed, "cannot be read"},
	{"bad flag", fresh{params: goodParams + `;x=?2`}, Malformed, "cannot be read"},
}

func TestRFC9421(t *testing.T) {
	for _, c := range rfc9421Cases {
		t.Run(c.name, func(t *testing.T) {
			kind := c.fresh.key
			if kind == "" {
				kind = keys.RSA
			}
			err := verify(c.fresh.request(t), kind, NewDigest(body))
			if c.kind != 0 {
				want(t, err, c.kind, c.text)
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestRFC9421SignatureField(t *testing.T) {
	for field, text := range map[string]string{
		``:                         "is like",
		`sig1`:                     "is like",
		`sig1="AAAA"`:              "is like",
		`keyId="a",headers="b"`:    "is like",
		`sig2=:AAAA:`:              "has the label",
		`sig1=:AAAA`:               "ends within",
		`sig1=::`:                  "base64",
		`sig1=:A:`:                 "base64",
		`sig1=:AAAA:, sig2=:AAAA:`: "exactly one",
		`sig1=:AAAA:;x`:            "unexpected",
		`sig1=:` + strings.Repeat("AAAA", 400) + `:`: "base64",
	} {
		r := fresh{}.request(t)
		r.Header["Signature"] = []string{field}
		_, err := Parse(r)
		want(t, err, Malformed, text)
	}
}

// The example of RFC 9421, B.2.6, in as far as our demands allow: the signature base of its covered
// components is made and signed by its Ed25519 key. It covers no @target-uri, so Parse refuses it.
func TestRFC9421Example(t *testing.T) {
	pub, err := keys.ParsePublicPEM("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----\n")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/foo?param=Value&Pet=dog", nil)
	r.Host = "example.com"
	r.ContentLength = 18
	r.Header.Set("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
	r.Header.Set("Content-Type", "application/json")
	const input = `sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`
	const field = `sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:`
	s := &Signature{request: r, Scheme: RFC9421}
	if err := s.parse9421(input, field); err != nil {
		t.Fatal(err)
	}
	if err := pub.Verify(s.append9421(nil, origin{"https", "example.com"}), s.value); err != nil {
		t.Fatalf("%v\n%s", err, s.append9421(nil, origin{"https", "example.com"}))
	}
	want(t, s.require9421(), Invalid, "cover @target-uri")
	if !s.Created.Equal(time.Unix(1618884473, 0)) {
		t.Error(s.Created)
	}
}
