package store

import (
	"context"
	"slices"

	"engawa/social"
)

const laneColumns = "l.link, l.user_id, l.post, l.ref, l.details, l.mark, l.counts, l.at"

func scanLane(r row, l *social.LaneRow) error {
	var id, details, counts string
	if err := r.into(&l.Link, &l.User, &l.Post, &id, &details, &l.Mark, &counts, &l.At); err != nil {
		return err
	}
	if counts != "" {
		if err := unpack(counts, &l.Counts); err != nil {
			return err
		}
	}
	if details != "" {
		if err := unpack(details, &l.Ref); err != nil {
			return err
		}
	}
	l.Ref.ID = id
	return nil
}

func (r *reader) LaneRows(ctx context.Context, user ID, posts []ID) ([]social.LaneRow, error) {
	if len(posts) == 0 {
		return nil, nil
	}
	return many(ctx, r, scanLane, "select "+laneColumns+` from lane_posts l where l.post = any($1) and l.user_id = $2
		and exists (select 1 from links k where k.id = l.link) order by l.post, l.at, l.link`, posts, user)
}

func (r *reader) LanePost(ctx context.Context, link ID, ref string) (ID, error) {
	id, err := one(ctx, r, scanID, "select post from lane_posts where link = $1 and ref = $2", link, ref)
	if err != nil {
		return 0, err
	}
	return *id, nil
}

func (r *reader) LanePosts(ctx context.Context, link ID, refs []string) (map[string]ID, error) {
	found := make(map[string]ID, len(refs))
	if len(refs) == 0 {
		return found, nil
	}
	return found, r.rows(ctx, "select ref, post from lane_posts where link = $1 and ref = any($2)", []any{link, refs}, func(row row) error {
		var ref string
		var post ID
		err := row.into(&ref, &post)
		found[ref] = post
		return err
	})
}

func (r *reader) LaneMarks(ctx context.Context, user ID, marks []int64, since social.Millis) ([]social.LaneRow, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	list := make([]ID, len(marks))
	for i, m := range marks {
		list[i] = ID(m)
	}
	return many(ctx, r, scanLane, "select "+laneColumns+` from lane_posts l where l.user_id = $1 and l.mark = any($2) and l.mark <> 0 and l.at >= $3
		order by l.at limit $4`, user, list, since, most)
}

func (t *tx) PutLaneRow(ctx context.Context, l *social.LaneRow) (bool, error) {
	details := ""
	if rest := l.Ref; rest != (social.Ref{ID: rest.ID}) {
		rest.ID = ""
		details = packed(&rest)
	}
	return t.once(ctx, `insert into lane_posts (link, ref, user_id, post, details, mark, counts, at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
		l.Link, l.Ref.ID, l.User, l.Post, details, l.Mark, packCounts(l.Counts), l.At)
}

func packCounts(c social.Counters) string {
	if c == (social.Counters{}) {
		return ""
	}
	return packed(&c)
}

func (t *tx) CountLaneRow(ctx context.Context, link ID, ref string, c social.Counters) error {
	return t.do(ctx, "update lane_posts set counts = $1 where link = $2 and ref = $3", packCounts(c), link, ref)
}

func (t *tx) DropLaneRow(ctx context.Context, link ID, ref string) error {
	return t.do(ctx, "delete from lane_posts where link = $1 and ref = $2", link, ref)
}

// LaneOfActor looks through the Actor's Posts, newest first.
func (r *reader) LaneOfActor(ctx context.Context, user, actor ID) (*social.LaneRow, error) {
	return one(ctx, r, scanLane, "select "+laneColumns+` from posts p join lane_posts l on l.post = p.id where p.actor = $1 and l.user_id = $2
		and exists (select 1 from links k where k.id = l.link) order by p.id desc limit 1`, actor, user)
}

func (r *reader) InHome(ctx context.Context, user ID, posts []ID) (map[ID]bool, error) {
	set := make(map[ID]bool, len(posts))
	if len(posts) == 0 {
		return set, nil
	}
	return set, r.rows(ctx, "select post from home_feed where user_id = $1 and post = any($2)", []any{user, posts}, func(row row) error {
		set[ID(row[0].(int64))] = true
		return nil
	})
}

func (r *reader) InList(ctx context.Context, list ID, posts []ID) (map[ID]bool, error) {
	set := make(map[ID]bool, len(posts))
	if len(posts) == 0 || list == 0 {
		return set, nil
	}
	return set, r.rows(ctx, "select post from list_feed where list = $1 and post = any($2)", []any{list, posts}, func(row row) error {
		set[ID(row[0].(int64))] = true
		return nil
	})
}

// Reveal changes nothing for who sees the Post already.
func (t *tx) Reveal(ctx context.Context, post, user ID) error {
	return t.showTo(ctx, post, user, func(p *social.Post) error {
		if p.Mentioned(user) {
			return nil
		}
		a, err := t.Actor(ctx, user)
		if err != nil {
			return err
		}
		p.Mentions = append(slices.Clip(p.Mentions), social.Mention{Actor: a.ID, Name: a.Name, Domain: a.Domain, URI: a.URI, URL: a.URL, Silent: true})
		return t.do(ctx, "insert into mentions (post, actor, silent) values ($1, $2, true) on conflict do nothing", post, user)
	})
}

// Conceal leaves who was named by the author.
func (t *tx) Conceal(ctx context.Context, post, user ID) error {
	return t.showTo(ctx, post, user, func(p *social.Post) error {
		n := len(p.Mentions)
		p.Mentions = slices.DeleteFunc(slices.Clone(p.Mentions), func(m social.Mention) bool { return m.Actor == user && m.Silent })
		if len(p.Mentions) == n {
			return nil
		}
		return t.do(ctx, "delete from mentions where post = $1 and actor = $2", post, user)
	})
}

func (t *tx) showTo(ctx context.Context, post, user ID, change func(*social.Post) error) error {
	p, err := t.Post(ctx, post)
	if err != nil {
		return err
	}
	before := len(p.Mentions)
	if err := change(p); err != nil || len(p.Mentions) == before {
		return err
	}
	t.changedPost(post)
	return t.do(ctx, "update posts set details = $1 where id = $2", packPost(p), post)
}
