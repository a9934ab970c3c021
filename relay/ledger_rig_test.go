package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/social"
	"engawa/store"
)

// crash is the panic that stands for the end of the process.
var errCrash = errors.New("killed")

// chance ends the process at one moment: every write and every call of a
// network is one before it, and one after it.
type chance struct{ at, n int }

func (c *chance) tick() {
	c.n++
	if c.n == c.at {
		panic(errCrash)
	}
}

// faulty is a store whose process may end before or after each transaction.
type faulty struct {
	*store.Store
	chance *chance
	before func() // what comes in between before the next transaction, once
}

func (f *faulty) Write(ctx context.Context, g func(tx social.Tx) error) error {
	f.chance.tick()
	if h := f.before; h != nil {
		f.before = nil
		h()
	}
	err := f.Store.Write(ctx, g)
	f.chance.tick()
	return err
}

// desk is a home with one person, a ledger, and a queue that works on demand.
type desk struct {
	t      testing.TB
	ctx    context.Context
	clock  *clock.Fake
	store  *faulty
	home   *social.Home
	ledger *Ledger
	nets   map[string]Network
	user   social.ID
	told   []Notice
	master *keys.Master
	ids    *snowflake.Source
}

var deskStart = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// Hold and Push make desk a social.Queue that keeps nothing: jobs are claimed.
func (d *desk) Hold() (social.ID, social.Millis) { return 0, 0 }

// Push implements social.Queue.
func (d *desk) Push([]social.Job) {}

// Publish makes it a social.Bus.
func (d *desk) Publish(social.Event) {}

// newDesk opens a home over its own database, with the networks given.
func newDesk(t testing.TB, rules string, nets map[string]Network, links ...social.Link) *desk {
	t.Helper()
	d := &desk{t: t, ctx: context.Background(), clock: clock.NewFake(deskStart), nets: nets}
	path := filepath.Join(tempDir(t), "engawa.db")
	d.ids = snowflake.New(1, d.clock)
	if emptyHome == nil {
		d.move(path)
		d.clock.Advance(time.Second)
	} else {
		d.ok(os.WriteFile(path, emptyHome, 0o600))
	}
	d.open(path)
	d.user = emptyUser
	actor, err := d.store.Actor(d.ctx, d.user)
	d.ok(err)
	d.home.Info.Domain = actor.Domain
	d.ok(d.store.Store.Write(d.ctx, func(tx social.Tx) error {
		for i := range links {
			l := links[i]
			l.ID, l.User, l.State, l.CreatedAt = social.ID(i+1), d.user, social.LinkActive, 1
			if l.Network == "" {
				l.Network = l.Name
			}
			if l.Can == 0 {
				l.Can = social.AblePost | social.AbleReply | social.AbleEdit | social.AbleDelete
			}
			if err := tx.PutLink(d.ctx, &l); err != nil {
				return err
			}
		}
		return tx.PutRules(d.ctx, d.user, rules, 1)
	}))
	return d
}

// emptyHome is the database of a home with one person: making keys takes long.
var (
	emptyHome []byte
	emptyUser social.ID
)

// move makes a home at path and keeps its bytes.
func (d *desk) move(path string) {
	d.open(path)
	d.ok(d.store.Migrate(d.ctx))
	d.ok(d.home.EnsureHome(d.ctx, "home.example", "https://home.example", "Home"))
	u, _, err := d.home.CreateUser(d.ctx, social.NewUser{Name: "alice", Email: "alice@home.example", Locale: "en"})
	d.ok(err)
	d.ok(d.store.Store.Close())
	emptyHome, err = os.ReadFile(path)
	d.ok(err)
	emptyUser = u.ID
}

// open opens the database and starts a process on it.
func (d *desk) open(path string) {
	s, err := store.Open(d.ctx, store.Config{DSN: "sqlite:" + path, Node: 1, Clock: d.clock})
	d.ok(err)
	d.t.Cleanup(func() { _ = s.Close() })
	d.store = &faulty{Store: s, chance: &chance{}}
	d.master, err = keys.NewMaster(make([]byte, keys.MasterSize))
	d.ok(err)
	d.start()
}

