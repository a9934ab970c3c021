package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"engawa/social"
)

// Many write at once; those that fail, panic or were given up leave nothing
// behind, and everybody else's changes stand.
func TestWritesOfManyAtOnce(t *testing.T) {
	onBoth(t, func(d *desk) {
		const writers, each = 16, 12
		boom := errors.New("boom")
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					uri := fmt.Sprintf("https://w.example/%d/%d", w, i)
					ctx, cancel := context.WithCancel(d.ctx)
					if i%4 == 3 {
						cancel()
					}
					err := func() (err error) {
						defer func() {
							if p := recover(); p != nil {
								err = fmt.Errorf("panic: %v", p)
							}
						}()
						return d.Write(ctx, func(tx social.Tx) error {
							if fresh, err := tx.Seen(ctx, uri, testNow); err != nil || !fresh {
								return fmt.Errorf("%s: %v %w", uri, fresh, err)
							}
							switch i % 4 {
							case 1:
								return boom
							case 2:
								panic(uri)
							}
							return nil
						})
					}()
					cancel()
					switch i % 4 {
					case 0:
						if err != nil {
							d.Errorf("%s: %v", uri, err)
						}
					case 1:
						if !errors.Is(err, boom) {
							d.Errorf("%s: %v, want boom", uri, err)
						}
					case 2:
						if err == nil || err.Error() != "panic: "+uri {
							d.Errorf("%s: %v, want its own panic", uri, err)
						}
					case 3:
						if !errors.Is(err, context.Canceled) {
							d.Errorf("%s: %v, want Canceled", uri, err)
						}
					}
				}
			})
		}
		wg.Wait()
		n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from seen")
		if err != nil || *n != writers*each/4 {
			d.Errorf("%d rows, %v; want %d", *n, err, writers*each/4)
		}
	})
}

// waitFor lets the first transaction hold the writer until the others queue up:
// they then are one group.
func (g *grouping) queued() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}

func TestGroupSeesEachOthersActors(t *testing.T) {
	d := sqliteDesk(t)
	d.neighbours(1)
	g := d.writer.(*grouping)
	if _, err := d.Actor(d.ctx, 1); err != nil { // now it is kept
		t.Fatal(err)
	}
	const members = 5
	var wg sync.WaitGroup
	err := d.writer.write(d.ctx, func(t *tx) error {
		for range members {
			wg.Go(func() {
				err := d.writer.write(d.ctx, func(t *tx) error {
					a, err := t.Actor(d.ctx, 1)
					if err != nil {
						return err
					}
					b := *a
					b.PostCount++
					return t.PutActor(d.ctx, &b)
				})
				if err != nil {
					d.Error(err)
				}
			})
		}
		for g.queued() < members { // they cannot start before this one ends
		}
		return nil
	})
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if a, err := d.Actor(d.ctx, 1); err != nil || a.PostCount != members {
		t.Errorf("%+v, %v; want a count of %d", a, err, members)
	}
}

// A member whose failure ends the whole transaction takes the others' success back.
func TestGroupThatIsLostTellsEveryMember(t *testing.T) {
	d := sqliteDesk(t)
	g := d.writer.(*grouping)
	boom := errors.New("boom")
	answers := make(chan error, 3)
	var wg sync.WaitGroup
	err := d.writer.write(d.ctx, func(t *tx) error {
		enter := func(f func(t *tx) error) {
			n := g.queued()
			wg.Go(func() { answers <- d.writer.write(d.ctx, f) })
			for g.queued() == n {
			}
		}
		enter(func(t *tx) error { _, err := t.Seen(d.ctx, "a", 1); return err })
		enter(func(t *tx) error {
			if err := t.do(d.ctx, "rollback"); err != nil { // what SQLite does on a full disk
				return err
			}
			return boom
		})
		enter(func(t *tx) error { _, err := t.Seen(d.ctx, "c", 1); return err })
		_, err := t.Seen(d.ctx, "first", 1)
		return err
	})
	wg.Wait()
	failed := 0
	if err != nil {
		failed++
	}
	for range 3 {
		if <-answers != nil {
			failed++
		}
	}
	n, err := one(d.ctx, &d.reader, scanInt, "select count(*) from seen")
	if err != nil || int(*n) != 4-failed {
		t.Errorf("%d rows, %v; %d of 4 were told that they failed", *n, err, failed)
	}
	if failed < 2 || failed > 3 {
		t.Errorf("%d of 4 failed: want the lost ones, and not who came after", failed)
	}
}

