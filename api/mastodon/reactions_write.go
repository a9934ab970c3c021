package mastodon

import (
	"strings"

	"engawa/internal/markup/mfm"
	"engawa/social"
)

// React and unreact are PUT and DELETE
// /api/v1/pleroma/statuses/{id}/reactions/{emoji}, which Mastodon lacks: an
// emoji of Unicode, or a custom one as name, :name: or name@host.

func react(a *API, c *call) (any, error) {
	p, err := a.seenPost(c)
	if err != nil {
		return nil, err
	}
	content, emoji, err := a.reactionOf(c)
	if err != nil {
		return nil, err
	}
	if _, err := a.do(c, social.Like, &social.ReactionDraft{Post: p.ID, Content: content, Emoji: emoji}); err != nil {
		return nil, err
	}
	return a.answerStatus(c, p.ID)
}

func unreact(a *API, c *call) (any, error) {
	p, err := a.seenPost(c)
	if err != nil {
		return nil, err
	}
	content, _, err := a.reactionOf(c)
	if err != nil {
		return nil, err
	}
	if _, err := a.do(c, social.Undo, &social.Undoing{What: social.ObjLike, Post: p.ID, Content: content}); err != nil {
		return nil, err
	}
	return a.answerStatus(c, p.ID)
}

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
