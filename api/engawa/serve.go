package engawa

import (
	"net/http"
	"strings"

	"engawa/auth"
	"engawa/internal/locale"
	"engawa/social"
)

// Handler serves every operation of the table; other paths are a 404 in JSON.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for i := range routes {
		rt := &routes[i]
		method, path, _ := strings.Cut(rt.pattern, " ")
		mux.Handle(method+" "+Base+path, a.handle(rt))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		err := a.Limits.take(&call{Request: r, w: w, ctx: r.Context()}, &route{})
		if err == nil {
			err = &social.Error{Kind: social.NotFound, Message: string(locale.W("own.no_operation"))}
		}
		fail(w, r, langOf(r, nil), err)
	})
	return cors(mux)
}

// handle is what every operation has in common: who asks, how often, may they;
// then the answer or the error.
func (a *API) handle(rt *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Authorization, Accept-Language")
		w.Header().Set("Cache-Control", "private, no-store")
		c := &call{Request: r, w: w, ctx: r.Context(), lang: langOf(r, nil)}
		answer, err := a.serve(c, rt)
		switch v := answer.(type) {
		case nil:
			if err == nil {
				write(w, http.StatusOK, struct{}{})
			}
		case status:
			if err == nil && v.body == nil {
				w.WriteHeader(v.code)
			} else if err == nil {
				write(w, v.code, v.body)
			}
		case raw:
			if err == nil {
				w.Header().Set("Content-Type", v.kind)
				_, _ = w.Write(v.data)
			}
		default:
			if err == nil {
				write(w, http.StatusOK, v)
			}
		}
		if err != nil {
			fail(w, r, c.lang, err)
		}
	})
}

func (a *API) serve(c *call, rt *route) (any, error) {
	grant, err := a.Grants.Of(c.ctx, c.Request)
	c.grant = grant
	if err := a.Limits.take(c, rt); err != nil { // who guesses tokens counts by address
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	if err := may(grant, rt.scope); err != nil {
		return nil, err
	}
	c.lang = langOf(c.Request, grant.User)
	return rt.do(a, c)
}

// langOf is the language that an answer is in: that of the request, else its User's.
func langOf(r *http.Request, u *social.User) locale.Lang {
	setting := ""
	if u != nil {
		setting = u.Locale
	}
	return locale.Choose(r.URL.Query().Get("lang"), setting, r.Header.Get("Accept-Language"), locale.English)
}

// may checks who may use an operation.
func may(g *auth.Grant, scope string) error {
	switch {
	case g == nil:
		return &social.Error{Kind: social.Unauthenticated, Op: "authorize", Message: string(locale.W("own.token"))}
	case g.User == nil:
		return &social.Error{Kind: social.Forbidden, Op: "authorize", Message: string(locale.W("own.user_token"))}
	case !g.Allows(scope):
		return &social.Error{Kind: social.Forbidden, Op: "authorize", Message: string(locale.W("own.scope", "scope", scope))}
	}
	return nil
}

// cors lets browsers' clients of other origins in: no cookies, any header.
func cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Link, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "POST, PUT, DELETE, GET, PATCH, OPTIONS")
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language")
			h.Set("Access-Control-Max-Age", "7200")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
