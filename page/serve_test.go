package page

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"engawa/internal/locale"
)

func TestServeHeaders(t *testing.T) {
	p := samplePages(t)
	w := httptest.NewRecorder()
	p.Serve(w, Answer{Lang: locale.Japanese, Status: http.StatusNotFound, Redirect: "ivory://cb"}, func(w io.Writer) error {
		return p.Error(w, locale.Japanese, ErrorView{Status: http.StatusNotFound})
	})
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
	const policy = "default-src 'none'; style-src 'self'; img-src 'self' https://objects.example; media-src 'self' https://objects.example; form-action 'self' ivory:; base-uri 'none'; frame-ancestors 'none'"
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Language": "ja", "Cache-Control": "no-store",
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestServeNeverSendsHalfAPage(t *testing.T) {
	p := samplePages(t)
	broken := errors.New("the store went away")
	var told error
	w := httptest.NewRecorder()
	p.Serve(w, Answer{Lang: locale.English, Public: true, Failed: func(err error) { told = err }}, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half a page")
		return broken
	})
	body := w.Body.String()
	if w.Code != http.StatusInternalServerError || strings.Contains(body, "half a page") || !strings.Contains(body, locale.T(locale.English, "error.500.title")) {
		t.Errorf("got %d: %.200s", w.Code, body)
	}
	if told != broken || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("told %v, Cache-Control %q", told, w.Header().Get("Cache-Control"))
	}
}

func TestAssets(t *testing.T) {
	p := samplePages(t)
	for path, want := range map[string]int{p.style.path: 200, p.icon.path: 200, "/page/style-000000000000.css": 404, "/page/": 404} {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if want == 200 && !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s may not be kept", path)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"no home":    {},
		"bad accent": {Home: sampleHome, Accent: "brown"},
		"bad origin": {Home: sampleHome, Origins: []string{"objects.example; script-src *"}},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestErrorsOfEveryStatusHaveWords(t *testing.T) {
	p := samplePages(t)
	for status := 400; status < 600; status++ {
		var b strings.Builder
		if err := p.Error(&b, locale.Japanese, ErrorView{Status: status}); err != nil || strings.Contains(b.String(), "error.") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func BenchmarkThread(b *testing.B) {
	p, v := samplePages(b), sampleThread()
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Thread(io.Discard, locale.Japanese, v); err != nil {
			b.Fatal(err)
		}
	}
}
