package store

import (
	"context"

	"engawa/social"
)

// Bundle takes at most ten queries, whatever the page: what was passed on and
// quoted, authors, media, polls, cards, apps, what is between the viewer and the
// authors, and what the viewer did in one.
func (r *reader) Bundle(ctx context.Context, viewer ID, posts []*social.Post) (*social.Bundle, error) {
	b := &social.Bundle{}
	if len(posts) == 0 {
		return b, nil
	}
	all, err := r.referred(ctx, b, posts)
	if err != nil {
		return nil, err
	}
	parts := partsOf(all)
	if b.Actors, err = r.present(ctx, parts.authors); err != nil {
		return nil, err
	}
	if err := r.bundleParts(ctx, b, parts); err != nil {
		return nil, err
	}
	if viewer == 0 {
		return b, nil
	}
	if b.Relations, err = r.Relations(ctx, viewer, parts.authors); err != nil {
		return nil, err
	}
	b.Mine, err = r.mine(ctx, viewer, parts)
	return b, err
}

// referred reads the Posts that posts pass on or quote, two steps deep: what a
// boosted Post quotes is shown too.
func (r *reader) referred(ctx context.Context, b *social.Bundle, posts []*social.Post) ([]*social.Post, error) {
	b.Posts = make(map[ID]*social.Post)
	all := posts
	for step, last := 0, posts; step < 2 && len(last) > 0; step++ {
		var ids []ID
		for _, p := range last {
			for _, id := range [...]ID{p.BoostOf, p.QuoteOf} {
				if _, known := b.Posts[id]; id != 0 && !known {
					b.Posts[id] = nil
					ids = append(ids, id)
				}
			}
		}
		last = nil
		if len(ids) == 0 {
			break
		}
		found, err := r.Posts(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			b.Posts[p.ID] = p
			last = append(last, p)
		}
		all = append(all[:len(all):len(all)], found...)
	}
	for id, p := range b.Posts {
		if p == nil {
			delete(b.Posts, id)
		}
	}
	return all, nil
}

// parts are the ids of what Posts need, each once.
type parts struct {
	posts        []ID // other than boosts
	threadOf     []ID // of each of posts
	threads      []ID
	authors      []ID
	media, polls []ID // Posts that have some
	cards, apps  []ID
}

func partsOf(posts []*social.Post) *parts {
	x := &parts{}
	authors, threads, cards, apps := newIDSet(len(posts)), newIDSet(len(posts)), newIDSet(0), newIDSet(0)
	seen := newIDSet(len(posts))
	for _, p := range posts {
		authors.add(p.Actor)
		cards.add(p.Card)
		apps.add(p.App)
		if p.BoostOf != 0 || !seen.add(p.ID) {
			continue
		}
		threads.add(p.Thread)
		x.threadOf = append(x.threadOf, p.Thread)
		if p.MediaCount > 0 {
			x.media = append(x.media, p.ID)
		}
		if p.HasPoll {
			x.polls = append(x.polls, p.ID)
		}
	}
	x.posts, x.authors, x.threads, x.cards, x.apps = seen.ids, authors.ids, threads.ids, cards.ids, apps.ids
	return x
}

// idSet is a set of ids other than zero, in the order in which they came.
type idSet struct {
	known map[ID]struct{}
	ids   []ID
}

func newIDSet(n int) *idSet { return &idSet{known: make(map[ID]struct{}, n)} }

// add reports whether id is new.
func (s *idSet) add(id ID) bool {
	if _, ok := s.known[id]; ok || id == 0 {
		return false
	}
	s.known[id] = struct{}{}
	s.ids = append(s.ids, id)
	return true
}

// has reports whether id is in the set.
func (s *idSet) has(id ID) bool {
	_, ok := s.known[id]
	return ok
}

// present is actorsByID without those that are not there.
func (r *reader) present(ctx context.Context, ids []ID) (map[ID]*social.Actor, error) {
	found, err := r.actorsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for id, a := range found {
		if a == nil {
			delete(found, id)
		}
	}
	return found, nil
}

func (r *reader) bundleParts(ctx context.Context, b *social.Bundle, x *parts) error {
	if len(x.media) > 0 {
		list, err := many(ctx, r, scanMedia, "select "+mediaColumns+" from media where post = any($1) and post <> 0 order by post, position", x.media)
		if err != nil {
			return err
		}
		b.Media = make(map[ID][]social.Media, len(x.media))
		for i := 0; i < len(list); {
			n := i + 1
			for n < len(list) && list[n].Post == list[i].Post {
				n++
			}
			b.Media[list[i].Post] = list[i:n:n]
			i = n
		}
	}
	if len(x.polls) > 0 {
		list, err := many(ctx, r, scanPoll, "select "+pollColumns+" from polls where post = any($1)", x.polls)
		if err != nil {
			return err
		}
		b.Polls = byID(list, func(p *social.Poll) ID { return p.Post })
	}
	if len(x.cards) > 0 {
		list, err := many(ctx, r, scanCard, "select "+cardColumns+" from cards where id = any($1)", x.cards)
		if err != nil {
			return err
		}
		b.Cards = byID(list, func(c *social.Card) ID { return c.ID })
	}
	if len(x.apps) > 0 {
		list, err := many(ctx, r, func(r row, a *social.App) error { return r.into(&a.ID, &a.Name, &a.Website) },
			"select id, name, website from apps where id = any($1)", x.apps)
		if err != nil {
			return err
		}
		b.Apps = byID(list, func(a *social.App) ID { return a.ID })
	}
	return nil
}

func byID[T any](list []T, id func(*T) ID) map[ID]*T {
	m := make(map[ID]*T, len(list))
	for i := range list {
		m[id(&list[i])] = &list[i]
	}
	return m
}
