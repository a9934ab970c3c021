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
	if err := t.obeyMedia(ctx, d); err != nil {
		return nil, err
	}
	if err := t.obeyTags(ctx, d); err != nil {
		return nil, err
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
	w, err := t.wayOut(ctx, d, &p, parent)
	if err != nil {
		return nil, err
	}
	heard, err := t.heard(ctx, &p, parent)
	if err != nil {
		return nil, err
	}
	rel, err := t.reachOf(ctx, &p, parent)
	if err != nil {
		return nil, err
	}
	if w != nil {
		rel.alone(&p, w.link)
	}
	if !p.Local() && !t.a.Quiet && !rel.relevant {
		return &Result{}, nil
	}
	fresh, err := t.InsertPost(ctx, &p)
	if err != nil {
		return nil, err
	}
	if !fresh {
		known, err := t.knownBy(ctx, &p)
		if err != nil || known == nil || known.Origin != Linked || p.Home != 0 {
			return &Result{Post: known}, missingOK(err)
		}
		if err := t.naturalise(ctx, known, &p, parent); err != nil {
			return nil, err
		}
	}
	if err := t.finishPost(ctx, d, &p, parent, rel, quote); err != nil {
		return nil, err
	}
	if heard {
		t.notice(&p)
	}
	t.countPost(&p, parent)
	return &Result{Post: &p, Done: true}, t.relayNew(ctx, &p, RelayCreate, rel.rules, w)
}

// idempotencyAge is how long an Idempotency-Key is remembered.
const idempotencyAge = 3_600_000

// wayOut is the Link that a Post of ours goes through because of what it answers
// or quotes; nil: it goes to the fediverse.
func (t *turn) wayOut(ctx context.Context, d *Draft, p, parent *Post) (*way, error) {
	var quoted *Post
	if t.quotedThere != nil {
		quoted = t.quotedThere
	}
	there := parent != nil && t.throughLink(parent)
	if !there && quoted == nil {
		return nil, nil
	}
	if !there && parent != nil {
		return nil, cannotAnswer("it cannot be quoted in an answer to a post that is not there", quoted.openURL())
	}
	return t.wayOfPost(ctx, d, p, parent, quoted)
}

// knownBy is the Post that stands at p's address; nil: there was one.
func (t *turn) knownBy(ctx context.Context, p *Post) (*Post, error) {
	at, err := t.Address(ctx, p.URI)
	if err != nil || at.State == "gone" || (at.Kind != "post" && at.Kind != "lane") {
		return nil, missingOK(err)
	}
	return t.Post(ctx, at.Target)
}

// naturalise makes known, which only Lanes had shown, the Post that its own
// server tells of. What Users saw of it in their Lanes gives them no sight of it.
func (t *turn) naturalise(ctx context.Context, known, p, parent *Post) error {
	thread := p.Thread
	if thread == p.ID {
		thread = known.Thread
	}
	p.ID, p.Thread = known.ID, known.Thread
	if err := t.Naturalise(ctx, p); err != nil {
		return err
	}
	if parent != nil && thread != known.Thread {
		p.Thread = thread
		return t.Adopt(ctx, parent, []ID{p.ID})
	}
	return nil
}

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
