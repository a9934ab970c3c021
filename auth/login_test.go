package auth_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/bcrypt"

	"engawa/auth"
	"engawa/social"
)

const secret = "correct horse battery"

func TestLogIn(t *testing.T) {
	r := newRig(t)
	u := r.user("Alice", r.hash(secret))
	for login, right := range map[string]bool{
		"alice": true, "ALICE": true, " @Alice ": true, "alice@mail.example": true, "alice@home.example": true, "@alice@HOME.example": true,
		"alice@other.example": false, "": false, "bob": false, "alice\x00": true, strings.Repeat("a", 5000): false,
	} {
		out, err := r.LogIn(r.ctx, login, secret, login)
		if right && (err != nil || out.User == nil || out.User.ID != u.ID) {
			t.Errorf("%.40q: %v", login, err)
		}
		if !right && (!social.IsKind(err, social.Unauthenticated) || out.User != nil) {
			t.Errorf("%.40q: %+v, %v", login, out, err)
		}
	}
	if out, err := r.LogIn(r.ctx, "alice", secret+"r", ""); err == nil || out.User != nil {
		t.Errorf("a wrong password: %+v", out)
	}
}

// An unknown name costs the same look-ups and gets the same words (T75).
func TestUnknownNamesLookTheSame(t *testing.T) {
	r := newRig(t)
	r.user("alice", r.hash(secret))
	r.user("new", "") // set-up link not used yet
	for _, form := range []string{"%s", "%s@mail.example", "%s@home.example"} {
		var counts []int
		var texts []string
		for _, name := range []string{"alice", "nobody", "new"} {
			before := r.store.lookUps
			_, err := r.LogIn(r.ctx, fmt.Sprintf(form, name), "wrong password", "")
			counts, texts = append(counts, r.store.lookUps-before), append(texts, err.Error())
		}
		if counts[0] != counts[1] || counts[1] != counts[2] || texts[0] != texts[1] || texts[1] != texts[2] {
			t.Errorf("%s: %v look-ups, %q", form, counts, texts)
		}
	}
}

func TestWhoMayNotLogIn(t *testing.T) {
	r := newRig(t)
	for want, change := range map[string]func(*social.User){
		"Your login is currently disabled":                 func(u *social.User) { u.DisabledAt = 1 },
		"Your login is missing a confirmed e-mail address": func(u *social.User) { u.ConfirmedAt = 0 },
		"Your login is currently pending approval":         func(u *social.User) { u.ApprovedAt = 0 },
	} {
		u := r.user(fmt.Sprintf("u%d", len(want)), r.hash(secret))
		tok, err := r.NewToken(r.ctx, 0, u.ID, []string{"read"}, "")
		if err != nil {
			t.Fatal(err)
		}
		change(u)
		if err := r.store.Write(r.ctx, func(tx social.Tx) error { return tx.PutUser(r.ctx, u) }); err != nil {
			t.Fatal(err)
		}
		name := u.Email
		_, err = r.LogIn(r.ctx, name, secret, "")
		if !social.IsKind(err, social.Forbidden) || !strings.Contains(err.Error(), want) {
			t.Errorf("log-in: %v, want %q", err, want)
		}
		if _, err = r.LogIn(r.ctx, name, "wrong password", ""); err == nil || strings.Contains(err.Error(), want) {
			t.Errorf("told to somebody without the password: %v", err)
		}
		_, err = r.Grants.ByText(r.ctx, tok.Text)
		r.wants(err, social.Forbidden)
	}
}

