package store

import (
	"context"

	"engawa/social"
)

// Endorsed are paged by the endorsements.
func (r *reader) Endorsed(ctx context.Context, actor ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select target, id from endorsements where actor = ", actor), "id", p)
}

func (t *tx) Endorse(ctx context.Context, actor, target, row ID, at social.Millis) (bool, error) {
	t.effects.relations = true
	return t.once(ctx, "insert into endorsements (actor, target, id, created_at) values ($1, $2, $3, $4) on conflict do nothing", actor, target, row, at)
}

func (t *tx) Unendorse(ctx context.Context, actor, target ID) (bool, error) {
	t.effects.relations = true
	return t.once(ctx, "delete from endorsements where actor = $1 and target = $2", actor, target)
}

func (t *tx) DropSuggestion(ctx context.Context, user, target ID) error {
	return t.do(ctx, "insert into suggestions_dropped (user_id, target) values ($1, $2) on conflict do nothing", user, target)
}

const (
	// suggestFrom bounds of how many follows friends of friends are looked for,
	// and how much of the directory is looked through.
	suggestFrom = 200
	// presentable are Actors that want to be found.
	presentable = "a.discoverable and a.state = 0 and a.suspended = 0 and a.limited = 0 and a.moved_to = 0"
	// unknown are those that User $1 has nothing to do with yet.
	unknown = `a.id <> $1 and not exists (select 1 from follows x where x.actor = $1 and x.target = a.id)
		and not exists (select 1 from blocks b where b.actor = $1 and b.target = a.id)
		and not exists (select 1 from blocks b where b.actor = a.id and b.target = $1)
		and not exists (select 1 from mutes m where m.actor = $1 and m.target = a.id)
		and not exists (select 1 from domain_blocks d where d.actor = $1 and d.domain = a.domain)
		and not exists (select 1 from suggestions_dropped s where s.user_id = $1 and s.target = a.id)`
)

func (r *reader) Suggested(ctx context.Context, user ID, limit int) ([]ID, []int64, error) {
	limit = min(max(limit, 1), suggestFrom)
	var ids []ID
	var friends []int64
	seen := make(map[ID]bool)
	keep := func(r row) error {
		var id ID
		var n int64
		if err := r.into(&id, &n); err != nil {
			return err
		}
		if !seen[id] && len(ids) < limit {
			seen[id] = true
			ids, friends = append(ids, id), append(friends, n)
		}
		return nil
	}
	err := r.rows(ctx, `with mine as materialized (select target from follows where actor = $1 and not pending order by id desc limit $2)
		select a.id, count(*) from mine cross join follows f join actors a on a.id = f.target
		where f.actor = mine.target and not f.pending and `+presentable+" and "+unknown+`
		group by a.id order by count(*) desc, a.id desc limit $3`, []any{user, suggestFrom, limit}, keep)
	if err != nil || len(ids) == limit {
		return ids, friends, err
	}
	err = r.rows(ctx, `with recent as materialized (select id from actors a where `+presentable+` order by last_post_at desc, id desc limit $2)
		select a.id, 0 from recent cross join actors a where a.id = recent.id and `+unknown+`
		order by a.followers desc, a.id desc limit $3`, []any{user, suggestFrom, suggestFrom}, keep)
	return ids, friends, err
}

func (r *reader) NewestActors(ctx context.Context, localOnly bool, p social.Page) ([]ID, error) {
	where := presentable
	if localOnly {
		where += " and a.home <> 0"
	}
	return many(ctx, r, scanID, "select a.id from actors a where "+where+" order by a.created_at desc, a.id desc limit $1 offset $2",
		max(p.Limit, 1), max(p.Offset, 0))
}

// usedIn is among how many of the newest Posts tags are counted.
const usedIn = 200

func (r *reader) UsedTags(ctx context.Context, actor ID, limit int) ([]social.Tag, error) {
	return many(ctx, r, scanTag, `with recent as materialized (select id from posts where actor = $1 order by id desc limit $2)
		select `+tagColumns+` from recent cross join post_tags h join tags t on t.id = h.tag where h.post = recent.id
		group by t.id, t.name, t.display, t.last_used order by count(*) desc, t.last_used desc, t.id limit $3`,
		actor, usedIn, min(max(limit, 1), most))
}
