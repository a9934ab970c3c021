package fetch

import (
	"context"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// network is what a dialer meets: for each address how it fails, nil for a
// connection; an address that is not there is silent until the deadline.
type network map[string]error

func (n network) dial(tried *[]string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, addr string) (net.Conn, error) {
		host, _, _ := net.SplitHostPort(addr)
		*tried = append(*tried, host)
		err, known := n[host]
		if !known {
			<-ctx.Done()
			err = os.ErrDeadlineExceeded
		}
		if err != nil {
			return nil, &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.ParseIP(host)}, Err: err}
		}
		conn, other := net.Pipe()
		other.Close()
		return conn, nil
	}
}

const (
	six1, six2   = "2606:4700::1", "2606:4700::2"
	four1, four2 = "1.1.1.1", "1.1.1.2"
)

func TestDialTriesOneAddressAfterTheOther(t *testing.T) {
	for _, c := range []struct {
		name  string
		net   network
		addrs []string
		tried string
		took  time.Duration
		ok    bool
		rests bool // IPv4 goes first from now on
	}{
		{"IPv6 works", network{six1: nil}, []string{four1, six1}, six1, 0, true, false},
		{"IPv6 refused", network{six1: syscall.ECONNREFUSED, four1: nil}, []string{four1, six1}, six1 + " " + four1, 0, true, false},
		{"IPv6 without a route", network{six1: syscall.ENETUNREACH, four1: nil}, []string{four1, six1}, six1 + " " + four1, 0, true, false},
		{"IPv6 swallowed", network{four1: nil}, []string{four1, six1}, six1 + " " + four1, 2500 * time.Millisecond, true, true},
		{"the last of four", network{four2: nil}, []string{four1, four2, six1, six2}, strings.Join([]string{six1, four1, six2, four2}, " "), 3750 * time.Millisecond, true, true},
		{"nobody", network{}, []string{four1, four2, six1, six2}, strings.Join([]string{six1, four1, six2, four2}, " "), 5 * time.Second, false, false},
		{"one address has all the time", network{}, []string{four1}, four1, 5 * time.Second, false, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := mustClient(t, Config{Resolver: always(c.addrs...)}).dialer
			var tried []string
			d.guarded = c.net.dial(&tried)
			start := time.Now()
			conn, err := d.dial(t.Context(), "tcp", "a.test:443")
			if (err == nil) != c.ok {
				t.Fatalf("%s: %v", c.name, err)
			}
			if conn != nil {
				conn.Close()
			}
			if took := time.Since(start); took != c.took || strings.Join(tried, " ") != c.tried {
				t.Errorf("%s: tried %v in %v, want %s in %v", c.name, tried, took, c.tried, c.took)
			}
			if rests := d.sixUntil.Load() == time.Now().Add(sixRest).UnixMilli(); rests != c.rests {
				t.Errorf("%s: IPv6 rests: %v", c.name, rests)
			}
		})
	}
}

func TestDialWithoutRouteIsOurUplink(t *testing.T) {
	for _, c := range []struct {
		name string
		net  network
		want bool
	}{
		{"no route at all", network{six1: syscall.ENETUNREACH, four1: syscall.ENETUNREACH}, true},
		{"no IPv6 here, and their IPv4 refuses", network{six1: syscall.ENETUNREACH, four1: syscall.ECONNREFUSED}, false},
	} {
		client := mustClient(t, Config{Resolver: always(six1, four1)})
		var tried []string
		client.dialer.guarded = c.net.dial(&tried)
		_, err := client.Get(t.Context(), "https://a.test/", Options{})
		if e := wantKind(t, c.name, err, Unreachable); e.Uplink != c.want {
			t.Errorf("%s: %+v", c.name, e)
		}
	}
}
