package auth

import (
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
	// where a person copies it by hand.
	OOBLife, CodeLife time.Duration

	mu    sync.Mutex
	codes map[string]time.Time   // second-factor codes used
	steps map[string]step        // log-ins between their two steps
	tries map[string][]time.Time // failed log-ins by name and by address
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

// Limits of failed log-ins, as Mastodon has them.
const (
	triesByAddress, addressWindow = 25, 5 * time.Minute
	triesByName, nameWindow       = 25, time.Hour
)

// Outcome is what came of a log-in: a User, or a Challenge for the second step.
type Outcome struct {
	User      *social.User
	Challenge string
}

var wrong = &social.Error{Kind: social.Unauthenticated, Op: "log in", Message: "The name or the password is not right"}

// LogIn checks a name or e-mail address and a password. It takes as long for a
// name that is not there, and says the same (T75).
func (a *Auth) LogIn(ctx context.Context, login, password, address string) (Outcome, error) {
	login = strings.TrimPrefix(strings.TrimSpace(login), "@")
	if at := strings.LastIndexByte(login, '@'); at > 0 && strings.EqualFold(login[at+1:], a.Home.Info.Domain) {
		if u, err := a.Home.Store.UserByLogin(ctx, login); err != nil || u == nil {
			login = login[:at] // the handle instead of the name
		}
	}
	if a.tooMany("name:"+strings.ToLower(login), triesByName, nameWindow) || a.tooMany("address:"+address, triesByAddress, addressWindow) {
		return Outcome{}, &social.Error{Kind: social.Limited, Op: "log in", Message: "Too many failed attempts. Wait a while, then try again"}
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
		a.failed("name:"+strings.ToLower(login), "address:"+address)
		return Outcome{}, wrong
	}
	if err := MayUse(u); err != nil {
		return Outcome{}, err
	}
	if renew {
		if err := a.renewPassword(ctx, u, password); err != nil {
			return Outcome{}, err
		}
	}
	if len(u.TOTPSecret) > 0 {
		return Outcome{Challenge: a.challenge(u.ID)}, nil
	}
	return Outcome{User: u}, nil
}

func (a *Auth) renewPassword(ctx context.Context, u *social.User, password string) error {
	hash, err := HashPassword(password)
	if err != nil {
		return nil // an old password that is shorter than we ask for now stays as it is
	}
	next := *u
	next.Password = hash
	return a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.PutUser(ctx, &next) })
}

// SecondStep checks the code that a Challenge asked for.
func (a *Auth) SecondStep(ctx context.Context, challenge, code, address string) (Outcome, error) {
	a.mu.Lock()
	s, ok := a.steps[challenge]
	a.mu.Unlock()
	if !ok || s.ends.Before(a.Home.Clock.Now()) {
		return Outcome{}, &social.Error{Kind: social.Unauthenticated, Op: "check code", Message: "This log-in took too long. Start again"}
	}
	key := "code:" + s.user.String()
	if a.tooMany(key, 10, nameWindow) {
		return Outcome{}, &social.Error{Kind: social.Limited, Op: "check code", Message: "Too many failed attempts. Wait a while, then try again"}
	}
	u, err := a.Home.Store.User(ctx, s.user)
	if err != nil {
		return Outcome{}, err
	}
	if !a.secondFactor(u, strings.ReplaceAll(strings.TrimSpace(code), " ", "")) {
		a.failed(key, "address:"+address)
		return Outcome{Challenge: challenge}, &social.Error{Kind: social.Unauthenticated, Op: "check code", Message: "The code is not right, or was used already"}
	}
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

func (a *Auth) tooMany(key string, most int, window time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	since := a.Home.Clock.Now().Add(-window)
	n := 0
	for _, t := range a.tries[key] {
		if t.After(since) {
			n++
		}
	}
	return n >= most
}

func (a *Auth) failed(keys ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.tries == nil || len(a.tries) > maxState {
		a.tries = make(map[string][]time.Time)
	}
	now := a.Home.Clock.Now()
	for _, k := range keys {
		list := append(a.tries[k], now)
		if len(list) > triesByName {
			list = list[len(list)-triesByName:]
		}
		a.tries[k] = list
	}
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
		Hash: Hash(text), User: u.ID, Agent: cut(r.UserAgent(), 200), Address: address,
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
	if err != nil || MayUse(u) != nil {
		return nil, nil
	}
	return u, nil
}

// End logs a browser out: the session is gone on the server too (T62).
func (a *Auth) End(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	a.cookie(w, "", -1)
	c, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	return a.Home.Store.Write(ctx, func(tx social.Tx) error { return tx.DropSession(ctx, Hash(c.Value)) })
}

// ChangePassword sets a new password; every session and, where others is set,
// every token of the User ends (T63).
func (a *Auth) ChangePassword(ctx context.Context, u *social.User, password string, others bool) error {
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	next := *u
	next.Password, next.SetupHash, next.SetupUntil = hash, nil, 0
	err = a.Home.Store.Write(ctx, func(tx social.Tx) error {
		if err := tx.PutUser(ctx, &next); err != nil {
			return err
		}
		if err := tx.DropSessions(ctx, u.ID); err != nil {
			return err
		}
		if !others {
			return nil
		}
		_, err := tx.RevokeTokens(ctx, u.ID, 0, clock.Millis(a.Home.Clock.Now()))
		return err
	})
	if err == nil && others {
		a.Home.Bus.Publish(social.Event{Type: social.TokenRevoked, Actor: u.ID})
	}
	return err
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

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
