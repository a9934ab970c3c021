package store

import (
	"context"

	"engawa/social"
)

// countCard notes that the author of a public Post told of a link. It is called
// before the Post has the card, so that each counts once.
func (t *tx) countCard(ctx context.Context, post, card ID) error {
	old := t.clock.Now().UnixMilli() - maxHistory*dayMillis
	if err := t.do(ctx, "delete from card_days where day < $1", old); err != nil {
		return err
	}
	return t.do(ctx, `insert into card_days (card, day, actor, uses)
		select cast($1 as bigint), created_at - created_at % 86400000, actor, 1 from posts
		where id = $2 and card <> $1 and audience = 0 and boost_of = 0 and created_at >= $3
		on conflict (card, day, actor) do update set uses = card_days.uses + 1`, card, post, old)
}

// TrendingCards weigh as TrendingTags do.
func (r *reader) TrendingCards(ctx context.Context, now social.Millis, p social.Page) ([]ID, error) {
	today := midnight(now)
	return many(ctx, r, scanID, `select c.id from cards c join (
			select card, sum(case when day = $1 then 3 when day = $2 then 2 else 1 end) as score
			from card_days where day >= $3 and day <= $1 group by card having count(distinct actor) > 1
		) d on d.card = c.id
		where not c.failed order by d.score desc, c.id desc limit $4 offset $5`,
		today, today-dayMillis, today-(trendDays-1)*dayMillis, max(p.Limit, 1), max(p.Offset, 0))
}

func (r *reader) CardHistory(ctx context.Context, ids []ID, now social.Millis, days int) (map[ID][]social.DayCount, error) {
	days = min(max(days, 1), maxHistory)
	today := midnight(now)
	history := make(map[ID][]social.DayCount, len(ids))
	for _, id := range ids {
		list := make([]social.DayCount, days)
		for i := range list {
			list[i].Day = today - int64(i)*dayMillis
		}
		history[id] = list
	}
	if len(ids) == 0 {
		return history, nil
	}
	err := r.rows(ctx, `select card, day, cast(sum(uses) as bigint), count(*) from card_days
		where card = any($1) and day >= $2 and day <= $3 group by card, day`,
		[]any{ids, today - int64(days-1)*dayMillis, today}, func(r row) error {
			var id ID
			var c social.DayCount
			if err := r.into(&id, &c.Day, &c.Uses, &c.Accounts); err != nil {
				return err
			}
			if i := (today - c.Day) / dayMillis; i >= 0 && i < int64(len(history[id])) {
				history[id][i] = c
			}
			return nil
		})
	return history, err
}

func (r *reader) Cards(ctx context.Context, ids []ID) ([]*social.Card, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := many(ctx, r, scanCard, "select "+cardColumns+" from cards where id = any($1)", ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[ID]*social.Card, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	out := make([]*social.Card, 0, len(list))
	for _, id := range ids {
		if c := byID[id]; c != nil {
			out = append(out, c)
		}
	}
	return out, nil
}

func (r *reader) CardPosts(ctx context.Context, card ID, p social.Page) ([]ID, error) {
	q := newQuery("select id from posts where card = ", card).add(" and card <> 0 and audience = 0 and boost_of = 0 and hidden = 0")
	return paged(ctx, r, scanID, q, "id", p)
}
