package social_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"engawa/internal/clock"
	"engawa/internal/keys"
	"engawa/internal/snowflake"
	"engawa/internal/testpg"
	. "engawa/social"
	"engawa/store"
)

// rig is a home over a real store, with a bus and a queue that only record.
type rig struct {
	*Home
	t      *testing.T
	ctx    context.Context
	clock  *clock.Fake
	events []Event
	jobs   []Job
}

func (r *rig) Publish(e Event)    { r.events = append(r.events, e) }
func (r *rig) Hold() (ID, Millis) { return 77, clock.Millis(r.clock.Now()) + 60_000 }
func (r *rig) Push(jobs []Job)    { r.jobs = append(r.jobs, jobs...) }

var start = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// onBoth runs f on an empty home over each engine.
func onBoth(t *testing.T, f func(r *rig)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			r := &rig{t: t, ctx: t.Context(), clock: clock.NewFake(start)}
			dsn := "sqlite:" + filepath.Join(t.TempDir(), "engawa.db")
			if engine == "postgres" {
				dsn = testpg.Start(t)
			}
			s, err := store.Open(r.ctx, store.Config{DSN: dsn, Node: 1, Clock: r.clock})
			r.ok(err)
			t.Cleanup(func() { _ = s.Close() })
			r.ok(s.Migrate(r.ctx))
			master, err := keys.NewMaster(make([]byte, keys.MasterSize))
			r.ok(err)
			r.Home = &Home{Store: s, Bus: r, Queue: r, Clock: r.clock, IDs: snowflake.New(1, r.clock), Master: master, Limits: DefaultLimits}
			r.ok(r.EnsureHome(r.ctx, "home.example", "https://home.example", "Home"))
			f(r)
		})
	}
}

func (r *rig) ok(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) write(f func(tx Tx) error) {
	r.t.Helper()
	r.ok(r.Store.Write(r.ctx, f))
}

func (r *rig) id() ID { return ID(r.IDs.Next()) }

// actor makes an Actor: "name" here with a User, "name@domain" elsewhere.
func (r *rig) actor(handle string, change ...func(*Actor)) *Actor {
	r.t.Helper()
	name, domain, far := strings.Cut(handle, "@")
	a := &Actor{ID: r.id(), Name: name, Domain: domain, Kind: Person, CreatedAt: 1, UpdatedAt: 1, FetchedAt: 1}
	if far {
		a.URI, a.URL = "https://"+domain+"/users/"+name, "https://"+domain+"/@"+name
		a.Inbox, a.SharedInbox, a.FollowersURI = a.URI+"/inbox", "https://"+domain+"/inbox", a.URI+"/followers"
	} else {
		a.Home, a.Domain = r.Info.ID, r.Info.Domain
		ActorURIs(&r.Info, a)
	}
	for _, c := range change {
		c(a)
	}
	r.write(func(tx Tx) error {
		if err := tx.PutActor(r.ctx, a); err != nil || far {
			return err
		}
		return tx.PutUser(r.ctx, &User{ID: a.ID, Email: name + "@mail.example", ConfirmedAt: 1, ApprovedAt: 1, CreatedAt: 1})
	})
	return a
}

func locked(a *Actor) { a.Locked = true }

// do carries one Activity out, by an Actor from wherever it lives.
func (r *rig) do(verb Verb, by *Actor, o Object, change ...func(*Activity)) (*Result, error) {
	a := &Activity{Verb: verb, Actor: by.ID, Object: o}
	if !by.Local() {
		a.Origin = Federated
	}
	for _, c := range change {
		c(a)
	}
	r.clock.Advance(time.Second)
	return r.Do(r.ctx, a)
}

func quiet(a *Activity) { a.Quiet = true }

// must is do that changes something.
func (r *rig) must(verb Verb, by *Actor, o Object, change ...func(*Activity)) *Result {
	r.t.Helper()
	res, err := r.do(verb, by, o, change...)
	r.ok(err)
	if !res.Done {
		r.t.Fatalf("%s by %s changed nothing", verb, by.Handle())
	}
	return res
}

// same is do that is known already: nothing changes, nobody is told.
func (r *rig) same(verb Verb, by *Actor, o Object, change ...func(*Activity)) {
	r.t.Helper()
	r.forget()
	res, err := r.do(verb, by, o, change...)
	r.ok(err)
	if res.Done || len(r.events) != 0 {
		r.t.Errorf("%s again: done %v, events %v", verb, res.Done, r.told())
	}
}

// refused is do that ends with this kind of error.
func (r *rig) refused(k Kind, verb Verb, by *Actor, o Object) {
	r.t.Helper()
	if res, err := r.do(verb, by, o); !IsKind(err, k) {
		r.t.Errorf("%s by %s: %+v, %v; want an error of kind %d", verb, by.Handle(), res, err, k)
	}
}

