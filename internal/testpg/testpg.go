// Package testpg gives a test a PostgreSQL database of its own.
//
// The first test of a process that asks starts a real server in a temporary folder, on a unix socket and with
// fsync off; every call gets a fresh, empty database in it. The server and its folder go when the test process
// ends, however it ends. It takes about a second to start and about 50 ms a database.
package testpg

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env names the environment variable by which a developer points the tests to a server that runs already:
// a postgres:// URL of a role that may create databases.
const Env = "ENGAWA_TEST_POSTGRES"

const patience = 30 * time.Second

var (
	shared  = sync.OnceValues(base)
	counter atomic.Int64
)

// Start returns the postgres:// URL of an empty database (UTF-8, lc_ctype C.UTF-8) that is dropped when the test
// ends. Where PostgreSQL is not installed the test is skipped, or fails when CI is set.
func Start(tb testing.TB) (dsn string) {
	tb.Helper()
	admin, err := shared()
	if missing, ok := err.(missingError); ok && os.Getenv("CI") == "" {
		tb.Skip(missing.Error())
	}
	if err != nil {
		tb.Fatalf("testpg: %v", err)
	}
	name := fmt.Sprintf("engawa_test_%d_%d", os.Getpid(), counter.Add(1))
	dsn, err = create(admin, name)
	if err != nil {
		tb.Fatalf("testpg: %v", err)
	}
	tb.Cleanup(func() {
		if err := drop(admin, name); err != nil {
			tb.Errorf("testpg: %v", err)
		}
	})
	return dsn
}

// base returns the URL of a database in which others can be created.
func base() (string, error) {
	given := os.Getenv(Env)
	if given == "" {
		return launch()
	}
	if !strings.HasPrefix(given, "postgres://") && !strings.HasPrefix(given, "postgresql://") {
		return "", fmt.Errorf("%s is not a postgres:// URL: give it as postgres://user:password@host:5432/postgres", Env)
	}
	return given, nil
}

// create makes the database from template0, so that what somebody left in template1 plays no part.
func create(admin, name string) (string, error) {
	at, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("reading %s: %w", Env, err)
	}
	err = execute(admin,
		"drop database if exists "+name,
		"create database "+name+" template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8'")
	if err != nil {
		return "", fmt.Errorf("creating database %s: %w", name, err)
	}
	at.Path = "/" + name
	return at.String(), nil
}

// drop ends the connections a test left open too: a failing test must not fail a second time for that.
func drop(admin, name string) error {
	if err := execute(admin, "drop database if exists "+name+" with (force)"); err != nil {
		return fmt.Errorf("dropping database %s: %w", name, err)
	}
	return nil
}

func execute(dsn string, statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
