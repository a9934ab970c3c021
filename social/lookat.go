package social

import "context"

// lookAgain is how often a profile that looks empty is fetched at most.
const lookAgain = 24 * 3_600_000

// LookAt asks, in the background, for what is not known of a remote Actor that
// somebody here looks at: the profile, its pinned and newest Posts. It asks at
// most once a day and never waits.
func (h *Home) LookAt(ctx context.Context, a *Actor) error {
	if a.Local() || a.State == ActorGone || a.Suspended != 0 || onlyThere(a) { // whom only Lanes know, Lanes tell of
		return nil
	}
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{}, now: h.now()}
		fresh, err := tx.Seen(ctx, "look:"+a.ID.String()+":"+ID(t.now/lookAgain).String(), t.now)
		if err != nil || !fresh {
			return err
		}
		t.jobs = append(t.jobs, Job{Kind: JobProfile, Ref: a.ID})
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}
