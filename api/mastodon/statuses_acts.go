package mastodon

import "engawa/social"

// What a User does to a Post that it sees. Each of these answers with the Post
// as it is then.
var (
	favourite = onStatus(does(social.Like, func(p *social.Post) social.Object {
		return &social.ReactionDraft{Post: p.ID, Content: social.Favourite}
	}))
	unfavourite = onStatus(does(social.Undo, func(p *social.Post) social.Object {
		return &social.Undoing{What: social.ObjLike, Post: p.ID, Content: social.Favourite}
	}))
	unreblog   = onStatus(does(social.Undo, func(p *social.Post) social.Object { return &social.Undoing{What: social.ObjBoost, Post: p.ID} }))
	pin        = onStatus(does(social.Add, refTo))
	unpin      = onStatus(does(social.Remove, refTo))
	bookmark   = onStatus(keeps(true))
	unbookmark = onStatus(keeps(false))
	muteThread = onStatus(silences(true))
	hearThread = onStatus(silences(false))
	react      = onStatus(reacts(true))
	unreact    = onStatus(reacts(false))
)

// change is what is done to a Post.
type change func(*API, *call, *social.Post) error

// onStatus makes an operation of a change to the Post of the path, or of the one
// that it passes on.
func onStatus(do change) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		p, err := a.seenPost(c)
		if err != nil {
			return nil, err
		}
		if err := do(a, c, p); err != nil {
			return nil, err
		}
		return a.answerStatus(c, p.ID)
	}
}

// does is a change that others see.
func does(verb social.Verb, object func(*social.Post) social.Object) change {
	return func(a *API, c *call, p *social.Post) error {
		_, err := a.do(c, verb, object(p))
		return err
	}
}

func refTo(p *social.Post) social.Object { return &social.PostRef{Post: p.ID} }

// keeps bookmarks a Post, or lets it go.
func keeps(on bool) change {
	return func(a *API, c *call, p *social.Post) error { return a.Home.Bookmark(c.ctx, c.viewer(), p.ID, on) }
}

// silences stops the notifications of a thread, or lets them through again.
func silences(on bool) change {
	return func(a *API, c *call, p *social.Post) error { return a.Home.MuteThread(c.ctx, c.viewer(), p.ID, on) }
}

// reacts puts the emoji of the path on a Post, or takes it away.
func reacts(on bool) change {
	return func(a *API, c *call, p *social.Post) error {
		content, emoji, err := a.reactionOf(c)
		if err != nil {
			return err
		}
		if on {
			_, err = a.do(c, social.Like, &social.ReactionDraft{Post: p.ID, Content: content, Emoji: emoji})
		} else {
			_, err = a.do(c, social.Undo, &social.Undoing{What: social.ObjLike, Post: p.ID, Content: content})
		}
		return err
	}
}
