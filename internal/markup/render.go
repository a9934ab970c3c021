package markup

import (
	"fmt"
	"strings"

	"engawa/internal/markup/htmltoken"
	"engawa/internal/markup/mfm"
)

// Format says how a local text is written.
type Format string

// The formats of local texts.
const (
	Plain    Format = "plain"
	Markdown Format = "markdown"
	MFM      Format = "mfm"
)

// ParseFormat reads the name of a format or its media type; "" is Plain.
func ParseFormat(name string) (Format, error) {
	switch name {
	case "", "plain", "text/plain":
		return Plain, nil
	case "markdown", "text/markdown":
		return Markdown, nil
	case "mfm", "text/x.misskeymarkdown":
		return MFM, nil
	}
	return "", fmt.Errorf("format %q is unknown: use plain, markdown or mfm", name)
}

// Mention is an Actor that a text names.
type Mention struct {
	Handle string // as written, without the first @: user or user@host
	Name   string // what is shown behind the @: the user name
	URI    string // the actor's id
	URL    string // the actor's page; without a safe one, links lead to URI
}

// Options tell how a text is rendered. Without Resolve no mention becomes a
// link, without TagURL no tag; both stay text.
type Options struct {
	Format Format
	// Resolve finds who a handle (user or user@host) names; it is asked once
	// for each handle and at most MaxMentions times.
	Resolve func(handle string) (Mention, bool)
	// TagURL gives the page of a tag, of which it gets the NormalizeTag form.
	TagURL func(tag string) string
}

// The most that is taken from one text; what is beyond stays text.
const (
	MaxMentions = 100
	MaxTags     = 100
	MaxEmoji    = 100
	MaxURLs     = 100
	MaxTag      = 512 // bytes; a longer tag stays text
)

// Rendered is a local text as HTML, and what it names, each once and in order.
type Rendered struct {
	HTML     string    // for federation and clients
	Web      string    // MFM only: for our own client
	Mentions []Mention // those that Resolve knew
	Tags     []string  // as written, without #
	Emoji    []string  // shortcodes without colons, whether they exist or not
	URLs     []string
	// NeedsSource says that the source must be sent along (MFM only).
	NeedsSource bool
}

// Render makes HTML of a local text: plain text as p and br with links as
// Mastodon shapes them, Markdown (CommonMark, strikethrough, bare links; HTML
// in it is text), or MFM as Misskey federates it.
func Render(source string, o Options) Rendered {
	source = htmltoken.Valid(source, MaxSource)
	l := linker{o: &o}
	switch o.Format {
	case Markdown:
		l.out.HTML = renderMarkdown(source, &l)
	case MFM:
		renderMFM(source, &l)
	default:
		l.out.HTML = renderPlain(source, &l)
	}
	return l.out
}

func renderPlain(source string, l *linker) string {
	source = strings.Trim(source, " \t\r\n")
	if source == "" {
		return ""
	}
	buf := make([]byte, 0, len(source)+len(source)/2+128)
	buf = append(buf, "<p>"...)
	s := scanner{src: source}
	from := 0
	for {
		span, ok := s.next()
		if !ok {
			break
		}
		buf = appendLines(buf, source[from:span.Start])
		buf = l.append(buf, source, span)
		from = span.End
	}
	buf = appendLines(buf, source[from:])
	return string(append(buf, "</p>"...))
}

// appendLines escapes text; one line end is a br, several begin a paragraph.
func appendLines(buf []byte, text string) []byte {
	for {
		n := strings.IndexAny(text, "\r\n")
		if n < 0 {
			return htmltoken.AppendEscaped(buf, text, true)
		}
		buf = htmltoken.AppendEscaped(buf, text[:n], true)
		ends := 0
		for n < len(text) && (text[n] == '\n' || text[n] == '\r') {
			if text[n] == '\n' || n+1 == len(text) || text[n+1] != '\n' {
				ends++
			}
			n++
		}
		if ends > 1 {
			buf = append(buf, "</p><p>"...)
		} else {
			buf = append(buf, "<br>"...)
		}
		text = text[n:]
	}
}

func renderMFM(source string, l *linker) {
	nodes := mfm.Parse(source)
	o := mfm.Options{
		Mention: func(handle string) (string, bool) {
			m, ok := l.mention(handle)
			return m.URL, ok
		},
		Tag: func(tag string) string { return l.tag(tag) },
	}
	mfm.Walk(nodes, func(n *mfm.Node) {
		switch n.Kind {
		case mfm.EmojiCode:
			l.emoji(n.Text)
		case mfm.URL, mfm.Link:
			l.url(n.Text)
		}
	})
	l.out.HTML = mfm.HTML(nodes, o)
	l.out.Web = mfm.WebHTML(nodes, o)
	l.out.NeedsSource = mfm.NeedsSource(nodes)
}
