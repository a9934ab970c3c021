// Package fetch is the one way out: every request to an address that anybody
// outside named goes through [Client]. It reaches the public internet only
// (the address really dialled is checked, at every hop), over https, within
// deadlines, caps and budgets, and its errors tell what to do next.
//
// Proxies from the environment are not used: behind one, the address that is
// dialled says nothing about where a request goes.
package fetch

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"engawa/internal/clock"
)

// MaxRedirects is how many redirects are followed.
const MaxRedirects = 3

// Config is what a Client is made of. The zero value is a client for the
// public internet; zero durations and numbers stand for the defaults named.
type Config struct {
	AllowNetworks  []netip.Prefix    // private networks that may be reached (setting allow_networks)
	ExtraRoots     []byte            // PEM of further certificate authorities
	ExtraRootsFile string            // path of the same (setting extra_roots)
	Hosts          map[string]string // name or name:port → ip:port, in whatever network (setting hosts); certificates are still checked for the name
	AllowHTTP      bool              // http as well as https (setting allow_http)
	UserAgent      string            // default "Engawa"

	ConnectTimeout time.Duration // look-up and connection; default 5 s
	TLSTimeout     time.Duration // TLS handshake; default 5 s
	HeaderTimeout  time.Duration // from the request's last byte to the answer's header; default 10 s
	Timeout        time.Duration // the whole request with redirects and body; default 20 s
	MaxBytes       int64         // of a body after inflating; default 1 MiB

	MaxConnsPerHost int           // default 8
	MaxIdleConns    int           // kept open over all hosts; default 1024, two a host: a post to a thousand hosts and its answers dial each once
	IdleTimeout     time.Duration // default 30 s

	Resolver Resolver    // default: the machine's, names with dots taken as absolute
	Clock    clock.Clock // default clock.System; deadlines always follow package time
}

func (c Config) withDefaults() Config {
	c.UserAgent = or(c.UserAgent, "Engawa")
	c.ConnectTimeout = or(c.ConnectTimeout, 5*time.Second)
	c.TLSTimeout = or(c.TLSTimeout, 5*time.Second)
	c.HeaderTimeout = or(c.HeaderTimeout, 10*time.Second)
	c.Timeout = or(c.Timeout, 20*time.Second)
	c.MaxBytes = or(c.MaxBytes, 1<<20)
	c.MaxConnsPerHost = or(c.MaxConnsPerHost, 8)
	c.MaxIdleConns = or(c.MaxIdleConns, 1024)
	c.IdleTimeout = or(c.IdleTimeout, 30*time.Second)
	if c.Resolver == nil {
		c.Resolver = absolute{net.DefaultResolver}
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	return c
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Client sends requests. It is safe for concurrent use; make one and share it,
// for it holds the idle connections.
type Client struct {
	cfg       Config
	dialer    *dialer
	transport *http.Transport
	send      http.RoundTripper // transport
	uplink    *uplink
}

// New makes a client, and fails where the configuration makes no sense.
func New(cfg Config) (*Client, error) {
	cfg = cfg.withDefaults()
	d, err := newDialer(&cfg)
	if err != nil {
		return nil, err
	}
	roots, err := rootsOf(&cfg)
	if err != nil {
		return nil, err
	}
	t := newTransport(&cfg, d, roots)
	return &Client{cfg: cfg, dialer: d, transport: t, send: t, uplink: newUplink()}, nil
}

// Close closes the connections that are idle. Requests under way go on.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// UplinkSuspected tells whether it looks like our own connection is down (see
// [Error.Uplink]). Any answer from another host ends the suspicion.
func (c *Client) UplinkSuspected() bool { return c.uplink.suspected() }

func newTransport(cfg *Config, d *dialer, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext:         d.dial,
		TLSHandshakeTimeout: cfg.TLSTimeout,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            roots,
			ClientSessionCache: tls.NewLRUClientSessionCache(1024),
		},
		DisableCompression:     true, // inflated here, where the ratio is watched
		ForceAttemptHTTP2:      true,
		ResponseHeaderTimeout:  cfg.HeaderTimeout,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxConnsPerHost:        cfg.MaxConnsPerHost,
		MaxIdleConns:           cfg.MaxIdleConns,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        cfg.IdleTimeout,
		ReadBufferSize:         2 << 10,
		WriteBufferSize:        4 << 10, // a delivery in one write
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: 1 << 20,
			MaxReceiveBufferPerStream:     256 << 10,
			SendPingTimeout:               15 * time.Second,
			PingTimeout:                   5 * time.Second,
		},
	}
}

// rootsOf is nil, which means the machine's, where nothing is added to them.
func rootsOf(cfg *Config) (*x509.CertPool, error) {
	if len(cfg.ExtraRoots) == 0 && cfg.ExtraRootsFile == "" {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without any: only the extra ones count
	}
	if len(cfg.ExtraRoots) > 0 && !pool.AppendCertsFromPEM(cfg.ExtraRoots) {
		return nil, fmt.Errorf("fetch: the extra roots hold no certificate; PEM blocks of type CERTIFICATE are wanted")
	}
	if cfg.ExtraRootsFile == "" {
		return pool, nil
	}
	data, err := os.ReadFile(cfg.ExtraRootsFile)
	if err != nil {
		return nil, fmt.Errorf("fetch: extra_roots: %w", err)
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("fetch: extra_roots: %s holds no certificate; PEM blocks of type CERTIFICATE are wanted", cfg.ExtraRootsFile)
	}
	return pool, nil
}
