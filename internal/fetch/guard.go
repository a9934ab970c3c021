package fetch

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// errAddress is wrapped where an address is one that nobody outside may send
// us to.
var errAddress = errors.New("the address is not on the public internet; allow_networks makes exceptions")

// nat64 carries an IPv4 address in its last four bytes (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// guard decides which addresses may be dialled: global unicast outside the
// IANA special-purpose registries, and the networks the operator allowed.
type guard struct{ list *ssrf.Guardian }

func newGuard(allow []netip.Prefix) (guard, error) {
	var four, six []netip.Prefix
	for _, p := range allow {
		if !p.IsValid() {
			return guard{}, fmt.Errorf("fetch: an allowed network is no prefix; 10.0.0.0/8 is one")
		}
		if p.Addr().Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
		}
		if p = p.Masked(); p.Addr().Is4() {
			four = append(four, p)
		} else {
			six = append(six, p)
		}
	}
	return guard{ssrf.New(ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(four...), ssrf.WithAllowedV6Prefixes(six...))}, nil
}

// check is nil if the address may be dialled. An IPv4 address within an IPv6
// one is judged as what it is.
func (g guard) check(addr netip.Addr) error {
	addr = addr.Unmap()
	if err := g.list.SafeAddr(addr); err != nil || addr.Zone() != "" {
		return fmt.Errorf("%s: %w", addr, errAddress)
	}
	if nat64.Contains(addr) {
		b := addr.As16()
		return g.check(netip.AddrFrom4([4]byte(b[12:])))
	}
	return nil
}

// control is the hook of net.Dialer: it sees the address that is really
// dialled, whatever the name said a moment ago.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	if network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%s %s: %w", network, address, errAddress)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%s: %w", address, errAddress)
	}
	return g.check(ap.Addr())
}
