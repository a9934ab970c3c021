package relay

import (
	"context"

	"engawa/social"
)

// laying is the Copy that a decision to send brings.
func (l *Ledger) laying(ctx context.Context, s *subject, d *Decision, triggers []string) *laying {
	plan := l.make(ctx, s, d.Link, d.Rule.As, triggers)
	in := &laying{made: s.parts(d.Link, plan), post: s.post.ID, link: d.Link, rule: d.Rule.Name, state: social.CopyQueued, due: l.now(), price: plan.Price}
	switch ask := plan.NeedsAsk(&d.Rule.Limit); {
	case plan.Skip != nil:
		in.leave(plan.Skip.Say(l.langOf(ctx, d.Link.User)))
	case ask != "":
		in.state, in.due, in.reason = social.CopyAsked, 0, ask
	case d.Rule.Limit.Hold > 0:
		in.state, in.due = social.CopyHeld, l.now()+d.Rule.Limit.Hold.Milliseconds()
	}
	return in
}

// leave makes in one row that says why there is no Copy.
func (in *laying) leave(reason string) {
	in.state, in.due, in.reason, in.made = social.CopySkipped, 0, reason, []stored{{}}
}

// askFirst asks about Copies that go out only with the person's word.
func (l *Ledger) askFirst(ctx context.Context, s *subject, plans []*laying) error {
	for _, in := range plans {
		if in.state != social.CopyAsked {
			continue
		}
		key := "ask-" + in.post.String() + "-" + in.link.ID.String() + "-" + in.reason
		if err := l.tellOf(ctx, in.link, in.post, key, question{cause: in.reason, price: in.price}); err != nil {
			return err
		}
	}
	return nil
}

// make plans a Post for one Link.
func (l *Ledger) make(ctx context.Context, s *subject, link *social.Link, as Manner, triggers []string) *Plan {
	draft := Draft{
		Post: s.post, Media: s.bundle.Media[s.post.ID], Poll: s.bundle.Polls[s.post.ID], Quoted: s.bundle.Posts[s.post.QuoteOf],
		Boosted: s.bundle.Posts[s.post.BoostOf], Triggers: triggers, Now: l.now(), MediaURL: l.MediaURL,
	}
	target := Target{
		Link: link, Follows: s.after(link.ID) != 0, Quote: s.refAt(link.ID, s.post.QuoteOf, false), Boost: s.refAt(link.ID, s.post.BoostOf, false),
		Person: func(m *social.Mention) (string, string, bool) { return l.person(ctx, link, m) },
	}
	if s.post.ReplyTo != 0 {
		target.Parent = s.refAt(link.ID, s.post.ReplyTo, true)
	}
	if target.Follows {
		target.Root = target.Parent
	}
	plan := Render(&draft, &target, as)
	return &plan
}

// person finds who is mentioned at a Link: somebody whom its Lane showed.
func (l *Ledger) person(ctx context.Context, link *social.Link, m *social.Mention) (handle, id string, ok bool) {
	row, err := l.Home.Store.LaneOfActor(ctx, link.User, m.Actor)
	if err != nil || row.Link != link.ID || row.Ref.Author == "" {
		return "", "", false
	}
	return "@" + m.Name, row.Ref.Author, true
}

// parts are those of a Plan as the ledger keeps them.
func (s *subject) parts(link *social.Link, p *Plan) []stored {
	out := make([]stored, len(p.Parts))
	for i := range p.Parts {
		out[i].Part = p.Parts[i]
		if i < len(p.Costs) {
			out[i].Price = p.Costs[i]
		}
		if i == 0 {
			out[i].After = s.after(link.ID)
		}
	}
	return out
}

// remake plans what a Copy is made of anew, with another way for what is too long.
func (l *Ledger) remake(ctx context.Context, e *entry, long string) ([]stored, error) {
	s, err := l.subject(ctx, e.Post)
	if err != nil {
		return nil, goneOK(err)
	}
	book, err := l.book(ctx, e.User)
	if err != nil {
		return nil, err
	}
	link, err := l.Home.Store.Link(ctx, e.User, e.Link)
	if err != nil {
		return nil, err
	}
	rule := book.ruleOf(e.Rule)
	as := rule.As
	as.Long = long
	return s.parts(link, l.make(ctx, s, link, as, s.triggers(book))), nil
}