// tempDir is in memory where the machine has such a place: these tests commit often.
func tempDir(t testing.TB) string {
	if dir, err := os.MkdirTemp("/dev/shm", "engawa-relay"); err == nil {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return dir
	}
	return t.TempDir()
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// start is a fresh process on the same store.
func (d *desk) start() {
	d.home = &social.Home{
		Store: d.store, Bus: d, Queue: d, Clock: d.clock, IDs: d.ids, Master: d.master, Limits: social.DefaultLimits,
		Info: social.HomeInfo{URL: "https://home.example"},
	}
	d.ledger = &Ledger{
		Home: d.home, Networks: d.nets, Log: slog.New(slog.DiscardHandler),
		Login: func(_ context.Context, l *social.Link) (*social.Login, error) { return &social.Login{Link: l}, nil },
		Tell: func(_ context.Context, n *Notice) error {
			if !slices.ContainsFunc(d.told, func(o Notice) bool { return o.Key == n.Key }) {
				d.told = append(d.told, *n)
			}
			return nil
		},
	}
}

// work runs every job that is due, again and again; a process that ends is
// started anew. It reports how many jobs ran.
func (d *desk) work() int {
	d.t.Helper()
	total := 0
	for {
		n := 0
		for _, kind := range []social.JobKind{social.JobRelay, social.JobCopy, social.JobAnswer, social.JobNotice} {
			n += d.workKind(kind)
		}
		total += n
		if n == 0 {
			return total
		}
		if total > 5000 {
			d.t.Fatal("the jobs never end")
		}
	}
}

func (d *desk) workKind(kind social.JobKind) int {
	var jobs []social.Job
	now := clock.Millis(d.clock.Now())
	d.ok(d.store.Store.Write(d.ctx, func(tx social.Tx) error {
		var err error
		jobs, err = tx.Claim(d.ctx, kind, 7, now, now+600_000, nil, 100)
		return err
	}))
	for i := range jobs {
		j := &jobs[i]
		err := d.run(j)
		d.ok(d.store.Store.Write(d.ctx, func(tx social.Tx) error {
			if errors.Is(err, errCrash) {
				return tx.ReleaseLeases(d.ctx, 0)
			}
			if err == nil {
				_, err := tx.Finish(d.ctx, jobs[i:i+1])
				return err
			}
			j.Attempts, j.RunAt = j.Attempts+1, now+10_000
			d.t.Logf("job %s failed: %v", j.Kind, err)
			return tx.Postpone(d.ctx, j)
		}))
		if errors.Is(err, errCrash) {
			d.release(jobs[i:])
			d.start()
			return i + 1
		}
	}
	return len(jobs)
}

// release gives jobs back, as the start of a process does.
func (d *desk) release(jobs []social.Job) {
	d.ok(d.store.Store.Write(d.ctx, func(tx social.Tx) error {
		for i := range jobs {
			if err := tx.Postpone(d.ctx, &jobs[i]); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (d *desk) run(j *social.Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok && errors.Is(e, errCrash) {
				err = errCrash
				return
			}
			panic(r)
		}
	}()
	switch j.Kind {
	case social.JobRelay:
		return d.ledger.HandleRelay(d.ctx, j)
	case social.JobCopy:
		return d.ledger.HandleCopy(d.ctx, j)
	case social.JobNotice:
		return d.ledger.HandleNotice(d.ctx, j)
	}
	return fmt.Errorf("no handler of %s", j.Kind)
}

// pass lets time go by in steps, working at each.
func (d *desk) pass(all, step time.Duration) {
	d.t.Helper()
	for end := d.clock.Now().Add(all); d.clock.Now().Before(end); {
		d.clock.Advance(min(step, end.Sub(d.clock.Now())))
		d.work()
	}
}

// say posts something here; the relay job is made as the verbs make it.
func (d *desk) say(text string, change ...func(*social.Draft)) *social.Post {
	d.t.Helper()
	draft := &social.Draft{Post: social.Post{Source: text, Content: htmlOf(text), Audience: social.Public, Language: "en"}}
	for _, f := range change {
		f(draft)
	}
	r, err := d.home.Do(d.ctx, &social.Activity{Verb: social.Create, Actor: d.user, Object: draft})
	d.ok(err)
	d.event(r.Post.ID, "create")
	return r.Post
}

func tagged(tags ...string) func(*social.Draft) {
	return func(d *social.Draft) { d.Post.Tags = tags }
}

func answering(p *social.Post) func(*social.Draft) {
	return func(d *social.Draft) { d.Post.ReplyTo = p.ID }
}

func htmlOf(text string) string {
	return "<p>" + strings.ReplaceAll(text, "\n\n", "</p><p>") + "</p>"
}

// reword edits a post.
func (d *desk) reword(p *social.Post, text string) {
	d.t.Helper()
	next := *p
	next.Source, next.Content = text, htmlOf(text)
	_, err := d.home.Do(d.ctx, &social.Activity{Verb: social.Update, Actor: d.user, Object: &social.Draft{Post: next}})
	d.ok(err)
	d.event(p.ID, "update")
}

// remove deletes a post.
func (d *desk) remove(p *social.Post) {
	d.t.Helper()
	_, err := d.home.Do(d.ctx, &social.Activity{Verb: social.Delete, Actor: d.user, Object: &social.PostRef{Post: p.ID}})
	d.ok(err)
	d.event(p.ID, "delete")
}

func (d *desk) event(post social.ID, what string) {
	d.t.Helper()
	d.ok(d.store.Store.Write(d.ctx, func(tx social.Tx) error {
		return tx.Enqueue(d.ctx, []social.Job{{
			ID: social.ID(d.ids.Next()), Kind: social.JobRelay, Ref: post, Target: what,
			Key: "relay:" + d.user.String(), RunAt: clock.Millis(d.clock.Now()),
		}}, 0)
	}))
}

// copies are the rows of a post, as "number state reason".
func (d *desk) copies(p *social.Post) []social.Copy {
	d.t.Helper()
	rows, err := d.store.Copies(d.ctx, []social.ID{p.ID})
	d.ok(err)
	return rows
}

func (d *desk) states(p *social.Post) string {
	d.t.Helper()
	var out []string
	for _, c := range d.copies(p) {
		out = append(out, string(c.State))
	}
	return strings.Join(out, " ")
}

func (d *desk) link(id social.ID) *social.Link {
	d.t.Helper()
	l, err := d.store.Link(d.ctx, 0, id)
	d.ok(err)
	return l
}
