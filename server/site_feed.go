package server

import (
	"bytes"
	"net/http"
	"strings"

	"engawa/internal/markup"
	"engawa/page"
	"engawa/social"
)

// postsAFeed is how many posts a feed tells.
const postsAFeed = 20

// profileFeed is /@name.rss: what a User said to everybody, as strangers see it.
func (s *site) profileFeed(v *visit) error {
	a, err := s.handleOf(v.ctx, strings.TrimSuffix(v.r.PathValue("handle"), feedSuffix))
	if err != nil {
		return err
	}
	if !a.Local() {
		return social.ErrNotFound
	}
	l, err := s.home.ActorPosts(v.ctx, social.Viewer{}, social.ActorPostsQuery{
		Actor: a.ID, NoReplies: true, NoBoosts: true, NoDirect: true, Audiences: []social.Audience{social.Public, social.Unlisted}, Page: social.Page{Limit: postsAFeed},
	})
	if err != nil {
		return err
	}
	name := a.DisplayName
	if name == "" {
		name = a.Name
	}
	f := &page.Feed{Title: name + " (@" + a.Handle() + ")", Description: markup.Text(a.Summary), Link: a.URL, Self: s.base + "/@" + a.Name + feedSuffix, Image: s.picture("avatar", a.Avatar.Key, a.Avatar.URL)}
	return s.feed(v, f, l)
}

// feedSuffix is what makes of a page's path its feed's.
const feedSuffix = ".rss"

// tagFeed is /tags/name.rss.
func (s *site) tagFeed(v *visit, name string) error {
	l, err := s.home.TagFeed(v.ctx, social.Viewer{}, social.TagQuery{Tag: name, Page: social.Page{Limit: postsAFeed}})
	if err != nil {
		return err
	}
	return s.feed(v, &page.Feed{Title: "#" + name, Description: "#" + name + ", " + s.home.Info.Domain, Link: s.base + "/tags/" + name, Self: s.base + "/tags/" + name + feedSuffix}, l)
}

func (s *site) feed(v *visit, f *page.Feed, l *social.Listing) error {
	for _, p := range l.Posts {
		if p.Audience == social.Public || p.Audience == social.Unlisted {
			f.Items = append(f.Items, s.feedItem(p, l.Media[p.ID]))
		}
	}
	var b bytes.Buffer
	if err := f.RSS(&b); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", page.RSSType)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Access-Control-Allow-Origin", "*")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write(b.Bytes())
	return nil
}

// feedItem is a Post as feed readers show it. What its author warns of is in the
// feed, behind the warning: readers of feeds chose the author.
func (s *site) feedItem(p *social.Post, media []social.Media) page.FeedItem {
	x := page.FeedItem{Link: p.URL, At: social.Moment(p.CreatedAt), Content: p.Content, Tags: p.Tags}
	if x.Link == "" {
		x.Link = p.URI
	}
	if p.Warning != "" {
		x.Content = "<p><strong>" + escaper.Replace(p.Warning) + "</strong></p><hr>" + x.Content
	}
	for i := range media {
		m := &media[i]
		file := page.FeedFile{URL: m.RemoteURL, Type: m.ContentType, Description: m.Description}
		if m.Key != "" {
			file.URL = s.base + "/blob/" + m.Key
		}
		x.Files = append(x.Files, file)
	}
	return x
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
