package server

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"engawa/auth"
	"engawa/page"
	"engawa/social"
)

// askOf reads an authorization request.
func askOf(q url.Values) *auth.Ask {
	return &auth.Ask{
		ClientID: q.Get("client_id"), RedirectURI: q.Get("redirect_uri"), ResponseType: q.Get("response_type"), State: q.Get("state"),
		Scopes: auth.ParseScopes(q.Get("scope")), Challenge: q.Get("code_challenge"), ChallengeMethod: q.Get("code_challenge_method"),
	}
}

// askIn finds the authorization request that a way back after log-in leads to.
func askIn(next string) (*auth.Ask, bool) {
	u, err := url.Parse(page.SamePath(next))
	if err != nil || u.Path != page.AuthorizePath {
		return nil, false
	}
	return askOf(u.Query()), true
}

// asked are the parameters that go along with the consent.
var asked = []string{"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"}

// authorizePage asks for consent (RFC 6749 4.1.1).
func (s *site) authorizePage(v *visit) error {
	q := v.r.URL.Query()
	ask := askOf(q)
	app, err := s.auth.CheckAsk(v.ctx, ask)
	if err != nil {
		return s.refuseAsk(v, app, ask, err)
	}
	if v.user == nil {
		http.Redirect(v.w, v.r, page.LogInPath+"?next="+url.QueryEscape(page.AuthorizePath+"?"+q.Encode()), http.StatusFound)
		return nil
	}
	if q.Get("force_login") == "true" {
		q.Del("force_login")
		if err := s.auth.End(v.ctx, v.w, v.r); err != nil {
			return err
		}
		http.Redirect(v.w, v.r, page.LogInPath+"?next="+url.QueryEscape(page.AuthorizePath+"?"+q.Encode()), http.StatusFound)
		return nil
	}
	view := page.ConsentView{Visit: s.head(v), App: app.Name, Website: app.Website, Redirect: ask.RedirectURI, Scopes: ask.Scopes}
	for _, name := range asked {
		if value := q.Get(name); value != "" {
			view.Hidden = append(view.Hidden, page.Param{Name: name, Value: value})
		}
	}
	return s.show(v, page.Answer{Redirect: ask.RedirectURI}, func(w io.Writer) error { return s.pages.Consent(w, v.lang, view) })
}

// refuseAsk tells an error to the app where its redirect URI is proved, and to
// the person otherwise.
func (s *site) refuseAsk(v *visit, app *social.App, ask *auth.Ask, err error) error {
	var oe *auth.OAuthError
	if !errors.As(err, &oe) {
		return err
	}
	if app != nil && v.user == nil && v.r.Method == http.MethodGet {
		return s.logInFirst(v) // anybody can register an app: RFC 9700 4.11.2
	}
	if app != nil && ask.RedirectURI != auth.OOB {
		values := url.Values{"error": {oe.Code}, "error_description": {oe.Description}, "state": {ask.State}}
		http.Redirect(v.w, v.r, auth.RedirectTo(ask.RedirectURI, values), http.StatusFound)
		return nil
	}
	view := page.ErrorView{Visit: s.head(v), Status: http.StatusBadRequest, Message: oe.Description}
	return s.show(v, page.Answer{Status: http.StatusBadRequest}, func(w io.Writer) error { return s.pages.Error(w, v.lang, view) })
}

// authorize takes the decision.
func (s *site) authorize(v *visit) error {
	f, err := form(v)
	if err != nil {
		return err
	}
	ask := askOf(f)
	app, err := s.auth.CheckAsk(v.ctx, ask)
	if err != nil {
		return s.refuseAsk(v, app, ask, err)
	}
	if v.user == nil {
		return &social.Error{Kind: social.Unauthenticated, Op: "authorize", Message: "log in first"}
	}
	if f.Get("decision") != "allow" {
		if ask.RedirectURI == auth.OOB {
			http.Redirect(v.w, v.r, "/", http.StatusSeeOther)
			return nil
		}
		values := url.Values{"error": {"access_denied"}, "error_description": {"The resource owner or authorization server denied the request."}, "state": {ask.State}}
		http.Redirect(v.w, v.r, auth.RedirectTo(ask.RedirectURI, values), http.StatusSeeOther)
		return nil
	}
	code, err := s.auth.Allow(v.ctx, app, v.user.ID, ask)
	if err != nil {
		return err
	}
	if ask.RedirectURI == auth.OOB {
		view := page.CodeView{Visit: s.head(v), App: app.Name, Code: code}
		return s.show(v, page.Answer{}, func(w io.Writer) error { return s.pages.Code(w, v.lang, view) })
	}
	http.Redirect(v.w, v.r, auth.RedirectTo(ask.RedirectURI, url.Values{"code": {code}, "state": {ask.State}}), http.StatusSeeOther)
	return nil
}
