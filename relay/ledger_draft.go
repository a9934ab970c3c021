package relay

import (
	"context"

	"engawa/social"
)

// Drafted is what would become of a Draft at one Link. Plan is nil where the
// rules send nothing there.
type Drafted struct {
	Decision
	Plan *Plan
}

// PlanDraft decides and plans a Post that is not said yet, on the very path that
// it takes when it is said. Of d it needs Post with an id of its own, Media,
// Poll and Quoted; Triggers, Now and MediaURL are the Ledger's.
func (l *Ledger) PlanDraft(ctx context.Context, d *Draft) ([]Drafted, error) {
	book, err := l.book(ctx, d.Post.Actor)
	if err != nil {
		return nil, err
	}
	s := &subject{post: d.Post, others: map[social.ID][]social.Copy{}, bundle: &social.Bundle{
		Posts: map[social.ID]*social.Post{}, Media: map[social.ID][]social.Media{d.Post.ID: d.Media}, Polls: map[social.ID]*social.Poll{d.Post.ID: d.Poll},
	}}
	if d.Quoted != nil {
		s.bundle.Posts[d.Quoted.ID] = d.Quoted
	}
	if err := l.around(ctx, s); err != nil {
		return nil, err
	}
	ds := book.Decide(s.facts())
	out := make([]Drafted, len(ds.Each))
	for i := range ds.Each {
		out[i].Decision = ds.Each[i]
		if e := &out[i]; e.Send && e.Rule != nil {
			e.Plan = l.make(ctx, s, e.Link, e.Rule.As, ds.Triggers)
		}
	}
	return out, nil
}
