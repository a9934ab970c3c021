package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"engawa/internal/clock"
	"engawa/internal/hostname"
)

const (
	// perFamily is how many addresses of IPv6 and of IPv4 are tried.
	perFamily = 2
	// sixRest is how long IPv6 comes second after it was seen not to work.
	sixRest = 10 * time.Minute
)

// Resolver finds the addresses of a name; *net.Resolver is one. network is
// "ip". The addresses are checked when they are dialled.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// absolute asks for a name with dots as it is, without the machine's search
// domains.
type absolute struct{ *net.Resolver }

func (r absolute) LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error) {
	if strings.Contains(host, ".") {
		host += "."
	}
	return r.Resolver.LookupNetIP(ctx, network, host)
}

// dialer connects to addresses that the guard allows, and to those the
// operator named.
type dialer struct {
	guard    guard
	resolver Resolver
	hosts    map[string]string // "name" or "name:port" → "ip:port"
	connect  time.Duration
	clock    clock.Clock
	sixUntil atomic.Int64 // until then (ms) IPv4 goes first
	plain    net.Dialer
	guarded  func(ctx context.Context, network, addr string) (net.Conn, error) // with the guard's hook
}

func newDialer(cfg *Config) (*dialer, error) {
	g, err := newGuard(cfg.AllowNetworks)
	if err != nil {
		return nil, err
	}
	hosts := make(map[string]string, len(cfg.Hosts))
	for name, target := range cfg.Hosts {
		canonical, err := hostname.Parse(name)
		if err != nil {
			return nil, fmt.Errorf("fetch: hosts: %w", err)
		}
		if _, err := netip.ParseAddrPort(target); err != nil {
			return nil, fmt.Errorf("fetch: hosts: %s goes to %q, which is no ip:port like 192.0.2.1:443", name, target)
		}
		hosts[canonical] = target
	}
	return &dialer{
		guard: g, resolver: cfg.Resolver, hosts: hosts, connect: cfg.ConnectTimeout, clock: cfg.Clock,
		guarded: (&net.Dialer{Control: g.control}).DialContext,
	}, nil
}

// target is where the operator sends requests to addr (host:port).
func (d *dialer) target(addr string) (string, bool) {
	if len(d.hosts) == 0 {
		return "", false
	}
	if t, ok := d.hosts[addr]; ok {
		return t, true
	}
	name, _ := hostname.Split(addr)
	t, ok := d.hosts[name]
	return t, ok
}

// dial implements http.Transport.DialContext.
func (d *dialer) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.connect)
	defer cancel()
	if t, ok := d.target(addr); ok {
		return d.plain.DialContext(ctx, "tcp", t)
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, failf(Refused, "%w", err)
	}
	var addrs []netip.Addr
	if literal, err := netip.ParseAddr(host); err == nil {
		addrs = []netip.Addr{literal}
	} else if addrs, err = d.resolver.LookupNetIP(ctx, "ip", host); err != nil {
		return nil, err
	}
	addrs, err = d.choose(addrs)
	if err != nil {
		return nil, err
	}
	return d.try(ctx, addrs, port)
}

// choose picks the addresses to try, in this order: those the guard allows, at
// most perFamily of each family, the families by turns. Without any it says
// why.
func (d *dialer) choose(all []netip.Addr) ([]netip.Addr, error) {
	if len(all) == 0 {
		return nil, failf(Unreachable, "the name has no address")
	}
	var families [2][]netip.Addr // first those that go first
	var refused error
	sixFirst := clock.NowMillis(d.clock) >= d.sixUntil.Load()
	for _, a := range all {
		a = a.Unmap()
		if err := d.guard.check(a); err != nil {
			if refused == nil {
				refused = err
			}
			continue
		}
		i := 0
		if a.Is6() != sixFirst {
			i = 1
		}
		if len(families[i]) < perFamily {
			families[i] = append(families[i], a)
		}
	}
	var out []netip.Addr
	for i := range perFamily {
		for _, f := range families {
			if i < len(f) {
				out = append(out, f[i])
			}
		}
	}
	if len(out) == 0 {
		return nil, failf(Refused, "%w", refused)
	}
	return out, nil
}

// try dials one address after the other, each with its share of the time that
// is left.
func (d *dialer) try(ctx context.Context, addrs []netip.Addr, port string) (net.Conn, error) {
	var first error
	sixTimedOut := false
	for i, a := range addrs {
		one, cancel := share(ctx, len(addrs)-i)
		conn, err := d.guarded(one, "tcp", net.JoinHostPort(a.String(), port))
		cancel()
		if err == nil {
			if sixTimedOut && a.Is4() {
				d.sixUntil.Store(clock.Millis(d.clock.Now().Add(sixRest)))
			}
			return conn, nil
		}
		if errors.Is(err, errAddress) {
			return nil, failf(Refused, "%w", err)
		}
		if ctx.Err() != nil && i < len(addrs)-1 {
			return nil, err
		}
		var t net.Error
		sixTimedOut = sixTimedOut || a.Is6() && errors.As(err, &t) && t.Timeout()
		// That IPv6 has no route says little where IPv4 was tried as well.
		if first == nil || noRoute(first) {
			first = err
		}
	}
	return nil, first
}

// share is a context with the n-th part of the time that ctx has.
func share(ctx context.Context, n int) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || n <= 1 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(end)/time.Duration(n))
}
