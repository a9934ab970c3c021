package activitypub

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"engawa/internal/fetch"
	"engawa/network"
	"engawa/social"
)

// HandleInbox carries out one activity that came in (JobInbox): Job.Body is it,
// Job.Target the URI and Job.Ref the id of who signed the request. It answers
// with the outcomes of package network and may run twice.
func (f *Federation) HandleInbox(ctx context.Context, j *social.Job) error {
	ctx, err := f.begin(ctx)
	if err != nil {
		return err
	}
	in, err := Decode(j.Body)
	if err != nil {
		return f.failure(err)
	}
	author, err := f.authorize(ctx, in, j)
	if err != nil {
		return f.failure(err)
	}
	switch {
	case author.State == social.ActorGone:
		return f.drops.count("gone", nil)
	case author.Suspended != 0 && !social.AllowedWhileSuspended(author, in.Verb, in.Kind):
		return f.drops.count("forbidden", nil)
	}
	f.refreshStale(ctx, in, author)
	if in.Verb == social.Create && in.Kind == social.ObjPost {
		if _, ok := f.deleted.get(in.Actor + " " + in.Object); ok {
			return f.drops.count("deleted", nil)
		}
	}
	a, err := f.activityOf(ctx, in, author)
	if err != nil {
		if in.Verb == social.Delete && errors.Is(err, ErrNotHere) {
			f.deleted.put(in.Actor+" "+in.Object, struct{}{}) // theirs to say for themselves only (T52)
		}
		return f.failure(err)
	}
	profile, isProfile := a.Object.(*social.Profile)
	if isProfile {
		f.forgetKeys(ctx, author.ID)
	}
	res, err := f.Home.Do(ctx, a)
	if err != nil {
		return f.failure(err)
	}
	if isProfile {
		f.noteKeys(profile)
	}
	f.passOn(ctx, in, res, j)
	return nil
}

// errGate is wrapped by what the authority gate refuses.
var errGate = errors.New("not theirs to say")

// authorize passes an activity through the authority gate, loading from their
// origins what may not be believed as it came, and returns who acts.
func (f *Federation) authorize(ctx context.Context, in *Incoming, j *social.Job) (*social.Actor, error) {
	signer := j.Target
	proved := signer != in.Actor && f.proved(ctx, j.Body, in.Actor)
	verdict := Judge(in, signer, proved)
	if verdict.Decision == Refuse {
		return nil, fmt.Errorf("%w: %s", errGate, verdict.Reason)
	}
	if f.ours(in.Actor) || f.blocked(ctx, HostOf(in.Actor)) {
		return nil, fmt.Errorf("%w: activities of %s do not come in by this way", errGate, in.Actor)
	}
	author, err := f.authorOf(ctx, in, j)
	if err != nil || verdict.Decision == Take {
		return author, err
	}
	return author, f.fetchObject(ctx, in, verdict.URI)
}

// authorOf is who acts; somebody unknown is loaded, but not to be told of an end.
func (f *Federation) authorOf(ctx context.Context, in *Incoming, j *social.Job) (*social.Actor, error) {
	if j.Target == in.Actor && j.Ref != 0 {
		a, err := f.Home.Store.Actor(ctx, j.Ref)
		if err == nil && a.URI == in.Actor || !social.IsKind(err, social.NotFound) && err != nil {
			return a, err
		}
	}
	if in.Verb == social.Delete {
		a, err := f.knownActor(ctx, in.Actor)
		if social.IsKind(err, social.NotFound) {
			err = fmt.Errorf("%w: %s", ErrNotHere, in.Actor)
		}
		return a, err
	}
	return f.ActorByURI(ctx, in.Actor)
}

