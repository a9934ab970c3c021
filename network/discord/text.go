package discord

import (
	"strings"

	"engawa/network"
	"engawa/social"
)

// content is the text of p in Discord's Markdown: what is plain is escaped,
// links stay links, a warning stands before the text, which is covered (||…||).
func content(p *social.Part) string {
	var b strings.Builder
	if p.Warning != "" {
		b.WriteString("**")
		b.WriteString(escape(p.Warning, true))
		b.WriteString("**\n")
	}
	if u := address(p.Parent); u != "" {
		b.WriteString("-# ↩ <" + u + ">\n")
	}
	if p.Text == "" {
		return strings.TrimSuffix(b.String(), "\n")
	}
	if p.Warning != "" {
		b.WriteString("||")
	}
	start := true
	for _, piece := range network.Pieces(p.Text, p.Spans) {
		if piece.Kind == social.SpanLink && safe(piece.Target) {
			b.WriteString(link(piece, p.Warning != ""))
		} else {
			b.WriteString(escape(piece.Text, start))
		}
		start = strings.HasSuffix(piece.Text, "\n")
	}
	if p.Warning != "" {
		b.WriteString("||")
	}
	return b.String()
}

// link writes a link: as it is where its text is its address, else masked. In
// a covered text the address stands in <>, so that no preview uncovers it.
func link(p network.Piece, covered bool) string {
	if p.Text != p.Target && !strings.HasPrefix(p.Text, "http://") && !strings.HasPrefix(p.Text, "https://") {
		target := strings.NewReplacer("(", "%28", ")", "%29").Replace(p.Target)
		if covered {
			target = "<" + target + ">"
		}
		return "[" + escape(p.Text, false) + "](" + target + ")"
	}
	if covered {
		return "<" + p.Target + ">"
	}
	return p.Target
}

// safe reports whether u may stand in a message as a web address.
func safe(u string) bool {
	return (strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")) &&
		len(u) <= 1500 && !strings.ContainsAny(u, " \t\r\n<>|")
}

// escape keeps text from being read as Markdown, a mention, an emoji or a time.
// Web addresses in it stay whole. start: it begins a line.
func escape(text string, start bool) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/8)
	for i := 0; i < len(text); i++ {
		if n := webAddress(text[i:]); n > 0 {
			b.WriteString(text[i : i+n])
			i += n - 1
			start = false
			continue
		}
		c := text[i]
		if strings.IndexByte("\\*_~`|<[]", c) >= 0 || start && marksLine(text[i:]) {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
		start = c == '\n' || start && c == ' '
	}
	return b.String()
}

// marksLine reports whether s, at the start of a line, begins a heading, a
// quotation, a list or small text.
func marksLine(s string) bool { return strings.IndexByte("#>-+", s[0]) >= 0 }

// webAddress is the length of the web address that s begins with, or 0.
func webAddress(s string) int {
	if !safeStart(s) {
		return 0
	}
	if i := strings.IndexAny(s, " \t\r\n<>|\"`\\　"); i >= 0 {
		return i
	}
	return len(s)
}

func safeStart(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}
