package social

import (
	"net/url"
	"slices"
	"strings"

	"engawa/internal/markup"
	"engawa/internal/markup/htmltoken"
)

// Bounds of what a Link may bring in one Item; what is beyond is cut off.
const (
	laneText    = 20 << 10 // characters of HTML
	laneLine    = 2048     // of a warning, name, title
	laneAlt     = 10_000
	laneURI     = 2048 // bytes of an address
	laneTags    = 64
	laneEmojis  = 64
	laneMedia   = 32
	laneNames   = 50 // mentions
	laneSame    = 8
	laneOptions = 32
	laneDepth   = 2 // quotes in quotes
	laneCount   = 1 << 40
)

// thing is one Item made clean, before anything of this home is known of it.
type thing struct {
	item         *Item
	uri          string
	post         Post // text and the like: no ids
	media        []Media
	poll         *Poll
	quote, boost *thing
	same         []string
	words        string // what it says, for telling doubles
	mark         int64
	top          bool // it came by itself, not within another
}

// clean makes a thing of an Item; nil when it names nothing.
func clean(it *Item, now Millis, depth int) *thing {
	x := &thing{item: it, uri: it.URI, top: depth == 0}
	if x.uri == "" {
		x.uri = it.Ref.URI
	}
	if it.Ref.ID == "" || len(it.Ref.ID) > laneURI || x.uri == "" || len(x.uri) > laneURI {
		return nil
	}
	if it.Deleted {
		return x
	}
	x.post = Post{
		URI: x.uri, URL: webAddress(it.Ref.URL), Kind: Note, Audience: min(it.Audience, Direct), Origin: Linked,
		CreatedAt: it.At, EditedAt: max(it.EditedAt, 0), Language: cutText(it.Language, 35),
	}
	if x.post.CreatedAt <= 0 || x.post.CreatedAt > now {
		x.post.CreatedAt = now
	}
	if it.Boost != nil {
		x.post.Kind = Boost
		if x.boost = clean(it.Boost, now, depth+1); x.boost == nil || x.boost.boost != nil || x.boost.item.Deleted {
			return nil
		}
		return x
	}
	if it.Quote != nil && depth < laneDepth {
		if x.quote = clean(it.Quote, now, depth+1); x.quote != nil && (x.quote.boost != nil || x.quote.item.Deleted) {
			x.quote = nil
		}
	}
	x.text()
	x.parts()
	return x
}

func (x *thing) text() {
	it, p := x.item, &x.post
	p.Content = markup.Sanitize(cutText(it.HTML, laneText))
	p.Warning, p.Sensitive = cutText(it.Warning, laneLine), it.Sensitive || it.Warning != ""
	for _, tag := range it.Tags[:min(len(it.Tags), laneTags)] {
		if tag = strings.TrimPrefix(cutText(tag, 256), "#"); tag != "" {
			p.Tags = append(p.Tags, tag)
		}
	}
	p.Emojis = cleanEmojis(it.Emojis)
	p.Replies, p.Boosts = counted(it.Counts.Replies), counted(it.Counts.Boosts)
	p.Favourites, p.Quotes = counted(it.Counts.Favourites), counted(it.Counts.Quotes)
	for _, same := range it.Same[:min(len(it.Same), laneSame)] {
		if same != "" && len(same) <= laneURI && same != x.uri {
			x.same = append(x.same, same)
		}
	}
	x.words = wordsIn(p)
	x.mark = wordsMark(x.words)
	p.Links = firstLinks(p)
}

func (x *thing) parts() {
	for _, m := range x.item.Media[:min(len(x.item.Media), laneMedia)] {
		u := webAddress(m.RemoteURL)
		if u == "" {
			continue
		}
		m.RemoteURL, m.PreviewURL, m.Key, m.PreviewKey = u, webAddress(m.PreviewURL), "", ""
		m.ContentType, m.Description, m.Blurhash = cutText(m.ContentType, 100), cutText(m.Description, laneAlt), cutText(m.Blurhash, 200)
		m.Width, m.Height = min(max(m.Width, 0), 1<<16), min(max(m.Height, 0), 1<<16)
		m.PreviewWidth, m.PreviewHeight, m.Size = 0, 0, 0
		m.FocusX, m.FocusY = min(max(m.FocusX, -1), 1), min(max(m.FocusY, -1), 1)
		x.media = append(x.media, m)
	}
	x.post.MediaCount = len(x.media)
	if o := x.item.Poll; o != nil && len(o.Options) > 0 {
		x.poll = &Poll{Multiple: o.Multiple, HideTotals: o.HideTotals, ExpiresAt: max(o.ExpiresAt, 0), ClosedAt: max(o.ClosedAt, 0), Voters: counted(o.Voters)}
		for _, option := range o.Options[:min(len(o.Options), laneOptions)] {
			x.poll.Options = append(x.poll.Options, Option{Title: cutText(option.Title, laneLine), Votes: counted(option.Votes)})
		}
		x.post.HasPoll, x.post.Kind = true, Question
	}
}

// each calls f for x after what stands within it.
func (x *thing) each(f func(*thing)) {
	if x.quote != nil {
		x.quote.each(f)
	}
	if x.boost != nil {
		x.boost.each(f)
	}
	f(x)
}

func counted(n int64) int64 { return min(max(n, 0), laneCount) }

// cutText is valid UTF-8 without NUL, at most n characters.
func cutText(s string, n int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// webAddress is s where it is an http or https URL, "" otherwise.
func webAddress(s string) string {
	if s == "" || len(s) > laneURI {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return ""
	}
	return s
}

func cleanEmojis(list []Emoji) (out []Emoji) {
	for _, e := range list[:min(len(list), laneEmojis)] {
		code, u := strings.Trim(e.Shortcode, ":"), webAddress(e.URL)
		if u == "" || code == "" || len(code) > 200 || strings.ContainsFunc(code, notInCode) {
			continue
		}
		out = append(out, Emoji{Shortcode: code, Domain: cutText(e.Domain, 253), URL: u, StaticURL: webAddress(e.StaticURL)})
	}
	return out
}

func notInCode(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.+", r))
}

// mostLinks is how many links of a text are looked at for the card.
const mostLinks = 5

// firstLinks are the first links of a text that are neither mentions nor tags.
func firstLinks(p *Post) (out []string) {
	if !strings.Contains(p.Content, "<a ") {
		return nil
	}
	scan := htmltoken.NewScanner(p.Content)
	var t htmltoken.Token
	for len(out) < mostLinks && scan.Next(&t) {
		if t.Kind != htmltoken.Start || t.Tag != htmltoken.A {
			continue
		}
		href, _ := htmltoken.Attr(t.Attrs, "href")
		class, _ := htmltoken.Attr(t.Attrs, "class")
		href = webAddress(htmltoken.Unescape(href))
		if href == "" || strings.Contains(class, "mention") || strings.Contains(class, "hashtag") || strings.Contains(href, "/hashtag/") || strings.Contains(href, "/tags/") {
			continue
		}
		if !slices.Contains(out, href) {
			out = append(out, href)
		}
	}
	return out
}
