package nostr

import (
	"html"
	"net/url"
	"strings"

	"engawa/internal/markup"
	"engawa/social"
)

// show makes HTML of a note: addresses, tags and references (NIP-27) become
// links; addresses of media become Media and leave the text, so does the
// reference to what is quoted.
func (w *world) show(it *social.Item, text string) string {
	b := &page{w: w, it: it}
	at := 0
	for _, s := range markup.Scan(text) {
		if s.Kind != markup.SpanURL && s.Kind != markup.SpanTag || s.Start < at {
			continue
		}
		b.references(text[at:s.Start])
		at = s.End
		shown := text[s.Start:s.End]
		if s.Kind == markup.SpanTag {
			b.link(w.n.gateway()+"/t/"+url.PathEscape(strings.ToLower(s.Name)), shown)
		} else if !b.file(shown) {
			b.link(shown, shown)
		}
	}
	b.references(text[at:])
	out := strings.Trim(b.String(), "\n ")
	if out == "" {
		return ""
	}
	out = strings.ReplaceAll(out, "\n\n", "</p><p>")
	return "<p>" + strings.ReplaceAll(out, "\n", "<br>") + "</p>"
}

// page is HTML in the making, with new lines still as they are.
type page struct {
	strings.Builder
	w  *world
	it *social.Item
}

func (b *page) link(href, shown string) {
	b.WriteString(`<a href="` + html.EscapeString(href) + `">` + html.EscapeString(shown) + "</a>")
}

// file takes an address out of the text when it is one of a file.
func (b *page) file(address string) bool {
	for _, m := range b.it.Media {
		if m.RemoteURL == address {
			return true
		}
	}
	kind := typeOf(address)
	if kind == "" || len(b.it.Media) >= 16 || web(address) == "" {
		return false
	}
	b.it.Media = append(b.it.Media, social.Media{RemoteURL: address, ContentType: kind, Kind: mediaKind(kind)})
	return true
}

// references writes text with its nostr: identifiers as links.
func (b *page) references(text string) {
	for {
		i := strings.Index(text, "nostr:")
		if i < 0 {
			b.WriteString(html.EscapeString(text))
			return
		}
		end := i + len("nostr:")
		for end < len(text) && (text[end] >= 'a' && text[end] <= 'z' || text[end] >= '0' && text[end] <= '9') {
			end++
		}
		b.WriteString(html.EscapeString(text[:i]))
		b.reference(text[i:end])
		text = text[end:]
	}
}

func (b *page) reference(shown string) {
	id := strings.TrimPrefix(shown, "nostr:")
	p, err := decodePointer(id)
	switch {
	case err != nil || p.prefix == "nsec":
		b.WriteString(html.EscapeString(shown))
	case p.prefix == "npub" || p.prefix == "nprofile":
		s, _ := b.w.n.known(p.id)
		name := s.Display
		if name == "" {
			name = s.Name[:min(len(s.Name), 12)] + "…"
		}
		b.link(s.URL, "@"+name)
	case b.it.Quote != nil && b.it.Quote.Ref.ID == p.id: // it is shown below
	default:
		b.link(b.w.n.gateway()+"/"+id, id[:min(len(id), 12)]+"…")
	}
}
