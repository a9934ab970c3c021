package mastodon

import (
	"strings"

	"engawa/internal/markup/mfm"
	"engawa/social"
)

// A reaction is put on by PUT and DELETE
// /api/v1/pleroma/statuses/{id}/reactions/{emoji}, which Mastodon lacks: an
// emoji of Unicode, or a custom one as name, :name: or name@host.

// maxReaction bounds the text of a reaction, in bytes.
const maxReaction = 512

// reactionOf reads the emoji of the path, as it is stored.
func (a *API) reactionOf(c *call) (string, *social.Emoji, error) {
	unknown := badInput("emoji", "Validation failed: Name is not a recognized emoji")
	text := c.PathValue("emoji")
	if text == "" || len(text) > maxReaction || strings.ContainsRune(text, 0) {
		return "", nil, unknown
	}
	if mfm.EmojiLen(text) == len(text) {
		return text, nil, nil
	}
	name, domain, _ := strings.Cut(strings.Trim(text, ":"), "@")
	if domain == "" || domain == "." {
		domain = a.Home.Info.Domain
	}
	e, err := a.Home.Store.EmojiByCode(c.ctx, name, strings.ToLower(domain))
	if social.IsKind(err, social.NotFound) {
		return "", nil, unknown
	}
	if err != nil {
		return "", nil, err
	}
	if e.Domain == a.Home.Info.Domain {
		return ":" + e.Shortcode + ":", e, nil
	}
	return ":" + e.Shortcode + "@" + e.Domain + ":", e, nil
}
