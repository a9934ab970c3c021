package auth

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"engawa/internal/clock"
	"engawa/internal/locale"
	"engawa/social"
)

// Letter is what is written to somebody about an account. It is kept sealed
// until it is sent: it bears the text of a one-time link.
type Letter struct {
	Kind   letterKind `json:"kind"`
	To     string     `json:"to"`
	Locale string     `json:"locale,omitempty"`
	Name   string     `json:"name,omitempty"`  // handle of the account
	Token  string     `json:"token,omitempty"` // of the link
}

type letterKind string

const (
	letterConfirm letterKind = "confirm" // somebody signed up with this address
	letterKnown   letterKind = "known"   // somebody did whose address has an account
	letterForgot  letterKind = "forgot"  // somebody forgot the password of this address, if there is one
	letterReset   letterKind = "reset"   // a link for a new password
	letterAddress letterKind = "address" // this is to be an account's address
	letterWelcome letterKind = "welcome" // the account was approved
	letterMoved   letterKind = "moved"   // another address took this one's place
)

// Paths of the links in letters; the page package has the forms behind them.
const (
	ConfirmPath = "/confirm"
	SetUpPath   = "/setup"
)

// Mailer sends a letter of plain text.
type Mailer func(ctx context.Context, to, subject, text string) error

const letterSeal = "letter"

// post puts a letter on its way inside a transaction; the Jobs are to be given
// to Queue.Push after commit.
func (a *Auth) post(ctx context.Context, tx social.Tx, l *Letter) ([]social.Job, error) {
	raw, err := json.Marshal(l)
	if err != nil {
		return nil, err
	}
	token, until := a.Home.Queue.Hold()
	jobs := []social.Job{{
		ID: social.ID(a.Home.IDs.Next()), Kind: social.JobLetter, Body: []byte(a.Home.Master.SealBytes(raw, letterSeal)),
		RunAt: clock.Millis(a.Home.Clock.Now()), Lease: token,
	}}
	return jobs, tx.Enqueue(ctx, jobs, until)
}

// HandleLetter carries out a JobLetter.
func (a *Auth) HandleLetter(ctx context.Context, j *social.Job) error {
	if j.Target == social.LetterApproved {
		return a.tellApproved(ctx, j.Ref)
	}
	raw, err := a.Home.Master.OpenBytes(string(j.Body), letterSeal)
	if err != nil {
		return err
	}
	var l Letter
	if err := json.Unmarshal(raw, &l); err != nil {
		return err
	}
	if l.Kind == letterForgot {
		return a.remind(ctx, l.To)
	}
	return a.write(ctx, &l)
}

// write words a letter and sends it.
func (a *Auth) write(ctx context.Context, l *Letter) error {
	lang, ok := locale.Parse(l.Locale)
	if !ok {
		lang = locale.English
	}
	link := a.Home.Info.URL
	switch l.Kind {
	case letterConfirm, letterAddress:
		link += ConfirmPath + "?" + url.Values{"token": {l.Token}}.Encode()
	case letterReset:
		link += SetUpPath + "?" + url.Values{"token": {l.Token}}.Encode()
	}
	args := []any{"home", a.Home.Info.Name, "name", l.Name, "link", link, "url", a.Home.Info.URL}
	key := "letter." + string(l.Kind)
	return a.Mail(ctx, l.To, locale.T(lang, key+".subject", args...), locale.T(lang, key+".text", args...))
}

// How long links in letters hold.
const (
	proofLife = 48 * time.Hour
	resetLife = time.Hour
)

// prove makes a one-time link by which User shows that an address is its own;
// address "" makes one that nobody gets.
func (a *Auth) prove(ctx context.Context, tx social.Tx, user social.ID, address string) (token string, err error) {
	token = Random()
	return token, tx.PutProof(ctx, &social.Proof{
		Hash: Hash(token), User: user, Kind: social.ProofEmail, Value: address, Until: clock.Millis(a.Home.Clock.Now().Add(proofLife)),
	})
}

// Forgot asks for a letter with a link for a new password. The answer is the
// same whether the address has an account: who has it is looked up when the
// letter is written.
func (a *Auth) Forgot(ctx context.Context, email, address string) error {
	if a.Mail == nil {
		return &social.Error{Kind: social.Forbidden, Op: "reset password", Message: "This home sends no mail. Ask who runs it for a link"}
	}
	if err := a.try("reset password", limit{"forgot:" + network(address), 10, time.Hour}); err != nil {
		return err
	}
	email = normalEmail(email)
	if CheckEmail(email) != nil || a.try("reset password", limit{"forgot:" + email, 3, time.Hour}) != nil {
		return nil
	}
	var jobs []social.Job
	err := a.Home.Store.Write(ctx, func(tx social.Tx) (err error) {
		jobs, err = a.post(ctx, tx, &Letter{Kind: letterForgot, To: email})
		return err
	})
	if err == nil {
		a.Home.Queue.Push(jobs)
	}
	return err
}

// tellApproved writes to a User who may log in now.
func (a *Auth) tellApproved(ctx context.Context, user social.ID) error {
	u, err := a.Home.Store.User(ctx, user)
	if err != nil || u.Email == "" || u.ConfirmedAt == 0 {
		return err
	}
	who, err := a.Home.Store.Actor(ctx, user)
	if err != nil {
		return err
	}
	return a.write(ctx, &Letter{Kind: letterWelcome, To: u.Email, Locale: u.Locale, Name: who.Handle()})
}

// remind writes to who forgot the password, or did not confirm the address yet.
func (a *Auth) remind(ctx context.Context, email string) error {
	u, err := a.Home.Store.UserByLogin(ctx, email)
	if social.IsKind(err, social.NotFound) || (err == nil && (u.Email != email || u.DisabledAt != 0)) {
		return nil
	}
	if err != nil {
		return err
	}
	who, err := a.Home.Store.Actor(ctx, u.ID)
	if err != nil {
		return err
	}
	l := &Letter{To: email, Locale: u.Locale, Name: who.Handle()}
	if u.ConfirmedAt == 0 {
		l.Kind = letterConfirm
		err = a.Home.Store.Write(ctx, func(tx social.Tx) (err error) { l.Token, err = a.prove(ctx, tx, u.ID, email); return err })
	} else {
		l.Kind, l.Token = letterReset, Random()
		err = a.changeUser(ctx, u.ID, func(_ social.Tx, next *social.User) error {
			next.SetupHash, next.SetupUntil = Hash(l.Token), clock.Millis(a.Home.Clock.Now().Add(resetLife))
			return nil
		})
	}
	if err != nil {
		return err
	}
	return a.write(ctx, l)
}
