package store

import (
	"context"
	"maps"
	"slices"
	"unicode/utf8"

	"engawa/social"
)

const tagColumns = "t.id, t.name, t.display, t.last_used"

func scanTag(r row, g *social.Tag) error {
	return r.into(&g.ID, &g.Name, &g.Display, &g.LastUsed)
}

// Tag takes a key.
func (r *reader) Tag(ctx context.Context, viewer ID, name string) (*social.Tag, error) {
	return one(ctx, r, func(r row, g *social.Tag) error {
		return r.into(&g.ID, &g.Name, &g.Display, &g.LastUsed, &g.Following)
	}, "select "+tagColumns+`, exists (select 1 from tag_follows f where f.tag = t.id and f.user_id = $1)
		from tags t where t.name = $2`, viewer, name)
}

// FindTags are the tags that were said publicly and begin with a key, the tag
// of that very name first, then those used last.
func (r *reader) FindTags(ctx context.Context, prefix string, p social.Page) ([]social.Tag, error) {
	if prefix == "" {
		return nil, nil
	}
	return many(ctx, r, scanTag,
		"select "+tagColumns+` from tags t
		where t.name >= $1 and t.name < $2 and t.last_used > 0
			and not exists (select 1 from reviews v where v.kind = 'tag' and v.target = t.id and v.name = '' and not v.listable)
		order by case when t.name = $1 then 0 else 1 end, t.last_used desc, t.name limit $3 offset $4`,
		prefix, prefix+string(utf8.MaxRune), max(p.Limit, 1), max(p.Offset, 0))
}

// FollowedTags are paged by the rows of the follows, of which Ranked has the
// tags' ids.
func (r *reader) FollowedTags(ctx context.Context, user ID, p social.Page) ([]social.Tag, []social.Ranked, error) {
	type followed struct {
		tag social.Tag
		row ID
	}
	q := newQuery("select "+tagColumns+", f.id from tag_follows f join tags t on t.id = f.tag where f.user_id = ", user)
	rows, err := paged(ctx, r, func(r row, f *followed) error {
		return r.into(&f.tag.ID, &f.tag.Name, &f.tag.Display, &f.tag.LastUsed, &f.row)
	}, q, "f.id", p)
	if err != nil {
		return nil, nil, err
	}
	tags, ranked := make([]social.Tag, len(rows)), make([]social.Ranked, len(rows))
	for i, f := range rows {
		f.tag.Following = true
		tags[i], ranked[i] = f.tag, social.Ranked{ID: f.tag.ID, Row: f.row}
	}
	return tags, ranked, nil
}

func (t *tx) FollowTag(ctx context.Context, user ID, name string, on bool, at social.Millis) error {
	if !on {
		return t.do(ctx,
			"delete from tag_follows where user_id = $1 and tag in (select id from tags where name = $2)", user, name)
	}
	ids, err := t.ensureTags(ctx, []string{name}, []string{name})
	if err != nil {
		return err
	}
	return t.do(ctx,
		"insert into tag_follows (user_id, tag, id, created_at) values ($1, $2, $3, $4) on conflict (user_id, tag) do nothing",
		user, ids[name], t.ids.Next(), at)
}

// ensureTags gives each key its id, in two statements at most. displays are the
// tags as written, one a name; a tag keeps the first.
//
// It does not make a tag public: that is touchTags.
func (t *tx) ensureTags(ctx context.Context, names, displays []string) (map[string]ID, error) {
	ids := make(map[string]ID, len(names))
	if len(names) == 0 {
		return ids, nil
	}
	keep := func(r row) error {
		var id ID
		var name string
		err := r.into(&id, &name)
		ids[name] = id
		return err
	}
	if err := t.rows(ctx, "select id, name from tags where name = any($1)", []any{names}, keep); err != nil {
		return nil, err
	}
	missing := new(query).add("insert into tags (id, name, display) values ")
	for i, name := range names {
		if _, known := ids[name]; known {
			continue
		}
		ids[name] = ID(t.ids.Next())
		if len(missing.args) > 0 {
			missing.add(", ")
		}
		missing.add("(", ids[name], name, displays[i]).add(")")
	}
	if len(missing.args) == 0 {
		return ids, nil
	}
	missing.add(" on conflict (name) do update set name = excluded.name returning id, name")
	return ids, t.rows(ctx, missing.text.String(), missing.args, keep)
}

// lastUsedStep is how exact a tag's LastUsed is: a tag of the day is not
// written with every Post.
const lastUsedStep = 3_600_000

// touchTags notes that actor used tags in a public Post and returns their ids,
// each once. names are keys, displays the tags as written, one a name. It takes
// a constant number of statements.
func (t *tx) touchTags(ctx context.Context, names, displays []string, actor ID, at social.Millis) ([]ID, error) {
	byName, err := t.ensureTags(ctx, names, displays)
	if err != nil || len(byName) == 0 {
		return nil, err
	}
	ids := slices.Sorted(maps.Values(byName))
	err = t.do(ctx, "update tags set last_used = $1 where id = any($2) and last_used <= $3", at, ids, at-lastUsedStep)
	if err != nil {
		return nil, err
	}
	return ids, t.do(ctx,
		`insert into tag_days (tag, day, actor, uses)
		select id, cast($1 as bigint), cast($2 as bigint), 1 from tags where id = any($3)
		on conflict (tag, day, actor) do update set uses = tag_days.uses + 1`, midnight(at), actor, ids)
}
