package mastodon

import (
	"strings"

	"engawa/internal/loose"
	"engawa/social"
)

// Bounds of what is taken over, in bytes.
const (
	maxHTML  = 128 << 10
	maxShort = 2 << 10 // names, warnings, titles
	maxAlt   = 16 << 10
	maxTags  = 60
)

// reader turns entities into the words of this home.
type reader struct {
	domain string // of the account's server, for handles without one
	now    int64
	limit  int64 // the latest time that is believed
}

func (n *Network) reader(l *social.Login) *reader {
	_, domain, _ := strings.Cut(l.Handle, "@")
	now := n.now()
	return &reader{domain: orElse(domain, hostOf(l.Base)), now: now, limit: now + 24*3600*1000}
}

// depth is how deep Items stand in one another: a boost of a post that quotes.
const depth = 3

// items are those of list that are whole, in its order.
func (r *reader) items(list []status) []social.Item {
	out := make([]social.Item, 0, len(list))
	for i := range list {
		if it := r.item(&list[i], depth); it != nil {
			out = append(out, *it)
		}
	}
	return out
}

// item is one Status, nil when it lacks what makes it one: id, author, address.
func (r *reader) item(s *status, deep int) *social.Item {
	uri := orElse(loose.WebURL(s.URI), loose.WebURL(s.URL))
	if s.ID == "" || uri == "" || deep == 0 {
		return nil
	}
	by, ok := r.stranger(&s.Account)
	if !ok {
		return nil
	}
	it := &social.Item{Ref: refOf(s), URI: uri, Author: by, At: r.moment(s.CreatedAt), Audience: audienceOf(s.Visibility), Mine: mineOf(s)}
	if it.At == 0 {
		it.At = social.Millis(r.now)
	}
	if s.Reblog != nil {
		if it.Boost = r.item(s.Reblog, deep-1); it.Boost == nil {
			return nil
		}
		return it
	}
	if s.EditedAt != "" {
		it.EditedAt = r.moment(s.EditedAt)
	}
	r.text(it, s)
	r.around(it, s, deep)
	it.Same = sameAs(uri)
	return it
}

// refOf names a Status for answering it.
func refOf(s *status) social.Ref {
	return social.Ref{ID: string(s.ID), URI: orElse(loose.WebURL(s.URI), loose.WebURL(s.URL)), URL: loose.WebURL(s.URL), Author: string(s.Account.ID)}
}

// text fills in what was said.
func (r *reader) text(it *social.Item, s *status) {
	it.HTML = loose.Cut(s.Content, maxHTML)
	it.Warning = loose.Cut(s.Spoiler, maxShort)
	it.Sensitive = s.Sensitive || it.Warning != ""
	it.Language = language(s.Language)
	for i := range s.Mentions[:min(len(s.Mentions), maxTags)] {
		m := &s.Mentions[i]
		name, domain := r.handle(m.Username, m.Acct)
		if url := loose.WebURL(m.URL); m.ID != "" && name != "" && url != "" {
			it.Mentions = append(it.Mentions, social.Stranger{ID: string(m.ID), URI: url, URL: url, Name: name, Domain: domain})
		}
	}
	for _, t := range s.Tags[:min(len(s.Tags), maxTags)] {
		if name := strings.TrimPrefix(loose.Line(t.Name, 200), "#"); name != "" {
			it.Tags = append(it.Tags, name)
		}
	}
	it.Emojis = emojis(s.Emojis, it.Author.Domain)
}

// around fills in what stands around the text.
func (r *reader) around(it *social.Item, s *status, deep int) {
	if s.ReplyTo != "" {
		it.Parent = social.Ref{ID: string(s.ReplyTo), Author: string(s.ReplyToWho)}
	}
	it.Media = r.media(s.Media, it.Sensitive)
	it.Poll = r.poll(s.Poll)
	it.Card = r.card(s.Card)
	if q := quotedOf(s); q != nil {
		it.Quote = r.item(q, deep-1)
	}
	it.Counts = social.Counters{Replies: count(s.Replies), Boosts: count(s.Reblogs), Favourites: count(s.Favourites), Quotes: count(s.Quotes)}
}

// quotedOf is the quoted Status where it may be shown.
func quotedOf(s *status) *status {
	switch q := s.Quote; {
	case q != nil && q.Quoted != nil && (q.State == "" || q.State == "accepted"):
		return q.Quoted
	case q != nil && q.ID != "":
		return &q.status
	}
	return s.Pleroma.Quote
}

