package store

import (
	"context"

	"engawa/social"
)

const mediaColumns = `id, actor, post, position, blob, preview_blob, details, created_at`

func scanMedia(r row, m *social.Media) error {
	var details []byte
	if err := r.into(&m.ID, &m.Actor, &m.Post, &m.Position, &m.Key, &m.PreviewKey, &details, &m.CreatedAt); err != nil {
		return err
	}
	return unpackMedia(string(details), m)
}

func (r *reader) Media(ctx context.Context, id ID) (*social.Media, error) {
	return one(ctx, r, scanMedia, "select "+mediaColumns+" from media where id = $1", id)
}

func (r *reader) MediaOf(ctx context.Context, post ID) ([]social.Media, error) {
	return many(ctx, r, scanMedia, "select "+mediaColumns+" from media where post = cast($1 as bigint) and post <> 0 order by position", post)
}

var putMedia = "insert into media (" + mediaColumns + ") values " + params(8) + " on conflict (id) do update set " + excluded("("+mediaColumns+")")

// PutMedia inserts or replaces by id.
func (t *tx) PutMedia(ctx context.Context, m *social.Media) error {
	return t.do(ctx, putMedia, m.ID, m.Actor, m.Post, m.Position, m.Key, m.PreviewKey, packMedia(m), m.CreatedAt)
}

func (t *tx) AttachMedia(ctx context.Context, actor, post ID, ids []ID) (int, error) {
	attached := 0
	for i, id := range ids {
		n, err := t.exec(ctx, "update media set post = $1, position = $2 where id = $3 and actor = $4 and post = 0", post, i, id, actor)
		if err != nil {
			return attached, err
		}
		attached += int(n)
	}
	return attached, nil
}

func (t *tx) DetachMedia(ctx context.Context, post ID) error {
	return t.do(ctx, "update media set post = 0 where post = cast($1 as bigint) and post <> 0", post)
}

// DeleteMedia forgets the row; the blobs are the caller's.
func (t *tx) DeleteMedia(ctx context.Context, id ID) error {
	return t.found(ctx, "delete from media where id = $1", id)
}
