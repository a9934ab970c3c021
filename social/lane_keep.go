package social

import (
	"context"
	"slices"
)

// here finds the row that a thing is already: by what the Link calls it, by its
// address, or, for a boost, by who passed what on. A row that others see through
// their Links is shared only where this Link says the same of it, or else its
// words could be put into the mouths of others, or private ones read by guessing
// an address: then the thing gets a row and an address of its own.
func (v *arrival) here(ctx context.Context, x *thing, by *Actor) (*Post, error) {
	if p := v.posts[v.refs[x.item.Ref.ID]]; p != nil && v.refs[x.item.Ref.ID] != 0 {
		return p, nil
	}
	if x.boost != nil { // an Actor passes a Post on once, whatever the address
		p, err := v.BoostOf(ctx, by.ID, v.at[x.boost].p.ID)
		if err != nil {
			return nil, missingOK(err)
		}
		return p, v.reveal(ctx, p)
	}
	at := v.known[x.uri]
	if at == nil || !at.isPost() {
		return nil, nil
	}
	p := v.posts[at.Target]
	if p == nil || p.Origin != Linked || p.Mentioned(v.me.ID) {
		return p, nil
	}
	if p.Actor == by.ID && p.Audience == x.post.Audience && saysTheSame(p, x) {
		return p, v.reveal(ctx, p)
	}
	return nil, nil
}

func saysTheSame(p *Post, x *thing) bool {
	return p.BoostOf == 0 && p.MediaCount == x.post.MediaCount && p.Warning == x.post.Warning && p.Content == x.post.Content
}

// reveal lets the User see a row that others' Links brought.
func (v *arrival) reveal(ctx context.Context, p *Post) error {
	if p.Origin != Linked || p.Mentioned(v.me.ID) {
		return nil
	}
	if err := v.Reveal(ctx, p.ID, v.me.ID); err != nil {
		return err
	}
	p.Mentions = append(slices.Clip(p.Mentions), v.silentMe())
	return nil
}

func (v *arrival) silentMe() Mention {
	return Mention{Actor: v.me.ID, Name: v.me.Name, Domain: v.me.Domain, URI: v.me.URI, URL: v.me.URL, Silent: true}
}

// shared reports whether other Users see p.
func (v *arrival) shared(p *Post) bool {
	for i := range p.Mentions {
		if m := &p.Mentions[i]; m.Silent && m.Actor != v.me.ID {
			return true
		}
	}
	return false
}

// insert makes a row; c.p stays nil where its address is one that was deleted here.
func (v *arrival) insert(ctx context.Context, c *came) error {
	p := c.post
	if at := v.known[c.uri]; at != nil {
		if !at.isPost() || at.State == "gone" || v.posts[at.Target] == nil {
			return nil
		}
		p.URI = c.uri + "#via-" + v.link.ID.String() // others see another row of this address
	}
	p.ID, p.Actor, p.ReceivedAt = v.idFor(p.CreatedAt), c.by.ID, v.now
	p.Mentions = v.mentions(c.thing)
	if c.boost != nil {
		p.BoostOf = v.at[c.boost].p.ID
		p.Audience, p.Language = v.at[c.boost].post.Audience, v.at[c.boost].post.Language
	}
	if c.quote != nil && v.at[c.quote] != nil {
		q := v.at[c.quote].p
		p.QuoteOf, p.QuoteURI, p.QuoteState = q.ID, q.URI, QuoteAccepted
	}
	v.hang(&p, c.item.Parent)
	fresh, err := v.InsertPost(ctx, &p)
	if err != nil || !fresh {
		return err
	}
	if err := v.putParts(ctx, &p, c.thing); err != nil {
		return err
	}
	c.p, c.fresh = &p, true
	v.known[p.URI] = &Address{URI: p.URI, Kind: "lane", Target: p.ID, State: "primary"}
	return v.adoptLinked(ctx, &p)
}

