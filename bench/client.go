package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/sync/errgroup"
)

// newClient is a client whose every connection goes to addr, whatever the URL
// says, and that keeps up to conns of them.
func newClient(addr string, conns int) *http.Client {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", addr)
		},
		MaxIdleConns: conns, MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns, DisableCompression: true,
		IdleConnTimeout: 5 * time.Minute,
	}}
}

// each calls f with 0 … n-1, workers at a time, until one fails.
func each(ctx context.Context, n, workers int, f func(i int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		g.Go(func() error {
			for i := w; i < n; i += workers {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := f(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// user is a person of the home under test and what speaks for it.
type user struct {
	client *http.Client
	base   string
	token  string
	id     string // of its account
}

// call asks the client API; form nil is a GET. into may be nil.
func (u *user) call(method, path string, form url.Values, into any) error {
	var body io.Reader
	if form != nil {
		body = bytes.NewReader([]byte(form.Encode()))
	}
	req, err := http.NewRequest(method, u.base+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+u.token)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := u.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, tail(string(answer)))
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// post says something, to everybody.
func (u *user) post(text string) (id string, err error) {
	var status struct{ ID string }
	err = u.call(http.MethodPost, "/api/v1/statuses", url.Values{"status": {text}, "visibility": {"public"}}, &status)
	return status.ID, err
}

// send posts a signed activity and wants 202.
func send(client *http.Client, req *http.Request) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err == nil && resp.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("POST %s: %s: %s", req.URL, resp.Status, tail(string(answer)))
	}
	return err
}
