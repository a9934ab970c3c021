package social

import "context"

// Stack is what one Post stands for, for one User: the Posts folded into it, and
// where each of them was seen, with the counts that its network shows.
type Stack struct {
	Head  ID
	Folds []Fold
	Seen  []LaneRow
}

// Stacks are the Stacks of those of posts that have one, by the Post asked for:
// two queries, whatever the page.
func (h *Home) Stacks(ctx context.Context, v Viewer, posts []ID) (map[ID]*Stack, error) {
	out := make(map[ID]*Stack)
	if v.Actor == 0 || len(posts) == 0 {
		return out, nil
	}
	rows, err := h.Store.Folds(ctx, v.Actor, unique(posts))
	if err != nil {
		return nil, err
	}
	s := newStacks(rows)
	all := append([]ID(nil), posts...)
	for i := range rows {
		all = append(all, rows[i].Post, rows[i].Head)
	}
	seen, err := h.Store.LaneRows(ctx, v.Actor, unique(all))
	if err != nil {
		return nil, err
	}
	for _, id := range posts {
		st := &Stack{Head: s.head(id)}
		in := map[ID]bool{id: true, st.Head: true}
		for i := range rows {
			if rows[i].Grade != 0 && rows[i].Head == st.Head {
				st.Folds = append(st.Folds, rows[i])
				in[rows[i].Post] = true
			}
		}
		for i := range seen {
			if in[seen[i].Post] {
				st.Seen = append(st.Seen, seen[i])
			}
		}
		if len(st.Folds)+len(st.Seen) > 0 {
			out[id] = st
		}
	}
	return out, nil
}

// Unfold takes a Post out of its stack (or, of a head, all that is folded into
// it) and keeps it apart for good. It stands in the feeds of its Lanes again.
func (h *Home) Unfold(ctx context.Context, v Viewer, post ID) error {
	if _, err := h.PostFor(ctx, v, post); err != nil {
		return err
	}
	return h.Store.Write(ctx, func(tx Tx) error {
		rows, err := tx.Folds(ctx, v.Actor, []ID{post})
		if err != nil {
			return err
		}
		for i := range rows {
			if f := &rows[i]; f.Grade != 0 && (f.Post == post || f.Head == post) {
				if err := unfold(ctx, tx, v.Actor, f.Post); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func unfold(ctx context.Context, tx Tx, user, post ID) error {
	if err := tx.PutFold(ctx, &Fold{User: user, Post: post, Head: post, Why: "kept apart by you"}); err != nil {
		return err
	}
	p, err := tx.Post(ctx, post)
	if err != nil {
		return missingOK(err)
	}
	home, lists := p.Origin != Linked, []ID(nil)
	seen, err := tx.LaneRows(ctx, user, []ID{post})
	if err != nil {
		return err
	}
	for i := range seen {
		l, err := tx.Link(ctx, user, seen[i].Link)
		if isMissing(err) { // it was dropped, or Home itself folded it
			continue
		}
		if err != nil {
			return err
		}
		home = home || l.Merge
		if l.List != 0 {
			lists = append(lists, l.List)
		}
	}
	if home {
		if err := tx.AddHome(ctx, []ID{user}, p); err != nil {
			return err
		}
	}
	return tx.AddLists(ctx, lists, p)
}

// Refold forgets that a Post was kept apart: what comes next may be folded with it.
func (h *Home) Refold(ctx context.Context, v Viewer, post ID) error {
	return h.Store.Write(ctx, func(tx Tx) error { return tx.DropFold(ctx, v.Actor, post) })
}

// TidyLanes removes what is old in Lanes and what dropped Links leave behind, in
// small transactions, until nothing is left to be removed.
func (h *Home) TidyLanes(ctx context.Context) error {
	const batch = 100
	for more := true; more; {
		err := h.Store.Write(ctx, func(tx Tx) error {
			var err error
			more, err = tx.TidyLanes(ctx, h.now(), batch)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
