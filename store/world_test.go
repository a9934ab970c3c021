package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"engawa/internal/clock"
	"engawa/social"
)

// actorOf is an Actor with every field set that has no meaning of its own here.
func actorOf(id ID, name, domain string, home ID) *social.Actor {
	base := fmt.Sprintf("https://%s/users/%s", domain, name)
	return &social.Actor{
		ID: id, Home: home, Domain: domain, Name: name, Kind: social.Person, URI: base, URL: "https://" + domain + "/@" + name,
		Inbox: base + "/inbox", Outbox: base + "/outbox", SharedInbox: "https://" + domain + "/inbox",
		FollowersURI: base + "/followers", FollowingURI: base + "/following", FeaturedURI: base + "/featured",
		DisplayName: "The " + name, Summary: "<p>hi</p>", CreatedAt: testNow, UpdatedAt: testNow, FetchedAt: testNow,
	}
}

// actors puts local Actors (and Users) at home.example, and neighbours at their own domains.
func (d *desk) locals(ids ...ID) {
	d.Helper()
	d.change(func(t *tx) error {
		for _, id := range ids {
			if err := t.PutActor(d.ctx, actorOf(id, fmt.Sprintf("Local%d", id), "home.example", 1)); err != nil {
				return err
			}
			if err := t.PutUser(d.ctx, &social.User{ID: id, Email: fmt.Sprintf("u%d@home.example", id), CreatedAt: testNow}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *desk) neighbours(ids ...ID) {
	d.Helper()
	d.change(func(t *tx) error {
		for _, id := range ids {
			if err := t.PutActor(d.ctx, actorOf(id, fmt.Sprintf("Far%d", id), fmt.Sprintf("far%d.example", id), 0)); err != nil {
				return err
			}
		}
		return nil
	})
}

// postOf is a public Post.
func postOf(id, actor ID) *social.Post {
	return &social.Post{
		ID: id, URI: "https://posts.example/" + id.String(), URL: "https://posts.example/@x/" + id.String(), Actor: actor,
		Kind: social.Note, Audience: social.Public, Origin: social.Federated, Content: "<p>text of " + id.String() + "</p>",
		Thread: id, Language: "ja", CreatedAt: testNow, ReceivedAt: testNow,
	}
}

// posts inserts Posts.
func (d *desk) posts(list ...*social.Post) {
	d.Helper()
	d.change(func(t *tx) error {
		for _, p := range list {
			if fresh, err := t.InsertPost(d.ctx, p); err != nil || !fresh {
				return fmt.Errorf("post %d: fresh %v, %w", p.ID, fresh, err)
			}
		}
		return nil
	})
}

// follow makes accepted follows.
func (d *desk) follow(pairs ...[2]ID) {
	d.Helper()
	d.change(func(t *tx) error {
		for i, p := range pairs {
			id := ID(t.ids.Next())
			f := social.Follow{ID: id, Actor: p[0], Target: p[1], URI: "https://follows.example/" + id.String(), CreatedAt: testNow + int64(i)}
			if err := t.PutFollow(d.ctx, &f); err != nil {
				return err
			}
		}
		return nil
	})
}

// yes and no want a boolean answer of a change.
func (d *desk) answers(what string, want bool) func(bool, error) {
	return func(got bool, err error) {
		d.Helper()
		if err != nil || got != want {
			d.Errorf("%s: %v, %v; want %v", what, got, err, want)
		}
	}
}

func ids(n ...ID) []ID { return n }

func words(s string) []string { return strings.Fields(s) }

// sqliteDesk is an empty SQLite store.
func sqliteDesk(t *testing.T) *desk {
	t.Helper()
	return openDesk(t, "sqlite:"+filepath.Join(t.TempDir(), "engawa.db"))
}

func openDesk(t *testing.T, dsn string) *desk {
	t.Helper()
	s, err := Open(t.Context(), Config{DSN: dsn, Node: 1, Clock: clock.NewFake(clock.FromMillis(testNow))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &desk{T: t, Store: s, ctx: t.Context()}
}
