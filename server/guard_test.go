package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"engawa/page"
)

// TestPanicsAreAnswered: a handler that panics costs one request; its answer is
// JSON or a page, and the log says why, without the query.
func TestPanicsAreAnswered(t *testing.T) {
	pages, err := page.New(page.Options{Home: func() page.HomeView {
		return page.HomeView{Name: "Home", Domain: "home.example", URL: "https://home.example"}
	}})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	half := strings.Repeat("half", 5000) // more than is held back before it is sent
	srv := httptest.NewUnstartedServer(guarded(slog.New(slog.NewTextHandler(&log, nil)), pages, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Cache-Control", "public, immutable")
		if r.URL.Path == "/half" {
			_, _ = io.WriteString(w, half)
		}
		panic("deliberate")
	})))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Start()
	defer srv.Close()
	tests := []struct{ path, accept, contentType, text string }{
		{"/api/v1/instance?access_token=verysecret", "", "application/json; charset=utf-8", `{"error":"`},
		{"/api/v1/instance", "text/html", "application/json; charset=utf-8", `{"error":"`},
		{"/@alice", "text/html,*/*", "text/html; charset=utf-8", "<!"},
		{"/inbox", "application/activity+json", "application/json; charset=utf-8", `{"error":"`},
	}
	for _, tt := range tests {
		req, _ := http.NewRequest("GET", srv.URL+tt.path, nil)
		req.Header.Set("Accept", tt.accept)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", tt.path, err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		h := resp.Header
		if resp.StatusCode != 500 || h.Get("Content-Type") != tt.contentType || !strings.HasPrefix(string(body), tt.text) ||
			h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v %.80s", tt.path, resp.StatusCode, h, body)
		}
	}
	if resp, err := http.Get(srv.URL + "/half"); err == nil {
		_, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err == nil {
			t.Error("half an answer looks whole")
		}
	}
	if text := log.String(); strings.Count(text, "deliberate") < 5 || strings.Contains(text, "verysecret") {
		t.Errorf("logged: %.300s", text)
	}
}
