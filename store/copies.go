package store

import (
	"context"

	"engawa/social"
)

const copyColumns = `c.id, c.post, c.link, c.user_id, c.rule, c.number, c.parts, c.state, c.part, c.key, c.version, c.ref, c.hash,
	c.reason, c.cost, c.tries, c.due_at, c.sent_at, c.updated_at, c.deleted_at`

func scanCopy(r row, c *social.Copy) error {
	var ref string
	err := r.into(&c.ID, &c.Post, &c.Link, &c.User, &c.Rule, &c.Number, &c.Of, (*string)(&c.State), &c.Part, &c.Key, &c.Version, &ref, &c.Hash,
		&c.Reason, &c.Cost, &c.Tries, &c.DueAt, &c.SentAt, &c.UpdatedAt, &c.DeletedAt)
	if err != nil || ref == "" {
		return err
	}
	return unpack(ref, &c.Ref)
}

func (r *reader) Copies(ctx context.Context, posts []ID) ([]social.Copy, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanCopy, "select "+copyColumns+" from copies c where c.post = any($1) order by c.post, c.link, c.number", posts)
}

func (r *reader) Copy(ctx context.Context, id ID) (*social.Copy, error) {
	return one(ctx, r, scanCopy, "select "+copyColumns+" from copies c where c.id = $1", id)
}

// CopyByRef asks both indexes.
func (r *reader) CopyByRef(ctx context.Context, user ID, network, ref string) (*social.Copy, error) {
	if ref == "" {
		return nil, social.ErrNotFound
	}
	return one(ctx, r, scanCopy, "select "+copyColumns+` from copies c where c.id in (
		select id from copies where user_id = $1 and ref_id = cast($2 as text) and ref_id <> ''
		union select id from copies where user_id = $1 and ref_uri = cast($2 as text) and ref_uri <> '')
		and c.network = $3 order by c.id limit 1`, user, ref, network)
}

func (r *reader) CopiesByRef(ctx context.Context, user ID, refs []string) ([]social.Copy, error) {
	if len(refs) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanCopy, "select "+copyColumns+` from copies c where c.id in (
		select id from copies where user_id = $1 and ref_id = any($2) and ref_id <> ''
		union select id from copies where user_id = $1 and ref_uri = any($2) and ref_uri <> '') order by c.id`, user, refs)
}

func (r *reader) OpenCopies(ctx context.Context, link ID, limit int) ([]social.Copy, error) {
	return many(ctx, r, scanCopy, "select "+copyColumns+` from copies c where c.link = $1
		and c.state in ('held', 'queued', 'sending', 'waiting', 'asked', 'deleting') order by c.id limit $2`, link, limit)
}

func (r *reader) LinkTotals(ctx context.Context, links []ID, since social.Millis) (map[ID]*social.LinkTotal, error) {
	all := make(map[ID]*social.LinkTotal, len(links))
	of := func(link ID) *social.LinkTotal {
		if all[link] == nil {
			all[link] = &social.LinkTotal{Open: map[social.CopyState]int64{}}
		}
		return all[link]
	}
	err := r.rows(ctx, `select link, state, count(*) from copies where link = any($1)
		and state in ('held', 'queued', 'sending', 'waiting', 'asked', 'deleting', 'failed') group by link, state`, []any{links}, func(row row) error {
		var link ID
		var state string
		var n int64
		err := row.into(&link, &state, &n)
		of(link).Open[social.CopyState(state)] = n
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, r.rows(ctx, `select link, cast(coalesce(sum(cost), 0) as bigint), count(*) from copies
		where link = any($1) and sent_at >= $2 and sent_at <> 0 group by link`, []any{links, since}, func(row row) error {
		var link ID
		var spent, sent int64
		err := row.into(&link, &spent, &sent)
		of(link).Spent, of(link).Sent = spent, sent
		return err
	})
}

func (r *reader) Spent(ctx context.Context, link ID, since social.Millis) (micros, sent int64, err error) {
	type sums struct{ micros, sent int64 }
	s, err := one(ctx, r, func(r row, s *sums) error { return r.into(&s.micros, &s.sent) },
		"select cast(coalesce(sum(cost), 0) as bigint), count(*) from copies where link = $1 and sent_at >= $2 and sent_at <> 0", link, since)
	if err != nil {
		return 0, 0, err
	}
	return s.micros, s.sent, nil
}

// A Copy keeps the name of its network, so that it is found after its Link is dropped.
const putCopy = `insert into copies (id, post, link, user_id, network, rule, number, parts, state, part, key, version,
	ref_id, ref_uri, ref, hash, reason, cost, tries, due_at, sent_at, updated_at, deleted_at)
	values ($1, $2, $3, $4, coalesce((select network from links where id = $3), ''), $5, $6, $7, $8, $9, $10, $11,
	$12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
	on conflict (id) do update set rule = excluded.rule, parts = excluded.parts, state = excluded.state, part = excluded.part,
	key = excluded.key, version = excluded.version, ref_id = excluded.ref_id, ref_uri = excluded.ref_uri, ref = excluded.ref,
	hash = excluded.hash, reason = excluded.reason, cost = excluded.cost, tries = excluded.tries, due_at = excluded.due_at,
	sent_at = excluded.sent_at, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`

func (t *tx) PutCopy(ctx context.Context, c *social.Copy) error {
	ref := ""
	if !c.Ref.Zero() {
		ref = packed(&c.Ref)
	}
	err := t.do(ctx, putCopy, c.ID, c.Post, c.Link, c.User, c.Rule, c.Number, c.Of, c.State, c.Part, c.Key, c.Version,
		c.Ref.ID, c.Ref.URI, ref, c.Hash, c.Reason, c.Cost, c.Tries, c.DueAt, c.SentAt, c.UpdatedAt, c.DeletedAt)
	if err != nil && t.dialect.taken(err) {
		return &social.Error{Kind: social.Conflict, Op: "put copy", Message: "this part of the post has a copy there already", Err: err}
	}
	return err
}

func (r *reader) Verdicts(ctx context.Context, post ID) ([]social.Verdict, error) {
	return many(ctx, r, func(r row, v *social.Verdict) error {
		return r.into(&v.Post, &v.Link, &v.User, &v.Send, &v.Rule, &v.Reason, &v.At)
	}, "select post, link, user_id, send, rule, reason, at from verdicts where post = $1 order by link", post)
}

func (t *tx) PutVerdict(ctx context.Context, v *social.Verdict) error {
	return t.do(ctx, `insert into verdicts (post, link, user_id, send, rule, reason, at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (post, link) do update set send = excluded.send, rule = excluded.rule, reason = excluded.reason, at = excluded.at`,
		v.Post, v.Link, v.User, v.Send, v.Rule, v.Reason, v.At)
}