// mentions are those of the named that are known here, and the User, without
// the other Users here: to be named would let them see it.
func (v *arrival) mentions(x *thing) []Mention {
	me := v.silentMe()
	var list []Mention
	for i := range x.item.Mentions[:min(len(x.item.Mentions), laneNames)] {
		s := &x.item.Mentions[i]
		if v.isMe(s) {
			me.Silent = false
			continue
		}
		at := v.known[strangerURI(s)]
		if at == nil || at.Kind != "actor" || at.State == "gone" || at.Target == v.me.ID || v.ourDomain(s.Domain) || hostOf(s.URI) == hostOf(v.h.Info.URL) {
			continue
		}
		list = append(list, Mention{Actor: at.Target, Name: handlePart(s.Name), Domain: handlePart(s.Domain), URI: s.URI, URL: webAddress(s.URL)})
	}
	return append(list, me)
}

// hang gives p its place below what it answers.
func (v *arrival) hang(p *Post, parent Ref) {
	p.Thread = p.ID
	if parent.Zero() || p.BoostOf != 0 {
		return
	}
	p.ReplyToURI = cutText(parent.URI, laneURI)
	if p.ReplyToURI == "" {
		p.ReplyToURI = cutText(parent.ID, laneURI)
	}
	up := v.postAt(parent)
	if up == nil || up.BoostOf != 0 {
		return
	}
	p.ReplyTo, p.ReplyToActor, p.Conversation = up.ID, up.Actor, up.Conversation
	if up.Thread != 0 {
		p.Thread = up.Thread
	}
}

// postAt is the Post here that a Ref names: one's own by its Copy, or what the
// User sees.
func (v *arrival) postAt(r Ref) *Post {
	if c := v.ownCopy(r, ""); c != nil && v.posts[c.Post] != nil {
		return v.posts[c.Post]
	}
	if p := v.posts[v.refs[r.ID]]; p != nil {
		return p
	}
	at := v.known[r.URI]
	if at == nil || !at.isPost() {
		return nil
	}
	p := v.posts[at.Target]
	if p == nil || (p.Origin == Linked && p.Actor != v.me.ID && !p.Mentioned(v.me.ID)) || (p.Origin != Linked && p.Audience > Unlisted && p.Actor != v.me.ID) {
		return nil
	}
	return p
}

// putParts writes media and poll of a new row, and asks for the preview of its link.
func (v *arrival) putParts(ctx context.Context, p *Post, x *thing) error {
	if err := v.putMedia(ctx, p, x); err != nil {
		return err
	}
	if x.poll != nil {
		poll := *x.poll
		poll.Post = p.ID
		if err := v.PutPoll(ctx, &poll); err != nil {
			return err
		}
	}
	if len(p.Links) > 0 && p.MediaCount == 0 && p.QuoteOf == 0 && p.BoostOf == 0 {
		v.jobs = append(v.jobs, Job{Kind: JobCard, Ref: p.ID, RunAt: v.now + int64(p.ID)%cardDelay, Target: p.Links[0]})
	}
	return nil
}

func (v *arrival) putMedia(ctx context.Context, p *Post, x *thing) error {
	for i := range x.media {
		m := x.media[i]
		m.ID, m.Actor, m.Post, m.Position, m.CreatedAt = v.h.newID(), p.Actor, p.ID, i, v.now
		if err := v.PutMedia(ctx, &m); err != nil {
			return err
		}
	}
	return nil
}

// adoptLinked joins answers that Lanes brought before what they answer. Those of
// the fediverse wait for it to come from its own server, since others see them too.
func (v *arrival) adoptLinked(ctx context.Context, p *Post) error {
	if p.BoostOf != 0 {
		return nil
	}
	ids, err := v.Orphans(ctx, p.URI, 100)
	if err != nil || len(ids) == 0 {
		return err
	}
	posts, err := v.Posts(ctx, ids)
	if err != nil {
		return err
	}
	var children []ID
	for _, c := range posts {
		if c.Origin == Linked && c.Mentioned(v.me.ID) && !v.shared(c) {
			children = append(children, c.ID)
		}
	}
	if len(children) == 0 {
		return nil
	}
	return v.Adopt(ctx, p, children)
}

