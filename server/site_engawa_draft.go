package server

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"engawa/api/engawa"
	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/internal/markup"
	"engawa/relay"
	"engawa/social"
)

// ownDrafts renders what is being written without sending it.
type ownDrafts struct{ s *Server }

// Preview implements engawa.Previewer.
func (o ownDrafts) Preview(ctx context.Context, user social.ID, in *engawa.Draft, lang locale.Lang) ([]engawa.Preview, error) {
	st := o.s.store
	links, err := st.Links(ctx, user)
	if err != nil {
		return nil, err
	}
	text, err := st.Rules(ctx, user)
	if err != nil {
		return nil, err
	}
	book, _ := relay.Parse(text)
	if book == nil {
		book = &relay.Book{}
	}
	d, err := o.draft(ctx, user, in)
	if err != nil {
		return nil, err
	}
	facts, err := relay.ReadFacts(ctx, st, []*social.Post{d.Post})
	if err != nil {
		return nil, err
	}
	ds := relay.Compile(book, links).Decide(facts[0])
	d.Triggers = ds.Triggers
	near, err := o.near(ctx, user, d.Post)
	if err != nil {
		return nil, err
	}
	out := make([]engawa.Preview, 0, len(ds.Each))
	for i := range ds.Each {
		out = append(out, previewAt(d, &ds.Each[i], near, lang))
	}
	return out, nil
}

// previewAt is what becomes of a draft at one Link.
func previewAt(d *relay.Draft, dec *relay.Decision, near *nearby, lang locale.Lang) engawa.Preview {
	said := decided(dec, lang)
	p := engawa.Preview{Link: said.Link, Send: said.Send, Rule: said.Rule, Reason: said.Reason}
	if !dec.Send || dec.Rule == nil {
		return p
	}
	plan := relay.Render(d, near.target(dec, d.Post), dec.Rule.As)
	shown := plan.Show(lang, dec.Link, dec.Rule.Name, said.Reason)
	p.Send, p.Reason, p.Cost, p.Ask = shown.Send, shown.Reason, shown.Price, plan.NeedsAsk(&dec.Rule.Limit)
	for _, l := range shown.Losses {
		p.Losses = append(p.Losses, l.Text)
	}
	for i := range plan.Parts {
		p.Parts = append(p.Parts, engawa.PreviewPart{Part: plan.Parts[i], Length: shown.Parts[i].Length, Limit: shown.Parts[i].Limit, Cost: shown.Parts[i].Price})
	}
	return p
}

// draft gives a draft the form of a Post that was said now.
func (o ownDrafts) draft(ctx context.Context, user social.ID, in *engawa.Draft) (*relay.Draft, error) {
	bad := func(field, message string) error {
		return &social.Error{Kind: social.Invalid, Op: "preview", Field: field, Message: message}
	}
	if len(in.Text) > markup.MaxSource || !utf8.ValidString(in.Text) {
		return nil, bad("text", "the text is longer than this home takes")
	}
	format, err := markup.ParseFormat(cmp.Or(string(in.Format), string(social.Plain)))
	if err != nil {
		return nil, bad("content_type", err.Error())
	}
	me, err := o.s.store.Actor(ctx, user)
	if err != nil {
		return nil, err
	}
	now := clock.NowMillis(o.s.Home.Clock)
	id := social.ID(o.s.Home.IDs.Next()) // of the length that the real one will have
	p := &social.Post{ID: id, Actor: user, Home: me.Home, Kind: social.Note, Audience: in.Audience, Source: in.Text, Format: social.Format(in.Format),
		Warning: in.Warning, Sensitive: in.Sensitive || in.Warning != "", Language: in.Language, MediaCount: len(in.Media), HasPoll: in.Poll != nil,
		URI: me.URI + "/statuses/" + id.String(), URL: me.URL + "/" + id.String(), ReplyTo: in.ReplyTo, QuoteOf: in.QuoteOf, CreatedAt: now, ReceivedAt: now}
	named := &naming{s: o.s, ctx: ctx}
	r := markup.Render(in.Text, markup.Options{Format: format, Resolve: named.resolve, TagURL: func(tag string) string { return o.s.Config.URL + "/tags/" + url.PathEscape(tag) }})
	p.Content, p.Tags, p.Links, p.Mentions = r.HTML, r.Tags, r.URLs, named.mentions
	d := &relay.Draft{Post: p, Now: now, MediaURL: func(m *social.Media) string { return o.s.Config.URL + "/blob/" + m.Key }}
	if in.Poll != nil {
		d.Poll = &social.Poll{Post: id, Multiple: in.Poll.Multiple, ExpiresAt: now + in.Poll.Seconds*1000}
		for _, text := range in.Poll.Options {
			d.Poll.Options = append(d.Poll.Options, social.Option{Title: text})
		}
	}
	return d, o.around(ctx, user, in, d)
}

