package social

import "context"

// updatePost changes a Post of the turn's Actor and keeps the former version.
// A Post from elsewhere that is older than what is here changes nothing.
func updatePost(ctx context.Context, t *turn) (*Result, error) {
	d := t.a.Object.(*Draft)
	old, err := t.Post(ctx, d.Post.ID)
	if err != nil {
		return nil, err
	}
	if old.Actor != t.actor.ID || old.BoostOf != 0 {
		return nil, notFound("update post")
	}
	if err := t.obeyMedia(ctx, d); err != nil {
		return nil, err
	}
	if err := t.obeyTags(ctx, d); err != nil {
		return nil, err
	}
	p := merged(old, &d.Post)
	if d.ReplaceMedia {
		p.MediaCount = len(d.Media) + len(d.MediaIDs)
	}
	if old.Local() {
		if err := t.h.checkDraft(d, p); err != nil {
			return nil, err
		}
		p.EditedAt = t.now
	} else if p.EditedAt <= old.EditedAt {
		return &Result{Post: old}, t.refreshPoll(ctx, d, old)
	}
	if p.Origin == Linked {
		if err := t.keepFromOthers(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := t.keepVersions(ctx, old); err != nil {
		return nil, err
	}
	if err := t.replaceParts(ctx, d, p); err != nil {
		return nil, err
	}
	if err := t.UpdatePost(ctx, p); err != nil {
		return nil, err
	}
	if err := t.tellUpdate(ctx, old, p); err != nil {
		return nil, err
	}
	return &Result{Post: p, Done: true}, t.relayChange(ctx, p, RelayUpdate)
}

// merged is old with what an edit may change taken from new. An author, an
// audience and a thread never change.
func merged(old, new *Post) *Post {
	p := *old
	p.Title, p.Content, p.Source, p.Format = new.Title, new.Content, new.Source, new.Format
	p.Warning, p.Sensitive, p.Language = new.Warning, new.Sensitive, new.Language
	p.Mentions, p.Tags, p.Emojis, p.Links = new.Mentions, new.Tags, new.Emojis, new.Links
	p.EditedAt = new.EditedAt
	if new.URL != "" {
		p.URL = new.URL
	}
	if new.QuotePolicy != QuoteUnknown {
		p.QuotePolicy = new.QuotePolicy
	}
	if new.QuoteStamp != "" && new.QuoteURI == old.QuoteURI {
		p.QuoteStamp, p.QuoteState = new.QuoteStamp, new.QuoteState
	}
	return &p
}

// keepVersions writes the version that was shown; the first edit keeps two, so
// that the history begins at the beginning.
func (t *turn) keepVersions(ctx context.Context, old *Post) error {
	media, err := t.MediaOf(ctx, old.ID)
	if err != nil {
		return err
	}
	e := Edit{Post: old.ID, At: old.EditedAt, Content: old.Content, Warning: old.Warning, Sensitive: old.Sensitive, Media: media, Emojis: old.Emojis}
	if e.At == 0 {
		e.At = old.CreatedAt
	}
	if old.HasPoll {
		poll, err := t.Poll(ctx, old.ID)
		if err != nil {
			return err
		}
		for _, o := range poll.Options {
			e.Options = append(e.Options, o.Title)
		}
	}
	return t.PutEdit(ctx, &e)
}

func (t *turn) replaceParts(ctx context.Context, d *Draft, p *Post) error {
	if d.ReplaceMedia {
		if err := t.DetachMedia(ctx, p.ID); err != nil {
			return err
		}
		part := Draft{Media: d.Media, MediaIDs: d.MediaIDs}
		if err := t.attach(ctx, &part, p); err != nil {
			return err
		}
	}
	if d.Poll == nil {
		return t.dropPoll(ctx, d, p)
	}
	if d.Poll.ExpiresAt > t.now {
		t.jobs = append(t.jobs, Job{Kind: JobPoll, Ref: p.ID, RunAt: d.Poll.ExpiresAt})
	}
	poll := *d.Poll
	poll.Post = p.ID
	if old, err := t.Poll(ctx, p.ID); err == nil && sameOptions(old, &poll) {
		if p.Local() { // counts stay ours
			poll.Options, poll.Voters = old.Options, old.Voters
		} else {
			t.endsElsewhere(old, &poll)
		}
	} else if p.Local() {
		for i := range poll.Options {
			poll.Options[i].Votes = 0
		}
	}
	p.HasPoll, p.Kind = true, Question
	return t.PutPoll(ctx, &poll)
}

// dropPoll takes the poll away with what was voted, if an edit says so.
func (t *turn) dropPoll(ctx context.Context, d *Draft, p *Post) error {
	if !d.DropPoll || !p.HasPoll {
		return nil
	}
	p.HasPoll, p.Kind = false, Note
	return t.DropPoll(ctx, p.ID)
}

func sameOptions(a, b *Poll) bool {
	if len(a.Options) != len(b.Options) {
		return false
	}
	for i := range a.Options {
		if a.Options[i].Title != b.Options[i].Title {
			return false
		}
	}
	return true
}

// refreshPoll takes new counts from an Update that edits nothing.
func (t *turn) refreshPoll(ctx context.Context, d *Draft, p *Post) error {
	if d.Poll == nil || !p.HasPoll || p.Local() {
		return nil
	}
	old, err := t.Poll(ctx, p.ID)
	if err != nil {
		return missingOK(err)
	}
	if !sameOptions(old, d.Poll) {
		return nil
	}
	poll := *d.Poll
	poll.Post = p.ID
	t.endsElsewhere(old, &poll)
	if err := t.PutPoll(ctx, &poll); err != nil {
		return err
	}
	return t.changed(ctx, p)
}

// endsElsewhere leaves the end of a neighbour's poll, when an Update tells of it,
// to JobPoll: it is that which tells those of ours who voted.
func (t *turn) endsElsewhere(old, next *Poll) {
	if old.ClosedAt != 0 {
		next.ClosedAt = old.ClosedAt
		return
	}
	if next.ClosedAt == 0 {
		return
	}
	if next.ExpiresAt == 0 || next.ExpiresAt > next.ClosedAt {
		next.ExpiresAt = next.ClosedAt
	}
	next.ClosedAt = 0
	t.jobs = append(t.jobs, Job{Kind: JobPoll, Ref: next.Post, RunAt: t.now})
}

// tellUpdate tells those who boosted, quoted or are named, the streams, and the neighbours.
func (t *turn) tellUpdate(ctx context.Context, old, p *Post) error {
	if t.a.Quiet {
		return nil
	}
	boosters, err := t.Boosters(ctx, p.ID, Page{Limit: 1000})
	if err != nil {
		return err
	}
	ids := make([]ID, 0, len(boosters)+len(p.Mentions))
	for _, b := range boosters {
		ids = append(ids, b.ID)
	}
	actors, err := t.Actors(ctx, ids)
	if err != nil {
		return err
	}
	for _, a := range actors {
		if a.Local() {
			if err := t.notify(ctx, note{user: a.ID, typ: NotifyUpdate, post: p}); err != nil {
				return err
			}
		}
	}
	named, err := t.localNamed(ctx, p)
	if err != nil {
		return err
	}
	for _, user := range named {
		if !old.Mentioned(user) {
			if err := t.notify(ctx, note{user: user, typ: NotifyMention, post: p}); err != nil {
				return err
			}
		}
	}
	if err := t.changed(ctx, p); err != nil {
		return err
	}
	if p.Local() {
		if err := t.IndexPost(ctx, p.ID, searchText(p)); err != nil {
			return err
		}
	}
	return t.sendUpdate(ctx, p, append(ids, mentionedActors(p)...))
}

// changed tells the streams in which a Post stands that it looks different now.
func (t *turn) changed(ctx context.Context, p *Post) error {
	home, lists, err := t.feedsOf(ctx, p)
	if err != nil {
		return err
	}
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	e := Event{Type: PostUpdated, Post: p.ID, Actor: p.Actor, Home: home, Lists: lists, Local: p.Local(), Media: p.MediaCount > 0}
	e.Public, e.Tags = inPublic(p, author)
	t.emit(e)
	return nil
}

// feedsOf are the Users and Lists in whose streams a Post stands.
func (t *turn) feedsOf(ctx context.Context, p *Post) (home, lists []ID, err error) {
	targets, err := t.FeedUsers(ctx, p.Actor, nil)
	if err != nil {
		return nil, nil, err
	}
	for i := range targets {
		home = append(home, targets[i].User)
	}
	in, err := t.FeedLists(ctx, p.Actor)
	for _, l := range in {
		lists = append(lists, l.List)
	}
	return home, lists, err
}

func (t *turn) sendUpdate(ctx context.Context, p *Post, also []ID) error {
	if !t.local() || p.Audience == LocalOnly || p.Origin == Linked {
		return nil
	}
	inboxes, err := t.inboxesOf(ctx, also)
	if err != nil {
		return err
	}
	return t.send(ctx, Outgoing{
		Verb: Update, URI: updateURI(p.URI, t.now), Audience: p.Audience, Inboxes: inboxes,
		ToFollowers: p.Audience <= Followers, Object: OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI, At: t.now},
	})
}
