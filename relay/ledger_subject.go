package relay

import (
	"context"

	"engawa/social"
)

// subject is a Post with all that deciding and planning need, read in a constant
// number of queries.
type subject struct {
	post   *social.Post
	bundle *social.Bundle
	app    string
	own    []social.Copy // its own Copies
	parent []social.Copy // those of the Post it continues
	others map[social.ID][]social.Copy
	lanes  []social.LaneRow // where the Posts that it answers, quotes or boosts were seen
}

// subject reads a Post.
func (l *Ledger) subject(ctx context.Context, id social.ID) (*subject, error) {
	store := l.Home.Store
	p, err := store.Post(ctx, id)
	if err != nil {
		return nil, err
	}
	s := &subject{post: p, others: map[social.ID][]social.Copy{}}
	if s.bundle, err = store.Bundle(ctx, social.ID(0), []*social.Post{p}); err != nil {
		return nil, err
	}
	if app := s.bundle.Apps[p.App]; app != nil {
		s.app = app.Name
	}
	return s, l.around(ctx, s)
}

// around reads where the Post of s, and what it answers, quotes and boosts,
// stand elsewhere.
func (l *Ledger) around(ctx context.Context, s *subject) error {
	p, store := s.post, l.Home.Store
	near := []social.ID{p.ID}
	for _, id := range []social.ID{p.ReplyTo, p.QuoteOf, p.BoostOf} {
		if id != 0 {
			near = append(near, id)
		}
	}
	copies, err := store.Copies(ctx, near)
	if err != nil {
		return err
	}
	for i := range copies {
		s.others[copies[i].Post] = append(s.others[copies[i].Post], copies[i])
	}
	s.own = s.others[p.ID]
	if p.ReplyTo != 0 && p.ReplyToActor == p.Actor {
		s.parent = s.others[p.ReplyTo]
	}
	if len(near) > 1 {
		s.lanes, err = store.LaneRows(ctx, p.Actor, near[1:])
	}
	return err
}

// facts are what the rules look at.
func (s *subject) facts() Facts {
	return Facts{Post: s.post, App: s.app, Parent: Traces(s.parent)}
}

// triggers are the tags that made a rule send the Post.
func (s *subject) triggers(book *bookEntry) []string {
	ds := book.Decide(s.facts())
	return ds.Triggers
}

// after is the Post whose Copy at a Link this one continues; zero: none.
func (s *subject) after(link social.ID) social.ID {
	for i := range s.parent {
		if c := &s.parent[i]; c.Link == link && live(c) {
			return s.post.ReplyTo
		}
	}
	return 0
}

// refAt is where a Post stands at a Link: as a Copy of ours (its first or last
// part), or seen in its Lane.
func (s *subject) refAt(link, post social.ID, last bool) social.Ref {
	var ref social.Ref
	for i := range s.others[post] {
		c := &s.others[post][i]
		if c.Link != link || c.Ref.Zero() || !live(c) {
			continue
		}
		if ref = c.Ref; !last {
			return ref
		}
	}
	if ref.Zero() {
		for i := range s.lanes {
			if s.lanes[i].Link == link && s.lanes[i].Post == post {
				return s.lanes[i].Ref
			}
		}
	}
	return ref
}
