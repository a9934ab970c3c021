package mastodon

import (
	"net/url"

	"engawa/internal/markup"
	"engawa/social"
)

// Sizes of what is embedded, in pixels.
const (
	oembedWidth = 400
	oembedAge   = 86_400 // seconds
)

// oembed describes a public Post of this home for pages that show it
// (oembed.com, 2.3.4.4 "rich"). The HTML needs no script: a quotation that
// links to the Post.
func oembed(a *API, c *call) (any, error) {
	id, _, err := a.here(c.ctx, c.in.text("url"))
	if err != nil {
		return nil, err
	}
	if id == 0 {
		return nil, social.ErrNotFound
	}
	if format := c.in.text("format"); format != "" && format != "json" {
		return nil, &statusError{501, map[string]any{"error": "only the format json is here"}}
	}
	width, err := c.in.number("maxwidth", oembedWidth)
	if err != nil {
		return nil, err
	}
	var height any
	if most, err := c.in.number("maxheight", 0); err == nil && most > 0 {
		height = most
	}
	l, err := a.Home.PostFor(c.ctx, social.Viewer{}, id)
	if err != nil {
		return nil, err
	}
	p := l.Posts[0]
	author := l.Actors[p.Actor]
	if p.BoostOf != 0 || !p.Local() || author == nil {
		return nil, social.ErrNotFound
	}
	name := orElse(author.DisplayName, author.Name)
	h, err := a.home(c)
	if err != nil {
		return nil, err
	}
	text := markup.Shorten(markup.Text(orElse(p.Warning, p.Content)), 120)
	link := orElse(p.URL, p.URI)
	return map[string]any{
		"type": "rich", "version": "1.0", "title": "New status by " + name, "author_name": name, "author_url": orElse(author.URL, author.URI),
		"provider_name": orElse(h.Name, h.Domain), "provider_url": a.Base + "/", "cache_age": oembedAge, "width": min(max(width, 1), 2*oembedWidth), "height": height,
		"html": quotation(p, name, text, link),
	}, nil
}

// quotation is a Post as HTML that stands alone. What its author warned of is
// not told.
func quotation(p *social.Post, name, text, link string) string {
	body := p.Content
	if p.Warning != "" || p.Sensitive {
		body = "<p>" + escapeHTML.Replace(text) + "</p>"
	}
	href := escapeHTML.Replace(link)
	if _, err := url.Parse(link); err != nil {
		href = ""
	}
	return `<blockquote class="engawa-embed" cite="` + href + `">` + body + `<p>— ` + escapeHTML.Replace(name) + `, <a href="` + href + `">` + href + `</a></p></blockquote>`
}
