package server

import (
	"net/http"

	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// forgotPage and forgot ask for a link for a new password.
func (s *site) forgotPage(v *visit) error {
	if s.auth.Mail == nil {
		return s.tellOnly(v, http.StatusOK, "forgot.title", locale.T(v.lang, "forgot.noMail"))
	}
	return s.showForgot(v, http.StatusOK, "")
}

func (s *site) showForgot(v *visit, status int, trouble string) error {
	return s.showAsk(v, status, page.AskView{
		Title: locale.T(v.lang, "forgot.title"), Text: locale.T(v.lang, "forgot.text"), Action: page.ForgotPath, Problem: trouble,
		Fields: []page.AskField{{Name: "email", Label: locale.T(v.lang, "join.email"), Type: "email", Complete: "email", Longest: 254}},
		Button: locale.T(v.lang, "forgot.action"), Link: page.LogInPath, Label: locale.T(v.lang, "login.action"),
	})
}

func (s *site) forgot(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	switch err := s.auth.Forgot(v.ctx, f.Get("email"), s.addressText(v.r)); {
	case social.IsKind(err, social.Limited), social.IsKind(err, social.Forbidden):
		return s.showForgot(v, pageStatus[social.KindOf(err)], problem(v.lang, err))
	case err != nil:
		return err
	}
	return s.tellOnly(v, http.StatusOK, "forgot.title", locale.T(v.lang, "forgot.sent"))
}

// confirmPage shows what a letter's link would confirm. Nothing happens before
// the button: mail programs open links by themselves.
func (s *site) confirmPage(v *visit) error {
	token := v.r.URL.Query().Get("token")
	p, err := s.auth.Proof(v.ctx, token)
	if err != nil {
		return s.tellOnly(v, pageStatus[social.KindOf(err)], "confirm.title", problem(v.lang, err))
	}
	return s.showAsk(v, http.StatusOK, page.AskView{
		Title: locale.T(v.lang, "confirm.title"), Text: locale.T(v.lang, "confirm.text", "email", p.Value), Action: page.ConfirmPath,
		Hidden: []page.Param{{Name: "token", Value: token}}, Button: locale.T(v.lang, "confirm.action"),
	})
}

func (s *site) confirm(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	u, first, err := s.auth.Confirm(v.ctx, f.Get("token"))
	if err != nil {
		if social.KindOf(err) == social.Temporary {
			return err
		}
		return s.tellOnly(v, pageStatus[social.KindOf(err)], "confirm.title", problem(v.lang, err))
	}
	view := page.AskView{Title: locale.T(v.lang, "confirm.done"), Text: locale.T(v.lang, "confirm.doneText"), Link: page.LogInPath, Label: locale.T(v.lang, "login.action")}
	switch {
	case first && u.ApprovedAt == 0:
		view.Text, view.Link = locale.T(v.lang, "join.waitText"), "/"
		view.Label = locale.T(v.lang, "frame.back")
	case v.user != nil:
		view.Link, view.Label = deckPath, locale.T(v.lang, "frame.deck")
	}
	return s.showAsk(v, http.StatusOK, view)
}

// emailPage and email change the address of who is logged in.
func (s *site) emailPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	return s.showEmail(v, http.StatusOK, "", "")
}

func (s *site) showEmail(v *visit, status int, typed, trouble string) error {
	return s.showAsk(v, status, page.AskView{
		Title: locale.T(v.lang, "email.title"), Text: locale.T(v.lang, "email.text", "email", v.user.Email), Action: page.EmailPath, Problem: trouble,
		Fields: []page.AskField{
			{Name: "email", Label: locale.T(v.lang, "email.new"), Type: "email", Complete: "email", Value: typed, Longest: 254},
			{Name: "current", Label: locale.T(v.lang, "form.currentPassword"), Type: "password", Complete: "current-password", Longest: 1024},
		},
		Button: locale.T(v.lang, "email.action"), Link: page.SecurityPath, Label: locale.T(v.lang, "frame.back"),
	})
}

func (s *site) email(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return s.logInFirst(v)
	}
	if err := s.auth.CheckPassword(v.user, f.Get("current"), s.addressText(v.r)); err != nil {
		trouble := locale.T(v.lang, "problem.password-wrong")
		if social.IsKind(err, social.Limited) {
			trouble = problem(v.lang, err)
		}
		return s.showEmail(v, http.StatusUnprocessableEntity, f.Get("email"), trouble)
	}
	if err := s.auth.ChangeEmail(v.ctx, v.user, f.Get("email")); err != nil {
		if social.KindOf(err) == social.Temporary {
			return err
		}
		return s.showEmail(v, http.StatusUnprocessableEntity, f.Get("email"), problem(v.lang, err))
	}
	if s.auth.Mail == nil {
		return s.tellOnly(v, http.StatusOK, "confirm.done", locale.T(v.lang, "email.done"))
	}
	return s.tellOnly(v, http.StatusOK, "email.title", locale.T(v.lang, "email.sent", "email", f.Get("email")))
}
