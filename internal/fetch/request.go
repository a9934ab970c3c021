package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"

	"engawa/internal/hostname"
)

const (
	maxURL = 4096
	// maxErrorBody is how much of the body of a BadStatus is kept.
	maxErrorBody = 64 << 10
	// drained is how much of a body nobody wants is read, to keep the
	// connection.
	drained = 2 << 10
)

// Options say how one request differs from the usual. The zero value is fine.
type Options struct {
	Header http.Header // added to the request; not changed
	Accept string      // stands for a header of that name
	// Sign is called last, on each hop to the origin (scheme, host, port) of
	// the first URL, and may add headers. It must not read the body: what it
	// needs of that, such as a digest, is in Header. Requests to another
	// origin are sent without it, and without Header but for Accept,
	// Accept-Language and Range.
	Sign func(*http.Request) error
	// Timeout stands for Config.Timeout, MaxBytes for Config.MaxBytes.
	Timeout  time.Duration
	MaxBytes int64
	// NoRedirects gives a redirect back as a BadStatus.
	NoRedirects bool
	// StatusOnly throws the body of a good answer away: what happens to it
	// does not change that the request was accepted. For deliveries.
	StatusOnly bool
	// Idempotent lets a POST be sent again when a connection kept open turns
	// out to be dead. The other end must bear the same request twice.
	Idempotent bool
	// Body and Size stand for the body given as bytes, where that is too
	// large for memory: Body is called for each hop; -1 is an unknown size.
	Body func() (io.ReadCloser, error)
	Size int64
}

// Response is an answer whose body was read.
type Response struct {
	Status int
	URL    *url.URL // of the last hop
	Header http.Header
	Body   []byte
	Hops   int // redirects followed
}

// Get fetches a URL. The error is always an *Error; with a BadStatus the
// response is there as well, its body cut at 64 KiB.
func (c *Client) Get(ctx context.Context, rawURL string, o Options) (*Response, error) {
	return c.Do(ctx, http.MethodGet, rawURL, nil, o)
}

// Post sends body to a URL; the errors are as with Get. 307 and 308 are
// followed within the origin, every other redirect is a BadStatus.
func (c *Client) Post(ctx context.Context, rawURL string, body []byte, o Options) (*Response, error) {
	return c.Do(ctx, http.MethodPost, rawURL, body, o)
}

