package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// home is a data folder and, while it is started, the child that serves it.
type home struct {
	program string
	data    string
	addr    string // of the child
	world   *world
	plain   bool // knows no neighbours
	child   *child
	http    *http.Client
}

// environment is the settings of the home under test.
func (h *home) environment(admin string) []string {
	env := []string{
		"ENGAWA_DOMAIN=" + homeHost, "ENGAWA_URL=" + homeBase, "ENGAWA_LISTEN=" + h.addr, "ENGAWA_ADMIN_LISTEN=" + admin,
		"ENGAWA_DATA=" + h.data, "ENGAWA_ALLOW_NETWORKS=127.0.0.0/8",
		"ENGAWA_ALLOW_HTTP=true", "ENGAWA_RATE_LIMITS=off", "ENGAWA_LOG=warn",
	}
	if !h.plain {
		env = append(env, "ENGAWA_HOSTS="+h.world.hosts())
	}
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "ENGAWA_") {
			env = append(env, pair)
		}
	}
	return env
}

// start runs `engawa serve` until it is ready.
func (h *home) start() error {
	admin, err := freeAddress()
	if err != nil {
		return err
	}
	if h.addr, err = freeAddress(); err != nil {
		return err
	}
	if h.child, err = startChild(h.program, []string{"serve"}, h.environment(admin), h.addr, "/readyz"); err != nil {
		return err
	}
	h.child.admin = admin
	h.http = newClient(h.addr, 32)
	h.world.home = h.http
	return nil
}

// stop ends the child.
func (h *home) stop() error {
	if h.child == nil {
		return nil
	}
	h.http.CloseIdleConnections()
	err := h.child.stop()
	h.child = nil
	return err
}

// command runs a subcommand of engawa to its end and returns what it printed.
func (h *home) command(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, h.program, args...)
	cmd.Env = h.environment("off")
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("engawa %s: %w: %s", strings.Join(args, " "), err, tail(complaint.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// token is the access token of every user here: the folder is thrown away.
func token(name string) string { return "bench-token-of-" + name }

// create makes users, each with a token, before the home is started.
func (h *home) create(ctx context.Context, names ...string) error {
	if h.addr == "" {
		h.addr = "127.0.0.1:1" // the commands listen nowhere
	}
	for _, name := range names {
		if _, err := h.command(ctx, "user", "create", name, "--email", name+"@"+homeHost, "--password", "縁側 "+name); err != nil {
			return err
		}
		if _, err := h.command(ctx, "token", "create", "--user", name, "--value", token(name)); err != nil {
			return err
		}
	}
	return nil
}

// user is somebody of the started home.
func (h *home) user(name string) (*user, error) {
	u := &user{client: h.http, base: homeBase, token: token(name)}
	var account struct{ ID string }
	err := u.call(http.MethodGet, "/api/v1/accounts/verify_credentials", nil, &account)
	u.id = account.ID
	return u, err
}

// size is what the data folder takes, in MB.
func (h *home) size() (float64, error) {
	var total int64
	err := filepath.WalkDir(h.data, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return float64(total) / 1e6, err
}
