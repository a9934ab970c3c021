package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"

	"engawa/internal/testca"
)

// TestTLSSpeaksHTTP2: with a certificate from files, to clients of both
// versions; nothing below TLS 1.2.
func TestTLSSpeaksHTTP2(t *testing.T) {
	ca, err := testca.New()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files, err := ca.Write(dir, "home", "home.example")
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := LoadConfig(Sources{Environ: []string{
		"ENGAWA_DOMAIN=home.example", "ENGAWA_DATA=" + filepath.Join(dir, "data"), "ENGAWA_LISTEN=127.0.0.1:0",
		"ENGAWA_TLS=files", "ENGAWA_TLS_CERT=" + files.Cert, "ENGAWA_TLS_KEY=" + files.Key,
	}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(context.Background(), cfg, slog.New(slog.DiscardHandler), Build{Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.listen()
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- all[0].serve() }()
	defer func() {
		_ = all[0].http.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	}()
	for _, two := range []bool{true, false} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool(), ServerName: "home.example"}, ForceAttemptHTTP2: two}
		resp, err := (&http.Client{Transport: transport}).Get("https://" + all[0].net.Addr().String() + "/livez")
		if err != nil {
			t.Fatalf("HTTP/2 %t: %v", two, err)
		}
		_ = resp.Body.Close()
		if (resp.ProtoMajor == 2) != two || resp.StatusCode != http.StatusOK {
			t.Errorf("HTTP/2 %t: %s %s", two, resp.Proto, resp.Status)
		}
		transport.CloseIdleConnections()
	}
	old := &tls.Config{RootCAs: ca.Pool(), ServerName: "home.example", MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if c, err := tls.Dial("tcp", all[0].net.Addr().String(), old); err == nil {
		_ = c.Close()
		t.Error("TLS 1.1 is spoken")
	}
}
