package auth

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"engawa/internal/clock"
	"engawa/social"
)

// Provider is an identity provider (OpenID Connect Core 1.0) that people of
// this home log in with. Fields are set before use.
type Provider struct {
	Issuer, ClientID, Secret string
	Name                     string // how people call it
	Redirect                 string // address of this home that the provider sends back to
	HTTP                     *http.Client

	mu    sync.Mutex
	found *oidc.Provider
}

// Trip is a log-in on its way through the provider: kept, sealed, by the browser.
type Trip struct {
	State    string        `json:"s"`
	Nonce    string        `json:"n"`
	Verifier string        `json:"v"`
	Next     string        `json:"x,omitempty"`
	Link     social.ID     `json:"l,omitempty"` // the User who links the identity, zero for a log-in
	Until    social.Millis `json:"u"`
}

// Stranger is who the provider says came, and no User is yet: kept, sealed, by
// the form of the sign-up.
type Stranger struct {
	Issuer  string        `json:"i"`
	Subject string        `json:"s"`
	Name    string        `json:"n,omitempty"`
	Email   string        `json:"e,omitempty"` // proved by the provider, or ""
	Until   social.Millis `json:"u"`
}

const (
	tripLife     = 10 * time.Minute
	strangerLife = 30 * time.Minute
	tripSeal     = "oidc-trip"
	strangerSeal = "oidc-stranger"
)

var badTrip = &social.Error{Kind: social.Unauthenticated, Op: "identity", Message: "The log-in took too long, or was begun in another browser. Start again"}

// provider finds the provider's addresses and keys at the first need.
func (p *Provider) provider(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// what it finds is kept, and asked for keys later: it must outlive the request
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.HTTP), p.Issuer)
	if err != nil {
		return nil, &social.Error{Kind: social.Temporary, Op: "identity", Message: "The identity provider does not answer. Try again later", Err: err}
	}
	p.found = found
	return found, nil
}

func (p *Provider) config(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: p.Redirect,
		Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// Depart begins a log-in, or the linking of a User (not nil): url leads to the
// provider, kept comes back with the browser.
func (a *Auth) Depart(ctx context.Context, next string, u *social.User) (url, kept string, err error) {
	found, err := a.Provider.provider(ctx)
	if err != nil {
		return "", "", err
	}
	t := Trip{State: Random(), Nonce: Random(), Verifier: oauth2.GenerateVerifier(), Next: next, Until: a.until(tripLife)}
	if u != nil {
		t.Link = u.ID
	}
	if kept, err = a.sealed(&t, tripSeal); err != nil {
		return "", "", err
	}
	return a.Provider.config(found).AuthCodeURL(t.State, oidc.Nonce(t.Nonce), oauth2.S256ChallengeOption(t.Verifier)), kept, nil
}

func (a *Auth) until(life time.Duration) social.Millis {
	return clock.Millis(a.Home.Clock.Now().Add(life))
}

func (a *Auth) sealed(v any, context string) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return a.Home.Master.SealBytes(raw, context), nil
}

func (a *Auth) unsealed(text, context string, v any) error {
	raw, err := a.Home.Master.OpenBytes(text, context)
	if err != nil || json.Unmarshal(raw, v) != nil {
		return badTrip
	}
	return nil
}

// Arrival is what came of a log-in through the provider: a User, or a Stranger.
type Arrival struct {
	*social.User
	*Stranger
	Next   string
	Linked bool // the identity is the User's from now on
}

// Arrive takes the provider's answer. who is logged in in this browser, nil for
// nobody.
func (a *Auth) Arrive(ctx context.Context, kept, state, code string, who *social.User) (*Arrival, error) {
	var t Trip
	if err := a.unsealed(kept, tripSeal, &t); err != nil {
		return nil, err
	}
	if t.State != state || t.Until < a.until(0) || code == "" || (t.Link != 0 && (who == nil || who.ID != t.Link)) {
		return nil, badTrip
	}
	claims, err := a.claims(ctx, &t, code)
	if err != nil {
		return nil, err
	}
	out := &Arrival{Next: t.Next}
	if t.Link != 0 {
		out.User, out.Linked = who, true
		return out, a.Home.Store.Write(ctx, func(tx social.Tx) error {
			return tx.PutIdentity(ctx, &social.Identity{Issuer: claims.Issuer, Subject: claims.Subject, User: who.ID, CreatedAt: a.until(0)})
		})
	}
	known, err := a.Home.Store.Identity(ctx, claims.Issuer, claims.Subject)
	if social.IsKind(err, social.NotFound) {
		claims.Until = a.until(strangerLife)
		out.Stranger = claims
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	if out.User, err = a.Home.Store.User(ctx, known.User); err != nil {
		return nil, err
	}
	return out, mayUse(ctx, a.Home.Store, out.User)
}

// claims trades the code for what the provider says (Core 1.0 3.1.3).
func (a *Auth) claims(ctx context.Context, t *Trip, code string) (*Stranger, error) {
	refused := func(err error) error {
		return &social.Error{Kind: social.Unauthenticated, Op: "identity", Message: "The identity provider's answer does not hold. Start again", Err: err}
	}
	found, err := a.Provider.provider(ctx)
	if err != nil {
		return nil, err
	}
	ctx = oidc.ClientContext(ctx, a.Provider.HTTP)
	tokens, err := a.Provider.config(found).Exchange(ctx, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		return nil, refused(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	id, err := found.Verifier(&oidc.Config{ClientID: a.Provider.ClientID, Now: a.Home.Clock.Now}).Verify(ctx, raw)
	if err != nil || id.Nonce != t.Nonce || id.Subject == "" || len(id.Subject) > 255 {
		return nil, refused(err)
	}
	var said struct {
		Name     string `json:"preferred_username"`
		Email    string `json:"email"`
		Verified any    `json:"email_verified"` // some say it as text
	}
	if err := id.Claims(&said); err != nil {
		return nil, refused(err)
	}
	s := &Stranger{Issuer: id.Issuer, Subject: id.Subject, Name: localName(said.Name)}
	if said.Verified == true || said.Verified == "true" {
		if s.Email = normalEmail(said.Email); CheckEmail(s.Email) != nil {
			s.Email = ""
		}
	}
	return s, nil
}

// localName is what of a name at the provider can be one here.
func localName(s string) string {
	s, _, _ = strings.Cut(s, "@")
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		case r == '.', r == '-', r == ' ':
			return '_'
		}
		return -1
	}, plain(s, 200))
	if len(s) > 30 {
		s = s[:30]
	}
	return s
}

// KeepStranger seals a Stranger for the form of the sign-up; StrangerIn opens it.
func (a *Auth) KeepStranger(s *Stranger) (string, error) { return a.sealed(s, strangerSeal) }

// StrangerIn opens what KeepStranger sealed, while it holds.
func (a *Auth) StrangerIn(kept string) (*Stranger, error) {
	var s Stranger
	if err := a.unsealed(kept, strangerSeal, &s); err != nil {
		return nil, err
	}
	if s.Until < a.until(0) {
		return nil, badTrip
	}
	return &s, nil
}
