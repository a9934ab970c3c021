package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
)

const (
	// bombStart and bombRatio: from so many bytes on, a body may not be more
	// than so many times as large as what came over the wire. Repetitive JSON
	// stays far below; gzip itself could do 1,030.
	bombStart = 256 << 10
	bombRatio = 200
)

// redirects tells whether the answer sends us elsewhere and we go.
func (x *exchange) redirects(resp *http.Response) bool {
	if x.o.NoRedirects || resp.Header.Get("Location") == "" {
		return false
	}
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		return x.method == http.MethodGet || x.method == http.MethodHead
	case http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// next is where a redirect leads, as far as it may.
func (x *exchange) next(resp *http.Response) (*url.URL, error) {
	location := resp.Header.Get("Location")
	if x.hops >= MaxRedirects {
		return nil, failf(Refused, "more than %d redirects", MaxRedirects)
	}
	if len(location) > maxURL {
		return nil, failf(Refused, "a redirect to a URL of %d bytes; %d are the most", len(location), maxURL)
	}
	u, err := x.url.Parse(location)
	if err != nil {
		return nil, failf(Refused, "redirect: %w", err)
	}
	host, err := x.client.check(u)
	if err != nil {
		return nil, failf(Refused, "redirect: %w", err)
	}
	if x.url.Scheme == "https" && u.Scheme != "https" {
		return nil, failf(Refused, "a redirect from https to %s://%s", u.Scheme, host)
	}
	if x.method != http.MethodGet && x.method != http.MethodHead && u.Scheme+"://"+host != x.origin {
		return nil, failf(Refused, "a redirect of a %s to another origin, %s", x.method, host)
	}
	return u, nil
}

// accept makes the stream of a good answer, and the *Error of a bad one.
func (x *exchange) accept(resp *http.Response) (*stream, *Response, error) {
	out := &Response{Status: resp.StatusCode, URL: x.url, Header: resp.Header, Hops: x.hops}
	good := resp.StatusCode >= 200 && resp.StatusCode <= 299 || resp.StatusCode == http.StatusNotModified
	limit := or(x.o.MaxBytes, x.client.cfg.MaxBytes)
	x.length = resp.ContentLength
	if good && x.o.StatusOnly {
		discard(resp.Body)
		return &stream{exchange: x, wire: counter{ReadCloser: http.NoBody}, limit: limit}, out, nil
	}
	if good && x.length > limit && x.method != http.MethodHead {
		resp.Body.Close()
		return nil, nil, x.fail(failf(TooLarge, "the body has %d bytes; %d are the most", x.length, limit))
	}
	s, err := x.open(resp, limit)
	switch {
	case good && err == nil:
		return s, out, nil
	case good:
		resp.Body.Close()
		return nil, nil, x.fail(err)
	case err == nil:
		out.Body, _ = readAll(io.LimitReader(s, maxErrorBody), x.length)
		s.Close()
	default: // what cannot be read of a refusal does not change that it is one
		resp.Body.Close()
	}
	return nil, out, &Error{
		Kind: BadStatus, Method: x.method, URL: x.url.Redacted(), Host: x.host, Status: resp.StatusCode,
		RetryAfter: retryAfter(resp.Header, x.client.cfg.Clock.Now()),
	}
}

// stream is a body within its cap. Its errors are *Error.
type stream struct {
	exchange *exchange
	cancel   context.CancelFunc
	wire     counter
	gzip     *gzip.Reader // or nil
	budget   *Budget
	limit    int64
	read     int64
}

// counter counts what comes over the wire.
type counter struct {
	io.ReadCloser
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.n += int64(n)
	return n, err
}

var inflaters = sync.Pool{New: func() any { return new(gzip.Reader) }}

func (x *exchange) open(resp *http.Response, limit int64) (*stream, error) {
	s := &stream{exchange: x, wire: counter{ReadCloser: resp.Body}, budget: BudgetOf(x.ctx), limit: limit}
	switch encoding := strings.ToLower(resp.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		if resp.ContentLength == 0 || x.method == http.MethodHead || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified {
			break
		}
		z := inflaters.Get().(*gzip.Reader)
		if err := z.Reset(&s.wire); err != nil {
			inflaters.Put(z)
			return nil, err
		}
		s.gzip = z
		x.length = -1
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
	default:
		return nil, failf(Unreachable, "the body is encoded as %.20q, which nobody asked for", encoding)
	}
	return s, nil
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	// One byte more than allowed tells a body that ends from one that does not.
	if left := s.limit - s.read + 1; int64(len(p)) > left {
		p = p[:max(left, 1)]
	}
	n, err := 0, error(nil)
	if s.gzip != nil {
		n, err = s.gzip.Read(p)
	} else {
		n, err = s.wire.Read(p)
	}
	s.read += int64(n)
	if bad := s.check(n); bad != nil {
		return 0, s.exchange.fail(bad)
	}
	if err != nil && err != io.EOF {
		err = s.exchange.fail(err)
	}
	return n, err
}

func (s *stream) check(n int) error {
	if s.read > s.limit {
		return failf(TooLarge, "the body has more than %d bytes, the most", s.limit)
	}
	if s.gzip != nil && s.read > bombStart && s.read > s.wire.n*bombRatio {
		return failf(TooLarge, "the body inflates to more than %d times its size", bombRatio)
	}
	return s.budget.bytes(n)
}

// Close implements io.Closer.
func (s *stream) Close() error {
	if s.gzip != nil {
		inflaters.Put(s.gzip)
		s.gzip = nil
	}
	err := s.wire.Close()
	if s.cancel != nil {
		s.cancel()
	}
	return err
}

// readAll is io.ReadAll with a guess at the length, -1 for none. It believes
// the guess as far as 128 KiB.
func readAll(r io.Reader, length int64) ([]byte, error) {
	const believed = 128 << 10
	size := int64(512)
	if length >= 0 {
		size = min(length, believed) + 1 // room to see the end
	}
	buf := make([]byte, 0, size)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
	}
}

// blame notes that host failed with err, and tells whether our own
// connection is suspected.
func (c *Client) blame(host string, err error) bool {
	if noRoute(err) {
		c.uplink.silent(host)
		return c.uplink.suspected() || !onlySix(err)
	}
	if d, ok := errors.AsType[*net.DNSError](err); ok {
		if d.IsNotFound { // somebody answered, perhaps a cache at home
			return c.uplink.suspected()
		}
		return c.uplink.silent(host)
	}
	if o, ok := errors.AsType[*net.OpError](err); ok && o.Op == "dial" && !errors.Is(err, syscall.ECONNREFUSED) {
		return c.uplink.silent(host)
	}
	return c.uplink.suspected()
}

// onlySix tells whether an address of IPv6 alone had no route: many homes have
// no IPv6, and that host no IPv4.
func onlySix(err error) bool {
	o, ok := errors.AsType[*net.OpError](err)
	if !ok {
		return false
	}
	addr, ok := o.Addr.(*net.TCPAddr)
	return ok && addr.IP.To4() == nil
}
