// Package toot drives Debian's toot, a Mastodon client of other people, against a server under test.
//
// Every client has a configuration folder of its own and never asks a terminal.
package toot

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// patience is how long one command may take.
const patience = 30 * time.Second

// Client is toot, logged in to at most one account at a time.
type Client struct {
	tb     testing.TB
	server *url.URL
	config string // XDG_CONFIG_HOME
	env    []string
}

// New returns a client of the server at base, "http://127.0.0.1:8080" or "https://…"; roots is a PEM file of the
// authority that signed the server's certificate, "" for plain http. Where toot is not installed the test is skipped,
// or fails when CI is set.
func New(tb testing.TB, base, roots string) *Client {
	tb.Helper()
	if _, err := exec.LookPath("toot"); err != nil {
		const remedy = "toot is not installed: run scripts/deps test"
		if os.Getenv("CI") != "" {
			tb.Fatal(remedy)
		}
		tb.Skip(remedy)
	}
	server, err := url.Parse(base)
	if err != nil || server.Host == "" || strings.Trim(server.Path, "/") != "" {
		tb.Fatalf("%q is no base URL of a server: write scheme://host[:port]", base)
	}
	c := &Client{tb: tb, server: server, config: tb.TempDir()}
	c.env = append(os.Environ(), "XDG_CONFIG_HOME="+c.config, "PYTHONUTF8=1", "PYTHONUNBUFFERED=1", "PYTHONWARNINGS=ignore", "NO_PROXY=*")
	if roots != "" {
		c.env = append(c.env, "REQUESTS_CA_BUNDLE="+roots)
	}
	return c
}

// Host is the server as toot names it, host:port.
func (c *Client) Host() string { return c.server.Host }

// Login goes through toot's own log-in: it registers an application, prints the address of the authorisation page and
// waits for the code. Authorize does what the person does in the browser: it gets that address and returns the code.
func (c *Client) Login(authorize func(page string) (code string)) {
	c.tb.Helper()
	args := []string{"login", "--instance", c.server.Scheme + "://" + c.server.Host}
	if strings.Contains(c.Run("login", "--help"), "--disable-https") { // before version 0.40 (Debian 13 has a later one)
		args[2] = c.server.Host
		if c.server.Scheme == "http" {
			args = append(args, "--disable-https")
		}
	}
	ctx, cancel := context.WithTimeout(c.tb.Context(), patience)
	defer cancel()
	var told, complained bytes.Buffer
	cmd := c.command(ctx, args)
	cmd.Stderr = &complained
	in, err := cmd.StdinPipe()
	if err != nil {
		c.tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		c.tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		c.tb.Fatal(err)
	}
	err = converse(in, bufio.NewReader(io.TeeReader(out, &told)), authorize)
	in.Close()
	io.Copy(&told, out)
	if err = errors.Join(err, cmd.Wait()); err != nil {
		c.tb.Fatalf("toot login: %v\n%s%s", err, told.String(), complained.String())
	}
}

// converse answers toot's two questions: open a browser, and the code.
func converse(in io.Writer, out *bufio.Reader, authorize func(string) string) error {
	for {
		line, err := out.ReadString('\n')
		if page := strings.TrimSpace(line); strings.HasPrefix(page, "http") && strings.Contains(page, "/oauth/authorize") {
			_, err := fmt.Fprintf(in, "n\n%s\n", authorize(page))
			return err
		}
		if err != nil {
			return fmt.Errorf("it named no authorisation page: %w", err)
		}
	}
}

// UseToken makes the client that account, as if it had logged in, with a token made elsewhere.
func (c *Client) UseToken(name, token string) {
	c.tb.Helper()
	instance, id := c.server.Host, name+"@"+c.server.Host
	config := map[string]any{
		"apps": map[string]any{instance: map[string]string{"instance": instance, "base_url": c.server.Scheme + "://" + instance,
			"client_id": "unused", "client_secret": "unused"}},
		"users":       map[string]any{id: map[string]string{"instance": instance, "username": name, "access_token": token}},
		"active_user": id,
	}
	text, err := json.Marshal(config)
	if err == nil {
		err = os.MkdirAll(filepath.Join(c.config, "toot"), 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(c.config, "toot", "config.json"), text, 0o600)
	}
	if err != nil {
		c.tb.Fatal(err)
	}
}

// Run runs a command, such as Run("post", "hello") or Run("timeline", "--once"), and returns what it printed, without
// colours. A failure fails the test.
func (c *Client) Run(args ...string) string {
	c.tb.Helper()
	out, err := c.Try(args...)
	if err != nil {
		c.tb.Fatal(err)
	}
	return out
}

// Try is [Client.Run] that returns the failure. Toot exits with status 0 for an unknown command and for one that needs
// a log-in, so whatever it says on standard error is a failure.
func (c *Client) Try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(c.tb.Context(), patience)
	defer cancel()
	var out, said bytes.Buffer
	cmd := c.command(ctx, args)
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if err == nil && said.Len() > 0 {
		err = errors.New("it complained")
	}
	if err != nil {
		return out.String(), fmt.Errorf("toot %s: %w\n%s%s", strings.Join(args, " "), err, out.String(), said.String())
	}
	return out.String(), nil
}

func (c *Client) command(ctx context.Context, args []string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "toot", args...)
	cmd.Env = c.env
	cmd.Dir = c.config
	return cmd
}
