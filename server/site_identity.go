package server

import (
	"net/http"
	"strings"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// tripCookie keeps a log-in that is on its way through the identity provider.
const tripCookie = "engawa_identity"

// identityBack is where the provider sends back to.
const identityBack = page.IdentityPath + "/back"

// identity leads to the provider: for a log-in, or (link=1) to link the account
// of who is logged in.
func (s *site) identity(v *visit) error {
	if s.auth.Provider == nil {
		return social.ErrNotFound
	}
	var who *social.User
	if v.r.URL.Query().Get("link") != "" {
		if who = v.user; who == nil {
			return s.logInFirst(v)
		}
	}
	to, kept, err := s.auth.Depart(v.ctx, page.SamePath(v.r.URL.Query().Get("next")), who)
	if err != nil {
		return err
	}
	s.keepTrip(v, kept, 600)
	http.Redirect(v.w, v.r, to, http.StatusFound)
	return nil
}

func (s *site) keepTrip(v *visit, value string, age int) {
	http.SetCookie(v.w, &http.Cookie{Name: tripCookie, Value: value, Path: page.IdentityPath, MaxAge: age, HttpOnly: true, Secure: s.auth.Secure, SameSite: http.SameSiteLaxMode})
}

// identityArrived takes the provider's answer.
func (s *site) identityArrived(v *visit) error {
	if s.auth.Provider == nil {
		return social.ErrNotFound
	}
	kept := ""
	if c, err := v.r.Cookie(tripCookie); err == nil {
		kept = c.Value
	}
	s.keepTrip(v, "", -1)
	q := v.r.URL.Query()
	came, err := s.auth.Arrive(v.ctx, kept, q.Get("state"), q.Get("code"), v.user)
	if err != nil {
		if social.KindOf(err) == social.Temporary {
			return err
		}
		s.log.Info("a log-in by the identity provider was refused", "err", err)
		return s.tellOnly(v, pageStatus[social.KindOf(err)], "login.title", problem(v.lang, err))
	}
	switch {
	case came.Linked:
		http.Redirect(v.w, v.r, page.SecurityPath, http.StatusFound)
		return nil
	case came.Stranger != nil:
		return s.welcome(v, came.Stranger)
	}
	out, err := s.auth.FirstStep(v.ctx, came.User)
	if err != nil {
		return err
	}
	if out.Challenge != "" {
		return s.second(v, came.Next, out)
	}
	if err := s.auth.Begin(v.ctx, v.w, v.r, out.User, s.addressText(v.r)); err != nil {
		return err
	}
	http.Redirect(v.w, v.r, afterLogIn(came.Next), http.StatusFound)
	return nil
}

// welcome shows the form for the account of who came for the first time.
func (s *site) welcome(v *visit, stranger *auth.Stranger) error {
	sealed, err := s.auth.KeepStranger(stranger)
	if err != nil {
		return err
	}
	return s.showJoin(v, http.StatusOK, page.JoinView{Name: stranger.Name, Email: stranger.Email, Stranger: sealed, Proved: stranger.Email != ""})
}

func dropIdentity(s *site, v *visit, id string) error {
	issuer, subject, _ := strings.Cut(strings.ReplaceAll(id, "\r", ""), "\n")
	if v.user.Password == "" {
		return &social.Error{Kind: social.Conflict, Op: "identity", Message: locale.T(v.lang, "problem.identity.last")}
	}
	return s.home.Store.Write(v.ctx, func(tx social.Tx) error { return tx.DropIdentity(v.ctx, v.user.ID, issuer, subject) })
}
