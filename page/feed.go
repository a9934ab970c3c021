package page

import (
	"encoding/xml"
	"io"
	"time"
)

// Feed is a place of public posts as feed readers take it (RSS 2.0).
type Feed struct {
	Title, Description string // plain text
	Link, Self         string // the page, and the feed itself
	Image              string // "" for none
	Items              []FeedItem
}

// FeedItem is one post.
type FeedItem struct {
	Link    string // its page, which is its lasting name too
	At      time.Time
	Content string // HTML
	Tags    []string
	Files   []FeedFile
}

// FeedFile is a file of a post; Size is in bytes, 0 for not known.
type FeedFile struct {
	URL, Type   string
	Size        int64
	Description string
}

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Description string    `xml:"description"`
	Link        string    `xml:"link"`
	Self        rssSelf   `xml:"atom:link"`
	Image       *rssImage `xml:"image,omitempty"`
	Built       string    `xml:"lastBuildDate,omitempty"`
	Generator   string    `xml:"generator"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	GUID        rssGUID     `xml:"guid"`
	Link        string      `xml:"link"`
	Published   string      `xml:"pubDate"`
	Description string      `xml:"description"`
	Enclosure   *rssFile    `xml:"enclosure,omitempty"`
	Media       []mediaFile `xml:"media:content"`
	Category    []string    `xml:"category"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	Text      string `xml:",chardata"`
}

// rssFile is the one enclosure that RSS allows; its length must be told.
type rssFile struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

type mediaFile struct {
	URL         string `xml:"url,attr"`
	Type        string `xml:"type,attr,omitempty"`
	Size        int64  `xml:"fileSize,attr,omitempty"`
	Description string `xml:"media:description,omitempty"`
}

// RSSType is the content type of a feed.
const RSSType = "application/rss+xml; charset=utf-8"

// RSS writes a feed. Characters that XML cannot hold become U+FFFD.
func (f *Feed) RSS(w io.Writer) error {
	doc := rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Media: "http://search.yahoo.com/mrss/", Channel: rssChannel{
		Title: f.Title, Description: f.Description, Link: f.Link, Self: rssSelf{f.Self, "self", "application/rss+xml"}, Generator: "Engawa",
	}}
	if f.Image != "" {
		doc.Channel.Image = &rssImage{f.Image, f.Title, f.Link}
	}
	for i := range f.Items {
		x := &f.Items[i]
		if i == 0 {
			doc.Channel.Built = x.At.UTC().Format(time.RFC1123Z)
		}
		doc.Channel.Items = append(doc.Channel.Items, x.rss())
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(w).Encode(doc)
}

func (x *FeedItem) rss() rssItem {
	out := rssItem{GUID: rssGUID{true, x.Link}, Link: x.Link, Published: x.At.UTC().Format(time.RFC1123Z), Description: x.Content, Category: x.Tags}
	for i, file := range x.Files {
		if i == 0 {
			out.Enclosure = &rssFile{file.URL, file.Size, file.Type}
		}
		out.Media = append(out.Media, mediaFile(file))
	}
	return out
}
