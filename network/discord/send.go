package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Send posts p and waits for its id. Discord knows no key against doubles:
// where the outcome is not known the error is Uncertain.
func (n *Network) Send(ctx context.Context, l *social.Login, p *social.Part) (*social.Sent, error) {
	u, err := n.opened(l)
	if err != nil {
		return nil, err
	}
	set := settingsOf(l)
	q := url.Values{"wait": {"true"}}
	if set.Thread != "" {
		q.Set("thread_id", set.Thread)
	}
	u.RawQuery = q.Encode()
	return n.put(ctx, l, http.MethodPost, u, p)
}

// Edit makes the message at ref say what p says, with p's files instead of its
// own (Edit Webhook Message).
func (n *Network) Edit(ctx context.Context, l *social.Login, ref social.Ref, p *social.Part) (*social.Sent, error) {
	u, err := n.message(l, ref)
	if err != nil {
		return nil, err
	}
	return n.put(ctx, l, http.MethodPatch, u, p)
}

// put sends the message p to u.
func (n *Network) put(ctx context.Context, l *social.Login, method string, u *url.URL, p *social.Part) (*social.Sent, error) {
	m, err := messageOf(p, settingsOf(l))
	if err != nil {
		return nil, err
	}
	if method == http.MethodPatch {
		m.Username = "" // cannot be changed
	}
	body, contentType, err := n.encode(ctx, m, p)
	if err != nil {
		return nil, err
	}
	a, err := n.call(ctx, l, method, u, body, contentType)
	if err != nil {
		return nil, err
	}
	var made struct {
		ID      string `json:"id"`
		Channel string `json:"channel_id"`
	}
	if json.Unmarshal(a.Body, &made) != nil || !digits.MatchString(made.ID) {
		return nil, network.Unclear("Discord", "", nil)
	}
	ref := social.Ref{ID: made.ID}
	if g := settingsOf(l).Guild; g != "" && digits.MatchString(made.Channel) {
		ref.URL = "https://discord.com/channels/" + g + "/" + made.Channel + "/" + made.ID
	}
	return &social.Sent{Ref: ref}, nil
}

// Delete removes the message at ref; one that is gone is no error.
func (n *Network) Delete(ctx context.Context, l *social.Login, ref social.Ref) (*social.Sent, error) {
	u, err := n.message(l, ref)
	if err != nil {
		return nil, err
	}
	_, err = n.call(ctx, l, http.MethodDelete, u, nil, "")
	var le *social.LinkError
	if errors.As(err, &le) && le.Class == social.NotThere {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return &social.Sent{Ref: ref}, nil
}

// Find cannot look: a webhook reads no message but by its number.
func (n *Network) Find(context.Context, *social.Login, *social.Part) (*social.Sent, error) {
	return nil, network.Cannot(locale.W("link.fail.cannot_tell", "where", "Discord"), locale.W("link.do.look"))
}

// message is the address of one message of the webhook.
func (n *Network) message(l *social.Login, ref social.Ref) (*url.URL, error) {
	u, err := n.opened(l)
	if err != nil {
		return nil, err
	}
	if !digits.MatchString(ref.ID) {
		return nil, network.NotThere("Discord", nil)
	}
	u = u.JoinPath("messages", ref.ID)
	if t := settingsOf(l).Thread; t != "" {
		u.RawQuery = url.Values{"thread_id": {t}}.Encode()
	}
	return u, nil
}
