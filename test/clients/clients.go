// Package clients drives libraries of Mastodon's API that others wrote against the program itself: an evening of two
// people, through everything that the library can do, each answer parsed by the library's own types.
//
// A library is driven by a program in its own language (folders python, npm, gomastodon). It is told where the home is,
// and prints one JSON object a line: an authorisation page that it wants the code of, which a person with a browser then
// brings, or a thing it has done. The test compares the things done with those that the library is able to do.
package clients

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience is how long a whole evening may take on a busy machine.
const patience = 4 * time.Minute

// Evening is what a library's program needs to know.
type Evening struct {
	Home    string // base URL of the home, whose people are tanuki and kitsune
	Far     string // handle of somebody on another home, kani@host
	Picture string // a file
	// Authorize brings the code that an authorisation page gives to the person of that name.
	Authorize func(page, who string) (code string)
}

// line is what a program prints: an authorisation page and who is to open it, or a thing done.
type line struct{ Authorize, Who, Did string }

// Run runs the program to its end and returns what it did, in its order.
func (e *Evening) Run(tb testing.TB, cmd *exec.Cmd) (did []string) {
	tb.Helper()
	cmd.Env = append(os.Environ(), "CLIENT_HOME="+e.Home, "CLIENT_FAR="+e.Far, "CLIENT_PICTURE="+e.Picture, "NO_PROXY=*",
		"PYTHONUTF8=1", "PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "NODE_ENV=production")
	var said bytes.Buffer
	cmd.Stderr = &said
	in, err := cmd.StdinPipe() // the program ends when this does, so it does not outlive a killed test
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = cmd.Process.Kill() })
	kill := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	lines := bufio.NewReader(out)
	for err == nil {
		var text []byte
		if text, err = lines.ReadBytes('\n'); err == nil {
			did, err = e.hear(in, text, did)
		}
	}
	if err == io.EOF {
		err = nil
	}
	in.Close()
	if ended := cmd.Wait(); err != nil || ended != nil {
		tb.Fatalf("%s: %v %v, after %q\n%s", filepath.Base(cmd.Path), err, ended, did, tail(said.String()))
	}
	return did
}

// hear answers one line of the program's.
func (e *Evening) hear(in io.Writer, text []byte, did []string) ([]string, error) {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return did, fmt.Errorf("it printed %q: %w", text, err)
	}
	if l.Authorize != "" {
		_, err := fmt.Fprintln(in, e.Authorize(l.Authorize, l.Who))
		return did, err
	}
	return append(did, l.Did), nil
}

func tail(s string) string { return s[max(0, len(s)-6000):] }

// Python is an interpreter that has Debian's python3-mastodon.
func Python(tb testing.TB) (path string) {
	tb.Helper()
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(path, "-c", "import mastodon").Run() == nil {
			return path
		}
	}
	missing(tb, "python3-mastodon is not installed: run scripts/deps test")
	return ""
}

// Npm is the folder npm with its packages in place.
func Npm(tb testing.TB) (dir string) {
	tb.Helper()
	if _, err := os.Stat(filepath.Join("npm", "node_modules", "masto")); err != nil {
		missing(tb, "the npm clients are not installed: run npm ci in test/clients/npm (make test does)")
	}
	return "npm"
}

// GoMastodon builds the nested module gomastodon, whose library is no part of the program, and returns the binary.
func GoMastodon(tb testing.TB) (path string) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "gomastodon")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = "gomastodon"
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	if said, err := cmd.CombinedOutput(); err != nil {
		missing(tb, fmt.Sprintf("test/clients/gomastodon cannot be built: %v (go mod download in that folder brings its modules)\n%s", err, said))
	}
	return path
}

// missing skips the test, or fails it when CI is set.
func missing(tb testing.TB, remedy string) {
	tb.Helper()
	if os.Getenv("CI") != "" {
		tb.Fatal(remedy)
	}
	tb.Skip(remedy)
}
