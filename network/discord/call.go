package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"engawa/internal/hook"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// call sends one request and gives a success; all else is a *social.LinkError.
func (n *Network) call(ctx context.Context, l *social.Login, method string, u *url.URL, body []byte, contentType string) (*hook.Answer, error) {
	if wait := n.pace.Wait(n.Clock, int64(l.ID)); wait > 0 && l.ID != 0 {
		return nil, slower(wait)
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, network.Reconnect(locale.W("link.fail.webhook_call"), network.DoRelink, nil)
	}
	if body != nil {
		r.Header.Set("Content-Type", contentType)
	}
	a, err := hook.Do(n.HTTP, r)
	if err != nil {
		return nil, unanswered(err, method)
	}
	n.hold(l, a)
	if a.Status >= 200 && a.Status < 300 {
		return a, nil
	}
	return nil, n.refused(a, method)
}

// hold keeps to the bucket that the answer tells of (Rate Limits, header format).
func (n *Network) hold(l *social.Login, a *hook.Answer) {
	if a.Header.Get("X-RateLimit-Remaining") == "0" {
		n.pace.Hold(n.Clock, int64(l.ID), hook.Seconds(a.Header.Get("X-RateLimit-Reset-After")))
	}
	if a.Status == http.StatusTooManyRequests {
		n.pace.Hold(n.Clock, int64(l.ID), n.retryAfter(a))
	}
}

// retryAfter is the wait that a 429 asks for: retry_after in seconds with
// fractions, else the header; a second when neither is there.
func (n *Network) retryAfter(a *hook.Answer) time.Duration {
	var body struct {
		After json.Number `json:"retry_after"`
	}
	_ = json.Unmarshal(a.Body, &body) // the answer of a proxy has no JSON
	if d := hook.Seconds(body.After.String()); d > 0 {
		return d
	}
	if d := hook.RetryAfter(a.Header, n.Clock.Now()); d > 0 {
		return d
	}
	return time.Second
}

func slower(d time.Duration) error {
	return network.Slow("Discord", social.Millis((d+time.Millisecond-1)/time.Millisecond), nil)
}

// unanswered is the error of a request without an answer: only a POST makes a
// second message when it is repeated.
func unanswered(err error, method string) error {
	var f *hook.Failure
	if errors.As(err, &f) && f.Sent && method == http.MethodPost {
		return network.Unclear("Discord", "", err)
	}
	return network.Away("Discord", err)
}

// Codes of Discord's errors (Opcodes and Status Codes, JSON).
const (
	unknownChannel = 10003
	unknownMessage = 10008
	unknownWebhook = 10015
	badToken       = 50027
	tooLarge       = 40005
	archived       = 50083
)

// refused is the error of an answer that is no success.
func (n *Network) refused(a *hook.Answer, method string) error {
	var body struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
	}
	_ = json.Unmarshal(a.Body, &body)
	said := fmt.Errorf("discord: status %d, code %d: %s", a.Status, body.Code, cut(body.Message, 200))
	switch {
	case a.Status == http.StatusTooManyRequests:
		return slower(n.retryAfter(a))
	case body.Code == unknownMessage:
		return network.NotThere("Discord", said)
	case body.Code == archived || body.Code == unknownChannel:
		return network.Reconnect(locale.W("link.fail.channel_closed"), locale.W("link.do.channel_open", "where", "Discord"), said)
	case body.Code == unknownWebhook || body.Code == badToken || a.Status == 401 || a.Status == 403 || a.Status == 404:
		return network.Reconnect(locale.W("link.fail.webhook_gone", "where", "Discord"), locale.W("link.do.discord_new"), said)
	case a.Status == http.StatusRequestEntityTooLarge || body.Code == tooLarge:
		return network.TooLarge("Discord", said)
	case a.Status == http.StatusServiceUnavailable || a.Status >= 500 && method != http.MethodPost:
		return network.Down("Discord", "", said)
	case a.Status >= 500:
		return network.Unclear("Discord", "", said)
	}
	return network.Refused("Discord", cut(body.Message, 200), said)
}
