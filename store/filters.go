package store

import (
	"context"
	"errors"

	"engawa/social"
)

// The short keys keep the JSON of a Filter's parts compact.
type (
	filterKeyword struct {
		ID        ID     `json:"i"`
		Keyword   string `json:"k"`
		WholeWord bool   `json:"w,omitempty"`
	}
	filterPost struct {
		ID   ID `json:"i"`
		Post ID `json:"p"`
	}
)

func scanFilter(r row, f *social.Filter) error {
	var contexts, keywords, posts string
	err := r.into(&f.ID, &f.User, &f.Title, &contexts, &f.Action, &f.ExpiresAt, &keywords, &posts)
	if err != nil {
		return err
	}
	var ks []filterKeyword
	var ps []filterPost
	if err := errors.Join(fromJSON(contexts, &f.Contexts), fromJSON(keywords, &ks), fromJSON(posts, &ps)); err != nil {
		return err
	}
	for _, k := range ks {
		f.Keywords = append(f.Keywords, social.FilterKeyword(k))
	}
	for _, p := range ps {
		f.Posts = append(f.Posts, social.FilterPost(p))
	}
	return nil
}

// Filters are shared values: they must not be changed.
func (r *reader) Filters(ctx context.Context, user ID) ([]social.Filter, error) {
	if !r.remembers() {
		return r.readFilters(ctx, user)
	}
	kept, ok, epoch := r.filters.get(user)
	if ok {
		return kept, nil
	}
	read, err := r.readFilters(ctx, user)
	if err == nil {
		r.filters.put(user, read, epoch)
	}
	return read, err
}

func (r *reader) readFilters(ctx context.Context, user ID) ([]social.Filter, error) {
	return many(ctx, r, scanFilter,
		`select id, user_id, title, contexts, action, expires_at, keywords, posts
		from filters where user_id = $1 order by id desc limit $2`, user, most)
}

func (t *tx) PutFilter(ctx context.Context, f *social.Filter) error {
	t.effects.filters = append(t.effects.filters, f.User)
	ks := make([]filterKeyword, len(f.Keywords))
	for i, k := range f.Keywords {
		ks[i] = filterKeyword(k)
	}
	ps := make([]filterPost, len(f.Posts))
	for i, p := range f.Posts {
		ps[i] = filterPost(p)
	}
	return t.found(ctx,
		`insert into filters (id, user_id, title, contexts, action, expires_at, keywords, posts)
		values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set title = excluded.title, contexts = excluded.contexts, action = excluded.action,
			expires_at = excluded.expires_at, keywords = excluded.keywords, posts = excluded.posts
		where filters.user_id = excluded.user_id`,
		f.ID, f.User, f.Title, toJSON(f.Contexts), f.Action, f.ExpiresAt, toJSON(ks), toJSON(ps))
}

func (t *tx) DropFilter(ctx context.Context, user, id ID) error {
	t.effects.filters = append(t.effects.filters, user)
	return t.found(ctx, "delete from filters where id = $1 and user_id = $2", id, user)
}
