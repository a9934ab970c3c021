package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// clientAddress tells the address a request really came from: the peer's, or,
// where the peer is a trusted proxy, the last address in X-Forwarded-For that
// is not one (T69).
func clientAddress(trusted []netip.Prefix) func(*http.Request) netip.Addr {
	isProxy := func(a netip.Addr) bool {
		for _, p := range trusted {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return func(r *http.Request) netip.Addr {
		addr := peer(r)
		if !isProxy(addr) {
			return addr
		}
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0; i-- {
			next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				return addr
			}
			if addr = next.Unmap(); !isProxy(addr) {
				return addr
			}
		}
		return addr
	}
}

// peer is who holds the other end of the connection. A unix socket's is the
// loopback address.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.IPv6Loopback()
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv6Loopback()
	}
	return addr.Unmap()
}
