// Package binary runs the program itself, as an operator does, for tests that
// look at it from outside: it is built, started, killed and started again.
package binary

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a start, an end or a command may take.
const patience = 30 * time.Second

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "engawa-test-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "engawa")
	cmd := exec.Command("go", "build", "-trimpath", "-o", path, "engawa/cmd/engawa")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building engawa: %w\n%s", err, out)
	}
	return path, nil
})

// Main is the TestMain of a package that uses this one: it takes the built
// program away again.
func Main(m *testing.M) {
	code := m.Run()
	if path, err := build(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// Home is a home with its folder; it runs between Start and Stop or Kill.
type Home struct {
	Addr string // ip:port it listens on
	tb   testing.TB
	path string
	env  []string
	cmd  *exec.Cmd
	log  *bytes.Buffer
	done chan error
}

// New makes a home with a data folder of its own that listens on loopback.
// Settings are environment variables, NAME=value; "{addr}" in them stands for
// the address.
func New(tb testing.TB, settings ...string) *Home {
	tb.Helper()
	path, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	h := &Home{tb: tb, path: path, Addr: ln.Addr().String()}
	ln.Close() // the program takes the port over, and again after each kill
	h.env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + tb.TempDir(), "ENGAWA_DATA=" + filepath.Join(tb.TempDir(), "data"),
		"ENGAWA_LISTEN=" + h.Addr, "ENGAWA_RATE_LIMITS=off"}
	for _, s := range settings {
		h.env = append(h.env, strings.ReplaceAll(s, "{addr}", h.Addr))
	}
	tb.Cleanup(func() {
		if h.cmd != nil {
			h.Kill()
		}
		if tb.Failed() && h.log != nil {
			tb.Logf("engawa's last log:\n%s", tail(h.log.String(), 8000))
		}
	})
	return h
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

// Run runs a command of the program, such as Run("user", "create", "tanuki"), and
// returns what it printed on standard output.
func (h *Home) Run(args ...string) string {
	h.tb.Helper()
	ctx, cancel := context.WithTimeout(h.tb.Context(), patience)
	defer cancel()
	var out, complained bytes.Buffer
	cmd := exec.CommandContext(ctx, h.path, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = h.env, &out, &complained
	if err := cmd.Run(); err != nil {
		h.tb.Fatalf("engawa %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), complained.String())
	}
	return strings.TrimSpace(out.String())
}

// Start starts `engawa serve` and waits until it is ready.
func (h *Home) Start() {
	h.tb.Helper()
	h.log = &bytes.Buffer{}
	cmd := exec.Command(h.path, "serve")
	cmd.Env, cmd.Stdout, cmd.Stderr = h.env, h.log, h.log
	if err := cmd.Start(); err != nil {
		h.tb.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	h.cmd, h.done = cmd, done
	if err := h.ready(); err != nil {
		h.tb.Fatalf("engawa serve: %v\n%s", err, tail(h.log.String(), 8000))
	}
}

// ready asks /readyz, over TLS where that is set, until it is answered.
func (h *Home) ready() error {
	scheme := "http"
	for _, s := range h.env {
		if s == "ENGAWA_TLS=files" {
			scheme = "https"
		}
	}
	client := &http.Client{Timeout: patience, Transport: insecure()}
	defer client.CloseIdleConnections()
	pace := time.NewTicker(10 * time.Millisecond)
	defer pace.Stop()
	end := time.After(patience)
	for {
		res, err := client.Get(scheme + "://" + h.Addr + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
			err = fmt.Errorf("/readyz answers %d", res.StatusCode)
		}
		select {
		case gone := <-h.done:
			h.cmd = nil
			return fmt.Errorf("it ended: %v", gone)
		case <-end:
			return fmt.Errorf("not ready after %v: %w", patience, err)
		case <-pace.C:
		}
	}
}

// Kill ends the program as a power cut does (SIGKILL).
func (h *Home) Kill() {
	h.tb.Helper()
	if err := h.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		h.tb.Fatal(err)
	}
	<-h.done
	h.cmd = nil
}

// Stop ends the program as a service manager does (SIGTERM), and fails the test
// when that does not end well.
func (h *Home) Stop() {
	h.tb.Helper()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		h.tb.Fatal(err)
	}
	kill := time.AfterFunc(patience, func() { _ = h.cmd.Process.Kill() })
	err := <-h.done
	kill.Stop()
	h.cmd = nil
	if err != nil {
		h.tb.Errorf("engawa serve ended with %v\n%s", err, tail(h.log.String(), 8000))
	}
}
