package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version is the version of this program; a release sets it with
// -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

// versionCmd shows what this program is.
type versionCmd struct{}

// build is what `engawa version` tells.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"` // "unknown" when built outside a checkout; ends in "+changes" when that was changed
	Go      string `json:"go"`
}

// thisBuild reads what the Go linker wrote into the program.
func thisBuild() build {
	b := build{Version: version, Commit: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	changed := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	if changed {
		b.Commit += "+changes"
	}
	return b
}

// Run implements the command.
func (*versionCmd) Run(g *Globals) error {
	b := thisBuild()
	return g.Result(b, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "engawa %s\ncommit %s\n%s\n", b.Version, b.Commit, b.Go)
		return err
	})
}
