package webhook

import (
	"time"

	"engawa/social"
)

// call is the body of every request (docs/webhook.md).
type call struct {
	Version int    `json:"version"`
	Verb    string `json:"verb"` // ping, create, update, delete
	ID      string `json:"id"`
	SentAt  string `json:"sentAt"`
	Post    *post  `json:"post,omitempty"`
}

// post is a post in its normal form.
type post struct {
	Origin    string           `json:"origin"`
	URL       string           `json:"url,omitempty"`
	Text      string           `json:"text"`
	Spans     []span           `json:"spans"`
	Warning   string           `json:"warning,omitempty"`
	Sensitive bool             `json:"sensitive"`
	Language  string           `json:"language,omitempty"`
	Audience  string           `json:"audience"`
	Tags      []string         `json:"tags"`
	Media     []medium         `json:"media"`
	Poll      *social.PartPoll `json:"poll,omitempty"`
	Root      *ref             `json:"root,omitempty"`
	ReplyTo   *ref             `json:"replyTo,omitempty"`
	Quote     *ref             `json:"quote,omitempty"`
	Boost     *ref             `json:"boost,omitempty"`
	CreatedAt string           `json:"createdAt"`
}

type span struct {
	From   int    `json:"from"` // bytes of UTF-8
	To     int    `json:"to"`
	Kind   string `json:"kind"`
	Target string `json:"target"`
}

type medium struct {
	URL    string `json:"url"`
	Kind   string `json:"kind"`
	Alt    string `json:"alt,omitempty"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

type ref struct {
	ID  string `json:"id"`
	URI string `json:"uri,omitempty"`
	URL string `json:"url,omitempty"`
}

func postOf(p *social.Part) *post {
	out := &post{Origin: p.Origin, URL: p.Link, Text: p.Text, Spans: []span{}, Warning: p.Warning, Sensitive: p.Sensitive || p.Warning != "",
		Language: p.Language, Audience: p.Audience.String(), Tags: append([]string{}, p.Tags...), Media: []medium{}, Poll: p.Poll,
		Root: refOf(p.Root), ReplyTo: refOf(p.Parent), Quote: refOf(p.Quote), Boost: refOf(p.Boost),
		CreatedAt: time.UnixMilli(int64(p.CreatedAt)).UTC().Format("2006-01-02T15:04:05.000Z")}
	for _, s := range p.Spans {
		out.Spans = append(out.Spans, span{s.From, s.To, string(s.Kind), s.Target})
	}
	for _, f := range p.Media {
		out.Media = append(out.Media, medium{f.URL, string(f.Kind), f.Alt, f.Width, f.Height})
	}
	return out
}

func refOf(r social.Ref) *ref {
	if r.Zero() && r.URI == "" && r.URL == "" {
		return nil
	}
	return &ref{ID: r.ID, URI: r.URI, URL: r.URL}
}
