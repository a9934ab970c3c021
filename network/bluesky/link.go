package bluesky

import (
	"context"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Begin links with the app password in the field "password", or sends the
// person to the account's authorization server where it is empty. The field
// "handle" is a handle, DID or, with a password, an e-mail address. Base, where
// it is set, is the account's PDS: the password goes there without a look-up.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	who, password := strings.TrimPrefix(strings.TrimSpace(in.Fields["handle"]), "@"), strings.TrimSpace(in.Fields["password"])
	if who == "" {
		return nil, network.Fix(locale.W("link.fail.handle_missing"), locale.W("link.do.handle"))
	}
	base := ""
	if in.Base != "" {
		var err error
		if base, err = n.origin(withScheme(in.Base)); err != nil {
			return nil, network.Fix(locale.W("link.fail.address", "typed", clip(in.Base, 80)), locale.W("link.do.pds"))
		}
	}
	mail := strings.Contains(who, "@")
	if mail && password == "" {
		return nil, network.Fix(locale.W("link.fail.mail_password"), locale.W("link.do.handle"))
	}
	c := &credentials{Password: password, PDS: base, Since: n.now().UnixMilli()}
	switch {
	case mail:
		c.PDS = or(base, or(n.Entryway, publicEntryway))
	case base == "" || password == "":
		id, err := n.find(ctx, who, base)
		if err != nil {
			return nil, err
		}
		if password == "" {
			return n.beginOAuth(ctx, id, &in)
		}
		c.DID, c.Handle, c.PDS, who = id.did, id.handle, id.pds, id.did
	}
	if err := n.createSession(ctx, c, who); err != nil {
		return nil, n.failure("logging in", err)
	}
	return n.linked(ctx, c)
}

func withScheme(base string) string {
	base = strings.TrimSpace(base)
	if strings.Contains(base, "://") {
		return base
	}
	return "https://" + base
}

// linked is the step that finishes linking, with the account's profile.
func (n *Network) linked(ctx context.Context, c *credentials) (*network.LinkStep, error) {
	secret, err := c.secret()
	if err != nil {
		return nil, err
	}
	l := &social.Link{Network: Name, Base: c.PDS, Account: c.DID, Handle: or(c.Handle, c.DID), URL: profileURL(c.DID),
		Can: n.abilities(), Limits: Limits, State: social.LinkActive, ExpiresAt: c.expires()}
	login := &social.Login{Link: l, Secret: secret, Keep: func(_ context.Context, renewed []byte, _ social.Millis) error {
		secret = renewed
		return nil
	}}
	if err := n.Check(ctx, login); err != nil {
		return nil, err
	}
	return &network.LinkStep{Link: l, Secret: secret}, nil
}

// Check asks the PDS who the account is, and for its profile.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	c, err := n.open(l)
	if err != nil {
		return err
	}
	var who tokens
	if err := c.get(ctx, "com.atproto.server.getSession", nil, &who); err != nil {
		return n.failure("checking the account", err)
	}
	if who.DID != c.did {
		return network.Stranger("")
	}
	if who.Active != nil && !*who.Active {
		return n.failure("checking the account", inactive(who.Status))
	}
	if validHandle(who.Handle) {
		l.Handle = who.Handle
	}
	l.Account, l.URL, l.Base = c.did, profileURL(or(l.Handle, c.did)), c.pds
	l.Can, l.Limits = n.abilities(), Limits
	c.mu.Lock()
	l.ExpiresAt = c.cred.expires()
	c.mu.Unlock()
	var profile author
	// A PDS without an AppView has no profiles: the account works all the same.
	if err := c.get(ctx, "app.bsky.actor.getProfile", url.Values{"actor": {c.did}}, &profile); err == nil {
		l.Avatar = webURL(profile.Avatar)
	}
	return nil
}
