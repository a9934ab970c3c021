package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"engawa/server"
	"engawa/social"
)

// userAliasCmd says which other accounts are the same person: what a move to
// this account needs first.
type userAliasCmd struct {
	Name   string   `arg:"" help:"Name of the user."`
	Add    []string `placeholder:"HANDLE" help:"Account that is the same person, as name@domain."`
	Remove []string `placeholder:"HANDLE" help:"Account that is not, any more."`
}

// Run implements the command.
func (c *userAliasCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	me, err := localNamed(ctx, s, c.Name)
	if err != nil {
		return err
	}
	next := *me
	next.Aliases = slices.Clone(me.Aliases)
	for _, handle := range c.Add {
		a, err := accountNamed(ctx, s, handle)
		if err != nil {
			return err
		}
		if !slices.Contains(next.Aliases, a.URI) {
			next.Aliases = append(next.Aliases, a.URI)
		}
	}
	for _, handle := range c.Remove {
		a, err := accountNamed(ctx, s, handle)
		if err != nil {
			return err
		}
		next.Aliases = slices.DeleteFunc(next.Aliases, func(uri string) bool { return uri == a.URI })
	}
	if len(c.Add)+len(c.Remove) > 0 {
		if _, err := s.Home.Do(ctx, &social.Activity{Verb: social.Update, Actor: me.ID, Object: &social.Profile{Actor: next}}); err != nil {
			return err
		}
	}
	out := struct {
		Handle  string   `json:"handle"`
		Aliases []string `json:"aliases"`
	}{me.Handle(), append([]string{}, next.Aliases...)}
	return g.Result(out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "Other accounts of @%s: %d\n", out.Handle, len(out.Aliases))
		for _, uri := range out.Aliases {
			_, err = fmt.Fprintln(w, uri)
		}
		return err
	})
}

// userMoveCmd lets a User go to live elsewhere: followers move along.
type userMoveCmd struct {
	Name string `arg:"" help:"Name of the user."`
	To   string `required:"" placeholder:"HANDLE" help:"The new account, as name@domain. It must list this one among its aliases first."`
}

// Run implements the command.
func (c *userMoveCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	me, err := localNamed(ctx, s, c.Name)
	if err != nil {
		return err
	}
	to, err := accountNamed(ctx, s, c.To)
	if err != nil {
		return err
	}
	if _, err := s.Home.Do(ctx, &social.Activity{Verb: social.Move, Actor: me.ID, Object: &social.Relocation{Target: to.ID}}); err != nil {
		return err
	}
	out := struct {
		From string `json:"from"`
		To   string `json:"to"`
	}{me.Handle(), to.Handle()}
	return g.Result(out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "@%s lives at @%s now; its followers' servers are told when the server runs.\n", out.From, out.To)
		return err
	})
}

// localNamed is the Actor of one of our Users.
func localNamed(ctx context.Context, s *server.Server, name string) (*social.Actor, error) {
	a, err := s.Home.Store.ActorByHandle(ctx, name, s.Home.Info.Domain)
	if social.IsKind(err, social.NotFound) {
		return nil, fmt.Errorf("there is no user %q here: make one with `engawa user create`", name)
	}
	return a, err
}

// accountNamed finds an account by its handle and reads it anew from its server.
func accountNamed(ctx context.Context, s *server.Server, handle string) (*social.Actor, error) {
	name, domain, ok := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if !ok || name == "" || domain == "" {
		return nil, wrongUsage("an account is written name@domain, not %q", handle)
	}
	a, err := s.Home.Neighbours.ActorByHandle(ctx, name, domain)
	if err == nil && !a.Local() {
		a, err = s.Fed.Refresh(ctx, a.URI)
	}
	if err != nil {
		return nil, fmt.Errorf("@%s@%s cannot be found: %w", name, domain, err)
	}
	return a, nil
}
