package x

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// scopes are what the app asks for; offline.access brings the refresh token,
// the last ones are for deeds and bookmarks.
const scopes = "tweet.read tweet.write users.read media.write offline.access like.write bookmark.write follows.write"

// begun is what Finish needs to know of Begin.
type begun struct {
	State        string `json:"state"`
	Verifier     string `json:"verifier"`
	Callback     string `json:"callback"`
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret,omitempty"`
}

func random() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// authorize is where the person goes, by PKCE with S256 (RFC 7636).
func (x *X) authorize(b *begun) string {
	challenge := sha256.Sum256([]byte(b.Verifier))
	q := url.Values{
		"response_type":         {"code"},
		"client_id":             {b.ClientID},
		"redirect_uri":          {b.Callback},
		"scope":                 {scopes},
		"state":                 {b.State},
		"code_challenge":        {base64.RawURLEncoding.EncodeToString(challenge[:])},
		"code_challenge_method": {"S256"},
	}
	return x.site() + "/i/oauth2/authorize?" + q.Encode()
}

// granted is an answer of the token endpoint.
type granted struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Expires int64  `json:"expires_in"` // seconds
}

// token asks the token endpoint; secret is "" for a public client.
func (x *X) token(ctx context.Context, form url.Values, id, secret string) (*granted, error) {
	form.Set("client_id", id)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.api()+"/2/oauth2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if secret != "" {
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) // RFC 6749, section 2.3.1
	}
	resp, err := x.HTTP.Do(r)
	if err != nil {
		return nil, lost(err, false)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerCap))
	if err != nil {
		return nil, lost(err, false)
	}
	if resp.StatusCode/100 != 2 {
		return nil, tokenRefusal(resp, body, x)
	}
	var g granted
	if err := json.Unmarshal(body, &g); err != nil || g.Access == "" {
		return nil, lost(errors.New("the token endpoint answered without a token"), false)
	}
	return &g, nil
}

// tokenRefusal: a bad grant or client is answered 400 or 401 (RFC 6749, section 5.2).
func tokenRefusal(resp *http.Response, body []byte, x *X) error {
	if resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized {
		return refusedKeys(locale.W("link.fail.ended"), &statusError{resp.StatusCode, "at the token endpoint"})
	}
	return refusal(resp.StatusCode, resp.Header, body, x.now(), false)
}

// renewal is what became of a refresh token.
type renewal struct {
	spent []string // the refresh tokens that were exchanged, the last few
	now   keys
}

// fresh returns keys of l that are good for the next minute. An access token of
// OAuth 2 is renewed when it ends, or when it is stale, the one that X refused.
// X rotates refresh tokens, so the new one is kept before it is used.
func (x *X) fresh(ctx context.Context, l *social.Login, stale string) (*keys, error) {
	k, err := readKeys(l.Secret)
	if err != nil || k.oauth1() {
		return k, err
	}
	lock := x.lock(l.ID)
	lock.Lock()
	defer lock.Unlock()
	x.mu.Lock()
	if r, ok := x.renewed[l.ID]; ok && slices.Contains(r.spent, k.Refresh) {
		renewed := r.now
		k = &renewed
	}
	x.mu.Unlock()
	good := k.Access != "" && (k.Expires == 0 || k.Expires > x.now().UnixMilli()+60_000)
	if good && k.Access != stale {
		return k, nil
	}
	if k.Refresh == "" {
		return nil, refusedKeys(locale.W("link.fail.ended"), nil)
	}
	return x.renew(ctx, l, k)
}

func (x *X) lock(id social.ID) *sync.Mutex {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.locks == nil {
		x.locks = make(map[social.ID]*sync.Mutex)
		x.renewed = make(map[social.ID]renewal)
	}
	if x.locks[id] == nil {
		x.locks[id] = new(sync.Mutex)
	}
	return x.locks[id]
}

func (x *X) renew(ctx context.Context, l *social.Login, k *keys) (*keys, error) {
	g, err := x.token(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {k.Refresh}}, k.ClientID, k.ClientSecret)
	if err != nil {
		return nil, err
	}
	now := *k
	now.take(g, x.now().UnixMilli())
	secret, err := json.Marshal(&now)
	if err != nil {
		return nil, err
	}
	if l.Keep != nil {
		// The old token is spent already: the new one must be kept even when
		// the work that wanted it is given up.
		if err := l.Keep(context.WithoutCancel(ctx), secret, now.ends()); err != nil {
			return nil, &social.LinkError{Class: social.TryAgain, Message: locale.W("link.fail.not_kept"), Remedy: network.DoWait, Err: err}
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	spent := append(x.renewed[l.ID].spent, k.Refresh)
	x.renewed[l.ID] = renewal{spent: spent[max(0, len(spent)-8):], now: now}
	return &now, nil
}

// take puts what was granted at now into k.
func (k *keys) take(g *granted, now social.Millis) {
	k.Access, k.Expires = g.Access, 0
	if g.Expires > 0 && g.Expires < 1<<32 {
		k.Expires = now + g.Expires*1000
	}
	if g.Refresh != "" {
		k.Refresh = g.Refresh
	}
}

// ends is when the credentials end for good: never while they can be renewed.
func (k *keys) ends() social.Millis {
	if k.Refresh != "" {
		return 0
	}
	return k.Expires
}
