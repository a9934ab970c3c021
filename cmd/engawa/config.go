package main

import (
	"fmt"
	"io"

	"engawa/server"
)

// configCmd shows the settings in force: as a TOML file with comments, or
// with --json as {"settings":[{"name":…,"value":…,"from":…}…],"warnings":[…]}.
type configCmd struct{}

type configResult struct {
	Settings []server.InForce `json:"settings"`
	Warnings []string         `json:"warnings"`
}

// Run implements the command.
func (*configCmd) Run(g *Globals) error {
	config, err := g.Config()
	if err != nil {
		return err
	}
	for _, warning := range config.Warnings {
		fmt.Fprintf(g.Stderr, "engawa: warning: %s\n", warning)
	}
	result := configResult{Settings: config.InForce(), Warnings: append([]string{}, config.Warnings...)}
	return g.Result(result, func(w io.Writer) error { return config.WriteInForce(w) })
}
