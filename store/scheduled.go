package store

import (
	"context"

	"engawa/social"
)

const scheduledColumns = "id, user_id, at, params, media"

func scanScheduled(r row, s *social.ScheduledPost) error {
	var media string
	if err := r.into(&s.ID, &s.User, &s.At, &s.Params, &media); err != nil {
		return err
	}
	return fromJSON(media, &s.Media)
}

// ScheduledPosts are paged by id, not by the moment they wait for.
func (r *reader) ScheduledPosts(ctx context.Context, user ID, p social.Page) ([]social.ScheduledPost, error) {
	b := newQuery("select "+scheduledColumns+" from scheduled_posts where user_id = ", user)
	return paged(ctx, r, scanScheduled, b, "id", p)
}

func (r *reader) ScheduledPost(ctx context.Context, user, id ID) (*social.ScheduledPost, error) {
	return one(ctx, r, scanScheduled,
		"select "+scheduledColumns+" from scheduled_posts where id = $1 and user_id = $2", id, user)
}

func (t *tx) PutScheduledPost(ctx context.Context, s *social.ScheduledPost) error {
	return t.found(ctx,
		`insert into scheduled_posts (id, user_id, at, params, media) values ($1, $2, $3, $4, $5)
		on conflict (id) do update set at = excluded.at, params = excluded.params, media = excluded.media
		where scheduled_posts.user_id = excluded.user_id`,
		s.ID, s.User, s.At, s.Params, toJSON(s.Media))
}

func (t *tx) DropScheduledPost(ctx context.Context, user, id ID) error {
	return t.found(ctx, "delete from scheduled_posts where id = $1 and user_id = $2", id, user)
}
