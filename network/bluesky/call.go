package bluesky

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxAnswer   = 1 << 20
	callTimeout = 30 * time.Second
	sendTimeout = 5 * time.Minute // of a file
)

// body is what a request carries; open is called once a try.
type body struct {
	contentType string
	size        int64
	open        func() (io.ReadCloser, error)
}

func jsonBody(v any) (*body, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return bytesBody("application/json", b), nil
}

func formBody(form url.Values) *body {
	return bytesBody("application/x-www-form-urlencoded", []byte(form.Encode()))
}

func bytesBody(contentType string, b []byte) *body {
	return &body{contentType, int64(len(b)), func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}
}

// answer is what a server said, read whole.
type answer struct {
	header http.Header
	body   []byte
}

// exchange sends one request and reads the answer. A status that is not 2xx is
// an *xrpcError, no answer a *transportError. Redirects are not followed.
func (n *Network) exchange(ctx context.Context, method, address string, header http.Header, b *body) (*answer, error) {
	u, err := n.checkURL(address)
	if err != nil {
		return nil, err
	}
	timeout := callTimeout
	if b != nil && b.size > maxAnswer {
		timeout = sendTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	req, err := newRequest(ctx, method, u, header, b)
	if err != nil {
		return nil, err
	}
	client := http.Client{Transport: n.HTTP.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return nil, noAnswer(u, err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, noAnswer(u, err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, refusal(resp, said)
	}
	if len(said) > maxAnswer {
		return nil, fmt.Errorf("%s: %w", u.Host, errLong)
	}
	return &answer{resp.Header, said}, nil
}

func newRequest(ctx context.Context, method string, u *url.URL, header http.Header, b *body) (*http.Request, error) {
	var from io.ReadCloser = http.NoBody
	var err error
	if b != nil {
		if from, err = b.open(); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), from)
	if err != nil {
		from.Close()
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	for name, values := range header {
		req.Header[name] = values
	}
	if b != nil {
		req.ContentLength = b.size
		req.Header.Set("Content-Type", b.contentType)
	}
	return req, nil
}

// refusal reads XRPC's {error, message} and OAuth's {error, error_description};
// the headers that say when to come back are kept.
func refusal(resp *http.Response, said []byte) error {
	e := &xrpcError{Status: resp.StatusCode, Header: resp.Header}
	var o struct {
		Error       string `json:"error"`
		Message     string `json:"message"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(said, &o) == nil {
		e.Name, e.Message = clip(o.Error, 100), clip(or(o.Message, o.Description), 300)
	}
	if e.Name == "" {
		e.Name = challengeError(resp.Header.Get("WWW-Authenticate"))
	}
	return e
}

// challengeError finds error="…" in a WWW-Authenticate header (RFC 6750, section 3).
func challengeError(h string) string {
	_, rest, ok := strings.Cut(h, `error="`)
	if !ok {
		return ""
	}
	name, _, ok := strings.Cut(rest, `"`)
	if !ok || len(name) > 100 {
		return ""
	}
	return name
}

// getJSON reads a document that anybody may read.
func (n *Network) getJSON(ctx context.Context, address string, into any) error {
	a, err := n.exchange(ctx, http.MethodGet, address, nil, nil)
	if err != nil {
		return err
	}
	return decode(a, into)
}

// decode reads an answer; fields of a wrong type stay empty.
func decode(a *answer, into any) error {
	if into == nil {
		return nil
	}
	if err := loose(a.body, into); err != nil {
		return fmt.Errorf("the answer is not the JSON that was expected: %w", err)
	}
	return nil
}

// loose is json.Unmarshal that passes over values of a wrong type: one odd post
// does not spoil a timeline.
func loose(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) {
		return nil
	}
	return err
}

// errLong is an answer that is not read: asking for less may help.
var errLong = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)

var errURL = errors.New("not the https address of a server")

// checkURL takes https addresses with a host and without credentials, and http where AllowHTTP is set.
func (n *Network) checkURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || len(s) > 4096 {
		return nil, fmt.Errorf("%q is %w", clip(s, 100), errURL)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !n.AllowHTTP) {
		return nil, fmt.Errorf("%q is %w", clip(s, 100), errURL)
	}
	return u, nil
}

// origin is scheme and host of a server, without a path; an error when s is no address of one.
func (n *Network) origin(s string) (string, error) {
	u, err := n.checkURL(s)
	if err != nil {
		return "", err
	}
	return u.Scheme + "://" + u.Host, nil
}
