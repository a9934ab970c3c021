package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// userRekeyCmd rotates the keys of a User's Actor; it works while the server runs.
type userRekeyCmd struct {
	Name string `arg:"" help:"Name of the user."`
}

// Run implements the command.
func (c *userRekeyCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	a, err := localNamed(ctx, s, c.Name)
	if err != nil {
		return err
	}
	if err := s.Home.RotateKeys(ctx, a.ID); err != nil {
		return err
	}
	out := struct {
		Handle string `json:"handle"`
	}{a.Handle()}
	return g.Result(out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "@%s has new keys; its followers' servers are told when the server runs.\n", out.Handle)
		return err
	})
}
