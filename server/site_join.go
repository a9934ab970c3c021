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

// joinPage is the form for a new account; where nobody can have one, it says so.
func (s *site) joinPage(v *visit) error {
	if v.user != nil {
		http.Redirect(v.w, v.r, deckPath, http.StatusFound)
		return nil
	}
	return s.showJoin(v, http.StatusOK, page.JoinView{Invite: v.r.URL.Query().Get("invite")})
}

// invited leads from an invitation's link to the form.
func (s *site) invited(v *visit) error {
	http.Redirect(v.w, v.r, page.JoinPath+"?"+url.Values{"invite": {v.r.PathValue("code")}}.Encode(), http.StatusFound)
	return nil
}

func (s *site) showJoin(v *visit, status int, view page.JoinView) error {
	awaits, err := s.auth.Comes(v.ctx, view.Invite)
	if err != nil {
		return s.tellOnly(v, pageStatus[social.KindOf(err)], "join.title", problem(v.lang, err))
	}
	view.Visit, view.Rules, view.Reasons = s.head(v), rules(&s.home.Info), awaits
	view.Domain, view.MinAge, view.Minimum, view.Mail = s.home.Info.Domain, s.auth.Entry.MinAge, auth.MinPassword, s.auth.Mail != nil
	if view.Invite != "" {
		if i, err := s.home.Store.Invite(v.ctx, view.Invite); err == nil {
			if a, err := s.home.Store.Actor(v.ctx, i.User); err == nil {
				view.InvitedBy = "@" + a.Handle()
			}
		}
	}
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Join(w, v.lang, view) })
}

// tellOnly shows words without a form.
func (s *site) tellOnly(v *visit, status int, title, text string) error {
	view := page.AskView{Visit: s.head(v), Title: locale.T(v.lang, title), Text: text, Link: "/", Label: locale.T(v.lang, "frame.back")}
	return s.showAsk(v, status, view)
}

func (s *site) showAsk(v *visit, status int, view page.AskView) error {
	view.Visit = s.head(v)
	return s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Ask(w, v.lang, view) })
}

// join takes the form.
func (s *site) join(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	view := page.JoinView{Name: f.Get("username"), Email: f.Get("email"), Reason: f.Get("reason"), Born: f.Get("born"), Invite: f.Get("invite")}
	var stranger *auth.Stranger
	if view.Stranger = f.Get("stranger"); view.Stranger != "" {
		if stranger, err = s.auth.StrangerIn(view.Stranger); err != nil {
			return err
		}
		view.Proved = stranger.Email != ""
	}
	if f.Get("password") != f.Get("again") {
		view.Problem = locale.T(v.lang, "problem.passwords-differ")
		return s.showJoin(v, http.StatusUnprocessableEntity, view)
	}
	u, err := s.auth.Enter(v.ctx, &auth.SignUp{
		Name: view.Name, Email: view.Email, Password: f.Get("password"), Locale: string(v.lang), Reason: view.Reason, Invite: view.Invite,
		Agreed: f.Get("agree") == "on", Born: view.Born, Address: s.addressText(v.r), Stranger: stranger,
	})
	if err != nil {
		if social.KindOf(err) == social.Temporary && !isFaults(err) {
			return err
		}
		view.Problem = joinProblem(v.lang, err)
		return s.showJoin(v, http.StatusUnprocessableEntity, view)
	}
	switch {
	case u.ConfirmedAt == 0:
		return s.tellOnly(v, http.StatusOK, "join.sentTitle", locale.T(v.lang, "join.sentText", "email", view.Email))
	case u.ApprovedAt == 0:
		return s.tellOnly(v, http.StatusOK, "join.waitTitle", locale.T(v.lang, "join.waitText"))
	}
	if err := s.auth.Begin(v.ctx, v.w, v.r, u, s.addressText(v.r)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, deckPath, http.StatusSeeOther)
	return nil
}

func isFaults(err error) bool {
	var faults auth.Faults
	return errors.As(err, &faults)
}

// joinProblem is what is wrong with a sign-up, in the reader's words.
func joinProblem(lang locale.Lang, err error) string {
	var faults auth.Faults
	if !errors.As(err, &faults) {
		return problem(lang, err)
	}
	var all []string
	for _, f := range faults {
		key := "problem.join." + f.Field + "." + f.Code
		if !locale.Has(key) {
			key = "problem.join." + f.Field
		}
		all = append(all, locale.T(lang, key))
	}
	return strings.Join(all, " ")
}
