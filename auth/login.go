package auth

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"sync"
	"time"

	"engawa/internal/clock"
	"engawa/social"
)

// Auth logs people in and speaks OAuth. Fields are set before use.
type Auth struct {
	Home   *social.Home
	Grants *Grants
	Secure bool // cookies only over https
	// OOBLife and CodeLife are how long an authorization code lives: longer
	// where a person copies it by hand. Zero: ten minutes and one (T65).
	OOBLife, CodeLife time.Duration
	// Entry says who may sign up. Mail sends letters; nil: the home sends none,
	// and addresses count as confirmed.
	Entry Entry
	Mail  Mailer
	// Provider is the identity provider that people may log in with, or nil.
	Provider *Provider

	mu         sync.Mutex
	codes      map[social.ID]int64    // the newest second-factor code used, as its number
	steps      map[string]step        // log-ins between their two steps
	ceremonies map[string]ceremony    // passkeys on their way
	tries      map[string][]time.Time // log-ins that failed or are under way, by name and by address
}

// step is a log-in whose password was right and whose second factor is due.
type step struct {
	user social.ID
	ends time.Time
}

const (
	cookieName  = "engawa_session"
	sessionLife = 365 * 24 * time.Hour
	stepLife    = 10 * time.Minute
	maxState    = 10_000
)

// Outcome is what came of a log-in: a User, or a Challenge for the second step.
type Outcome struct {
	User      *social.User
	Challenge string
	Passkeys  bool // a passkey may answer the Challenge
}

var wrong = &social.Error{Kind: social.Unauthenticated, Op: "log in", Message: "The name or the password is not right"}

// LogIn checks a name or e-mail address and a password. It takes as long for a
// name that is not there, and says the same (T75).
func (a *Auth) LogIn(ctx context.Context, login, password, address string) (Outcome, error) {
	login = plain(strings.TrimPrefix(strings.TrimSpace(login), "@"), maxLogin)
	if at := strings.LastIndexByte(login, '@'); at > 0 && strings.EqualFold(login[at+1:], a.Home.Info.Domain) {
		if u, err := a.Home.Store.UserByLogin(ctx, login); err != nil || u == nil {
			login = login[:at] // the handle instead of the name
		}
	}
	limits := []limit{byName("name:" + strings.ToLower(login)), byAddress(address)}
	if err := a.try("log in", limits...); err != nil {
		return Outcome{}, err
	}
	u, err := a.Home.Store.UserByLogin(ctx, login)
	if err != nil && !social.IsKind(err, social.NotFound) {
		return Outcome{}, err
	}
	stored := ""
	if err == nil {
		stored = u.Password
	}
	right, renew := VerifyPassword(stored, password)
	if err != nil || !right {
		return Outcome{}, wrong
	}
	a.forgive(limits...)
	if a.Mail != nil && u.ConfirmedAt == 0 && u.Email == strings.ToLower(login) {
		return Outcome{}, wrong // an address tells nothing before it is confirmed
	}
	if err := mayUse(ctx, a.Home.Store, u); err != nil {
		return Outcome{}, err
	}
	if renew {
		if err := a.renewPassword(ctx, u, password); err != nil {
			return Outcome{}, err
		}
	}
	return a.FirstStep(ctx, u)
}

// FirstStep is what comes after a first factor held: the second, where the User
// has one.
func (a *Auth) FirstStep(ctx context.Context, u *social.User) (Outcome, error) {
	codes, passkeys, err := a.second(ctx, u)
	if err != nil {
		return Outcome{}, err
	}
	if codes || passkeys {
		return Outcome{Challenge: a.challenge(u.ID), Passkeys: passkeys}, nil
	}
	return Outcome{User: u}, nil
}

func (a *Auth) renewPassword(ctx context.Context, u *social.User, password string) error {
	hash, err := HashPassword(password)
	if err != nil {
		return nil // an old password that is shorter than we ask for now stays as it is
	}
	return a.changeUser(ctx, u.ID, func(_ social.Tx, next *social.User) error {
		next.Password = hash
		return nil
	})
}

// changeUser changes what is in the row now, not what was read before.
func (a *Auth) changeUser(ctx context.Context, id social.ID, change func(social.Tx, *social.User) error) error {
	return a.Home.Store.Write(ctx, func(tx social.Tx) error {
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		next := *u
		if err := change(tx, &next); err != nil {
			return err
		}
		return tx.PutUser(ctx, &next)
	})
}

// SecondStep checks the code that a Challenge asked for.
func (a *Auth) SecondStep(ctx context.Context, challenge, code, address string) (Outcome, error) {
	a.mu.Lock()
	s, ok := a.steps[challenge]
	a.mu.Unlock()
	if !ok || s.ends.Before(a.Home.Clock.Now()) {
		return Outcome{}, &social.Error{Kind: social.Unauthenticated, Op: "check code", Message: "This log-in took too long. Start again"}
	}
	limits := []limit{byCode(s.user), byAddress(address)}
	if err := a.try("check code", limits...); err != nil {
		return Outcome{}, err
	}
	u, err := a.Home.Store.User(ctx, s.user)
	if err != nil {
		return Outcome{}, err
	}
	if err := mayUse(ctx, a.Home.Store, u); err != nil {
		return Outcome{}, err
	}
	right := a.secondFactor(u, strings.ReplaceAll(strings.TrimSpace(code), " ", ""))
	if !right {
		if right, err = a.recover(ctx, u.ID, code); err != nil {
			return Outcome{}, err
		}
	}
	if !right {
		_, passkeys, err := a.second(ctx, u)
		if err != nil {
			return Outcome{}, err
		}
		return Outcome{Challenge: challenge, Passkeys: passkeys}, &social.Error{Kind: social.Unauthenticated, Op: "check code", Message: "The code is not right, or was used already"}
	}
	a.forgive(limits...)
	a.mu.Lock()
	delete(a.steps, challenge)
	a.mu.Unlock()
	return Outcome{User: u}, nil
}

