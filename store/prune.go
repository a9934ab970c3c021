package store

import (
	"context"
	"slices"

	"engawa/social"
)

// How long what has an age is kept.
const (
	keepSeen        = 14 * day
	keepOutgoing    = 2 * day // after its last delivery's job is gone
	keepLoose       = day     // media that were uploaded and not posted
	keepIdempotency = day
	keepRevoked     = 30 * day
	keepDead        = 30 * day // jobs in quarantine
	keepCounts      = 800 * day
	keepHome        = 4000 // rows of each Home
	keepList        = 1000
	tidyAtOnce      = 200 // rows of each Lane
)

func (t *tx) Prune(ctx context.Context, now social.Millis) ([]string, error) {
	for _, old := range []struct {
		query  string
		before social.Millis
	}{
		{"delete from seen where at < $1", now - keepSeen},
		{"delete from idempotency where created_at < $1", now - keepIdempotency},
		{"delete from codes where expires_at < $1", now},
		{"delete from spent_codes where until < $1", now},
		{"delete from proofs where until < $1", now},
		{"delete from invites where until <> 0 and until < $1", now - keepRevoked},
		{"delete from sessions where expires_at < $1", now},
		{"delete from bars where until <> 0 and until < $1", now},
		{"delete from bar_days where day < $1", now - maxHistory*day},
		{"delete from day_counts where day < $1", now - keepCounts},
		{"delete from user_days where day < $1", now - keepCounts},
		{"delete from tokens where revoked_at <> 0 and revoked_at < $1", now - keepRevoked},
		{"delete from mutes where until <> 0 and until < $1", now},
		{"delete from jobs where dead_at <> 0 and dead_at < $1", now - keepDead},
		{`delete from outgoing where created_at < $1 and id not in (select ref from jobs where kind in ('fanout', 'deliver'))`, now - keepOutgoing},
	} {
		if err := t.do(ctx, old.query, old.before); err != nil {
			return nil, err
		}
	}
	if _, err := t.TidyLanes(ctx, now, tidyAtOnce); err != nil {
		return nil, err
	}
	if err := t.shorten(ctx, "users", "home_feed", "user_id", keepHome); err != nil {
		return nil, err
	}
	if err := t.shorten(ctx, "lists", "list_feed", "list", keepList); err != nil {
		return nil, err
	}
	return t.pruneMedia(ctx, now-keepLoose)
}

// shorten keeps the newest rows of each owner's feed.
func (t *tx) shorten(ctx context.Context, owners, feed, owner string, keep int) error {
	ids, err := many(ctx, &t.reader, scanID, "select id from "+owners)
	if err != nil {
		return err
	}
	for _, id := range ids {
		last, err := one(ctx, &t.reader, scanID, "select post from "+feed+" where "+owner+" = $1 order by post desc limit 1 offset $2", id, keep)
		if err == nil {
			err = t.do(ctx, "delete from "+feed+" where "+owner+" = $1 and post <= $2", id, *last)
		}
		if missingOK(err) != nil {
			return err
		}
	}
	return nil
}

// pruneMedia forgets media without a Post, unless they wait in a scheduled one.
func (t *tx) pruneMedia(ctx context.Context, before social.Millis) ([]string, error) {
	waiting, err := many(ctx, &t.reader, scanText, "select media from scheduled_posts where media <> '' and media <> '[]'")
	if err != nil {
		return nil, err
	}
	var kept []ID
	for _, s := range waiting {
		var ids []ID
		if err := fromJSON(s, &ids); err != nil {
			return nil, err
		}
		kept = append(kept, ids...)
	}
	type blobs struct{ key, preview string }
	gone, err := many(ctx, &t.reader, func(r row, b *blobs) error { return r.into(&b.key, &b.preview) },
		"delete from media where post = 0 and created_at < $1 and not (id = any($2)) returning blob, preview_blob", before, kept)
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, b := range gone {
		keys = append(keys, b.key, b.preview)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return slices.DeleteFunc(keys, func(k string) bool { return k == "" }), nil
}
