package store

import (
	"context"

	"engawa/social"
)

// search is what of full-text search differs between the engines. Both are given
// the same tokens (tokens.go), which neither looks into.
type search struct {
	tables string // SQL that makes the index
	clear  string // $1 the Post
	insert string // $1 the Post, $2 its tokens
	hits   string // "select p.id from … where … " up to the query's argument
	after  string // what closes it
	column string // the Post's id in the index
	tokens func([]string) any
	query  func([]string) string
}

// IndexPost replaces what the Post was found by.
func (t *tx) IndexPost(ctx context.Context, post ID, text string) error {
	s := &t.dialect.search
	if err := t.do(ctx, s.clear, post); err != nil {
		return err
	}
	tokens := indexTokens(text)
	if len(tokens) == 0 {
		return nil
	}
	return t.do(ctx, s.insert, post, s.tokens(tokens))
}

func (r *reader) SearchPosts(ctx context.Context, f social.SearchQuery) ([]ID, error) {
	tokens := queryTokens(f.Text)
	if len(tokens) == 0 {
		return nil, nil
	}
	s := &r.dialect.search
	q := newQuery(s.hits, s.query(tokens)).add(s.after)
	if f.User == 0 {
		q.add(" and p.audience = 0 and p.home <> 0")
	} else {
		q.add(" and (p.actor = ", f.User)
		q.add(" or exists (select 1 from reactions x where x.post = p.id and x.actor = ", f.User)
		q.add(") or exists (select 1 from bookmarks x where x.post = p.id and x.user_id = ", f.User)
		q.add(") or exists (select 1 from mentions x where x.post = p.id and x.actor = ", f.User).add("))")
	}
	if f.Author != 0 {
		q.add(" and p.actor = ", f.Author)
	}
	return paged(ctx, r, scanID, q, s.column, f.Page)
}
