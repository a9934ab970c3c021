// Command engawa is a home server for social life: every sub-command is a
// file here and a line in the table commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"engawa/server"
)

// commands is the table of sub-commands, in the order of --help. A new one is
// a file with a struct, its flags as fields, and
//
//	func (c *fooCmd) Run(ctx context.Context, g *Globals) error
//
// and a line here. ctx ends with SIGTERM or SIGINT. What the command needs of
// the world it takes from [Globals]; it returns an error of one line that
// names the cause and the remedy, made with wrongUsage when the arguments are
// to blame (exit status 2, otherwise 1).
type commands struct {
	Serve   serveCmd   `cmd:"" help:"Run a home until SIGTERM or SIGINT."`
	Demo    demoCmd    `cmd:"" help:"Run three homes on this machine, with people in them, to look around; nothing is left behind."`
	User    userCmd    `cmd:"" help:"Make users."`
	Token   tokenCmd   `cmd:"" help:"Make access tokens."`
	Doctor  doctorCmd  `cmd:"" help:"Check domain, TLS, proxy, disk, keys, database and files, each with its remedy."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to this version; serve does it too."`
	Config  configCmd  `cmd:"" help:"Show the settings in force, secrets masked, and where each value came from."`
	Rules   rulesCmd   `cmd:"" help:"Say which posts go to which linked account, and see why."`
	Import  importCmd  `cmd:"" help:"Take over from other programs."`
	Render  renderCmd  `cmd:"" help:"Convert texts: one JSON string a line from stdin to one JSON string a line."`
	Version versionCmd `cmd:"" help:"Show version, commit and Go version."`
}

const description = `Engawa, a home server for social life.

Settings come from the TOML file given with --config, then the environment, then flags; what comes later wins.
With ENGAWA_X_FILE, a setting X is read from a file.`

// The exit statuses.
const (
	statusDone   = 0
	statusFailed = 1
	statusUsage  = 2
)

func main() {
	os.Exit(run(new(commands), os.Args[1:]))
}

// run is main for a table of commands; it gives the exit status.
func run(table any, args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// From the first signal on the next one has its usual effect.
	context.AfterFunc(ctx, stop)

	g := &Globals{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(), endAtOnce: stop}
	return report(g.Stderr, execute(ctx, g, table, args))
}

// execute finds the command of table, a pointer to a struct such as commands,
// that args mean, and runs it.
func execute(ctx context.Context, g *Globals, table any, args []string) error {
	flags := newSettingFlags()
	parser, err := newParser(ctx, g, table, flags)
	if err != nil {
		return fmt.Errorf("the table of commands is wrong: %w", err)
	}
	command, err := parser.Parse(args)
	if err != nil {
		return err
	}
	g.flags = flags.given()
	return command.Run(g)
}

func newParser(ctx context.Context, g *Globals, table any, flags settingFlags) (*kong.Kong, error) {
	return kong.New(table,
		kong.Name("engawa"),
		kong.Description(description),
		kong.Writers(g.Stdout, g.Stderr),
		kong.Embed(g),
		kong.Embed(flags.target),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
}

// commandPath is what to type for a command, "user create" for instance.
func commandPath(node *kong.Node) string {
	if node == nil || node.Parent == nil {
		return ""
	}
	return strings.TrimSpace(commandPath(node.Parent) + " " + node.Name)
}

// usageError is an error of the one who typed the command.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// wrongUsage is an error that ends the program with status 2.
func wrongUsage(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// report writes the error as one line and gives the exit status.
func report(stderr io.Writer, err error) int {
	if err == nil {
		return statusDone
	}
	status, remedy := statusFailed, ""
	var parse *kong.ParseError
	var usage usageError
	var setting *server.SettingError
	switch {
	case errors.As(err, &parse):
		status, remedy = statusUsage, "; see engawa --help"
		if node := parse.Context.Selected(); node != nil {
			remedy = "; see engawa " + commandPath(node) + " --help"
		}
	case errors.As(err, &usage), errors.As(err, &setting) && setting.Origin.Flag():
		status = statusUsage
	}
	// kong's words for a flag without its value.
	text := strings.Replace(err.Error(), `expected string value but got "EOL" (<EOL>)`, "the value is missing", 1)
	line := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	fmt.Fprintf(stderr, "engawa: %s%s\n", line, remedy)
	return status
}
