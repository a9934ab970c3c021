package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// listener is one address that is served.
type listener struct {
	http *http.Server
	net  net.Listener
}

func (l *listener) serve() error { return l.http.Serve(l.net) }

// listen opens the addresses of the settings.
func (s *Server) listen() ([]*listener, error) {
	handler, err := s.Handler()
	if err != nil {
		return nil, err
	}
	main, err := s.open(s.Config.Listen, handler)
	if err != nil {
		return nil, err
	}
	if err := s.secure(main); err != nil {
		return nil, errors.Join(err, main.net.Close())
	}
	all := []*listener{main}
	if !s.Config.AdminListen.Off() {
		admin, err := s.open(s.Config.AdminListen, s.adminHandler())
		if err != nil {
			return nil, errors.Join(err, main.net.Close())
		}
		all = append(all, admin)
	}
	s.Log.Info("serving", "domain", s.Config.Domain, "url", s.Config.URL, "listen", main.net.Addr().String())
	return all, nil
}

func (s *Server) open(a Address, h http.Handler) (*listener, error) {
	if info, err := os.Lstat(a.Addr); a.Network == "unix" && err == nil && info.Mode().Type() == os.ModeSocket {
		_ = os.Remove(a.Addr) // left by a run that was killed
	}
	ln, err := net.Listen(a.Network, a.Addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another with --listen or ENGAWA_LISTEN", a, err)
	}
	srv := &http.Server{
		Addr: a.String(), Handler: h,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		WriteTimeout:   10 * time.Minute, // also for who reads slowly; streams set a deadline a write
		MaxHeaderBytes: 64 << 10,
		ErrorLog:       slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
	return &listener{srv, ln}, nil
}

// secure puts TLS on a listener as the settings say.
func (s *Server) secure(l *listener) error {
	switch s.Config.TLS {
	case "files":
		cert, err := tls.LoadX509KeyPair(s.Config.TLSCert, s.Config.TLSKey)
		if err != nil {
			return fmt.Errorf("the TLS certificate cannot be used: %w; check tls_cert and tls_key", err)
		}
		conf := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
		l.net, l.http.TLSConfig = tls.NewListener(l.net, conf), conf // the server speaks HTTP/2 when its own settings say so too
	case "acme":
		certmagic.Default.Storage = &certmagic.FileStorage{Path: s.Config.DataPath("tls")}
		certmagic.DefaultACME.Agreed = true
		magic := certmagic.NewDefault()
		names := []string{s.Config.BaseURL().Hostname()}
		if d := s.Config.Domain; d != names[0] {
			names = append(names, d)
		}
		if err := magic.ManageAsync(context.Background(), names); err != nil {
			return fmt.Errorf("certificates cannot be had by ACME: %w", err)
		}
		conf := magic.TLSConfig()
		conf.NextProtos = append([]string{"h2", "http/1.1"}, conf.NextProtos...)
		l.net = tls.NewListener(l.net, conf)
	}
	return nil
}

// adminHandler serves what only the operator sees.
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics(), promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /livez", s.livez)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

func (s *Server) livez(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }

// readyz says whether the database answers.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if _, err := s.store.Homes(ctx); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ok\n"))
}

func streamingURL(c *Config) string {
	if rest, ok := strings.CutPrefix(c.URL, "https://"); ok {
		return "wss://" + rest
	}
	return "ws://" + strings.TrimPrefix(c.URL, "http://")
}
