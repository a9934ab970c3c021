package mastodon

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"engawa/internal/locale"
	"engawa/internal/loose"
	"engawa/network"
	"engawa/social"
)

// scopes are what a link asks for: to read what the account sees, and to write
// what it is told to.
const scopes = "read write"

// app is what a server registered us as.
type app struct {
	ID     string
	Secret string
}

// step is what is kept between Begin and Finish.
type step struct {
	Base     string `json:"base"`
	ClientID string `json:"clientId"`
	Secret   string `json:"secret"`
	Callback string `json:"callback"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Verifier string `json:"verifier,omitempty"`
}

// Begin links by a token that was typed (field "token"), or sends the person to
// the server's page of consent (RFC 6749, 4.1, with PKCE where the server has
// it). The URL bears a state that comes back to Finish.
func (n *Network) Begin(ctx context.Context, in network.LinkInput) (*network.LinkStep, error) {
	base, err := baseOf(in.Base)
	if err != nil {
		return nil, err
	}
	srv, base, err := n.discover(ctx, base)
	if err != nil {
		return nil, err
	}
	if token := strings.TrimSpace(in.Fields["token"]); token != "" {
		return n.linked(ctx, base, srv, secret{Token: token}, "", 0)
	}
	a, err := n.app(ctx, base, in)
	if err != nil {
		return nil, err
	}
	st := step{Base: base, ClientID: a.ID, Secret: a.Secret, Callback: in.Callback, Name: in.HomeName, State: rand.Text()}
	q := url.Values{"response_type": {"code"}, "client_id": {a.ID}, "redirect_uri": {in.Callback}, "scope": {scopes}, "state": {st.State}}
	if n.pkce(ctx, base) {
		st.Verifier = rand.Text() + rand.Text()
		sum := sha256.Sum256([]byte(st.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	state, err := json.Marshal(st)
	if err != nil {
		return nil, err
	}
	return &network.LinkStep{URL: base + "/oauth/authorize?" + q.Encode(), State: state}, nil
}

// baseOf reads what a person types for a server: a host, a URL, or a handle.
func baseOf(typed string) (string, error) {
	s := strings.TrimSpace(typed)
	scheme := "https"
	if rest, ok := strings.CutPrefix(s, "http://"); ok {
		scheme, s = "http", rest
	}
	s = strings.TrimPrefix(s, "https://")
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	s = strings.ToLower(s[strings.LastIndexByte(s, '@')+1:])
	if !isDomain(s) {
		return "", network.Address(loose.Line(typed, 100), "mastodon.social")
	}
	return scheme + "://" + s, nil
}

// app registers this home at a server, once for each address it wants people
// sent back to (POST /api/v1/apps is allowed 5 times in 10 minutes).
func (n *Network) app(ctx context.Context, base string, in network.LinkInput) (app, error) {
	key := base + "\n" + in.Callback + "\n" + in.HomeName
	n.mu.Lock()
	a, ok := n.apps[key]
	n.mu.Unlock()
	if ok {
		return a, nil
	}
	c := call{method: "POST", path: "/api/v1/apps", body: map[string]string{
		"client_name": orElse(in.HomeName, "Engawa"), "redirect_uris": in.Callback, "scopes": scopes, "website": in.HomeURL,
	}}
	got, err := n.send(ctx, n.plain(), base, c)
	if err != nil {
		return app{}, err
	}
	if got.status/100 != 2 {
		return app{}, n.refusal(base, c, got)
	}
	var out struct {
		ID     loose.Text `json:"client_id"`
		Secret loose.Text `json:"client_secret"`
	}
	if err := loose.Decode(got.body, &out); err != nil || out.ID == "" || out.Secret == "" {
		return app{}, nonsense(base, false, err)
	}
	a = app{ID: string(out.ID), Secret: string(out.Secret)}
	n.mu.Lock()
	remember(&n.apps, key, a)
	n.mu.Unlock()
	return a, nil
}

// pkce reports whether a server announces PKCE with S256 (RFC 8414, RFC 7636).
func (n *Network) pkce(ctx context.Context, base string) bool {
	a, err := n.send(ctx, n.plain(), base, call{method: "GET", path: "/.well-known/oauth-authorization-server"})
	if err != nil || a.status != http.StatusOK {
		return false
	}
	var meta struct {
		Methods loose.List[string] `json:"code_challenge_methods_supported"`
	}
	return loose.Decode(a.body, &meta) == nil && slices.Contains(meta.Methods, "S256")
}

// Finish changes the code that the person brought back for a token.
func (n *Network) Finish(ctx context.Context, state []byte, back url.Values) (*network.LinkStep, error) {
	var st step
	if err := json.Unmarshal(state, &st); err != nil || st.Base == "" {
		return nil, network.Unbegun(social.Reconnect, err)
	}
	code := back.Get("code")
	switch {
	case subtle.ConstantTimeCompare([]byte(back.Get("state")), []byte(st.State)) != 1:
		return nil, network.Crossed(social.Reconnect, hostOf(st.Base))
	case code == "":
		words := loose.Line(orElse(back.Get("error_description"), back.Get("error")), 200)
		return nil, network.Denied(social.Reconnect, hostOf(st.Base), words)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "client_id": {st.ClientID}, "client_secret": {st.Secret},
		"redirect_uri": {st.Callback}, "scope": {scopes}}
	if st.Verifier != "" {
		form.Set("code_verifier", st.Verifier)
	}
	tok, err := n.token(ctx, st.Base, form)
	if err != nil {
		n.mu.Lock()
		delete(n.apps, st.Base+"\n"+st.Callback+"\n"+st.Name) // it may be the app that is unknown there
		n.mu.Unlock()
		return nil, err
	}
	srv, err := n.server(ctx, st.Base)
	if err != nil {
		return nil, err
	}
	sec := secret{Token: string(tok.Token), ClientID: st.ClientID, ClientSecret: st.Secret, Refresh: string(tok.Refresh)}
	return n.linked(ctx, st.Base, srv, sec, tok.Scope, n.ends(tok))
}

// token is what POST /oauth/token answers.
type token struct {
	Token   loose.Text `json:"access_token"`
	Refresh loose.Text `json:"refresh_token"`
	Expires int64      `json:"expires_in"` // seconds
	Scope   string     `json:"scope"`
}

func (n *Network) token(ctx context.Context, base string, form url.Values) (*token, error) {
	c := call{method: "POST", path: "/oauth/token", form: form}
	a, err := n.send(ctx, n.plain(), base, c)
	if err != nil {
		return nil, err
	}
	if a.status == http.StatusBadRequest || a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
		return nil, network.Reconnect(network.Said(locale.W("link.fail.grant", "where", hostOf(base)), said(a)), network.DoRelink, statusError(a.status))
	}
	if a.status != http.StatusOK {
		return nil, n.refusal(base, c, a)
	}
	var t token
	if err := loose.Decode(a.body, &t); err != nil || t.Token == "" {
		return nil, nonsense(base, false, err)
	}
	return &t, nil
}

// ends is when a token ends in milliseconds, 0 for never.
func (n *Network) ends(t *token) social.Millis {
	if t.Expires <= 0 || t.Expires > 100*365*86400 {
		return 0
	}
	return social.Millis(n.now() + t.Expires*1000)
}

// renewBefore is how long before its end a token is renewed, in milliseconds.
const renewBefore = 5 * 60 * 1000

// renew changes a refresh token for new credentials and keeps them before they
// are used. Two callers with the same token get the same answer.
func (n *Network) renew(ctx context.Context, l *social.Login, old secret) (secret, error) {
	key := l.Base + "\n" + old.Refresh
	n.mu.Lock()
	s, ok := n.renewed[key]
	n.mu.Unlock()
	if ok {
		return s, nil
	}
	t, err := n.token(ctx, l.Base, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh},
		"client_id": {old.ClientID}, "client_secret": {old.ClientSecret}})
	if err != nil {
		return secret{}, err
	}
	s = old
	s.Token = string(t.Token)
	if t.Refresh != "" {
		s.Refresh = string(t.Refresh)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return secret{}, err
	}
	n.mu.Lock()
	remember(&n.renewed, key, s)
	n.mu.Unlock()
	ends := n.ends(t)
	if l.Keep != nil {
		if err := l.Keep(ctx, data, ends); err != nil {
			return secret{}, err
		}
	}
	l.Secret, l.ExpiresAt = data, ends
	return s, nil
}

// linked asks who the token belongs to and makes the Link.
func (n *Network) linked(ctx context.Context, base string, srv *server, sec secret, granted string, ends social.Millis) (*network.LinkStep, error) {
	l := &social.Link{Network: "mastodon", Base: base, State: social.LinkActive, ExpiresAt: ends, CreatedAt: social.Millis(n.now())}
	if srv.software == "engawa" {
		l.Network = "engawa"
	}
	data, err := json.Marshal(sec)
	if err != nil {
		return nil, err
	}
	if err := n.look(ctx, &session{Network: n, base: base, token: sec.Token}, srv, l); err != nil {
		return nil, err
	}
	if words := strings.Fields(granted); len(words) > 0 && !slices.Contains(words, "write") {
		l.Can &= social.AbleRead | social.AbleNotify | social.AbleStream
	}
	return &network.LinkStep{Link: l, Secret: data}, nil
}

// Check asks for the account and its server again. What the person did not
// allow stays not allowed.
func (n *Network) Check(ctx context.Context, l *social.Login) error {
	s, err := n.open(ctx, l)
	if err != nil {
		return err
	}
	srv, _, err := n.discover(ctx, l.Base)
	if err != nil {
		return err
	}
	readOnly := l.Can != 0 && !l.Can.Has(social.AblePost)
	if err := n.look(ctx, s, srv, l.Link); err != nil {
		return err
	}
	if readOnly {
		l.Can &= social.AbleRead | social.AbleNotify | social.AbleStream
	}
	return nil
}

// look reads the account of a session into l.
func (n *Network) look(ctx context.Context, s *session, srv *server, l *social.Link) error {
	var a account
	if err := s.ask(ctx, call{method: "GET", path: "/api/v1/accounts/verify_credentials"}, &a); err != nil {
		return err
	}
	name := loose.Cut(a.Username, 256)
	if a.ID == "" || name == "" {
		return nonsense(s.base, false, nil)
	}
	if l.Account != "" && l.Account != string(a.ID) {
		return network.Stranger(name)
	}
	l.Account, l.Handle = string(a.ID), name+"@"+srv.domain
	l.URL, l.Avatar = loose.WebURL(a.URL), loose.WebURL(a.Avatar)
	l.Can, l.Limits = srv.can, srv.limits
	if n.Dialer == nil {
		l.Can &^= social.AbleStream
	}
	return nil
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
