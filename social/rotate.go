package social

import (
	"context"

	"engawa/internal/keys"
)

// RotateKeys gives one of our Actors new keys and retires those it had. Its
// followers' servers are told by an Update that the new keys sign; whoever else
// gets a request signed with them finds them in the Actor's document. Requests
// of the old keys are refused by whoever has looked since.
func (h *Home) RotateKeys(ctx context.Context, actor ID) error {
	a, err := h.Store.Actor(ctx, actor)
	if err != nil {
		return err
	}
	if !a.Local() {
		return invalid("rotate keys", "actor", a.Handle()+" lives elsewhere: its own server keeps its keys")
	}
	fresh := make([]*Key, 0, 2)
	for _, kind := range []keys.Kind{keys.RSA, keys.Ed25519} {
		k, err := h.newKey(a, kind, false)
		if err != nil {
			return err
		}
		fresh = append(fresh, k)
	}
	var t *turn
	err = h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Update}, actor: a, now: h.now()}
		return t.replaceKeys(ctx, fresh)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

func (t *turn) replaceKeys(ctx context.Context, fresh []*Key) error {
	old, err := t.Keys(ctx, t.actor.ID)
	if err != nil {
		return err
	}
	for i := range old {
		if k := &old[i]; k.RetiredAt == 0 {
			k.RetiredAt = t.now
			if err := t.PutKey(ctx, k); err != nil {
				return err
			}
		}
	}
	for _, k := range fresh {
		if err := t.PutKey(ctx, k); err != nil {
			return err
		}
	}
	t.emit(Event{Type: ActorChanged, Actor: t.actor.ID})
	err = t.send(ctx, Outgoing{
		Verb: Update, URI: updateURI(t.actor.URI, t.now), Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjActor, ID: t.actor.ID, URI: t.actor.URI, At: t.now},
	})
	if err != nil {
		return err
	}
	return t.enqueue(ctx)
}
