package store

import (
	"context"

	"engawa/social"
)

func scanCountOn(r row, c *social.CountOn) error { return r.into(&c.Day, &c.N) }
func scanCountOf(r row, c *social.CountOf) error { return r.into(&c.Name, &c.N) }

// dayOf is the midnight of a column of milliseconds.
func dayOf(column string) string { return column + " - " + column + " % 86400000" }

func (t *tx) CountDay(ctx context.Context, key, detail string, day social.Millis, n int64) error {
	return t.do(ctx, `insert into day_counts (key, day, detail, n) values ($1, $2, $3, $4)
		on conflict (key, day, detail) do update set n = day_counts.n + excluded.n`, key, midnight(day), detail, n)
}

func (r *reader) DayCounts(ctx context.Context, key, detail string, from, to social.Millis) ([]social.CountOn, error) {
	if detail == "*" {
		return many(ctx, r, scanCountOn, `select day, cast(sum(n) as bigint) from day_counts where key = $1 and day >= $2 and day <= $3
			group by day order by day`, key, from, to)
	}
	return many(ctx, r, scanCountOn, "select day, n from day_counts where key = $1 and day >= $2 and day <= $3 and detail = $4 order by day",
		key, from, to, detail)
}

func (r *reader) TopCounts(ctx context.Context, key string, from, to social.Millis, limit int) ([]social.CountOf, error) {
	return many(ctx, r, scanCountOf, `select detail, cast(sum(n) as bigint) from day_counts where key = $1 and day >= $2 and day <= $3
		group by detail order by sum(n) desc, detail limit $4`, key, from, to, limit)
}

func (r *reader) ActiveUsers(ctx context.Context, from, to social.Millis) ([]social.CountOn, int64, error) {
	days, err := many(ctx, r, scanCountOn, "select day, count(*) from user_days where day >= $1 and day <= $2 group by day order by day", from, to)
	if err != nil {
		return nil, 0, err
	}
	n, err := one(ctx, r, scanInt, "select count(distinct user_id) from user_days where day >= $1 and day <= $2", from, to)
	if err != nil {
		return nil, 0, err
	}
	return days, *n, nil
}

// byDay counts a table's rows by the day of a column that has an index.
func (r *reader) byDay(ctx context.Context, table, column string, from, to social.Millis) ([]social.CountOn, error) {
	return many(ctx, r, scanCountOn, "select "+dayOf(column)+", count(*) from "+table+" where "+column+" >= $1 and "+column+" < $2 group by 1 order by 1",
		from, to+dayMillis)
}

func (r *reader) NewUsers(ctx context.Context, from, to social.Millis) ([]social.CountOn, error) {
	return r.byDay(ctx, "users", "created_at", from, to)
}

func (r *reader) OpenedReports(ctx context.Context, from, to social.Millis) ([]social.CountOn, error) {
	return r.byDay(ctx, "reports", "created_at", from, to)
}

func (r *reader) ResolvedReports(ctx context.Context, from, to social.Millis) ([]social.CountOn, error) {
	return many(ctx, r, scanCountOn, "select "+dayOf("closed_at")+`, count(*) from reports where closed_at <> 0 and closed_at >= $1 and closed_at < $2
		group by 1 order by 1`, from, to+dayMillis)
}

func (r *reader) TagAccounts(ctx context.Context, tag ID, from, to social.Millis) ([]social.CountOn, int64, error) {
	days, err := many(ctx, r, scanCountOn, "select day, count(*) from tag_days where tag = $1 and day >= $2 and day <= $3 group by day order by day", tag, from, to)
	if err != nil {
		return nil, 0, err
	}
	n, err := one(ctx, r, scanInt, "select count(distinct actor) from tag_days where tag = $1 and day >= $2 and day <= $3", tag, from, to)
	if err != nil {
		return nil, 0, err
	}
	return days, *n, nil
}

func (r *reader) TagServers(ctx context.Context, tag ID, from, to social.Millis) ([]social.CountOn, int64, error) {
	const rows = " from tag_days d join actors a on a.id = d.actor where d.tag = $1 and d.day >= $2 and d.day <= $3 and a.home = 0"
	days, err := many(ctx, r, scanCountOn, "select d.day, count(distinct a.domain)"+rows+" group by d.day order by d.day", tag, from, to)
	if err != nil {
		return nil, 0, err
	}
	n, err := one(ctx, r, scanInt, "select count(distinct a.domain)"+rows, tag, from, to)
	if err != nil {
		return nil, 0, err
	}
	return days, *n, nil
}

