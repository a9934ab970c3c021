package store

import (
	"context"
	"slices"

	"engawa/social"
)

const reactionColumns = "id, post, actor, content, emoji, uri, created_at"

func scanReaction(r row, x *social.Reaction) (err error) {
	var emoji string
	if err := r.into(&x.ID, &x.Post, &x.Actor, &x.Content, &emoji, &x.URI, &x.CreatedAt); err != nil {
		return err
	}
	x.Emoji, err = unpackEmoji(emoji)
	return err
}

// Reaction takes the content "" for whichever there is, the favourite first.
func (r *reader) Reaction(ctx context.Context, post, actor ID, content string) (*social.Reaction, error) {
	if content != "" {
		return one(ctx, r, scanReaction, "select "+reactionColumns+" from reactions where post = $1 and actor = $2 and content = cast($3 as text)", post, actor, content)
	}
	return one(ctx, r, scanReaction, "select "+reactionColumns+` from reactions where post = $1 and actor = $2
		order by case when content = $3 then 0 else 1 end, id limit 1`, post, actor, social.Favourite)
}

func (r *reader) ReactionByID(ctx context.Context, id ID) (*social.Reaction, error) {
	return one(ctx, r, scanReaction, "select "+reactionColumns+" from reactions where id = $1", id)
}

func (r *reader) ReactionsBy(ctx context.Context, post ID, content string, p social.Page) ([]social.Reaction, error) {
	q := newQuery("select "+reactionColumns+" from reactions where post = ", post)
	if content == "" {
		q.add(" and content <> ", social.Favourite)
	} else {
		q.add(" and content = cast(", content).add(" as text)")
	}
	return paged(ctx, r, scanReaction, q, "id", p)
}

// Favourites are Posts, paged by the favourites.
func (r *reader) Favourites(ctx context.Context, actor ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select post, id from reactions where content = '★' and actor = ", actor), "id", p)
}

func (t *tx) PutReaction(ctx context.Context, x *social.Reaction) (bool, error) {
	fresh, err := t.once(ctx, `insert into reactions (id, post, actor, content, emoji, uri, created_at)
		values ($1, $2, $3, $4, $5, $6, $7) on conflict (post, actor, content) do nothing`,
		x.ID, x.Post, x.Actor, x.Content, packEmoji(x.Emoji), x.URI, x.CreatedAt)
	if err != nil || !fresh {
		return false, err
	}
	if _, err := t.registerNew(ctx, x.URI, "reaction", x.ID); err != nil {
		return false, err
	}
	t.did(x.Actor, reacted)
	return true, t.countReaction(ctx, x, 1)
}

func (t *tx) DropReaction(ctx context.Context, x *social.Reaction) error {
	n, err := t.exec(ctx, "delete from reactions where post = $1 and actor = $2 and content = cast($3 as text)", x.Post, x.Actor, x.Content)
	if err != nil || n == 0 {
		return err
	}
	if err := t.do(ctx, "update uris set state = 'gone' where target = $1 and kind = 'reaction'", x.ID); err != nil {
		return err
	}
	return t.countReaction(ctx, x, -1)
}

// mostReactions bounds the different emojis that are counted on one Post.
const mostReactions = 100

// countReaction keeps the counts of emojis in the Post's row, in the order in
// which they came. Favourites have a count of their own (CountPost).
func (t *tx) countReaction(ctx context.Context, x *social.Reaction, by int64) error {
	if x.Content == social.Favourite {
		return nil
	}
	kept, err := one(ctx, &t.reader, scanText, "select reactions from posts where id = $1", x.Post)
	if err != nil {
		return missingOK(err)
	}
	list, err := unpackReactions(*kept)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(c social.ReactionCount) bool { return c.Content == x.Content })
	switch {
	case at >= 0:
		list[at].Count += by
		if list[at].Count <= 0 {
			list = slices.Delete(list, at, at+1)
		}
	case by > 0 && len(list) < mostReactions:
		list = append(list, social.ReactionCount{Content: x.Content, Emoji: x.Emoji, Count: by})
	}
	t.changedPost(x.Post)
	return t.do(ctx, "update posts set reactions = $1 where id = $2", packReactions(list), x.Post)
}
