package mail

import (
	"context"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// letter writes Parts as one letter of two alternatives, without recipient and id.
func (n *Network) letter(l *social.Login, s secret, parts []*social.Part) *gomail.Msg {
	m := n.blank()
	m.Subject(subject(parts))
	if len(parts) == 1 {
		thread(m, parts[0])
	}
	stop := n.HomeURL + UnsubscribePath + "?" + url.Values{"link": {l.ID.String()}, "key": {s.Key}}.Encode()
	if m.SetListUnsubscribeOneClick(stop) != nil { // RFC 8058 wants https
		m.SetListUnsubscribe(stop)
	}
	var text, page strings.Builder
	for i, p := range parts {
		if i > 0 {
			text.WriteString("\n\n――――――――――\n\n")
			page.WriteString("<hr>\n")
		}
		writeText(&text, p)
		writeHTML(&page, p)
	}
	fmt.Fprintf(&text, "\n\n-- \n%s\n%s\n", n.HomeName, stop)
	fmt.Fprintf(&page, "<p style=\"color:#777\"><small>%s · <a href=\"%s\">unsubscribe / 配信停止</a></small></p>\n", html.EscapeString(n.HomeName), html.EscapeString(stop))
	lang := parts[0].Language
	if !language.MatchString(lang) {
		lang = "und"
	}
	m.SetBodyString(gomail.TypeTextPlain, text.String())
	m.AddAlternativeString(gomail.TypeTextHTML, "<!DOCTYPE html>\n<html lang=\""+lang+"\"><body>\n"+page.String()+"</body></html>\n")
	return m
}

var language = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// blank is a letter from the home.
func (n *Network) blank() *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if m.FromFormat(n.HomeName, n.SMTP.From) != nil {
		_ = m.From(n.SMTP.From) // the server refuses what is no address
	}
	m.SetDateWithValue(n.Clock.Now())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	return m
}

// prove sends the letter that shows whose the address is.
func (n *Network) prove(ctx context.Context, to, back string) error {
	m := n.blank()
	m.Subject(n.HomeName + ": confirm this address / アドレスの確認")
	m.SetMessageID()
	if err := m.To(to); err != nil {
		return &social.LinkError{Class: social.FixPost, Message: locale.W("link.fail.mail_address"), Remedy: locale.W("link.do.mail_address"), Err: err}
	}
	m.SetBodyString(gomail.TypeTextPlain, "Somebody at "+n.HomeURL+" wants posts sent to this address. If it was you, open within a day:\n\n"+back+
		"\n\nElse do nothing: nothing will be sent.\n\n"+n.HomeURL+" で、このアドレスへの投稿の配信が申し込まれました。ご本人でしたら、24時間以内に上のリンクを開いてください。お心当たりがなければ、何もしないでください。\n")
	return n.hand(ctx, m)
}

// subject is the beginning of the first post, or its warning, and how many there are.
func subject(parts []*social.Part) string {
	s := parts[0].Text
	if w := parts[0].Warning; w != "" {
		s = "⚠ " + w
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 70 {
		s = string(r[:69]) + "…"
	}
	if s == "" {
		s = "✉"
	}
	if len(parts) > 1 {
		s = fmt.Sprintf("[%d] %s", len(parts), s)
	}
	return s
}

var msgID = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,200}@[A-Za-z0-9.:-]{1,255}$`)

// idOf is the Message-ID in a Ref, "" where it has none.
func idOf(r social.Ref) string {
	id := r.ID
	if at := strings.IndexByte(id, '@'); at >= 0 {
		if i := strings.IndexByte(id[at:], '#'); i >= 0 { // one of a digest
			id = id[:at+i]
		}
	}
	if !msgID.MatchString(id) {
		return ""
	}
	return "<" + id + ">"
}

// thread sets In-Reply-To and References (RFC 5322 §3.6.4).
func thread(m *gomail.Msg, p *social.Part) {
	parent, root := idOf(p.Parent), idOf(p.Root)
	if parent == "" {
		return
	}
	m.SetGenHeader(gomail.HeaderInReplyTo, parent)
	refs := parent
	if root != "" && root != parent {
		refs = root + " " + parent
	}
	m.SetGenHeader(gomail.HeaderReferences, refs)
}

// writeText writes a post as plain text. A warning stands some lines above
// what it warns of.
func writeText(b *strings.Builder, p *social.Part) {
	if p.Warning != "" {
		b.WriteString("⚠ " + p.Warning + "\n.\n.\n.\n.\n.\n.\n.\n.\n.\n")
	}
	for _, piece := range network.Pieces(p.Text, p.Spans) {
		b.WriteString(piece.Text)
		if piece.Kind == social.SpanLink && web(piece.Target) && piece.Text != piece.Target {
			b.WriteString(" <" + piece.Target + ">")
		}
	}
	for _, f := range p.Media {
		if web(f.URL) {
			b.WriteString("\n\n📎 ")
			if f.Alt != "" {
				b.WriteString(f.Alt + "\n")
			}
			b.WriteString(f.URL)
		}
	}
	for _, u := range links(p) {
		b.WriteString("\n\n" + u)
	}
}

var paragraphs = strings.NewReplacer("\n\n", "</p>\n<p>", "\n", "<br>\n")

// writeHTML writes a post as HTML. What is warned of is folded away where the
// reader's program can.
func writeHTML(b *strings.Builder, p *social.Part) {
	if p.Warning != "" {
		b.WriteString("<details><summary>⚠ " + html.EscapeString(p.Warning) + "</summary>\n")
	}
	b.WriteString("<p>")
	for _, piece := range network.Pieces(p.Text, p.Spans) {
		text := paragraphs.Replace(html.EscapeString(piece.Text))
		if piece.Kind == social.SpanLink && web(piece.Target) {
			text = `<a href="` + html.EscapeString(piece.Target) + `">` + html.EscapeString(piece.Text) + "</a>"
		}
		b.WriteString(text)
	}
	b.WriteString("</p>\n")
	for _, f := range p.Media {
		if !web(f.URL) {
			continue
		}
		shown := html.EscapeString("📎 " + f.Alt)
		if f.Kind == social.Image && !p.Sensitive && p.Warning == "" {
			shown = `<img src="` + html.EscapeString(f.URL) + `" alt="` + html.EscapeString(f.Alt) + `" style="max-width:100%">`
		}
		b.WriteString(`<p><a href="` + html.EscapeString(f.URL) + `">` + shown + "</a></p>\n")
	}
	for _, u := range links(p) {
		b.WriteString(`<p><a href="` + html.EscapeString(u) + `">` + html.EscapeString(u) + "</a></p>\n")
	}
	if p.Warning != "" {
		b.WriteString("</details>\n")
	}
}

// links are the pages that belong to a post: what it quotes or boosts, its own.
func links(p *social.Part) (out []string) {
	for _, r := range []social.Ref{p.Quote, p.Boost} {
		switch {
		case web(r.URL):
			out = append(out, r.URL)
		case web(r.URI):
			out = append(out, r.URI)
		}
	}
	if web(p.Link) {
		out = append(out, p.Link)
	}
	return out
}

func web(u string) bool {
	return (strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://")) && len(u) <= 2000 && !strings.ContainsAny(u, " \t\r\n<>\"")
}
