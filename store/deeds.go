package store

import (
	"context"

	"engawa/social"
)

func (r *reader) Deed(ctx context.Context, user, target ID, verb social.Verb, content string) (*social.DeedRow, error) {
	return one(ctx, r, func(r row, d *social.DeedRow) error {
		var made string
		err := r.into(&d.User, &d.Target, (*string)(&d.Verb), &d.Content, &d.Link, &made, &d.At)
		if err != nil || made == "" {
			return err
		}
		return unpack(made, &d.Made)
	}, "select user_id, target, verb, content, link, made, at from deeds where user_id = $1 and target = $2 and verb = $3 and content = $4", user, target, verb, content)
}

func (t *tx) PutDeed(ctx context.Context, d *social.DeedRow) error {
	if d.Verb == social.FollowVerb {
		t.effects.relations = true
	}
	made := ""
	if !d.Made.Zero() {
		made = packed(&d.Made)
	}
	return t.do(ctx, `insert into deeds (user_id, target, verb, content, link, made, at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (user_id, target, verb, content) do update set link = excluded.link, made = case when excluded.made = '' then deeds.made else excluded.made end, at = excluded.at`,
		d.User, d.Target, d.Verb, d.Content, d.Link, made, d.At)
}

func (t *tx) DropDeed(ctx context.Context, user, target ID, verb social.Verb, content string) error {
	if verb == social.FollowVerb {
		t.effects.relations = true
	}
	return t.do(ctx, "delete from deeds where user_id = $1 and target = $2 and verb = $3 and content = $4", user, target, verb, content)
}

// Naturalise leaves what UpdatePost writes to it.
func (t *tx) Naturalise(ctx context.Context, p *social.Post) error {
	err := t.found(ctx, `update posts set actor = $1, audience = $2, origin = $3, reply_to = $4, reply_to_uri = $5, reply_to_actor = $6
		where id = $7 and origin = 4`, p.Actor, columnAudience(p), p.Origin, p.ReplyTo, p.ReplyToURI, p.ReplyToActor, p.ID)
	if err != nil {
		return err
	}
	if err := t.do(ctx, "update uris set kind = 'post' where uri = $1 and kind = 'lane'", p.URI); err != nil {
		return err
	}
	if err := t.DetachMedia(ctx, p.ID); err != nil {
		return err
	}
	return t.UpdatePost(ctx, p)
}

func (t *tx) ForgetPost(ctx context.Context, p *social.Post) error {
	if p.Origin != social.Linked || p.Local() {
		return social.ErrNotFound
	}
	return t.DeletePost(ctx, p, 0)
}

func (t *tx) SetCounts(ctx context.Context, post ID, c social.Counters) error {
	t.changedPost(post)
	return t.do(ctx, "update posts set replies = $1, boosts = $2, favourites = $3, quotes = $4 where id = $5 and origin = 4",
		c.Replies, c.Boosts, c.Favourites, c.Quotes, post)
}
