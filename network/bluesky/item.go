package bluesky

import (
	"encoding/json"
	"time"

	"engawa/social"
)

// domain stands behind every handle, whatever server the account is on.
const domain = "bsky.app"

const (
	maxText   = 30_000 // bytes of a text that is read
	maxMedia  = 20
	maxQuotes = 2 // a quote of a quote is the last
)

// stranger is an account as an Item carries it.
func (a *author) stranger() social.Stranger {
	s := social.Stranger{ID: a.DID, URI: a.DID, URL: profileURL(a.DID), Name: a.Handle, Domain: domain,
		Display: clip(a.Display, 640), Avatar: webURL(a.Avatar)}
	if !validHandle(a.Handle) || a.Handle == "handle.invalid" {
		s.Name = a.DID
	}
	if a.About != "" {
		s.HTML = show(clip(a.About, maxText), nil).html
	}
	for _, l := range a.Labels {
		if l.Val == "bot" && !l.Neg {
			s.Bot = true
		}
	}
	return s
}

// item is a post as the AppView shows it; nil where it names nothing.
func (v *postView) item() *social.Item { return v.itemAt(0) }

func (v *postView) itemAt(depth int) *social.Item {
	r := v.record()
	it := itemOf(v.URI, v.CID, &v.Author, r, moment(v.IndexedAt))
	if it == nil {
		return nil
	}
	it.Counts = social.Counters{Replies: v.Replies, Boosts: v.Reposts, Favourites: v.Likes, Quotes: v.Quotes}
	it.Mine = social.Mine{Favourited: v.Viewer.Like != "", Boosted: v.Viewer.Repost != "", Bookmarked: v.Viewer.Bookmarked,
		Muted: v.Viewer.ThreadMuted, Pinned: v.Viewer.Pinned}
	mark(it, v.Labels)
	embed(it, v.Embed, depth)
	return it
}

// itemOf makes an Item of a record, without what hangs on it.
func itemOf(uri, cid string, by *author, r *readRecord, indexed social.Millis) *social.Item {
	ref := refOf(uri, cid)
	if ref.Zero() || !validDID(by.DID) {
		return nil
	}
	text := show(clip(r.Text, maxText), r.Facets)
	it := &social.Item{Ref: ref, URI: uri, Author: by.stranger(), At: indexed, HTML: text.html, Audience: social.Public,
		Mentions: text.mentions, Tags: text.tags}
	if said := moment(r.CreatedAt); said != 0 && (indexed == 0 || said < indexed) {
		it.At = said
	}
	for _, t := range r.Tags[:min(len(r.Tags), maxTags)] {
		if validTag(t) {
			it.Tags = addOnce(it.Tags, t)
		}
	}
	if len(r.Langs) > 0 && langsOf(r.Langs[0]) != nil {
		it.Language = r.Langs[0]
	}
	if r.Reply != nil {
		it.Parent, it.Root = refOf(r.Reply.Parent.URI, r.Reply.Parent.CID), refOf(r.Reply.Root.URI, r.Reply.Root.CID)
	}
	for _, same := range []string{r.Bridgy, r.Fediverse} {
		if webURL(same) != "" && len(same) <= 2048 {
			it.Same = addOnce(it.Same, same)
		}
	}
	if r.Labels != nil {
		for _, l := range r.Labels.Values[:min(len(r.Labels.Values), 10)] {
			mark(it, []label{{Val: l.Val}})
		}
	}
	return it
}

// coverings are the labels that cover media (docs.bsky.app, "Labels and moderation"), warnings those that cover all.
var (
	coverings = map[string]bool{"porn": true, "sexual": true, "nudity": true, "graphic-media": true, "gore": true, "nsfl": true}
	warnings  = map[string]string{"!warn": "⚠", "!hide": "⚠"}
)

func mark(it *social.Item, labels []label) {
	for _, l := range labels[:min(len(labels), 50)] {
		if l.Neg {
			continue
		}
		if coverings[l.Val] {
			it.Sensitive = true
		}
		if w := warnings[l.Val]; w != "" {
			it.Sensitive, it.Warning = true, w
		}
	}
}

