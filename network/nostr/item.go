package nostr

import (
	"net/url"
	"path"
	"strconv"
	"strings"

	"engawa/social"
)

// world is what a batch of events is read with: the events that they refer to.
type world struct {
	n     *Nostr
	known map[string]seen
}

// item turns an event into an Item; nil when there is nothing to show. What it
// boosts or quotes is followed once.
func (w *world) item(e seen, depth int) *social.Item {
	who, _ := w.n.known(e.PubKey)
	ref := w.n.ref(e.Event, e.relay)
	it := &social.Item{Ref: ref, URI: ref.URI, Author: who, At: e.At * 1000, Audience: social.Public}
	switch e.Kind {
	case kindRepost, kindGeneric:
		of, ok := w.boosted(e)
		if !ok || depth > 0 {
			return nil
		}
		it.Boost = w.item(of, 1)
		if it.Boost == nil {
			return nil
		}
		return it
	case kindNote:
		w.note(it, e, depth)
		return it
	}
	return nil
}

// boosted is the event that a repost passes on, as world found it.
func (w *world) boosted(e seen) (seen, bool) {
	of, ok := w.known[e.tag("e")]
	return of, ok && of.Kind == kindNote
}

func (w *world) note(it *social.Item, e seen, depth int) {
	w.thread(it, e)
	for _, t := range e.Tags {
		if len(t) < 2 {
			continue
		}
		switch t[0] {
		case "p":
			if isHex32(t[1]) && len(it.Mentions) < 50 {
				s, _ := w.n.known(t[1])
				it.Mentions = append(it.Mentions, s)
			}
		case "t":
			if len(it.Tags) < 50 && len(t[1]) <= 200 {
				it.Tags = append(it.Tags, t[1])
			}
		case "content-warning":
			it.Sensitive, it.Warning = true, short(t[1])
		case "proxy":
			if len(it.Same) < 8 && len(t[1]) <= 2048 {
				it.Same = append(it.Same, t[1])
			}
		case "l":
			if len(t) > 2 && t[2] == "ISO-639-1" && len(t[1]) == 2 {
				it.Language = t[1]
			}
		case "q":
			if q, ok := w.known[t[1]]; ok && depth < 2 && it.Quote == nil {
				it.Quote = w.item(q, 2)
			}
		case "imeta":
			if m, ok := parseImeta(t); ok && len(it.Media) < 16 {
				it.Media = append(it.Media, m)
			}
		case "emoji":
			if len(t) > 2 && web(t[2]) != "" && plainName(strings.ToLower(t[1])) && len(it.Emojis) < 50 {
				it.Emojis = append(it.Emojis, social.Emoji{Shortcode: t[1], Domain: "nostr", URL: t[2], StaticURL: t[2]})
			}
		}
	}
	it.HTML = w.show(it, e.Content)
}

// thread reads what is answered: marked e tags, else by place (NIP-10).
func (w *world) thread(it *social.Item, e seen) {
	var root, reply []string
	var plain [][]string
	for _, t := range e.Tags {
		if len(t) < 2 || t[0] != "e" || !isHex32(t[1]) {
			continue
		}
		mark := ""
		if len(t) > 3 {
			mark = t[3]
		}
		switch mark {
		case "root":
			root = t
		case "reply":
			reply = t
		case "":
			plain = append(plain, t)
		}
	}
	if root == nil && reply == nil && len(plain) > 0 {
		root, reply = plain[0], plain[len(plain)-1]
	}
	if root == nil {
		root = reply
	}
	if reply == nil {
		reply = root
	}
	if root != nil {
		it.Root, it.Parent = w.pointed(root), w.pointed(reply)
	}
}

// pointed is the Ref of an e tag.
func (w *world) pointed(t []string) social.Ref {
	relay, author := "", ""
	if len(t) > 2 {
		relay, _ = cleanRelay(t[2])
	}
	if len(t) > 4 && isHex32(t[4]) {
		author = t[4]
	}
	if e, ok := w.known[t[1]]; ok && author == "" {
		author = e.PubKey
	}
	return w.n.refOf(t[1], author, relay)
}

// parseImeta reads the description of a file (NIP-92).
func parseImeta(t []string) (m social.Media, ok bool) {
	for _, entry := range t[1:] {
		name, value, _ := strings.Cut(entry, " ")
		switch name {
		case "url":
			m.RemoteURL = web(value)
		case "m":
			m.ContentType = short(value)
		case "dim":
			width, height, _ := strings.Cut(value, "x")
			m.Width, m.Height = side(width), side(height)
		case "alt":
			m.Description = value[:min(len(value), 6000)]
		case "blurhash":
			m.Blurhash = value[:min(len(value), 200)]
		}
	}
	m.Description = strings.ToValidUTF8(m.Description, "")
	if m.ContentType == "" {
		m.ContentType = typeOf(m.RemoteURL)
	}
	m.Kind = mediaKind(m.ContentType)
	return m, m.RemoteURL != ""
}

func side(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 100_000 {
		return 0
	}
	return n
}

// typeOf is the type of a file by its address, "" when it tells none.
func typeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return types[strings.ToLower(path.Ext(u.Path))]
}

func mediaKind(contentType string) social.MediaKind {
	kind, _, _ := strings.Cut(contentType, "/")
	switch kind {
	case "image":
		return social.Image
	case "video":
		return social.Video
	case "audio":
		return social.Audio
	}
	return social.UnknownMedia
}
