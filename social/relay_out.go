package social

import "context"

// RelayEvent is what happened to a Post that may have Copies: Job.Target of a JobRelay.
type RelayEvent string

// The events. Ref is the Post's id, that of the boost for the last two; after
// delete and unboost there is no Post any more.
const (
	RelayCreate  RelayEvent = "create"
	RelayUpdate  RelayEvent = "update"
	RelayDelete  RelayEvent = "delete"
	RelayBoost   RelayEvent = "boost"
	RelayUnboost RelayEvent = "unboost"
)

// ForcedLink is the Link that a JobRelay goes through whatever the rules say: the
// Post answers something that this Link read. Zero: the rules decide.
func (j *Job) ForcedLink() ID {
	if j.Kind != JobRelay || len(j.Body) == 0 {
		return 0
	}
	id, _ := ParseID(string(j.Body))
	return id
}

// relayNew hands a new Post or boost of ours to the rules, or to the Link it has
// to go through. rules says whether its author has any: who has none pays nothing.
func (t *turn) relayNew(ctx context.Context, p *Post, e RelayEvent, rules bool, w *way) error {
	if !t.local() {
		return nil
	}
	if w == nil {
		if rules && p.Origin == Local && p.Audience != Direct {
			t.relay(p, e, nil)
		}
		return nil
	}
	v := Verdict{Post: p.ID, Link: w.link.ID, User: p.Actor, Send: true, Reason: "answers a post that was read through " + w.link.Name, At: t.now}
	if err := t.PutVerdict(ctx, &v); err != nil {
		return err
	}
	t.relay(p, e, []byte(w.link.ID.String()))
	return nil
}

// relayChange tells the ledger of what happened to a Post that may have Copies.
func (t *turn) relayChange(ctx context.Context, p *Post, e RelayEvent) error {
	if !t.local() || !p.Local() || (p.Origin != Local && p.Origin != Linked) {
		return nil
	}
	copies, err := t.Copies(ctx, []ID{p.ID})
	if err != nil {
		return err
	}
	concerned := len(copies) > 0
	if !concerned && e == RelayUpdate && p.Origin == Local && p.Audience != Direct {
		if concerned, err = t.HasRules(ctx, p.Actor); err != nil {
			return err
		}
	}
	if concerned {
		t.relay(p, e, nil)
	}
	return nil
}

func (t *turn) relay(p *Post, e RelayEvent, body []byte) {
	t.jobs = append(t.jobs, Job{Kind: JobRelay, Ref: p.ID, Target: string(e), Key: "relay:" + p.Actor.String(), Body: body})
}
