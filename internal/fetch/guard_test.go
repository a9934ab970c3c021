package fetch

import (
	"errors"
	"net/netip"
	"testing"
)

// special is the IANA IPv4 and IPv6 special-purpose address registries, with
// multicast and what earlier guards elsewhere forgot. Every row is refused at
// its first and last address.
var special = []struct{ prefix, name string }{
	{"0.0.0.0/8", "this network"},
	{"0.0.0.0/32", "this host on this network (T24)"},
	{"10.0.0.0/8", "private use"},
	{"100.64.0.0/10", "shared address space, CGNAT (T23)"},
	{"127.0.0.0/8", "loopback"},
	{"169.254.0.0/16", "link local, metadata services"},
	{"172.16.0.0/12", "private use"},
	{"192.0.0.0/24", "IETF protocol assignments"},
	{"192.0.0.0/29", "IPv4 service continuity"},
	{"192.0.0.8/32", "dummy address"},
	{"192.0.0.9/32", "port control protocol anycast"},
	{"192.0.0.10/32", "TURN anycast"},
	{"192.0.0.170/31", "NAT64/DNS64 discovery"},
	{"192.0.2.0/24", "documentation 1"},
	{"192.31.196.0/24", "AS112-v4"},
	{"192.52.193.0/24", "AMT"},
	{"192.88.99.0/24", "6to4 relay anycast"},
	{"192.168.0.0/16", "private use"},
	{"192.175.48.0/24", "direct delegation AS112"},
	{"198.18.0.0/15", "benchmarking (T23)"},
	{"198.51.100.0/24", "documentation 2"},
	{"203.0.113.0/24", "documentation 3"},
	{"224.0.0.0/4", "multicast"},
	{"240.0.0.0/4", "reserved"},
	{"255.255.255.255/32", "limited broadcast"},

	{"::1/128", "loopback"},
	{"::/128", "unspecified (T21)"},
	{"::/96", "IPv4-compatible (T77)"},
	{"::7f00:1/128", "[::127.0.0.1] (T77)"},
	{"::a9fe:a9fe/128", "[::169.254.169.254] (T77)"},
	{"::ffff:127.0.0.0/104", "IPv4-mapped loopback (T22)"},
	{"::ffff:10.0.0.0/104", "IPv4-mapped private use"},
	{"::ffff:0.0.0.0/128", "IPv4-mapped unspecified"},
	{"::ffff:0:0:0/96", "IPv4-translated (SIIT)"},
	{"64:ff9b::/96", "NAT64 (T23)"},
	{"64:ff9b:1::/48", "local-use NAT64"},
	{"100::/64", "discard only"},
	{"100:0:0:1::/64", "dummy prefix"},
	{"2001::/23", "IETF protocol assignments"},
	{"2001::/32", "Teredo (T23)"},
	{"2001:1::1/128", "port control protocol anycast"},
	{"2001:1::2/128", "TURN anycast"},
	{"2001:1::3/128", "DNS-SD service registration anycast"},
	{"2001:2::/48", "benchmarking (T23)"},
	{"2001:3::/32", "AMT"},
	{"2001:4:112::/48", "AS112-v6"},
	{"2001:10::/28", "ORCHID"},
	{"2001:20::/28", "ORCHIDv2"},
	{"2001:30::/28", "drone remote identification"},
	{"2001:db8::/32", "documentation"},
	{"2002::/16", "6to4 (T23)"},
	{"2620:4f:8000::/48", "direct delegation AS112"},
	{"3fff::/20", "documentation"},
	{"5f00::/16", "segment routing"},
	{"fc00::/7", "unique local"},
	{"fe80::/10", "link local"},
	{"fec0::/10", "site local"},
	{"ff00::/8", "multicast"},
	{"4000::/3", "not assigned"},
}

func last(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	addr, _ := netip.AddrFromSlice(b)
	return addr
}

func mustGuard(t *testing.T, allow ...string) guard {
	t.Helper()
	var prefixes []netip.Prefix
	for _, a := range allow {
		prefixes = append(prefixes, netip.MustParsePrefix(a))
	}
	g, err := newGuard(prefixes)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGuardRefusesTheSpecialRegistries(t *testing.T) {
	g := mustGuard(t)
	for _, s := range special {
		p := netip.MustParsePrefix(s.prefix)
		for _, addr := range []netip.Addr{p.Masked().Addr(), last(p)} {
			if err := g.check(addr); !errors.Is(err, errAddress) {
				t.Errorf("%s, %s: %v", addr, s.name, err)
			}
			dialled := netip.AddrPortFrom(addr, 443).String()
			if err := g.control("tcp6", dialled, nil); !errors.Is(err, errAddress) {
				t.Errorf("dialling %s, %s: %v", dialled, s.name, err)
			}
		}
	}
}

func TestGuardAllowsThePublicInternet(t *testing.T) {
	g := mustGuard(t)
	for _, s := range []string{
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "198.17.255.255", "198.20.0.0",
		"223.255.255.255", "::ffff:1.1.1.1", "2606:4700::1111", "2001:200::1", "2a00:1450::1", "2003::1",
	} {
		if err := g.check(netip.MustParseAddr(s)); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestGuardExceptions(t *testing.T) {
	g := mustGuard(t, "127.0.0.0/8", "::ffff:10.1.0.0/112", "fd00::/8", "64:ff9b::/96")
	for _, c := range []struct {
		addr string
		ok   bool
	}{
		{"127.0.0.1", true}, {"::ffff:127.0.0.1", true}, {"10.1.2.3", true}, {"fd00::1", true},
		{"10.2.0.1", false}, {"::127.0.0.1", false}, {"fc00::1", false}, {"::1", false},
		{"64:ff9b::1.1.1.1", true},      // an IPv6-only home behind NAT64
		{"64:ff9b::192.168.0.1", false}, // but not through it into a private network
		{"64:ff9b::127.0.0.1", true},
		{"fe80::1%lo", false}, {"2606:4700::1111%lo", false},
	} {
		if err := g.check(netip.MustParseAddr(c.addr)); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.addr, err)
		}
	}
	if _, err := newGuard([]netip.Prefix{{}}); err == nil {
		t.Error("an invalid prefix was accepted")
	}
	for _, c := range []struct{ network, address string }{
		{"udp4", "1.1.1.1:53"}, {"unix", "/run/x"}, {"tcp4", "example.com:80"}, {"tcp", "1.1.1.1:80"},
	} {
		if err := g.control(c.network, c.address, nil); !errors.Is(err, errAddress) {
			t.Errorf("%s %s: %v", c.network, c.address, err)
		}
	}
}