func TestReadsInsideSeeWhatWasWrittenAndOutsideWhatIsCommitted(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.change(func(t *tx) error {
			if err := t.PutAddress(d.ctx, social.Address{URI: "u", Kind: "post", Target: 1, State: "primary"}); err != nil {
				return err
			}
			gives(d, "inside", &social.Address{URI: "u", Kind: "post", Target: 1, State: "primary"})(t.Address(d.ctx, "u"))
			missing[*social.Address](d, "outside")(d.Address(d.ctx, "u"))
			return nil
		})
	})
}

// PostgreSQL runs one of two that met again.
func TestConflictsAreRunAgain(t *testing.T) {
	onBoth(t, func(d *desk) {
		d.posts(postOf(1, 2))
		var wg sync.WaitGroup
		const writers = 6
		for range writers {
			wg.Go(func() {
				err := d.Write(d.ctx, func(tx social.Tx) error {
					p, err := tx.Post(d.ctx, 1)
					if err != nil {
						return err
					}
					next := *p
					next.MediaCount++
					return tx.UpdatePost(d.ctx, &next)
				})
				if err != nil {
					d.Error(err)
				}
			})
		}
		wg.Wait()
		if p, err := d.Post(d.ctx, 1); err != nil || p.MediaCount != writers {
			d.Errorf("%+v, %v; want %d", p, err, writers)
		}
	})
}

// A subcommand beside the server writes to the same file.
func TestAnotherProcessIsNoticed(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "engawa.db")
	here, there := openDesk(t, dsn), openDesk(t, dsn)
	here.neighbours(1)
	a, err := here.Actor(here.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := *a
	b.Suspended = 5
	there.change(func(t *tx) error { return t.PutActor(there.ctx, &b) })
	here.change(func(t *tx) error {
		gives(here, "inside", &b)(t.Actor(here.ctx, 1))
		return nil
	})
	gives(here, "outside", &b)(here.Actor(here.ctx, 1))
}

func TestStatementsAreBounded(t *testing.T) {
	d := sqliteDesk(t)
	for n := range 300 {
		q := newQuery("select 1 where 1 = ", 1)
		for i := range n {
			q.add(" and 2 = ", i+2)
		}
		if _, err := many(d.ctx, &d.reader, scanInt, q.text.String(), q.args...); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.pool.idle) == 0 {
		t.Error("no connection is kept")
	}
	for _, l := range d.pool.idle {
		if len(l.stmts) > l.limit || len(l.stmts) == 0 {
			t.Errorf("%d statements are prepared, at most %d may be", len(l.stmts), l.limit)
		}
	}
}

func TestSQLiteText(t *testing.T) {
	for _, c := range []struct{ query, want string }{
		{"a = $1 and b = $2", "a = ? and b = ?"},
		{"a = $1 and b = $2 and c = $1", "a = $1 and b = $2 and c = $1"},
		{"a = $2", "a = $2"},
		{"x = any($1) limit $2 for update skip locked", "x in (select value from json_each(?)) limit 0 + ?"},
		{"greatest(a + $1, 0)", "max(a + ?, 0)"},
		{"select 1", "select 1"},
	} {
		if got := sqliteText(c.query); got != c.want {
			t.Errorf("%q is %q, want %q", c.query, got, c.want)
		}
	}
}
