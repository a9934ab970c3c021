package x

import (
	"html"
	"strings"

	"golang.org/x/text/unicode/norm"

	"engawa/social"
)

// sameText reports whether t says what p says and stands where p stands.
func sameText(t *post, p *social.Part) bool {
	return t.related("replied_to") == p.Parent.ID && t.related("quoted") == p.Quote.ID &&
		plain(t.said(), !p.Parent.Zero()) == plain(p.Text, !p.Parent.Zero())
}

// said is the text of t as it was sent: X shortens addresses, adds those of
// media and of what is quoted, and escapes & < >.
func (t *post) said() string {
	text, entities := t.Text, t.Entities
	if t.Note != nil && t.Note.Text != "" { // a long post of Premium
		text, entities = t.Note.Text, t.Note.Entities
	}
	for _, u := range entities.URLs {
		if u.URL == "" {
			continue
		}
		whole := u.Expanded
		if u.MediaKey != "" || t.appended(u) {
			whole = ""
		}
		text = strings.Replace(text, u.URL, whole, 1)
	}
	return html.UnescapeString(text)
}

// appended reports whether X put u at the end by itself: the address of media
// or of the quoted post.
func (t *post) appended(u entityURL) bool {
	quoted := t.related("quoted")
	return strings.Contains(u.Expanded, "/photo/") || strings.Contains(u.Expanded, "/video/") ||
		quoted != "" && strings.HasSuffix(u.Expanded, "/status/"+quoted)
}

// plain is a text with what X may change taken away: normal form, white space,
// schemes of addresses; for an answer the names in front, which X adds.
func plain(text string, answer bool) string {
	text = norm.NFC.String(text)
	text = strings.NewReplacer("https://", "", "http://", "").Replace(text)
	words := strings.Fields(text)
	for answer && len(words) > 1 && strings.HasPrefix(words[0], "@") {
		words = words[1:]
	}
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, "/")
	}
	return strings.Join(words, " ")
}