// fetchObject gives an activity the object as its origin tells it now (T14). A
// Delete holds when the origin does not have the object any more.
func (f *Federation) fetchObject(ctx context.Context, in *Incoming, uri string) error {
	v, err := f.document(ctx, uri)
	status := statusOf(err)
	gone := status == http.StatusGone || status == http.StatusNotFound || err == nil && v.Is("Tombstone")
	switch {
	case in.Verb == social.Delete && gone:
	case in.Verb == social.Delete && err == nil:
		return fmt.Errorf("%w: what it deletes is still there", errGate)
	case err != nil:
		return err
	case gone:
		return fmt.Errorf("%w: %s is gone", ErrNotHere, uri)
	default:
		if err := in.SetObject(v); err != nil {
			return err
		}
	}
	if verdict := Judge(in, in.Actor, true); verdict.Decision != Take {
		return fmt.Errorf("%w: %s", errGate, verdict.Reason)
	}
	return nil
}

// refreshStale looks again at who acts, when that was long ago. That it cannot
// be done now stops nothing.
func (f *Federation) refreshStale(ctx context.Context, in *Incoming, author *social.Actor) {
	if in.Verb == social.Delete || in.Kind == social.ObjActor && in.Verb == social.Update {
		return
	}
	if f.millis()-author.FetchedAt < refreshAge.Milliseconds() {
		return
	}
	if fresh, err := f.refreshActor(ctx, author.URI); err == nil && fresh.ID == author.ID {
		*author = *fresh
	}
}

// activityOf resolves what an activity names and builds what Home.Do takes.
func (f *Federation) activityOf(ctx context.Context, in *Incoming, author *social.Actor) (*social.Activity, error) {
	if in.Verb == social.Move {
		if err := f.bothSides(ctx, in, author); err != nil {
			return nil, err
		}
	}
	refs := in.Needs()
	s := scope{deep: true, actors: maxMentionsFetched}
	if in.Verb == social.Create || in.Verb == social.Announce {
		s = f.scopeOf(ctx, in, author, refs)
	}
	resolved, err := f.resolve(ctx, refs, s)
	if err != nil {
		return nil, err
	}
	here := &Here{
		Author: author, Now: f.millis(),
		Act:  func(uri string) (Act, bool) { return f.act(ctx, uri) },
		Poll: func(post social.ID) (*social.Poll, error) { return f.Home.Store.Poll(ctx, post) },
	}
	if d := in.Post(); d != nil && in.Kind == social.ObjPost {
		here.Stamped = f.stamped(ctx, d, resolved)
	}
	if in.Verb == social.QuoteRequest && resolved[in.Object] != 0 && resolved[in.Target] == 0 {
		if id := f.instrument(ctx, in, author); id != 0 {
			resolved[in.Target] = id
		}
	}
	if in.Verb == social.Accept && in.Kind == social.ObjQuote {
		if err := f.checkStamp(ctx, in, resolved); err != nil {
			return nil, err
		}
	}
	return in.Activity(resolved, here)
}

// scopeOf says what may be fetched for a new post or boost. What concerns
// nobody here costs no request (T48); of a thread, only the author's own server
// is asked at once, the rest is the work of JobThread.
func (f *Federation) scopeOf(ctx context.Context, in *Incoming, author *social.Actor, refs []Ref) scope {
	none := scope{}
	if len(refs) == 0 {
		return none
	}
	followers, err := f.Home.Store.LocalFollowers(ctx, author.ID)
	if err != nil {
		return none
	}
	concerns := len(followers) > 0
	for i := range refs {
		concerns = concerns || f.ours(refs[i].URI)
	}
	if !concerns {
		return none
	}
	parent := ""
	if d := in.Post(); d != nil {
		parent = d.ReplyTo()
	}
	return scope{deep: true, actors: maxMentionsFetched, parent: func(uri string) bool {
		return uri != parent || sameOrigin(uri, author.URI)
	}}
}

