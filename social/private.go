package social

import "context"

// What a User does for itself alone changes nothing that others see; it does
// not pass the verb table, but the same rules of sight.

// Bookmark keeps a Post, or lets it go.
func (h *Home) Bookmark(ctx context.Context, v Viewer, post ID, on bool) error {
	l, err := h.PostFor(ctx, v, post)
	if !on && isMissing(err) { // what may not be seen any more may still be let go
		return h.Store.Write(ctx, func(tx Tx) error {
			was, err := tx.Unbookmark(ctx, v.Actor, post)
			if err == nil && !was {
				return notFound("bookmark")
			}
			return err
		})
	}
	if err != nil {
		return err
	}
	p := l.subject()
	t := &turn{}
	err = h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Add}, now: h.now()}
		change := tx.Unbookmark
		if on {
			change = func(ctx context.Context, user, post ID) (bool, error) {
				return tx.Bookmark(ctx, user, post, h.newID(), t.now)
			}
		}
		changed, err := change(ctx, v.Actor, p.ID)
		if err != nil {
			return err
		}
		if changed && p.Origin == Linked {
			if err := t.keepThere(ctx, v.Actor, p, on); err != nil {
				return err
			}
		}
		if !on {
			return nil
		}
		return tx.IndexPost(ctx, p.ID, searchText(p))
	})
	if err == nil {
		h.after(t)
	}
	return err
}

// keepThere bookmarks a Post where it was said too, if a Link can.
func (t *turn) keepThere(ctx context.Context, user ID, p *Post, on bool) (err error) {
	if t.actor, err = t.Actor(ctx, user); err != nil {
		return err
	}
	a := Answer{Verb: Add, Target: p.ID}
	if !on {
		err = t.takeBackThere(ctx, a)
	} else if w, none := t.wayTo(ctx, p, AbleBookmark); none == nil {
		err = t.answerThere(ctx, w, a)
	} else if !IsKind(none, Forbidden) {
		err = none
	}
	if err != nil {
		return err
	}
	return t.enqueue(ctx)
}

// subject is the Post that the only row of a Listing is about.
func (l *Listing) subject() *Post {
	p := l.Posts[0]
	if p.BoostOf != 0 {
		return l.Bundle.Posts[p.BoostOf]
	}
	return p
}

// MuteThread stops, or lets through again, the notifications of a thread.
func (h *Home) MuteThread(ctx context.Context, v Viewer, post ID, on bool) error {
	l, err := h.PostFor(ctx, v, post)
	if err != nil {
		return err
	}
	thread := l.subject().Thread
	return h.Store.Write(ctx, func(tx Tx) error { return tx.MuteThread(ctx, v.Actor, thread, on) })
}

// MuteActor hides somebody until a moment, or for good. The other is not told.
func (h *Home) MuteActor(ctx context.Context, m Mute) error {
	if m.Actor == m.Target {
		return forbidden("mute", "This action is not allowed")
	}
	if _, err := h.Store.Actor(ctx, m.Target); err != nil {
		return err
	}
	m.ID, m.CreatedAt = h.newID(), h.now()
	return h.Store.Write(ctx, func(tx Tx) error { return tx.PutMute(ctx, &m) })
}

// UnmuteActor shows somebody again, and puts into Home what whom one follows
// said meanwhile.
func (h *Home) UnmuteActor(ctx context.Context, actor, target ID) error {
	return h.Store.Write(ctx, func(tx Tx) error {
		if err := missingOK(tx.DropMute(ctx, actor, target)); err != nil {
			return err
		}
		f, err := tx.Follow(ctx, actor, target)
		if err != nil || f.Pending {
			return missingOK(err)
		}
		return tx.FillHome(ctx, actor, target, homeFill)
	})
}

// BlockDomain hides a whole domain from a User and parts it from the User's
// followers there.
func (h *Home) BlockDomain(ctx context.Context, user ID, domain string) error {
	if domain == "" || domain == h.Info.Domain {
		return invalid("block domain", "domain", "Validation failed: Domain must be another server's")
	}
	d := &DomainBlock{ID: h.newID(), Actor: user, Domain: domain, CreatedAt: h.now()}
	err := h.Store.Write(ctx, func(tx Tx) error {
		if err := tx.PutDomainBlock(ctx, d); err != nil {
			return err
		}
		return tx.DropDomainFromHome(ctx, user, domain)
	})
	if err != nil {
		return err
	}
	return h.partFromDomain(ctx, user, domain)
}

// partFromDomain ends the follows between a User and a domain, page by page.
func (h *Home) partFromDomain(ctx context.Context, user ID, domain string) error {
	followers, err := h.relatedIn(ctx, domain, func(p Page) ([]Ranked, error) { return h.Store.Followers(ctx, user, p) })
	if err != nil {
		return err
	}
	for _, id := range followers {
		if _, err := h.Do(ctx, &Activity{Verb: Reject, Actor: user, Object: &FollowAnswer{Follower: id}}); err != nil {
			return err
		}
	}
	following, err := h.relatedIn(ctx, domain, func(p Page) ([]Ranked, error) { return h.Store.Following(ctx, user, p) })
	if err != nil {
		return err
	}
	for _, id := range following {
		if _, err := h.Do(ctx, &Activity{Verb: Undo, Actor: user, Object: &Undoing{What: ObjFollow, Actor: id}}); err != nil {
			return err
		}
	}
	return nil
}

func (h *Home) relatedIn(ctx context.Context, domain string, read func(Page) ([]Ranked, error)) ([]ID, error) {
	var found []ID
	for page := (Page{Limit: 200}); ; {
		rows, err := read(page)
		if err != nil || len(rows) == 0 {
			return found, err
		}
		actors, err := h.Store.Actors(ctx, rankedIDs(rows))
		if err != nil {
			return nil, err
		}
		for _, a := range actors {
			if a.Domain == domain {
				found = append(found, a.ID)
			}
		}
		page.MaxID = rows[len(rows)-1].Row
	}
}
