package activitypub

import (
	"context"
	"errors"

	"engawa/internal/fetch"
	"engawa/internal/hostname"
	"engawa/social"
)

// resolveLimits is what may be fetched in the name of one look-up or activity.
var resolveLimits = fetch.Limits{Requests: 40, PerDomain: 30, Bytes: 8 << 20}

// depthKey is where a context tells how many posts deep a look-up is: a post
// that quotes a post that quotes … ends after maxNested (T48).
type depthKey struct{}

const maxNested = 1

func depthOf(ctx context.Context) int {
	n, _ := ctx.Value(depthKey{}).(int)
	return n
}

func deeper(ctx context.Context) context.Context {
	return context.WithValue(ctx, depthKey{}, depthOf(ctx)+1)
}

func asFetch(err error, e **fetch.Error) bool { return errors.As(err, e) }

// begin is what every look-up from outside starts with.
func (f *Federation) begin(ctx context.Context) (context.Context, error) {
	return fetch.WithLimits(ctx, resolveLimits), f.ready()
}

// ActorByURI implements social.Neighbours.
func (f *Federation) ActorByURI(ctx context.Context, uri string) (*social.Actor, error) {
	ctx, err := f.begin(ctx)
	if err != nil {
		return nil, err
	}
	a, err := f.knownActor(ctx, uri)
	if err == nil && a.FetchedAt == 0 && !a.Local() {
		if full, err := f.refreshActor(ctx, uri); err == nil {
			return full, nil
		}
	}
	if !social.IsKind(err, social.NotFound) || f.ours(uri) {
		return a, err
	}
	a, err = f.refreshActor(ctx, uri)
	return a, found("actor", uri, err)
}

// knownActor finds an Actor by a URI of it; one that is gone is not found.
func (f *Federation) knownActor(ctx context.Context, uri string) (*social.Actor, error) {
	at, err := f.Home.Store.Address(ctx, uri)
	if err != nil {
		return nil, err
	}
	if at.State == "gone" {
		return nil, &social.Error{Kind: social.Gone, Op: "actor", Message: "this account has been deleted"}
	}
	if at.Kind != "actor" {
		return nil, &social.Error{Kind: social.Invalid, Op: "actor", Message: "this is the address of a " + at.Kind + ", not of an account"}
	}
	return f.Home.Store.Actor(ctx, at.Target)
}

// Refresh loads an Actor from its origin, however lately that was done.
func (f *Federation) Refresh(ctx context.Context, uri string) (*social.Actor, error) {
	if err := f.ready(); err != nil {
		return nil, err
	}
	return f.refreshActor(ctx, uri)
}

// refreshActor loads an Actor from its origin, known or not, and stores it.
func (f *Federation) refreshActor(ctx context.Context, uri string) (*social.Actor, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, err, _ := f.flights.Do("actor "+uri, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), resolveTime)
		defer cancel()
		v, err := f.document(ctx, uri)
		if err != nil {
			return nil, err
		}
		a, err := f.storeActor(ctx, v)
		if err != nil {
			f.fail(uri, err)
		}
		return a, err
	})
	if err != nil {
		return nil, err
	}
	return v.(*social.Actor), nil
}

// storeActor takes an actor's document, judged before, with its handle proved
// by WebFinger.
func (f *Federation) storeActor(ctx context.Context, v Value) (*social.Actor, error) {
	doc, err := DecodeActor(v)
	if err != nil {
		return nil, err
	}
	p := doc.Profile
	old, err := f.knownActor(ctx, p.Actor.URI)
	switch {
	case err == nil:
		p.Actor.ID = old.ID
		if old.Local() {
			return nil, badly("%s is of this home", p.Actor.URI)
		}
	case !social.IsKind(err, social.NotFound):
		return nil, err
	}
	if p.Actor.Name, p.Actor.Domain, err = f.handleOf(ctx, &p.Actor, old); err != nil {
		return nil, err
	}
	if doc.MovedTo != "" {
		if to, err := f.knownActor(ctx, doc.MovedTo); err == nil {
			p.Actor.MovedTo = to.ID
		}
	}
	p.Actor.FetchedAt = f.millis()
	if old != nil {
		f.forgetKeys(ctx, old.ID)
	}
	if _, err := f.Home.Do(ctx, &social.Activity{Verb: social.Update, Origin: social.Federated, Quiet: true, Object: &p}); err != nil {
		return nil, err
	}
	f.noteKeys(&p)
	return f.knownActor(ctx, p.Actor.URI)
}

// forgetKeys drops what is remembered of an actor's keys, before they change.
func (f *Federation) forgetKeys(ctx context.Context, actor social.ID) {
	rows, err := f.Home.Store.Keys(ctx, actor)
	if err != nil {
		return
	}
	for i := range rows {
		f.keys.drop(rows[i].KeyID)
	}
}

// noteKeys forgets what was remembered of keys that may be others now.
func (f *Federation) noteKeys(p *social.Profile) {
	for i := range p.Keys {
		f.keys.drop(p.Keys[i].KeyID)
	}
}

