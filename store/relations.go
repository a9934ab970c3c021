package store

import (
	"context"

	"engawa/social"
)

// relationRows are everything between targets $1 and viewer $2: target, what,
// three numbers and a text. A cross join makes SQLite
// begin with the targets, which are few.
const relationRows = `with t as materialized (select id, domain from actors where id = any($1))
	select t.id, 1, case when f.pending then 1 else 0 end, case when f.hide_boosts then 1 else 0 end, case when f.notify then 1 else 0 end, f.languages
		from t cross join follows f where f.actor = $2 and f.target = t.id
	union all select t.id, 2, case when f.pending then 1 else 0 end, 0, 0, '' from t cross join follows f where f.actor = t.id and f.target = $2
	union all select t.id, 3, 0, 0, 0, '' from t cross join blocks b where b.actor = $2 and b.target = t.id
	union all select t.id, 4, 0, 0, 0, '' from t cross join blocks b where b.actor = t.id and b.target = $2
	union all select t.id, 5, case when m.hide_notifications then 1 else 0 end, m.until, 0, '' from t cross join mutes m where m.actor = $2 and m.target = t.id
	union all select t.id, 6, 0, 0, 0, '' from t cross join domain_blocks d where d.actor = $2 and d.domain = t.domain
	union all select t.id, 7, 0, 0, 0, n.note from t cross join actor_notes n where n.actor = $2 and n.target = t.id
	union all select t.id, 8, 0, 0, 0, '' from t cross join deeds d where d.user_id = $2 and d.target = t.id and d.verb = 'Follow' and d.at <> 0
	union all select t.id, 9, 0, 0, 0, '' from t cross join endorsements e where e.actor = $2 and e.target = t.id`

func (r *reader) readRelations(ctx context.Context, viewer ID, targets []ID) (map[ID]*social.Relation, error) {
	all := make(map[ID]*social.Relation, len(targets))
	rels := make([]social.Relation, len(targets))
	for i, id := range targets {
		rels[i].Target = id
		all[id] = &rels[i]
	}
	if len(all) == 0 || viewer == 0 {
		return all, nil
	}
	now := r.clock.Now().UnixMilli()
	err := r.rows(ctx, relationRows, []any{targets, viewer}, func(row row) error {
		var target ID
		var what int
		var a, b, c int64
		var s string
		if err := row.into(&target, &what, &a, &b, &c, &s); err != nil {
			return err
		}
		return relate(all[target], what, a, b, c, s, now)
	})
	return all, err
}

func relate(rel *social.Relation, what int, a, b, c int64, s string, now social.Millis) error {
	switch what {
	case 1:
		rel.Following, rel.Requested = a == 0, a != 0
		rel.HideBoosts, rel.Notify = b != 0, c != 0
		return fromJSON(s, &rel.Languages)
	case 2:
		rel.FollowedBy, rel.RequestedBy = a == 0, a != 0
	case 3:
		rel.Blocking = true
	case 4:
		rel.BlockedBy = true
	case 5:
		if b == 0 || b > now {
			rel.Muting, rel.MutingNotes, rel.MuteUntil = true, a != 0, b
		}
	case 6:
		rel.BlockingDomain = true
	case 7:
		rel.Note = s
	case 8:
		rel.FollowingThere = true
	case 9:
		rel.Endorsed = true
	}
	return nil
}

// BlockedAmong reads all that refuse actor, which are few, and picks users out.
func (r *reader) BlockedAmong(ctx context.Context, users []ID, actor *social.Actor) (map[ID]social.Refusal, error) {
	if len(users) == 0 {
		return nil, nil
	}
	var refused map[ID]social.Refusal
	err := r.rows(ctx, `select actor, 1 from blocks where target = $1
		union all select target, 1 from blocks where actor = $1
		union all select actor, case when hide_notifications then 3 else 2 end from mutes where target = $1 and (until = 0 or until > $2)
		union all select actor, 1 from domain_blocks where domain = $3`,
		[]any{actor.ID, r.clock.Now().UnixMilli(), actor.Domain}, func(row row) error {
			var user ID
			var why uint8
			if err := row.into(&user, &why); err != nil {
				return err
			}
			if refused == nil {
				refused = make(map[ID]social.Refusal)
			}
			if old := refused[user]; old == 0 || social.Refusal(why) == social.RefusesAll {
				refused[user] = social.Refusal(why)
			}
			return nil
		})
	if err != nil || refused == nil {
		return nil, err
	}
	asked := make(map[ID]social.Refusal)
	for _, user := range users {
		if why := refused[user]; why != 0 {
			asked[user] = why
		}
	}
	return asked, nil
}

