package social

import "context"

// deletePost removes a Post of the turn's Actor. What is unknown or gone
// already is no error: a Delete may come before its object, or twice.
func deletePost(ctx context.Context, t *turn) (*Result, error) {
	ref := t.a.Object.(*PostRef)
	p, err := t.Post(ctx, ref.Post)
	if isMissing(err) && t.a.Origin != Local {
		return &Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	if p.Actor != t.actor.ID {
		return nil, notFound("delete post")
	}
	if p.BoostOf != 0 {
		return t.dropBoost(ctx, p)
	}
	inboxes, err := t.whoHas(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := t.removePost(ctx, p); err != nil {
		return nil, err
	}
	if err := t.relayChange(ctx, p, RelayDelete); err != nil {
		return nil, err
	}
	if p.Audience == LocalOnly || p.Origin == Linked {
		return &Result{Post: p, Done: true}, nil
	}
	return &Result{Post: p, Done: true}, t.send(ctx, Outgoing{
		Verb: Delete, URI: p.URI + "#delete", Audience: p.Audience, Inboxes: inboxes, ToFollowers: p.Audience <= Followers,
		Object: OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI, At: t.now},
	})
}

// removePost takes a Post out of everything and tells the streams.
func (t *turn) removePost(ctx context.Context, p *Post) error {
	home, lists, err := t.feedsOf(ctx, p)
	if err != nil {
		return err
	}
	if p.ReplyTo != 0 && p.Everybodys() {
		if err := t.CountPost(ctx, p.ReplyTo, -1, 0, 0, 0); err != nil {
			return err
		}
	}
	if p.QuoteOf != 0 && p.QuoteState == QuoteAccepted {
		if err := t.CountPost(ctx, p.QuoteOf, 0, 0, 0, -1); err != nil {
			return err
		}
	}
	if p.Audience != Direct && p.Origin != Linked {
		if err := t.CountActor(ctx, p.Actor, -1, 0, 0, 0); err != nil {
			return err
		}
	}
	if err := t.DeletePost(ctx, p, t.now); err != nil {
		return err
	}
	t.emit(Event{
		Type: PostDeleted, Post: p.ID, Actor: p.Actor, Home: home, Lists: lists, Direct: mentionedActors(p),
		Public: p.Audience == Public && p.Origin != Linked, Local: p.Local(), Media: p.MediaCount > 0, Tags: tagKeys(p),
	})
	return nil
}

// whoHas are the inboxes that got a Post beyond its author's followers: those
// named, who boosted, and who answered.
func (t *turn) whoHas(ctx context.Context, p *Post) ([]string, error) {
	if !t.local() {
		return nil, nil
	}
	ids := mentionedActors(p)
	boosters, err := t.Boosters(ctx, p.ID, Page{Limit: 1000})
	if err != nil {
		return nil, err
	}
	for _, b := range boosters {
		ids = append(ids, b.ID)
	}
	thread, err := t.ThreadPosts(ctx, p.Thread, 1000)
	if err != nil {
		return nil, err
	}
	for _, r := range thread {
		if r.ReplyTo == p.ID || r.ID == p.ReplyTo {
			ids = append(ids, r.Actor)
		}
	}
	return t.inboxesOf(ctx, ids)
}

// deleteActor removes an Actor with all it said. Its row stays as gone, so that
// the handle is never given away again.
func deleteActor(ctx context.Context, t *turn) (*Result, error) {
	ref := t.a.Object.(*ActorRef)
	if ref.Actor != t.actor.ID {
		return nil, forbidden("delete actor", "an actor can only delete itself")
	}
	if t.actor.State == ActorGone {
		return &Result{}, nil
	}
	a := *t.actor
	a.State, a.UpdatedAt = ActorGone, t.now
	a.DisplayName, a.Summary, a.SummarySource, a.Fields = "", "", "", nil
	a.Avatar, a.Header, a.Emojis = Picture{}, Picture{}, nil
	if err := t.PutActor(ctx, &a); err != nil {
		return nil, err
	}
	if err := t.KeepHandle(ctx, a.Name, a.Domain, a.ID); err != nil {
		return nil, err
	}
	if a.Local() {
		if err := t.unlinkAll(ctx); err != nil {
			return nil, err
		}
		if _, err := t.RevokeTokens(ctx, a.ID, 0, t.now); err != nil {
			return nil, err
		}
		if err := t.DropSessions(ctx, a.ID); err != nil {
			return nil, err
		}
		t.emit(Event{Type: TokenRevoked, Actor: a.ID})
	}
	t.emit(Event{Type: ActorChanged, Actor: a.ID})
	t.jobs = append(t.jobs, Job{Kind: JobClean, Ref: a.ID, Target: "actor", Key: "clean:" + a.ID.String()})
	return &Result{Done: true}, t.send(ctx, Outgoing{
		Verb: Delete, URI: a.URI + "#delete", Audience: Public, ToFollowers: true,
		Object: OutObject{Kind: ObjActor, ID: a.ID, URI: a.URI},
	})
}

// unlinkAll forgets the rules and Links of the turn's Actor with their
// credentials. What was relayed stays at the accounts elsewhere, which are its own.
func (t *turn) unlinkAll(ctx context.Context) error {
	links, err := t.Links(ctx, t.actor.ID)
	if err != nil {
		return err
	}
	for i := range links {
		if err := t.DropLink(ctx, t.actor.ID, links[i].ID); err != nil {
			return err
		}
	}
	return t.PutRules(ctx, t.actor.ID, "", t.now)
}

// CleanActor removes a batch of what a gone Actor said and reports whether
// there is more.
func (h *Home) CleanActor(ctx context.Context, actor ID) (more bool, err error) {
	const batch = 100
	ids, err := h.Store.ActorPosts(ctx, ActorPostsQuery{Actor: actor, Page: Page{Limit: batch}})
	if err != nil {
		return false, err
	}
	posts, err := h.Store.Posts(ctx, ids)
	if err != nil {
		return false, err
	}
	var t *turn
	err = h.Store.Write(ctx, func(tx Tx) error {
		t = &turn{Tx: tx, h: h, a: &Activity{Verb: Delete, Origin: Federated}, now: h.now()}
		for _, p := range posts {
			var err error
			if p.BoostOf != 0 {
				_, err = t.dropBoost(ctx, p)
			} else {
				err = t.removePost(ctx, p)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	h.after(t)
	return len(ids) == batch, nil
}
