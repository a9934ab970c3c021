package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"time"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// How long one call may take.
const (
	callTime   = 30 * time.Second
	uploadTime = 10 * time.Minute
)

// call is one request to a server.
type call struct {
	method, path string
	query        url.Values
	body         any // JSON
	form         url.Values
	stream       io.Reader // multipart, of size bytes and this type
	size         int64
	kind         string
	key          string // Idempotency-Key
	once         bool   // it makes something anew each time: an unknown outcome is Uncertain
	token        string
	time         time.Duration
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL // where it was asked, after redirects
}

// plain is a client that does not follow redirects.
func (n *Network) plain() *http.Client {
	c := *n.HTTP
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &c
}

// send carries a call out. The error is a *social.LinkError for a server that
// could not be asked; answers of any status are no error.
func (n *Network) send(ctx context.Context, client *http.Client, base string, c call) (*answer, error) {
	if c.time == 0 {
		c.time = callTime
	}
	ctx, cancel := context.WithTimeout(ctx, c.time)
	defer cancel()
	sent := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent = true }})
	req, err := request(ctx, base, c)
	if err != nil {
		return nil, network.Fix(locale.W("link.fail.unable", "where", hostOf(base)), "")
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, unreachable(base, c.once && sent, err)
	}
	defer resp.Body.Close()
	body, err := loose.Body(resp.Body)
	if err != nil {
		return nil, unreachable(base, c.once, err)
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: body, url: resp.Request.URL}, nil
}

func request(ctx context.Context, base string, c call) (*http.Request, error) {
	var body io.Reader
	kind := c.kind
	switch {
	case c.stream != nil:
		body = c.stream
	case c.form != nil:
		body, kind = strings.NewReader(c.form.Encode()), "application/x-www-form-urlencoded"
	case c.body != nil:
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, err
		}
		body, kind = bytes.NewReader(data), "application/json"
	}
	address := base + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, c.method, address, body)
	if err != nil {
		return nil, err
	}
	if c.stream != nil {
		req.ContentLength = c.size
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	req.Header.Set("Accept", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.key != "" {
		req.Header.Set("Idempotency-Key", c.key)
	}
	return req, nil
}

// unreachable is the error of a server that gave no answer.
func unreachable(base string, uncertain bool, err error) error {
	if uncertain {
		return network.Unclear(hostOf(base), "", err)
	}
	return network.Away(hostOf(base), err)
}

// ask carries a call out as the account and reads the answer into out, nil for
// an answer that does not matter. Any status but 2xx is a *social.LinkError.
func (s *session) ask(ctx context.Context, c call, out any) error {
	_, err := s.askStatus(ctx, c, out)
	return err
}

// askStatus is ask that tells the status too.
func (s *session) askStatus(ctx context.Context, c call, out any) (int, error) {
	c.token = s.token
	a, err := s.send(ctx, s.plain(), s.base, c)
	if err != nil {
		return 0, err
	}
	if a.status/100 != 2 {
		return a.status, s.refusal(s.base, c, a)
	}
	if out == nil {
		return a.status, nil
	}
	if err := loose.Decode(a.body, out); err != nil {
		return a.status, nonsense(s.base, c.once, err)
	}
	return a.status, nil
}

// nonsense is the error of an answer that is not what the API answers.
func nonsense(base string, uncertain bool, err error) error {
	e := network.Strange(hostOf(base), err)
	if uncertain {
		e.Class = social.Uncertain
	}
	return e
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return "the server"
	}
	return u.Host
}
