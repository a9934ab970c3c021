package store

import (
	"context"
	"slices"

	"engawa/social"
)

// What a row of a source of Mine says.
const (
	mineReaction = iota + 1
	mineBookmark
	mineBoost
	mineThread // the id is the thread's
	minePin
	mineVote
)

// mineSources are the tables that know what viewer $1 did with Posts: id, what,
// a number and a text a row. A source is asked only about the ids that of leaves,
// and only for who ever did such a thing.
var mineSources = []struct {
	ever standing
	of   func(viewer ID, x *parts) []ID
	sql  string
}{
	{reacted, posts, "select post, 1, 0, content from reactions where actor = $1 and post = any("},
	{marked, posts, "select post, 2, 0, '' from bookmarks where user_id = $1 and post = any("},
	{boosted, posts, "select boost_of, 3, 0, '' from posts where actor = $1 and boost_of <> 0 and boost_of = any("},
	{mutedThreads, func(_ ID, x *parts) []ID { return x.threads }, "select thread, 4, 0, '' from thread_mutes where user_id = $1 and thread = any("},
	{anything, func(viewer ID, x *parts) []ID {
		if slices.Contains(x.authors, viewer) {
			return x.posts
		}
		return nil
	}, "select post, 5, 0, '' from pins where actor = $1 and post = any("},
	{anything, func(_ ID, x *parts) []ID { return x.polls }, "select post, 6, choice, '' from votes where actor = $1 and post = any("},
}

func posts(_ ID, x *parts) []ID { return x.posts }

// mineQuery asks all sources at once; nil: there is nothing to ask.
func (r *reader) mineQuery(ctx context.Context, viewer ID, x *parts) (*query, error) {
	ever, err := r.standingOf(ctx, viewer)
	if err != nil {
		return nil, err
	}
	var q *query
	for _, s := range mineSources {
		ids := s.of(viewer, x)
		if len(ids) == 0 || (s.ever != anything && ever&s.ever == 0) {
			continue
		}
		if q == nil {
			q = &query{args: []any{viewer}}
		} else {
			q.add(" union all ")
		}
		q.add(s.sql, ids).add(")")
	}
	return q, nil
}

// mine reads what the viewer did with the Posts of a page.
func (r *reader) mine(ctx context.Context, viewer ID, x *parts) (map[ID]social.Mine, error) {
	all := make(map[ID]social.Mine, len(x.posts))
	q, err := r.mineQuery(ctx, viewer, x)
	if err != nil || q == nil {
		return all, err
	}
	muted := newIDSet(0)
	err = r.rows(ctx, q.text.String(), q.args, func(row row) error {
		var id ID
		var what, choice int
		var content string
		if err := row.into(&id, &what, &choice, &content); err != nil {
			return err
		}
		if what == mineThread {
			muted.add(id)
			return nil
		}
		m := all[id]
		noteMine(&m, what, choice, content)
		all[id] = m
		return nil
	})
	for i, id := range x.posts {
		if muted.has(x.threadOf[i]) {
			m := all[id]
			m.Muted = true
			all[id] = m
		}
	}
	return all, err
}

func noteMine(m *social.Mine, what, choice int, content string) {
	switch {
	case what == mineReaction && content == social.Favourite:
		m.Favourited = true
	case what == mineReaction:
		m.Reactions = append(m.Reactions, content)
	case what == mineBookmark:
		m.Bookmarked = true
	case what == mineBoost:
		m.Boosted = true
	case what == minePin:
		m.Pinned = true
	case what == mineVote:
		m.Voted, m.Votes = true, append(m.Votes, choice)
	}
}
