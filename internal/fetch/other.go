package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
)

// Dial connects to addr, host:port, as every request does: to allowed
// addresses only, within Config.ConnectTimeout. It is for what speaks
// WebSocket, with TLS; the error is not an *Error.
func (c *Client) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	return c.dialer.dial(ctx, network, addr)
}

// TLS is a copy of the TLS configuration, for use with Dial. It offers no
// protocol but HTTP/1.1.
func (c *Client) TLS() *tls.Config {
	cfg := c.transport.TLSClientConfig.Clone()
	cfg.NextProtos = []string{"http/1.1"}
	return cfg
}

// RoundTrip implements http.RoundTripper, for libraries that want an
// http.Client. URL, address, header and the count of the budget are checked at
// each hop; the deadline over all, the cap of the body and what may cross
// hosts are left to the library. Where Get, Post and Open will do, they are
// the better choice.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	x := exchange{client: c, parent: r.Context(), ctx: r.Context(), method: r.Method, url: r.URL}
	refuse := func(err error) (*http.Response, error) {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, x.fail(err)
	}
	host, err := c.check(r.URL)
	if err != nil {
		return refuse(err)
	}
	x.host = host
	if err := validHeader(r.Method, r.Header); err != nil {
		return refuse(err)
	}
	if err := BudgetOf(r.Context()).request(host); err != nil {
		return refuse(err)
	}
	resp, err := c.send.RoundTrip(r)
	if err != nil {
		return nil, x.fail(err)
	}
	if !x.mapped() {
		c.uplink.answered()
	}
	return resp, nil
}
