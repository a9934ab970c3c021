package activitypub

import (
	"strings"

	"engawa/social"
)

// Limits of mastodon.md 5.9 on posts; text is cut, lists are cut.
const (
	maxText        = 20 << 10 // characters of HTML, and of source
	maxWarning     = 2048     // characters
	maxAlt         = 10_000   // characters
	maxOptions     = 500
	maxAttachments = 32
	maxTags        = 100 // of each: mentions, hashtags, emojis
	maxShortcode   = 2048
	maxLinks       = 5
	// maxTotal caps the totals that others tell of their own things; they are shown, never counted with (T15).
	maxTotal = 1_000_000_000
)

// postTypes are the objects that are posts; true: they have a title and a page
// of their own, and are converted.
var postTypes = map[string]bool{
	"Note": false, "Question": false,
	"Article": true, "Page": true, "Image": true, "Document": true, "Audio": true, "Video": true, "Event": true,
}

func isPostType(typ string) bool {
	_, ok := postTypes[typ]
	return ok
}

// isVote: a Note with a name that answers something and says nothing.
func isVote(v Value) bool {
	return v.Is("Note") && v.Get("name").IsString() && v.Get("inReplyTo").Exists() &&
		!v.Get("content", "contentMap", "source", "_misskey_content").Exists()
}

// PostDocument is a post as its server tells it.
type PostDocument struct {
	ID     string
	Author string // its actor
	v      Value
	outer  Value // the activity around it, whose audience stands in where the post has none
}

// DecodePost reads a post that was fetched; JudgeDocument comes before.
func DecodePost(v Value) (*PostDocument, error) {
	if !isPostType(v.Type()) {
		return nil, badly("%.60q is not a post", v.Type())
	}
	d := &PostDocument{v: v, ID: uriOf(v), Author: uriOf(v.Get("attributedTo", "as:attributedTo", "actor"))}
	if d.ID == "" || d.Author == "" {
		return nil, badly("a post needs an http(s) id and attributedTo")
	}
	if !sameOrigin(d.ID, d.Author) {
		return nil, badly("a post and its author are of one host")
	}
	return d, nil
}

// Needs are the URIs that Draft wants resolved, the author apart.
func (d *PostDocument) Needs() []Ref {
	var r refs
	d.needs(&r)
	return r
}

func (d *PostDocument) needs(r *refs) {
	r.add(Ref{URI: d.ReplyTo(), Kind: RefPost, Optional: true})
	quote, _ := d.quote()
	r.add(Ref{URI: quote, Kind: RefPost, Optional: true})
	for _, m := range d.mentions() {
		r.add(Ref{URI: m.URI, Kind: RefActor, Optional: true, Known: m.Silent})
	}
}

// ReplyTo is the URI of the post that is answered.
func (d *PostDocument) ReplyTo() string { return uriOf(d.v.Get("inReplyTo")) }

// Quoted is the URI of the post that is quoted, and that of its authorization,
// which proves nothing before it was fetched (DecodeStamp).
func (d *PostDocument) Quoted() (uri, stamp string) {
	uri, _ = d.quote()
	return uri, uriOf(d.v.Get("quoteAuthorization"))
}

// Audience is who may see the post; author is known by its FollowersURI.
func (d *PostDocument) Audience(author *social.Actor) social.Audience {
	return audienceOf(d.v, d.outer, author)
}

