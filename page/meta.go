package page

import (
	"net/url"
	"strings"

	"engawa/internal/locale"
)

// meta is what the head tells search engines, link previews and other servers.
type meta struct {
	Title       string
	Description string
	Canonical   string // absolute URL
	Activity    string // ActivityPub id of what the page shows
	Feed        string // of its RSS
	OEmbed      string // of its oEmbed description; until it is finished, of the post
	Image       string
	Kind        string // og:type
	Handle      string // fediverse:creator, with @
	RelMe       []string
	Published   string // RFC 3339
	Hidden      bool   // not for search engines
	Locale      string
}

// maxDescription is how much of a post a link preview quotes.
const maxDescription = 300

// finish fills what every page has.
func (m *meta) finish(lang locale.Lang, home HomeView) {
	name := tidy(home.Name, maxLine)
	if m.Title == "" || m.Title == name {
		m.Title = name
	} else {
		m.Title = tidy(m.Title, maxLine) + " · " + name
	}
	m.Description = tidy(m.Description, maxDescription)
	m.Locale = lang.OpenGraph()
	if m.Kind == "" {
		m.Kind = "website"
	}
	if m.Image == "" {
		m.Image = home.Image
	}
	m.Image, m.Canonical, m.Activity = onSite(home, m.Image), onSite(home, m.Canonical), web(m.Activity)
	m.Feed = m.here(home, m.Feed, "")
	m.OEmbed = m.here(home, m.OEmbed, home.URL+"/api/oembed?format=json&url=")
}

// here is an address of this site, in the query of another if there is one; ""
// where it stands elsewhere.
func (m *meta) here(home HomeView, address, of string) string {
	address = onSite(home, address)
	switch {
	case !strings.HasPrefix(address, home.URL+"/"):
		return ""
	case of == "":
		return address
	}
	return of + url.QueryEscape(address)
}

// onSite makes a path on this site absolute, as link previews need it.
func onSite(home HomeView, s string) string {
	s = web(s)
	if strings.HasPrefix(s, "/") {
		return home.URL + s
	}
	return s
}

// postMeta describes a post; what lies behind a content warning stays there.
func postMeta(lang locale.Lang, post PostView) meta {
	m := meta{
		Description: post.Text, Canonical: post.URL, Activity: post.URI, Kind: "article",
		Handle: "@" + tidy(post.Author.Handle, maxHandle), Image: post.Author.Avatar, Hidden: post.NoIndex,
		Published: post.Created.UTC().Format("2006-01-02T15:04:05Z"),
	}
	if !post.NoIndex {
		m.OEmbed = post.URL
	}
	name := isolate(plainName(post.Author))
	switch {
	case post.Warning != "":
		m.Description = locale.T(lang, "post.warning") + locale.T(lang, "colon") + post.Warning
		m.Title = locale.T(lang, "post.title", "name", name)
	case post.Title != "":
		m.Title = tidy(post.Title, maxLine)
	case tidy(post.Text, 60) != "":
		m.Title = locale.T(lang, "post.titleText", "name", name, "text", tidy(post.Text, 60))
	default:
		m.Title = locale.T(lang, "post.title", "name", name)
	}
	if post.Warning == "" && !post.Sensitive {
		for _, media := range post.Media {
			if media.Kind == Image && web(media.Preview) != "" {
				m.Image = media.Preview
				break
			}
		}
	}
	return m
}

func profileMeta(lang locale.Lang, v ProfileView) meta {
	m := meta{
		Title:       isolate(plainName(v.ActorView)) + " (@" + tidy(v.Handle, maxHandle) + ")",
		Description: v.Summary, Canonical: v.URL, Activity: v.URI, Image: v.Avatar,
		Kind: "profile", Handle: "@" + tidy(v.Handle, maxHandle), Hidden: v.NoIndex,
	}
	m.Feed = v.URL + ".rss"
	if m.Description == "" {
		m.Description = locale.T(lang, "profile.describe", "handle", "@"+tidy(v.Handle, maxHandle))
	}
	for _, field := range v.Fields {
		if absolute(field.Link) != nil {
			m.RelMe = append(m.RelMe, field.Link)
		}
	}
	return m
}
