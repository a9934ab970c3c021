package main

import (
	"bytes"
	"context"
	"os/exec"
	"strings"
	"testing"

	"engawa/server"
)

// TestHelpIsComplete asks the program for help as a person would: the table
// and the settings say what has to be in it.
func TestHelpIsComplete(t *testing.T) {
	parser, err := newParser(context.Background(), new(Globals), new(commands), newSettingFlags())
	if err != nil {
		t.Fatal(err)
	}
	help := helpOf(t)
	for _, command := range parser.Model.Leaves(true) {
		path := commandPath(command)
		if !strings.Contains(help, "\n  "+path) {
			t.Errorf("engawa --help does not list %q", path)
		}
		if command.Help == "" || !strings.HasSuffix(command.Help, ".") {
			t.Errorf("the help of %q is no sentence: %q", path, command.Help)
		}
		own := helpOf(t, strings.Fields(path)...)
		if !strings.HasPrefix(own, "Usage: engawa "+path) {
			t.Errorf("engawa %s --help begins %.60q", path, own)
		}
		for _, s := range server.Settings() {
			if !strings.Contains(own, "--"+s.Flag()) || !strings.Contains(own, "$"+s.Env()+")") {
				t.Errorf("engawa %s --help lacks the setting %s", path, s.Name)
			}
		}
		for _, flag := range []string{"--help", "--config=FILE", "--json", "$ENGAWA_CONFIG"} {
			if !strings.Contains(own, flag) {
				t.Errorf("engawa %s --help lacks %s", path, flag)
			}
		}
	}
}

func helpOf(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(context.Background(), "engawa", append(args, "--help")...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("engawa %s --help: %v, stderr %q", strings.Join(args, " "), err, &stderr)
	}
	return stdout.String()
}
