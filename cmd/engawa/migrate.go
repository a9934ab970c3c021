package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// migrateCmd brings the database up to this version. It may be run again after
// it was interrupted.
type migrateCmd struct{}

// Run implements the command.
func (c *migrateCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g) // opening migrates
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	cfg, err := g.Config()
	if err != nil {
		return err
	}
	out := struct {
		Database string `json:"database"`
		UpToDate bool   `json:"up_to_date"`
	}{cfg.Database.String(), true}
	return g.Result(out, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s is up to date\n", out.Database)
		return err
	})
}
