package auth

import (
	"cmp"
	"context"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

var overLink = &social.Error{Kind: social.NotFound, Op: "confirm", Message: "This link was used already, or has expired. Ask for a new one"}

// Proof is what a one-time link of a letter would confirm, before it is used.
func (a *Auth) Proof(ctx context.Context, token string) (*social.Proof, error) {
	p, err := a.Home.Store.Proof(ctx, Hash(token))
	if social.IsKind(err, social.NotFound) || (err == nil && (p.Until < clock.Millis(a.Home.Clock.Now()) || p.Value == "")) {
		return nil, overLink
	}
	return p, err
}

// Confirm uses a one-time link: the address becomes, or stays, that of its User.
// first: it is the one that the User signed up with.
func (a *Auth) Confirm(ctx context.Context, token string) (u *social.User, first bool, err error) {
	var jobs []social.Job
	err = a.Home.Store.Write(ctx, func(tx social.Tx) error {
		jobs = nil
		p, err := tx.TakeProof(ctx, Hash(token))
		if social.IsKind(err, social.NotFound) {
			return overLink
		}
		now := clock.Millis(a.Home.Clock.Now())
		if err != nil || p.Until < now || p.Value == "" {
			return cmp.Or[error](err, overLink)
		}
		was, err := tx.User(ctx, p.User)
		if err != nil {
			return err
		}
		next := *was
		first = was.ConfirmedAt == 0
		if first {
			next.ConfirmedAt = now
		}
		if next.Email = p.Value; was.Email != p.Value && was.Email != "" && a.Mail != nil {
			who, err := tx.Actor(ctx, was.ID)
			if err != nil {
				return err
			}
			if jobs, err = a.post(ctx, tx, &Letter{Kind: letterMoved, To: was.Email, Locale: was.Locale, Name: who.Handle()}); err != nil {
				return err
			}
		}
		u = &next
		return tx.PutUser(ctx, &next)
	})
	if err != nil {
		return nil, false, err
	}
	if len(jobs) > 0 {
		a.Home.Queue.Push(jobs)
	}
	a.Home.Bus.Publish(social.Event{Type: social.ActorChanged, Actor: u.ID})
	if first {
		err = a.Home.AnnounceSignUp(ctx, u.ID)
	}
	return u, first, err
}

// Resend writes the letter of a sign-up once more, to another address if one is
// given. Nothing tells whether the address has an account.
func (a *Auth) Resend(ctx context.Context, u *social.User, email string) error {
	if a.Mail == nil || u.ConfirmedAt != 0 {
		return nil
	}
	if err := a.try("resend", limit{"resend:" + u.ID.String(), 5, time.Hour}); err != nil {
		return err
	}
	return a.askProof(ctx, u, u.Email, email, letterConfirm)
}

// askProof sends a link to an address, or, where it has another account, word of
// that; the User's row keeps its own until the link is used.
func (a *Auth) askProof(ctx context.Context, u *social.User, had, email string, kind letterKind) error {
	if email = normalEmail(email); email == "" {
		email = had
	}
	if email == "" { // an account that can never be confirmed: its letter was sent
		return nil
	}
	if err := CheckEmail(email); err != nil {
		return err
	}
	known, err := a.known(ctx, email)
	if err != nil {
		return err
	}
	who, err := a.Home.Store.Actor(ctx, u.ID)
	if err != nil {
		return err
	}
	l := &Letter{Kind: kind, To: email, Locale: u.Locale, Name: who.Handle()}
	proves := email
	if known && email != had {
		l.Kind, proves = letterKnown, ""
	}
	var jobs []social.Job
	err = a.Home.Store.Write(ctx, func(tx social.Tx) (err error) {
		if l.Token, err = a.prove(ctx, tx, u.ID, proves); err != nil {
			return err
		}
		jobs, err = a.post(ctx, tx, l)
		return err
	})
	if err == nil {
		a.Home.Queue.Push(jobs)
	}
	return err
}

// ChangeEmail begins to give a User another address, once its password was
// checked: where the home sends mail, a link goes to the new one.
func (a *Auth) ChangeEmail(ctx context.Context, u *social.User, email string) error {
	email = normalEmail(email)
	if err := CheckEmail(email); err != nil {
		return err
	}
	if a.Mail == nil {
		return a.changeUser(ctx, u.ID, func(_ social.Tx, next *social.User) error { next.Email = email; return nil })
	}
	if err := a.try("resend", limit{"resend:" + u.ID.String(), 5, time.Hour}); err != nil {
		return err
	}
	return a.askProof(ctx, u, u.Email, email, letterAddress)
}
