package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/page"
	"engawa/social"
)

// site serves the pages that the home writes itself: the public ones and the
// forms around logging in. It fills package page's views from the domain.
type site struct {
	home    *social.Home
	auth    *auth.Auth
	pages   *page.Pages
	remote  func(kind, url string) string // address of a remote picture, through the cache
	address func(*http.Request) netip.Addr
	base    string
	log     *slog.Logger
}

const langCookie = "engawa_lang"

// visit is one request for a page: who reads, in which language.
type visit struct {
	w    http.ResponseWriter
	r    *http.Request
	ctx  context.Context
	lang locale.Lang
	user *social.User // nil for a visitor
	me   *social.Actor
}

// handle wraps a page's handler: language, who reads, errors as pages.
func (s *site) handle(f func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{w: w, r: r, ctx: r.Context()}
		err := s.arrive(v)
		if err == nil {
			err = f(v)
		}
		if err != nil {
			s.fail(v, err)
		}
	})
}

func (s *site) arrive(v *visit) error {
	setting := ""
	if c, err := v.r.Cookie(langCookie); err == nil {
		setting = c.Value
	}
	asked := v.r.URL.Query().Get("lang")
	fallback := locale.English
	if len(s.home.Info.Languages) > 0 {
		if l, ok := locale.Parse(s.home.Info.Languages[0]); ok {
			fallback = l
		}
	}
	v.lang = locale.Choose(asked, setting, v.r.Header.Get("Accept-Language"), fallback)
	if asked != "" {
		http.SetCookie(v.w, &http.Cookie{Name: langCookie, Value: string(v.lang), Path: "/", MaxAge: 365 * 86400, SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: s.auth.Secure})
	}
	u, err := s.auth.Current(v.ctx, v.r)
	if err != nil || u == nil {
		return err
	}
	v.user = u
	v.me, err = s.home.Store.Actor(v.ctx, u.ID)
	return err
}

// viewer is who looks: the reader, or a stranger.
func (v *visit) viewer() social.Viewer {
	if v.user == nil {
		return social.Viewer{}
	}
	return social.Viewer{Actor: v.user.ID, User: true, Staff: v.user.Role != social.Member}
}

// head is the part of every view.
func (s *site) head(v *visit) page.Visit {
	h := page.Visit{Here: v.r.URL.RequestURI()}
	if v.me != nil {
		a := s.actorView(v.me)
		h.Reader = &a
	}
	return h
}

// show sends a page.
func (s *site) show(v *visit, a page.Answer, render func(io.Writer) error) error {
	a.Lang = v.lang
	a.Failed = func(err error) { s.log.Error("a page could not be written", "path", v.r.URL.Path, "err", err) }
	s.pages.Serve(v.w, a, render)
	return nil
}

var pageStatus = map[social.Kind]int{
	social.Invalid: http.StatusUnprocessableEntity, social.Unauthenticated: http.StatusUnauthorized, social.Forbidden: http.StatusForbidden,
	social.NotFound: http.StatusNotFound, social.Conflict: http.StatusConflict, social.Gone: http.StatusGone,
	social.Limited: http.StatusTooManyRequests, social.Temporary: http.StatusServiceUnavailable,
}

func (s *site) fail(v *visit, err error) {
	status := pageStatus[social.KindOf(err)]
	if status >= 500 && v.ctx.Err() == nil {
		s.log.Error("a page failed", "path", v.r.URL.Path, "err", err)
	}
	view := page.ErrorView{Visit: s.head(v), Status: status}
	_ = s.show(v, page.Answer{Status: status}, func(w io.Writer) error { return s.pages.Error(w, v.lang, view) })
}

// addressText is the client's address as text, for limits and session lists.
func (s *site) addressText(r *http.Request) string { return s.address(r).String() }

// logInFirst sends a visitor to the log-in page and back.
func (s *site) logInFirst(v *visit) error {
	next := v.r.URL.RequestURI()
	http.Redirect(v.w, v.r, page.LogInPath+"?next="+queryEscape(next), http.StatusFound)
	return nil
}

func queryEscape(s string) string {
	return strings.NewReplacer("%", "%25", "&", "%26", "+", "%2B", "#", "%23", " ", "%20", ";", "%3B", "=", "%3D", "?", "%3F").Replace(s)
}
