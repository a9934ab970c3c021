package misskey

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
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

// params are the members of a call.
type params map[string]any

// makes are the calls that make something anew each time: of these an unknown
// outcome is Uncertain. A file that is sent twice is nobody's harm.
var makes = map[string]bool{"notes/create": true}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// post sends POST /api/{name}. The error is a *social.LinkError for a server
// that could not be asked.
func (n *Network) post(ctx context.Context, base, name, kind string, body io.Reader, size int64, limit time.Duration) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	sent := false
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent = true }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/"+name, body)
	if err != nil {
		return nil, network.Fix(locale.W("link.fail.unable", "where", hostOf(base)), "")
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", "application/json")
	client := *n.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return nil, unreachable(base, makes[name] && sent, err)
	}
	defer resp.Body.Close()
	data, err := loose.Body(resp.Body)
	if err != nil {
		return nil, unreachable(base, makes[name], err)
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: data}, nil
}

// call is post with JSON, and reads the answer into out, nil for an answer that
// does not matter.
func (n *Network) call(ctx context.Context, base, name string, p params, out any) error {
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	a, err := n.post(ctx, base, name, "application/json", bytes.NewReader(data), int64(len(data)), callTime)
	if err != nil {
		return err
	}
	return n.read(base, name, a, out)
}

// read takes an answer apart: any status but 2xx is a *social.LinkError.
func (n *Network) read(base, name string, a *answer, out any) error {
	if a.status/100 != 2 {
		return n.refusal(base, name, a)
	}
	if out == nil {
		return nil
	}
	if err := loose.Decode(a.body, out); err != nil {
		return nonsense(base, makes[name], err)
	}
	return nil
}

// ask is call as the account: the token is the member i, which every version
// and fork reads.
func (s *session) ask(ctx context.Context, name string, p params, out any) error {
	body := params{"i": s.token}
	maps.Copy(body, p)
	return s.call(ctx, s.base, name, body, out)
}

func unreachable(base string, uncertain bool, err error) error {
	if uncertain {
		return network.Unclear(hostOf(base), "", err)
	}
	return network.Away(hostOf(base), err)
}

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
