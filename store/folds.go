package store

import (
	"context"

	"engawa/social"
)

func scanFold(r row, f *social.Fold) error {
	return r.into(&f.User, &f.Post, &f.Head, &f.Grade, &f.Why)
}

// Folds hides user_id from SQLite's plan in its second half: heads are few, a
// User's folds are many.
func (r *reader) Folds(ctx context.Context, user ID, posts []ID) ([]social.Fold, error) {
	if user == 0 || len(posts) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanFold, `select user_id, post, head, grade, why from folds where user_id = $1 and post = any($2)
		union select user_id, post, head, grade, why from folds where +user_id = $1 and head = any($2) order by head, post`, user, posts)
}

func (t *tx) PutFold(ctx context.Context, f *social.Fold) error {
	if f.Head != f.Post {
		if err := t.do(ctx, "update folds set head = $1 where head = $2 and user_id = $3 and grade <> 0", f.Head, f.Post, f.User); err != nil {
			return err
		}
	}
	return t.do(ctx, `insert into folds (user_id, post, head, grade, why) values ($1, $2, $3, $4, $5)
		on conflict (user_id, post) do update set head = excluded.head, grade = excluded.grade, why = excluded.why`, f.User, f.Post, f.Head, f.Grade, f.Why)
}

func (t *tx) DropFold(ctx context.Context, user, post ID) error {
	return t.do(ctx, "delete from folds where user_id = $1 and post = $2", user, post)
}
