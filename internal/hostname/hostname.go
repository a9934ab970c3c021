// Package hostname gives each host one spelling. Whoever compares, stores or
// blocks a domain passes it through here first; two spellings of one host
// never stand side by side, and what is no host is rejected, never repaired:
// a server that deletes what it does not like turns `mastodon.so/cial` into
// somebody else (CVE-2023-42451).
//
// The canonical form is
//   - a domain name in lower-case A-labels (IDNA, UTS #46 non-transitional),
//     without trailing dot, at most 253 bytes, or
//   - an IPv4 address as four decimal numbers, or
//   - an IPv6 address in brackets (RFC 5952),
//
// followed by `:port` if the port is not the scheme's default.
package hostname

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// maxInput bounds what is looked at: an A-label can take 5 bytes of input for
// one of output, and more is nobody's name.
const maxInput = 1024

// Parse is the canonical form of s: a host with or without a port, as written
// after the @ of a handle. Port 443 is the default one.
func Parse(s string) (string, error) { return parse(s, "443") }

// OfURL is the canonical form of the host of u, whose scheme must be http,
// https, ws or wss: its default port is left out. A URL with userinfo is
// rejected.
func OfURL(u *url.URL) (string, error) {
	port, ok := DefaultPort(u.Scheme)
	switch {
	case !ok:
		return "", fmt.Errorf("hostname: the scheme %q has no host here; http and https have", clip(u.Scheme))
	case u.User != nil:
		return "", errors.New("hostname: the URL has userinfo before its host")
	case u.Opaque != "":
		return "", errors.New("hostname: the URL has no // before its host")
	}
	return parse(u.Host, port)
}

// DefaultPort is the port that goes without saying for a scheme in lower case.
func DefaultPort(scheme string) (string, bool) {
	switch scheme {
	case "https", "wss":
		return "443", true
	case "http", "ws":
		return "80", true
	}
	return "", false
}

// Same tells whether a and b are one host. What is no host is the same as
// nothing, itself included.
func Same(a, b string) bool {
	ca, err := Parse(a)
	if err != nil {
		return false
	}
	cb, err := Parse(b)
	return err == nil && ca == cb
}

// Within tells whether host is domain or lies below it, by whole labels. Both
// are in canonical form; the port of host is left out of account. Nothing
// lies below an address.
func Within(host, domain string) bool {
	name, _ := Split(host)
	if name == domain {
		return true
	}
	head, ok := strings.CutSuffix(name, domain)
	return ok && domain != "" && strings.HasSuffix(head, ".") && !IsAddress(name)
}

// Split takes a canonical host apart; port is empty when it is the default
// one. An IPv6 address keeps its brackets.
func Split(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.HasSuffix(host, "]") {
		return host, ""
	}
	return host[:i], host[i+1:]
}

// IsAddress tells whether the canonical host is an IP address.
func IsAddress(host string) bool {
	name, _ := Split(host)
	if strings.HasPrefix(name, "[") {
		return true
	}
	_, err := netip.ParseAddr(name)
	return err == nil
}

func parse(s, defaultPort string) (string, error) {
	if len(s) > maxInput {
		return "", fmt.Errorf("hostname: %d bytes are too long for a host", len(s))
	}
	name, port, err := cutPort(s)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(name, "[") {
		name, err = canonicalSix(name)
	} else {
		name, err = canonicalName(name)
	}
	if err != nil {
		return "", err
	}
	if port == "" || port == defaultPort {
		return name, nil
	}
	return name + ":" + port, nil
}

// cutPort splits at the colon after the name or bracket.
func cutPort(s string) (name, port string, err error) {
	end := strings.IndexByte(s, ':')
	if strings.HasPrefix(s, "[") {
		closing := strings.IndexByte(s, ']')
		if closing < 0 {
			return "", "", fmt.Errorf("hostname: %q has no closing bracket", clip(s))
		}
		end = -1
		if rest := s[closing+1:]; rest != "" {
			if rest[0] != ':' {
				return "", "", fmt.Errorf("hostname: %q goes on after its bracket", clip(s))
			}
			end = closing + 1
		}
	}
	if end < 0 {
		return s, "", nil
	}
	name, port = s[:end], s[end+1:]
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || port[0] == '0' || port[0] == '+' {
		return "", "", fmt.Errorf("hostname: %q is no port; 1 to 65535 is", clip(port))
	}
	return name, port, nil
}

func canonicalSix(s string) (string, error) {
	addr, err := netip.ParseAddr(s[1 : len(s)-1])
	if err != nil || !addr.Is6() || addr.Zone() != "" || addr.Is4In6() {
		return "", fmt.Errorf("hostname: %q is no IPv6 address in brackets", clip(s))
	}
	return "[" + addr.String() + "]", nil
}

// clip keeps what an error quotes short.
func clip(s string) string {
	const most = 80
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
