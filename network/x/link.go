package x

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Begin links with four keys at once, or sends the person to X with a client id.
func (x *X) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	field := func(name string) string { return strings.TrimSpace(in.Fields[name]) }
	k := keys{ConsumerKey: field("consumerKey"), ConsumerSecret: field("consumerSecret"), Token: field("token"), TokenSecret: field("tokenSecret")}
	given := 0
	for _, s := range []string{k.ConsumerKey, k.ConsumerSecret, k.Token, k.TokenSecret} {
		if s != "" {
			given++
		}
	}
	switch {
	case given == 4:
		return x.finished(ctx, &k)
	case given > 0:
		return nil, network.Fix(locale.W("link.fail.x_keys_some"), locale.W("link.do.x_keys_four"))
	case field("clientId") == "":
		return nil, network.Fix(locale.W("link.fail.x_keys_none"), locale.W("link.do.x_keys_none"))
	}
	b := begun{State: random(), Verifier: random(), Callback: in.Callback, ClientID: field("clientId"), ClientSecret: field("clientSecret")}
	state, err := json.Marshal(&b)
	if err != nil {
		return nil, err
	}
	return &network.LinkStep{URL: x.authorize(&b), State: state}, nil
}

// Finish exchanges the code that the person came back with.
func (x *X) Finish(ctx context.Context, state []byte, back url.Values) (*network.LinkStep, error) {
	var b begun
	if err := json.Unmarshal(state, &b); err != nil || b.State == "" {
		return nil, network.Unbegun(social.FixPost, nil)
	}
	if subtle.ConstantTimeCompare([]byte(b.State), []byte(back.Get("state"))) != 1 {
		return nil, network.Crossed(social.FixPost, "X")
	}
	if back.Get("error") != "" || back.Get("code") == "" {
		return nil, network.Denied(social.FixPost, "X", "")
	}
	g, err := x.token(ctx, url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")},
		"redirect_uri": {b.Callback}, "code_verifier": {b.Verifier}}, b.ClientID, b.ClientSecret)
	if err != nil {
		return nil, err
	}
	k := keys{ClientID: b.ClientID, ClientSecret: b.ClientSecret}
	k.take(g, x.now().UnixMilli())
	return x.finished(ctx, &k)
}

// finished asks who the keys belong to and makes the Link.
func (x *X) finished(ctx context.Context, k *keys) (*network.LinkStep, error) {
	secret, err := json.Marshal(k)
	if err != nil {
		return nil, err
	}
	l := &social.Link{Network: Name, Base: x.site(), State: social.LinkActive, ExpiresAt: k.ends()}
	me, err := x.me(ctx, k)
	if err != nil {
		return nil, err
	}
	x.describe(l, me)
	return &network.LinkStep{Link: l, Secret: secret}, nil
}

// Check brings l up to date by one owned read.
func (x *X) Check(ctx context.Context, l *social.Login) error {
	var answer struct{ Data user }
	if err := x.do(ctx, l, meCall(), &answer); err != nil {
		return err
	}
	if l.Account != "" && answer.Data.ID != l.Account {
		return network.Stranger("")
	}
	x.describe(l.Link, &answer.Data)
	return nil
}

func meCall() *call {
	return &call{method: http.MethodGet, path: "/2/users/me", query: url.Values{"user.fields": {"profile_image_url,subscription_type"}}}
}

func (x *X) me(ctx context.Context, k *keys) (*user, error) {
	var answer struct{ Data user }
	if err := x.send(ctx, k, meCall(), &answer); err != nil {
		return nil, err
	}
	if !number(answer.Data.ID) {
		return nil, network.Strange("X", nil)
	}
	return &answer.Data, nil
}

// The limits of X (facts, section 3.1).
const (
	charsFree    = 280
	charsPremium = 25_000 // inferred
	imageBytes   = 5 << 20
	gifBytes     = 15 << 20
	videoBytes   = 512 << 20
	altChars     = 1000
)

// describe writes what X says of the account into l.
func (x *X) describe(l *social.Link, u *user) {
	l.Account, l.Handle, l.Avatar = u.ID, u.Username, u.Picture
	l.URL = x.site() + "/" + url.PathEscape(u.Username)
	l.Limits = social.Bounds{Characters: charsFree, URL: 23, Media: 4, ImageBytes: imageBytes, AltText: altChars, PollOptions: 4}
	if u.Subscription == "Premium" || u.Subscription == "PremiumPlus" { // assumed field: user.fields=subscription_type
		l.Limits.Characters = charsPremium
	}
	l.Can = social.AblePost | social.AbleReply | social.AbleDelete | social.AbleMedia | social.AblePoll | social.AbleQuote |
		social.AbleBoost | social.AbleFavourite | social.AbleBookmark | social.AbleFollow
	if settings(l).Read {
		l.Can |= social.AbleRead | social.AbleNotify
	}
}

// settings reads the person's choices; unreadable ones are none.
func settings(l *social.Link) (s Settings) {
	_ = json.Unmarshal(l.Settings, &s)
	return s
}
