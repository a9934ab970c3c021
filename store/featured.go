package store

import (
	"context"

	"engawa/social"
)

func (r *reader) FeaturedTags(ctx context.Context, actor ID) ([]social.FeaturedTag, error) {
	return many(ctx, r, func(r row, f *social.FeaturedTag) error {
		return r.into(&f.ID, &f.Actor, &f.Posts, &f.LastAt, &f.Tag.ID, &f.Tag.Name, &f.Tag.Display, &f.Tag.LastUsed)
	}, "select f.id, f.actor, f.posts, f.last_at, "+tagColumns+
		" from featured_tags f join tags t on t.id = f.tag where f.actor = $1 order by f.posts desc, f.id limit $2", actor, most)
}

// PutFeaturedTag makes the tag if it is not there, counts what its Actor said
// under it, and fills f with what is stored: the row that was there before, if
// there was one.
func (t *tx) PutFeaturedTag(ctx context.Context, f *social.FeaturedTag) error {
	display := f.Tag.Display
	if display == "" {
		display = f.Tag.Name
	}
	ids, err := t.ensureTags(ctx, []string{f.Tag.Name}, []string{display})
	if err != nil {
		return err
	}
	f.Tag.ID = ids[f.Tag.Name]
	stored, err := one(ctx, &t.reader, func(r row, f *social.FeaturedTag) error { return r.into(&f.ID, &f.Posts, &f.LastAt) },
		`insert into featured_tags (id, actor, tag, created_at, posts, last_at)
		select cast($1 as bigint), cast($2 as bigint), cast($3 as bigint), cast($4 as bigint), count(*), coalesce(max(p.created_at), 0)
		from post_tags h join posts p on p.id = h.post
		where h.tag = $3 and p.actor = $2 and p.boost_of = 0 and p.audience in (0, 1)
		on conflict (actor, tag) do update set posts = excluded.posts, last_at = excluded.last_at
		returning id, posts, last_at`,
		f.ID, f.Actor, f.Tag.ID, t.clock.Now().UnixMilli())
	if err != nil {
		return err
	}
	f.ID, f.Posts, f.LastAt = stored.ID, stored.Posts, stored.LastAt
	return nil
}

// countFeatured keeps the counts of the tags that p's author features. It is
// called for every Post with tags after its tags are stored (delta 1), and
// before they are removed (delta -1).
func (t *tx) countFeatured(ctx context.Context, p *social.Post, delta int64) error {
	if p.BoostOf != 0 || (p.Audience != social.Public && p.Audience != social.Unlisted) {
		return nil
	}
	if delta > 0 {
		return t.do(ctx, `update featured_tags set posts = posts + $1, last_at = greatest(last_at, $2)
			where actor = $3 and tag in (select tag from post_tags where post = $4)`, delta, p.CreatedAt, p.Actor, p.ID)
	}
	return t.do(ctx, `update featured_tags set posts = greatest(posts + $1, 0), last_at = coalesce((select max(x.created_at)
			from post_tags h join posts x on x.id = h.post
			where h.tag = featured_tags.tag and x.actor = $2 and x.id <> $3 and x.boost_of = 0 and x.audience in (0, 1)), 0)
		where actor = $2 and tag in (select tag from post_tags where post = $3)`, delta, p.Actor, p.ID)
}

func (t *tx) DropFeaturedTag(ctx context.Context, actor, id ID) error {
	return t.found(ctx, "delete from featured_tags where id = $1 and actor = $2", id, actor)
}