func (r *reader) TagTopServers(ctx context.Context, tag ID, from, to social.Millis, limit int) ([]social.CountOf, error) {
	return many(ctx, r, scanCountOf, `select a.domain, cast(sum(d.uses) as bigint) from tag_days d join actors a on a.id = d.actor
		where d.tag = $1 and d.day >= $2 and d.day <= $3 group by a.domain order by sum(d.uses) desc, a.domain limit $4`, tag, from, to, limit)
}

func (r *reader) TaggedPosts(ctx context.Context, tag ID, from social.Millis, limit int) ([]ID, error) {
	return many(ctx, r, scanID, `select t.post from post_tags t join posts p on p.id = t.post
		where t.tag = $1 and p.created_at >= $2 and p.audience = 0 order by t.post desc limit $3`, tag, from, limit)
}

// instances are what is counted of a domain ($1) between two moments ($2, $3)
// by the day of a column, and in all. What is read is that domain's own rows.
var instances = map[string]struct{ from, column, total string }{
	"instance_accounts":  {"actors a where a.domain = $1 and a.fetched_at <> 0", "(a.id / 65536)", ""},
	"instance_reports":   {"actors a join reports x on x.target = a.id where a.domain = $1", "x.created_at", ""},
	"instance_follows":   {"actors a join follows x on x.target = a.id and x.local where a.domain = $1 and not x.pending", "x.created_at", ""},
	"instance_followers": {"actors a join follows x on x.actor = a.id and not x.local where a.domain = $1 and not x.pending", "x.created_at", ""},
	"instance_statuses":  {"", "", "select cast(coalesce(sum(a.posts), 0) as bigint) from actors a where a.domain = $1"},
}

func (r *reader) Instance(ctx context.Context, what, domain string, from, to social.Millis) ([]social.CountOn, int64, error) {
	x, ok := instances[what]
	if !ok {
		return nil, 0, &social.Error{Kind: social.Invalid, Op: "instance", Message: what + " is not counted"}
	}
	if x.total == "" {
		x.total = "select count(*) from " + x.from
	}
	n, err := one(ctx, r, scanInt, x.total, domain)
	if err != nil || x.from == "" {
		return nil, *orZero(n), err
	}
	days, err := many(ctx, r, scanCountOn, "select "+dayOf(x.column)+", count(*) from "+x.from+" and "+x.column+" >= $2 and "+x.column+" < $3 group by 1 order by 1",
		domain, from, to+dayMillis)
	return days, *n, err
}

func orZero(n *int64) *int64 {
	if n == nil {
		return new(int64)
	}
	return n
}

func (r *reader) InstanceTopAccounts(ctx context.Context, domain string, limit int) ([]social.CountOf, error) {
	return many(ctx, r, scanCountOf, `select a.name, count(*) from actors a join follows x on x.target = a.id and x.local
		where a.domain = $1 and not x.pending group by a.id, a.name order by count(*) desc, a.name limit $2`, domain, limit)
}

func (r *reader) UserLocales(ctx context.Context, since social.Millis, limit int) ([]social.CountOf, error) {
	return many(ctx, r, scanCountOf, "select locale, count(*) from users where active_at >= $1 group by locale order by count(*) desc, locale limit $2", since, limit)
}

func (r *reader) Cohort(ctx context.Context, from, to social.Millis) ([][2]social.Millis, error) {
	return many(ctx, r, func(r row, m *[2]social.Millis) error { return r.into(&m[0], &m[1]) },
		"select created_at, active_at from users where created_at >= $1 and created_at < $2 order by created_at", from, to)
}

func (r *reader) Size(ctx context.Context) (int64, error) {
	n, err := one(ctx, r, scanInt, r.dialect.size)
	return *orZero(n), err
}

func (r *reader) Engine(ctx context.Context) (name, version string, err error) {
	v, err := one(ctx, r, scanText, r.dialect.version)
	if err != nil {
		return "", "", err
	}
	return r.dialect.name, *v, nil
}
