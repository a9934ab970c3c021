package auth

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// touchEvery is how exact the last use of tokens and sessions is.
const touchEvery = 15 * time.Minute

// touched notes that a token is in use, now and then.
func (g *Grants) touched(ctx context.Context, t *social.Token) {
	now := clock.Millis(g.now())
	if now-t.UsedAt < touchEvery.Milliseconds() {
		return
	}
	_ = g.Store.Write(ctx, func(tx social.Tx) error { // it only dates a list
		if err := tx.TouchToken(ctx, t.ID, now); err != nil || t.User == 0 {
			return err
		}
		return tx.TouchUser(ctx, t.User, now)
	})
}

// seen notes that a browser is in use, now and then.
func (a *Auth) seen(ctx context.Context, s *social.Session) {
	now := clock.Millis(a.Home.Clock.Now())
	if now-s.SeenAt < touchEvery.Milliseconds() {
		return
	}
	_ = a.Home.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.TouchSession(ctx, s.Hash, now); err != nil {
			return err
		}
		return tx.TouchUser(ctx, s.User, now)
	})
}

// SessionOf is the hash of a request's session, nil without one.
func SessionOf(r *http.Request) []byte {
	c, err := r.Cookie(cookieName)
	if err != nil || c.Value == "" {
		return nil
	}
	return Hash(c.Value)
}

// EndToken revokes one token of a User; its streams and pushes end with it.
func (a *Auth) EndToken(ctx context.Context, u *social.User, id social.ID) error {
	err := a.Home.Store.Write(ctx, func(tx social.Tx) error {
		return tx.RevokeTokenOf(ctx, u.ID, id, clock.Millis(a.Home.Clock.Now()))
	})
	if err == nil {
		a.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Token: id})
	}
	return err
}

// EndSession logs a browser of a User out.
func (a *Auth) EndSession(ctx context.Context, u *social.User, hash []byte) error {
	return a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.DropSessionOf(ctx, u.ID, hash) })
}

// EndOthers logs out everything of a User but one browser.
func (a *Auth) EndOthers(ctx context.Context, u *social.User, but []byte) error {
	now := clock.Millis(a.Home.Clock.Now())
	err := a.Home.Store.Write(ctx, func(tx social.Tx) error {
		all, err := tx.Sessions(ctx, u.ID, 0)
		if err != nil {
			return err
		}
		for i := range all {
			if bytes.Equal(all[i].Hash, but) {
				continue
			}
			if err := tx.DropSessionOf(ctx, u.ID, all[i].Hash); err != nil {
				return err
			}
		}
		_, err = tx.RevokeTokens(ctx, u.ID, 0, now)
		return err
	})
	if err != nil {
		return err
	}
	a.dropSteps(u.ID)
	a.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Actor: u.ID})
	return nil
}