// again brings a row up to what the Link says now.
func (v *arrival) again(ctx context.Context, c *came) error {
	p := c.p
	if p.Origin != Linked || p.Home != 0 || p.BoostOf != 0 {
		return nil
	}
	edited := !saysTheSame(p, c.thing) && c.post.EditedAt > p.EditedAt
	if v.shared(p) {
		if !edited {
			return nil
		}
		return v.part(ctx, c)
	}
	if edited {
		return v.edit(ctx, c)
	}
	if n := (Counters{c.post.Replies, c.post.Boosts, c.post.Favourites, c.post.Quotes}); n != (Counters{}) && n != (Counters{p.Replies, p.Boosts, p.Favourites, p.Quotes}) {
		if err := v.SetCounts(ctx, p.ID, n); err != nil {
			return err
		}
	}
	if c.poll == nil || !p.HasPoll {
		return nil
	}
	poll := *c.poll
	poll.Post = p.ID
	return v.PutPoll(ctx, &poll)
}

// part gives the User a row of its own of what is another thing now for it than
// for others.
func (v *arrival) part(ctx context.Context, c *came) error {
	if err := v.Conceal(ctx, c.p.ID, v.me.ID); err != nil {
		return err
	}
	if err := v.DropLaneRow(ctx, v.link.ID, c.item.Ref.ID); err != nil {
		return err
	}
	delete(v.refs, c.item.Ref.ID)
	if v.known[c.uri] == nil {
		v.known[c.uri] = &Address{URI: c.p.URI, Kind: "lane", Target: c.p.ID, State: "primary"}
	}
	c.p = nil
	return v.insert(ctx, c)
}

// edit takes the new words of a row that only this User sees.
func (v *arrival) edit(ctx context.Context, c *came) error {
	old := c.p
	if err := v.keepVersions(ctx, old); err != nil {
		return err
	}
	p := merged(old, &c.post)
	p.Mentions, p.MediaCount, p.HasPoll = v.mentions(c.thing), len(c.media), c.poll != nil
	if err := v.DetachMedia(ctx, p.ID); err != nil {
		return err
	}
	if err := v.putParts(ctx, p, c.thing); err != nil {
		return err
	}
	if err := v.UpdatePost(ctx, p); err != nil {
		return err
	}
	c.p = p
	v.tell(PostUpdated, p, v.link.Merge)
	return nil
}

// tell emits an Event to the streams of the User alone.
func (v *arrival) tell(typ EventType, p *Post, home bool) {
	e := Event{Type: typ, Post: p.ID, Actor: p.Actor, Media: p.MediaCount > 0}
	if home {
		e.Home = []ID{v.me.ID}
	}
	if v.link.List != 0 {
		e.Lists = []ID{v.link.List}
	}
	if len(e.Home)+len(e.Lists) > 0 {
		v.emit(e)
	}
}

// gone takes away what was deleted there. What others see stays for them.
func (v *arrival) gone(ctx context.Context, x *thing) error {
	p := v.posts[v.refs[x.item.Ref.ID]]
	if p == nil {
		return nil
	}
	if err := v.DropLaneRow(ctx, v.link.ID, x.item.Ref.ID); err != nil {
		return err
	}
	delete(v.refs, x.item.Ref.ID)
	if p.Origin != Linked || p.Home != 0 {
		return nil
	}
	rows, err := v.LaneRows(ctx, v.me.ID, []ID{p.ID})
	if err != nil || len(rows) > 0 {
		return err
	}
	if v.shared(p) {
		err = v.Conceal(ctx, p.ID, v.me.ID)
	} else {
		err = v.ForgetPost(ctx, p)
		delete(v.posts, p.ID)
	}
	if err == nil {
		v.tell(PostDeleted, p, v.link.Merge)
	}
	return err
}

// isPost reports whether an Address leads to a Post, be it one that only Links show.
func (a *Address) isPost() bool { return a.Kind == "post" || a.Kind == "lane" }
