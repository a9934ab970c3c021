package relay

import (
	"context"

	"engawa/social"
)

// Hurry lets what failed at a Link before, and waits to be tried again, go now:
// the person has seen that the network answers. What waits for another reason
// (limits, hours, money, a question) goes on waiting.
func (l *Ledger) Hurry(ctx context.Context, link social.ID) error {
	open, err := l.Home.Store.OpenCopies(ctx, link, openLimit)
	if err != nil {
		return err
	}
	return l.write(ctx, func(w *writing) error {
		for i := range open {
			cur, err := w.again(ctx, open[i].ID)
			if social.IsKind(err, social.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			tried := cur.State == social.CopyQueued || cur.State == social.CopyDeleting
			if !tried || cur.Fails == 0 || cur.DueAt <= w.now {
				continue
			}
			cur.DueAt = w.now
			if err := w.put(ctx, cur); err != nil {
				return err
			}
		}
		w.wake(link, 0, w.now)
		return nil
	})
}
