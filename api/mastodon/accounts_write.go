package mastodon

import (
	"strconv"
	"strings"

	"engawa/internal/clock"
	"engawa/internal/hostname"
	"engawa/social"
)

// target is the Actor of the path.
func (a *API) target(c *call) (*social.Actor, error) {
	id, err := c.pathID("id")
	if err != nil {
		return nil, err
	}
	return a.Home.Store.Actor(c.ctx, id)
}

// related makes of a change between the User and an Actor an operation that
// answers with the Relationship.
func related(change func(*API, *call, *social.Actor) error) func(*API, *call) (any, error) {
	return func(a *API, c *call) (any, error) {
		t, err := a.target(c)
		if err != nil {
			return nil, err
		}
		if err := change(a, c, t); err != nil {
			return nil, err
		}
		return a.relationshipTo(c, t.ID)
	}
}

// maxLanguages is how many languages a follow can be narrowed to.
const maxLanguages = 50

// follow asks to follow, or changes how somebody is followed: what is not said
// stays.
func follow(a *API, c *call, t *social.Actor) error {
	ask := &social.FollowAsk{Target: t.ID, Notify: c.in.optional("notify")}
	if reblogs := c.in.optional("reblogs"); reblogs != nil {
		hide := !*reblogs
		ask.HideBoosts = &hide
	}
	if c.in.has("languages") {
		languages := c.in.texts("languages")
		if len(languages) > maxLanguages {
			return badInput("languages", "Validation failed: Languages are too many (maximum is "+strconv.Itoa(maxLanguages)+")")
		}
		for _, l := range languages {
			if !isLanguage(l) {
				return badInput("languages", "Validation failed: Languages contain "+strconv.Quote(clip(l))+", which is no language code")
			}
		}
		ask.Languages = &languages
	}
	_, err := a.do(c, social.FollowVerb, ask)
	return err
}

func unfollow(a *API, c *call, t *social.Actor) error {
	_, err := a.do(c, social.Undo, &social.Undoing{What: social.ObjFollow, Actor: t.ID})
	return err
}

func block(a *API, c *call, t *social.Actor) error {
	_, err := a.do(c, social.BlockVerb, &social.ActorRef{Actor: t.ID})
	return err
}

func unblock(a *API, c *call, t *social.Actor) error {
	_, err := a.do(c, social.Undo, &social.Undoing{What: social.ObjBlock, Actor: t.ID})
	return err
}

// mute hides somebody: for duration seconds, or for good.
func mute(a *API, c *call, t *social.Actor) error {
	seconds, err := c.in.number("duration", 0)
	if err != nil {
		return err
	}
	const tooLong = 100 * 365 * 86_400
	if seconds < 0 || seconds > tooLong {
		return badInput("duration", "Validation failed: Duration must be seconds from 0 to "+strconv.Itoa(tooLong))
	}
	m := social.Mute{Actor: c.me(), Target: t.ID, HideNotifications: c.in.flag("notifications", true)}
	if seconds > 0 {
		m.Until = clock.Millis(a.Home.Clock.Now()) + int64(seconds)*1000
	}
	return a.Home.MuteActor(c.ctx, m)
}

func unmute(a *API, c *call, t *social.Actor) error {
	return a.Home.UnmuteActor(c.ctx, c.me(), t.ID)
}

// maxPrivateNote is Mastodon's limit for a private note, in characters.
const maxPrivateNote = 2000

func note(a *API, c *call, t *social.Actor) error {
	text := strings.TrimSpace(c.in.text("comment"))
	if len([]rune(text)) > maxPrivateNote {
		return badInput("comment", "Validation failed: Comment is too long (maximum is "+strconv.Itoa(maxPrivateNote)+" characters)")
	}
	return a.Home.Store.Write(c.ctx, func(tx social.Tx) error { return tx.PutNote(c.ctx, c.me(), t.ID, text) })
}

// removeFollower ends somebody's follow of the User; without one it does nothing.
func removeFollower(a *API, c *call, t *social.Actor) error {
	f, err := a.Home.Store.Follow(c.ctx, t.ID, c.me())
	if social.IsKind(err, social.NotFound) || (err == nil && f.Pending) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = a.do(c, social.Reject, &social.FollowAnswer{Follower: t.ID})
	return err
}

// answerRequest accepts or rejects a request to follow; without one it is not there.
func answerRequest(verb social.Verb) func(*API, *call, *social.Actor) error {
	return func(a *API, c *call, t *social.Actor) error {
		f, err := a.Home.Store.Follow(c.ctx, t.ID, c.me())
		if err != nil {
			return err
		}
		if !f.Pending {
			return social.ErrNotFound
		}
		_, err = a.do(c, verb, &social.FollowAnswer{Follower: t.ID})
		return err
	}
}

// domainOf reads and checks the parameter domain.
func domainOf(a *API, c *call) (string, error) {
	domain, err := hostname.Parse(strings.TrimSpace(c.in.text("domain")))
	if err != nil {
		return "", badInput("domain", "Validation failed: Domain is not a valid domain name")
	}
	if domain == a.Home.Info.Domain {
		return "", badInput("domain", "Validation failed: Domain is this home's own")
	}
	return domain, nil
}

func blockDomain(a *API, c *call) (any, error) {
	domain, err := domainOf(a, c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.BlockDomain(c.ctx, c.me(), domain)
}

func unblockDomain(a *API, c *call) (any, error) {
	domain, err := domainOf(a, c)
	if err != nil {
		return nil, err
	}
	return empty, a.Home.Store.Write(c.ctx, func(tx social.Tx) error {
		err := tx.DropDomainBlock(c.ctx, c.me(), domain)
		if social.IsKind(err, social.NotFound) {
			return nil
		}
		return err
	})
}
