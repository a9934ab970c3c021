package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"

	"engawa/server"
)

// serveCmd runs a home until SIGTERM or SIGINT.
type serveCmd struct{}

// Run implements the command.
func (c *serveCmd) Run(ctx context.Context, g *Globals) (err error) {
	s, err := openServer(ctx, g)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	calmGC()
	return s.Run(ctx)
}

// openServer builds a node from the settings in force.
func openServer(ctx context.Context, g *Globals) (*server.Server, error) {
	cfg, err := g.Config()
	if err != nil {
		return nil, err
	}
	log := g.Logger(cfg)
	for _, w := range cfg.Warnings {
		log.Warn(w)
	}
	return server.Open(ctx, cfg, log, server.Build{Version: version})
}

// calmGC lets garbage gather to three times what lives before it is
// collected: what lives is small (a quarter of the resident memory), and a page
// costs a fifth less. GOGC still rules where it is set.
func calmGC() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
}
