package social

import "context"

// pinPost puts one of the Actor's own Posts at the top of its profile.
func pinPost(ctx context.Context, t *turn) (*Result, error) {
	p, err := t.ownPost(ctx)
	if err != nil {
		return nil, err
	}
	if t.actor.Local() {
		if p.Audience == Direct || p.BoostOf != 0 {
			return nil, invalid("pin", "id", "Validation failed: Status of this kind cannot be pinned")
		}
		pins, err := t.Pins(ctx, t.actor.ID)
		if err != nil {
			return nil, err
		}
		if len(pins) >= t.h.Limits.Pins && !containsID(pins, p.ID) {
			return nil, invalid("pin", "id", "Validation failed: You have already pinned the maximum number of posts")
		}
	}
	if !t.actor.Local() {
		pins, err := t.Pins(ctx, t.actor.ID)
		if err != nil || len(pins) >= maxForeignPins {
			return &Result{Post: p}, err
		}
	}
	fresh, err := t.Pin(ctx, t.actor.ID, p.ID, t.now)
	if err != nil || !fresh {
		return &Result{Post: p}, err
	}
	return &Result{Post: p, Done: true}, t.sendPin(ctx, Add, p)
}

// maxForeignPins bounds what a neighbour may pin.
const maxForeignPins = 20

// unpinPost takes it down again.
func unpinPost(ctx context.Context, t *turn) (*Result, error) {
	p, err := t.ownPost(ctx)
	if err != nil {
		return nil, err
	}
	was, err := t.Unpin(ctx, t.actor.ID, p.ID)
	if err != nil || !was {
		return &Result{Post: p}, err
	}
	return &Result{Post: p, Done: true}, t.sendPin(ctx, Remove, p)
}

func (t *turn) ownPost(ctx context.Context) (*Post, error) {
	p, err := t.Post(ctx, t.a.Object.(*PostRef).Post)
	if err != nil {
		return nil, err
	}
	if p.Actor != t.actor.ID {
		return nil, invalid("pin", "id", "Validation failed: Someone else's post cannot be pinned")
	}
	return p, nil
}

func containsID(ids []ID, id ID) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

func (t *turn) sendPin(ctx context.Context, verb Verb, p *Post) error {
	if !p.Everybodys() {
		return nil
	}
	return t.send(ctx, Outgoing{
		Verb: verb, URI: t.actor.URI + "#" + string(verb) + "/" + t.h.newID().String(), Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI, TargetURI: t.actor.FeaturedURI},
	})
}
