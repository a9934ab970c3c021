package mastodon

import (
	"net/http"

	"engawa/internal/clock"
	"engawa/social"
)

// createStatus is POST /api/v1/statuses: a Post, or with scheduled_at one that waits.
func createStatus(a *API, c *call) (any, error) {
	s, err := readSaying(c)
	if err != nil {
		return nil, err
	}
	now := a.Home.Clock.Now()
	at, err := scheduled(c.in, now)
	if err != nil {
		return nil, err
	}
	if at != 0 {
		return a.schedule(c, s, at)
	}
	if known, err := a.knownByKey(c, s.Idempotency); known != 0 || err != nil {
		if err != nil {
			return nil, err
		}
		return a.answerStatus(c, known)
	}
	d, err := a.compose(c.ctx, c.grant.User, s)
	if err != nil {
		return nil, err
	}
	res, err := a.do(c, social.Create, d)
	if err != nil {
		return nil, err
	}
	return a.answerStatus(c, res.Post.ID)
}

// keyAge is how long an Idempotency-Key is remembered.
const keyAge = 3_600_000

// knownByKey finds what the same key made within the last hour, zero for nothing.
func (a *API) knownByKey(c *call, key *string) (social.ID, error) {
	if key == nil {
		return 0, nil
	}
	id, err := a.Home.Store.IdempotentPost(c.ctx, c.me(), *key, clock.Millis(a.Home.Clock.Now())-keyAge)
	if social.IsKind(err, social.NotFound) {
		return 0, nil
	}
	return id, err
}

// updateStatus is PUT /api/v1/statuses/{id}.
func updateStatus(a *API, c *call) (any, error) {
	old, err := a.ownPost(c)
	if err != nil {
		return nil, err
	}
	if old.BoostOf != 0 {
		return nil, social.ErrNotFound
	}
	s, err := readSaying(c)
	if err != nil {
		return nil, err
	}
	d, err := a.recompose(c.ctx, c.grant.User, s, old)
	if err != nil {
		return nil, err
	}
	details, err := a.mediaDetails(c, d.MediaIDs)
	if err != nil {
		return nil, err
	}
	// The descriptions go first: the neighbours are told once, of all of it.
	if err := a.putMedia(c, details); err != nil {
		return nil, err
	}
	if _, err := a.do(c, social.Update, d); err != nil {
		return nil, err
	}
	return a.answerStatus(c, old.ID)
}

// ownPost is the Post of the path, which its writer alone changes; to others it
// is not there.
func (a *API) ownPost(c *call) (*social.Post, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	p, err := a.Home.Store.Post(c.ctx, id)
	if err != nil {
		return nil, err
	}
	if p.Actor != c.me() {
		return nil, social.ErrNotFound
	}
	return p, nil
}

// deleteStatus is DELETE /api/v1/statuses/{id}. The answer is what was there,
// with its source, to be written anew; its media stay for that unless
// delete_media says otherwise.
func deleteStatus(a *API, c *call) (any, error) {
	p, err := a.ownPost(c)
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PostFor(c.ctx, c.viewer(), p.ID)
	if err != nil {
		return nil, err
	}
	s, err := a.statusIn(c.ctx, c.viewer(), l)
	if err != nil {
		return nil, err
	}
	if p.BoostOf == 0 {
		text := p.Source
		s.Text = &text
	}
	if _, err := a.do(c, social.Delete, &social.PostRef{Post: p.ID}); err != nil {
		return nil, err
	}
	if c.in.flag("delete_media", false) {
		for i := range l.Media[p.ID] {
			if err := a.removeMedia(c, &l.Media[p.ID][i]); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// reblog is POST /api/v1/statuses/{id}/reblog: the answer is the Boost.
func reblog(a *API, c *call) (any, error) {
	p, err := a.seenPost(c)
	if err != nil {
		return nil, err
	}
	audience := c.grant.User.Settings.Audience
	if name := c.in.text("visibility"); name != "" {
		var ok bool
		if audience, ok = social.ParseAudience(name); !ok {
			return nil, badInput("visibility", "Validation failed: Visibility is not one of public, unlisted, private")
		}
	}
	if audience == social.Direct {
		audience = social.Followers // nobody is named in a Boost
	}
	res, err := a.do(c, social.Announce, &social.PostRef{Post: p.ID, Audience: audience})
	if err != nil {
		return nil, err
	}
	if res.Post == nil { // another request of the same moment made it
		if res.Post, err = a.Home.Store.BoostOf(c.ctx, c.me(), p.ID); err != nil {
			return nil, err
		}
	}
	return a.answerStatus(c, res.Post.ID)
}

// seenPost is the Post of the path, or the one it passes on, if the viewer may see it.
func (a *API) seenPost(c *call) (*social.Post, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	l, err := a.Home.PostFor(c.ctx, c.viewer(), id)
	if err != nil {
		return nil, err
	}
	return subject(l), nil
}

// interactionPolicy is PUT /api/v1/statuses/{id}/interaction_policy: who may
// quote from now on. It is no edit: the text stays as old as it is.
func interactionPolicy(a *API, c *call) (any, error) {
	p, err := a.ownPost(c)
	if err != nil {
		return nil, err
	}
	q, err := parsePolicy("quote_approval_policy", c.in.text("quote_approval_policy"))
	if err != nil {
		return nil, err
	}
	if p.BoostOf != 0 {
		return nil, social.ErrNotFound
	}
	if err := a.Home.SetQuotePolicy(c.ctx, c.viewer(), p.ID, q); err != nil {
		return nil, err
	}
	return a.answerStatus(c, p.ID)
}

// revokeQuote is POST /api/v1/statuses/{id}/quotes/{quoting}/revoke: the quoted
// author takes consent back.
func revokeQuote(a *API, c *call) (any, error) {
	p, err := a.seenPost(c)
	if err != nil {
		return nil, err
	}
	if p.Actor != c.me() {
		return nil, &social.Error{Kind: social.Forbidden, Op: "revoke quote", Message: "This action is not allowed"}
	}
	quoting, err := c.pathID("quoting")
	if err != nil {
		return nil, err
	}
	q, err := a.Home.Store.Quote(c.ctx, quoting)
	if err != nil {
		return nil, err
	}
	if q.Quoted != p.ID {
		return nil, social.ErrNotFound
	}
	if _, err := a.do(c, social.Delete, &social.QuoteRef{Quoting: quoting}); err != nil {
		return nil, err
	}
	return a.answerStatus(c, quoting)
}

// vote is POST /api/v1/polls/{id}/votes.
func vote(a *API, c *call) (any, error) {
	p, err := a.seenPost(c)
	if err != nil {
		return nil, err
	}
	if !p.HasPoll {
		return nil, social.ErrNotFound
	}
	choices, err := c.in.numbers("choices")
	if err != nil {
		return nil, err
	}
	if _, err := a.do(c, social.Create, &social.Ballot{Post: p.ID, Choices: choices}); err != nil {
		return nil, err
	}
	l, err := a.Home.PostFor(c.ctx, c.viewer(), p.ID)
	if err != nil {
		return nil, err
	}
	s, err := a.statusIn(c.ctx, c.viewer(), l)
	if err != nil {
		return nil, err
	}
	return s.Poll, nil
}

// unprocessable is 422 with a text of its own.
func unprocessable(text string) error {
	return &statusError{http.StatusUnprocessableEntity, map[string]any{"error": text}}
}
