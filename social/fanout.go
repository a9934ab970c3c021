package social

import (
	"context"
	"errors"
)

// ErrNobody says that an Outgoing has nobody to go to.
var ErrNobody = errors.New("nobody to tell")

// Inboxes are the distinct inboxes that an Outgoing goes to: the followers
// elsewhere where it is for them, and those it names.
func (h *Home) Inboxes(ctx context.Context, o *Outgoing) ([]string, error) {
	var all []string
	if o.ToFollowers {
		var err error
		if all, err = h.Store.FollowerInboxes(ctx, o.Actor); err != nil {
			return nil, err
		}
	}
	seen := make(map[string]bool, len(all)+len(o.Inboxes))
	out := make([]string, 0, len(all)+len(o.Inboxes))
	for _, list := range [][]string{o.Inboxes, all} { // those named first
		for _, in := range list {
			if in != "" && !seen[in] {
				seen[in] = true
				out = append(out, in)
			}
		}
	}
	if len(out) == 0 {
		return nil, ErrNobody
	}
	return out, nil
}

// Forward passes a neighbour's answer to a Post of ours on to our author's
// followers elsewhere, as it came (ActivityPub 7.1.2). Body is the activity
// that its own server signed; who gets it asks the origin.
func (h *Home) Forward(ctx context.Context, answer *Post, uri string, body []byte) error {
	if answer.ReplyTo == 0 || answer.Local() || !answer.Everybodys() {
		return nil
	}
	parent, err := h.Store.Post(ctx, answer.ReplyTo)
	if err != nil || !parent.Local() || parent.Audience > Followers || parent.Origin == Linked {
		return missingOK(err)
	}
	var t *turn
	err = h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Create}, now: h.now()}
		o := Outgoing{
			ID: h.newID(), Actor: parent.Actor, Verb: Create, URI: uri, Audience: answer.Audience, ToFollowers: true,
			Body: body, CreatedAt: t.now, Object: OutObject{Kind: ObjPost, ID: answer.ID, URI: answer.URI},
		}
		if err := tx.PutOutgoing(ctx, &o); err != nil {
			return err
		}
		t.jobs = append(t.jobs, Job{Kind: JobFanout, Ref: o.ID, Key: "actor:" + o.Actor.String()})
		return t.enqueue(ctx)
	})
	if err == nil {
		h.after(t)
	}
	return err
}