func mineOf(s *status) social.Mine {
	m := social.Mine{Favourited: s.Favourited, Bookmarked: s.Bookmarked, Boosted: s.Reblogged, Muted: s.Muted, Pinned: s.Pinned}
	for _, list := range [][]reaction{s.Reactions, s.Reactions2, s.Pleroma.Reactions} {
		for _, x := range list {
			if name := loose.Line(x.Name, 200); x.Me && name != "" && !has(m.Reactions, name) {
				m.Reactions = append(m.Reactions, name)
			}
		}
	}
	if p := s.Poll; p != nil && p.Voted {
		m.Voted = true
		for _, v := range p.OwnVotes {
			if v >= 0 && v < len(p.Options) {
				m.Votes = append(m.Votes, v)
			}
		}
	}
	return m
}

// audienceOf reads visibility; what is unknown is as narrow as can be.
func audienceOf(v string) social.Audience {
	if v == "limited" || v == "mutual" {
		return social.Direct
	}
	a, _ := social.ParseAudience(v)
	return a
}

// language is a language tag by its shape, else "".
func language(s string) string {
	if len(s) < 2 || len(s) > 35 || s == "und" {
		return ""
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z') && !(i > 1 && (s[i] == '-' || s[i] >= '0' && s[i] <= '9')) {
			return ""
		}
	}
	return s
}

func (r *reader) moment(s string) social.Millis { return social.Millis(loose.Moment(s, r.limit)) }

func count(n int64) int64 { return min(max(n, 0), 1<<40) }

// sameAs is what an address says of where the thing came from: Bridgy Fed
// carries the AT-URI in it.
func sameAs(uri string) []string {
	if i := strings.Index(uri, "/at://"); i > 0 {
		return []string{uri[i+1:]}
	}
	return nil
}

// handle is a handle's two halves.
func (r *reader) handle(username, acct string) (name, domain string) {
	name, domain, _ = strings.Cut(acct, "@")
	name = orElse(loose.Line(username, 256), loose.Line(name, 256))
	if domain = strings.ToLower(domain); !isDomain(domain) {
		domain = r.domain
	}
	return name, domain
}

// stranger is an Account; false when it lacks id, name or address.
func (r *reader) stranger(a *account) (social.Stranger, bool) {
	name, domain := r.handle(a.Username, a.Acct)
	url := loose.WebURL(a.URL)
	uri := orElse(orElse(loose.WebURL(a.URI), loose.WebURL(a.Pleroma.APID)), url)
	if a.ID == "" || name == "" || uri == "" {
		return social.Stranger{}, false
	}
	s := social.Stranger{
		ID: string(a.ID), URI: uri, URL: url, Name: name, Domain: domain, Display: loose.Line(a.DisplayName, 500),
		Avatar: loose.WebURL(a.Avatar), Header: loose.WebURL(a.Header), HTML: loose.Cut(a.Note, maxHTML), Bot: a.Bot,
		Emojis: emojis(a.Emojis, domain),
	}
	for _, f := range a.Fields[:min(len(a.Fields), 50)] {
		if url := hrefOf(f.Value); f.VerifiedAt != "" && url != "" {
			s.Same = append(s.Same, url)
		}
	}
	for _, also := range a.Pleroma.Also[:min(len(a.Pleroma.Also), 50)] {
		if url := loose.WebURL(also); url != "" {
			s.Same = append(s.Same, url)
		}
	}
	return s, true
}

// hrefOf is where the first link of a profile's field leads.
func hrefOf(html string) string {
	_, rest, ok := strings.Cut(html, `href="`)
	href, _, end := strings.Cut(rest, `"`)
	if !ok || !end {
		return ""
	}
	return loose.WebURL(strings.ReplaceAll(href, "&amp;", "&"))
}

func emojis(list []emoji, domain string) (out []social.Emoji) {
	for _, e := range list {
		code, url := strings.Trim(e.Shortcode, ":"), loose.WebURL(e.URL)
		if url == "" || !isShortcode(code) {
			continue
		}
		out = append(out, social.Emoji{Shortcode: code, Domain: domain, URL: url, StaticURL: orElse(loose.WebURL(e.StaticURL), url)})
	}
	return out
}

// isShortcode: what may stand between the colons.
func isShortcode(s string) bool {
	return s != "" && len(s) <= 256 && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r == ':' || r == '@' || r == '<' || r == '>' || r == '"' || r == '&'
	})
}
