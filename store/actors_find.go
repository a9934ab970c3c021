package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"engawa/social"
)

// findWindow bounds how many names with one beginning are ranked.
const findWindow = 400

// lastRune ends a range of texts with one beginning.
const lastRune = string(utf8.MaxRune)

// FindActors takes the beginning of a name, of name@domain, or of a display
// name; the server's own actors are left out.
func (r *reader) FindActors(ctx context.Context, viewer ID, q string, followingOnly bool, p social.Page) ([]ID, error) {
	key := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(q), "@"))
	if key == "" || key[0] == '@' {
		return nil, nil
	}
	want := max(p.Limit, 1) + max(p.Offset, 0)
	ids, err := r.findFollowed(ctx, viewer, key, want)
	if err != nil {
		return nil, err
	}
	if !followingOnly && len(ids) < want {
		more, err := r.findAny(ctx, key, want)
		if err != nil {
			return nil, err
		}
		ids = appendNew(ids, more)
	}
	ids = ids[:min(len(ids), want)]
	return ids[min(len(ids), max(p.Offset, 0)):], nil
}

// begins is the condition that column begins with prefix.
func (q *query) begins(column, prefix string) *query {
	return q.add(column+" >= ", prefix).add(" and "+column+" < ", prefix+lastRune)
}

func (r *reader) findFollowed(ctx context.Context, viewer ID, key string, want int) ([]ID, error) {
	name, domain, _ := strings.Cut(key, "@")
	q := newQuery("select a.id from follows f join actors a on a.id = f.target where not f.pending and f.actor = ", viewer)
	q.add(" and a.state = 0 and a.suspended = 0 and ((").begins("a.name_key", name)
	if domain != "" {
		q.add(" and ").begins("a.domain", domain)
	}
	q.add(") or (").begins("a.display_key", key).add(")) order by a.followers desc, a.id limit ", want)
	return many(ctx, r, scanID, q.text.String(), q.args...)
}

// findAny looks among everybody, by the indexes of both names.
func (r *reader) findAny(ctx context.Context, key string, want int) ([]ID, error) {
	const who = " from actors where state = 0 and suspended = 0 and kind <> 'Application' and "
	name, domain, _ := strings.Cut(key, "@")
	q := new(query).add("select id from (select * from (select id, name_key as found, followers"+who).begins("name_key", name)
	if domain != "" {
		q.add(" and ").begins("domain", domain)
	}
	q.add(" order by name_key limit ", findWindow)
	q.add(") names union all select * from (select id, display_key as found, followers"+who).begins("display_key", key)
	q.add(" and display_key <> '' order by display_key limit ", findWindow)
	q.add(") displays) matches group by id order by max(case when found = ", name)
	q.add(" then 1 else 0 end) desc, max(followers) desc, id limit ", want)
	return many(ctx, r, scanID, q.text.String(), q.args...)
}

func appendNew(ids, more []ID) []ID {
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	for _, id := range more {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}
