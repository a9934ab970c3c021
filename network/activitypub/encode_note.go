package activitypub

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"engawa/internal/markup"
	"engawa/internal/markup/htmltoken"
	"engawa/internal/markup/mfm"
	"engawa/social"
)

// note is a post of ours with what its document needs.
type note struct {
	e      *Encoder
	post   *social.Post
	author *social.Actor
	media  []social.Media
	poll   *social.Poll
}

// note reads what a post's document needs.
func (e *Encoder) note(ctx context.Context, id social.ID, author *social.Actor) (*note, error) {
	p, err := e.Store.Post(ctx, id)
	if err != nil {
		return nil, errGone("the post", err)
	}
	return e.noteOf(ctx, p, author)
}

func (e *Encoder) noteOf(ctx context.Context, p *social.Post, author *social.Actor) (*note, error) {
	if p.Audience == social.LocalOnly {
		return nil, badly("a post to this home alone never leaves it")
	}
	n := &note{e: e, post: p, author: author}
	var err error
	if p.MediaCount > 0 {
		if n.media, err = e.Store.MediaOf(ctx, p.ID); err != nil {
			return nil, errGone("the media", err)
		}
	}
	if p.HasPoll {
		if n.poll, err = e.Store.Poll(ctx, p.ID); err != nil {
			return nil, errGone("the poll", err)
		}
	}
	return n, nil
}

// Note is the document of a post, as it stands at its id. Who may see it has
// been asked before. Public ones carry a proof.
func (e *Encoder) Note(ctx context.Context, p *social.Post) ([]byte, error) {
	author, err := e.Store.Actor(ctx, p.Actor)
	if err != nil {
		return nil, errGone("the author", err)
	}
	n, err := e.noteOf(ctx, p, author)
	if err != nil {
		return nil, err
	}
	w := newDocument()
	n.write(w)
	w.close()
	return e.proved(ctx, author, p.Audience, w.b)
}

// Tombstone is the document of a post that was deleted here.
func (e *Encoder) Tombstone(uri string, at social.Millis) []byte {
	w := newDocument()
	writeGone(w, uri, at)
	w.close()
	return w.b
}

// write appends the members of the Note (mastodon.md 5.6, misskey.md 1.3).
func (n *note) write(w *jsonWriter) {
	p := n.post
	w.str("id", p.URI)
	w.str("type", string(p.Kind))
	w.str("attributedTo", n.author.URI)
	w.opt("name", p.Title)
	w.orNull("summary", p.Warning)
	w.flag("sensitive", p.Sensitive || n.author.MarkSensitive != 0)
	w.orNull("inReplyTo", p.ReplyToURI)
	w.at("published", p.CreatedAt)
	w.at("updated", p.EditedAt)
	w.opt("url", p.URL)
	w.addressing(p.Audience, n.author.FollowersURI, namedIn(p))
	if p.Audience > social.Unlisted {
		w.flag("directMessage", p.Audience == social.Direct)
	}
	w.opt("conversation", p.Conversation)
	w.opt("context", p.Context)
	w.opt("audience", p.AudienceURI)
	n.writeText(w)
	n.writeQuote(w)
	n.writePolicy(w)
	w.openListAt("attachment")
	for i := range n.media {
		n.e.writeMedium(w, &n.media[i])
	}
	w.closeList()
	n.writeTags(w)
	n.writePoll(w)
	if p.Audience <= social.Unlisted {
		n.writeCounts(w)
	}
}

// quotes is the URI that the post quotes as far as it may be told.
func (n *note) quotes() string {
	switch n.post.QuoteState {
	case social.QuoteAccepted, social.QuotePending:
		return n.post.QuoteURI
	}
	return ""
}

// writeText: content for all; the source where MFM or a quote would look
// otherwise on the Misskey family, which reads it first and does not hide the
// line that names the quote for others (misskey.md 1.3, 1.4). Markdown is no
// source there, so MFM made of the HTML goes along.
func (n *note) writeText(w *jsonWriter) {
	p, quote := n.post, n.quotes()
	html := p.Content
	if quote != "" && !strings.Contains(html, "quote-inline") {
		href := htmltoken.EscapeAttr(quote)
		html = `<p class="quote-inline">RE: <a href="` + href + `">` + htmltoken.EscapeText(quote) + "</a></p>" + html
	}
	w.str("content", html)
	if isLanguageTag(p.Language) {
		w.openAt("contentMap")
		w.str(p.Language, html)
		w.close()
	}
	own := ""
	switch {
	case p.Format == social.MFM && (quote != "" || needsSource(p.Source)):
		own = p.Source
	case p.Format == social.MFM:
		return
	case quote != "" || p.Format == social.Markdown:
		own = mfm.FromHTML(p.Content)
	default:
		return
	}
	w.str("_misskey_content", own)
	w.openAt("source")
	if p.Format == social.Markdown && quote == "" {
		w.str("content", p.Source)
		w.str("mediaType", string(social.Markdown))
	} else {
		w.str("content", own)
		w.str("mediaType", string(social.MFM))
	}
	w.close()
}

// needsSource reports whether MFM says more than its HTML.
func needsSource(source string) bool {
	return markup.Render(source, markup.Options{Format: markup.MFM}).NeedsSource
}

func (n *note) writeQuote(w *jsonWriter) {
	p := n.post
	if p.QuoteState == social.QuoteDeleted {
		w.openAt("quote")
		w.str("type", "Tombstone")
		w.close()
		return
	}
	uri := n.quotes()
	if uri == "" {
		return
	}
	for _, key := range [...]string{"quote", "quoteUri", "quoteUrl", "_misskey_quote"} {
		w.str(key, uri)
	}
	w.opt("quoteAuthorization", p.QuoteStamp)
}