// embed adds pictures, video, card and quote.
func embed(it *social.Item, raw json.RawMessage, depth int) {
	var e embedView
	if len(raw) == 0 || loose(raw, &e) != nil {
		return
	}
	switch e.Type {
	case "app.bsky.embed.images#view":
		addPictures(it, e.Images)
	case "app.bsky.embed.gallery#view":
		var media []pictureView
		if len(e.Media) > 0 {
			_ = loose(e.Media, &media)
		}
		addPictures(it, append(e.Items, media...))
	case "app.bsky.embed.video#view":
		addMedia(it, social.Media{Kind: social.Video, ContentType: "application/vnd.apple.mpegurl", RemoteURL: webURL(e.Playlist),
			PreviewURL: webURL(e.Thumbnail), Description: e.Alt}, e.Aspect)
	case "app.bsky.embed.external#view":
		if e.External != nil && webURL(e.External.URI) != "" {
			it.Card = &social.Card{URL: e.External.URI, Title: clip(e.External.Title, 1000), Description: clip(e.External.Description, 3000),
				Type: "link", Image: social.Picture{URL: webURL(e.External.Thumb)}}
		}
	case "app.bsky.embed.record#view":
		it.Quote = quote(e.Record, depth)
	case "app.bsky.embed.recordWithMedia#view":
		var q quotedView
		if loose(e.Record, &q) == nil {
			it.Quote = quote(q.Record, depth)
		}
		if depth <= maxQuotes {
			embed(it, e.Media, maxQuotes+1) // media hold neither quotes nor other media
		}
	}
}

func addPictures(it *social.Item, pictures []pictureView) {
	for i := range pictures {
		p := &pictures[i]
		addMedia(it, social.Media{Kind: social.Image, RemoteURL: webURL(p.Fullsize), PreviewURL: webURL(or(p.Thumb, p.Thumbnail)), Description: p.Alt}, p.Aspect)
	}
}

func addMedia(it *social.Item, m social.Media, a *aspect) {
	if m.RemoteURL == "" || len(it.Media) == maxMedia {
		return
	}
	if a != nil && a.Width > 0 && a.Height > 0 && a.Width < 1<<20 && a.Height < 1<<20 {
		m.Width, m.Height = a.Width, a.Height
	}
	m.Description, m.Position, m.Sensitive = clip(m.Description, 10_000), len(it.Media), it.Sensitive
	it.Media = append(it.Media, m)
}

// quote is a quoted post; nil for what is gone, blocked, detached, or no post.
func quote(raw json.RawMessage, depth int) *social.Item {
	var q quotedView
	if depth >= maxQuotes || loose(raw, &q) != nil || q.Type != "app.bsky.embed.record#viewRecord" {
		return nil
	}
	v := postView{URI: q.URI, CID: q.CID, Author: q.Author, Record: q.Value, Replies: q.Replies, Reposts: q.Reposts, Likes: q.Likes,
		Quotes: q.Quotes, IndexedAt: q.IndexedAt, Labels: q.Labels}
	if u, ok := parseURI(q.URI); !ok || u.collection != posts {
		return nil
	}
	if len(q.Embeds) > 0 {
		v.Embed = q.Embeds[0]
	}
	return v.itemAt(depth + 1)
}

// at is when a feed entry arrived in the AppView.
func (f *feedPost) at() social.Millis {
	if f.Reason != nil {
		if at := moment(f.Reason.IndexedAt); at != 0 {
			return at
		}
	}
	return moment(f.Post.IndexedAt)
}

// item is a feed entry: the post, or the repost of it.
func (f *feedPost) item() *social.Item {
	it := f.Post.item()
	if it == nil || f.Reason == nil || f.Reason.Type != "app.bsky.feed.defs#reasonRepost" || !validDID(f.Reason.By.DID) {
		return it
	}
	ref := refOf(f.Reason.URI, f.Reason.CID)
	if ref.Zero() { // older AppViews do not name the repost
		ref = refOf(atURI{f.Reason.By.DID, reposts, deedKey(reposts, it.URI)}.String(), "")
	}
	return &social.Item{Ref: ref, URI: ref.ID, Author: f.Reason.By.stranger(), At: moment(f.Reason.IndexedAt), Audience: social.Public, Boost: it}
}

// moment reads a datetime; zero when it is none or out of all reason.
func moment(s string) social.Millis {
	if len(s) > 64 {
		return 0
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return 0
	}
	return t.UnixMilli()
}
