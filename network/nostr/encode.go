package nostr

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"engawa/network"
	"engawa/social"
)

// kindMark is what Ref.CID says of an event that is no note.
func kindMark(kind int) string { return "kind:" + strconv.Itoa(kind) }

// kindOf reads it back.
func kindOf(r social.Ref) int {
	s, ok := strings.CutPrefix(r.CID, "kind:")
	kind, err := strconv.Atoi(s)
	if !ok || err != nil || kind < 0 || kind > 65535 {
		return kindNote
	}
	return kind
}

// encode makes the unsigned event of p. Everything in it comes from p, so that
// each try makes the same. Part.Limited cannot be kept: nobody can be kept from
// answering on Nostr; Poll is to be told as text.
func encode(p *social.Part, author string) (*Event, error) {
	if p.Audience != social.Public && p.Audience != social.Unlisted {
		return nil, network.Closed("Nostr")
	}
	for _, ref := range []social.Ref{p.Boost, p.Parent, p.Root, p.Quote} {
		if !ref.Zero() && !isHex32(ref.ID) {
			return nil, network.BadID("Nostr", short(ref.ID))
		}
	}
	e := &Event{Kind: kindNote, PubKey: author, At: p.CreatedAt / 1000, Tags: [][]string{}}
	if !p.Boost.Zero() {
		e.boost(p.Boost)
		return e, nil
	}
	if p.Poll != nil {
		return nil, network.NoPolls("Nostr")
	}
	e.thread(p)
	e.Content = e.text(p)
	e.files(p)
	e.quote(p.Quote)
	for _, t := range p.Tags {
		e.add("t", strings.ToLower(t))
	}
	if p.Warning != "" || p.Sensitive {
		e.Tags = append(e.Tags, []string{"content-warning", p.Warning}) // NIP-36
	}
	if language, _, _ := strings.Cut(p.Language, "-"); len(language) == 2 { // NIP-32
		e.Tags = append(e.Tags, []string{"L", "ISO-639-1"}, []string{"l", language, "ISO-639-1"})
	}
	if p.Origin != "" {
		e.Tags = append(e.Tags, []string{"proxy", p.Origin, "activitypub"}) // NIP-48
	}
	if strings.TrimSpace(e.Content) == "" {
		return nil, network.Empty("Nostr")
	}
	if len(e.Content) > maxContent/2 {
		return nil, network.TooLong("Nostr", nil)
	}
	return e, nil
}

// add appends a tag of one value once.
func (e *Event) add(name, value string) {
	if value == "" || slices.ContainsFunc(e.Tags, func(t []string) bool { return t[0] == name && t[1] == value }) {
		return
	}
	e.Tags = append(e.Tags, []string{name, value})
}

// boost makes e a repost (NIP-18): kind 6 of a note, 16 of anything else.
func (e *Event) boost(ref social.Ref) {
	e.Kind = kindRepost
	e.Tags = append(e.Tags, []string{"e", ref.ID, ref.Relay})
	if isHex32(ref.Author) {
		e.add("p", ref.Author)
	}
	if k := kindOf(ref); k != kindNote {
		e.Kind = kindGeneric
		e.add("k", strconv.Itoa(k))
	}
}

// thread tags what p answers (NIP-10, marked).
func (e *Event) thread(p *social.Part) {
	if p.Parent.Zero() {
		return
	}
	root := p.Root
	if root.Zero() {
		root = p.Parent
	}
	e.Tags = append(e.Tags, []string{"e", root.ID, root.Relay, "root", root.Author})
	if root.ID != p.Parent.ID {
		e.Tags = append(e.Tags, []string{"e", p.Parent.ID, p.Parent.Relay, "reply", p.Parent.Author})
	}
	for _, author := range []string{p.Parent.Author, root.Author} {
		if isHex32(author) {
			e.add("p", author)
		}
	}
}

// text is the content: mentions become references to keys (NIP-27), the rest
// stays as it is.
func (e *Event) text(p *social.Part) string {
	var b strings.Builder
	at := 0
	for _, s := range p.Spans {
		if s.From < at || s.To < s.From || s.To > len(p.Text) {
			continue
		}
		switch s.Kind {
		case social.SpanTag:
			e.add("t", strings.ToLower(s.Target))
		case social.SpanMention:
			key := s.Target
			if d, err := decodePointer(strings.TrimPrefix(key, "nostr:")); err == nil && (d.prefix == "npub" || d.prefix == "nprofile") {
				key = d.id
			}
			if !isHex32(key) {
				continue
			}
			b.WriteString(p.Text[at:s.From] + "nostr:" + npub(key))
			at = s.To
			e.add("p", key)
		}
	}
	b.WriteString(p.Text[at:])
	return b.String()
}

// types of files by the ending of their address: a table, because the
// machine's own would make another event elsewhere.
var types = map[string]string{".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
	".mp4": "video/mp4", ".webm": "video/webm", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".m4a": "audio/mp4"}

// files puts the public addresses of p's media into the text, each with imeta (NIP-92).
func (e *Event) files(p *social.Part) {
	for _, f := range p.Media {
		if f.URL == "" {
			continue
		}
		if !strings.Contains(e.Content, f.URL) {
			e.append("\n", f.URL)
		}
		tag := []string{"imeta", "url " + f.URL}
		if m := types[strings.ToLower(path.Ext(f.URL))]; m != "" {
			tag = append(tag, "m "+m)
		}
		if f.Width > 0 && f.Height > 0 {
			tag = append(tag, "dim "+strconv.Itoa(f.Width)+"x"+strconv.Itoa(f.Height))
		}
		if f.Alt != "" {
			tag = append(tag, "alt "+f.Alt)
		}
		e.Tags = append(e.Tags, tag)
	}
}

func (e *Event) append(gap, s string) {
	if e.Content != "" {
		e.Content += gap
	}
	e.Content += s
}

// quote tags and names what is quoted (NIP-18, "Quote reposts").
func (e *Event) quote(ref social.Ref) {
	if ref.Zero() {
		return
	}
	e.Tags = append(e.Tags, []string{"q", ref.ID, ref.Relay, ref.Author})
	if isHex32(ref.Author) {
		e.add("p", ref.Author)
	}
	if !strings.Contains(e.Content, encode32("note", ref.ID)) {
		e.append("\n\n", "nostr:"+Nevent(ref.ID, ref.Author, ref.Relay))
	}
}
