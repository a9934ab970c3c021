package social

import "context"

// createPost makes a Post: ours as drafted, a neighbour's as its server tells it.
// A pushed Post that concerns nobody here is left out (Result.Done is false).
func createPost(ctx context.Context, t *turn) (*Result, error) {
	d := t.a.Object.(*Draft)
	if d.IdempotencyKey != "" {
		id, err := t.IdempotentPost(ctx, t.actor.ID, d.IdempotencyKey, t.now-idempotencyAge)
		if err == nil {
			known, err := t.Post(ctx, id)
			return &Result{Post: known}, err
		}
		if !isMissing(err) {
			return nil, err
		}
	}
	p := d.Post // a copy: the transaction may run again
	if err := t.preparePost(ctx, d, &p); err != nil {
		return nil, err
	}
	parent, err := t.parentOf(ctx, &p)
	if err != nil {
		return nil, err
	}
	quote, err := t.quoteOf(ctx, &p) // may narrow the audience
	if err != nil {
		return nil, err
	}
	rel, err := t.reachOf(ctx, &p, parent)
	if err != nil {
		return nil, err
	}
	if !p.Local() && !t.a.Quiet && !rel.relevant {
		return &Result{}, nil
	}
	fresh, err := t.InsertPost(ctx, &p)
	if err != nil {
		return nil, err
	}
	if !fresh {
		known, err := t.PostByURI(ctx, p.URI)
		return &Result{Post: known}, missingOK(err)
	}
	return &Result{Post: &p, Done: true}, t.finishPost(ctx, d, &p, parent, rel, quote)
}

// idempotencyAge is how long an Idempotency-Key is remembered.
const idempotencyAge = 3_600_000

// finishPost does everything that follows a Post's row.
func (t *turn) finishPost(ctx context.Context, d *Draft, p, parent *Post, rel *reach, quote *Quote) error {
	if err := t.attach(ctx, d, p); err != nil {
		return err
	}
	if err := t.countNew(ctx, p, parent); err != nil {
		return err
	}
	if err := t.adopt(ctx, p); err != nil {
		return err
	}
	if err := t.putQuote(ctx, p, quote); err != nil {
		return err
	}
	if err := t.spread(ctx, p, rel); err != nil {
		return err
	}
	if err := t.followUp(ctx, p, d); err != nil {
		return err
	}
	return t.sendCreate(ctx, p, parent)
}
