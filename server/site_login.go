package server

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// deckPath is where people land who logged in.
const deckPath = "/deck"

// afterLogIn is the way on: only to this site.
func afterLogIn(next string) string {
	if next = page.SamePath(next); next != "" {
		return next
	}
	return deckPath
}

// logInPage shows the form; who is logged in goes on at once.
func (s *site) logInPage(v *visit) error {
	next := v.r.URL.Query().Get("next")
	if v.user != nil {
		http.Redirect(v.w, v.r, afterLogIn(next), http.StatusFound)
		return nil
	}
	return s.showLogIn(v, http.StatusOK, page.LogInView{Next: next})
}

func (s *site) showLogIn(v *visit, status int, view page.LogInView) error {
	view.Visit = s.head(v)
	if s.auth.Mail != nil {
		view.Forgot = page.ForgotPath
	}
	if view.Challenge == "" {
		view.Passkey = true
		if s.auth.Provider != nil {
			view.Provider = s.auth.Provider.Name
		}
	}
	answer := page.Answer{Status: status, Script: view.Passkey}
	if ask, ok := askIn(view.Next); ok {
		if app, err := s.auth.CheckAsk(v.ctx, ask); app != nil && err == nil {
			view.App, answer.Redirect = app.Name, ask.RedirectURI
		}
	}
	return s.show(v, answer, func(w io.Writer) error { return s.pages.LogIn(w, v.lang, view) })
}

// logIn takes the form: name and password, or the code of the second step.
func (s *site) logIn(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	view := page.LogInView{Next: f.Get("next"), Login: f.Get("login")}
	var out auth.Outcome
	if challenge := f.Get("challenge"); challenge != "" {
		out, err = s.auth.SecondStep(v.ctx, challenge, f.Get("code"), s.addressText(v.r))
	} else {
		out, err = s.auth.LogIn(v.ctx, f.Get("login"), f.Get("password"), s.addressText(v.r))
	}
	if err != nil {
		if social.KindOf(err) == social.Temporary {
			return err
		}
		view.Problem, view.Challenge, view.Passkey = problem(v.lang, err), out.Challenge, out.Passkeys
		return s.showLogIn(v, pageStatus[social.KindOf(err)], view)
	}
	if out.Challenge != "" {
		return s.second(v, view.Next, out)
	}
	if err := s.auth.Begin(v.ctx, v.w, v.r, out.User, s.addressText(v.r)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, afterLogIn(view.Next), http.StatusSeeOther)
	return nil
}

// problem is an error of logging in, in the reader's words.
func problem(lang locale.Lang, err error) string {
	var e *social.Error
	if !errors.As(err, &e) {
		return locale.T(lang, "problem.other")
	}
	if key := "problem." + strings.ReplaceAll(e.Op, " ", "-") + "." + kindName[e.Kind]; locale.Has(key) {
		return locale.T(lang, key)
	}
	return e.Message
}

var kindName = map[social.Kind]string{
	social.Invalid: "invalid", social.Unauthenticated: "wrong", social.Forbidden: "forbidden", social.NotFound: "missing",
	social.Conflict: "conflict", social.Gone: "gone", social.Limited: "limited", social.Temporary: "temporary",
}

func (s *site) logOut(v *visit) error {
	if err := s.auth.End(v.ctx, v.w, v.r); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
	return nil
}

// form reads an urlencoded form of at most 64 KiB.
func form(v *visit) (url.Values, error) { return longForm(v, 64<<10) }

// longForm is form for what may have more bytes.
func longForm(v *visit, bytes int64) (url.Values, error) {
	v.r.Body = http.MaxBytesReader(v.w, v.r.Body, bytes)
	if err := v.r.ParseForm(); err != nil {
		return nil, &social.Error{Kind: social.Invalid, Op: "read form", Message: "the form cannot be read", Err: err}
	}
	return v.r.PostForm, nil
}

// setUpPage and setUp serve the one-time link that `engawa user create` prints.
func (s *site) setUpPage(v *visit) error {
	token := v.r.URL.Query().Get("token")
	u, err := s.auth.BySetUp(v.ctx, token)
	if err != nil {
		return err
	}
	return s.showSetUp(v, http.StatusOK, u, token, "")
}

func (s *site) showSetUp(v *visit, status int, u *social.User, token, trouble string) error {
	a, err := s.home.Store.Actor(v.ctx, u.ID)
	if err != nil {
		return err
	}
	view := page.SetUpView{Visit: s.head(v), Handle: a.Handle(), Token: token, Minimum: auth.MinPassword, Problem: trouble}
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.SetUp(w, v.lang, view) })
}

func (s *site) setUp(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	u, err := s.auth.BySetUp(v.ctx, f.Get("token"))
	if err != nil {
		return err
	}
	if trouble := s.newPassword(v, u, f, u.Password != ""); trouble != "" {
		return s.showSetUp(v, http.StatusUnprocessableEntity, u, f.Get("token"), trouble)
	}
	second, err := s.auth.HasSecond(v.ctx, u)
	if err != nil {
		return err
	}
	if second { // who reads the mail is not yet who has the second factor
		http.Redirect(v.w, v.r, page.LogInPath, http.StatusSeeOther)
		return nil
	}
	if err := s.auth.Begin(v.ctx, v.w, v.r, u, s.addressText(v.r)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, deckPath, http.StatusSeeOther)
	return nil
}

// newPassword changes the password; what is wrong comes back in the reader's words.
func (s *site) newPassword(v *visit, u *social.User, f url.Values, others bool) string {
	if f.Get("password") != f.Get("again") {
		return locale.T(v.lang, "problem.passwords-differ")
	}
	if err := s.auth.ChangePassword(v.ctx, u, f.Get("password"), others); err != nil {
		return problem(v.lang, err)
	}
	return ""
}

// passwordPage and password change the password of who is logged in.
func (s *site) passwordPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	return s.showPassword(v, http.StatusOK, "")
}

func (s *site) showPassword(v *visit, status int, trouble string) error {
	view := page.PasswordView{Visit: s.head(v), Minimum: auth.MinPassword, Problem: trouble}
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Password(w, v.lang, view) })
}

func (s *site) password(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return s.logInFirst(v)
	}
	switch err := s.auth.CheckPassword(v.user, f.Get("current"), s.addressText(v.r)); {
	case social.IsKind(err, social.Limited):
		return s.showPassword(v, http.StatusTooManyRequests, problem(v.lang, err))
	case err != nil:
		return s.showPassword(v, http.StatusUnprocessableEntity, locale.T(v.lang, "problem.password-wrong"))
	}
	if trouble := s.newPassword(v, v.user, f, f.Get("others") == "on"); trouble != "" {
		return s.showPassword(v, http.StatusUnprocessableEntity, trouble)
	}
	if err := s.auth.Begin(v.ctx, v.w, v.r, v.user, s.addressText(v.r)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, deckPath, http.StatusSeeOther)
	return nil
}
