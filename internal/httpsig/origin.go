package httpsig

import (
	"fmt"
	"net/url"
	"strings"
)

// Origins are the public addresses of this home: what stands before the path in the URLs that
// others send to. Behind a reverse proxy they come from configuration. Host is taken as received.
type Origins []origin

type origin struct {
	scheme string // http or https
	host   string // lower case, without the default port
}

// NewOrigins reads base URLs such as https://a.example or http://localhost:8080; a path other
// than "/" is refused.
func NewOrigins(baseURLs ...string) (Origins, error) {
	var out Origins
	for _, s := range baseURLs {
		u, err := url.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("the base URL cannot be read: %w", err)
		}
		if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
			u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
			return nil, fmt.Errorf("a base URL is http(s)://HOST[:PORT], not %q", s)
		}
		for _, c := range u.Host {
			if c >= 0x80 {
				return nil, fmt.Errorf("the host of a base URL is written in ASCII (xn--…), not %q", u.Host)
			}
		}
		out = append(out, origin{u.Scheme, normalHost(u.Scheme, u.Host)})
	}
	return out, nil
}

// match returns those of o that a request with this Host header may have meant.
func (o Origins) match(host string) Origins {
	for i := range o {
		if o[i].host == normalHost(o[i].scheme, host) {
			rest := o[i+1:].match(host)
			if len(rest) == 0 {
				return o[i : i+1]
			}
			return append(Origins{o[i]}, rest...)
		}
	}
	return nil
}

// normalHost lowers the case and drops the default port of the scheme (RFC 9421, 2.2.3).
func normalHost(scheme, host string) string {
	host = strings.ToLower(host)
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}
