package social

import "context"

// AnnounceSignUp notifies who manages Users that somebody signed up, once the
// address was confirmed.
func (h *Home) AnnounceSignUp(ctx context.Context, user ID) error {
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		a, err := tx.Actor(ctx, user)
		if err != nil {
			return err
		}
		t = &turn{Tx: tx, h: h, a: &Activity{}, actor: a, now: h.now()}
		if err := t.announceSignUp(ctx); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}
