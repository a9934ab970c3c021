package social

import (
	"context"
	"sort"
)

// Bounds of a thread that is read: as Mastodon has them.
const (
	threadMember   = 4096
	threadStranger = 60
	upStranger     = 40
	depthStranger  = 20
)

// Thread is one Post with what stands before and after it.
type Thread struct {
	*Listing
	Ancestors, Descendants []*Post // oldest first; descendants depth first
	Missing                bool    // the Post, or one before it, answers something that is not here
}

// ThreadOf reads the thread around a Post: one query for the rows, a constant
// number for what they need.
func (h *Home) ThreadOf(ctx context.Context, v Viewer, id ID) (*Thread, error) {
	at, err := h.PostFor(ctx, v, id)
	if err != nil {
		return nil, err
	}
	p := at.subject()
	rows, err := h.Store.ThreadPosts(ctx, p.Thread, threadMember)
	if err != nil {
		return nil, err
	}
	l, err := h.showPosts(ctx, v, rows, inFeed)
	if err != nil {
		return nil, err
	}
	t := &Thread{Listing: l}
	t.climb(v, p)
	t.descend(v, p)
	return t, nil
}

// climb collects the Posts that p answers, as far as they are here and seen.
func (t *Thread) climb(v Viewer, p *Post) {
	byID := make(map[ID]*Post, len(t.Posts))
	for _, x := range t.Posts {
		byID[x.ID] = x
	}
	limit := threadMember
	if v.Actor == 0 {
		limit = upStranger
	}
	seen := map[ID]bool{p.ID: true} // what others say may go in circles
	for up := p; len(t.Ancestors) < limit; {
		if up.ReplyTo == 0 {
			t.Missing = up.ReplyToURI != ""
			break
		}
		next := byID[up.ReplyTo]
		if next == nil || seen[next.ID] {
			break
		}
		seen[next.ID] = true
		t.Ancestors = append(t.Ancestors, next)
		up = next
	}
	for i, j := 0, len(t.Ancestors)-1; i < j; i, j = i+1, j-1 {
		t.Ancestors[i], t.Ancestors[j] = t.Ancestors[j], t.Ancestors[i]
	}
}

// descend collects what answers p, depth first, the author's own answers first.
func (t *Thread) descend(v Viewer, p *Post) {
	children := make(map[ID][]*Post, len(t.Posts))
	for _, x := range t.Posts {
		if x.ReplyTo != 0 {
			children[x.ReplyTo] = append(children[x.ReplyTo], x)
		}
	}
	limit, depth := threadMember, threadMember
	if v.Actor == 0 {
		limit, depth = threadStranger, depthStranger
	}
	seen := map[ID]bool{p.ID: true}
	type step struct {
		post  *Post
		depth int
	}
	stack := []step{{p, 0}}
	for len(stack) > 0 && len(t.Descendants) < limit {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top.depth > 0 {
			t.Descendants = append(t.Descendants, top.post)
		}
		if top.depth >= depth {
			continue
		}
		kids := children[top.post.ID]
		sort.SliceStable(kids, func(i, j int) bool {
			own, other := kids[i].Actor == top.post.Actor, kids[j].Actor == top.post.Actor
			if own != other {
				return other // pushed first, popped last
			}
			return kids[i].ID > kids[j].ID
		})
		for _, k := range kids {
			if !seen[k.ID] {
				seen[k.ID] = true
				stack = append(stack, step{k, top.depth + 1})
			}
		}
	}
}