// writePolicy says who may quote (FEP-044f).
func (n *note) writePolicy(w *jsonWriter) {
	var auto, manual []string
	switch n.post.QuotePolicy {
	case social.QuoteAnyone:
		auto = []string{Public}
	case social.QuoteFollowers:
		auto = []string{n.author.FollowersURI}
	case social.QuoteFollowing:
		auto = []string{n.author.FollowingURI}
	case social.QuoteNobody:
		auto = []string{n.author.URI}
	case social.QuoteManual:
		auto, manual = []string{n.author.URI}, []string{Public}
	default:
		return
	}
	w.openAt("interactionPolicy")
	w.openAt("canQuote")
	w.list("automaticApproval", auto)
	if manual != nil {
		w.list("manualApproval", manual)
	}
	w.close()
	w.close()
}

func (n *note) writeTags(w *jsonWriter) {
	w.openListAt("tag")
	for i := range n.post.Mentions {
		m := &n.post.Mentions[i]
		if m.Silent && n.post.Audience != social.Direct {
			continue
		}
		w.open()
		w.str("type", "Mention")
		w.str("href", m.URI)
		w.str("name", "@"+m.Name+"@"+m.Domain)
		w.close()
	}
	for _, t := range n.post.Tags {
		w.open()
		w.str("type", "Hashtag")
		w.str("href", n.e.tagPage(t))
		w.str("name", "#"+t)
		w.close()
	}
	for i := range n.post.Emojis {
		n.e.writeEmoji(w, &n.post.Emojis[i])
	}
	if uri := n.quotes(); uri != "" { // FEP-e232
		w.open()
		w.str("type", "Link")
		w.str("mediaType", `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`)
		w.str("href", uri)
		w.str("name", "RE: "+uri)
		w.str("rel", quoteRels[0])
		w.close()
	}
	w.closeList()
}

func (e *Encoder) tagPage(tag string) string {
	return e.Base + "/tags/" + url.PathEscape(social.TagKey(tag))
}

// writeEmoji appends an Emoji as our own: its id is ours where it has none of
// this home, since peers only take what the sender vouches for.
func (e *Encoder) writeEmoji(w *jsonWriter, m *social.Emoji) {
	id := m.URI
	if !sameOrigin(id, e.Base) {
		id = e.Base + "/emojis/" + url.PathEscape(m.Shortcode)
	}
	w.open()
	w.str("id", id)
	w.str("type", "Emoji")
	w.str("name", ":"+m.Shortcode+":")
	w.at("updated", m.UpdatedAt)
	w.openAt("icon")
	w.str("type", "Image")
	w.opt("mediaType", mediaTypeOf(m.URL))
	w.str("url", e.absolute(m.URL))
	w.close()
	w.close()
}

// mediaTypeOf guesses from the name of a picture; "" when it has no known ending.
func mediaTypeOf(name string) string {
	switch i := strings.LastIndexByte(name, '.'); name[i+1:] {
	case "png":
		return "image/png"
	case "jpg", "jpeg":
		return "image/jpeg"
	case "gif":
		return "image/gif"
	case "webp":
		return "image/webp"
	}
	return ""
}

// writeMedium: a Document whose url is one plain string, or Misskey drops it.
func (e *Encoder) writeMedium(w *jsonWriter, m *social.Media) {
	href := m.RemoteURL
	if m.Key != "" {
		href = e.blob(m.Key)
	}
	if href == "" {
		return
	}
	w.open()
	w.str("type", "Document")
	w.opt("mediaType", m.ContentType)
	w.str("url", href)
	w.orNull("name", m.Description)
	w.flag("sensitive", m.Sensitive)
	w.opt("blurhash", m.Blurhash)
	if m.FocusX != 0 || m.FocusY != 0 {
		w.openListAt("focalPoint")
		for _, f := range [...]float64{m.FocusX, m.FocusY} {
			w.next()
			w.b = strconv.AppendFloat(w.b, f, 'f', -1, 64)
		}
		w.closeList()
	}
	if m.Width > 0 && m.Height > 0 {
		w.number("width", int64(m.Width))
		w.number("height", int64(m.Height))
	}
	if preview := m.PreviewKey; preview != "" && m.Kind != social.Image {
		w.openAt("icon")
		w.str("type", "Image")
		w.str("url", e.blob(preview))
		w.close()
	}
	w.close()
}

// writePoll appends what makes a Question of a Note.
func (n *note) writePoll(w *jsonWriter) {
	p := n.poll
	if p == nil {
		return
	}
	w.at("endTime", p.ExpiresAt)
	w.at("closed", p.ClosedAt)
	w.number("votersCount", p.Voters)
	key := "oneOf"
	if p.Multiple {
		key = "anyOf"
	}
	w.openListAt(key)
	for i := range p.Options {
		w.open()
		w.str("type", "Note")
		w.str("name", p.Options[i].Title)
		w.openAt("replies")
		w.str("type", "Collection")
		votes := p.Options[i].Votes
		if p.HideTotals && p.ClosedAt == 0 {
			votes = 0
		}
		w.number("totalItems", votes)
		w.close()
		w.close()
	}
	w.closeList()
}

// writeCounts names the collections around a post.
func (n *note) writeCounts(w *jsonWriter) {
	uri := n.post.URI
	w.openAt("replies")
	w.str("id", uri+"/replies")
	w.str("type", "Collection")
	w.str("first", uri+"/replies?page=true")
	w.close()
	for _, c := range [...]struct {
		key   string
		total int64
	}{{"likes", n.post.Favourites}, {"shares", n.post.Boosts}} {
		w.openAt(c.key)
		w.str("id", uri+"/"+c.key)
		w.str("type", "Collection")
		w.number("totalItems", c.total)
		w.close()
	}
}
