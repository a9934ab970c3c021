package media

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHandler(t *testing.T) {
	s := newDisk(t)
	for key, content := range map[string]string{
		"media/aa/pic.jpg": "0123456789", "media/aa/page.html": "<script>", "media/aa/pic.svg": "<svg>", "media/aa/none": "x",
		"archive/aa/secret.jpg": "x", "mediaother/x.jpg": "x", "remote/aa/pic.jpg": "x",
	} {
		if err := s.Put(t.Context(), key, strings.NewReader(content), int64(len(content))); err != nil {
			t.Fatal(err)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("/blob/{key...}", Handler(s))
	r := httptest.NewRequest("GET", "/", nil)
	r.SetPathValue("key", "media/../archive/aa/secret.jpg")
	w := httptest.NewRecorder()
	if Handler(s).ServeHTTP(w, r); w.Code != 404 {
		t.Errorf("traversal past the mux: %d", w.Code)
	}
	for _, c := range []struct {
		name, method, path string
		header             map[string]string
		status             int
		body               string
	}{
		{"whole", "GET", "media/aa/pic.jpg", nil, 200, "0123456789"},
		{"head", "HEAD", "media/aa/pic.jpg", nil, 200, ""},
		{"range", "GET", "media/aa/pic.jpg", map[string]string{"Range": "bytes=2-4"}, 206, "234"},
		{"range beyond", "GET", "media/aa/pic.jpg", map[string]string{"Range": "bytes=99-"}, 416, ""},
		{"unchanged", "GET", "media/aa/pic.jpg", map[string]string{"If-None-Match": `"pic.jpg"`}, 304, ""},
		{"post", "POST", "media/aa/pic.jpg", nil, 405, ""},
		{"missing", "GET", "media/aa/nothing.jpg", nil, 404, ""},
		{"HTML", "GET", "media/aa/page.html", nil, 404, ""},
		{"SVG", "GET", "media/aa/pic.svg", nil, 404, ""},
		{"no extension", "GET", "media/aa/none", nil, 404, ""},
		{"another place", "GET", "archive/aa/secret.jpg", nil, 404, ""},
		{"a place that begins alike", "GET", "mediaother/x.jpg", nil, 404, ""},
		{"the cache's", "GET", "remote/aa/pic.jpg", nil, 404, ""},
		{"no key", "GET", "media/AA/pic.jpg", nil, 404, ""},
		{"folder", "GET", "media/aa", nil, 404, ""},
		{"traversal", "GET", "media/%2e%2e/archive/aa/secret.jpg", nil, 404, ""},
		{"traversal, coded slash", "GET", "media/..%2farchive%2faa%2fsecret.jpg", nil, 404, ""},
	} {
		r := httptest.NewRequest(c.method, "/blob/"+c.path, nil)
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		redirected := c.status == 404 && w.Code >= 300 && w.Code < 400 // the mux cleans a path, then it is asked again
		if w.Code != c.status && !redirected {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.status)
		}
		if c.status == 200 || c.status == 206 {
			if w.Body.String() != c.body {
				t.Errorf("%s: body %q", c.name, w.Body)
			}
			checkHeaders(t, c.name, w.Header())
		} else if strings.Contains(w.Body.String(), "script") || w.Body.String() == "x" {
			t.Errorf("%s: body %q", c.name, w.Body)
		}
	}
}

func checkHeaders(t *testing.T, name string, h http.Header) {
	t.Helper()
	for k, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Cache-Control":           "public, max-age=31536000, immutable", "Accept-Ranges": "bytes",
	} {
		if got := h.Get(k); got != want {
			t.Errorf("%s: %s is %q, want %q", name, k, got, want)
		}
	}
}