// ActorByHandle implements social.Neighbours.
func (f *Federation) ActorByHandle(ctx context.Context, name, domain string) (*social.Actor, error) {
	ctx, err := f.begin(ctx)
	if err != nil {
		return nil, err
	}
	domain, err = hostname.Parse(domain)
	if err != nil || name == "" || len(name) > maxHandle {
		return nil, &social.Error{Kind: social.Invalid, Op: "actor", Message: "a handle is name@domain", Err: err}
	}
	a, err := f.Home.Store.ActorByHandle(ctx, name, domain)
	if !social.IsKind(err, social.NotFound) || domain == f.Home.Info.Domain || domain == HostOf(f.Base) {
		return a, err
	}
	handle := name + "@" + domain
	if err, ok := f.failed.get("acct " + handle); ok {
		return nil, found("actor", handle, err)
	}
	a, err = f.discover(ctx, name, domain)
	if err != nil {
		f.fail("acct "+handle, err)
	}
	return a, found("actor", handle, err)
}

// discover finds an unknown handle: WebFinger leads to the actor, and what the
// actor's own server says of it must lead back to the handle (T16).
func (f *Federation) discover(ctx context.Context, name, domain string) (*social.Actor, error) {
	if f.blocked(ctx, domain) {
		return nil, &social.Error{Kind: social.Forbidden, Op: "actor", Message: "this home does not speak with " + domain}
	}
	finger, err := f.webfinger(ctx, name, domain)
	if err != nil {
		return nil, err
	}
	if f.ours(finger.self) {
		return nil, badly("%s@%s names an account of this home", name, domain)
	}
	a, err := f.knownActor(ctx, finger.self)
	if err != nil || !matches(a, name, domain) {
		if a, err = f.refreshActor(ctx, finger.self); err != nil {
			return nil, err
		}
	}
	if !matches(a, name, domain) && !matches(a, finger.name, finger.domain) {
		return nil, badly("%s@%s leads to %s, which is %s", name, domain, a.URI, a.Handle())
	}
	return a, nil
}

// PostByURI implements social.Neighbours. uri may be the address of its page.
func (f *Federation) PostByURI(ctx context.Context, uri string) (*social.Post, error) {
	ctx, err := f.begin(ctx)
	if err != nil {
		return nil, err
	}
	p, err := f.knownPost(ctx, uri)
	if !social.IsKind(err, social.NotFound) || f.ours(uri) {
		return p, err
	}
	p, err = f.fetchPost(ctx, uri, false)
	return p, found("post", uri, err)
}

// knownPost finds a Post by an address of it, ours by the routes too.
func (f *Federation) knownPost(ctx context.Context, uri string) (*social.Post, error) {
	at, err := f.Home.Store.Address(ctx, uri)
	if social.IsKind(err, social.NotFound) && f.ours(uri) {
		return f.postByRoute(ctx, uri)
	}
	if err != nil {
		return nil, err
	}
	if at.State == "gone" {
		return nil, &social.Error{Kind: social.Gone, Op: "post", Message: "this post has been deleted"}
	}
	if at.Kind == "lane" { // only Links showed it: its own server has not told of it
		return nil, social.ErrNotFound
	}
	if at.Kind != "post" {
		return nil, &social.Error{Kind: social.Invalid, Op: "post", Message: "this is the address of a " + at.Kind + ", not of a post"}
	}
	return f.Home.Store.Post(ctx, at.Target)
}

// fetchPost loads a Post from its origin and stores it without telling anybody.
func (f *Federation) fetchPost(ctx context.Context, uri string, again bool) (*social.Post, error) {
	v, err := f.page(ctx, uri)
	if err != nil {
		return nil, err
	}
	if v.Type() == "Create" && !again {
		if object := uriOf(v.Get("object")); sameOrigin(object, v.ID()) {
			return f.fetchPost(ctx, object, true)
		}
	}
	if id := v.ID(); id != uri {
		if p, err := f.knownPost(ctx, id); err == nil {
			return p, nil
		}
	}
	return f.storePost(ctx, v)
}

// storePost takes a post's document, judged before.
func (f *Federation) storePost(ctx context.Context, v Value) (*social.Post, error) {
	d, err := DecodePost(v)
	if err != nil {
		return nil, err
	}
	author, err := f.ActorByURI(ctx, d.Author)
	if err != nil {
		return nil, err
	}
	draft, err := f.draftOf(ctx, d, author)
	if err != nil {
		return nil, err
	}
	res, err := f.Home.Do(ctx, &social.Activity{
		Verb: social.Create, Actor: author.ID, Origin: social.Federated, Quiet: true, Object: draft,
	})
	if err != nil {
		return nil, err
	}
	if res.Post != nil {
		return res.Post, nil
	}
	return f.knownPost(ctx, d.ID)
}

// draftOf resolves what a post that was fetched names, as deep as it may go.
func (f *Federation) draftOf(ctx context.Context, d *PostDocument, author *social.Actor) (*social.Draft, error) {
	resolved, err := f.resolve(ctx, d.Needs(), scope{deep: depthOf(ctx) < maxNested, actors: maxMentionsFetched})
	if err != nil {
		return nil, err
	}
	stamped := f.stamped(ctx, d, resolved)
	return d.Draft(resolved, &Here{Author: author, Now: f.millis(), Stamped: stamped})
}
