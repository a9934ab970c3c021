package social

import (
	"context"
	"time"
)

// boostPost passes a Post on.
func boostPost(ctx context.Context, t *turn) (*Result, error) {
	ref := t.a.Object.(*PostRef)
	p, err := t.subjectOf(ctx, ref.Post)
	if err != nil {
		return nil, err
	}
	if t.throughLink(p) {
		return t.boostThere(ctx, p, ref)
	}
	if !CanBoost(Viewer{Actor: t.actor.ID}, p) {
		return nil, forbidden("boost", "This action is not allowed")
	}
	if ref.Audience == Direct {
		return nil, invalid("boost", "visibility", "Validation failed: Visibility of a boost is one of public, unlisted, private, local")
	}
	if old, err := t.BoostOf(ctx, t.actor.ID, p.ID); err == nil && old.Origin != Linked {
		return &Result{Post: old}, nil
	} else if err == nil { // only a Lane had shown it
		if err := t.ForgetPost(ctx, old); err != nil {
			return nil, err
		}
	} else if !isMissing(err) {
		return nil, err
	}
	b := t.newBoost(p, ref)
	r, err := t.reachOf(ctx, b, nil)
	if err != nil {
		return nil, err
	}
	if !b.Local() && !t.a.Quiet && !r.relevant && !p.Local() {
		return &Result{}, nil
	}
	if err := t.narrowBoost(ctx, p, r); err != nil {
		return nil, err
	}
	fresh, err := t.InsertPost(ctx, b)
	if err != nil || !fresh {
		return &Result{}, err
	}
	if err := t.CountPost(ctx, p.ID, 0, 1, 0, 0); err != nil {
		return nil, err
	}
	if err := t.CountActor(ctx, t.actor.ID, 1, 0, 0, b.CreatedAt); err != nil {
		return nil, err
	}
	if err := t.spread(ctx, b, r); err != nil {
		return nil, err
	}
	if err := t.afterBoost(ctx, b, p); err != nil {
		return nil, err
	}
	t.countInteraction(p)
	return &Result{Post: b, Done: true}, t.relayNew(ctx, b, RelayBoost, r.rules, nil)
}

func (t *turn) newBoost(p *Post, ref *PostRef) *Post {
	b := &Post{
		ID: t.h.newID(), URI: t.a.URI, URL: ref.URL, Actor: t.actor.ID, Home: t.actor.Home, Kind: Boost,
		Audience: max(ref.Audience, p.Audience), Origin: t.a.Origin, BoostOf: p.ID, Language: p.Language,
		CreatedAt: t.now, ReceivedAt: t.now,
	}
	if at := t.a.At; at != 0 && at < t.now && b.Home == 0 {
		b.CreatedAt = at
		b.ID = ID(t.h.IDs.At(time.UnixMilli(at)))
	}
	if b.URI == "" {
		b.URI = boostURI(t.actor, b.ID)
		b.URL = postURL(t.actor, b.ID)
	}
	return b
}

// recentSubjects is how many rows of a Home are looked at before the same Post
// comes again as a boost.
const recentSubjects = 40

// narrowBoost leaves out Users who want nothing of the boosted author, and those
// who have the Post, or a boost of it, near the top already.
func (t *turn) narrowBoost(ctx context.Context, p *Post, r *reach) error {
	if len(r.home) == 0 && len(r.lists) == 0 {
		return nil
	}
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	refused, err := t.BlockedAmong(ctx, r.home, author)
	if err != nil {
		return err
	}
	kept := r.home[:0]
	for _, user := range r.home {
		if refused[user] != 0 || user == p.Actor {
			continue
		}
		if user != t.actor.ID {
			recent, err := t.RecentSubjects(ctx, user, recentSubjects)
			if err != nil {
				return err
			}
			if recent[p.ID] {
				continue
			}
		}
		kept = append(kept, user)
	}
	r.home = kept
	return nil
}

func (t *turn) afterBoost(ctx context.Context, b, p *Post) error {
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	if author.Local() {
		if err := t.notify(ctx, note{user: author.ID, typ: NotifyBoost, post: p}); err != nil {
			return err
		}
	}
	if b.Audience == LocalOnly {
		return nil
	}
	o := Outgoing{
		Verb: Announce, URI: b.URI, Audience: b.Audience, ToFollowers: true,
		Object: OutObject{Kind: ObjPost, ID: b.ID, URI: p.URI, TargetURI: author.URI, At: b.CreatedAt},
	}
	if !author.Local() {
		o.Inboxes = []string{author.BestInbox()}
	}
	return t.send(ctx, o)
}

// undoBoost takes a boost back.
func undoBoost(ctx context.Context, t *turn) (*Result, error) {
	u := t.a.Object.(*Undoing)
	p, err := t.Post(ctx, u.Post)
	if err == nil && p.BoostOf != 0 {
		p, err = t.Post(ctx, p.BoostOf)
	}
	if isMissing(err) && t.a.Origin != Local {
		return &Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := t.BoostOf(ctx, t.actor.ID, p.ID)
	if isMissing(err) {
		return &Result{Post: p}, nil
	}
	if err != nil {
		return nil, err
	}
	res, err := t.dropBoost(ctx, b)
	if err == nil {
		res.Post = p
	}
	return res, err
}

// dropBoost removes the row of a boost of the turn's Actor.
func (t *turn) dropBoost(ctx context.Context, b *Post) (*Result, error) {
	home, lists, err := t.feedsOf(ctx, b)
	if err != nil {
		return nil, err
	}
	if err := t.DeletePost(ctx, b, t.now); err != nil {
		return nil, err
	}
	if err := t.CountPost(ctx, b.BoostOf, 0, -1, 0, 0); err != nil {
		return nil, err
	}
	if b.Origin != Linked {
		if err := t.CountActor(ctx, b.Actor, -1, 0, 0, 0); err != nil {
			return nil, err
		}
	}
	if err := t.relayChange(ctx, b, RelayUnboost); err != nil {
		return nil, err
	}
	t.emit(Event{Type: PostDeleted, Post: b.ID, Actor: b.Actor, Home: home, Lists: lists})
	p, err := t.Post(ctx, b.BoostOf)
	if isMissing(err) {
		return &Result{Done: true}, nil
	}
	if err != nil {
		return nil, err
	}
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return nil, err
	}
	if author.Local() {
		if err := t.DropNotificationsOf(ctx, author.ID, b.Actor, NotifyBoost, p.ID); err != nil {
			return nil, err
		}
	}
	if b.Origin == Linked {
		return &Result{Done: true}, t.takeBackThere(ctx, Answer{Verb: Announce, Target: p.ID})
	}
	if b.Audience == LocalOnly {
		return &Result{Done: true}, nil
	}
	o := Outgoing{
		Verb: Undo, URI: b.URI + "/undo", Audience: b.Audience, ToFollowers: true,
		Object: OutObject{Kind: ObjBoost, Inner: Announce, URI: b.URI, ID: p.ID, TargetURI: p.URI, At: b.CreatedAt},
	}
	if !author.Local() {
		o.Inboxes = []string{author.BestInbox()}
	}
	return &Result{Done: true}, t.send(ctx, o)
}
