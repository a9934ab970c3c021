package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConns is how many connections a node has, for reading and writing.
const postgresConns = 10

func postgresDialect(dsn string) (*dialect, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("reading the database's address: %w", err)
	}
	// Descriptions are cached, statements are not prepared by name: they would
	// be missing behind a pgbouncer that shares connections.
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	connector := stdlib.GetConnector(*config)
	d := &dialect{
		name: "postgres", readers: postgresConns, believe: 15 * time.Second,
		text: same, schema: same,
		ids:      func(ids []ID) driver.Value { return plainIDs(ids) },
		texts:    func(list []string) driver.Value { return append([]string{}, list...) },
		patience: func(ctx context.Context) context.Context { return ctx },
		broken: func(c driver.Conn) bool {
			pg, ok := c.(*stdlib.Conn)
			return ok && pg.Conn().IsClosed()
		},
		taken: func(err error) bool {
			var pg *pgconn.PgError
			return errors.As(err, &pg) && pg.Code == "23505"
		},
		search:  postgresSearch,
		size:    "select pg_database_size(current_database())",
		version: "select current_setting('server_version')",
	}
	d.openReader = func(ctx context.Context) (*link, error) {
		conn, err := connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		return newLink(conn, d), nil
	}
	d.newWriter = func(ctx context.Context, s *Store) (writer, error) {
		l, err := s.pool.take(ctx) // so that a wrong address is told at once
		if err != nil {
			return nil, err
		}
		s.pool.give(l)
		return &retrying{store: s}, nil
	}
	return d, nil
}

func same(s string) string { return s }

func plainIDs(ids []ID) []int64 {
	list := make([]int64, len(ids))
	for i, id := range ids {
		list[i] = int64(id)
	}
	return list
}

// retrying is PostgreSQL's writer: each transaction has a connection, and is run
// again when it met another or lost its server before it was committed.
type retrying struct{ store *Store }

const (
	writeAttempts = 8
	firstPause    = 5 * time.Millisecond
)

func (w *retrying) close() error { return nil }

func (w *retrying) write(ctx context.Context, f func(*tx) error) error {
	pause := firstPause
	for attempt := 1; ; attempt++ {
		err := w.once(ctx, f)
		if err == nil || attempt == writeAttempts || !worthRetrying(err) {
			return err
		}
		wait := time.NewTimer(pause + rand.N(pause))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return err
		}
		pause *= 2
	}
}

func (w *retrying) once(ctx context.Context, f func(*tx) error) error {
	l, err := w.store.pool.take(ctx)
	if err != nil {
		return err
	}
	t := w.store.begun(l)
	ended := false
	defer func() { // also when f panics
		if !ended {
			undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if _, err := l.exec(undo, "rollback", nil); err != nil {
				l.dead = true
			}
		}
		w.store.pool.give(l)
	}()
	if _, err := l.exec(ctx, "begin isolation level repeatable read", nil); err != nil {
		ended = l.dead
		return err
	}
	if err := f(t); err != nil {
		return err
	}
	if _, err := l.exec(ctx, "commit", nil); err != nil {
		l.dead = true // whether it was committed is not known: the verbs are idempotent
		ended = true
		return err
	}
	ended = true
	t.committed()
	return nil
}

// worthRetrying: a conflict, a deadlock, a server that stops, a connection lost.
func worthRetrying(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "57P01", "57P02", "57P03":
			return true
		}
		return len(pg.Code) == 5 && pg.Code[:2] == "08"
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) || pgconn.SafeToRetry(err)
}

// postgresSearch keeps the same tokens as lexemes that no parser has touched.
var postgresSearch = search{
	tables: "create table post_search (post bigint primary key, tokens tsvector not null);\ncreate index post_search_tokens on post_search using gin (tokens)",
	clear:  "delete from post_search where post = $1",
	insert: "insert into post_search (post, tokens) values ($1, array_to_tsvector(cast($2 as text[])))",
	hits:   "select p.id from post_search s join posts p on p.id = s.post where s.tokens @@ cast(cast(",
	after:  " as text) as tsquery)",
	column: "s.post",
	tokens: func(list []string) any { return list },
	query:  func(list []string) string { return "'" + strings.Join(list, "' & '") + "'" },
}
