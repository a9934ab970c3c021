package server

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"

	"engawa/internal/locale"
	"engawa/page"
)

// policy is the Content-Security-Policy of whatever sets none of its own: JSON,
// redirects, plain texts. None of it is a page.
const policy = "default-src 'none'; frame-ancestors 'none'"

// secureHeaders are those of every answer; pages, files and the web client set
// a policy of their own.
func secureHeaders(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Content-Security-Policy", policy)
}

// guarded gives every answer its headers, and answers for a handler that
// panicked: one request fails, and the operator reads why. What has begun is
// cut off, so that no half is taken for the whole.
func guarded(log *slog.Logger, pages *page.Pages, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &begun{ResponseWriter: w}
		secureHeaders(w.Header())
		defer func() {
			p := recover()
			switch {
			case p == nil:
				return
			case p == http.ErrAbortHandler:
				panic(p)
			}
			log.Error("a handler panicked", "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
			if a.yes {
				panic(http.ErrAbortHandler)
			}
			clear(w.Header())
			secureHeaders(w.Header())
			failed(pages, w, r)
		}()
		next.ServeHTTP(a, r)
	})
}

// failed answers 500: as a page where one is asked for, as JSON otherwise.
func failed(pages *page.Pages, w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/") {
		lang := locale.Choose("", "", r.Header.Get("Accept-Language"), locale.English)
		view := page.ErrorView{Status: http.StatusInternalServerError}
		pages.Serve(w, page.Answer{Status: view.Status, Lang: lang}, func(w io.Writer) error { return pages.Error(w, lang, view) })
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write([]byte(`{"error":"We're sorry, but something went wrong on our end."}`))
}

// begun notes whether an answer has begun.
type begun struct {
	http.ResponseWriter
	yes bool
}

// WriteHeader implements http.ResponseWriter; what only informs is no beginning.
func (b *begun) WriteHeader(status int) {
	b.yes = b.yes || status >= http.StatusOK || status == http.StatusSwitchingProtocols
	b.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}

// ReadFrom lets files go out without being copied.
func (b *begun) ReadFrom(r io.Reader) (int64, error) {
	b.yes = true
	return io.Copy(b.ResponseWriter, r)
}

// Hijack is for WebSockets.
func (b *begun) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	b.yes = true
	return http.NewResponseController(b.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }
