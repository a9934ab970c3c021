package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"engawa/internal/clock"
	"engawa/internal/testpg"
	"engawa/social"
)

// testNow is the present of every test of this package's Users' things.
var testNow = time.Date(2026, 5, 17, 12, 0, 0, 0, time.UTC).UnixMilli()

// desk is an empty store and what a test does with it.
type desk struct {
	*testing.T
	*Store
	ctx context.Context
}

// onBoth runs f on an empty store of each engine.
func onBoth(t *testing.T, f func(d *desk)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "engawa.db")
			if engine == "postgres" {
				dsn = testpg.Start(t)
			}
			s, err := Open(t.Context(), Config{DSN: dsn, Node: 1, Clock: clock.NewFake(clock.FromMillis(testNow))})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			f(&desk{T: t, Store: s, ctx: t.Context()})
		})
	}
}

// change runs f in a transaction and wants no error.
func (d *desk) change(f func(t *tx) error) {
	d.Helper()
	if err := d.writer.write(d.ctx, f); err != nil {
		d.Fatal(err)
	}
}

// refuse runs f in a transaction and wants this kind of error.
func (d *desk) refuse(kind social.Kind, f func(t *tx) error) {
	d.Helper()
	if err := d.writer.write(d.ctx, f); !social.IsKind(err, kind) {
		d.Errorf("got error %v, want one of kind %d", err, kind)
	}
}

// put fills a table with rows of the given columns; what is not named has its default.
func (d *desk) put(table, columns string, rows ...[]any) {
	d.Helper()
	d.change(func(t *tx) error {
		for _, values := range rows {
			marks := make([]string, len(values))
			for i := range values {
				marks[i] = fmt.Sprintf("$%d", i+1)
			}
			err := t.do(d.ctx, "insert into "+table+" ("+columns+") values ("+strings.Join(marks, ", ")+")", values...)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// people makes local Actors with these ids, named by them.
func (d *desk) people(ids ...ID) {
	d.Helper()
	for _, id := range ids {
		name := fmt.Sprintf("Person%d", id)
		d.put("actors", "id, home, domain, name, name_key, kind, uri, created_at, updated_at, discoverable",
			[]any{id, 1, "home.example", name, strings.ToLower(name), "Person", "https://home.example/users/" + name, testNow, testNow, true})
	}
}

// said makes a Post with its tags.
func (d *desk) said(id, actor ID, audience social.Audience, favourites, boosts int64, tags ...ID) {
	d.Helper()
	d.put("posts", "id, uri, actor, home, audience, origin, details, created_at, favourites, boosts",
		[]any{id, "https://home.example/" + id.String(), actor, 1, audience, 0, []byte{}, int64(id) >> 16, favourites, boosts})
	for _, tag := range tags {
		d.put("post_tags", "tag, post", []any{tag, id})
	}
}

// gives compares what was read with what is wanted.
func gives[T any](d *desk, what string, want T) func(T, error) {
	return func(got T, err error) {
		d.Helper()
		if err != nil {
			d.Errorf("%s: %v", what, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			d.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// missing wants ErrNotFound.
func missing[T any](d *desk, what string) func(T, error) {
	return func(_ T, err error) {
		d.Helper()
		if !errors.Is(err, social.ErrNotFound) {
			d.Errorf("%s: got error %v, want ErrNotFound", what, err)
		}
	}
}
