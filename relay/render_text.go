package relay

import (
	"slices"
	"strings"
	"unicode/utf8"

	"engawa/internal/markup"
	"engawa/internal/ruler"
	"engawa/social"
)

// body is the text of the Post as the network shows it.
func (r *rendering) body() flow {
	p := r.draft.Post
	f := readHTML(p.Content, p.Mentions)
	if p.Title != "" {
		f = flow{text: p.Title}.add("\n\n", f)
	}
	w := flowWriter{glues: r.trait.glues}
	at := 0
	for _, s := range f.signs {
		r.plain(&w, f.text[at:s.from])
		r.written(&w, f.text[s.from:s.to], s)
		at = s.to
	}
	r.plain(&w, f.text[at:])
	out := w.flow()
	if out.text == "" && len(r.emojis) > 0 { // nothing but pictures of theirs: their names say more than silence
		out.text, r.emojis = strings.Join(r.emojis, " "), nil
	}
	return out
}

// written writes a sign as the network wants it.
func (r *rendering) written(w *flowWriter, shown string, s sign) {
	switch s.kind {
	case social.SpanTag:
		if r.as.StripTrigger && slices.Contains(r.draft.Triggers, social.TagKey(s.target)) {
			w.dropped()
			return
		}
		w.sign(shown, s)
	case social.SpanMention:
		r.mention(w, s)
	default:
		r.link(w, shown, s)
	}
}

// link writes an address in its place. Its text is kept where the network can
// show one that leads elsewhere, else the address stands behind it.
func (r *rendering) link(w *flowWriter, shown string, s sign) {
	switch {
	case r.trait.rich && s.label:
		w.sign(shown, s)
	case r.trait.short:
		w.sign(shortAddress(s.target), s)
	case r.trait.rich:
		w.sign(s.target, s)
	case s.label && strings.TrimSpace(shown) != "":
		r.plain(w, shown)
		w.text(" (")
		w.sign(r.address(s.target), s)
		w.text(")")
	default:
		w.address(r.address(s.target), s)
	}
}

// address is a URL as the network finds it whole in a text.
func (r *rendering) address(url string) string {
	if !r.trait.ascii || isASCII(url) {
		return url
	}
	head := len("http://")
	if i := strings.Index(url, "://"); i >= 0 {
		head = i + len("://")
	}
	host := strings.IndexAny(url[head:], "/?#")
	if host < 0 {
		return url
	}
	const hex = "0123456789ABCDEF"
	out := []byte(url[:head+host])
	for _, c := range []byte(url[head+host:]) {
		if c < utf8.RuneSelf {
			out = append(out, c)
		} else {
			out = append(out, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(out)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// shownAddress is how many characters of an address are shown where it can be
// short.
const shownAddress = 40

func shortAddress(url string) string {
	for _, prefix := range [...]string{"https://", "http://"} {
		url = strings.TrimPrefix(url, prefix)
	}
	url = strings.TrimSuffix(strings.TrimPrefix(url, "www."), "/")
	return markup.Shorten(url, shownAddress)
}

// mention names somebody. Nobody is named by the handle of a stranger: where
// the person is not known there, the name stands without @.
func (r *rendering) mention(w *flowWriter, s sign) {
	m := s.who
	full := "@" + m.Name
	if m.Domain != "" {
		full += "@" + m.Domain
	}
	if r.target.Person != nil && r.as.Mention != "name_only" && r.as.Mention != "link" {
		if handle, id, ok := r.target.Person(m); ok {
			if r.trait.fedi && m.Domain != "" { // without its domain it would be somebody of that server
				handle = full
			}
			w.sign(handle, sign{kind: social.SpanMention, target: id})
			return
		}
	}
	page := m.URL
	if page == "" {
		page = m.URI
	}
	switch {
	case r.as.Mention == "skip_post":
		r.skip("mentionSkip", "name", full)
	case r.as.Mention == "link" && r.trait.rich:
		w.sign(full, sign{kind: social.SpanLink, target: page, label: true})
		return
	case r.as.Mention == "link":
		w.text(r.nameOf(m) + " (")
		w.sign(r.address(page), sign{kind: social.SpanLink, target: page})
		w.text(")")
	case r.trait.fedi && m.Domain != "" && r.as.Mention != "name_only":
		w.sign(full, sign{kind: social.SpanMention, target: m.URI})
		return
	default:
		w.text(r.nameOf(m))
	}
	r.plan.lose("mention", "name", full)
}

// nameOf is a name that X takes for no address: handles of Bluesky are domains.
func (r *rendering) nameOf(m *social.Mention) string {
	if r.trait.ascii {
		name, _, _ := strings.Cut(m.Name, ".")
		return name
	}
	return m.Name
}

// plain writes text that is no sign yet: addresses and tags in it become signs,
// custom emoji go where nobody has their pictures, and what looks like a handle
// loses its @.
func (r *rendering) plain(w *flowWriter, s string) {
	at := 0
	if strings.ContainsAny(s, ":#＃@") {
		for _, found := range markup.Scan(s) {
			if found.Start < at {
				continue
			}
			switch found.Kind {
			case markup.SpanEmoji:
				if !r.customEmoji(found.Name) {
					continue
				}
				r.bare(w, s[at:found.Start])
				w.dropped()
			case markup.SpanURL:
				r.bare(w, s[at:found.Start])
				r.link(w, s[found.Start:found.End], sign{kind: social.SpanLink, target: s[found.Start:found.End]})
			case markup.SpanTag:
				r.bare(w, s[at:found.Start])
				r.written(w, s[found.Start:found.End], sign{kind: social.SpanTag, target: found.Name})
			default:
				continue
			}
			at = found.End
		}
	}
	r.bare(w, s[at:])
}

// customEmoji notes one of the Post's own emoji that is left out.
func (r *rendering) customEmoji(code string) bool {
	if r.trait.emoji {
		return false
	}
	for i := range r.draft.Post.Emojis {
		if r.draft.Post.Emojis[i].Shortcode == code {
			if name := ":" + code + ":"; !slices.Contains(r.emojis, name) && len(r.emojis) < 20 {
				r.emojis = append(r.emojis, name)
			}
			return true
		}
	}
	return false
}

// bare writes text in which nothing may name a stranger.
func (r *rendering) bare(w *flowWriter, s string) {
	if r.trait.ascii { // X
		s = strings.Map(func(c rune) rune {
			if c == 0xFEFF || c == 0xFFFE || c == 0xFFFF {
				return -1
			}
			return c
		}, ruler.Composed(s))
	}
	if !r.trait.handles || !strings.ContainsAny(s, "@＠") {
		w.text(s)
		return
	}
	at := 0
	before := w.lastRune()
	for i, c := range s {
		if (c == '@' || c == '＠') && !isHandleChar(before) && r.namesStranger(s[i+utf8.RuneLen(c):]) {
			w.text(s[at:i])
			at = i + utf8.RuneLen(c)
			r.plan.lose("handle")
		}
		before = c
	}
	w.text(s[at:])
}

// namesStranger tells whether what follows an @ is a handle there; in the
// fediverse one with a domain names whom it says.
func (r *rendering) namesStranger(s string) bool {
	n := 0
	for n < len(s) && isHandleChar(rune(s[n])) {
		n++
	}
	if n == 0 {
		return false
	}
	return !r.trait.fedi || n+1 >= len(s) || s[n] != '@' || !isHandleChar(rune(s[n+1]))
}

func isHandleChar(c rune) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' && c < utf8.RuneSelf
}
