package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// demoPort is where the first home of the demo is served when nobody says.
const demoPort = 8080

// demoPorts are the ports of n homes: the first one's as wanted, the next ones
// beside it. What is taken is replaced by a free one, but not a first port that
// somebody asked for. Zero is any free port.
func demoPorts(wanted *int, n int) ([]int, error) {
	first := demoPort
	if wanted != nil {
		first = *wanted
	}
	if first < 0 || first > 65535 {
		return nil, wrongUsage("--port must be a number from 1 to 65535, or 0 for any free port, not %d", first)
	}
	ports := make([]int, n)
	held := make([]net.Listener, 0, n) // so that no free port comes twice
	defer func() {
		for _, l := range held {
			_ = l.Close()
		}
	}()
	for i := range ports {
		want := 0
		if first != 0 && first+i <= 65535 {
			want = first + i
		}
		l, err := holdPort(want)
		if err != nil && i == 0 && wanted != nil {
			return nil, fmt.Errorf("port %d cannot be used: %w; give another with --port, or none to have a free one chosen", want, err)
		}
		if err != nil {
			if l, err = holdPort(0); err != nil {
				return nil, fmt.Errorf("there is no free port on loopback: %w", err)
			}
		}
		held = append(held, l)
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

// holdPort takes a port of 127.0.0.1 that nobody serves on ::1 either, where
// browsers look first for localhost.
func holdPort(port int) (net.Listener, error) {
	four, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	six, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(four.Addr().(*net.TCPAddr).Port)))
	switch {
	case err == nil:
		_ = six.Close()
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, errors.Join(err, four.Close())
	}
	return four, nil
}
