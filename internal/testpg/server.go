package testpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// keeper starts the server, waits until its standard input ends, ends the server and removes the folder.
// The other end of that input is held by the test process alone, so the operating system closes it even when
// the test is killed or panics; no signal and no exit hook is needed.
// $1 is the postgres program, $2 the folder.
const keeper = `
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=300 >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -QUIT $server
wait $server
cd / && rm -rf "$2"
`

// lifeline is the test process's end of the keeper's input, kept here so that it is not collected: closing it ends
// the server.
var lifeline io.WriteCloser

// missingError says that PostgreSQL's server programs are not on this machine.
type missingError struct{}

func (missingError) Error() string {
	return "PostgreSQL's initdb and postgres are not installed: run scripts/deps test, or point " + Env + " to a running server"
}

// launch starts a server and returns the URL of its database "postgres" once it answers.
func launch() (string, error) {
	initdb, postgres, err := programs()
	if err != nil {
		return "", err
	}
	owner, err := servant()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "engawa-pg-")
	if err != nil {
		return "", err
	}
	if err := initialise(dir, initdb, owner); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	watch := exec.Command("/bin/sh", "-c", keeper, "testpg", postgres, dir)
	watch.Dir = dir
	// A group of its own: a Ctrl-C in the terminal ends the test, and then the keeper tidies up.
	watch.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true}
	if lifeline, err = watch.StdinPipe(); err != nil {
		return "", err
	}
	if err := watch.Start(); err != nil {
		os.RemoveAll(dir)
		return "", fmt.Errorf("starting PostgreSQL: %w", err)
	}
	dsn := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres",
		RawQuery: url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode()}
	if err := answers(dsn.String(), filepath.Join(dir, "log")); err != nil {
		lifeline.Close()
		return "", err
	}
	return dsn.String(), nil
}

func initialise(dir, initdb string, owner *syscall.Credential) error {
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil { // the socket lies in it
		return err
	}
	cmd := exec.Command(initdb, "-D", filepath.Join(dir, "data"), "-U", "postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s: %w\n%s", dir, err, out)
	}
	return nil
}

// answers waits until a connection succeeds; on failure the error carries the server's own log.
func answers(dsn, log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, dsn)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(log)
			return fmt.Errorf("PostgreSQL does not answer after %v: %w\n%s", patience, err, said)
		}
	}
}

// programs finds the newest server: on PATH or where Debian puts it, which is not on PATH.
func programs() (initdb, postgres string, err error) {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	newest := 0
	for _, dir := range dirs {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
		if err != nil || version < newest || !executable(filepath.Join(dir, "initdb")) || !executable(filepath.Join(dir, "postgres")) {
			continue
		}
		newest = version
		initdb, postgres = filepath.Join(dir, "initdb"), filepath.Join(dir, "postgres")
	}
	if newest > 0 {
		return initdb, postgres, nil
	}
	initdb, err1 := exec.LookPath("initdb")
	postgres, err2 := exec.LookPath("postgres")
	if errors.Join(err1, err2) != nil {
		return "", "", missingError{}
	}
	return initdb, postgres, nil
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// servant is whom the server runs as: PostgreSQL refuses root. Nil means as ourselves.
func servant() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(who.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(who.Gid, 10, 32)
		if errors.Join(err1, err2) == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: run the tests as another user")
}
