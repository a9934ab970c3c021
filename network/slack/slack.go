// Package slack posts to a channel of Slack through an incoming webhook. Slack
// takes a message and says "ok": it names none, so nothing can be changed or
// taken back later.
//
// Basis: Slack's documentation, "Sending messages using incoming webhooks",
// "Formatting text for app surfaces" and "Rate limits", as summed up in
// fake/doc.go with what is assumed.
package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"engawa/internal/clock"
	"engawa/internal/hook"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's name in a Link.
const Name = "slack"

// Can is what every Link here can do.
const Can = social.AblePost

const (
	maxText    = 4000 // advised
	maxSection = 3000 // characters of a section block
	maxImages  = 10
	maxAlt     = 2000
	gap        = time.Second // one message a second
)

// Network implements network.Linker and network.Poster.
type Network struct {
	HTTP  *http.Client
	Clock clock.Clock
	// Hosts are the hosts that webhooks may be at; empty: Slack's own. It is for
	// tests.
	Hosts []string

	pace hook.Pace
}

var hosts = []string{"hooks.slack.com", "hooks.slack-gov.com"}

type secret struct {
	URL string `json:"url"`
}

// Fields are what a person types to link a channel.
func (n *Network) Fields() []network.Field {
	return []network.Field{{Name: "url", Label: "link.field.webhook", Secret: true, Needed: true}}
}

// Begin makes a finished Link of a webhook's URL.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	typed := in.Fields["url"]
	if typed == "" {
		typed = in.Base
	}
	u, err := n.address(typed)
	if err != nil {
		return nil, err
	}
	sealed, _ := json.Marshal(secret{URL: u.String()})
	l := &social.Link{Network: Name, Base: hook.Origin(u)}
	if err := n.Check(ctx, &social.Login{Link: l, Secret: sealed}); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l, Secret: sealed}, nil
}

// Finish is never needed: a webhook is linked at once.
func (n *Network) Finish(context.Context, []byte, url.Values) (*network.LinkStep, error) {
	return nil, network.Cannot(locale.W("link.fail.once", "where", "Slack"), locale.W("link.do.webhook_url"))
}

// Check asks whether the webhook is there with an empty message, which Slack
// refuses (400 no_text) when it is and posts nowhere.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	u, err := n.opened(l)
	if err != nil {
		return err
	}
	err = n.post(ctx, l, u, []byte(`{"text":""}`))
	var le *social.LinkError
	if err != nil && !(errors.As(err, &le) && le.Class == social.FixPost) {
		return err
	}
	path := strings.Split(u.Path, "/") // "", services, team, webhook, token
	l.Account, l.Handle = path[2]+"/"+path[3], path[3]
	l.Can = Can
	l.Limits = social.Bounds{Characters: maxText, Media: maxImages, AltText: maxAlt}
	return nil
}

var word = regexp.MustCompile(`^[A-Za-z0-9]{1,100}$`)

// address reads https://hooks.slack.com/services/T…/B…/….
func (n *Network) address(typed string) (*url.URL, error) {
	bad := network.Fix(locale.W("link.fail.slack_url"), locale.W("link.do.slack_url"))
	u, err := url.Parse(strings.TrimSpace(typed))
	if err != nil || u.User != nil {
		return nil, bad
	}
	if len(n.Hosts) == 0 && (u.Scheme != "https" || !slices.Contains(hosts, u.Host)) || len(n.Hosts) > 0 && !slices.Contains(n.Hosts, u.Host) {
		return nil, bad
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(path) != 4 || path[0] != "services" || !word.MatchString(path[1]) || !word.MatchString(path[2]) || !word.MatchString(path[3]) {
		return nil, bad
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + strings.Join(path, "/")}, nil
}

func (n *Network) opened(l *social.Login) (*url.URL, error) {
	var s secret
	if json.Unmarshal(l.Secret, &s) == nil {
		if u, err := n.address(s.URL); err == nil {
			return u, nil
		}
	}
	return nil, network.Unreadable(nil)
}

// Send posts p. Slack gives no id and knows no key against doubles: the Ref
// holds the Part's key, and an unknown outcome is Uncertain.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	u, err := n.opened(l)
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(messageOf(p))
	if err != nil {
		return nil, err
	}
	if wait := n.pace.Wait(n.Clock, int64(l.ID)); wait > 0 {
		return nil, slower(wait)
	}
	n.pace.Hold(n.Clock, int64(l.ID), gap)
	if err := n.post(ctx, l, u, body); err != nil {
		return nil, err
	}
	return &social.Sent{Ref: social.Ref{ID: p.Key}}, nil
}

