package activitypub

import (
	"strings"

	"engawa/internal/markup/mfm"
	"engawa/social"
)

// mediaOf reads attachments: files become media, the Link of a card goes before
// the links of the text.
func mediaOf(attachments Value, links []string) ([]social.Media, []string) {
	var out []social.Media
	for a := range attachments.Each {
		if a.Is("Link") {
			if href := a.Get("href").Str(); HostOf(href) != "" && !contains(links, href) {
				links = append([]string{href}, links...)
			}
			continue
		}
		if m, ok := medium(a); ok && len(out) < maxAttachments {
			m.Position = len(out)
			out = append(out, m)
		}
	}
	return out, links
}

func medium(a Value) (social.Media, bool) {
	url, typ := fileOf(a.Get("url", "href"))
	if url == "" {
		return social.Media{}, false
	}
	if t := a.Get("mediaType").Str(); t != "" {
		typ = t
	}
	m := social.Media{
		RemoteURL: url, ContentType: cut(typ, 100), Kind: mediaKind(a, typ),
		Description: cut(a.Get("name", "summary").Text(), maxAlt),
		Sensitive:   a.Get("sensitive", "as:sensitive").True(),
		Width:       int(a.Get("width").Count(1 << 16)), Height: int(a.Get("height").Count(1 << 16)),
	}
	m.PreviewURL, _ = fileOf(a.Get("icon").First().Get("url"))
	if hash := a.Get("blurhash", "toot:blurhash").Str(); len(hash) <= 200 {
		m.Blurhash = hash
	}
	m.FocusX, m.FocusY = focus(a.Get("focalPoint", "toot:focalPoint"))
	return m, true
}

func mediaKind(a Value, typ string) social.MediaKind {
	class, _, _ := strings.Cut(typ, "/")
	if class != "image" && class != "video" && class != "audio" {
		class = strings.ToLower(a.Type())
	}
	switch class {
	case "image":
		return social.Image
	case "video":
		return social.Video
	case "audio":
		return social.Audio
	}
	return social.UnknownMedia
}

// focus reads [x, y], perhaps in an @list; what is outside of -1 … 1 is 0, 0.
func focus(v Value) (x, y float64) {
	if list := v.Get("@list"); list.Exists() {
		v = list
	}
	i := 0
	for n := range v.Each {
		f, ok := n.Number()
		if !ok || f < -1 || f > 1 || i > 1 {
			return 0, 0
		}
		if i == 0 {
			x = f
		} else {
			y = f
		}
		i++
	}
	return x, y
}

// pollOf reads a Question; nil when it has no options.
func pollOf(v Value, now social.Millis) *social.Poll {
	p := &social.Poll{ExpiresAt: timeOf(v.Get("endTime"))}
	options := v.Get("oneOf")
	if !options.Exists() {
		options = v.Get("anyOf")
		p.Multiple = true
	}
	for o := range options.Each {
		name := cut(o.Get("name").Text(), maxWarning)
		if name == "" {
			continue
		}
		votes := o.Get("replies").First().Get("totalItems")
		if !votes.Exists() {
			votes = o.Get("_misskey_votes")
		}
		p.Options = append(p.Options, social.Option{Title: name, Votes: votes.Count(maxTotal)})
		if len(p.Options) == maxOptions {
			break
		}
	}
	if len(p.Options) == 0 {
		return nil
	}
	p.Voters = v.Get("votersCount", "toot:votersCount").Count(maxTotal)
	if closed := v.Get("closed"); closed.Exists() {
		closePoll(p, closed, now)
	}
	return p
}

// closePoll applies closed: a time, or true for "already".
func closePoll(p *social.Poll, closed Value, now social.Millis) {
	at := timeOf(closed)
	switch {
	case at == 0 && closed.True():
		at = now
	case at == 0:
		return
	}
	if p.ExpiresAt == 0 {
		p.ExpiresAt = at
	}
	if at <= now {
		p.ClosedAt = at
	}
}

// reactionOf reads a Like or EmojiReact (misskey.md 1.5): _misskey_reaction,
// else content, else name. One Unicode emoji, or a custom one with its tag, is
// that; everything else is a favourite.
func reactionOf(v Value, author *social.Actor) *social.ReactionDraft {
	text := ""
	for _, key := range [...]string{"_misskey_reaction", "content", "name"} {
		if text = strings.TrimSpace(v.Get(key).Text()); text != "" {
			break
		}
	}
	r := &social.ReactionDraft{Content: social.Favourite}
	if len(text) > 2 && text[0] == ':' && text[len(text)-1] == ':' {
		code, _, _ := strings.Cut(strings.Trim(text, ":"), "@")
		for t := range v.Get("tag").Each {
			if e, ok := emojiOf(t, author.Domain); ok && e.Shortcode == code && text == ":"+code+":" {
				r.Content, r.Emoji = ":"+code+"@"+author.Domain+":", &e
				return r
			}
		}
		return r
	}
	if text != "" && mfm.EmojiLen(text) == len(text) {
		r.Content = text
	}
	return r
}
