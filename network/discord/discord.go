// Package discord posts to a channel of Discord through a webhook that its
// owner made there. A webhook can write, edit and delete; it cannot read.
//
// Basis: Discord's developer documentation, resource "Webhook" (Execute, Edit
// and Delete Webhook Message), "Rate Limits" and "Message Formatting", as
// summed up in fake/doc.go with what is assumed.
package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/hook"
	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Name is the network's name in a Link.
const Name = "discord"

// Can is what every Link here can do. An answer is a message that names what it answers.
const Can = social.AblePost | social.AbleReply | social.AbleEdit | social.AbleDelete | social.AbleMedia | social.AbleQuote

// Limits of a message.
const (
	MaxText      = 2000
	maxEmbedText = 4096
	maxEmbeds    = 10
	maxFiles     = 10
	maxFileBytes = 10 << 20
	maxAlt       = 1024
	maxName      = 80
)

// Network implements network.Linker and network.Poster.
type Network struct {
	HTTP  *http.Client
	Clock clock.Clock
	Files network.Files
	// Hosts are the hosts that webhooks may be at; empty: Discord's own. It is
	// for tests.
	Hosts []string

	pace hook.Pace
}

var hosts = []string{"discord.com", "discordapp.com", "ptb.discord.com", "canary.discord.com"}

// secret is what Link.Secret holds.
type secret struct {
	URL string `json:"url"` // of the webhook, with its token
}

// settings is what Link.Settings holds.
type settings struct {
	Thread   string `json:"thread,omitempty"`   // a thread of the channel to write in
	Username string `json:"username,omitempty"` // shown instead of the webhook's name
	Guild    string `json:"guild,omitempty"`    // for the pages of messages
}

// Fields are what a person types to link a channel.
func (n *Network) Fields() []network.Field {
	return []network.Field{
		{Name: "url", Label: "link.field.webhook", Secret: true, Needed: true},
		{Name: "thread", Label: "link.field.thread"},
		{Name: "username", Label: "link.field.username"},
	}
}

// Begin makes a finished Link of a webhook's URL.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	typed := in.Fields["url"]
	if typed == "" {
		typed = in.Base
	}
	address, err := n.address(typed)
	if err != nil {
		return nil, err
	}
	set := settings{Thread: strings.TrimSpace(in.Fields["thread"]), Username: strings.TrimSpace(in.Fields["username"])}
	if !digits.MatchString("0"+set.Thread) || len(set.Thread) > 20 {
		return nil, network.Fix(locale.W("link.fail.thread_number"), locale.W("link.do.correct_link"))
	}
	if low := strings.ToLower(set.Username); len([]rune(set.Username)) > maxName || strings.Contains(low, "discord") || strings.Contains(low, "clyde") {
		return nil, network.Fix(locale.W("link.fail.discord_name"), locale.W("link.do.correct_link"))
	}
	sealed, _ := json.Marshal(secret{URL: address.String()})
	l := &social.Link{Network: Name, Base: hook.Origin(address)}
	l.Settings, _ = json.Marshal(set)
	if err := n.Check(ctx, &social.Login{Link: l, Secret: sealed}); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l, Secret: sealed}, nil
}

// Finish is never needed: a webhook is linked at once.
func (n *Network) Finish(context.Context, []byte, url.Values) (*network.LinkStep, error) {
	return nil, network.Cannot(locale.W("link.fail.once", "where", "Discord"), locale.W("link.do.webhook_url"))
}

// Check asks Discord whether the webhook is still there, and what it is called.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	address, err := n.opened(l)
	if err != nil {
		return err
	}
	a, err := n.call(ctx, l, http.MethodGet, address, nil, "")
	if err != nil {
		return err
	}
	var about struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Avatar  string `json:"avatar"`
		Channel string `json:"channel_id"`
		Guild   string `json:"guild_id"`
	}
	if json.Unmarshal(a.Body, &about) != nil || !digits.MatchString(about.ID) || !digits.MatchString(about.Channel) {
		return network.Strange("Discord", nil)
	}
	set := settingsOf(l)
	if set.Guild = about.Guild; !digits.MatchString("0" + set.Guild) {
		set.Guild = ""
	}
	l.Link.Settings, _ = json.Marshal(set)
	l.Account, l.Handle = about.ID, cut(about.Name, maxName)
	if avatar.MatchString(about.Avatar) {
		l.Avatar = "https://cdn.discordapp.com/avatars/" + about.ID + "/" + about.Avatar + ".png"
	}
	if set.Guild != "" {
		l.URL = "https://discord.com/channels/" + set.Guild + "/" + about.Channel
	}
	l.Can = Can
	l.Limits = social.Bounds{Characters: MaxText, Media: maxFiles, ImageBytes: maxFileBytes, AltText: maxAlt}
	return nil
}

var (
	digits  = regexp.MustCompile(`^[0-9]{1,20}$`)
	token   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)
	avatar  = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)
	version = regexp.MustCompile(`^v[0-9]{1,2}$`)
)

// address reads a webhook's URL as it is copied from Discord:
// https://discord.com/api/webhooks/{id}/{token}, with or without /v10.
func (n *Network) address(typed string) (*url.URL, error) {
	bad := network.Fix(locale.W("link.fail.discord_url"), locale.W("link.do.discord_url"))
	u, err := url.Parse(strings.TrimSpace(typed))
	if err != nil || u.User != nil {
		return nil, bad
	}
	if len(n.Hosts) == 0 && (u.Scheme != "https" || !slices.Contains(hosts, u.Host)) {
		return nil, bad
	}
	if len(n.Hosts) > 0 && !slices.Contains(n.Hosts, u.Host) {
		return nil, bad
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(path) > 1 && version.MatchString(path[1]) {
		path = slices.Delete(path, 1, 2)
	}
	if len(path) != 4 || path[0] != "api" || path[1] != "webhooks" || !digits.MatchString(path[2]) || !token.MatchString(path[3]) {
		return nil, bad
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/api/webhooks/" + path[2] + "/" + path[3]}, nil
}

// opened is the webhook's URL from the credentials.
func (n *Network) opened(l *social.Login) (*url.URL, error) {
	var s secret
	if json.Unmarshal(l.Secret, &s) == nil {
		if u, err := n.address(s.URL); err == nil {
			return u, nil
		}
	}
	return nil, network.Unreadable(nil)
}

func settingsOf(l *social.Login) (s settings) {
	_ = json.Unmarshal(l.Settings, &s) // what cannot be read is as if it were not set
	return s
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