// around reads what a draft answers, quotes and shows.
func (o ownDrafts) around(ctx context.Context, user social.ID, in *engawa.Draft, d *relay.Draft) error {
	viewer := social.Viewer{Actor: user, User: true}
	if in.ReplyTo != 0 {
		l, err := o.s.Home.PostFor(ctx, viewer, in.ReplyTo)
		if err != nil {
			return err
		}
		d.Post.ReplyToActor, d.Post.Thread = l.Posts[0].Actor, l.Posts[0].Thread
	}
	if in.QuoteOf != 0 {
		l, err := o.s.Home.PostFor(ctx, viewer, in.QuoteOf)
		if err != nil {
			return err
		}
		d.Quoted, d.Post.QuoteURI = l.Posts[0], l.Posts[0].URI
	}
	for _, id := range in.Media {
		m, err := o.s.store.Media(ctx, id)
		if err != nil || m.Actor != user {
			return &social.Error{Kind: social.Invalid, Op: "preview", Field: "media_ids", Message: "there is no file " + id.String() + " of yours", Err: err}
		}
		d.Media = append(d.Media, *m)
	}
	return nil
}

// naming finds who a text names among those that are known here; nobody is
// fetched for a preview.
type naming struct {
	s        *Server
	ctx      context.Context
	mentions []social.Mention
}

func (n *naming) resolve(handle string) (markup.Mention, bool) {
	name, domain, _ := strings.Cut(handle, "@")
	a, err := n.s.store.ActorByHandle(n.ctx, name, cmp.Or(domain, n.s.Config.Domain))
	if err != nil {
		return markup.Mention{}, false
	}
	n.mentions = append(n.mentions, social.Mention{Actor: a.ID, Name: a.Name, Domain: a.Domain, URI: a.URI, URL: a.URL})
	return markup.Mention{Handle: handle, Name: a.Name, URI: a.URI, URL: a.URL}, true
}

// nearby is where the Posts that a draft answers and quotes stand elsewhere.
type nearby struct {
	copies []social.Copy
	rows   []social.LaneRow
}

func (o ownDrafts) near(ctx context.Context, user social.ID, p *social.Post) (*nearby, error) {
	var ids []social.ID
	for _, id := range []social.ID{p.ReplyTo, p.QuoteOf} {
		if id != 0 {
			ids = append(ids, id)
		}
	}
	n := &nearby{}
	if len(ids) == 0 {
		return n, nil
	}
	var err error
	if n.copies, err = o.s.store.Copies(ctx, ids); err != nil {
		return nil, err
	}
	n.rows, err = o.s.store.LaneRows(ctx, user, ids)
	return n, err
}

// target is what is known of a draft's surroundings at one Link.
func (n *nearby) target(d *relay.Decision, p *social.Post) *relay.Target {
	t := &relay.Target{Link: d.Link, Follows: d.Follows}
	t.Root, t.Parent = n.at(d.Link.ID, p.ReplyTo)
	_, t.Quote = n.at(d.Link.ID, p.QuoteOf)
	return t
}

// at is where a Post begins and ends at a Link.
func (n *nearby) at(link, post social.ID) (first, last social.Ref) {
	if post == 0 {
		return
	}
	for i := range n.copies {
		if c := &n.copies[i]; c.Link == link && c.Post == post && !c.Ref.Zero() && c.State != social.CopyDeleted {
			if first.Zero() {
				first = c.Ref
			}
			last = c.Ref
		}
	}
	for i := range n.rows {
		if r := &n.rows[i]; first.Zero() && r.Link == link && r.Post == post {
			first, last = r.Ref, r.Ref
		}
	}
	return first, last
}
