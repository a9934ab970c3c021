package server

import (
	"html/template"
	"strings"

	"engawa/internal/markup"
	"engawa/page"
	"engawa/social"
)

// picture is the address of an avatar, header or attachment: a blob of ours, or
// somebody else's through the cache.
func (s *site) picture(kind, key, url string) string {
	if key != "" {
		return s.base + "/blob/" + key
	}
	if url == "" {
		return ""
	}
	return s.remote(kind, url)
}

func (s *site) emojis(list []social.Emoji) []page.Emoji {
	out := make([]page.Emoji, 0, len(list))
	for i := range list {
		url := list[i].URL
		if !strings.HasPrefix(url, "/") && !strings.HasPrefix(url, s.base+"/") {
			url = s.remote("emoji", url)
		}
		out = append(out, page.Emoji{Shortcode: list[i].Shortcode, URL: url})
	}
	return out
}

func (s *site) actorView(a *social.Actor) page.ActorView {
	return page.ActorView{
		Name: a.DisplayName, Handle: a.Handle(), URL: a.URL, Avatar: s.picture("avatar", a.Avatar.Key, a.Avatar.URL),
		Emojis: s.emojis(a.Emojis), Bot: a.Bot(), Group: a.Kind == social.Group,
	}
}

func html(text string) page.HTML { return template.HTML(text) } // sanitised when it was stored

// postView is one Post of a Listing as v may see it.
func (s *site) postView(v social.Viewer, l *social.Listing, p *social.Post) page.PostView {
	if p.BoostOf != 0 {
		view := s.postView(v, l, l.Bundle.Posts[p.BoostOf])
		by := s.actorView(l.Actors[p.Actor])
		view.BoostedBy = &by
		return view
	}
	author := l.Actors[p.Actor]
	text := markup.Text(p.Content)
	view := page.PostView{
		ID: p.ID.String(), URI: p.URI, URL: p.URL, Local: p.Local(), Author: s.actorView(author), Created: social.Moment(p.CreatedAt),
		Edited: social.Moment(p.EditedAt), Lang: p.Language, Warning: p.Warning, Sensitive: p.Sensitive, Title: p.Title,
		Content: html(p.Content), Text: text, Emojis: s.emojis(p.Emojis), Boosts: p.Boosts, Favours: p.Favourites,
		Replies: p.Replies, NoIndex: !author.Indexable || p.Audience != social.Public,
	}
	for _, m := range l.Media[p.ID] {
		view.Media = append(view.Media, s.mediaView(&m))
	}
	if poll := l.Polls[p.ID]; poll != nil {
		view.Poll = s.pollView(poll)
	}
	if quoted, state := l.Quoted(v, p); state != "" {
		q := page.QuoteView{State: page.QuoteState(state)}
		if quoted != nil && state == "accepted" && quoted.QuoteOf == 0 {
			inner := s.postView(v, l, quoted)
			q.Post = &inner
		}
		view.Quote = &q
	}
	return view
}

func (s *site) mediaView(m *social.Media) page.MediaView {
	view := page.MediaView{Kind: page.MediaKind(m.Kind), Alt: m.Description, Width: m.PreviewWidth, Height: m.PreviewHeight}
	if m.Key != "" {
		view.URL, view.Preview = s.base+"/blob/"+m.Key, s.base+"/blob/"+m.PreviewKey
		return view
	}
	view.URL = m.RemoteURL
	if m.Kind == social.Image {
		view.Preview = s.remote("attachment", m.RemoteURL)
		if view.Width == 0 {
			view.Width, view.Height = m.Width, m.Height
		}
	}
	return view
}

func (s *site) pollView(p *social.Poll) *page.PollView {
	now := s.home.Clock.Now().UnixMilli()
	view := &page.PollView{Voters: p.Voters, Multiple: p.Multiple, Ends: social.Moment(p.ExpiresAt), Closed: p.Ended(now)}
	for _, o := range p.Options {
		votes := o.Votes
		if p.HideTotals && !view.Closed {
			votes = -1
		}
		view.Options = append(view.Options, page.OptionView{Title: o.Title, Votes: votes})
	}
	return view
}

func (s *site) postViews(v social.Viewer, l *social.Listing) []page.PostView {
	out := make([]page.PostView, 0, len(l.Posts))
	for _, p := range l.Posts {
		out = append(out, s.postView(v, l, p))
	}
	return out
}
