package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"engawa/auth"
	"engawa/social"
)

// tokenCmd holds the commands about access tokens.
type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Print an access token, alone on its line. Given values stand in for random ones."`
}

// tokenCreateCmd makes a token for a User, with an App of its own or a known one.
type tokenCreateCmd struct {
	User     string `required:"" help:"Name or e-mail address of the user the token speaks for."`
	Scopes   string `help:"Scopes, separated by spaces." default:"read write follow push"`
	App      string `help:"Name of the app." default:"engawa token"`
	Value    string `help:"The token's text."`
	ClientID string `name:"client-id" help:"The app's client id; an app that has it already is used."`
	Secret   string `name:"client-secret" help:"The app's client secret."`
}

// Run implements the command.
func (c *tokenCreateCmd) Run(ctx context.Context, g *Globals) (err error) {
	scopes := auth.ParseScopes(c.Scopes)
	if len(scopes) == 0 || !auth.Within(scopes, auth.Scopes) {
		return wrongUsage("--scopes must be scopes of Mastodon's API such as \"read write follow push\", not %q", c.Scopes)
	}
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	u, err := s.Home.Store.UserByLogin(ctx, c.User)
	if social.IsKind(err, social.NotFound) {
		return fmt.Errorf("there is no user %q here: make one with `engawa user create`", c.User)
	}
	if err != nil {
		return err
	}
	app, err := c.app(ctx, s.Auth, scopes)
	if err != nil {
		return err
	}
	issued, err := s.Auth.NewToken(ctx, app, u.ID, scopes, c.Value)
	if err != nil {
		return err
	}
	out := struct {
		Token  string   `json:"access_token"`
		Scopes []string `json:"scopes"`
	}{issued.Text, scopes}
	return g.Result(out, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, issued.Text)
		return err
	})
}

func (c *tokenCreateCmd) app(ctx context.Context, a *auth.Auth, scopes []string) (social.ID, error) {
	if c.ClientID != "" {
		app, err := a.Home.Store.AppByClientID(ctx, c.ClientID)
		if err == nil {
			return app.ID, nil
		}
		if !social.IsKind(err, social.NotFound) {
			return 0, err
		}
	}
	r, err := a.Register(ctx, auth.Registration{
		Name: c.App, RedirectURIs: []string{auth.OOB}, Scopes: scopes, ClientID: c.ClientID, Secret: c.Secret,
	})
	if err != nil {
		return 0, err
	}
	return r.ID, nil
}
