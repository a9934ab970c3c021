package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/fetch"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// answerCap is how many bytes of an answer are read.
const answerCap = 1 << 20

// call is one request to the API.
type call struct {
	method, path string
	query        url.Values
	body         any    // JSON, unless raw is set
	raw          []byte // multipart
	contentType  string // of raw
	made         bool   // it makes something: an unclear outcome is Uncertain
}

// do sends c as l and reads the answer into out, which may be nil.
func (x *X) do(ctx context.Context, l *social.Login, c *call, out any) error {
	k, err := x.fresh(ctx, l, "")
	if err != nil {
		return err
	}
	err = x.send(ctx, k, c, out)
	var refused *statusError
	if !k.oauth1() && errors.As(err, &refused) && refused.status == http.StatusUnauthorized && k.Refresh != "" {
		if k, err = x.fresh(ctx, l, k.Access); err != nil {
			return err
		}
		err = x.send(ctx, k, c, out)
	}
	return err
}

func (x *X) send(ctx context.Context, k *keys, c *call, out any) error {
	r, err := x.request(ctx, k, c)
	if err != nil {
		return err
	}
	resp, err := x.HTTP.Do(r)
	if err != nil {
		return lost(err, c.made)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerCap+1))
	if resp.StatusCode/100 != 2 {
		return refusal(resp.StatusCode, resp.Header, body, x.now(), c.made)
	}
	if err == nil && len(body) > answerCap {
		err = errors.New("the answer exceeds 1 MiB")
	}
	if err == nil && out != nil {
		err = json.Unmarshal(body, out)
	}
	if err != nil {
		return lost(err, c.made)
	}
	return nil
}

func (x *X) request(ctx context.Context, k *keys, c *call) (*http.Request, error) {
	raw, contentType := c.raw, c.contentType
	if c.body != nil {
		var err error
		if raw, err = json.Marshal(c.body); err != nil {
			return nil, network.Fix(locale.W("link.fail.unable", "where", "X"), "")
		}
		contentType = "application/json"
	}
	address := x.api() + c.path
	if len(c.query) > 0 {
		address += "?" + c.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(raw))
	if err != nil {
		return nil, network.Fix(locale.W("link.fail.unable", "where", "X"), "")
	}
	if raw == nil {
		r.Body, r.GetBody, r.ContentLength = nil, nil, 0
	} else {
		r.Header.Set("Content-Type", contentType)
	}
	if c.made {
		r.GetBody = nil // the transport must not send it again by itself
	}
	if k.oauth1() {
		sign1(r, k, x.now())
	} else {
		r.Header.Set("Authorization", "Bearer "+k.Access)
	}
	return r, nil
}

// lost is the failure of a request without an answer.
func lost(err error, made bool) error {
	if made && !unsent(err) {
		return network.Unclear("X", "", err)
	}
	return network.Away("X", err)
}

// unsent reports whether err tells for certain that no request left: no name,
// no connection, refused by our own client.
func unsent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var own *fetch.Error
	switch {
	case errors.As(err, &op) && op.Op == "dial", errors.As(err, &dns):
		return true
	case errors.As(err, &own):
		return own.Kind == fetch.Refused
	}
	return false
}

// number reports whether s is an id of X: decimal digits.
func number(s string) bool {
	return s != "" && len(s) <= 20 && strings.Trim(s, "0123456789") == ""
}
