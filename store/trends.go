package store

import (
	"context"

	"engawa/social"
)

const (
	dayMillis = 24 * 3_600_000
	// maxHistory bounds how many days of history are told.
	maxHistory = 90
	// trendDays is how long what was said goes into the trends.
	trendDays = 3
)

// midnight is the beginning of the UTC day of at, before 1970 too.
func midnight(at social.Millis) social.Millis {
	day := at / dayMillis
	if at%dayMillis < 0 {
		day--
	}
	return day * dayMillis
}

// TagHistory has an entry, of days rows, for each name, whether it was used or not.
func (r *reader) TagHistory(ctx context.Context, names []string, now social.Millis, days int) (map[string][]social.DayCount, error) {
	days = min(max(days, 1), maxHistory)
	today := midnight(now)
	first := today - int64(days-1)*dayMillis
	history := make(map[string][]social.DayCount, len(names))
	for _, name := range names {
		list := make([]social.DayCount, days)
		for i := range list {
			list[i].Day = today - int64(i)*dayMillis
		}
		history[name] = list
	}
	if len(names) == 0 {
		return history, nil
	}
	err := r.rows(ctx,
		`select t.name, d.day, cast(sum(d.uses) as bigint), count(*)
		from tags t join tag_days d on d.tag = t.id
		where t.name = any($1) and d.day >= $2 and d.day <= $3 group by t.name, d.day`,
		[]any{names, first, today}, func(r row) error {
			var name string
			var c social.DayCount
			if err := r.into(&name, &c.Day, &c.Uses, &c.Accounts); err != nil {
				return err
			}
			if i := (today - c.Day) / dayMillis; i >= 0 && i < int64(len(history[name])) {
				history[name][i] = c
			}
			return nil
		})
	return history, err
}

// TrendingTags are what at least two Actors used in the last days. Each Actor
// counts once a day, today's three times as much as those of the day before
// yesterday; however often somebody repeats a tag, it rises no further.
func (r *reader) TrendingTags(ctx context.Context, now social.Millis, p social.Page) ([]social.Tag, error) {
	today := midnight(now)
	return many(ctx, r, scanTag,
		"select "+tagColumns+` from tags t join (
			select tag, sum(case when day = $1 then 3 when day = $2 then 2 else 1 end) as score
			from tag_days where day >= $3 and day <= $1 group by tag having count(distinct actor) > 1
		) d on d.tag = t.id
		order by d.score desc, t.last_used desc, t.id desc limit $4 offset $5`,
		today, today-dayMillis, today-(trendDays-1)*dayMillis, max(p.Limit, 1), max(p.Offset, 0))
}

// TrendingPosts are public Posts of the last days that were favourited or
// boosted at least twice, by authors who want to be found. A boost weighs as
// two favourites; the weight falls with the square of the age.
func (r *reader) TrendingPosts(ctx context.Context, now social.Millis, p social.Page) ([]ID, error) {
	since := now - trendDays*dayMillis
	return many(ctx, r, scanID,
		`select p.id from posts p join actors a on a.id = p.actor
		where p.audience = 0 and p.boost_of = 0 and p.reply_to_uri = '' and p.id >= $1 and p.created_at >= $2 and p.created_at <= $3
			and p.favourites + p.boosts > 1 and p.hidden = 0 and not p.sensitive
			and a.discoverable and a.suspended = 0 and a.limited = 0 and a.state = 0
		order by (p.favourites + 2 * p.boosts) * 1000000
			/ ((($3 - p.created_at) / 3600000 + 2) * (($3 - p.created_at) / 3600000 + 2)) desc, p.id desc
		limit $4 offset $5`,
		since<<16, since, now, max(p.Limit, 1), max(p.Offset, 0))
}
