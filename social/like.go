package social

import "context"

// likePost reacts to a Post: a favourite, or an emoji.
func likePost(ctx context.Context, t *turn) (*Result, error) {
	d, ok := t.a.Object.(*ReactionDraft)
	if !ok {
		return nil, invalid("react", "object", "a reaction names a post and an emoji")
	}
	p, err := t.subjectOf(ctx, d.Post)
	if err != nil {
		return nil, err
	}
	if len(d.Content) > maxReaction {
		return nil, invalid("react", "emoji", "Validation failed: Emoji is too long")
	}
	var w *way
	if t.throughLink(p) {
		need := AbleReact
		if d.Content == "" || d.Content == Favourite {
			need = AbleFavourite
		}
		if w, err = t.wayTo(ctx, p, need); err != nil {
			return nil, err
		}
	}
	r := &Reaction{ID: t.h.newID(), Post: p.ID, Actor: t.actor.ID, Content: d.Content, Emoji: d.Emoji, URI: t.a.URI, CreatedAt: t.now}
	if r.Content == "" {
		r.Content = Favourite
	}
	if r.URI == "" {
		r.URI = likeURI(t.actor, r.ID)
	}
	fresh, err := t.PutReaction(ctx, r)
	if err != nil || !fresh {
		return &Result{Post: p}, err
	}
	if err := t.afterLike(ctx, p, r); err != nil {
		return nil, err
	}
	if w != nil {
		if err := t.answerThere(ctx, w, Answer{Verb: Like, Target: p.ID, Content: r.Content}); err != nil {
			return nil, err
		}
	}
	return &Result{Post: p, Reaction: r, Done: true}, nil
}

// maxReaction is the longest reaction, in bytes: a shortcode with its domain.
const maxReaction = 512

// subjectOf loads the Post that is meant (the boosted one for a Boost), if the
// turn's Actor may see it.
func (t *turn) subjectOf(ctx context.Context, id ID) (*Post, error) {
	p, err := t.Post(ctx, id)
	if err == nil && p.BoostOf != 0 {
		p, err = t.Post(ctx, p.BoostOf)
	}
	if err != nil {
		return nil, err
	}
	return p, t.mustSee(ctx, p)
}

func (t *turn) afterLike(ctx context.Context, p *Post, r *Reaction) error {
	typ, reaction := NotifyReaction, r.Content
	if r.Content == Favourite {
		typ, reaction = NotifyFavourite, ""
		if err := t.CountPost(ctx, p.ID, 0, 0, 1, 0); err != nil {
			return err
		}
		t.countInteraction(p)
	}
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	if author.Local() {
		if err := t.notify(ctx, note{user: author.ID, typ: typ, post: p, reaction: reaction, emoji: r.Emoji}); err != nil {
			return err
		}
	}
	if t.actor.Local() {
		if err := t.IndexPost(ctx, p.ID, searchText(p)); err != nil {
			return err
		}
	}
	if author.Local() || p.Audience == LocalOnly || p.Origin == Linked {
		return nil
	}
	return t.send(ctx, Outgoing{
		Verb: Like, URI: r.URI, Audience: Direct, Inboxes: []string{author.Inbox},
		Object: OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI, Content: r.Content, Emoji: r.Emoji, TargetURI: author.URI},
	})
}

// undoLike takes a reaction back; without Content, all of the Actor's on this Post
// that a plain Like can mean: the favourite first.
func undoLike(ctx context.Context, t *turn) (*Result, error) {
	u := t.a.Object.(*Undoing)
	p, err := t.Post(ctx, u.Post)
	if err == nil && p.BoostOf != 0 {
		p, err = t.Post(ctx, p.BoostOf)
	}
	if isMissing(err) && t.a.Origin != Local {
		return &Result{}, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := t.Reaction(ctx, p.ID, t.actor.ID, u.Content)
	if isMissing(err) {
		return &Result{Post: p}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := t.DropReaction(ctx, r); err != nil {
		return nil, err
	}
	return &Result{Post: p, Reaction: r, Done: true}, t.afterUnlike(ctx, p, r)
}

func (t *turn) afterUnlike(ctx context.Context, p *Post, r *Reaction) error {
	typ := NotifyReaction
	if r.Content == Favourite {
		typ = NotifyFavourite
		if err := t.CountPost(ctx, p.ID, 0, 0, -1, 0); err != nil {
			return err
		}
	}
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	if p.Origin == Linked {
		return t.takeBackThere(ctx, Answer{Verb: Like, Target: p.ID, Content: r.Content})
	}
	if author.Local() {
		return t.DropNotificationsOf(ctx, author.ID, t.actor.ID, typ, p.ID)
	}
	return t.send(ctx, Outgoing{
		Verb: Undo, URI: r.URI + "/undo", Audience: Direct, Inboxes: []string{author.Inbox},
		Object: OutObject{Kind: ObjLike, Inner: Like, URI: r.URI, ID: p.ID, TargetURI: p.URI, Content: r.Content, Emoji: r.Emoji},
	})
}
