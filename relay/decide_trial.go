package relay

import (
	"slices"

	"engawa/social"
)

// Trial is what a book would do to some Posts, in the order given: nothing is
// stored or sent. Where a self-reply's parent is among them, it follows what
// the book would have done to the parent; otherwise Facts.Parent counts.
func (c *Compiled) Trial(posts []Facts) []Decisions {
	order := make([]int, len(posts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if d := posts[a].Post.CreatedAt - posts[b].Post.CreatedAt; d != 0 {
			return int(max(-1, min(1, d)))
		}
		return int(max(-1, min(1, posts[a].Post.ID-posts[b].Post.ID)))
	})
	out := make([]Decisions, len(posts))
	done := make(map[social.ID]int, len(posts))
	for _, i := range order {
		f := posts[i]
		if at, here := done[f.Post.ReplyTo]; here && f.Post.ReplyTo != 0 {
			f.Parent = out[at].traces()
		}
		out[i] = c.Decide(f)
		done[f.Post.ID] = i
	}
	return out
}

// traces are where the Post would go.
func (d *Decisions) traces() []Trace {
	var out []Trace
	for i := range d.Each {
		if e := &d.Each[i]; e.Send && e.Rule != nil {
			out = append(out, Trace{e.Link.ID, e.Rule.Name})
		}
	}
	return out
}
