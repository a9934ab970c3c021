// Package auth says who asks: log-in, sessions, OAuth apps and tokens, scopes,
// second factors. It speaks HTTP for its own pages; everybody else asks Grant.
package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// Grant is a token that was presented and holds.
type Grant struct {
	Token  social.ID
	App    social.ID
	Scopes []string
	User   *social.User // nil for an app that speaks for itself
	Actor  social.ID    // the User's, zero for an app
}

// Viewer is who looks with this Grant; a nil Grant is a stranger.
func (g *Grant) Viewer() social.Viewer {
	if g == nil || g.User == nil {
		return social.Viewer{}
	}
	return social.Viewer{Actor: g.Actor, User: true, Staff: g.User.Role != social.Member}
}

// Allows reports whether the Grant's scopes cover one of wanted.
func (g *Grant) Allows(wanted ...string) bool { return CoversAny(g.Scopes, wanted) }

// Grants looks tokens up and keeps those in use in memory for a while, until
// they are revoked or their User changes. It must be told of Events (Drop).
type Grants struct {
	Store social.Store
	Clock clock.Clock // nil: the machine's

	mu    sync.Mutex
	held  map[[sha256.Size]byte]kept
	drops int // how often something was dropped
}

// kept is a Grant in memory until a moment.
type kept struct {
	*Grant
	until time.Time
}

const (
	// maxGrants bounds the tokens kept in memory, grantLife how long: another
	// process may change what no Event tells of here.
	maxGrants = 4096
	grantLife = 30 * time.Second
)

// Hash is how a token, code or cookie is kept.
func Hash(text string) []byte {
	h := sha256.Sum256([]byte(text))
	return h[:]
}

// Bearer is the token of a request: the Authorization header, or, where a
// header cannot be set, the access_token parameter of the query.
func Bearer(r *http.Request) string {
	if h := r.Header.Get("Authorization"); len(h) > 7 && strings.EqualFold(h[:7], "Bearer ") {
		return strings.TrimSpace(h[7:])
	}
	return r.URL.Query().Get("access_token")
}

// Of returns the Grant of a request. No token is (nil, nil); a token that does
// not hold is an Unauthenticated error with Mastodon's words.
func (g *Grants) Of(ctx context.Context, r *http.Request) (*Grant, error) {
	text := Bearer(r)
	if text == "" {
		return nil, nil
	}
	return g.ByText(ctx, text)
}

// ByText returns the Grant of a token's text.
func (g *Grants) ByText(ctx context.Context, text string) (*Grant, error) {
	sum := sha256.Sum256([]byte(text))
	now := g.now()
	g.mu.Lock()
	held, drops := g.held[sum], g.drops
	g.mu.Unlock()
	if held.Grant != nil && now.Before(held.until) {
		return held.Grant, nil
	}
	grant, err := g.read(ctx, sum[:])
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drops != drops {
		return grant, nil // it may have been revoked while it was read: ask again next time
	}
	if g.held == nil || len(g.held) >= maxGrants {
		g.held = make(map[[sha256.Size]byte]kept)
	}
	g.held[sum] = kept{grant, now.Add(grantLife)}
	return grant, nil
}

func (g *Grants) now() time.Time {
	if g.Clock == nil {
		return time.Now()
	}
	return g.Clock.Now()
}

func (g *Grants) read(ctx context.Context, hash []byte) (*Grant, error) {
	t, err := g.Store.TokenByHash(ctx, hash)
	if social.IsKind(err, social.NotFound) || (err == nil && t.RevokedAt != 0) {
		return nil, refused("The access token is invalid")
	}
	if err != nil {
		return nil, err
	}
	g.touched(ctx, t)
	grant := &Grant{Token: t.ID, App: t.App, Scopes: t.Scopes}
	if t.User == 0 {
		return grant, nil
	}
	u, err := g.Store.User(ctx, t.User)
	if err != nil {
		return nil, err
	}
	if err := mayUse(ctx, g.Store, u); err != nil {
		return nil, err
	}
	grant.User, grant.Actor = u, u.ID
	g.touch(ctx, t, u)
	return grant, nil
}

// activeStep is how exact it is noted when a User was active.
const activeStep = time.Hour

// touch notes that a User is active, once in a while. That it cannot be noted
// keeps nobody out.
func (g *Grants) touch(ctx context.Context, t *social.Token, u *social.User) {
	now := g.now()
	if at := social.Moment(max(u.LastActiveAt, 0)); now.Sub(at) < activeStep && now.UTC().YearDay() == at.YearDay() {
		return
	}
	err := g.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.TouchToken(ctx, t.ID, clock.Millis(now)); err != nil {
			return err
		}
		return tx.TouchUser(ctx, u.ID, clock.Millis(now))
	})
	if err != nil {
		slog.Warn("that somebody is active could not be noted", "user", u.ID, "err", err)
	}
}

// MayUse says in Mastodon's words why a User may not use its account, if so.
func MayUse(u *social.User) error {
	switch {
	case u.DisabledAt != 0:
		return &social.Error{Kind: social.Forbidden, Op: "log in", Message: "Your login is currently disabled"}
	case u.ConfirmedAt == 0:
		return &social.Error{Kind: social.Forbidden, Op: "log in", Message: "Your login is missing a confirmed e-mail address"}
	case u.ApprovedAt == 0:
		return &social.Error{Kind: social.Forbidden, Op: "log in", Message: "Your login is currently pending approval"}
	}
	return nil
}

// mayUse is MayUse, for the Actor behind the User too: whom moderators
// suspended is let in nowhere.
func mayUse(ctx context.Context, store social.Store, u *social.User) error {
	if err := MayUse(u); err != nil {
		return err
	}
	a, err := store.Actor(ctx, u.ID)
	if err != nil {
		return err
	}
	if a.Suspended != 0 || a.State == social.ActorGone {
		return &social.Error{Kind: social.Forbidden, Op: "log in", Message: "Your login is currently disabled"}
	}
	return nil
}

func refused(message string) error {
	return &social.Error{Kind: social.Unauthenticated, Op: "check token", Message: message}
}

// Drop forgets what an Event says has changed: a revoked token, a changed User.
func (g *Grants) Drop(e social.Event) {
	if e.Type != social.TokenRevoked && e.Type != social.ActorChanged {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drops++
	for sum, grant := range g.held {
		if (e.Token != 0 && grant.Token == e.Token) || (e.Actor != 0 && grant.Actor == e.Actor) {
			delete(g.held, sum)
		}
	}
}
