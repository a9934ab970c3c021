package store

import (
	"context"

	"engawa/social"
)

func (r *reader) Quote(ctx context.Context, post ID) (*social.Quote, error) {
	return one(ctx, r, func(r row, q *social.Quote) error {
		return r.into(&q.Post, &q.Quoted, &q.QuotedURI, &q.Actor, &q.QuotedActor, (*uint8)(&q.State), &q.RequestURI, &q.StampURI, &q.CreatedAt)
	}, "select post, quoted, quoted_uri, actor, quoted_actor, state, request_uri, stamp_uri, created_at from quotes where post = $1", post)
}

// PutQuote registers the addresses of the request and the stamp; a stamp that
// is taken back is gone.
func (t *tx) PutQuote(ctx context.Context, q *social.Quote) error {
	err := t.do(ctx, `insert into quotes (post, quoted, quoted_uri, actor, quoted_actor, state, request_uri, stamp_uri, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (post) do update set quoted = excluded.quoted, quoted_uri = excluded.quoted_uri, actor = excluded.actor,
			quoted_actor = excluded.quoted_actor, state = excluded.state, request_uri = excluded.request_uri, stamp_uri = excluded.stamp_uri`,
		q.Post, q.Quoted, q.QuotedURI, q.Actor, q.QuotedActor, q.State, q.RequestURI, q.StampURI, q.CreatedAt)
	if err != nil {
		return err
	}
	if _, err := t.registerNew(ctx, q.RequestURI, "quote", q.Post); err != nil {
		return err
	}
	if q.StampURI == "" {
		return t.do(ctx, "update uris set state = 'gone' where target = $1 and kind = 'stamp' and state = 'primary'", q.Post)
	}
	// Not over somebody else's address: whoever quotes names the stamp.
	return t.do(ctx, `insert into uris (uri, kind, target, state) values ($1, 'stamp', $2, 'primary')
		on conflict (uri) do update set state = 'primary' where uris.kind = 'stamp' and uris.target = excluded.target`, q.StampURI, q.Post)
}
