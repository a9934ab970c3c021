package mastodon

import (
	"path"
	"strings"

	"engawa/internal/loose"
	"engawa/social"
)

// kinds of media by Mastodon's names.
var kinds = map[string]social.MediaKind{"image": social.Image, "gifv": social.GIFV, "video": social.Video, "audio": social.Audio}

// contentTypes by the end of an address: Mastodon's API does not tell them.
var contentTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
	".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".m4a": "audio/mp4", ".flac": "audio/flac", ".wav": "audio/wav",
}

// maxSide is the largest width or height that is believed.
const maxSide = 1 << 16

func side(n int) int {
	if n < 0 || n > maxSide {
		return 0
	}
	return n
}

func unit(f float64) float64 { return min(max(f, -1), 1) }

// maxMedia is how many media of a post are taken over.
const maxMedia = 32

func (r *reader) media(list []media, sensitive bool) (out []social.Media) {
	for i := range list[:min(len(list), maxMedia)] {
		m := &list[i]
		url := orElse(loose.WebURL(m.URL), loose.WebURL(m.RemoteURL))
		if url == "" {
			continue
		}
		kind, ok := kinds[m.Type]
		if !ok {
			kind = social.UnknownMedia
		}
		out = append(out, social.Media{
			Position: len(out), Kind: kind, RemoteURL: url, PreviewURL: loose.WebURL(m.PreviewURL), ContentType: contentType(url),
			Width: side(m.Meta.Original.Width), Height: side(m.Meta.Original.Height),
			PreviewWidth: side(m.Meta.Small.Width), PreviewHeight: side(m.Meta.Small.Height),
			FocusX: unit(m.Meta.Focus.X), FocusY: unit(m.Meta.Focus.Y), Blurhash: blurhash(m.Blurhash),
			Description: loose.Cut(m.Description, maxAlt), Sensitive: sensitive, CreatedAt: social.Millis(r.now),
		})
	}
	return out
}

func contentType(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return contentTypes[strings.ToLower(path.Ext(url))]
}

// blurhash is s when it can be one, by its length.
func blurhash(s string) string {
	if len(s) < 6 || len(s) > 166 {
		return ""
	}
	return loose.Cut(s, len(s))
}

// maxOptions is how many options of a poll are taken over.
const maxOptions = 50

func (r *reader) poll(p *poll) *social.Poll {
	if p == nil || len(p.Options) == 0 {
		return nil
	}
	out := &social.Poll{Multiple: p.Multiple, Voters: count(p.Voters), ExpiresAt: social.Millis(loose.Moment(p.ExpiresAt, r.now+100*365*86400*1000))}
	if p.Expired {
		out.ClosedAt = max(out.ExpiresAt, 1)
	}
	for _, o := range p.Options[:min(len(p.Options), maxOptions)] {
		opt := social.Option{Title: loose.Line(o.Title, 500)}
		if o.Votes != nil {
			opt.Votes = count(*o.Votes)
		} else {
			out.HideTotals = true
		}
		out.Options = append(out.Options, opt)
	}
	return out
}

// cardTypes that are known.
var cardTypes = map[string]bool{"link": true, "photo": true, "video": true, "rich": true}

func (r *reader) card(c *card) *social.Card {
	if c == nil || loose.WebURL(c.URL) == "" {
		return nil
	}
	kind := "link"
	if cardTypes[c.Type] && c.Type != "rich" {
		kind = c.Type
	}
	return &social.Card{
		URL: loose.WebURL(c.URL), Title: loose.Line(c.Title, 500), Description: loose.Line(c.Description, 1000), Type: kind,
		AuthorName: loose.Line(c.AuthorName, 200), AuthorURL: loose.WebURL(c.AuthorURL),
		ProviderName: loose.Line(c.ProviderName, 200), ProviderURL: loose.WebURL(c.ProviderURL),
		Image:      social.Picture{URL: loose.WebURL(c.Image), Alt: loose.Cut(c.ImageAlt, maxAlt), Blurhash: blurhash(c.Blurhash)},
		ImageWidth: side(c.Width), ImageHeight: side(c.Height), Language: language(c.Language),
		PublishedAt: r.moment(c.PublishedAt), FetchedAt: social.Millis(r.now),
	}
}

// alertTypes are the notifications that are taken over, by the names of
// Mastodon and its kin.
var alertTypes = map[string]social.NotificationType{
	"mention": social.NotifyMention, "status": social.NotifyStatus, "reblog": social.NotifyBoost, "follow": social.NotifyFollow,
	"follow_request": social.NotifyFollowRequest, "favourite": social.NotifyFavourite, "poll": social.NotifyPoll, "update": social.NotifyUpdate,
	"quote": social.NotifyQuote, "quoted_update": social.NotifyQuotedUpdate, "move": social.NotifyMoved,
	"reaction": social.NotifyReaction, "emoji_reaction": social.NotifyReaction, "pleroma:emoji_reaction": social.NotifyReaction,
}

// aboutMine are the types whose Status is the account's own.
var aboutMine = map[social.NotificationType]bool{social.NotifyBoost: true, social.NotifyFavourite: true, social.NotifyReaction: true}

// alert is one notification; nil for those that mean nothing here.
func (r *reader) alert(n *notification, me string) *social.Alert {
	kind, ok := alertTypes[n.Type]
	if !ok || n.ID == "" {
		return nil
	}
	by, ok := r.stranger(&n.Account)
	if !ok {
		return nil
	}
	a := &social.Alert{ID: string(n.ID), Type: kind, By: by, At: r.moment(n.CreatedAt)}
	if a.At == 0 {
		a.At = social.Millis(r.now)
	}
	if kind == social.NotifyReaction {
		a.Emoji = loose.Line(orElse(orElse(n.Emoji, n.Reaction.Name), n.Name), 200)
	}
	s := n.Status
	if s == nil || s.ID == "" {
		return a
	}
	a.Item = r.item(s, depth)
	switch {
	case aboutMine[kind], string(s.Account.ID) == me:
		a.About = refOf(s)
	case string(s.ReplyToWho) == me && s.ReplyTo != "":
		a.About = social.Ref{ID: string(s.ReplyTo), Author: me}
	case kind == social.NotifyQuote:
		if q := quotedOf(s); q != nil && q.ID != "" {
			a.About = refOf(q)
		}
	}
	return a
}
