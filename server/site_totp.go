package server

import (
	"net/http"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// totpPage offers a fresh secret; totp turns the second factor on by one code.
func (s *site) totpPage(v *visit) error {
	if v.user == nil {
		return s.logInFirst(v)
	}
	e, err := auth.NewTOTP(s.home.Info.Domain, v.me.Name)
	if err != nil {
		return err
	}
	return s.showTOTP(v, http.StatusOK, e.Secret, "")
}

func (s *site) showTOTP(v *visit, status int, secret, trouble string) error {
	code, err := auth.TOTPCode(s.home.Info.Domain, v.me.Name, secret)
	if err != nil {
		return err
	}
	view := page.AskView{
		Title: locale.T(v.lang, "totp.title"), Text: locale.T(v.lang, "totp.text"), Action: page.TOTPPath, Problem: trouble,
		Hidden: []page.Param{{Name: "secret", Value: secret}}, Code: &page.CodeImage{Size: code.Size, Path: code.Path, Text: secret},
		Fields: []page.AskField{{Name: "code", Label: locale.T(v.lang, "login.code"), Type: "text", Complete: "one-time-code", Longest: 10}},
		Button: locale.T(v.lang, "totp.action"), Link: page.SecurityPath, Label: locale.T(v.lang, "frame.back"),
	}
	if v.user.Password != "" {
		view.Fields = append(view.Fields, currentField(v))
	}
	return s.showAsk(v, status, view)
}

func (s *site) totp(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	if v.user == nil {
		return s.logInFirst(v)
	}
	secret := f.Get("secret")
	if len(secret) < 16 || len(secret) > 128 {
		return social.ErrNotFound
	}
	if v.user.Password != "" {
		if trouble := s.wrongPassword(v, f.Get("current")); trouble != "" {
			return s.showTOTP(v, http.StatusUnprocessableEntity, secret, trouble)
		}
	}
	if err := s.auth.SetTOTP(v.ctx, v.user, secret, f.Get("code")); err != nil {
		if social.KindOf(err) == social.Temporary {
			return err
		}
		return s.showTOTP(v, http.StatusUnprocessableEntity, secret, problem(v.lang, err))
	}
	codes, err := s.auth.FirstCodes(v.ctx, v.user.ID)
	if err != nil {
		return err
	}
	if codes == nil {
		http.Redirect(v.w, v.r, page.SecurityPath, http.StatusSeeOther)
		return nil
	}
	return s.listCodes(v, codes)
}
