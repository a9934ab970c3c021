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
	d, err := o.draft(ctx, user, in)
	if err != nil {
		return nil, err
	}
	all, err := o.s.Ledger.PlanDraft(ctx, d)
	if err != nil {
		return nil, err
	}
	out := make([]engawa.Preview, len(all))
	for i := range all {
		out[i] = previewAt(&all[i], lang)
	}
	return out, nil
}

// previewAt is what becomes of a draft at one Link.
func previewAt(d *relay.Drafted, lang locale.Lang) engawa.Preview {
	said := decided(&d.Decision, lang)
	p := engawa.Preview{Link: said.Link, Send: said.Send, Rule: said.Rule, Reason: said.Reason}
	if d.Plan == nil {
		return p
	}
	shown := d.Plan.Show(lang, d.Link, d.Rule.Name, said.Reason)
	p.Send, p.Reason, p.Cost, p.Ask = shown.Send, shown.Reason, shown.Price, d.Plan.NeedsAsk(&d.Rule.Limit)
	for _, l := range shown.Losses {
		p.Losses = append(p.Losses, l.Text)
	}
	for i := range d.Plan.Parts {
		p.Parts = append(p.Parts, engawa.PreviewPart{Part: d.Plan.Parts[i], Length: shown.Parts[i].Length, Limit: shown.Parts[i].Limit, Cost: shown.Parts[i].Price})
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
	for _, code := range r.Emoji {
		if e, err := o.s.store.EmojiByCode(ctx, code, o.s.Config.Domain); err == nil {
			p.Emojis = append(p.Emojis, *e)
		}
	}
	d := &relay.Draft{Post: p}
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
