package store

import (
	"context"

	"engawa/social"
)

const announcementColumns = "id, text, starts_at, ends_at, all_day, published_at, created_at, updated_at"

func scanAnnouncement(r row, a *social.Announcement) error {
	return r.into(&a.ID, &a.Text, &a.StartsAt, &a.EndsAt, &a.AllDay, &a.PublishedAt, &a.CreatedAt, &a.UpdatedAt)
}

func (r *reader) Announcements(ctx context.Context, drafts bool) ([]social.Announcement, error) {
	where := ""
	if !drafts {
		where = " where published_at <> 0"
	}
	return many(ctx, r, scanAnnouncement, "select "+announcementColumns+" from announcements"+where+" order by id desc limit $1", most)
}

func (r *reader) Announcement(ctx context.Context, id ID) (*social.Announcement, error) {
	return one(ctx, r, scanAnnouncement, "select "+announcementColumns+" from announcements where id = $1", id)
}

func (r *reader) AnnouncementReactions(ctx context.Context, viewer ID, ids []ID) (map[ID][]social.NameCount, error) {
	all := make(map[ID][]social.NameCount, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	err := r.rows(ctx, `select announcement, name, count(*), max(case when user_id = $1 then 1 else 0 end)
		from announcement_reactions where announcement = any($2) group by announcement, name order by min(created_at), name`,
		[]any{viewer, ids}, func(r row) error {
			var id ID
			var n social.NameCount
			err := r.into(&id, &n.Name, &n.Count, &n.Me)
			all[id] = append(all[id], n)
			return err
		})
	return all, err
}

func (r *reader) AnnouncementsRead(ctx context.Context, user ID, ids []ID) (map[ID]bool, error) {
	read := make(map[ID]bool, len(ids))
	if len(ids) == 0 || user == 0 {
		return read, nil
	}
	list, err := many(ctx, r, scanID, "select announcement from announcement_reads where user_id = $1 and announcement = any($2)", user, ids)
	for _, id := range list {
		read[id] = true
	}
	return read, err
}

var putAnnouncement = "insert into announcements (" + announcementColumns + ") values " + params(8) +
	" on conflict (id) do update set " + excluded("("+announcementColumns+")")

func (t *tx) PutAnnouncement(ctx context.Context, a *social.Announcement) error {
	return t.do(ctx, putAnnouncement, a.ID, a.Text, a.StartsAt, a.EndsAt, a.AllDay, a.PublishedAt, a.CreatedAt, a.UpdatedAt)
}

func (t *tx) DropAnnouncement(ctx context.Context, id ID) error {
	for _, query := range []string{
		"delete from announcement_reads where announcement = $1",
		"delete from announcement_reactions where announcement = $1",
	} {
		if err := t.do(ctx, query, id); err != nil {
			return err
		}
	}
	return t.found(ctx, "delete from announcements where id = $1", id)
}

func (t *tx) ReadAnnouncement(ctx context.Context, user, id ID) error {
	return t.do(ctx, "insert into announcement_reads (user_id, announcement) values ($1, $2) on conflict do nothing", user, id)
}

func (t *tx) ReactAnnouncement(ctx context.Context, user, id ID, name string, on bool, at social.Millis) (bool, error) {
	if !on {
		return t.once(ctx, "delete from announcement_reactions where announcement = $1 and name = $2 and user_id = $3", id, name, user)
	}
	return t.once(ctx, `insert into announcement_reactions (announcement, name, user_id, created_at)
		values ($1, $2, $3, $4) on conflict do nothing`, id, name, user, at)
}

func (r *reader) Documents(ctx context.Context, kind string) ([]social.Document, error) {
	return many(ctx, r, func(r row, d *social.Document) error {
		return r.into(&d.Kind, &d.EffectiveAt, &d.Text, &d.Changelog, &d.CreatedAt)
	}, "select kind, effective_at, text, changelog, created_at from documents where kind = $1 order by effective_at desc limit $2", kind, most)
}

func (t *tx) PutDocument(ctx context.Context, d *social.Document) error {
	return t.do(ctx, `insert into documents (kind, effective_at, text, changelog, created_at) values ($1, $2, $3, $4, $5)
		on conflict (kind, effective_at) do update set text = excluded.text, changelog = excluded.changelog, created_at = excluded.created_at`,
		d.Kind, d.EffectiveAt, d.Text, d.Changelog, d.CreatedAt)
}

func (t *tx) DropDocument(ctx context.Context, kind string, effective social.Millis) error {
	return t.found(ctx, "delete from documents where kind = $1 and effective_at = $2", kind, effective)
}

// Peers are bounded to most a hundred times over: a home knows many.
func (r *reader) Peers(ctx context.Context, prefix string, limit int) ([]string, error) {
	q := new(query).add("select domain from hosts where gone_at = 0")
	if prefix != "" {
		q.add(" and domain >= ", prefix).add(" and domain < ", prefix+"\uffff")
	}
	q.add(" order by domain limit ", min(max(limit, 1), 100*most))
	return many(ctx, r, scanText, q.text.String(), q.args...)
}

const week = 7 * day

// monday is the beginning of the week (ISO 8601, UTC) of at.
func monday(at social.Millis) social.Millis {
	const first = 4 * day // 5 January 1970 was a Monday
	return midnight(at) - ((midnight(at)-first)%week+week)%week
}

// Activities counts Posts that are no boosts by when they were made, Users who
// did something, and Users made.
func (r *reader) Activities(ctx context.Context, now social.Millis, weeks int) ([]social.WeekCount, error) {
	weeks = min(max(weeks, 1), 53)
	this := monday(now)
	first := this - int64(weeks-1)*week
	all := make([]social.WeekCount, weeks)
	for i := range all {
		all[i].Week = this - int64(i)*week
	}
	for _, c := range []struct {
		query string
		args  []any
		put   func(*social.WeekCount, int64)
	}{
		{`select (p.created_at - $1) / $2, count(*) from actors a join posts p on p.actor = a.id
			where a.home <> 0 and p.id >= $3 and p.boost_of = 0 and p.created_at >= $1 group by 1`,
			[]any{first, int64(week), first << 16}, func(a *social.WeekCount, n int64) { a.Posts = n }},
		{`select (day - $1) / $2, count(distinct user_id) from user_days where day >= $1 group by 1`,
			[]any{first, int64(week)}, func(a *social.WeekCount, n int64) { a.Logins = n }},
		{`select (created_at - $1) / $2, count(*) from users where created_at >= $1 group by 1`,
			[]any{first, int64(week)}, func(a *social.WeekCount, n int64) { a.Registered = n }},
	} {
		err := r.rows(ctx, c.query, c.args, func(r row) error {
			var i, n int64
			if err := r.into(&i, &n); err != nil {
				return err
			}
			if i >= 0 && i < int64(weeks) {
				c.put(&all[int64(weeks)-1-i], n)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
