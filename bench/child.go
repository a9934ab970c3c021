package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// child is a process under test.
type child struct {
	cmd   *exec.Cmd
	ready time.Duration // from the start to the first answer
	log   bytes.Buffer
	ended chan struct{}
	err   error   // of Wait, once ended is closed
	idle  float64 // share of one core that it takes at rest; see rest
	admin string  // address of its profiles, "" for none
}

// patience is how long anything here is waited for.
const patience = 60 * time.Second

// startChild starts a program and waits until path answers on addr.
func startChild(program string, args, env []string, addr, path string) (*child, error) {
	c := &child{cmd: exec.Command(program, args...), ended: make(chan struct{})}
	c.cmd.Env = env
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // not to outlive this process
	began := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { c.err = c.cmd.Wait(); close(c.ended) }()
	for {
		if answers(addr, path) {
			c.ready = time.Since(began)
			return c, nil
		}
		select {
		case <-c.ended:
			return nil, fmt.Errorf("%s ended (%v) before it was ready:\n%s", program, c.err, tail(c.log.String()))
		case <-time.After(2 * time.Millisecond):
		}
		if time.Since(began) > patience {
			c.stop()
			return nil, fmt.Errorf("%s was not ready after %v:\n%s", program, patience, tail(c.log.String()))
		}
	}
}

// answers asks for one path over a connection of its own.
func answers(addr, path string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", path, addr); err != nil {
		return false
	}
	head := make([]byte, 12)
	_, err = io.ReadFull(conn, head)
	return err == nil && string(head[9:]) == "200"
}

// stop ends the child by its own means, and by force after 20 s.
func (c *child) stop() error {
	_ = c.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(20 * time.Second):
		_ = c.cmd.Process.Kill()
		<-c.ended
		return errors.New("it did not end within 20 s of SIGTERM")
	}
	return nil
}

// cpuTime is what the child has used of all cores so far, ended threads included.
func (c *child) cpuTime() time.Duration {
	var t unix.Timespec
	clock := int32(^c.cmd.Process.Pid)<<3 | 2 // CPUCLOCK_SCHED of a process, clock_getcpuclockid(3)
	if unix.ClockGettime(clock, &t) == nil {
		return time.Duration(t.Nano())
	}
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", c.cmd.Process.Pid))
	return statCPU(string(text))
}

// tick is the unit of /proc/PID/stat on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// statCPU is utime + stime of a line of /proc/PID/stat (proc(5)).
func statCPU(line string) time.Duration {
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:]) // the name may hold anything
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick
}

// resident is the memory of the child in MiB (VmRSS).
func (c *child) resident() (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	return statusRSS(string(text))
}

func statusRSS(status string) (float64, error) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
			return kib / 1024, err
		}
	}
	return 0, errors.New("no VmRSS in /proc/PID/status")
}

// settle waits until the child does next to nothing, 15 s at most.
func (c *child) settle(ctx context.Context) error {
	const step = 100 * time.Millisecond
	quiet := 0
	for last, i := c.cpuTime(), 0; quiet < 3 && i < 150; i++ {
		if err := pause(ctx, step); err != nil {
			return err
		}
		now := c.cpuTime()
		if now-last < step/20 {
			quiet++
		} else {
			quiet = 0
		}
		last = now
	}
	return nil
}

// rest measures what the child takes when nobody asks anything of it.
func (c *child) rest(ctx context.Context) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	began, before := time.Now(), c.cpuTime()
	if err := pause(ctx, 2*time.Second); err != nil {
		return err
	}
	c.idle = float64(c.cpuTime()-before) / float64(time.Since(began))
	return nil
}

// cost is the CPU in ms that the child spends on each of n operations, which f
// asks for, with all that follows from them, and without what it takes at rest.
func (c *child) cost(ctx context.Context, n int, f func() error) (float64, error) {
	began, before := time.Now(), c.cpuTime()
	if err := f(); err != nil {
		return 0, err
	}
	if err := c.settle(ctx); err != nil {
		return 0, err
	}
	spent := float64(c.cpuTime()-before) - c.idle*float64(time.Since(began))
	return max(spent, 0) / 1e6 / float64(n), nil
}

// best is the cost in the cheapest of some rounds of n operations: what other
// processes do to caches and clock rates only ever adds.
func (c *child) best(ctx context.Context, rounds, n int, f func(round int) error) (float64, error) {
	least := math.Inf(1)
	for round := range rounds {
		spent, err := c.cost(ctx, n, func() error { return f(round) })
		if err != nil {
			return 0, err
		}
		least = min(least, spent)
	}
	return least, nil
}

// profile writes a CPU profile of the next seconds to a file; the returned
// function waits for its end.
func (c *child) profile(path string, seconds int) func() error {
	done := make(chan error, 1)
	go func() {
		resp, err := newClient(c.admin, 1).Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", c.admin, seconds))
		if err != nil {
			done <- err
			return
		}
		defer resp.Body.Close()
		f, err := os.Create(path)
		if err == nil {
			_, err = io.Copy(f, resp.Body)
			err = errors.Join(err, f.Close())
		}
		done <- err
	}()
	return func() error { return <-done }
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// tail is the end of a log.
func tail(text string) string {
	if len(text) > 2000 {
		return "…" + text[len(text)-2000:]
	}
	return text
}