// bothSides loads both ends of a Move from their origins: the old actor must
// say where it went, the new one that it was the old (which Home.Do checks).
func (f *Federation) bothSides(ctx context.Context, in *Incoming, author *social.Actor) error {
	v, err := f.document(ctx, in.Actor)
	if err != nil {
		return err
	}
	if uriOf(v.Get("movedTo")) != in.Target {
		return fmt.Errorf("%w: the old account does not say that it moved to %s", errGate, in.Target)
	}
	if f.ours(in.Target) {
		return nil
	}
	_, err = f.refreshActor(ctx, in.Target)
	return err
}

// instrument stores the quoting post that comes with a QuoteRequest, so that it
// can be stamped.
func (f *Federation) instrument(ctx context.Context, in *Incoming, author *social.Actor) social.ID {
	d := in.Instrument()
	if d == nil {
		return 0
	}
	draft, err := f.draftOf(ctx, d, author)
	if err != nil {
		return 0
	}
	res, err := f.Home.Do(ctx, &social.Activity{Verb: social.Create, Actor: author.ID, Origin: social.Federated, Quiet: true, Object: draft})
	if err != nil || res.Post == nil {
		return 0
	}
	return res.Post.ID
}

// checkStamp loads the authorization that answers a request of ours; it must
// name our post and the quoted one (T80).
func (f *Federation) checkStamp(ctx context.Context, in *Incoming, resolved map[string]social.ID) error {
	quoting := resolved[in.Inner]
	if in.Inner == "" {
		if a, ok := f.act(ctx, in.Object); ok {
			quoting = a.Answer
		}
	}
	if quoting == 0 || in.Target == "" {
		return nil // the decoder says what is missing
	}
	p, err := f.Home.Store.Post(ctx, quoting)
	if err != nil {
		return err
	}
	v, err := f.document(ctx, in.Target)
	if err != nil {
		return err
	}
	if !stampProves(v, p.URI, p.QuoteURI, in.Actor) {
		return fmt.Errorf("%w: the quote authorization is for something else", errGate)
	}
	return nil
}

// passOn forwards answers to posts of ours, and what becomes of them, as their
// own server signed them (ActivityPub 7.1.2).
func (f *Federation) passOn(ctx context.Context, in *Incoming, res *social.Result, j *social.Job) {
	if res == nil || !res.Done || res.Post == nil || in.Kind == social.ObjVote || j.Target != in.Actor || res.Post.URI != in.Object {
		return
	}
	switch in.Verb {
	case social.Create, social.Update, social.Delete:
	default:
		return
	}
	if err := f.Home.Forward(ctx, res.Post, in.URI, j.Body); err != nil {
		f.Log.Warn("an answer could not be passed on", "post", res.Post.URI, "err", err)
	}
}

// failure gives an error the outcome it means for a job.
func (f *Federation) failure(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errGate):
		return f.drops.count("gate", err)
	case errors.Is(err, ErrDocument):
		return f.drops.count("document", err)
	case errors.Is(err, ErrUnknown):
		return f.drops.count("unknown", err)
	case errors.Is(err, ErrInvalid):
		return f.drops.count("invalid", err)
	case errors.Is(err, ErrNotHere):
		return f.drops.count("not here", err)
	}
	var e *fetch.Error
	if asFetch(err, &e) {
		switch {
		case e.Uplink:
			return &network.Park{Err: err}
		case e.Temporary():
			return &network.Later{After: e.RetryAfter, Err: err}
		}
		return f.drops.count("fetch", err)
	}
	var no *refusal
	if errors.As(err, &no) && !isTemporary(err) {
		return f.drops.count("signature", err)
	}
	if kind := social.KindOf(err); kind != social.Temporary {
		return f.drops.count(kindWord[kind], err)
	}
	return err
}

// kindWord are the words that refusals of the domain are counted by.
var kindWord = map[social.Kind]string{
	social.Invalid: "invalid", social.Unauthenticated: "forbidden", social.Forbidden: "forbidden",
	social.NotFound: "not here", social.Conflict: "conflict", social.Gone: "gone", social.Limited: "limited",
}
