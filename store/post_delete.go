package store

import (
	"context"

	"engawa/social"
)

// hanging are the rows that go with Posts: $1 are their ids.
var hanging = []string{
	"delete from home_feed where user_id in (select id from users) and post = any($1)",
	"delete from list_feed where list in (select id from lists) and post = any($1)",
	"delete from notifications where post = any($1) and post <> 0",
	"delete from mentions where post = any($1)",
	"delete from post_tags where post = any($1)",
	"delete from bookmarks where post = any($1)",
	"delete from verdicts where post = any($1)",
	"delete from lane_posts where post = any($1)",
	"delete from deeds where target = any($1)",
	"delete from folds where post = any($1)",
	"delete from folds where head = any($1)",
	"delete from labels where target_kind = 'post' and target = any($1)",
	"delete from pins where actor in (select actor from posts where id = any($1)) and post = any($1)",
	"delete from polls where post = any($1)",
	"delete from post_edits where post = any($1)",
	"update media set post = 0 where post = any($1) and post <> 0",
	"update quotes set quoted = 0, state = 5 where quoted = any($1) and quoted <> 0",
	"update posts set quote_state = 5 where quote_of = any($1) and quote_of <> 0",
	"update uris set state = 'gone' where target in (select id from votes where post = any($1)) and kind = 'vote'",
	"delete from votes where post = any($1)",
	"update uris set state = 'gone' where target in (select id from reactions where post = any($1)) and kind = 'reaction'",
	"delete from reactions where post = any($1)",
	"update uris set state = 'gone' where target = any($1) and kind in ('post', 'quote', 'stamp')",
	"delete from uris where target = any($1) and kind = 'lane'",
	"delete from quotes where post = any($1)",
	"delete from posts where id = any($1)",
}

// hangingBoost is what can hang on a boost.
var hangingBoost = []string{
	"delete from home_feed where user_id in (select id from users) and post = any($1)",
	"delete from list_feed where list in (select id from lists) and post = any($1)",
	"delete from lane_posts where post = any($1)",
	"update uris set state = 'gone' where target = any($1) and kind = 'post'",
	"delete from uris where target = any($1) and kind = 'lane'",
	"delete from posts where id = any($1)",
}

// DeletePost removes the boosts of the Post too.
func (t *tx) DeletePost(ctx context.Context, p *social.Post, at social.Millis) error {
	t.changedPost(p.ID)
	ids, queries := []ID{p.ID}, hangingBoost
	if p.BoostOf == 0 {
		t.effects.posts = true // answers, boosts and quotes of it
		boosts, err := many(ctx, &t.reader, scanID, "select id from posts where boost_of = cast($1 as bigint) and boost_of <> 0", p.ID)
		if err != nil {
			return err
		}
		ids, queries = append(ids, boosts...), hanging
		if err := t.unlink(ctx, p); err != nil {
			return err
		}
		if p.Local() && len(p.Tags) > 0 {
			if err := t.countFeatured(ctx, p, -1); err != nil {
				return err
			}
		}
	}
	for _, query := range queries {
		if err := t.do(ctx, query, ids); err != nil {
			return err
		}
	}
	if !p.Local() {
		return nil
	}
	return t.do(ctx, "insert into tombstones (uri, kind, target, deleted_at) values ($1, 'post', $2, $3) on conflict do nothing", p.URI, p.ID, at)
}

// unlink takes a Post out of its thread, its conversations and the search.
func (t *tx) unlink(ctx context.Context, p *social.Post) error {
	if err := t.do(ctx, "update posts set reply_to = 0 where thread = $1 and reply_to = cast($2 as bigint) and boost_of = 0", p.Thread, p.ID); err != nil {
		return err
	}
	if err := t.do(ctx, t.dialect.search.clear, p.ID); err != nil {
		return err
	}
	if p.Audience != social.Direct {
		return nil
	}
	err := t.do(ctx, `update conversations set last_post = coalesce((select max(id) from posts where thread = $1 and id <> $2 and boost_of = 0), 0)
		where thread = $1 and last_post = $2`, p.Thread, p.ID)
	if err != nil {
		return err
	}
	return t.do(ctx, "delete from conversations where thread = $1 and last_post = 0", p.Thread)
}
