package social

import (
	"context"
	"slices"

	"engawa/internal/markup"
)

// Message is what the home's own account says to one User: a direct Post that
// stands in the User's conversations and never leaves this home.
type Message struct {
	User    ID
	Text    string // plain
	Key     string // one with the same Key is sent once; "": always
	Context string // Post.Context of the message, to be known again by its answer
	ReplyTo ID     // the User's message that it answers; zero: none
}

// Tell sends a Message as the home's server actor. It returns nil, and no
// error, when one with this Key was sent before.
func (h *Home) Tell(ctx context.Context, m *Message) (*Post, error) {
	from, err := h.Store.ServerActor(ctx, h.Info.ID)
	if err != nil {
		return nil, err
	}
	to, err := h.Store.Actor(ctx, m.User)
	if err != nil {
		return nil, err
	}
	if !to.Local() {
		return nil, forbidden("tell", "the home's own account writes to its own users only")
	}
	var t *turn
	var res *Result
	err = h.Store.Write(ctx, func(tx Tx) error {
		t, res = &turn{Tx: tx, h: h, a: &Activity{Verb: Create, Actor: from.ID, Object: m.draft(to)}, now: h.now()}, nil
		if m.Key != "" {
			fresh, err := tx.Seen(ctx, "tell:"+m.User.String()+":"+m.Key, t.now)
			if err != nil || !fresh {
				return err
			}
		}
		if err := t.gate(ctx); err != nil {
			return err
		}
		var err error
		if res, err = createPost(ctx, t); err != nil {
			return err
		}
		return t.enqueue(ctx)
	})
	if err != nil || res == nil {
		return nil, err
	}
	h.after(t)
	return res.Post, nil
}

func (m *Message) draft(to *Actor) *Draft {
	p := Post{
		Audience: Direct, Source: m.Text, Format: Plain, Content: markup.Render(m.Text, markup.Options{Format: markup.Plain}).HTML,
		Context: m.Context, ReplyTo: m.ReplyTo,
		Mentions: []Mention{{Actor: to.ID, Name: to.Name, Domain: to.Domain, URI: to.URI, URL: to.URL}},
	}
	return &Draft{Post: p}
}

// heard finds out whether a User writes to the home's own account: by a direct
// Post that names it, or answers it, which then is addressed to it.
func (t *turn) heard(ctx context.Context, p, parent *Post) (bool, error) {
	if !t.local() || p.Audience != Direct || p.Origin != Local || t.actor.Kind == Server {
		return false, nil
	}
	ids := mentionedActors(p)
	if parent != nil {
		ids = append(ids, parent.Actor)
	}
	actors, err := t.Actors(ctx, ids)
	if err != nil {
		return false, err
	}
	for _, a := range actors {
		if a.Local() && a.Kind == Server {
			if !p.Mentioned(a.ID) {
				p.Mentions = append(slices.Clip(p.Mentions), Mention{Actor: a.ID, Name: a.Name, Domain: a.Domain, URI: a.URI, URL: a.URL, Silent: true})
			}
			return true, nil
		}
	}
	return false, nil
}

// notice leaves a JobNotice for what the home's own account heard.
func (t *turn) notice(p *Post) {
	t.jobs = append(t.jobs, Job{Kind: JobNotice, Ref: p.ID, Key: "relay:" + p.Actor.String()})
}