func (r *rig) forget() { r.events, r.jobs = nil, nil }

// told are the events since forget, as "type post user", in short.
func (r *rig) told() (out []string) {
	for _, e := range r.events {
		out = append(out, string(e.Type))
	}
	return out
}

// sent are the Outgoings of the fan-out jobs since forget, as "verb kind → inboxes".
func (r *rig) sent() (out []string) {
	r.t.Helper()
	for _, j := range r.jobs {
		if j.Kind != JobFanout {
			continue
		}
		if j.Lease != 77 || j.Key == "" {
			r.t.Errorf("job %+v is not held, or has no key", j)
		}
		o, err := r.Store.Outgoing(r.ctx, j.Ref)
		r.ok(err)
		inboxes, err := r.Inboxes(r.ctx, o)
		if err != nil && err != ErrNobody {
			r.t.Error(err)
		}
		slices.Sort(inboxes)
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s", o.Verb, o.Object.Kind, strings.Join(inboxes, " "))))
	}
	return out
}

func (r *rig) wantSent(want ...string) {
	r.t.Helper()
	if got := r.sent(); !slices.Equal(got, want) {
		r.t.Errorf("sent %q, want %q", got, want)
	}
}

func (r *rig) wantTold(want ...string) {
	r.t.Helper()
	if got := r.told(); !slices.Equal(got, want) {
		r.t.Errorf("told %q, want %q", got, want)
	}
}

// notes are a User's notifications, oldest first, as "type from".
func (r *rig) notes(of *Actor) (out []string) {
	r.t.Helper()
	n, err := r.NotificationsOf(r.ctx, Viewer{Actor: of.ID, User: true}, NotificationQuery{IncludeFiltered: true, Page: Page{Limit: 40}})
	r.ok(err)
	for _, row := range n.Rows {
		out = append([]string{string(row.Type) + " " + n.Actors[row.Actor].Name}, out...)
	}
	return out
}

func (r *rig) wantNotes(of *Actor, want ...string) {
	r.t.Helper()
	if got := r.notes(of); !slices.Equal(got, want) {
		r.t.Errorf("%s has %q, want %q", of.Name, got, want)
	}
}

// post says something.
func (r *rig) post(by *Actor, text string, change ...func(*Post)) *Post {
	r.t.Helper()
	return r.must(Create, by, r.draft(by, text, change...)).Post
}

func (r *rig) draft(by *Actor, text string, change ...func(*Post)) *Draft {
	d := &Draft{Post: Post{Content: "<p>" + text + "</p>", Source: text}}
	if !by.Local() {
		d.Post.URI = fmt.Sprintf("%s/notes/%d", by.URI, r.id())
		d.Post.CreatedAt = clock.Millis(r.clock.Now())
	}
	for _, c := range change {
		c(&d.Post)
	}
	return d
}

func to(a Audience) func(*Post) { return func(p *Post) { p.Audience = a } }

func reply(parent *Post) func(*Post) {
	return func(p *Post) { p.ReplyTo, p.ReplyToURI, p.ReplyToActor = parent.ID, parent.URI, parent.Actor }
}

func naming(actors ...*Actor) func(*Post) {
	return func(p *Post) {
		for _, a := range actors {
			p.Mentions = append(p.Mentions, Mention{Actor: a.ID, Name: a.Name, Domain: a.Domain, URI: a.URI})
		}
	}
}

// now reads a Post as it is.
func (r *rig) now(p *Post) *Post {
	r.t.Helper()
	got, err := r.Store.Post(r.ctx, p.ID)
	r.ok(err)
	return got
}

func (r *rig) who(a *Actor) *Actor {
	r.t.Helper()
	got, err := r.Store.Actor(r.ctx, a.ID)
	r.ok(err)
	return got
}

// feed is what stands in a User's Home, newest first.
func (r *rig) feed(of *Actor) (out []ID) {
	r.t.Helper()
	l, err := r.HomeFeed(r.ctx, Viewer{Actor: of.ID, User: true}, Page{Limit: 40})
	r.ok(err)
	for _, p := range l.Posts {
		out = append(out, p.ID)
	}
	return out
}

func (r *rig) wantFeed(of *Actor, want ...*Post) {
	r.t.Helper()
	var ids []ID
	for _, p := range want {
		ids = append(ids, p.ID)
	}
	if got := r.feed(of); !slices.Equal(got, ids) {
		r.t.Errorf("Home of %s: %v, want %v", of.Name, got, ids)
	}
}

// follows makes an accepted follow without telling.
func (r *rig) follows(a, b *Actor) {
	r.t.Helper()
	_, err := r.do(FollowVerb, a, &FollowAsk{Target: b.ID}, quiet)
	r.ok(err)
	_, err = r.do(Accept, b, &FollowAnswer{Follower: a.ID}, quiet)
	r.ok(err)
	r.forget()
}
