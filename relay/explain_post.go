package relay

import (
	"context"
	"slices"

	"engawa/internal/locale"
	"engawa/social"
)

// Preview decides about a Post that is stored, as the rules in force say now,
// and shows for each Link what would stand there, or why nothing would. Nobody
// who is mentioned is looked for on the network.
func (c *Compiled) Preview(ctx context.Context, r social.Reader, p *social.Post, now social.Millis, lang locale.Lang) ([]Preview, error) {
	facts, err := ReadFacts(ctx, r, []*social.Post{p})
	if err != nil {
		return nil, err
	}
	bundle, err := r.Bundle(ctx, 0, []*social.Post{p})
	if err != nil {
		return nil, err
	}
	around, err := readAround(ctx, r, p)
	if err != nil {
		return nil, err
	}
	decided := c.Decide(facts[0])
	draft := Draft{
		Post: p, Media: bundle.Media[p.ID], Poll: bundle.Polls[p.ID], Quoted: bundle.Posts[p.QuoteOf], Boosted: bundle.Posts[p.BoostOf],
		Triggers: decided.Triggers, Now: now,
	}
	out := make([]Preview, len(decided.Each))
	for i := range decided.Each {
		d := &decided.Each[i]
		if !d.Send {
			nothing := Plan{}
			out[i] = nothing.Show(lang, d.Link, "", d.Say(lang))
			out[i].Send = false
			if d.Rule != nil && !d.Near {
				out[i].Rule = d.Rule.Name
			}
			continue
		}
		target := around.target(d)
		plan := Render(&draft, &target, d.Rule.As)
		out[i] = plan.Show(lang, d.Link, d.Rule.Name, d.Say(lang))
		out[i].Ask = plan.NeedsAsk(&d.Rule.Limit)
	}
	return out, nil
}

// around is where the Posts that one answers, quotes or boosts stand elsewhere.
type around struct {
	post   *social.Post
	copies []social.Copy
	lanes  []social.LaneRow
}

func readAround(ctx context.Context, r social.Reader, p *social.Post) (a around, err error) {
	a.post = p
	var near []social.ID
	for _, id := range []social.ID{p.ReplyTo, p.QuoteOf, p.BoostOf} {
		if id != 0 {
			near = append(near, id)
		}
	}
	if len(near) == 0 {
		return a, nil
	}
	if a.copies, err = r.Copies(ctx, near); err != nil {
		return a, err
	}
	a.lanes, err = r.LaneRows(ctx, p.Actor, near)
	return a, err
}

func (a *around) target(d *Decision) Target {
	t := Target{Link: d.Link, Follows: d.Follows}
	if d.Follows {
		t.Parent = a.ref(d.Link.ID, a.post.ReplyTo, true)
		t.Root = t.Parent
	}
	t.Quote, t.Boost = a.ref(d.Link.ID, a.post.QuoteOf, false), a.ref(d.Link.ID, a.post.BoostOf, false)
	return t
}

// ref is where a Post stands at a Link: the first or last part of its Copy, or
// what the Link's Lane read.
func (a *around) ref(link, post social.ID, last bool) (ref social.Ref) {
	if post == 0 {
		return ref
	}
	for i := range a.copies { // by number
		if c := &a.copies[i]; c.Link == link && c.Post == post && !c.Ref.Zero() && (last || ref.Zero()) {
			ref = c.Ref
		}
	}
	if at := slices.IndexFunc(a.lanes, func(r social.LaneRow) bool { return r.Link == link && r.Post == post }); ref.Zero() && at >= 0 {
		ref = a.lanes[at].Ref
	}
	return ref
}
