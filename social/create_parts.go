package social

import (
	"context"
	"strings"
	"time"
)

// preparePost fills what a new Post's origin decides.
func (t *turn) preparePost(ctx context.Context, d *Draft, p *Post) error {
	p.Actor, p.Home = t.actor.ID, t.actor.Home
	p.HasPoll = d.Poll != nil
	if p.Kind == "" {
		p.Kind = Note
	}
	if p.HasPoll {
		p.Kind = Question
	}
	if p.ReceivedAt == 0 {
		p.ReceivedAt = t.now
	}
	if p.CreatedAt == 0 || p.CreatedAt > t.now {
		p.CreatedAt = t.now
	}
	p.MediaCount = len(d.Media) + len(d.MediaIDs)
	if p.Home == 0 || t.a.Origin != Local {
		return t.prepareForeign(p)
	}
	p.Origin = Local
	if err := t.h.checkDraft(d, p); err != nil {
		return err
	}
	p.ID = t.h.newID()
	p.URI, p.URL = postURI(t.actor, p.ID), postURL(t.actor, p.ID)
	if p.Audience == Followers || p.Audience == Direct {
		p.QuotePolicy = QuoteNobody
	}
	return nil
}

func (t *turn) prepareForeign(p *Post) error {
	p.Origin = t.a.Origin
	if p.URI == "" {
		return invalid("create post", "id", "a post from elsewhere needs an id")
	}
	if p.ID != 0 {
		return nil // imported: ids are kept
	}
	p.ID = t.h.newID()
	if age := t.now - p.CreatedAt; age > 0 {
		p.ID = ID(t.h.IDs.At(time.UnixMilli(p.CreatedAt)))
	}
	return nil
}

// checkDraft refuses what this home does not take from its own Users.
func (h *Home) checkDraft(d *Draft, p *Post) error {
	const op = "create post"
	l := h.Limits
	switch {
	case strings.TrimSpace(p.Source) == "" && p.Content == "" && p.MediaCount == 0 && d.Poll == nil && p.QuoteOf == 0:
		return invalid(op, "status", "Validation failed: Text can't be blank")
	case p.MediaCount > l.Media:
		return invalid(op, "media_ids", "Validation failed: Cannot attach more than "+ID(l.Media).String()+" files")
	case p.Audience > LocalOnly:
		return invalid(op, "visibility", "Validation failed: Visibility is not one of public, unlisted, private, direct, local")
	case d.Poll != nil:
		return checkPoll(l, d.Poll)
	}
	return nil
}

func checkPoll(l Limits, p *Poll) error {
	const op = "create poll"
	if len(p.Options) < 2 || len(p.Options) > l.PollOptions {
		return invalid(op, "poll[options]", "Validation failed: Poll options must be 2 to "+ID(l.PollOptions).String())
	}
	seen := make(map[string]bool, len(p.Options))
	for _, o := range p.Options {
		title := strings.TrimSpace(o.Title)
		switch {
		case title == "":
			return invalid(op, "poll[options]", "Validation failed: Poll options can't be blank")
		case len([]rune(title)) > l.PollOptionCharacters:
			return invalid(op, "poll[options]", "Validation failed: Poll options can't be longer than "+ID(l.PollOptionCharacters).String()+" characters each")
		case seen[title]:
			return invalid(op, "poll[options]", "Validation failed: Poll options must all be different")
		}
		seen[title] = true
	}
	return nil
}

// parentOf finds the Post that p answers and gives p its place in the thread.
func (t *turn) parentOf(ctx context.Context, p *Post) (*Post, error) {
	p.Thread = p.ID
	if p.ReplyTo == 0 && p.ReplyToURI != "" {
		if at, err := t.Address(ctx, p.ReplyToURI); err == nil && at.Kind == "post" && at.State != "gone" {
			p.ReplyTo = at.Target
		}
	}
	if p.ReplyTo == 0 {
		if p.Local() && p.Conversation == "" {
			p.Conversation = conversationURI(&t.h.Info, p.ID)
		}
		return nil, nil
	}
	parent, err := t.Post(ctx, p.ReplyTo)
	if err == nil && parent.BoostOf != 0 {
		parent, err = t.Post(ctx, parent.BoostOf)
	}
	if err != nil {
		if p.Local() || !isMissing(err) {
			return nil, err
		}
		p.ReplyTo = 0
		return nil, nil
	}
	if parent.Origin == Linked && t.a.Origin != Local { // to the others here it is not there
		p.ReplyTo = 0
		return nil, nil
	}
	if p.Local() {
		if err := t.mustSee(ctx, parent); err != nil {
			return nil, err
		}
	}
	p.ReplyTo, p.ReplyToURI, p.ReplyToActor = parent.ID, parent.URI, parent.Actor
	if parent.Thread != 0 {
		p.Thread = parent.Thread
	}
	if p.Conversation == "" {
		p.Conversation = parent.Conversation
	}
	return parent, nil
}

// mustSee answers "not found" for a Post the turn's Actor may not see.
func (t *turn) mustSee(ctx context.Context, p *Post) error {
	author, err := t.Actor(ctx, p.Actor)
	if err != nil {
		return err
	}
	rels, err := t.Relations(ctx, t.actor.ID, []ID{p.Actor})
	if err != nil {
		return err
	}
	if !CanSee(Viewer{Actor: t.actor.ID, User: t.actor.Local()}, p, author, rels[p.Actor]) {
		return notFound("see post")
	}
	return nil
}

