package store

import "context"

// standing is what somebody ever did of what a page asks for with each Post:
// who never kept or muted anything is not asked about it twenty times a page.
type standing int64

const (
	reacted standing = 1 << iota
	marked
	boosted
	mutedThreads

	anything standing = -1
)

// rememberedStandings is for how many Users it is remembered.
const rememberedStandings = 256

// standingOf reads what viewer ever did, in memory where that is to be believed.
func (r *reader) standingOf(ctx context.Context, viewer ID) (standing, error) {
	if !r.remembers() {
		return anything, nil
	}
	known, ok, epoch := r.standings.get(viewer)
	if ok {
		return known, nil
	}
	n, err := one(ctx, r, scanInt, `select case when exists (select 1 from reactions where actor = $1 and content = '★')
			or exists (select 1 from reactions where actor = $1 and content <> '★') then 1 else 0 end
		+ case when exists (select 1 from bookmarks where user_id = $1) then 2 else 0 end
		+ case when exists (select 1 from posts where actor = $1 and boost_of <> 0) then 4 else 0 end
		+ case when exists (select 1 from thread_mutes where user_id = $1) then 8 else 0 end`, viewer)
	if err != nil {
		return 0, err
	}
	r.standings.put(viewer, standing(*n), epoch)
	return standing(*n), nil
}

// did notes that somebody did a thing for what may be the first time.
func (t *tx) did(actor ID, what standing) {
	if known, ok, _ := t.standings.get(actor); !ok || known&what == 0 {
		t.effects.standing = append(t.effects.standing, actor)
	}
}
