// Package store keeps everything, in SQLite or in PostgreSQL, and is the only
// place where SQL is spoken. It implements social.Store.
//
// A file is a noun. One text serves both engines: it is written as PostgreSQL
// 15 reads it, and dialect.go, the only place that knows the engine, says what
// SQLite reads instead. Reads are methods of reader, changes are methods of tx,
// which is a reader too.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"engawa/internal/clock"
	"engawa/internal/snowflake"
	"engawa/social"
)

// Config says which store is meant.
type Config struct {
	DSN   string      // "sqlite:PATH" or "postgres://…"
	Node  int         // number of this node, as in its snowflakes
	Clock clock.Clock // nil: the system's
}

// Store is a database. It is safe for concurrent use.
type Store struct {
	reader
	pool    *pool
	writer  writer
	closing sync.Once
}

// shared is what all readers and transactions of a Store have in common.
type shared struct {
	dialect *dialect
	clock   clock.Clock
	node    int
	ids     *snowflake.Source // for rows that nobody outside gave an id
	actors  *actorCache

	posts     *memo[ID, *social.Post]
	relations *memo[pair, *social.Relation]
	filters   *memo[ID, []social.Filter] // by User
	standings *memo[ID, standing]
}

// reader answers what can be asked. Outside a transaction it takes any
// connection of the pool for each query; inside one, the transaction's.
type reader struct {
	*shared
	from    *pool           // nil in a transaction
	link    *link           // nil outside of one
	changed map[ID]*counted // Actors this transaction changed; read past the cache
	before  map[ID]*counted // the same of those that are committed together with it
}

// tx is one transaction at work.
type tx struct {
	reader
	effects effects
}

// ID is social.ID, which every file here speaks of.
type ID = social.ID

var (
	_ social.Store = (*Store)(nil)
	_ social.Tx    = (*tx)(nil)
)

// Open opens the database that c names, brings its tables up to date and
// returns it. A SQLite file that is not there is made.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Clock == nil {
		c.Clock = clock.System
	}
	d, err := dialectOf(c.DSN)
	if err != nil {
		return nil, err
	}
	s := &Store{reader: reader{shared: &shared{dialect: d, clock: c.Clock, node: c.Node, ids: snowflake.New(c.Node, c.Clock), actors: newActorCache(d, c.Clock),
		posts: newMemo[ID, *social.Post](c.Clock, d.believe, rememberedPosts), relations: newMemo[pair, *social.Relation](c.Clock, d.believe, rememberedRelations),
		filters: newMemo[ID, []social.Filter](c.Clock, d.believe, rememberedFilters), standings: newMemo[ID, standing](c.Clock, d.believe, rememberedStandings)}}}
	s.pool = newPool(d.readers, d.openReader)
	s.from = s.pool
	if s.writer, err = d.newWriter(ctx, s); err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	if err := s.Migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close gives all connections back. Nothing may be asked after it; closing again does nothing.
func (s *Store) Close() (err error) {
	s.closing.Do(func() { err = errors.Join(s.pool.close(), s.writer.close()) })
	return err
}

// Write implements social.Store.
func (s *Store) Write(ctx context.Context, f func(social.Tx) error) error {
	return s.writer.write(ctx, func(t *tx) error { return f(t) })
}

// begun is a transaction on l.
func (s *Store) begun(l *link) *tx {
	return &tx{reader: reader{shared: s.shared, link: l}}
}

// dialectOf picks the engine by the scheme of the DSN.
func dialectOf(dsn string) (*dialect, error) {
	scheme, rest, _ := strings.Cut(dsn, ":")
	switch scheme {
	case "sqlite":
		if rest == "" {
			return nil, errors.New(`the database "sqlite:" names no file: write sqlite:PATH`)
		}
		return sqliteDialect(rest), nil
	case "postgres", "postgresql":
		return postgresDialect(dsn)
	default:
		return nil, errors.New("the database must be sqlite:PATH or postgres://user@host/name")
	}
}
