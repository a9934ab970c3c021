// Package webhook hands posts to a program of the person's own: signed JSON to
// an address. docs/webhook.md is its contract; the signature is that of the
// specification "Standard Webhooks" (standardwebhooks.com, 2023).
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/internal/hook"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's name in a Link.
const Name = "webhook"

// Can is what every Link here can do.
const Can = social.AblePost | social.AbleReply | social.AbleEdit | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleQuote | social.AbleBoost

const (
	minSecret  = 16 // bytes of the key, at least
	maxAddress = 2000
	maxID      = 500
	maxText    = 50_000
	maxMedia   = 16
)

// Network implements network.Linker and network.Poster.
type Network struct {
	HTTP  *http.Client
	Clock clock.Clock
	// UserAgent says who calls; "" leaves it to the client.
	UserAgent string
}

type secret struct {
	URL string `json:"url"`
	Key string `json:"key"` // as typed
}

// Fields are what a person types to link a program.
func (n *Network) Fields() []network.Field {
	return []network.Field{
		{Name: "url", Label: "link.field.address", Secret: true, Needed: true},
		{Name: "key", Label: "link.field.signing_key", Secret: true, Needed: true},
	}
}

// Begin makes a finished Link when the program answers a ping.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	s := secret{URL: strings.TrimSpace(in.Fields["url"]), Key: strings.TrimSpace(in.Fields["key"])}
	if s.URL == "" {
		s.URL = strings.TrimSpace(in.Base)
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(s.URL) > maxAddress || u.User != nil || u.Fragment != "" {
		return nil, network.Fix(locale.W("link.fail.hook_address"), locale.W("link.do.hook_address"))
	}
	if _, err := key(s.Key); err != nil {
		return nil, err
	}
	sealed, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	l := &social.Link{Network: Name, Base: hook.Origin(u)}
	if err := n.Check(ctx, &social.Login{Link: l, Secret: sealed}); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l, Secret: sealed}, nil
}

// Finish is never needed: a webhook is linked at once.
func (n *Network) Finish(context.Context, []byte, url.Values) (*network.LinkStep, error) {
	return nil, network.Cannot(locale.W("link.fail.once", "where", "Webhook"), locale.W("link.do.webhook_url"))
}

// Check sends a ping.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	now := n.Clock.Now()
	id := "ping-" + strconv.FormatInt(now.UnixNano(), 36)
	if _, err := n.send(ctx, l, id, &call{Verb: "ping", ID: id}); err != nil {
		return err
	}
	u, _, _ := opened(l)
	l.Account, l.Handle = u.Host, u.Host
	l.Can = Can
	l.Limits = social.Bounds{Characters: maxText, Media: maxMedia}
	return nil
}

// Send says create. The delivery id is the Part's key: a program that keeps
// to docs/webhook.md takes the same one once, so every failure may be repeated.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	return n.send(ctx, l, p.Key, &call{Verb: "create", ID: p.Key, Post: postOf(p)})
}

// Edit says update.
func (n *Network) Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error) {
	return n.send(ctx, l, p.Key, &call{Verb: "update", ID: ref.ID, Post: postOf(p)})
}

// Delete says delete.
func (n *Network) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	sent, err := n.send(ctx, l, "delete:"+ref.ID, &call{Verb: "delete", ID: ref.ID})
	var le *social.LinkError
	if errors.As(err, &le) && le.Class == social.NotThere {
		return &social.Sent{Ref: ref}, nil
	}
	return sent, err
}

// Find answers that nothing arrived: to send again with the same delivery id
// does no harm.
func (n *Network) Find(context.Context, *social.Login, *social.Part) (*social.Sent, error) {
	return nil, nil
}