func (r *reader) ThreadMuted(ctx context.Context, user, thread ID) (bool, error) {
	n, err := one(ctx, r, scanInt, "select count(*) from thread_mutes where user_id = $1 and thread = $2", user, thread)
	return err == nil && *n > 0, err
}

func scanBlock(r row, b *social.Block) error {
	return r.into(&b.ID, &b.Actor, &b.Target, &b.URI, &b.CreatedAt)
}

const blockColumns = "id, actor, target, uri, created_at"

func (r *reader) Block(ctx context.Context, actor, target ID) (*social.Block, error) {
	return one(ctx, r, scanBlock, "select "+blockColumns+" from blocks where actor = $1 and target = $2", actor, target)
}

func (r *reader) BlockByID(ctx context.Context, id ID) (*social.Block, error) {
	return one(ctx, r, scanBlock, "select "+blockColumns+" from blocks where id = $1", id)
}

// Blocks are the blocked Actors, paged by the blocks.
func (r *reader) Blocks(ctx context.Context, actor ID, p social.Page) ([]social.Ranked, error) {
	return paged(ctx, r, scanRanked, newQuery("select target, id from blocks where actor = ", actor), "id", p)
}

// Mutes are the muted Actors, paged by the mutes.
func (r *reader) Mutes(ctx context.Context, actor ID, p social.Page) ([]social.Ranked, error) {
	q := newQuery("select target, id from mutes where actor = ", actor).add(" and (until = 0 or until > ", r.clock.Now().UnixMilli()).add(")")
	return paged(ctx, r, scanRanked, q, "id", p)
}

func (r *reader) DomainBlocks(ctx context.Context, actor ID, p social.Page) ([]social.DomainBlock, error) {
	return paged(ctx, r, func(r row, d *social.DomainBlock) error { return r.into(&d.ID, &d.Actor, &d.Domain, &d.CreatedAt) },
		newQuery("select id, actor, domain, created_at from domain_blocks where actor = ", actor), "id", p)
}

func (t *tx) PutBlock(ctx context.Context, b *social.Block) (bool, error) {
	t.effects.relations = true
	fresh, err := t.once(ctx, `insert into blocks (id, actor, target, uri, created_at) values ($1, $2, $3, $4, $5)
		on conflict (actor, target) do nothing`, b.ID, b.Actor, b.Target, b.URI, b.CreatedAt)
	if err != nil || !fresh {
		return false, err
	}
	_, err = t.registerNew(ctx, b.URI, "block", b.ID)
	return true, err
}

func (t *tx) DropBlock(ctx context.Context, actor, target ID) (*social.Block, error) {
	t.effects.relations = true
	b, err := one(ctx, &t.reader, scanBlock, "delete from blocks where actor = $1 and target = $2 returning "+blockColumns, actor, target)
	if err != nil {
		return nil, err
	}
	return b, t.gone(ctx, "block", b.ID)
}

// PutMute inserts or replaces by Actor and Target.
func (t *tx) PutMute(ctx context.Context, m *social.Mute) error {
	t.effects.relations = true
	return t.do(ctx, `insert into mutes (id, actor, target, hide_notifications, until, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (actor, target) do update set hide_notifications = excluded.hide_notifications, until = excluded.until`,
		m.ID, m.Actor, m.Target, m.HideNotifications, m.Until, m.CreatedAt)
}

func (t *tx) DropMute(ctx context.Context, actor, target ID) error {
	t.effects.relations = true
	return t.found(ctx, "delete from mutes where actor = $1 and target = $2", actor, target)
}

func (t *tx) PutDomainBlock(ctx context.Context, d *social.DomainBlock) error {
	t.effects.relations = true
	return t.do(ctx, "insert into domain_blocks (id, actor, domain, created_at) values ($1, $2, $3, $4) on conflict (actor, domain) do nothing",
		d.ID, d.Actor, d.Domain, d.CreatedAt)
}

func (t *tx) DropDomainBlock(ctx context.Context, actor ID, domain string) error {
	t.effects.relations = true
	return t.found(ctx, "delete from domain_blocks where actor = $1 and domain = $2", actor, domain)
}

// PutNote takes "" for no note.
func (t *tx) PutNote(ctx context.Context, actor, target ID, note string) error {
	t.effects.relations = true
	if note == "" {
		return t.do(ctx, "delete from actor_notes where actor = $1 and target = $2", actor, target)
	}
	return t.do(ctx, `insert into actor_notes (actor, target, note) values ($1, $2, $3)
		on conflict (actor, target) do update set note = excluded.note`, actor, target, note)
}
