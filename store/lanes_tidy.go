package store

import (
	"context"

	"engawa/social"
)

// How much of Lanes is kept.
const (
	keepLane     = 60 * day
	keepLaneRows = 20_000 // of each Link
	keepMarks    = 4 * day
)

// keptHere is the condition under which a Post p stays though it is old or its Link
// is gone: somebody here bookmarked it, did something with it, or takes part in
// its thread.
const keptHere = `(p.home <> 0 or exists (select 1 from bookmarks b where b.post = p.id) or exists (select 1 from reactions r where r.post = p.id)
	or exists (select 1 from posts o where o.boost_of = p.id and o.boost_of <> 0 and o.home <> 0)
	or (p.boost_of = 0 and exists (select 1 from posts o where o.thread = p.thread and o.boost_of = 0 and o.home <> 0)))`

func (t *tx) TidyLanes(ctx context.Context, now social.Millis, limit int) (bool, error) {
	more := false
	gone, err := many(ctx, &t.reader, scanRanked, "select id, user_id from links_gone order by id")
	if err != nil {
		return false, err
	}
	for _, g := range gone {
		n, err := t.clearLane(ctx, g.ID, g.Row, limit)
		if err != nil {
			return false, err
		}
		more = more || n >= limit
	}
	// what marks Posts of the fediverse (Link zero) finds doubles of the last days
	if err := t.do(ctx, "delete from lane_posts where link = 0 and at < $1", now-keepMarks); err != nil {
		return false, err
	}
	links, err := many(ctx, &t.reader, scanRanked, "select id, user_id from links order by id")
	if err != nil {
		return false, err
	}
	for _, l := range links {
		n, err := t.ageLane(ctx, l.ID, l.Row, now-keepLane, limit)
		if err != nil {
			return false, err
		}
		more = more || n >= limit
	}
	return more, nil
}

// laneEntry is a row of a Lane and what is to become of its Post.
type laneEntry struct {
	ref  string
	post ID
	kept bool
}

func scanEntry(r row, e *laneEntry) error { return r.into(&e.ref, &e.post, &e.kept) }

// clearLane takes rows of a Link that was dropped.
func (t *tx) clearLane(ctx context.Context, link, user ID, limit int) (int, error) {
	rows, err := many(ctx, &t.reader, scanEntry, `select l.ref, l.post, case when `+keptHere+` then 1 else 0 end
		from lane_posts l join posts p on p.id = l.post where l.link = $1 order by l.ref limit $2`, link, limit)
	if err != nil {
		return 0, err
	}
	if len(rows) < limit {
		if err := t.do(ctx, "delete from links_gone where id = $1", link); err != nil {
			return 0, err
		}
	}
	return len(rows), t.unseen(ctx, link, user, rows)
}

// ageLane takes rows that are too old or too many, but for what is kept.
func (t *tx) ageLane(ctx context.Context, link, user ID, before social.Millis, limit int) (int, error) {
	last, err := one(ctx, &t.reader, scanInt, "select at from lane_posts where link = $1 order by at desc limit 1 offset $2", link, keepLaneRows)
	if err == nil {
		before = max(before, *last)
	} else if missingOK(err) != nil {
		return 0, err
	}
	rows, err := many(ctx, &t.reader, scanEntry, `select l.ref, l.post, 0 from lane_posts l join posts p on p.id = l.post
		where l.link = $1 and l.at < $2 and not `+keptHere+` order by l.at limit $3`, link, before, limit)
	if err != nil {
		return 0, err
	}
	return len(rows), t.unseen(ctx, link, user, rows)
}

// unseen forgets rows of a Link, and what they showed to user alone: a Post of
// Origin Linked that no other Lane shows goes, unless it is kept.
func (t *tx) unseen(ctx context.Context, link, user ID, rows []laneEntry) error {
	for _, e := range rows {
		if err := t.do(ctx, "delete from lane_posts where link = $1 and ref = $2", link, e.ref); err != nil {
			return err
		}
		if e.kept {
			continue
		}
		others, err := many(ctx, &t.reader, scanID, "select distinct user_id from lane_posts where post = $1", e.post)
		if err != nil {
			return err
		}
		if err := t.unseenPost(ctx, e.post, user, others); missingOK(err) != nil {
			return err
		}
	}
	return nil
}

// unseenPost takes a Post away from user; others still see it in Lanes.
func (t *tx) unseenPost(ctx context.Context, post, user ID, others []ID) error {
	p, err := t.Post(ctx, post)
	if err != nil || p.Origin != social.Linked {
		return err
	}
	if len(others) > 0 {
		for _, o := range others {
			if o == user {
				return nil
			}
		}
		return t.Conceal(ctx, post, user)
	}
	return t.ForgetPost(ctx, p)
}
