package httpsig

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"engawa/internal/keys"
)

// old builds a request signed by draft-cavage, written a second time for the tests.
type old struct {
	method, host, uri string // POST a.example /inbox
	covered           string // default: (request-target) host date digest
	params            string // before headers=, e.g. algorithm="hs2019",
	target            string // signed (request-target), default: uri
	created, expires  string
	key               keys.Kind
	header            map[string]string // further headers
}

func (o old) request(t testing.TB) *http.Request {
	t.Helper()
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&o.method, "POST")
	def(&o.host, "a.example")
	def(&o.uri, "/inbox")
	def(&o.covered, "(request-target) host date digest")
	def(&o.target, o.uri)
	if o.key == "" {
		o.key = keys.RSA
	}
	r := httptest.NewRequest(o.method, o.uri, nil)
	r.Host = o.host
	sum := sha256.Sum256(body)
	r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	r.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	for k, v := range o.header {
		r.Header.Set(k, v)
	}
	var lines []string
	for _, name := range strings.Split(o.covered, " ") {
		v := r.Header.Get(name)
		switch name {
		case "(request-target)":
			v = strings.ToLower(o.method) + " " + o.target
		case "(created)":
			v = o.created
		case "(expires)":
			v = o.expires
		case "host":
			v = o.host
		}
		lines = append(lines, name+": "+v)
	}
	sig, err := testKeys()[o.key].Sign([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Signature", `keyId="`+keyID+`",`+o.params+`headers="`+o.covered+`",signature="`+base64.StdEncoding.EncodeToString(sig)+`"`)
	return r
}

// verify runs both steps.
func verify(r *http.Request, kind keys.Kind, d *Digest) error {
	sig, err := Parse(r)
	if err != nil {
		return err
	}
	ours, err := NewOrigins("https://a.example", "https://alt.example")
	if err != nil {
		return err
	}
	return sig.Verify(testKeys()[kind].Public(), d, now, ours)
}

const hs = `algorithm="hs2019",`

func dated(d time.Duration) map[string]string {
	return map[string]string{"Date": now.Add(d).UTC().Format(http.TimeFormat)}
}

var cavageCases = []struct {
	name string
	old  old
	kind Kind // 0: accepted
	text string
}{
	{"no algorithm", old{}, 0, ""},
	{"rsa-sha256", old{params: `algorithm="rsa-sha256",`}, 0, ""},
	{"hs2019 with RSA", old{params: hs}, 0, ""},
	{"hs2019 with Ed25519", old{params: hs, key: keys.Ed25519}, 0, ""},
	{"no algorithm with Ed25519", old{key: keys.Ed25519}, 0, ""},
	{"another of our hosts", old{host: "alt.example"}, 0, ""},
	{"default port", old{host: "a.example:443"}, 0, ""},
	{"other headers", old{covered: "(request-target) host date digest accept", header: map[string]string{"Accept": "*/*"}}, 0, ""},
	{"no (request-target), POST", old{covered: "host date digest"}, 0, ""},
	{"no host, POST", old{covered: "(request-target) date digest"}, 0, ""},
	{"GET", old{method: "GET", covered: "(request-target) host date"}, 0, ""},
	{"GET with digest", old{method: "GET", covered: "host date digest"}, 0, ""},
	{"query signed", old{method: "GET", uri: "/o?page=true", covered: "(request-target) host date"}, 0, ""},
	{"query not signed", old{method: "GET", uri: "/o?page=true", target: "/o", covered: "(request-target) host date"}, 0, ""},
	{"unknown parameter", old{params: `opaque="x",`}, 0, ""},
	{"created", old{params: hs + "created=1790000000,", created: "1790000000", covered: "(request-target) (created) host digest"}, 0, ""},
	{"created in quotes, expires", old{params: hs + `created="1790000000",expires=1790000060,`, created: "1790000000", expires: "1790000060", covered: "(request-target) (created) (expires) host digest"}, 0, ""},
	{"created not covered counts not", old{params: hs + "created=1,"}, 0, ""},
	{"expires not covered counts not", old{params: hs + "expires=1,"}, 0, ""},
	{"Date at the edge", old{header: dated(-65 * time.Minute)}, 0, ""},

	{"no date", old{covered: "(request-target) host digest"}, Invalid, "must cover date"},
	{"no digest, POST", old{covered: "(request-target) host date"}, Invalid, "must cover digest"},
	{"no host, GET", old{method: "GET", covered: "(request-target) date"}, Invalid, "must cover host"},
	{"neither target nor digest", old{method: "GET", covered: "host date"}, Invalid, "digest or (request-target)"},
	{"created without hs2019", old{params: "created=1790000000,", created: "1790000000", covered: "(request-target) (created) host digest"}, Invalid, "hs2019 only"},
	{"expires without hs2019", old{params: `algorithm="rsa-sha256",expires=1790000000,`, expires: "1790000000", covered: "(request-target) date (expires) host digest"}, Invalid, "hs2019 only"},
	{"created covered but absent", old{params: hs, covered: "(request-target) (created) host digest"}, Malformed, "is not there"},
	{"created is no number", old{params: hs + `created="soon",`, created: "soon", covered: "(request-target) (created) host digest"}, Malformed, "whole seconds"},
	{"expired", old{params: hs + `created=1789990000,expires=1789990001,`, created: "1789990000", expires: "1789990001", covered: "(request-target) (created) (expires) host digest"}, Invalid, "held until"},
	{"Date too old", old{header: dated(-66 * time.Minute)}, Invalid, "held until"},
	{"Date in the future", old{header: dated(61 * time.Minute)}, Invalid, "in the future"},
	{"Date is no date", old{header: map[string]string{"Date": "today"}}, Malformed, "Date header"},
	{"host of others", old{host: "c.example"}, Invalid, "not served here"},
	{"no host at all", old{host: " "}, Invalid, "not served here"},
	{"other target", old{target: "/users/a/inbox"}, Invalid, "does not match"},
	{"other path with our query", old{uri: "/o?page=true", target: "/p"}, Invalid, "does not match"},
	{"digest of another body", old{header: map[string]string{"Digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}}, Invalid, "body does not match"},
	{"SHA-512 digest", old{header: map[string]string{"Digest": "SHA-512=AAAA"}}, Invalid, "no SHA-256"},
	{"absent header covered", old{covered: "(request-target) host date digest x-nothing"}, Invalid, "no such header"},
	{"unknown pseudo header", old{covered: "(request-target) host date digest (response)"}, Malformed, "not a header"},
	{"twice", old{covered: "(request-target) host date digest host"}, Malformed, "twice"},
	{"two spaces", old{covered: "(request-target) host date digest  accept"}, Malformed, "one space"},
	{"trailing space", old{covered: "(request-target) host date digest "}, Malformed, "one space"},
	{"unknown algorithm", old{params: `algorithm="rsa-sha512",`}, Invalid, "not known here"},
	{"hmac", old{params: `algorithm="hmac-sha256",`}, Invalid, "not known here"},
	{"Ed25519 key as rsa-sha256", old{params: `algorithm="rsa-sha256",`, key: keys.Ed25519}, Invalid, "is a key for ed25519"},
	{"two algorithms", old{params: hs + hs}, Malformed, "algorithm twice"},
	{"two key ids", old{params: `keyId="x",`}, Malformed, "keyId twice"},
}

func TestCavage(t *testing.T) {
	for _, c := range cavageCases {
		t.Run(c.name, func(t *testing.T) {
			kind := c.old.key
			if kind == "" {
				kind = keys.RSA
			}
			d := NewDigest(body)
			err := verify(c.old.request(t), kind, d)
			if c.kind != 0 {
				want(t, err, c.kind, c.text)
			} else if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestCavageSyntax(t *testing.T) {
	const rest = `headers="(request-target) host date digest",signature="AAAA"`
	for header, c := range map[string]struct {
		kind Kind
		text string
	}{
		`Signature keyId="a", algorithm=hs2019 ,` + rest: {},
		`keyId="acct:a@b.example",` + rest:               {},
		``:                                               {Malformed, "list of name"},
		`keyId`:                                          {Malformed, "list of name"},
		`keyId=`:                                         {Malformed, "cannot be read"},
		`keyId="a`:                                       {Malformed, "cannot be read"},
		`keyId="a\n",` + rest:                            {Malformed, "cannot be read"},
		`keyId="a" ` + rest:                              {Malformed, "comma"},
		`keyId="a",`:                                     {Malformed, "list of name"},
		`keyId="a",` + rest + `,`:                        {Malformed, "list of name"},
		`keyId="",` + rest:                               {Malformed, "key id has"},
		`keyId="a b",` + rest:                            {Malformed, "key id is"},
		rest:                                             {Malformed, "no keyId"},
		`keyId="a",headers="date"`:                       {Malformed, "no signature"},
		`keyId="a",signature="AAAA"`:                     {Invalid, "no headers"},
		`keyId="a",headers="",signature="AAAA"`:          {Malformed, "is empty"},
		`keyId="a",headers="date",signature="A"`:         {Malformed, "base64"},
		`keyId="a",headers="date",signature=""`:          {Malformed, "base64"},
		`keyId="a",headers="date",signature="AAAA AAAA"`:                                   {Malformed, "base64"},
		`keyId="a",` + strings.Repeat(`x=y,`, 20) + rest:                                   {Malformed, "cannot be read"},
		`keyId="` + strings.Repeat("a", maxHeader) + `",` + rest:                           {Malformed, "at most"},
		`keyId="a",signature="` + strings.Repeat("AAAA", 400) + `",headers="date"`:         {Malformed, "base64"},
		`keyId="a",signature="AAAA",headers="` + strings.Repeat("a b c d e f g ", 6) + `"`: {Malformed, "twice"},
		`keyId="a",signature="AAAA",headers="` + manyNames() + `"`:                         {Malformed, "at most 32"},
	} {
		r := old{}.request(t)
		r.Header["Signature"] = []string{header}
		_, err := Parse(r)
		if c.kind == 0 && err == nil {
			continue
		}
		t.Run(header[:min(len(header), 40)], func(t *testing.T) { want(t, err, c.kind, c.text) })
	}
}

func manyNames() string {
	var names []string
	for i := range 40 {
		names = append(names, "x-"+string(rune('a'+i%26))+string(rune('a'+i/26)))
	}
	return strings.Join(names, " ")
}

func TestHeaderCounts(t *testing.T) {
	for name, c := range map[string]struct {
		edit func(h http.Header)
		kind Kind
		text string
	}{
		"none":                {func(h http.Header) { h.Del("Signature") }, Missing, "not signed"},
		"two signatures":      {func(h http.Header) { h.Add("Signature", h.Get("Signature")) }, Malformed, "exactly one"},
		"input alone":         {func(h http.Header) { h.Del("Signature"); h.Set("Signature-Input", "a") }, Malformed, "exactly one"},
		"two inputs":          {func(h http.Header) { h["Signature-Input"] = []string{"a", "b"} }, Malformed, "one Signature-Input"},
		"two dates":           {func(h http.Header) { h.Add("Date", h.Get("Date")) }, Malformed, "one Date"},
		"two digests":         {func(h http.Header) { h.Add("Digest", h.Get("Digest")) }, Malformed, "SHA-256 twice"},
		"no date header":      {func(h http.Header) { h.Del("Date") }, Malformed, "one Date"},
		"no digest header":    {func(h http.Header) { h.Del("Digest") }, Invalid, "no such header"},
		"Date after the fact": {func(h http.Header) { h.Set("Date", now.Add(time.Second).UTC().Format(http.TimeFormat)) }, Invalid, "does not match the request"},
	} {
		t.Run(name, func(t *testing.T) {
			r := old{}.request(t)
			c.edit(r.Header)
			want(t, verify(r, keys.RSA, NewDigest(body)), c.kind, c.text)
		})
	}
}

// A request without a body may be verified without a digest.
func TestNoBody(t *testing.T) {
	r := old{header: map[string]string{"Digest": "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}}.request(t)
	if err := verify(r, keys.RSA, nil); err != nil {
		t.Fatal(err)
	}
	want(t, verify(old{}.request(t), keys.RSA, nil), Invalid, "body does not match")
}
