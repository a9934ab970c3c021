package store

import (
	"context"

	"engawa/social"
)

const keyColumns = "id, actor, key_id, kind, public, private, created_at, fetched_at, retired_at"

func scanKey(r row, k *social.Key) error {
	return r.into(&k.ID, &k.Actor, &k.KeyID, (*string)(&k.Kind), &k.Public, &k.Private, &k.CreatedAt, &k.FetchedAt, &k.RetiredAt)
}

// Keys are an Actor's keys, those in use first, then the oldest first.
func (r *reader) Keys(ctx context.Context, actor ID) ([]social.Key, error) {
	return many(ctx, r, scanKey, "select "+keyColumns+" from actor_keys where actor = $1 order by case when retired_at = 0 then 0 else 1 end, id", actor)
}

func (r *reader) KeyByID(ctx context.Context, keyID string) (*social.Key, error) {
	return one(ctx, r, scanKey, "select "+keyColumns+" from actor_keys where key_id = $1", keyID)
}

// PutKey inserts or replaces by KeyID. A key that is another Actor's answers a Conflict.
func (t *tx) PutKey(ctx context.Context, k *social.Key) error {
	n, err := t.exec(ctx, `insert into actor_keys (id, actor, key_id, kind, public, private, created_at, fetched_at, retired_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (key_id) do update set kind = excluded.kind, public = excluded.public, private = excluded.private,
			fetched_at = excluded.fetched_at, retired_at = excluded.retired_at where actor_keys.actor = excluded.actor`,
		k.ID, k.Actor, k.KeyID, k.Kind, k.Public, k.Private, k.CreatedAt, k.FetchedAt, k.RetiredAt)
	if err == nil && n == 0 {
		return &social.Error{Kind: social.Conflict, Op: "put key", Message: "the key " + k.KeyID + " is another actor's"}
	}
	return err
}

// DropKeys removes the keys of an Actor that keep does not name.
func (t *tx) DropKeys(ctx context.Context, actor ID, keep []string) error {
	return t.do(ctx, "delete from actor_keys where actor = $1 and not (key_id = any($2))", actor, keep)
}