// Draft builds the post. resolved holds the ids of those Needs that were found.
func (d *PostDocument) Draft(resolved map[string]social.ID, here *Here) (*social.Draft, error) {
	v, typ := d.v, d.v.Type()
	if d.ID == "" {
		return nil, badly("a post needs an http(s) id")
	}
	out := &social.Draft{}
	p := &out.Post
	p.URI, p.Kind, p.Origin = d.ID, social.Note, social.Federated
	p.URL = pageOf(v.Get("url"), d.ID)
	if p.URL == "" {
		p.URL = d.ID
	}
	p.CreatedAt, p.EditedAt = timeOf(v.Get("published")), timeOf(v.Get("updated"))
	if p.EditedAt <= p.CreatedAt {
		p.EditedAt = 0
	}
	p.Audience = audienceOf(v, d.outer, here.Author)
	p.Sensitive = v.Get("sensitive", "as:sensitive").True()
	d.readTags(p, here.Author)
	d.readMentions(p, resolved)
	d.readText(p)
	if postTypes[typ] {
		d.convert(p)
	}
	p.ReplyToURI = d.ReplyTo()
	p.ReplyTo = resolved[p.ReplyToURI]
	p.Conversation = plainURI(v.Get("conversation", "ostatus:conversation"))
	p.Context, p.AudienceURI = plainURI(v.Get("context")), plainURI(v.Get("audience"))
	p.RepliesURI = ownURI(v.Get("replies"), d.ID)
	d.readQuote(p, resolved, here)
	p.QuotePolicy = quotePolicyOf(v.Get("interactionPolicy").Get("canQuote"), here.Author)
	out.Media, p.Links = mediaOf(v.Get("attachment"), linksOf(p.Content, p))
	p.MediaCount = len(out.Media)
	if typ == "Question" {
		out.Poll = pollOf(v, here.Now)
	}
	if out.Poll != nil {
		p.Kind, p.HasPoll = social.Question, true
	}
	return out, nil
}

// plainURI is the id of v, of whatever scheme, if it is not too long.
func plainURI(v Value) string {
	if id := v.ID(); len(id) <= maxURI {
		return id
	}
	return ""
}

// audienceOf follows mastodon.md 5.6 and misskey.md 1.3: everybody in to is
// public, everybody in cc unlisted, the author's followers make it private, and
// all else is for those named. It is never wider than what is written: without
// any audience a post is for nobody.
func audienceOf(v, outer Value, author *social.Actor) social.Audience {
	to, cc := v.Get("to", "as:to"), v.Get("cc", "as:cc")
	if !to.Exists() && !cc.Exists() {
		to, cc = outer.Get("to", "as:to"), outer.Get("cc", "as:cc")
	}
	switch {
	case holds(to, isPublic):
		return social.Public
	case holds(cc, isPublic):
		return social.Unlisted
	}
	followers := func(uri string) bool { return author.FollowersURI != "" && uri == author.FollowersURI }
	if holds(to, followers) || holds(cc, followers) {
		return social.Followers
	}
	return social.Direct
}

func holds(list Value, is func(string) bool) bool {
	for x := range list.Each {
		if is(x.ID()) {
			return true
		}
	}
	return false
}

// mentions are those named in tags, then those only addressed, each once.
func (d *PostDocument) mentions() []social.Mention {
	var out []social.Mention
	add := func(m social.Mention) {
		if len(out) >= maxTags || HostOf(m.URI) == "" {
			return
		}
		for i := range out {
			if out[i].URI == m.URI {
				return
			}
		}
		out = append(out, m)
	}
	for t := range d.v.Get("tag").Each {
		if t.Is("Mention") {
			add(mentionOf(t))
		}
	}
	to, cc := d.v.Get("to", "as:to"), d.v.Get("cc", "as:cc")
	if !to.Exists() && !cc.Exists() {
		to, cc = d.outer.Get("to", "as:to"), d.outer.Get("cc", "as:cc")
	}
	for _, list := range [...]Value{to, cc} {
		for x := range list.Each {
			if uri := x.ID(); !isPublic(uri) && uri != d.Author && !strings.HasSuffix(uri, "/followers") {
				add(social.Mention{URI: uri, Silent: true})
			}
		}
	}
	return out
}

func mentionOf(t Value) social.Mention {
	m := social.Mention{URI: t.Get("href").Str()}
	name := strings.TrimPrefix(t.Get("name").Text(), "@")
	m.Name, m.Domain, _ = strings.Cut(cut(name, maxWarning), "@")
	if m.Domain == "" {
		m.Domain = HostOf(m.URI)
	}
	return m
}

// readMentions keeps those that were found.
func (d *PostDocument) readMentions(p *social.Post, resolved map[string]social.ID) {
	for _, m := range d.mentions() {
		if m.Actor = resolved[m.URI]; m.Actor != 0 {
			p.Mentions = append(p.Mentions, m)
		}
	}
}

