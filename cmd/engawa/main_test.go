package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes this test binary the program itself when a script calls it.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"engawa": main,
		"waiter": func() { os.Exit(run(new(waiters), os.Args[1:])) },
		"people": func() { os.Exit(run(new(people), os.Args[1:])) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", Cmds: scriptCommands, RequireExplicitExec: true, RequireUniqueNames: true})
}

// waiters is a table of commands that get a signal while they run.
type waiters struct {
	Drain struct{ drainCmd } `cmd:""`
	Read  struct{ readCmd }  `cmd:""`
}

// drainCmd ends in order, as a server does.
type drainCmd struct{ Signal int }

func (c *drainCmd) Run(ctx context.Context, g *Globals) error {
	if err := syscall.Kill(os.Getpid(), syscall.Signal(c.Signal)); err != nil {
		return err
	}
	<-ctx.Done()
	_, err := fmt.Fprintln(g.Stdout, "drained")
	return err
}

// readCmd waits for what never comes, as a filter does at a terminal.
type readCmd struct{ Signal int }

func (c *readCmd) Run(ctx context.Context, g *Globals) error {
	g.EndAtOnce()
	if err := syscall.Kill(os.Getpid(), syscall.Signal(c.Signal)); err != nil {
		return err
	}
	select {}
}
