package store

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"engawa/internal/testpg"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	onBoth(t, func(d *desk) {
		if err := d.Migrate(d.ctx); err != nil {
			t.Fatal(err)
		}
		all, err := allMigrations(migrations)
		if err != nil {
			t.Fatal(err)
		}
		n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from migrations")
		if err != nil || int(*n) != len(all) {
			t.Errorf("%v of %d, %v", n, len(all), err)
		}
	})
}

func TestMigrationThatFailsIsUndoneAndGoesOnLater(t *testing.T) {
	onBoth(t, func(d *desk) {
		all, err := allMigrations(migrations)
		if err != nil {
			t.Fatal(err)
		}
		next := int64(len(all) + 1)
		bad := append(all, migration{next, "bad", "create table half (id bigint primary key);\ncreate table half (id bigint primary key);\n"})
		if err := d.migrate(d.ctx, bad); err == nil || !strings.Contains(err.Error(), "bad") {
			t.Fatalf("got %v, want an error that names the migration", err)
		}
		good := append(all, migration{next, "good", "-- a comment;\ncreate table half (id bigint primary key);\ninsert into half (id) values (7);\n"})
		for range 2 {
			if err := d.migrate(d.ctx, good); err != nil {
				t.Fatal(err)
			}
		}
		n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from half")
		if err != nil || *n != 1 {
			t.Errorf("%v rows, %v", n, err)
		}
		if err := d.migrate(d.ctx, all); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("got %v, want a refusal of a newer database", err)
		}
	})
}

func TestMigrationFilesAreNumberedWithoutGaps(t *testing.T) {
	for _, c := range []struct{ files, want string }{
		{"0001_a.sql 0002_b.sql", ""},
		{"0001_a.sql 0003_b.sql", "0002"},
		{"0002_a.sql", "0001"},
		{"first.sql", "0001"},
	} {
		fs := fstest.MapFS{}
		for _, name := range words(c.files) {
			fs["migration/"+name] = &fstest.MapFile{Data: []byte("select 1;\n")}
		}
		_, err := allMigrations(fs)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.files, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, dsn := range []string{"", "sqlite:", "mysql://x", "engawa.db", "postgres://%zz", "postgres://nobody@127.0.0.1:1/none?connect_timeout=1", "sqlite:/nonexistent/dir/x.db"} {
		if s, err := Open(t.Context(), Config{DSN: dsn}); err == nil {
			t.Errorf("%q was opened", dsn)
			s.Close()
		}
	}
}

func TestOpenAgain(t *testing.T) {
	for _, dsn := range []string{"sqlite:" + filepath.Join(t.TempDir(), "a b?%#é.db"), testpg.Start(t)} {
		for i := range 2 {
			s, err := Open(t.Context(), Config{DSN: dsn})
			if err != nil {
				t.Fatal(err)
			}
			err = s.writer.write(t.Context(), func(x *tx) error {
				fresh, err := x.Seen(t.Context(), "u", 1)
				if fresh != (i == 0) {
					t.Errorf("%s: opened %d times, fresh %v", dsn, i+1, fresh)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			for range 2 { // closing again does nothing
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}
		}
	}
}

// A database of before the first release is refused with words, not used wrongly.
func TestOtherStepsAreRefused(t *testing.T) {
	d := sqliteDesk(t)
	d.change(func(t *tx) error {
		return t.do(d.ctx, "update migrations set name = 'migration/0001_first.sql' where number = 1")
	})
	if err := d.Migrate(d.ctx); err == nil || !strings.Contains(err.Error(), "give a new data folder") {
		t.Errorf("the tables of another version: %v", err)
	}
}
