package misskey

import (
	"strings"

	"engawa/internal/loose"
	"engawa/internal/markup"
	"engawa/internal/markup/mfm"
	"engawa/social"
)

// Bounds of what is taken over.
const (
	maxText     = 32 << 10 // bytes of MFM
	maxAbout    = 2 << 10
	maxWarning  = 2 << 10
	maxAlt      = 16 << 10
	maxMentions = 20
	maxTags     = 60
	maxOptions  = 50
	maxSide     = 1 << 16
	depth       = 3 // a renote of a note that quotes
)

// heart is what a favourite is here: the reaction of who chooses none
// (facts/misskey.md 1.5).
const heart = "❤"

// audiences by visibility.
var audiences = map[string]social.Audience{"public": social.Public, "home": social.Unlisted, "followers": social.Followers, "specified": social.Direct}

func (s *session) domain(host string) string {
	if host = strings.ToLower(host); isHost(host) {
		return host
	}
	return hostOf(s.base)
}

func (s *session) moment(text string) social.Millis {
	return social.Millis(loose.Moment(text, s.now()+24*3600*1000))
}

// refOf names a note for answering it.
func (s *session) refOf(n *note) social.Ref {
	page := s.base + "/notes/" + string(n.ID)
	return social.Ref{ID: string(n.ID), URI: orElse(loose.WebURL(n.URI), page), URL: orElse(loose.WebURL(n.URL), orElse(loose.WebURL(n.URI), page)), Author: string(n.User.ID)}
}

// item is one note, nil when it lacks what makes it one or is hidden from the
// account.
func (s *session) item(n *note, deep int) *social.Item {
	if n.ID == "" || deep == 0 || n.IsHidden {
		return nil
	}
	by, ok := s.stranger(&n.User)
	if !ok {
		return nil
	}
	ref := s.refOf(n)
	it := &social.Item{Ref: ref, URI: ref.URI, Author: by, At: s.moment(n.CreatedAt), Audience: audienceOf(n), Mine: s.mine(n)}
	if it.At == 0 {
		it.At = social.Millis(s.now())
	}
	if n.isRenote() {
		if n.Renote == nil {
			return nil
		}
		if it.Boost = s.item(n.Renote, deep-1); it.Boost == nil {
			return nil
		}
		if n.URI == "" {
			it.URI += "/activity" // as it federates
		}
		return it
	}
	s.text(it, n)
	s.around(it, n, deep)
	return it
}

// audienceOf reads visibility; what is unknown is as narrow as can be, and what
// stays on its server is not shown around.
func audienceOf(n *note) social.Audience {
	a, ok := audiences[n.Visibility]
	if !ok {
		return social.Direct
	}
	if n.LocalOnly {
		return max(a, social.Followers)
	}
	return a
}

// text fills in what was said.
func (s *session) text(it *social.Item, n *note) {
	if n.CW != nil {
		it.Warning = loose.Cut(*n.CW, maxWarning)
	}
	it.Sensitive = n.CW != nil
	names := mfmNames(it.Warning)
	if n.Text != nil {
		out := render(loose.Cut(*n.Text, maxText), s.base, it.Author.Domain)
		it.HTML = out.HTML
		names = append(names, out.Emoji...)
	}
	if n.Poll != nil {
		for _, c := range n.Poll.Choices[:min(len(n.Poll.Choices), maxOptions)] {
			names = append(names, mfmNames(c.Text)...)
		}
	}
	it.Emojis = s.emojis(names, n.Emojis, n.User.Host)
	for _, id := range n.Mentions[:min(len(n.Mentions), maxMentions)] {
		if who, ok := s.known(id); ok {
			it.Mentions = append(it.Mentions, who)
		}
	}
	for _, t := range n.Tags[:min(len(n.Tags), maxTags)] {
		if t = strings.TrimPrefix(loose.Line(t, 200), "#"); t != "" {
			it.Tags = append(it.Tags, t)
		}
	}
}

// around fills in what stands around the text.
func (s *session) around(it *social.Item, n *note, deep int) {
	if n.UpdatedAt != "" {
		it.EditedAt = s.moment(n.UpdatedAt)
	}
	if n.ReplyID != "" {
		it.Parent = social.Ref{ID: string(n.ReplyID)}
		if r := n.Reply; r != nil && r.ID == n.ReplyID {
			it.Parent = s.refOf(r)
		}
	}
	for i := range n.Files[:min(len(n.Files), maxFiles)] {
		if m, ok := s.media(&n.Files[i]); ok {
			m.Position = len(it.Media)
			it.Sensitive = it.Sensitive || m.Sensitive
			it.Media = append(it.Media, m)
		}
	}
	it.Poll = s.poll(n.Poll)
	if n.Renote != nil {
		it.Quote = s.item(n.Renote, deep-1)
	}
	it.Counts = social.Counters{Replies: count(n.RepliesCount), Boosts: count(n.RenoteCount)}
	for _, k := range n.Reactions {
		it.Counts.Favourites = count(it.Counts.Favourites + count(k))
	}
}