// Do is Get and Post for every method.
func (c *Client) Do(ctx context.Context, method, rawURL string, body []byte, o Options) (*Response, error) {
	x := exchange{client: c, parent: ctx, method: method, body: body, o: &o, inflate: method == http.MethodGet}
	stream, resp, err := x.start(rawURL)
	if err != nil {
		return resp, err
	}
	defer stream.Close()
	if o.StatusOnly {
		return resp, nil
	}
	resp.Body, err = readAll(stream, x.length)
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// Open fetches a URL and gives its body as it comes, for media: reading fails
// with an *Error when the cap is exceeded or the deadline, which counts the
// reading, passes. The caller closes it. Response.Body is nil; with a
// BadStatus it is as with Get, and there is nothing to close.
func (c *Client) Open(ctx context.Context, rawURL string, o Options) (io.ReadCloser, *Response, error) {
	x := exchange{client: c, parent: ctx, method: http.MethodGet, o: &o}
	stream, resp, err := x.start(rawURL)
	if err != nil {
		return nil, resp, err
	}
	return stream, resp, nil
}

// exchange is one request with its redirects.
type exchange struct {
	client  *Client
	parent  context.Context // the caller's
	ctx     context.Context // with our deadline
	method  string
	body    []byte
	o       *Options
	inflate bool // ask for gzip

	url     *url.URL
	host    string // canonical, of url
	origin  string // scheme and host of the first URL
	crossed bool   // a hop left the origin
	hops    int
	length  int64 // Content-Length of the answer, or -1
}

// start sends the request and follows redirects. On success the stream is to
// be closed by the caller, which frees the deadline.
func (x *exchange) start(rawURL string) (*stream, *Response, error) {
	ctx, cancel := context.WithTimeout(x.parent, or(x.o.Timeout, x.client.cfg.Timeout))
	x.ctx = ctx
	s, resp, err := x.follow(rawURL)
	if err != nil {
		cancel()
		return nil, resp, err
	}
	s.cancel = cancel
	return s, resp, nil
}

func (x *exchange) follow(rawURL string) (*stream, *Response, error) {
	if len(rawURL) > maxURL {
		return nil, nil, x.fail(failf(Refused, "the URL has %d bytes; %d are the most", len(rawURL), maxURL))
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, nil, x.fail(failf(Refused, "%w", err))
	}
	for {
		resp, err := x.hop(u)
		if err != nil {
			return nil, nil, x.fail(err)
		}
		if !x.redirects(resp) {
			return x.accept(resp)
		}
		next, err := x.next(resp)
		discard(resp.Body)
		if err != nil {
			return nil, nil, x.fail(err)
		}
		u = next
		x.hops++
	}
}

// hop checks one URL and sends one request.
func (x *exchange) hop(u *url.URL) (*http.Response, error) {
	x.url, x.host = u, ""
	host, err := x.client.check(u)
	if err != nil {
		return nil, err
	}
	origin := u.Scheme + "://" + host
	if x.origin == "" {
		x.origin = origin
	}
	x.crossed = x.crossed || origin != x.origin
	clean := *u
	clean.Host, clean.Fragment, clean.RawFragment = host, "", ""
	clean.RawQuery = query(u.RawQuery)
	x.url, x.host = &clean, host
	if err := BudgetOf(x.ctx).request(host); err != nil {
		return nil, err
	}
	req, err := x.request()
	if err != nil {
		return nil, err
	}
	resp, err := x.client.send.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if !x.mapped() {
		x.client.uplink.answered()
	}
	return resp, nil
}

// check gives the canonical host of a URL that may be requested.
func (c *Client) check(u *url.URL) (string, error) {
	if u.Scheme != "https" && (u.Scheme != "http" || !c.cfg.AllowHTTP) {
		return "", failf(Refused, "the scheme is %.20q; https is wanted", u.Scheme)
	}
	host, err := hostname.OfURL(u)
	if err != nil {
		return "", failf(Refused, "%w", err)
	}
	return host, nil
}

// query escapes what url.Parse leaves in a query and what may not stand in the
// first line of a request (RFC 3986, 3.4): spaces, quotes and non-ASCII.
func query(raw string) string {
	foreign := func(c byte) bool { return c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>' }
	for i := range len(raw) {
		if !foreign(raw[i]) {
			continue
		}
		const hex = "0123456789ABCDEF"
		b := append(make([]byte, 0, len(raw)+32), raw[:i]...)
		for ; i < len(raw); i++ {
			if c := raw[i]; foreign(c) {
				b = append(b, '%', hex[c>>4], hex[c&15])
			} else {
				b = append(b, c)
			}
		}
		return string(b)
	}
	return raw
}

// request builds the request of the present hop.
func (x *exchange) request() (*http.Request, error) {
	req := &http.Request{
		Method: x.method, URL: x.url, Host: x.host, Header: x.header(),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if err := x.attach(req); err != nil {
		return nil, err
	}
	req = req.WithContext(x.ctx)
	if x.o.Sign != nil && !x.crossed {
		if err := x.o.Sign(req); err != nil {
			return nil, failf(Refused, "signing: %w", err)
		}
	}
	if x.o.Idempotent {
		// Present but empty: net/http takes the request for idempotent and
		// sends no such header (http.Transport).
		req.Header["X-Idempotency-Key"] = nil
	}
	return req, validHeader(x.method, req.Header)
}

// acrossOrigins are the headers of a caller that leave the origin.
var acrossOrigins = [...]string{"Accept", "Accept-Language", "Range"}

func (x *exchange) header() http.Header {
	h := make(http.Header, len(x.o.Header)+8)
	if x.crossed {
		for _, k := range acrossOrigins {
			if v, ok := x.o.Header[k]; ok {
				h[k] = v
			}
		}
	} else {
		for k, v := range x.o.Header {
			h[http.CanonicalHeaderKey(k)] = v[:len(v):len(v)] // what Sign appends is not the caller's
		}
	}
	if x.o.Accept != "" {
		h["Accept"] = []string{x.o.Accept}
	}
	if _, ok := h["User-Agent"]; !ok {
		h["User-Agent"] = []string{x.client.cfg.UserAgent}
	}
	if x.inflate {
		h["Accept-Encoding"] = []string{"gzip"}
	}
	return h
}

// attach gives the request its body.
func (x *exchange) attach(req *http.Request) error {
	if x.o.Body != nil && x.body == nil {
		body, err := x.o.Body()
		if err != nil {
			return failf(Refused, "the body: %w", err)
		}
		req.Body, req.GetBody, req.ContentLength = body, x.o.Body, x.o.Size
		return nil
	}
	if len(x.body) > 0 {
		req.Body, _ = x.again()
		req.GetBody, req.ContentLength = x.again, int64(len(x.body))
	}
	return nil
}

func (x *exchange) again() (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(x.body)), nil
}

// validHeader refuses what could break out of its line (T31).
func validHeader(method string, h http.Header) error {
	if !httpguts.ValidHeaderFieldName(method) || method == http.MethodConnect {
		return failf(Refused, "%.20q is no method to send", method)
	}
	for k, vs := range h {
		if !httpguts.ValidHeaderFieldName(k) {
			return failf(Refused, "%.40q is no name of a header", k)
		}
		for _, v := range vs {
			if !httpguts.ValidHeaderFieldValue(v) {
				return failf(Refused, "the header %s holds a control character", k)
			}
		}
	}
	return nil
}

// mapped tells whether the operator named where the host is.
func (x *exchange) mapped() bool {
	_, ok := x.client.dialer.target(x.host)
	return ok
}

// fail makes the *Error of the present hop.
func (x *exchange) fail(err error) error {
	e := &Error{Kind: kindOf(x.parent, x.ctx, err), Method: x.method, Host: x.host, Err: err}
	if x.url != nil {
		e.URL = x.url.Redacted()
	}
	if f, ok := errors.AsType[*failure](err); ok && error(f) == err {
		e.Err = f.err
	}
	if (e.Kind == Unreachable || e.Kind == Timeout) && !x.mapped() {
		e.Uplink = x.client.blame(x.host, err)
	}
	return e
}

func discard(body io.ReadCloser) {
	io.CopyN(io.Discard, body, drained)
	body.Close()
}