func (a *Auth) challenge(user social.ID) string {
	text := Random()
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Home.Clock.Now()
	if a.steps == nil {
		a.steps = make(map[string]step)
	}
	for k, s := range a.steps {
		if s.ends.Before(now) || len(a.steps) > maxState {
			delete(a.steps, k)
		}
	}
	a.steps[text] = step{user, now.Add(stepLife)}
	return text
}

// Random is a fresh secret of 256 bits as text.
func Random() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Begin starts a browser's session: it sets the cookie.
func (a *Auth) Begin(ctx context.Context, w http.ResponseWriter, r *http.Request, u *social.User, address string) error {
	text, now := Random(), a.Home.Clock.Now()
	s := &social.Session{
		Hash: Hash(text), User: u.ID, Agent: plain(r.UserAgent(), 200), Address: address,
		CreatedAt: clock.Millis(now), SeenAt: clock.Millis(now), ExpiresAt: clock.Millis(now.Add(sessionLife)),
	}
	if err := a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutSession(ctx, s) }); err != nil {
		return err
	}
	a.cookie(w, text, int(sessionLife.Seconds()))
	return nil
}

func (a *Auth) cookie(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// Current is the User that a browser is logged in as, nil for none.
func (a *Auth) Current(ctx context.Context, r *http.Request) (*social.User, error) {
	c, err := r.Cookie(cookieName)
	if err != nil || c.Value == "" {
		return nil, nil
	}
	s, err := a.Home.Store.SessionByHash(ctx, Hash(c.Value))
	if social.IsKind(err, social.NotFound) || (err == nil && s.ExpiresAt < clock.Millis(a.Home.Clock.Now())) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	u, err := a.Home.Store.User(ctx, s.User)
	if err != nil || mayUse(ctx, a.Home.Store, u) != nil {
		return nil, nil
	}
	a.seen(ctx, s)
	return u, nil
}

// End logs a browser out: the session is gone on the server too (T62).
func (a *Auth) End(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	a.cookie(w, "", -1)
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	err = a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.DropSession(ctx, Hash(c.Value)) })
	if social.IsKind(err, social.NotFound) {
		return nil
	}
	return err
}

// CheckPassword reports whether a password is that of a User who is logged in:
// an open browser is no place to guess it from.
func (a *Auth) CheckPassword(u *social.User, password, address string) error {
	limits := []limit{byUser(u.ID), byAddress(address)}
	if err := a.try("log in", limits...); err != nil {
		return err
	}
	if right, _ := VerifyPassword(u.Password, password); !right {
		return wrong
	}
	a.forgive(limits...)
	return nil
}

// ChangePassword sets a new password; every session and, where others is set,
// every token of the User ends, and so do log-ins between their two steps (T63).
// A u that came by a set-up link is refused when the link was used meanwhile.
func (a *Auth) ChangePassword(ctx context.Context, u *social.User, password string, others bool) error {
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	err = a.changeUser(ctx, u.ID, func(tx social.Tx, next *social.User) error {
		if len(u.SetupHash) > 0 && !bytes.Equal(u.SetupHash, next.SetupHash) {
			return &social.Error{Kind: social.NotFound, Op: "set up", Message: "This link was used already. Ask for a new one"}
		}
		next.Password, next.SetupHash, next.SetupUntil = hash, nil, 0
		if err := tx.DropSessions(ctx, u.ID); err != nil {
			return err
		}
		if !others {
			return nil
		}
		_, err := tx.RevokeTokens(ctx, u.ID, 0, clock.Millis(a.Home.Clock.Now()))
		return err
	})
	if err != nil {
		return err
	}
	a.dropSteps(u.ID)
	if others {
		a.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Actor: u.ID})
	}
	return nil
}

func (a *Auth) dropSteps(user social.ID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for k, s := range a.steps {
		if s.user == user {
			delete(a.steps, k)
		}
	}
}

// BySetUp is the User whose one-time set-up link this is.
func (a *Auth) BySetUp(ctx context.Context, token string) (*social.User, error) {
	u, err := a.Home.Store.UserBySetup(ctx, Hash(token))
	if err != nil {
		return nil, err
	}
	if u.SetupUntil < clock.Millis(a.Home.Clock.Now()) {
		return nil, &social.Error{Kind: social.NotFound, Op: "set up", Message: "This link has expired. Ask for a new one"}
	}
	return u, nil
}

// maxLogin is the longest name or e-mail address that is looked up, in bytes.
const maxLogin = 320

// plain is s as a column of text takes it: valid, without NUL, at most n bytes.
func plain(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}
