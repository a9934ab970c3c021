package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

//go:embed migration/*.sql
var migrations embed.FS

// migration is one step of the tables, forward only.
type migration struct {
	number int64
	name   string
	sql    string
}

// allMigrations are the files of folder migration, named NNNN_what.sql, in order
// and without a gap.
func allMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migration/*.sql")
	if err != nil {
		return nil, err
	}
	all := make([]migration, 0, len(names))
	for i, name := range names { // Glob sorts
		digits, _, _ := strings.Cut(strings.TrimPrefix(name, "migration/"), "_")
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || number != int64(i+1) {
			return nil, fmt.Errorf("%s: the number of this migration must be %04d", name, i+1)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{number, name, string(text)})
	}
	return all, nil
}

const createMigrations = `create table if not exists migrations (number bigint primary key, name text not null, at bigint not null)`

// Migrate brings the tables up to date: each step that was not taken yet, in a
// transaction of its own. It may be stopped at any moment and called again, and
// by several nodes at once.
func (s *Store) Migrate(ctx context.Context) error {
	all, err := allMigrations(migrations)
	if err != nil {
		return err
	}
	return s.migrate(ctx, all)
}

func (s *Store) migrate(ctx context.Context, all []migration) error {
	err := s.writer.write(ctx, func(t *tx) error { return t.do(ctx, t.dialect.schema(createMigrations)) })
	if err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	done, err := one(ctx, &s.reader, scanInt, `select coalesce(max(number), 0) from migrations`)
	if err != nil {
		return err
	}
	if *done > int64(len(all)) {
		return fmt.Errorf("the database is at migration %d, this program knows %d: it was used with a newer version, which must go on", *done, len(all))
	}
	if err := s.sameSteps(ctx, all[:*done]); err != nil {
		return err
	}
	for _, m := range all[*done:] {
		if err := s.writer.write(ctx, func(t *tx) error { return t.step(ctx, m) }); err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
	}
	return nil
}

// sameSteps reports whether the steps taken are those this program knows: tables
// made by a version from before the first release cannot be brought up to date.
func (s *Store) sameSteps(ctx context.Context, known []migration) error {
	taken, err := many(ctx, &s.reader, scanText, "select name from migrations order by number")
	if err != nil {
		return err
	}
	for i, m := range known {
		if i < len(taken) && taken[i] != m.name {
			return fmt.Errorf("the database was made by another line of this program (%s, where this one has %s), from before its first release: give a new data folder", taken[i], m.name)
		}
	}
	return nil
}

// step takes one migration unless another node was faster.
func (t *tx) step(ctx context.Context, m migration) error {
	fresh, err := t.once(ctx, `insert into migrations (number, name, at) values ($1, $2, $3) on conflict do nothing`,
		m.number, m.name, t.clock.Now().UnixMilli())
	if err != nil || !fresh {
		return err
	}
	if m.number == 1 {
		m.sql += "\n" + t.dialect.search.tables + ";\n"
	}
	for _, statement := range statements(t.dialect.schema(m.sql)) {
		if err := t.do(ctx, statement); err != nil {
			return fmt.Errorf("%w in: %s", err, statement)
		}
	}
	return nil
}

// statements splits at ";" at the end of a line, which no literal of ours contains.
func statements(sql string) []string {
	var list []string
	for _, part := range strings.Split(sql, ";\n") {
		lines := strings.Split(part, "\n")
		kept := lines[:0]
		for _, line := range lines {
			if !strings.HasPrefix(strings.TrimSpace(line), "--") {
				kept = append(kept, line)
			}
		}
		if s := strings.TrimSpace(strings.Join(kept, "\n")); s != "" {
			list = append(list, s)
		}
	}
	return list
}