// Hashes of other servers are taken as they are and renewed at the first log-in.
func TestImportedPasswords(t *testing.T) {
	r := newRig(t)
	old, err := bcrypt.GenerateFromPassword([]byte(secret), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	u := r.user("alice", strings.Replace(string(old), "$2a$", "$2y$", 1))
	if _, err := r.LogIn(r.ctx, "alice", "wrong password", ""); err == nil || strings.HasPrefix(r.again(u).Password, "$argon2id$") {
		t.Errorf("renewed by a wrong password (%v)", err)
	}
	for range 2 { // before and after the renewal
		if _, err := r.LogIn(r.ctx, "alice", secret, ""); err != nil {
			t.Fatal(err)
		}
		if got := r.again(u).Password; !strings.HasPrefix(got, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("stored as %.40s", got)
		}
	}
}

func TestVerifyPassword(t *testing.T) {
	good, err := auth.HashPassword(secret)
	if err != nil {
		t.Fatal(err)
	}
	for stored, want := range map[string]struct{ right, renew bool }{
		good: {true, false}, "": {}, "plain": {}, "$argon2id$": {}, "$argon2id$v=19$m=19456,t=2,p=1$$": {},
		strings.Replace(good, "t=2", "t=0", 1): {}, strings.Replace(good, "m=19456", "m=4294967295", 1): {},
		strings.Replace(good, "p=1", "p=0", 1): {}, strings.Replace(good, "v=19", "v=16", 1): {}, good[:len(good)-20]: {},
	} {
		right, renew := auth.VerifyPassword(stored, secret)
		if right != want.right || right && renew != want.renew {
			t.Errorf("%.50q: %v %v", stored, right, renew)
		}
	}
	if right, _ := auth.VerifyPassword(good, strings.Repeat("x", 5000)); right {
		t.Error("an endless password")
	}
	for pw, ok := range map[string]bool{"1234567": false, "12345678": true, strings.Repeat("x", 1024): true, strings.Repeat("x", 1025): false} {
		if err := auth.CheckPassword(pw); (err == nil) != ok {
			t.Errorf("%d bytes: %v", len(pw), err)
		}
	}
}

// Many guesses at once pass the throttle no more than many in a row.
func TestThrottles(t *testing.T) {
	r := newRig(t)
	r.user("alice", "")
	guess := func(n int, name, address string) int32 {
		var tried atomic.Int32
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				_, err := r.LogIn(r.ctx, strings.ReplaceAll(name, "*", fmt.Sprint(i)), strings.Repeat("x", 2000), strings.ReplaceAll(address, "*", fmt.Sprint(i)))
				if social.IsKind(err, social.Unauthenticated) {
					tried.Add(1)
				}
			})
		}
		wg.Wait()
		return tried.Load()
	}
	if n := guess(60, "alice", "10.0.0.*"); n != 25 {
		t.Errorf("%d guesses at one name, want 25", n)
	}
	if n := guess(60, "nobody*", "10.1.1.1"); n != 25 {
		t.Errorf("%d guesses from one address, want 25", n)
	}
	r.clock.Advance(6 * time.Minute)
	if n := guess(60, "else*", "10.1.1.1"); n != 25 {
		t.Errorf("%d after the window of the address", n)
	}
	if n := guess(10, "alice", "10.0.1.*"); n != 0 {
		t.Errorf("%d within the hour of the name", n)
	}
	guess(12_000, "flood*", "10.2.*") // a flood of names does not wash it away
	if n := guess(10, "alice", "10.0.1.*"); n != 0 {
		t.Errorf("%d after a flood", n)
	}
	r.clock.Advance(time.Hour)
	if n := guess(1, "alice", "10.0.0.1"); n != 1 {
		t.Error("still refused after the hour")
	}
	if n := guess(60, "six*", "2001:db8:1:2::*"); n != 25 {
		t.Errorf("%d guesses from one /64, want 25", n)
	}
	if n := guess(1, "seven", "2001:db8:1:3::1"); n != 1 {
		t.Error("the next /64 is refused too")
	}
}