func (d *PostDocument) readTags(p *social.Post, author *social.Actor) {
	for t := range d.v.Get("tag").Each {
		if t.Is("Hashtag") {
			name := strings.TrimPrefix(t.Get("name").Text(), "#")
			if name != "" && len(name) <= 512 && len(p.Tags) < maxTags {
				p.Tags = append(p.Tags, name)
			}
		}
	}
	p.Emojis = emojisOf(d.v.Get("tag"), author.Domain)
}

// emojisOf reads the custom emojis among tags; the type may be left out, the
// colons too (misskey.md 1.3).
func emojisOf(tags Value, domain string) []social.Emoji {
	var out []social.Emoji
	for t := range tags.Each {
		if !t.Is("Emoji") && !t.Is("toot:Emoji") && t.Type() != "" {
			continue
		}
		e, ok := emojiOf(t, domain)
		if ok && len(out) < maxTags {
			out = append(out, e)
		}
	}
	return out
}

func emojiOf(t Value, domain string) (social.Emoji, bool) {
	code := strings.Trim(t.Get("name").Text(), ":")
	url, _ := fileOf(t.Get("icon").First().Get("url", "href"))
	if code == "" || len(code) > maxShortcode || url == "" || strings.ContainsAny(code, ":@ \t\r\n\"'<>&") {
		return social.Emoji{}, false
	}
	return social.Emoji{Shortcode: code, Domain: domain, URI: uriOf(t), URL: url, UpdatedAt: timeOf(t.Get("updated"))}, true
}

// quoteRels are the relations by which an FEP-e232 Link is a quote.
var quoteRels = []string{"https://misskey-hub.net/ns#_misskey_quote", "https://w3id.org/fep/044f#quote", "http://fedibird.com/ns#quoteUri", "https://www.w3.org/ns/activitystreams#quoteUrl"}

// quote is the URI of the quoted post, whichever way it is told; gone when it
// is told that it was deleted.
func (d *PostDocument) quote() (uri string, gone bool) {
	for _, key := range [...]string{"quote", "_misskey_quote", "quoteUrl", "quoteUri", "quoteURL"} {
		q := d.v.Get(key).First()
		if uri := uriOf(q); uri != "" {
			return uri, q.Is("Tombstone")
		}
		if q.Is("Tombstone") {
			return "", true
		}
	}
	for t := range d.v.Get("tag").Each {
		if t.Is("Link") && isQuoteLink(t) {
			if href := t.Get("href").Str(); HostOf(href) != "" {
				return href, false
			}
		}
	}
	return "", false
}

func isQuoteLink(t Value) bool {
	media := t.Get("mediaType").Str()
	if media != "application/activity+json" && !strings.HasPrefix(media, "application/ld+json") {
		return false
	}
	rel := t.Get("rel")
	if !rel.Exists() {
		return strings.HasPrefix(t.Get("name").Text(), "RE:")
	}
	return holds(rel, func(r string) bool {
		for _, q := range quoteRels {
			if r == q {
				return true
			}
		}
		return false
	})
}

func (d *PostDocument) readQuote(p *social.Post, resolved map[string]social.ID, here *Here) {
	uri, gone := d.quote()
	switch {
	case gone:
		p.QuoteURI, p.QuoteState = uri, social.QuoteDeleted
		return
	case uri == "" || uri == d.ID:
		return
	}
	p.QuoteURI, p.QuoteOf, p.QuoteState = uri, resolved[uri], social.QuotePending
	p.QuoteStamp = uriOf(d.v.Get("quoteAuthorization"))
	if here.Stamped && p.QuoteStamp != "" {
		p.QuoteState = social.QuoteAccepted
	}
}

// quotePolicyOf reads interactionPolicy.canQuote (FEP-044f).
func quotePolicyOf(v Value, author *social.Actor) social.QuotePolicy {
	if !v.IsObject() {
		return social.QuoteUnknown
	}
	auto, manual := v.Get("automaticApproval"), v.Get("manualApproval")
	is := func(uri string) func(string) bool { return func(s string) bool { return uri != "" && s == uri } }
	switch {
	case holds(auto, isPublic):
		return social.QuoteAnyone
	case holds(auto, is(author.FollowersURI)):
		return social.QuoteFollowers
	case holds(auto, is(author.FollowingURI)):
		return social.QuoteFollowing
	case holds(manual, func(s string) bool { return s != author.URI }):
		return social.QuoteManual
	}
	return social.QuoteNobody
}
