package mastodon

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzParams reads bodies of every kind and asks for every kind of value of
// what came: nothing panics, and what is refused is refused as the person's fault.
func FuzzParams(f *testing.F) {
	for _, seed := range [...][3]string{
		{"application/json", "a=1", `{"status":"x","media_ids[]":["1"],"poll":{"options":["a","b"]}}`},
		{"application/x-www-form-urlencoded", "", "a[b][]=1&a[b][]=2&c[0][d]=e&c[1][d]=f&g[][h]=1&g[][h]=2"},
		{"multipart/form-data; boundary=x", "", "--x\r\nContent-Disposition: form-data; name=\"a[0][b]\"; filename=\"f\"\r\n\r\ndata\r\n--x--\r\n"},
		{"application/x-www-form-urlencoded", "a[]=1&a=2", "a[b]=1&a[][]=2&[=1&a[=1&]=2&a[]]=3&a[][b][c]=d"},
		{"", "limit=-1&max_id=x", "focus=1,2"},
		{"application/activity+json", "", `{"a":[[[[[[[[[[1]]]]]]]]]]}`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, kind, query, body string) {
		r, err := http.NewRequest(http.MethodDelete, "https://home.example/", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		p, err := readParams(w, r)
		if err != nil {
			fail(w, r, err)
			if w.Code >= 500 {
				t.Fatalf("%v is answered with %d", err, w.Code)
			}
			return
		}
		useParams(t, p, 0)
	})
}

func useParams(t *testing.T, p Params, depth int) {
	if depth > 4*maxNested {
		t.Fatal("nested without end")
	}
	for name := range p {
		if strings.ContainsRune(p.text(name), 0) {
			t.Fatalf("%q has a NUL", name)
		}
		_, _, _, _ = p.flag(name, true), p.optional(name), p.texts(name), p.ids(name)
		_, _ = p.number(name, 1)
		_, _ = p.numbers(name)
		_, _ = p.id(name)
		_, _, _ = p.upload(name)
		_, _ = parseFocus(p.text(name))
		useParams(t, p.group(name), depth+1)
		for _, v := range p.list(name) {
			if nested, ok := v.(Params); ok {
				useParams(t, nested, depth+1)
			}
		}
	}
	_, _ = p.page(20)
	_, _ = p.mediaDetail()
	s := &saying{}
	_ = s.readPoll(p)
	_ = s.readRefs(p)
}