func count(n int64) int64 { return min(max(n, 0), 1<<40) }

func (s *session) mine(n *note) (m social.Mine) {
	if r := s.reaction(n.MyReaction); r != "" {
		m.Reactions = []string{r}
		m.Favourited = r == heart
	}
	if n.Poll != nil {
		for i, c := range n.Poll.Choices {
			if c.IsVoted {
				m.Voted, m.Votes = true, append(m.Votes, i)
			}
		}
	}
	return m
}

// reaction is a reaction as it is written here: ":name@.:" is the server's own.
func (s *session) reaction(r string) string {
	r = loose.Line(r, 200)
	if name, ok := strings.CutSuffix(r, "@.:"); ok {
		return name + "@" + hostOf(s.base) + ":"
	}
	return r
}

func side(n int) int {
	if n < 0 || n > maxSide {
		return 0
	}
	return n
}

func (s *session) media(f *file) (social.Media, bool) {
	url := loose.WebURL(f.URL)
	if url == "" {
		return social.Media{}, false
	}
	kind := social.UnknownMedia
	switch major, _, _ := strings.Cut(f.Type, "/"); major {
	case "image":
		kind = social.Image
	case "video":
		kind = social.Video
	case "audio":
		kind = social.Audio
	}
	hash := f.Blurhash
	if len(hash) < 6 || len(hash) > 166 {
		hash = ""
	}
	return social.Media{
		Kind: kind, ContentType: loose.Line(f.Type, 100), RemoteURL: url, PreviewURL: loose.WebURL(f.ThumbnailURL),
		Width: side(f.Properties.Width), Height: side(f.Properties.Height), Blurhash: loose.Cut(hash, 166),
		Description: loose.Cut(f.Comment, maxAlt), Sensitive: f.IsSensitive, Size: count(f.Size), CreatedAt: social.Millis(s.now()),
	}, true
}

func (s *session) poll(p *poll) *social.Poll {
	if p == nil || len(p.Choices) == 0 {
		return nil
	}
	out := &social.Poll{Multiple: p.Multiple, ExpiresAt: social.Millis(loose.Moment(p.ExpiresAt, s.now()+100*365*86400*1000))}
	for _, c := range p.Choices[:min(len(p.Choices), maxOptions)] {
		out.Options = append(out.Options, social.Option{Title: loose.Line(c.Text, 500), Votes: count(c.Votes)})
		out.Voters += count(c.Votes)
	}
	if p.Multiple {
		out.Voters = 0 // it is not told
	}
	return out
}

// render makes HTML of a note's MFM; domain is its author's, where handles
// without one live.
func render(text, base, domain string) markup.Rendered {
	return markup.Render(text, markup.Options{
		Format: markup.MFM,
		Resolve: func(handle string) (markup.Mention, bool) {
			name, host, _ := strings.Cut(handle, "@")
			page := "https://" + orElse(strings.ToLower(host), domain) + "/@" + name
			return markup.Mention{Handle: handle, Name: name, URI: page, URL: page}, true
		},
		TagURL: func(tag string) string { return base + "/tags/" + tag },
	})
}

// html is MFM as HTML.
func html(text, base, domain string) string {
	if text == "" {
		return ""
	}
	return render(text, base, domain).HTML
}

// mfmNames are the custom emoji of a name or a warning.
func mfmNames(text string) (out []string) {
	if strings.Count(text, ":") < 2 {
		return nil
	}
	mfm.Walk(mfm.ParseSimple(loose.Cut(text, maxWarning)), func(n *mfm.Node) {
		if n.Kind == mfm.EmojiCode && len(out) < markup.MaxEmoji {
			out = append(out, n.Text)
		}
	})
	return out
}

// emojis are the pictures of names: what came along (other servers' emoji), or
// the server's own by their address.
func (s *session) emojis(names []string, urls loose.Map[string], host string) (out []social.Emoji) {
	domain := s.domain(host)
	for i, name := range names {
		if len(out) >= markup.MaxEmoji || contains(names[:i], name) {
			continue
		}
		url := loose.WebURL(urls[name])
		if url == "" && host == "" {
			url = s.base + "/emoji/" + name + ".webp"
		}
		if url != "" {
			out = append(out, social.Emoji{Shortcode: name, Domain: domain, URL: url, StaticURL: url})
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