// send makes one signed call.
func (n *Network) send(ctx context.Context, l *social.Login, delivery string, c *call) (*social.Sent, error) {
	u, k, err := opened(l)
	if err != nil {
		return nil, err
	}
	now := n.Clock.Now()
	c.Version, c.SentAt = 1, now.UTC().Format(time.RFC3339)
	body, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(string(body)))
	if err != nil {
		return nil, network.Reconnect(locale.W("link.fail.webhook_call"), network.DoRelink, nil)
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Webhook-Id", delivery)
	r.Header.Set("Webhook-Timestamp", stamp)
	r.Header.Set("Webhook-Signature", Sign(k, delivery, stamp, body))
	if n.UserAgent != "" {
		r.Header.Set("User-Agent", n.UserAgent)
	}
	a, err := hook.Do(n.HTTP, r)
	if err != nil {
		return nil, network.Away(u.Host, err)
	}
	if a.Status < 200 || a.Status > 299 {
		return nil, n.refused(a, u.Host)
	}
	return &social.Sent{Ref: named(a.Body, c.ID)}, nil
}

// Sign is the value of Webhook-Signature: base64 of the HMAC-SHA256 over
// "id.timestamp.body" (Standard Webhooks, "Signature scheme").
func Sign(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// key reads a signing key: whsec_ and base64, or any text of its own bytes.
func key(typed string) ([]byte, error) {
	k := []byte(typed)
	if rest, ok := strings.CutPrefix(typed, "whsec_"); ok {
		var err error
		if k, err = base64.StdEncoding.DecodeString(rest); err != nil {
			return nil, network.Fix(locale.W("link.fail.whsec"), locale.W("link.do.whsec"))
		}
	}
	if len(k) < minSecret || len(k) > 1024 {
		return nil, network.Fix(locale.W("link.fail.sign_length"), locale.W("link.do.sign_length"))
	}
	return k, nil
}

func opened(l *social.Login) (*url.URL, []byte, error) {
	var s secret
	if json.Unmarshal(l.Secret, &s) == nil {
		u, err := url.Parse(s.URL)
		k, err2 := key(s.Key)
		if err == nil && err2 == nil {
			return u, k, nil
		}
	}
	return nil, nil, network.Unreadable(nil)
}

// named is the Ref of a post: what the program calls it, where it says so as
// {"id": "…", "url": "…"}, else the id it was told.
func named(body []byte, told string) social.Ref {
	var said struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
	ref := social.Ref{ID: told}
	if json.Unmarshal(body, &said) != nil {
		return ref
	}
	if said.ID != "" && len(said.ID) <= maxID {
		ref.ID = said.ID
	}
	if (strings.HasPrefix(said.URL, "https://") || strings.HasPrefix(said.URL, "http://")) && len(said.URL) <= maxAddress {
		ref.URL = said.URL
	}
	return ref
}

// refused is the error of an answer that is no success.
func (n *Network) refused(a *hook.Answer, host string) error {
	err := fmt.Errorf("webhook: status %d", a.Status)
	switch {
	case a.Status == http.StatusTooManyRequests || a.Status == http.StatusRequestTimeout || a.Status == http.StatusTooEarly || a.Status >= 500:
		return &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.status_down", "where", host, "status", strconv.Itoa(a.Status)), Remedy: network.DoWait,
			After: social.Millis(hook.RetryAfter(a.Header, n.Clock.Now()) / time.Millisecond), Err: err}
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return network.Reconnect(locale.W("link.fail.signature", "where", host), locale.W("link.do.signature"), err)
	case a.Status == http.StatusGone && strings.TrimSpace(string(a.Body)) == "post gone":
		return network.NotThere(host, err)
	case a.Status == http.StatusNotFound || a.Status == http.StatusGone || a.Status < 400:
		return network.Reconnect(locale.W("link.fail.nobody_listens", "where", host, "status", strconv.Itoa(a.Status)), locale.W("link.do.listen"), err)
	}
	return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.status_refused", "where", host, "status", strconv.Itoa(a.Status)), Remedy: locale.W("link.do.program_log"), Err: err}
}
