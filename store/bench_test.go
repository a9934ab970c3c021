package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// benched is a store with 200 neighbours, of whom user 1 follows all, and posts.
type benched struct {
	*Store
	ctx   context.Context
	posts []ID // ascending
}

const benchAuthors = 200

func newBenched(b *testing.B, posts int) *benched {
	b.Helper()
	s, err := Open(b.Context(), Config{DSN: "sqlite:" + filepath.Join(b.TempDir(), "bench.db"), Node: 1, Clock: clock.System})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	x := &benched{Store: s, ctx: b.Context()}
	x.write(b, x.people)
	for len(x.posts) < posts {
		x.write(b, func(t *tx) error {
			for range 2000 {
				if err := x.insert(t, false); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return x
}

func (x *benched) write(b *testing.B, f func(t *tx) error) {
	b.Helper()
	if err := x.writer.write(x.ctx, f); err != nil {
		b.Fatal(err)
	}
}

func (x *benched) people(t *tx) error {
	for id := ID(1); id <= benchAuthors; id++ {
		a := actorOf(id, fmt.Sprintf("n%d", id), fmt.Sprintf("d%d.example", id%50), 0)
		a.Summary = strings.Repeat("about me ", 20)
		if id == 1 {
			a.Home = 1
		}
		if err := t.PutActor(x.ctx, a); err != nil {
			return err
		}
	}
	if err := t.PutUser(x.ctx, &social.User{ID: 1, CreatedAt: 1}); err != nil {
		return err
	}
	for id := ID(2); id <= benchAuthors; id++ {
		if err := t.PutFollow(x.ctx, &social.Follow{ID: id, Actor: 1, Target: id, URI: "f" + id.String(), CreatedAt: 1}); err != nil {
			return err
		}
	}
	return nil
}

// insert does what createPost does of a neighbour's post: all the statements of
// its turn where whole, else what is needed to have it in feeds.
func (x *benched) insert(t *tx, whole bool) error {
	p := postOf(ID(t.ids.Next()), ID(2+rand.IntN(benchAuthors-1)))
	p.Content = "<p>" + strings.Repeat("文章 text ", 25) + "</p>"
	x.posts = append(x.posts, p.ID)
	if !whole {
		if _, err := t.InsertPost(x.ctx, p); err != nil {
			return err
		}
		return t.AddHome(x.ctx, ids(1), p)
	}
	if _, err := t.Seen(x.ctx, p.URI+"/activity", testNow); err != nil {
		return err
	}
	a, err := t.Actor(x.ctx, p.Actor)
	if err != nil {
		return err
	}
	users, err := t.FeedUsers(x.ctx, p.Actor, nil)
	if err != nil {
		return err
	}
	if _, err := t.BlockedAmong(x.ctx, ids(users[0].User), a); err != nil {
		return err
	}
	if _, err := t.FeedLists(x.ctx, p.Actor); err != nil {
		return err
	}
	if _, err := t.InsertPost(x.ctx, p); err != nil {
		return err
	}
	if err := t.CountActor(x.ctx, p.Actor, 1, 0, 0, p.CreatedAt); err != nil {
		return err
	}
	if _, err := t.Orphans(x.ctx, p.URI, 100); err != nil {
		return err
	}
	if err := t.AddHome(x.ctx, ids(users[0].User), p); err != nil {
		return err
	}
	return t.Enqueue(x.ctx, []social.Job{{ID: p.ID, Kind: social.JobCard, Ref: p.ID, RunAt: testNow}}, 0)
}

// cpu is the processor time of this process.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// reportCPU adds the processor time an operation took since from.
func reportCPU(b *testing.B, from time.Duration, operations int) {
	b.ReportMetric(float64((cpu()-from).Microseconds())/float64(operations), "cpu-µs/op")
}

// BenchmarkCreatePost is what the store does for one incoming post: alone, with
// its own fsync, and as one of 32 that share a commit.
func BenchmarkCreatePost(b *testing.B) {
	for _, group := range []int{1, 32} {
		b.Run(fmt.Sprintf("group=%d", group), func(b *testing.B) {
			x := newBenched(b, 20_000)
			b.ReportAllocs()
			from, n := cpu(), 0
			for b.Loop() {
				x.write(b, func(t *tx) error {
					for range group {
						if err := x.insert(t, true); err != nil {
							return err
						}
					}
					return nil
				})
				n += group
			}
			reportCPU(b, from, n)
		})
	}
}

// BenchmarkHomePage reads 20 posts of a Home among 200,000 with all they need.
func BenchmarkHomePage(b *testing.B) {
	x := newBenched(b, 200_000)
	for _, c := range []struct {
		name string
		from func() ID
	}{
		{"newest", func() ID { return 0 }},
		{"anywhere", func() ID { return x.posts[1000+rand.IntN(len(x.posts)-1000)] }},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			from, n := cpu(), 0
			for b.Loop() {
				found, more, err := x.HomeFeed(x.ctx, 1, social.Page{Limit: 20, MaxID: c.from()})
				if err != nil || len(found) != 20 {
					b.Fatal(len(found), err)
				}
				posts, err := x.Posts(x.ctx, append(found, more...))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := x.Bundle(x.ctx, 1, posts[:20]); err != nil {
					b.Fatal(err)
				}
				n++
			}
			reportCPU(b, from, n)
		})
	}
}

// BenchmarkStatement is one read and one write, without a commit.
func BenchmarkStatement(b *testing.B) {
	x := newBenched(b, 2000)
	b.Run("address", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := x.Address(x.ctx, "https://posts.example/"+x.posts[7].String()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("post", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := x.Post(x.ctx, x.posts[7]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("count", func(b *testing.B) {
		b.ReportAllocs()
		x.write(b, func(t *tx) error {
			for b.Loop() {
				if err := t.CountPost(x.ctx, x.posts[7], 1, 0, 0, 0); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