// Edit is not possible.
func (n *Network) Edit(context.Context, *social.Login, social.Ref, *social.Part) (*social.Sent, error) {
	return nil, network.NoEdit("Slack")
}

// Delete is not possible.
func (n *Network) Delete(context.Context, *social.Login, social.Ref) (*social.Sent, error) {
	return nil, network.Cannot(locale.W("link.fail.no_delete", "where", "Slack"), locale.W("link.do.delete_there", "where", "Slack"))
}

// Find cannot look: a webhook does not read.
func (n *Network) Find(context.Context, *social.Login, *social.Part) (*social.Sent, error) {
	return nil, network.Cannot(locale.W("link.fail.cannot_tell", "where", "Slack"), locale.W("link.do.look"))
}

// post sends one body; all but "ok" is a *social.LinkError.
func (n *Network) post(ctx context.Context, l *social.Login, u *url.URL, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(string(body)))
	if err != nil {
		return network.Reconnect(locale.W("link.fail.webhook_call"), network.DoRelink, nil)
	}
	r.Header.Set("Content-Type", "application/json")
	a, err := hook.Do(n.HTTP, r)
	var f *hook.Failure
	switch {
	case errors.As(err, &f) && f.Sent:
		return network.Unclear("Slack", "", err)
	case err != nil:
		return network.Away("Slack", err)
	case a.Status == http.StatusOK:
		return nil
	case a.Status == http.StatusTooManyRequests:
		wait := max(hook.RetryAfter(a.Header, n.Clock.Now()), gap)
		n.pace.Hold(n.Clock, int64(l.ID), wait)
		return slower(wait)
	}
	return refused(a)
}

func slower(d time.Duration) error {
	return network.Slow("Slack", social.Millis((d+time.Millisecond-1)/time.Millisecond), nil)
}

// reasons are Slack's words (Handling errors of incoming webhooks) in ours.
var reasons = map[string]struct {
	class           social.LinkFailure
	message, remedy locale.Words
}{
	"invalid_payload":                   {social.FixPost, locale.W("link.fail.refused", "where", "Slack"), network.DoChange},
	"no_text":                           {social.FixPost, locale.W("link.fail.empty", "where", "Slack"), network.DoWrite},
	"too_many_attachments":              {social.FixPost, locale.W("link.fail.no_files", "where", "Slack"), network.DoNoFile},
	"msg_too_long":                      {social.FixPost, locale.W("link.fail.long", "where", "Slack"), network.DoShorten},
	"user_not_found":                    {social.Reconnect, locale.W("link.fail.s_person"), locale.W("link.do.webhook_new")},
	"channel_not_found":                 {social.Reconnect, locale.W("link.fail.s_channel"), locale.W("link.do.webhook_new")},
	"channel_is_archived":               {social.Reconnect, locale.W("link.fail.s_archived"), locale.W("link.do.channel_open", "where", "Slack")},
	"action_prohibited":                 {social.Reconnect, locale.W("link.fail.s_barred"), locale.W("link.do.workspace")},
	"invalid_token":                     {social.Reconnect, locale.W("link.fail.webhook_gone", "where", "Slack"), locale.W("link.do.webhook_new")},
	"no_service":                        {social.Reconnect, locale.W("link.fail.s_off"), locale.W("link.do.webhook_new")},
	"no_service_id":                     {social.Reconnect, locale.W("link.fail.s_off"), locale.W("link.do.webhook_new")},
	"no_team":                           {social.Reconnect, locale.W("link.fail.s_team_gone"), locale.W("link.do.other_channel")},
	"team_disabled":                     {social.Reconnect, locale.W("link.fail.s_team_off"), locale.W("link.do.workspace")},
	"no_active_hooks":                   {social.Reconnect, locale.W("link.fail.s_off"), locale.W("link.do.webhook_new")},
	"posting_to_general_channel_denied": {social.Reconnect, locale.W("link.fail.s_general"), locale.W("link.do.other_channel")},
}

// refused is the error of an answer that is no success.
func refused(a *hook.Answer) error {
	said := strings.TrimSpace(string(a.Body[:min(len(a.Body), 100)]))
	err := fmt.Errorf("slack: status %d: %q", a.Status, said)
	if r, ok := reasons[said]; ok {
		return &social.LinkError{Class: r.class, Message: r.message, Remedy: r.remedy, Err: err}
	}
	switch a.Status {
	case 401, 403, 404, 410:
		return network.Reconnect(locale.W("link.fail.webhook_gone", "where", "Slack"), locale.W("link.do.webhook_new"), err)
	case http.StatusServiceUnavailable:
		return network.Down("Slack", "", err)
	}
	if a.Status >= 500 {
		return network.Unclear("Slack", "", err)
	}
	return network.Refused("Slack", "", err)
}
