package social

import (
	"context"
	"strings"
)

// threadTarget begins Job.Target of a JobLane that reads what stands around a
// Post: "thread 12".
const threadTarget = "thread "

// growAgain is how often the thread of one Post is asked for there at most.
const growAgain = 60_000

// GrowThread asks the Link that showed a Post of Origin Linked, in the
// background, for what stands around it there: at most once a minute, and
// without waiting. Other Posts are left to their own networks.
func (h *Home) GrowThread(ctx context.Context, v Viewer, p *Post) error {
	if p.Origin != Linked || !v.User {
		return nil
	}
	var t *turn
	err := h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{}, now: h.now()}
		fresh, err := tx.Seen(ctx, "lane-thread:"+v.Actor.String()+":"+p.ID.String()+":"+ID(t.now/growAgain).String(), t.now)
		if err != nil || !fresh {
			return err
		}
		if t.actor, err = tx.Actor(ctx, v.Actor); err != nil {
			return err
		}
		w, err := t.wayTo(ctx, p, AbleRead)
		if err != nil {
			if IsKind(err, Forbidden) {
				return nil
			}
			return err
		}
		t.jobs = append(t.jobs, Job{Kind: JobLane, Host: "link:" + w.link.ID.String(), Network: w.link.Network, Ref: w.link.ID, Target: threadTarget + p.ID.String()})
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}

// ThreadAsked is where the Post stands whose thread a JobLane wants read;
// ErrNotFound when it wants nothing of the kind, or the Link does not know the
// Post any more.
func (h *Home) ThreadAsked(ctx context.Context, l *Link, j *Job) (Ref, error) {
	s, ok := strings.CutPrefix(j.Target, threadTarget)
	id, isID := ParseID(s)
	if !ok || !isID {
		return Ref{}, ErrNotFound
	}
	rows, err := h.Store.LaneRows(ctx, l.User, []ID{id})
	if err != nil {
		return Ref{}, err
	}
	for i := range rows {
		if rows[i].Link == l.ID {
			return rows[i].Ref, nil
		}
	}
	copies, err := h.Store.Copies(ctx, []ID{id})
	if err != nil {
		return Ref{}, err
	}
	for i := range copies {
		if copies[i].Link == l.ID && !copies[i].Ref.Zero() {
			return copies[i].Ref, nil
		}
	}
	return Ref{}, ErrNotFound
}
