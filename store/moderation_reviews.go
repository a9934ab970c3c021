package store

import (
	"context"

	"engawa/social"
)

const reviewColumns = "id, kind, target, name, trendable, usable, listable, reviewed_at, by_actor, created_at"

func scanReview(r row, v *social.Review) error {
	return r.into(&v.ID, (*string)(&v.Kind), &v.Target, &v.Name, &v.Trendable, &v.Usable, &v.Listable, &v.ReviewedAt, &v.By, &v.CreatedAt)
}

func (r *reader) Review(ctx context.Context, kind social.ReviewKind, id ID) (*social.Review, error) {
	return one(ctx, r, scanReview, "select "+reviewColumns+" from reviews where id = $1 and kind = $2", id, kind)
}

func (r *reader) Reviews(ctx context.Context, kind social.ReviewKind, p social.Page) ([]social.Review, error) {
	return paged(ctx, r, scanReview, newQuery("select "+reviewColumns+" from reviews where kind = ", kind), "id", p)
}

func (r *reader) ReviewsOf(ctx context.Context, kind social.ReviewKind, targets []ID) (map[ID]*social.Review, error) {
	found := make(map[ID]*social.Review, len(targets))
	if len(targets) == 0 {
		return found, nil
	}
	list, err := many(ctx, r, scanReview, "select "+reviewColumns+" from reviews where kind = $1 and target = any($2)", kind, targets)
	for i := range list {
		found[list[i].Target] = &list[i]
	}
	return found, err
}

func (r *reader) ReviewOfName(ctx context.Context, kind social.ReviewKind, name string) (*social.Review, error) {
	return one(ctx, r, scanReview, "select "+reviewColumns+" from reviews where kind = $1 and target = 0 and name = $2", kind, name)
}

func (t *tx) PutReview(ctx context.Context, v *social.Review) error {
	id, err := one(ctx, &t.reader, scanID, "insert into reviews ("+reviewColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (kind, target, name) do update set trendable = excluded.trendable, usable = excluded.usable, listable = excluded.listable,
			reviewed_at = excluded.reviewed_at, by_actor = excluded.by_actor
		returning id`, v.ID, v.Kind, v.Target, v.Name, v.Trendable, v.Usable, v.Listable, v.ReviewedAt, v.By, v.CreatedAt)
	if err == nil {
		v.ID = *id
	}
	return err
}

func (r *reader) TagByID(ctx context.Context, id ID) (*social.Tag, error) {
	return one(ctx, r, scanTag, "select "+tagColumns+" from tags t where t.id = $1", id)
}

func (r *reader) AllTags(ctx context.Context, p social.Page) ([]social.Tag, error) {
	return paged(ctx, r, scanTag, newQuery("select "+tagColumns+" from tags t where t.id <> ", 0), "t.id", p)
}

func (t *tx) SetTagDisplay(ctx context.Context, tag ID, display string) error {
	return t.found(ctx, "update tags set display = $1 where id = $2", display, tag)
}
