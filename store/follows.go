package store

import (
	"context"

	"engawa/social"
)

const followColumns = "id, actor, target, pending, uri, hide_boosts, notify, languages, created_at"

func scanFollow(r row, f *social.Follow) error {
	var languages string
	if err := r.into(&f.ID, &f.Actor, &f.Target, &f.Pending, &f.URI, &f.HideBoosts, &f.Notify, &languages, &f.CreatedAt); err != nil {
		return err
	}
	return fromJSON(languages, &f.Languages)
}

func (r *reader) Follow(ctx context.Context, actor, target ID) (*social.Follow, error) {
	return one(ctx, r, scanFollow, "select "+followColumns+" from follows where actor = $1 and target = $2", actor, target)
}

func (r *reader) FollowByID(ctx context.Context, id ID) (*social.Follow, error) {
	return one(ctx, r, scanFollow, "select "+followColumns+" from follows where id = $1", id)
}

// Followers are Actors, paged by the follows; so are Following and Requests.
func (r *reader) Followers(ctx context.Context, target ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select actor, id from follows where not pending and target = ", target), "id", p)
}

func (r *reader) Following(ctx context.Context, actor ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select target, id from follows where not pending and actor = ", actor), "id", p)
}

func (r *reader) Requests(ctx context.Context, target ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select actor, id from follows where pending and target = ", target), "id", p)
}

func (r *reader) LocalFollowers(ctx context.Context, target ID) ([]ID, error) {
	return many(ctx, r, scanID, `select u.id from follows f join users u on u.id = f.actor
		where f.target = $1 and f.local and not f.pending order by u.id`, target)
}

// FollowerInboxes leave out followers that are gone.
func (r *reader) FollowerInboxes(ctx context.Context, target ID) ([]string, error) {
	return many(ctx, r, scanText, `select distinct case when a.shared_inbox <> '' then a.shared_inbox else a.inbox end
		from follows f join actors a on a.id = f.actor
		where f.target = $1 and not f.local and not f.pending and a.state = 0 and a.inbox <> ''`, target)
}

// Familiar are those whom viewer follows and who follow the target.
func (r *reader) Familiar(ctx context.Context, viewer ID, targets []ID, limit int) (map[ID][]ID, error) {
	all := make(map[ID][]ID, len(targets))
	for _, target := range targets {
		ids, err := many(ctx, r, scanID, `select f.target from follows f join follows g on g.actor = f.target and g.target = $1 and not g.pending
			where f.actor = $2 and not f.pending order by f.id desc limit $3`, target, viewer, limit)
		if err != nil {
			return nil, err
		}
		all[target] = ids
	}
	return all, nil
}

// PutFollow inserts or replaces by Actor and Target; the row keeps its first id,
// which f.ID then is.
func (t *tx) PutFollow(ctx context.Context, f *social.Follow) error {
	t.effects.relations = true
	id, err := one(ctx, &t.reader, scanID, `insert into follows (id, actor, target, pending, uri, hide_boosts, notify, languages, created_at, local)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, exists (select 1 from actors where id = $2 and home <> 0))
		on conflict (actor, target) do update set pending = excluded.pending, uri = excluded.uri, hide_boosts = excluded.hide_boosts,
			notify = excluded.notify, languages = excluded.languages, local = excluded.local returning id`,
		f.ID, f.Actor, f.Target, f.Pending, f.URI, f.HideBoosts, f.Notify, toJSON(f.Languages), f.CreatedAt)
	if err != nil {
		return err
	}
	f.ID = *id
	_, err = t.registerNew(ctx, f.URI, "follow", f.ID)
	return err
}

func (t *tx) DropFollow(ctx context.Context, actor, target ID) (*social.Follow, error) {
	t.effects.relations = true
	f, err := one(ctx, &t.reader, scanFollow, "delete from follows where actor = $1 and target = $2 returning "+followColumns, actor, target)
	if err != nil {
		return nil, err
	}
	if err := t.do(ctx, "delete from endorsements where actor = $1 and target = $2", actor, target); err != nil {
		return nil, err // whom one recommends one follows
	}
	return f, t.gone(ctx, "follow", f.ID)
}
