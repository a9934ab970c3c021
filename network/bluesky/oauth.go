package bluesky

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// The profile of OAuth that Bluesky uses: atproto.com/specs/oauth (PAR, PKCE
// with S256, DPoP, clients named by the address of their metadata).

// authServer is the metadata of an authorization server (RFC 8414).
type authServer struct {
	Issuer    string   `json:"issuer"`
	Authorize string   `json:"authorization_endpoint"`
	Token     string   `json:"token_endpoint"`
	PAR       string   `json:"pushed_authorization_request_endpoint"`
	Scopes    []string `json:"scopes_supported"`
}

// authServerOf finds who gives permissions for the accounts of pds (RFC 9728).
func (n *Network) authServerOf(ctx context.Context, pds string) (*authServer, error) {
	var resource struct {
		Servers []string `json:"authorization_servers"`
	}
	if err := n.getJSON(ctx, pds+"/.well-known/oauth-protected-resource", &resource); err != nil {
		return nil, n.failure("asking who may give permission", err)
	}
	if len(resource.Servers) != 1 {
		return nil, network.Fix(locale.W("link.fail.oauth_none"), locale.W("link.do.with_password"))
	}
	issuer, err := n.origin(resource.Servers[0])
	if err != nil {
		return nil, n.failure("asking who may give permission", err)
	}
	var s authServer
	if err := n.getJSON(ctx, issuer+"/.well-known/oauth-authorization-server", &s); err != nil {
		return nil, n.failure("asking who may give permission", err)
	}
	for _, endpoint := range []string{s.Authorize, s.Token, s.PAR} {
		if _, err := n.checkURL(endpoint); err != nil {
			return nil, n.failure("asking who may give permission", err)
		}
	}
	if !same(s.Issuer, issuer) {
		return nil, n.failure("asking who may give permission", errors.New("the authorization server calls itself something else"))
	}
	return &s, nil
}

// pending is what Finish needs of Begin.
type pending struct {
	State    string `json:"state"`
	Verifier string `json:"verifier"`
	Redirect string `json:"redirect"`
	DID      string `json:"did"`
	Handle   string `json:"handle"`
	PDS      string `json:"pds"`
	oauthSide
}

func (n *Network) beginOAuth(ctx context.Context, id *identity, in *network.LinkInput) (*network.LinkStep, error) {
	server, err := n.authServerOf(ctx, id.pds)
	if err != nil {
		return nil, err
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	p := pending{State: random(24), Verifier: random(48), DID: id.did, Handle: id.handle, PDS: id.pds}
	p.Issuer, p.Token = server.Issuer, server.Token
	if p.Key, err = key.text(); err != nil {
		return nil, err
	}
	p.Client, p.Redirect = clientID(in.HomeURL, in.Callback)
	p.Confidential = n.ClientKey != nil && strings.HasSuffix(p.Client, MetadataPath)
	challenge := sha256.Sum256([]byte(p.Verifier))
	form := url.Values{"client_id": {p.Client}, "redirect_uri": {p.Redirect}, "response_type": {"code"}, "scope": {oauthScope},
		"state": {p.State}, "code_challenge": {raw64.EncodeToString(challenge[:])}, "code_challenge_method": {"S256"},
		"login_hint": {or(id.handle, id.did)}}
	a, err := n.prove(ctx, &proving{key: key, nonces: new(nonces)}, http.MethodPost, server.PAR, n.signedForm(&p.oauthSide, form))
	if err != nil {
		return nil, n.failure("asking for permission", err)
	}
	var pushed struct {
		URI string `json:"request_uri"`
	}
	if err := decode(a, &pushed); err != nil || pushed.URI == "" || len(pushed.URI) > 1024 {
		return nil, n.failure("asking for permission", fmt.Errorf("the answer names no request: %w", errors.Join(err, errTokens)))
	}
	state, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	join := "?"
	if strings.Contains(server.Authorize, "?") {
		join = "&"
	}
	return &network.LinkStep{URL: server.Authorize + join + url.Values{"client_id": {p.Client}, "request_uri": {pushed.URI}}.Encode(), State: state}, nil
}

// Finish exchanges the code that came back for tokens.
func (n *Network) Finish(ctx context.Context, state []byte, back url.Values) (*network.LinkStep, error) {
	var p pending
	if err := json.Unmarshal(state, &p); err != nil || p.State == "" {
		return nil, network.Unbegun(social.FixPost, nil)
	}
	if back.Get("state") != p.State || !same(back.Get("iss"), p.Issuer) {
		return nil, network.Crossed(social.FixPost, "Bluesky")
	}
	if refused := back.Get("error"); refused != "" {
		return nil, n.failure("linking", &xrpcError{Status: http.StatusBadRequest, Name: clip(refused, 100), Message: clip(back.Get("error_description"), 300)})
	}
	c := &credentials{DID: p.DID, Handle: p.Handle, PDS: p.PDS, Since: n.now().UnixMilli(), OAuth: &p.oauthSide}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {p.Redirect}, "code_verifier": {p.Verifier}}
	if err := n.grant(ctx, c, new(nonces), form); err != nil {
		return nil, n.failure("linking", err)
	}
	return n.linked(ctx, c)
}

func (c *caller) refreshOAuth(ctx context.Context, next *credentials) (*credentials, error) {
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {next.Refresh}}
	return next, c.n.grant(ctx, next, &c.nonces, form)
}

// grant asks the token endpoint and fills the tokens of c. The answer must be
// for the account that was asked for (atproto.com/specs/oauth, "sub").
func (n *Network) grant(ctx context.Context, c *credentials, kept *nonces, form url.Values) error {
	key, err := parseKey(c.OAuth.Key)
	if err != nil {
		return err
	}
	form.Set("client_id", c.OAuth.Client)
	a, err := n.prove(ctx, &proving{key: key, nonces: kept}, http.MethodPost, c.OAuth.Token, n.signedForm(c.OAuth, form))
	if err != nil {
		return err
	}
	var t struct {
		Access  string `json:"access_token"`
		Type    string `json:"token_type"`
		Refresh string `json:"refresh_token"`
		Scope   string `json:"scope"`
		Sub     string `json:"sub"`
		Seconds int64  `json:"expires_in"`
	}
	if err := decode(a, &t); err != nil {
		return err
	}
	switch {
	case t.Access == "" || len(t.Access)+len(t.Refresh) > 16<<10 || !strings.EqualFold(t.Type, "DPoP"):
		return errTokens
	case t.Sub != c.DID:
		return network.Reconnect(locale.W("link.fail.other_account"), locale.W("link.do.other_account"), nil)
	case !covers(t.Scope, oauthScope):
		return network.NoScope("Bluesky", "", nil)
	}
	c.Access = t.Access
	if t.Refresh != "" {
		c.Refresh = t.Refresh
	}
	c.Ends = 0
	if t.Seconds > 0 && t.Seconds < 1<<31 {
		c.Ends = n.now().UnixMilli() + social.Millis(t.Seconds)*1000
	}
	return nil
}

// covers reports whether all words of wanted are in given.
func covers(given, wanted string) bool {
	have := strings.Fields(given)
	for _, w := range strings.Fields(wanted) {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}
