package page

import (
	"html/template"
	"strings"
)

// maxEmojis bounds the images that take the place of shortcodes in one text.
const maxEmojis = 200

// emojified puts images in the place of :shortcode: in the text of sanitised
// markup; tags, and what stands in code or pre, are left as they are.
func emojified(markup HTML, emojis []Emoji) HTML {
	s := string(markup)
	if len(emojis) == 0 || !strings.Contains(s, ":") {
		return markup
	}
	var b strings.Builder
	left, verbatim := maxEmojis, 0
	for s != "" {
		text, rest, _ := cutBefore(s, '<')
		if verbatim > 0 {
			b.WriteString(text)
		} else {
			left = writeEmojis(&b, text, emojis, left)
		}
		end := strings.IndexByte(rest, '>') + 1
		if end == 0 {
			end = len(rest)
		}
		verbatim = max(0, verbatim+verbatimStep(rest[:end]))
		b.WriteString(rest[:end])
		s = rest[end:]
	}
	return HTML(b.String())
}

// verbatimStep is +1 for a tag that opens code or pre, -1 for one that ends it.
func verbatimStep(tag string) int {
	for _, name := range [...]string{"code", "pre"} {
		if strings.HasPrefix(tag, "</"+name) {
			return -1
		}
		if strings.HasPrefix(tag, "<"+name+">") || strings.HasPrefix(tag, "<"+name+" ") {
			return 1
		}
	}
	return 0
}

func cutBefore(s string, c byte) (before, rest string, found bool) {
	if i := strings.IndexByte(s, c); i >= 0 {
		return s[:i], s[i:], true
	}
	return s, "", false
}

// writeEmojis writes escaped text with at most left images and says how many
// more may follow.
func writeEmojis(b *strings.Builder, text string, emojis []Emoji, left int) int {
	for text != "" {
		before, rest, found := cutBefore(text, ':')
		b.WriteString(before)
		if !found {
			return left
		}
		code, _, closed := strings.Cut(rest[1:], ":")
		url := ""
		if closed && left > 0 {
			url = emojiURL(code, emojis)
		}
		if url == "" {
			b.WriteByte(':')
			text = rest[1:]
			continue
		}
		left--
		alt := template.HTMLEscapeString(":" + code + ":")
		b.WriteString(`<img class="emoji" src="` + template.HTMLEscapeString(url) + `" alt="` + alt + `" title="` + alt + `" height="20" loading="lazy">`)
		text = rest[len(code)+2:]
	}
	return left
}

// emojiURL finds an emoji's picture. A shortcode that holds anything but
// letters, digits, underscores, dots, @, + and hyphens is none (T72).
func emojiURL(code string, emojis []Emoji) string {
	if code == "" || len(code) > 320 || strings.ContainsAny(code, " <>&\"'=/\\\n") {
		return ""
	}
	for _, e := range emojis {
		if e.Shortcode == code {
			return web(e.URL)
		}
	}
	return ""
}

// nameHTML is an actor's name, bounded and escaped, with its emojis; the
// handle's own name where there is none.
func nameHTML(a ActorView) HTML {
	name := tidy(a.Name, maxName)
	if name == "" {
		name = handleName(a)
	}
	return emojified(HTML(template.HTMLEscapeString(name)), a.Emojis)
}

// plainName is an actor's name where no image can stand: without its emojis.
func plainName(a ActorView) string {
	name := a.Name
	for i, e := range a.Emojis {
		if i == maxEmojis || len(name) > maxURL {
			break
		}
		name = strings.ReplaceAll(name, ":"+e.Shortcode+":", "")
	}
	if name = tidy(name, maxName); name != "" {
		return name
	}
	return handleName(a)
}

func handleName(a ActorView) string {
	name, _, _ := strings.Cut(a.Handle, "@")
	return tidy(name, maxName)
}
