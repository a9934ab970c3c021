package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"engawa/server"
)

// doctorCmd looks at everything that commonly goes wrong.
type doctorCmd struct {
	Online bool `help:"Also ask from outside: WebFinger and the front page at the public address."`
}

// Run implements the command. It fails when a check does.
func (c *doctorCmd) Run(ctx context.Context, g *Globals) error {
	cfg, err := g.Config()
	if err != nil {
		return err
	}
	findings := server.Examine(ctx, cfg, g.Logger(cfg), c.Online)
	failed := 0
	for _, f := range findings {
		if f.State == server.Fail {
			failed++
		}
	}
	err = g.Result(map[string]any{"findings": findings, "failed": failed}, func(w io.Writer) error {
		for _, f := range findings {
			line := fmt.Sprintf("%-4s  %-9s  %s", f.State, f.Subject, f.Text)
			if f.Remedy != "" {
				line += ": " + f.Remedy
			}
			if _, err := fmt.Fprintln(w, line); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && failed > 0 {
		return errors.New("something needs attention: see the lines marked fail")
	}
	return err
}