// Who is logged in has ten tries at the own password (T70).
func TestGuessesFromAnOpenBrowser(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	for range 3 {
		if err := r.CheckPassword(u, secret, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 {
		r.wants(r.CheckPassword(u, strings.Repeat("x", 2000), fmt.Sprintf("10.0.0.%d", i)), social.Unauthenticated)
	}
	r.wants(r.CheckPassword(u, secret, "10.0.1.1"), social.Limited)
	r.clock.Advance(time.Hour)
	if err := r.CheckPassword(u, secret, "10.0.1.1"); err != nil {
		t.Errorf("after the hour: %v", err)
	}
}

// Whom moderators suspended, or who deleted the account, is let in nowhere.
func TestSuspendedAndGoneAreOut(t *testing.T) {
	r := newRig(t)
	for name, change := range map[string]func(*social.Actor){
		"suspended": func(a *social.Actor) { a.Suspended = 1 },
		"gone":      func(a *social.Actor) { a.State = social.ActorGone },
	} {
		u := r.user(name, r.hash(secret))
		tok, err := r.NewToken(r.ctx, 0, u.ID, []string{"read"}, "")
		if err != nil {
			t.Fatal(err)
		}
		w, req := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
		if err := r.Begin(r.ctx, w, req, u, ""); err != nil {
			t.Fatal(err)
		}
		req.AddCookie(w.Result().Cookies()[0])
		if now, err := r.Current(r.ctx, req); now == nil || err != nil {
			t.Fatalf("not logged in: %v", err)
		}
		a, err := r.store.Actor(r.ctx, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		next := *a
		change(&next)
		if err := r.store.Write(r.ctx, func(tx social.Tx) error { return tx.PutActor(r.ctx, &next) }); err != nil {
			t.Fatal(err)
		}
		_, err = r.LogIn(r.ctx, name, secret, "")
		r.wants(err, social.Forbidden)
		_, err = r.Grants.ByText(r.ctx, tok.Text)
		r.wants(err, social.Forbidden)
		if now, err := r.Current(r.ctx, req); now != nil || err != nil {
			t.Errorf("%s: the session still holds (%v)", name, err)
		}
	}
}

func TestRightPasswordsAreNoFailures(t *testing.T) {
	r := newRig(t)
	old, _ := bcrypt.GenerateFromPassword([]byte("short"), bcrypt.MinCost) // too short to be renewed
	r.user("alice", string(old))
	for i := range 40 {
		if _, err := r.LogIn(r.ctx, "alice", "short", "10.0.0.1"); err != nil {
			t.Fatalf("log-in %d: %v", i+1, err)
		}
	}
}

func TestSecondFactor(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	e, err := auth.NewTOTP("Home", "alice@home.example")
	if err != nil || len(e.QR) == 0 {
		t.Fatal(err)
	}
	code := func(at time.Duration) string {
		c, err := totp.GenerateCode(e.Secret, r.clock.Now().Add(at))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	r.wants(r.SetTOTP(r.ctx, u, e.Secret, "000000x"), social.Invalid)
	if err := r.SetTOTP(r.ctx, u, e.Secret, code(0)); err != nil {
		t.Fatal(err)
	}
	if got := r.again(u).TOTPSecret; strings.Contains(string(got), e.Secret) || len(got) == 0 {
		t.Errorf("kept as %q", got)
	}
	step := func() string {
		out, err := r.LogIn(r.ctx, "alice", secret, "")
		if err != nil || out.User != nil || out.Challenge == "" {
			t.Fatalf("%+v, %v", out, err)
		}
		return out.Challenge
	}
	for i, c := range []struct {
		code string
		ok   bool
	}{
		{code(-90 * time.Second), false}, {code(90 * time.Second), false}, {"", false}, {"12345", false},
		{code(0)[:3] + " " + code(0)[3:], true}, {code(0), false} /* replay */, {code(-30 * time.Second), false}, /* older than one used */
		{code(30 * time.Second), true}, {code(30 * time.Second), false},
	} {
		out, err := r.SecondStep(r.ctx, step(), c.code, "")
		if (err == nil && out.User != nil) != c.ok {
			t.Errorf("%d. %q: %+v, %v", i, c.code, out, err)
		}
	}
	r.clock.Advance(time.Minute)
	ch := step()
	if _, err := r.SecondStep(r.ctx, ch, code(0), ""); err != nil {
		t.Fatal(err)
	}
	_, err = r.SecondStep(r.ctx, ch, code(30*time.Second), "")
	r.wants(err, social.Unauthenticated) // a challenge counts once
	ch = step()
	r.clock.Advance(11 * time.Minute)
	_, err = r.SecondStep(r.ctx, ch, code(0), "")
	r.wants(err, social.Unauthenticated)
	ch = step()
	if err := r.ChangePassword(r.ctx, r.again(u), "another password", true); err != nil {
		t.Fatal(err)
	}
	_, err = r.SecondStep(r.ctx, ch, code(0), "")
	r.wants(err, social.Unauthenticated) // begun with the old password
	if len(r.again(u).TOTPSecret) == 0 {
		t.Error("the second factor went with the password")
	}
}

func TestGuessedCodesAreBounded(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	e, _ := auth.NewTOTP("Home", "alice")
	now, _ := totp.GenerateCode(e.Secret, r.clock.Now())
	if err := r.SetTOTP(r.ctx, u, e.Secret, now); err != nil {
		t.Fatal(err)
	}
	var last error
	for range 11 {
		out, err := r.LogIn(r.ctx, "alice", secret, "")
		if err != nil {
			t.Fatal(err)
		}
		_, last = r.SecondStep(r.ctx, out.Challenge, "000000", "")
	}
	r.wants(last, social.Limited)
}

// browser keeps the cookie of a session.
func (r *rig) browser(u *social.User) *http.Request {
	r.t.Helper()
	w, req := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	req.Header.Set("User-Agent", strings.Repeat("x", 199)+"縁側\xff")
	if err := r.Begin(r.ctx, w, req, u, "10.0.0.1"); err != nil {
		r.t.Fatal(err)
	}
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
		r.t.Errorf("cookie %+v", c)
	}
	next := httptest.NewRequest(http.MethodGet, "/", nil)
	next.AddCookie(c)
	return next
}

func (r *rig) loggedIn(req *http.Request) bool {
	r.t.Helper()
	u, err := r.Current(r.ctx, req)
	if err != nil {
		r.t.Fatal(err)
	}
	return u != nil
}

// Sessions and tokens end on the server (T62, T63).
func TestWhatEndsASession(t *testing.T) {
	r := newRig(t)
	u := r.user("alice", r.hash(secret))
	one, two := r.browser(u), r.browser(u)
	if !r.loggedIn(one) || !r.loggedIn(two) || r.loggedIn(httptest.NewRequest(http.MethodGet, "/", nil)) {
		t.Fatal("not as it should be at the start")
	}
	for range 2 {
		if err := r.End(r.ctx, httptest.NewRecorder(), one); err != nil {
			t.Fatal(err)
		}
	}
	if r.loggedIn(one) || !r.loggedIn(two) {
		t.Error("logging out ends this session, and no other")
	}
	tok, _ := r.NewToken(r.ctx, 0, u.ID, []string{"read"}, "")
	if _, err := r.Grants.ByText(r.ctx, tok.Text); err != nil {
		t.Fatal(err)
	}
	if err := r.ChangePassword(r.ctx, r.again(u), "another password", false); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Grants.ByText(r.ctx, tok.Text); r.loggedIn(two) || err != nil {
		t.Errorf("a new password ends sessions, and leaves apps where it is asked to: %v", err)
	}
	if err := r.ChangePassword(r.ctx, r.again(u), "yet another one", true); err != nil {
		t.Fatal(err)
	}
	_, err := r.Grants.ByText(r.ctx, tok.Text)
	r.wants(err, social.Unauthenticated)
	if len(r.last) != 1 || r.last[0].Type != social.TokenRevoked || r.last[0].Actor != u.ID {
		t.Errorf("told %+v", r.last)
	}
	three := r.browser(u)
	r.clock.Advance(366 * 24 * time.Hour)
	if r.loggedIn(three) {
		t.Error("a session lives longer than a year")
	}
}

func TestSetUpLink(t *testing.T) {
	r := newRig(t)
	until := r.clock.Now().Add(time.Hour).UnixMilli()
	if _, _, err := r.Home.CreateUser(r.ctx, social.NewUser{Name: "alice", Email: "a@mail.example", SetupHash: auth.Hash("link"), SetupUntil: until}); err != nil {
		t.Fatal(err)
	}
	r.user("bob", r.hash(secret))
	for _, text := range []string{"", "other"} {
		if u, err := r.BySetUp(r.ctx, text); err == nil {
			t.Errorf("%q opens the account of %d", text, u.ID)
		}
	}
	first, err := r.BySetUp(r.ctx, "link")
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.BySetUp(r.ctx, "link") // somebody else opened it at the same time
	if err != nil {
		t.Fatal(err)
	}
	r.wants(r.ChangePassword(r.ctx, first, "short", true), social.Invalid)
	if err := r.ChangePassword(r.ctx, first, secret, true); err != nil {
		t.Fatal(err)
	}
	r.wants(r.ChangePassword(r.ctx, second, "password of a thief", true), social.NotFound)
	if _, err := r.BySetUp(r.ctx, "link"); err == nil {
		t.Error("the link works twice")
	}
	if out, err := r.LogIn(r.ctx, "alice", secret, ""); err != nil || out.User == nil {
		t.Errorf("log-in afterwards: %v", err)
	}
	if _, _, err := r.Home.CreateUser(r.ctx, social.NewUser{Name: "carol", Email: "c@mail.example", SetupHash: auth.Hash("late"), SetupUntil: until}); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(2 * time.Hour)
	_, err = r.BySetUp(r.ctx, "late")
	r.wants(err, social.NotFound)
}
