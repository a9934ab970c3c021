package store

import (
	"context"

	"engawa/social"
)

const collectionColumns = "id, actor, uri, name, description, language, tag, sensitive, discoverable, created_at, updated_at"

func scanCollection(r row, c *social.Collection) error {
	return r.into(&c.ID, &c.Actor, &c.URI, &c.Name, &c.Description, &c.Language, &c.Tag, &c.Sensitive, &c.Discoverable, &c.CreatedAt, &c.UpdatedAt)
}

func (r *reader) Collection(ctx context.Context, id ID) (*social.Collection, error) {
	return one(ctx, r, scanCollection, "select "+collectionColumns+" from collections where id = $1", id)
}

func (r *reader) Collections(ctx context.Context, actor ID, p social.Page) ([]social.Collection, error) {
	return many(ctx, r, scanCollection, "select "+collectionColumns+" from collections where actor = $1 order by id desc limit $2 offset $3",
		actor, max(p.Limit, 1), max(p.Offset, 0))
}

func (r *reader) CollectionsWith(ctx context.Context, actor ID, p social.Page) ([]social.Collection, error) {
	return many(ctx, r, scanCollection, "select "+collectionColumns+` from collections
		where id in (select collection from collection_items where actor = $1 and state = 'accepted') order by id desc limit $2 offset $3`,
		actor, max(p.Limit, 1), max(p.Offset, 0))
}

func (r *reader) CollectionItems(ctx context.Context, collections []ID) (map[ID][]social.CollectionItem, error) {
	all := make(map[ID][]social.CollectionItem, len(collections))
	if len(collections) == 0 {
		return all, nil
	}
	list, err := many(ctx, r, func(r row, i *social.CollectionItem) error {
		return r.into(&i.ID, &i.Collection, &i.Actor, &i.State, &i.CreatedAt)
	}, "select id, collection, actor, state, created_at from collection_items where collection = any($1) order by collection, id", collections)
	for _, i := range list {
		all[i.Collection] = append(all[i.Collection], i)
	}
	return all, err
}

var putCollection = "insert into collections (" + collectionColumns + ") values " + params(11) +
	" on conflict (id) do update set " + excluded("("+collectionColumns+")")

func (t *tx) PutCollection(ctx context.Context, c *social.Collection) error {
	return t.do(ctx, putCollection, c.ID, c.Actor, c.URI, c.Name, c.Description, c.Language, c.Tag, c.Sensitive, c.Discoverable, c.CreatedAt, c.UpdatedAt)
}

func (t *tx) DropCollection(ctx context.Context, id ID) error {
	if err := t.do(ctx, "delete from collection_items where collection = $1", id); err != nil {
		return err
	}
	return t.found(ctx, "delete from collections where id = $1", id)
}

func (t *tx) PutCollectionItem(ctx context.Context, i *social.CollectionItem) error {
	return t.do(ctx, `insert into collection_items (id, collection, actor, state, created_at) values ($1, $2, $3, $4, $5)
		on conflict (collection, actor) do update set state = excluded.state`, i.ID, i.Collection, i.Actor, i.State, i.CreatedAt)
}

func (t *tx) DropCollectionItem(ctx context.Context, id ID) error {
	return t.found(ctx, "delete from collection_items where id = $1", id)
}
