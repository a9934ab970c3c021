package x

import (
	"html"
	"net/url"
	"strings"

	"engawa/internal/markup"
	"engawa/social"
)

// included finds what the posts of a page refer to.
type included struct {
	x     *X
	users map[string]*user
	posts map[string]*post
	media map[string]*medium
}

func (x *X) include(page *timeline) *included {
	in := &included{x, make(map[string]*user), make(map[string]*post), make(map[string]*medium)}
	for i := range page.Includes.Users {
		u := &page.Includes.Users[i]
		in.users[u.ID] = u
	}
	for i := range page.Data {
		in.posts[page.Data[i].ID] = &page.Data[i]
	}
	for i := range page.Includes.Posts {
		p := &page.Includes.Posts[i]
		in.posts[p.ID] = p
	}
	for i := range page.Includes.Media {
		m := &page.Includes.Media[i]
		in.media[m.Key] = m
	}
	return in
}

// author is the account id of a post that is known, else "".
func (in *included) author(id string) string {
	if p := in.posts[id]; p != nil {
		return p.Author
	}
	return ""
}

func (in *included) ref(id string) social.Ref {
	author, handle := in.author(id), ""
	if u := in.users[author]; u != nil {
		handle = u.Username
	}
	return in.x.ref(id, handle, author)
}

func (in *included) stranger(id, handle string) social.Stranger {
	s := social.Stranger{ID: id, Name: handle, Domain: "x.com", URI: in.x.site() + "/i/user/" + id}
	if u := in.users[id]; u != nil {
		s.Name, s.Display, s.Avatar = u.Username, u.Name, u.Picture
	}
	s.URL = s.URI
	if s.Name != "" {
		s.URL = in.x.site() + "/" + url.PathEscape(s.Name)
	}
	return s
}

// item turns a post into an Item; what it quotes or passes on is followed once.
func (in *included) item(t *post, depth int) *social.Item {
	ref := in.ref(t.ID)
	it := &social.Item{Ref: ref, URI: ref.URI, Author: in.stranger(t.Author, ""), At: t.at(), Audience: social.Public,
		Sensitive: t.Sensitive, Language: t.Lang,
		Counts: social.Counters{Replies: t.Counts.Replies, Boosts: t.Counts.Boosts, Favourites: t.Counts.Likes, Quotes: t.Counts.Quotes}}
	if it.Language == "und" || strings.HasPrefix(it.Language, "q") || it.Language == "zxx" { // X's words for none
		it.Language = ""
	}
	if of := in.posts[t.related("retweeted")]; of != nil && depth == 0 {
		it.Boost = in.item(of, 1)
		return it
	}
	if of := in.posts[t.related("quoted")]; of != nil && depth < 2 {
		it.Quote = in.item(of, 2)
	}
	if parent := t.related("replied_to"); number(parent) {
		it.Parent = in.ref(parent)
		if number(t.Thread) {
			it.Root = in.ref(t.Thread)
		}
	}
	text, e := t.Text, t.Entities
	if t.Note != nil && t.Note.Text != "" {
		text, e = t.Note.Text, t.Note.Entities
	}
	for _, m := range e.Mentions {
		it.Mentions = append(it.Mentions, in.stranger(m.ID, m.Username))
	}
	for _, h := range e.Hashtags {
		it.Tags = append(it.Tags, h.Tag)
	}
	for _, key := range t.Attached.Media {
		if m := in.media[key]; m != nil {
			it.Media = append(it.Media, m.media())
		}
	}
	it.HTML = in.html(t, html.UnescapeString(text), e)
	return it
}

func (m *medium) media() social.Media {
	out := social.Media{Kind: social.Image, RemoteURL: m.URL, PreviewURL: m.Preview, Width: m.Width, Height: m.Height, Description: m.Alt}
	switch m.Type {
	case "video":
		out.Kind = social.Video
	case "animated_gif":
		out.Kind = social.GIFV
	}
	best := -1
	for _, f := range m.Forms {
		if f.Type == "video/mp4" && f.Rate > best {
			best, out.RemoteURL, out.ContentType = f.Rate, f.URL, f.Type
		}
	}
	return out
}

// html shows a text: addresses in full, names and tags linked to X.
func (in *included) html(t *post, text string, e entities) string {
	short := make(map[string]entityURL)
	for _, u := range e.URLs {
		short[u.URL] = u
	}
	var b strings.Builder
	b.WriteString("<p>")
	at := 0
	write := func(s string) {
		s = html.EscapeString(s)
		s = strings.ReplaceAll(s, "\n\n", "</p><p>")
		b.WriteString(strings.ReplaceAll(s, "\n", "<br>"))
	}
	for _, s := range markup.Scan(text) {
		href, shown := "", text[s.Start:s.End]
		switch s.Kind {
		case markup.SpanURL:
			href = shown
			if u, ok := short[shown]; ok {
				href, shown = u.Expanded, u.Display
				if u.MediaKey != "" || t.appended(u) {
					shown = ""
				}
			}
		case markup.SpanMention:
			href = in.x.site() + "/" + url.PathEscape(s.Name)
		case markup.SpanTag:
			href = in.x.site() + "/hashtag/" + url.PathEscape(s.Name)
		default:
			continue
		}
		if shown == "" {
			write(strings.TrimRight(text[at:s.Start], " \n"))
			at = s.End
			continue
		}
		write(text[at:s.Start])
		b.WriteString(`<a href="` + html.EscapeString(href) + `">` + html.EscapeString(shown) + "</a>")
		at = s.End
	}
	write(text[at:])
	b.WriteString("</p>")
	return b.String()
}
