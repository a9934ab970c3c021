package main

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"engawa/server"
)

func TestReport(t *testing.T) {
	_, flag := server.LoadConfig(server.Sources{Flags: map[string]string{"node": "x"}})
	_, env := server.LoadConfig(server.Sources{Environ: []string{"ENGAWA_NODE=x"}})
	tests := []struct {
		err    error
		status int
		stderr string
	}{
		{nil, statusDone, ""},
		{errors.New("the disk is full; free some space"), statusFailed, "engawa: the disk is full; free some space\n"},
		{errors.Join(errors.New("one"), errors.New("two\r\n")), statusFailed, "engawa: one; two\n"},
		{wrongUsage("--limit is %d; give more than 0", 0), statusUsage, "engawa: --limit is 0; give more than 0\n"},
		{fmt.Errorf("measure: %w", wrongUsage("no")), statusUsage, "engawa: measure: no\n"},
		{flag, statusUsage, "engawa: " + flag.Error() + "\n"},
		{env, statusFailed, "engawa: " + env.Error() + "\n"},
	}
	for _, test := range tests {
		var stderr bytes.Buffer
		if status := report(&stderr, test.err); status != test.status || stderr.String() != test.stderr {
			t.Errorf("%v: status %d and %q, want %d and %q", test.err, status, &stderr, test.status, test.stderr)
		}
	}
}
