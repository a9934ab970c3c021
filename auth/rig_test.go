package auth_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"engawa/auth"
	"engawa/bus/local"
	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/social"
	"engawa/store"
)

// idle is a queue that takes nothing over.
type idle struct{}

func (idle) Hold() (social.ID, social.Millis) { return 0, 0 }
func (idle) Push([]social.Job)                {}

// counting is a store that counts the look-ups of a log-in.
type counting struct {
	social.Store
	mu      sync.Mutex
	lookUps int
}

func (c *counting) UserByLogin(ctx context.Context, login string) (*social.User, error) {
	c.mu.Lock()
	c.lookUps++
	c.mu.Unlock()
	return c.Store.UserByLogin(ctx, login)
}

// rig is a home with a way to log in, over SQLite.
type rig struct {
	*auth.Auth
	t     *testing.T
	clock *clock.Fake
	store *counting
	ctx   context.Context
	last  []social.Event
}

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(start), ctx: t.Context()}
	s, err := store.Open(r.ctx, store.Config{DSN: "sqlite:" + filepath.Join(t.TempDir(), "engawa.db"), Node: 1, Clock: r.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(r.ctx); err != nil {
		t.Fatal(err)
	}
	r.store = &counting{Store: s}
	master, err := keys.NewMaster(make([]byte, keys.MasterSize))
	if err != nil {
		t.Fatal(err)
	}
	bus := &local.Bus{}
	home := &social.Home{Store: r.store, Bus: bus, Queue: idle{}, Clock: r.clock, IDs: snowflake.New(1, r.clock), Master: master, Limits: social.DefaultLimits}
	if err := home.EnsureHome(r.ctx, "home.example", "https://home.example", "Home"); err != nil {
		t.Fatal(err)
	}
	grants := &auth.Grants{Store: r.store, Clock: r.clock}
	bus.Subscribe(grants.Drop)
	bus.Subscribe(func(e social.Event) { r.last = append(r.last, e) })
	r.Auth = &auth.Auth{Home: home, Grants: grants, Secure: true}
	return r
}

// user makes a User with this stored password.
func (r *rig) user(name, hash string) *social.User {
	r.t.Helper()
	u, _, err := r.Home.CreateUser(r.ctx, social.NewUser{Name: name, Email: name + "@mail.example", PasswordHash: hash})
	if err != nil {
		r.t.Fatal(err)
	}
	return u
}

func (r *rig) hash(password string) string {
	r.t.Helper()
	h, err := auth.HashPassword(password)
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

// again reads a User's row.
func (r *rig) again(u *social.User) *social.User {
	r.t.Helper()
	now, err := r.store.User(r.ctx, u.ID)
	if err != nil {
		r.t.Fatal(err)
	}
	return now
}

func (r *rig) wants(err error, k social.Kind) {
	r.t.Helper()
	if !social.IsKind(err, k) {
		r.t.Errorf("%v, want an error of kind %d", err, k)
	}
}
