package social

import (
	"context"
	"slices"
)

// throughLink reports whether the turn's Actor answers p through a Link.
func (t *turn) throughLink(p *Post) bool { return p.Origin == Linked && t.actor.Local() }

// wayOfPost finds the Link that a new Post of ours goes through, when it answers
// or quotes something that a Link read, and makes it one that only its author
// sees here. quoted is the Post it quotes, where it is one of Origin Linked.
func (t *turn) wayOfPost(ctx context.Context, d *Draft, p, parent, quoted *Post) (*way, error) {
	need := Ability(0)
	at := parent
	if parent != nil {
		need |= AbleReply
	}
	if quoted != nil {
		need |= AbleQuote
		if at == nil {
			at = quoted
		}
	}
	if len(d.MediaIDs) > 0 {
		need |= AbleMedia
	}
	if d.Poll != nil {
		need |= AblePoll
	}
	list, err := t.waysTo(ctx, at)
	if err != nil {
		return nil, err
	}
	if parent != nil && quoted != nil { // one account must know both
		other, err := t.waysTo(ctx, quoted)
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(w way) bool {
			return !slices.ContainsFunc(other, func(o way) bool { return o.link.ID == w.link.ID })
		})
	}
	w, err := pickWay(list, need, at.openURL())
	if err != nil {
		return nil, err
	}
	return w, t.becomeLinked(ctx, p, at, w)
}

// privateThere are the networks that know other audiences than everybody.
var privateThere = map[string]bool{"mastodon": true, "misskey": true}

func (t *turn) becomeLinked(ctx context.Context, p, at *Post, w *way) error {
	p.Origin = Linked
	switch {
	case p.Audience == LocalOnly:
		return cannotAnswer("what is for this server alone cannot go there", at.openURL())
	case p.Audience < at.Audience && at.Audience <= Direct:
		p.Audience = at.Audience // never widened
	}
	if p.Audience > Unlisted && p.Audience != at.Audience && !privateThere[w.link.Network] {
		return cannotAnswer("there everybody would see an answer: make it public", at.openURL())
	}
	return t.keepFromOthers(ctx, p)
}

// keepFromOthers leaves out of a Post of Origin Linked the Users here that it
// names, but for its author: to be named would let them see it.
func (t *turn) keepFromOthers(ctx context.Context, p *Post) error {
	if len(p.Mentions) == 0 {
		return nil
	}
	actors, err := t.Actors(ctx, mentionedActors(p))
	if err != nil {
		return err
	}
	local := make(map[ID]bool, len(actors))
	for _, a := range actors {
		local[a.ID] = a.Local() && a.ID != p.Actor
	}
	p.Mentions = slices.DeleteFunc(slices.Clone(p.Mentions), func(m Mention) bool { return local[m.Actor] })
	return nil
}

// boostThere passes a Post on where it was said. Here only the User sees that.
func (t *turn) boostThere(ctx context.Context, p *Post, ref *PostRef) (*Result, error) {
	if old, err := t.BoostOf(ctx, t.actor.ID, p.ID); err == nil {
		return &Result{Post: old}, nil
	} else if !isMissing(err) {
		return nil, err
	}
	if p.Audience > Unlisted {
		return nil, cannotAnswer("it is not for everybody", p.openURL())
	}
	w, err := t.wayTo(ctx, p, AbleBoost)
	if err != nil {
		return nil, err
	}
	b := t.newBoost(p, ref)
	b.Origin, b.Audience = Linked, p.Audience
	fresh, err := t.InsertPost(ctx, b)
	if err != nil || !fresh {
		return &Result{}, err
	}
	if err := t.CountPost(ctx, p.ID, 0, 1, 0, 0); err != nil {
		return nil, err
	}
	if err := t.AddHome(ctx, []ID{t.actor.ID}, b); err != nil {
		return nil, err
	}
	t.emit(Event{Type: PostCreated, Post: b.ID, Actor: b.Actor, Home: []ID{t.actor.ID}, Local: true})
	return &Result{Post: b, Done: true}, t.answerThere(ctx, w, Answer{Verb: Announce, Target: p.ID})
}

// followThere follows, with the linked account, somebody whom only Lanes know.
func (t *turn) followThere(ctx context.Context, target *Actor) (*Result, error) {
	row, err := t.LaneOfActor(ctx, t.actor.ID, target.ID)
	if err != nil {
		if isMissing(err) {
			err = cannotAnswer("none of your linked accounts knows who wrote it", target.URL)
		}
		return nil, err
	}
	l, err := t.Link(ctx, t.actor.ID, row.Link)
	if err != nil {
		return nil, err
	}
	w, err := pickWay([]way{{l, row.Ref}}, AbleFollow, target.URL)
	if err != nil {
		return nil, err
	}
	f := &Follow{Actor: t.actor.ID, Target: target.ID, CreatedAt: t.now}
	if d, err := t.Deed(ctx, t.actor.ID, target.ID, FollowVerb, ""); err == nil && d.At != 0 {
		return &Result{Follow: f}, nil
	} else if missingOK(err) != nil {
		return nil, err
	}
	return &Result{Follow: f, Done: true}, t.answerThere(ctx, w, Answer{Verb: FollowVerb, Target: target.ID})
}

// onlyThere reports whether an Actor can be reached through Links alone.
func onlyThere(a *Actor) bool { return !a.Local() && a.Inbox == "" && a.SharedInbox == "" }

// meet makes sure that somebody whom only Lanes have shown is asked of its own
// server before a User without such a Lane follows it.
func (h *Home) meet(ctx context.Context, a *Activity) {
	ask, ok := a.Object.(*FollowAsk)
	if !ok || h.Neighbours == nil {
		return
	}
	target, err := h.Store.Actor(ctx, ask.Target)
	if err != nil || !onlyThere(target) || target.FetchedAt != 0 {
		return
	}
	if _, err := h.Store.LaneOfActor(ctx, a.Actor, target.ID); isMissing(err) {
		_, _ = h.Neighbours.ActorByURI(ctx, target.URI) // who is not found stays as it is, and the verb says so
	}
}
