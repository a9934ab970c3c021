package slack

import (
	"strings"
	"unicode/utf8"

	"engawa/network"
	"engawa/social"
)

// message is what a webhook takes. Text is what notifications show, and all
// there is where Blocks are none.
type message struct {
	Text   string  `json:"text"`
	Markup bool    `json:"mrkdwn"`
	Blocks []block `json:"blocks,omitempty"`
}

// block is a section or an image (Block Kit).
type block struct {
	Type  string `json:"type"`
	Text  *text  `json:"text,omitempty"`
	Image string `json:"image_url,omitempty"`
	Alt   string `json:"alt_text,omitempty"`
}

type text struct {
	Type     string `json:"type"` // plain_text or mrkdwn
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim,omitempty"` // of mrkdwn: finds no links and mentions by itself
}

// coverLines is how many lines keep a warned text out of sight.
const coverLines = 8

// messageOf writes p. A text alone is sent without Slack's marks, so that *
// and _ stay what they are; with pictures it becomes blocks. Slack has no
// covers: a warning stands some lines above what it warns of, and what is
// sensitive is a link.
func messageOf(p *social.Part) *message {
	paragraphs := []string{}
	if p.Warning != "" {
		paragraphs = append(paragraphs, escape("⚠️ "+p.Warning)+strings.Repeat("\n.", coverLines))
	}
	if p.Text != "" {
		paragraphs = append(paragraphs, written(p))
	}
	covered := p.Sensitive || p.Warning != ""
	var images []block
	for _, f := range p.Media {
		switch {
		case !web(f.URL):
			continue
		case f.Kind == social.Image && !covered && len(images) < maxImages:
			images = append(images, block{Type: "image", Image: f.URL, Alt: alt(f)})
		default:
			paragraphs = append(paragraphs, "<"+escape(f.URL)+"|"+escape("📎 "+strings.ReplaceAll(alt(f), "|", "¦"))+">")
		}
	}
	for _, u := range []string{address(p.Quote), address(p.Boost), p.Link} {
		if web(u) {
			paragraphs = append(paragraphs, "<"+escape(u)+">")
		}
	}
	m := &message{Text: strings.Join(paragraphs, "\n\n")}
	if len(images) == 0 {
		return m
	}
	for _, s := range sections(m.Text) {
		m.Blocks = append(m.Blocks, block{Type: "section", Text: s})
	}
	m.Blocks = append(m.Blocks, images...)
	if m.Text == "" { // for notifications
		m.Text = escape(images[0].Alt)
	}
	return m
}

// written is the text of p with its links as <address|text>.
func written(p *social.Part) string {
	var b strings.Builder
	for _, piece := range network.Pieces(p.Text, p.Spans) {
		switch {
		case piece.Kind != social.SpanLink || !web(piece.Target):
			b.WriteString(escape(piece.Text))
		case piece.Text == piece.Target:
			b.WriteString("<" + escape(piece.Target) + ">")
		default:
			b.WriteString("<" + escape(piece.Target) + "|" + escape(strings.ReplaceAll(piece.Text, "|", "¦")) + ">")
		}
	}
	return b.String()
}

// sections cuts an escaped text at line ends, else anywhere but in a link or an
// entity, into pieces that a section takes. A piece without links is plain text,
// in which no character is a mark.
func sections(s string) (out []*text) {
	for s != "" {
		head := fits(s)
		s2 := strings.TrimSuffix(head, "\n")
		switch {
		case strings.TrimSpace(s2) == "":
		case strings.Contains(s2, "<"):
			out = append(out, &text{Type: "mrkdwn", Text: s2, Verbatim: true})
		default:
			out = append(out, &text{Type: "plain_text", Text: unescape.Replace(s2)})
		}
		s = s[len(head):]
	}
	return out
}

// fits is the beginning of s that goes into one section.
func fits(s string) string {
	if utf8.RuneCountInString(s) <= maxSection {
		return s
	}
	end := 0
	for n := 0; n < maxSection; n++ {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	head := s[:end]
	if i := strings.LastIndexByte(head, '\n'); i > end/2 {
		return head[:i+1]
	}
	if i := strings.LastIndexByte(head, '<'); i > 0 && i > strings.LastIndexByte(head, '>') {
		return head[:i]
	}
	if i := strings.LastIndexByte(head, '&'); i > 0 && end-i < len("&amp;") && i > strings.LastIndexByte(head, ';') {
		return head[:i]
	}
	return head
}

var (
	escaper  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// escape writes the three characters that Slack reads as its own (Escaping text).
func escape(s string) string { return escaper.Replace(s) }

func address(r social.Ref) string {
	if web(r.URL) {
		return r.URL
	}
	return r.URI
}

// web reports whether u is a web address that can stand in <…>.
func web(u string) bool {
	return (strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")) && len(u) <= 2000 && !strings.ContainsAny(u, " \t\r\n<>|")
}

// alt is a file's description, which Slack needs.
func alt(f social.PartFile) string {
	a := f.Alt
	if r := []rune(a); len(r) > maxAlt {
		a = string(r[:maxAlt])
	}
	if strings.TrimSpace(a) == "" {
		return string(f.Kind)
	}
	return a
}
