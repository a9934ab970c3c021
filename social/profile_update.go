package social

import "context"

// updateActor changes a profile: the turn's own, or that of a neighbour whose
// server told or was asked. An unknown Actor from elsewhere becomes known so.
func updateActor(ctx context.Context, t *turn) (*Result, error) {
	pr := t.a.Object.(*Profile)
	a := pr.Actor
	if t.actor != nil && a.ID != t.actor.ID {
		return nil, forbidden("update actor", "an actor can only change itself")
	}
	old, err := t.formerActor(ctx, &a)
	if err != nil {
		return nil, err
	}
	if old != nil && old.Local() && t.actor == nil {
		return nil, forbidden("update actor", "this actor lives here: nobody else can tell of it")
	}
	if old == nil {
		if a.ID == 0 {
			a.ID = t.h.newID()
		}
		if a.CreatedAt == 0 {
			a.CreatedAt = t.now
		}
	} else {
		keepOurs(&a, old)
	}
	a.UpdatedAt = t.now
	if !a.Local() {
		if err := t.obeyProfile(ctx, &a, old == nil); err != nil {
			return nil, err
		}
		if err := t.heardSuspended(ctx, &a, pr.Suspended); err != nil {
			return nil, err
		}
	}
	if err := t.PutActor(ctx, &a); err != nil {
		return nil, err
	}
	if err := t.putKeys(ctx, &a, pr.Keys); err != nil {
		return nil, err
	}
	t.emit(Event{Type: ActorChanged, Actor: a.ID})
	t.actor = &a
	return &Result{Done: true}, t.send(ctx, Outgoing{
		Verb: Update, URI: updateURI(a.URI, t.now), Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjActor, ID: a.ID, URI: a.URI, At: t.now},
	})
}

// formerActor finds the row that a is a newer version of, by id, URI or handle.
// A handle that comes with another URI means that its server was set up anew.
func (t *turn) formerActor(ctx context.Context, a *Actor) (*Actor, error) {
	if a.ID != 0 {
		old, err := t.Actor(ctx, a.ID)
		return old, missingOK(err)
	}
	if at, err := t.Address(ctx, a.URI); err == nil && at.Kind == "actor" {
		return t.Actor(ctx, at.Target)
	}
	old, err := t.ActorByHandle(ctx, a.Name, a.Domain)
	if err != nil {
		return nil, missingOK(err)
	}
	if old.Local() {
		return nil, forbidden("update actor", "this handle belongs to somebody here")
	}
	return old, nil
}

// keepOurs carries over what only this home knows or decides.
func keepOurs(a, old *Actor) {
	a.ID, a.Home = old.ID, old.Home
	a.PostCount, a.Followers, a.Following = max(a.PostCount, old.PostCount), old.Followers, old.Following
	a.LastPostAt = max(a.LastPostAt, old.LastPostAt)
	a.Suspended, a.Limited, a.MarkSensitive = old.Suspended, old.Limited, old.MarkSensitive
	if a.MovedTo == 0 {
		a.MovedTo = old.MovedTo
	}
	if a.MovedAt == 0 {
		a.MovedAt = old.MovedAt
	}
	if a.CreatedAt == 0 {
		a.CreatedAt = old.CreatedAt
	}
	verified := make(map[string]Millis)
	for _, f := range old.Fields {
		verified[f.Name+"\x00"+f.Value] = f.VerifiedAt
	}
	for i := range a.Fields {
		if a.Fields[i].VerifiedAt == 0 {
			a.Fields[i].VerifiedAt = verified[a.Fields[i].Name+"\x00"+a.Fields[i].Value]
		}
	}
}

// putKeys replaces a neighbour's public keys; ours are only ever added.
func (t *turn) putKeys(ctx context.Context, a *Actor, keys []Key) error {
	if len(keys) == 0 {
		return nil
	}
	keep := make([]string, 0, len(keys))
	for i := range keys {
		k := keys[i]
		if k.ID == 0 {
			k.ID = t.h.newID()
		}
		if k.CreatedAt == 0 {
			k.CreatedAt = t.now
		}
		k.Actor = a.ID
		keep = append(keep, k.KeyID)
		if err := t.PutKey(ctx, &k); err != nil {
			return err
		}
	}
	if a.Local() {
		return nil
	}
	return t.DropKeys(ctx, a.ID, keep)
}
