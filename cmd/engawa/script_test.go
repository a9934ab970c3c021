package main

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// scriptCommands are what our scripts can say beyond testscript's own words.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"killed": killedCommand,
	"status": statusCommand,
}

// statusCommand is `status N command args…`: it runs the command and
// fails unless the exit status is N and, unless N is 0, stderr is one line.
func statusCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := exitStatus(ts, args[1:]); got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	stderr := ts.ReadFile("stderr")
	if want != 0 && (strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "engawa: ")) {
		ts.Fatalf("stderr is not one line of ours: %q", stderr)
	}
}

// killedCommand is `killed command args…`: it fails unless a signal ends the
// command.
func killedCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: killed command args…")
	}
	if got := exitStatus(ts, args); got != -1 {
		ts.Fatalf("exit status %d, want the end by a signal", got)
	}
}

// exitStatus runs a command; -1 is the end by a signal.
func exitStatus(ts *testscript.TestScript, args []string) int {
	err := ts.Exec(args[0], args[1:]...)
	if err == nil {
		return 0
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	return exit.ExitCode()
}
