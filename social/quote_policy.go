package social

import "context"

// SetQuotePolicy says who may quote a Post of the User from now on. It is no
// edit: the text stays as old as it is; but neighbours are told, and the
// streams. What is for few is for nobody to quote.
func (h *Home) SetQuotePolicy(ctx context.Context, v Viewer, post ID, q QuotePolicy) error {
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Update}, now: h.now()}
		old, err := tx.Post(ctx, post)
		if err != nil {
			return err
		}
		if old.Actor != v.Actor || old.BoostOf != 0 {
			return notFound("quote policy")
		}
		if t.actor, err = tx.Actor(ctx, old.Actor); err != nil {
			return err
		}
		p := *old
		if p.QuotePolicy = q; p.Audience == Followers || p.Audience == Direct {
			p.QuotePolicy = QuoteNobody
		}
		if p.QuotePolicy == old.QuotePolicy {
			return nil
		}
		if err := t.UpdatePost(ctx, &p); err != nil {
			return err
		}
		if err := t.changed(ctx, &p); err != nil {
			return err
		}
		if err := t.sendUpdate(ctx, &p, mentionedActors(&p)); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}