// attach writes what hangs on a new Post: media and poll.
func (t *turn) attach(ctx context.Context, d *Draft, p *Post) error {
	if len(d.MediaIDs) > 0 {
		n, err := t.AttachMedia(ctx, p.Actor, p.ID, d.MediaIDs)
		if err != nil {
			return err
		}
		if n != len(d.MediaIDs) {
			return invalid("create post", "media_ids", "Validation failed: Media is not yours, not there any more, or attached to another post")
		}
		if err := t.mediaReady(ctx, p.ID); err != nil {
			return err
		}
	}
	for i := range d.Media {
		m := d.Media[i]
		m.ID, m.Actor, m.Post, m.Position, m.CreatedAt = t.h.newID(), p.Actor, p.ID, i, t.now
		if err := t.PutMedia(ctx, &m); err != nil {
			return err
		}
	}
	if d.Poll != nil {
		poll := *d.Poll
		poll.Post = p.ID
		if err := t.PutPoll(ctx, &poll); err != nil {
			return err
		}
	}
	if d.IdempotencyKey != "" {
		return t.RememberIdempotency(ctx, p.Actor, d.IdempotencyKey, p.ID, t.now)
	}
	return nil
}

// countNew keeps the counts that a new Post changes. Posts fetched quietly from
// elsewhere count for their thread, not for what their author is known to say.
func (t *turn) countNew(ctx context.Context, p, parent *Post) error {
	if parent != nil && p.Everybodys() { // a private answer does not show in a public count
		if err := t.CountPost(ctx, parent.ID, 1, 0, 0, 0); err != nil {
			return err
		}
	}
	if p.Audience == Direct || p.Origin == Linked {
		return nil
	}
	return t.CountActor(ctx, p.Actor, 1, 0, 0, p.CreatedAt)
}

// adopt joins answers that came before the Post they answer.
func (t *turn) adopt(ctx context.Context, p *Post) error {
	if p.Local() {
		return nil // nobody can have answered yet
	}
	children, err := t.Orphans(ctx, p.URI, 100)
	if err != nil || len(children) == 0 {
		return err
	}
	if err := t.Adopt(ctx, p, children); err != nil {
		return err
	}
	posts, err := t.Posts(ctx, children)
	if err != nil {
		return err
	}
	n := int64(0)
	for _, c := range posts {
		if c.Everybodys() {
			n++
		}
	}
	return t.CountPost(ctx, p.ID, n, 0, 0, 0)
}

// followUp is the work that a new Post leaves for later.
func (t *turn) followUp(ctx context.Context, p *Post, d *Draft) error {
	if t.a.Quiet && p.Origin != Federated {
		return nil
	}
	if !t.a.Quiet && !p.Local() && p.ReplyTo == 0 && p.ReplyToURI != "" {
		t.jobs = append(t.jobs, Job{Kind: JobThread, Ref: p.ID, Key: "thread"})
	}
	if !t.a.Quiet && len(p.Links) > 0 && p.MediaCount == 0 && p.QuoteURI == "" {
		t.jobs = append(t.jobs, Job{Kind: JobCard, Ref: p.ID, RunAt: t.now + int64(p.ID)%cardDelay, Target: p.Links[0]})
	}
	if d.Poll != nil && d.Poll.ExpiresAt > t.now {
		t.jobs = append(t.jobs, Job{Kind: JobPoll, Ref: p.ID, RunAt: d.Poll.ExpiresAt})
	}
	if p.Local() {
		return t.IndexPost(ctx, p.ID, searchText(p))
	}
	return nil
}

// cardDelay spreads the fetching of link previews over this many milliseconds,
// so that a linked site is not asked by every home in the same second.
const cardDelay = 30_000

// searchText is what a Post is found by.
func searchText(p *Post) string {
	text := p.Source
	if text == "" {
		text = p.Content
	}
	return p.Title + "\n" + p.Warning + "\n" + text
}

// sendCreate tells the neighbours of a new Post.
func (t *turn) sendCreate(ctx context.Context, p *Post, parent *Post) error {
	if !t.local() || p.Audience == LocalOnly || p.Origin == Linked || t.actor.Kind == Server {
		return nil
	}
	targets := mentionedActors(p)
	if parent != nil && p.Audience <= Unlisted { // a private answer goes only to whom it names
		targets = append(targets, parent.Actor)
	}
	inboxes, err := t.inboxesOf(ctx, targets)
	if err != nil {
		return err
	}
	return t.send(ctx, Outgoing{
		Verb: Create, URI: p.URI + "/activity", Audience: p.Audience, Inboxes: inboxes,
		ToFollowers: p.Audience <= Followers,
		Object:      OutObject{Kind: ObjPost, ID: p.ID, URI: p.URI},
	})
}

func mentionedActors(p *Post) []ID {
	ids := make([]ID, 0, len(p.Mentions)+2)
	for i := range p.Mentions {
		ids = append(ids, p.Mentions[i].Actor)
	}
	return ids
}

// inboxesOf are the distinct best inboxes of those among ids that live elsewhere.
func (t *turn) inboxesOf(ctx context.Context, ids []ID) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	actors, err := t.Actors(ctx, ids)
	if err != nil {
		return nil, err
	}
	var inboxes []string
	seen := make(map[string]bool, len(actors))
	for _, a := range actors {
		if in := a.BestInbox(); !a.Local() && in != "" && !seen[in] {
			seen[in] = true
			inboxes = append(inboxes, in)
		}
	}
	return inboxes, nil
}
