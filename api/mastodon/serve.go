package mastodon

import (
	"net/http"
	"strings"

	"engawa/auth"
	"engawa/social"
)

// Handler serves every operation of the table below /api and /oauth's JSON
// parts. An unknown path under /api is a 404 in JSON, so that clients fall back.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for i := range routes {
		rt := &routes[i]
		mux.Handle(rt.pattern, a.handle(rt))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fail(w, r, &statusError{http.StatusNotFound, map[string]any{"error": "Not Found"}})
	})
	return cors(slashless(mux))
}

// slashless takes one slash from the end of a path, as Mastodon's router does: Mastodon.py asks for
// /api/v1/instance/.
func slashless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) > 1 && strings.HasSuffix(r.URL.Path, "/") {
			to := *r.URL
			to.Path, to.RawPath = strings.TrimSuffix(to.Path, "/"), strings.TrimSuffix(to.RawPath, "/")
			r = r.WithContext(r.Context())
			r.URL = &to
		}
		next.ServeHTTP(w, r)
	})
}

// handle is what every operation has in common: limits, who asks, may they,
// with what; then the answer or the error as JSON.
func (a *API) handle(rt *route) http.Handler {
	scopes := strings.FieldsFunc(rt.scope, func(r rune) bool { return r == '|' })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Authorization")
		c := &call{Request: r, w: w, ctx: r.Context()}
		answer, err := a.serve(c, rt, scopes)
		if err != nil { // whatever stands beside it
			fail(w, r, err)
			return
		}
		switch v := answer.(type) {
		case nil:
		case status:
			write(w, v.code, v.body)
		case raw:
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(v)
		default:
			write(w, http.StatusOK, v)
		}
	})
}

// raw is an answer that is JSON already. An operation that has written its
// answer itself returns nil and no error.
type raw []byte

func (a *API) serve(c *call, rt *route, scopes []string) (any, error) {
	if err := a.closedTo(c); err != nil {
		return nil, err
	}
	who := a.Grants.Of
	if rt.access == unconfirmed {
		who = a.Grants.Waiting
	}
	grant, err := who(c.ctx, c.Request)
	c.grant = grant
	if err := a.Limits.take(c, rt); err != nil { // who guesses tokens counts by address
		return nil, err
	}
	if err != nil {
		return nil, err // a wrong token is never taken for no token
	}
	if err := may(c.grant, rt.access, scopes); err != nil {
		return nil, err
	}
	switch {
	case c.Body == nil || c.Body == http.NoBody:
	case rt.access != withUser: // who is no User sends no files
		c.Body = http.MaxBytesReader(c.w, c.Body, maxForm)
	case withFiles(c.Request):
		leave, err := a.uploading.enter(c.ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
	}
	if c.in, err = readParams(c.w, c.Request); err != nil {
		return nil, err
	}
	return rt.do(a, c)
}

// withFiles reports whether a body may hold files.
func withFiles(r *http.Request) bool {
	return strings.HasPrefix(strings.ToLower(r.Header.Get("Content-Type")), "multipart/")
}

// may checks what the table says of who may use an operation.
func may(g *auth.Grant, need access, scopes []string) error {
	switch {
	case g == nil && need == anyone:
		return nil
	case g == nil:
		return &social.Error{Kind: social.Unauthenticated, Op: "authorize", Message: "The access token is invalid"}
	case (need == withUser || need == unconfirmed) && g.User == nil:
		return &social.Error{Kind: social.Invalid, Op: "authorize", Message: "This method requires an authenticated user"}
	case !g.Allows(scopes...):
		return outsideScopes(scopes)
	}
	return nil
}

// cors lets browsers' clients of other origins in: no cookies, any header.
func cors(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Link, Mastodon-Async-Refresh, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "POST, PUT, DELETE, GET, PATCH, OPTIONS")
			h.Set("Access-Control-Allow-Headers", allowHeaders(r))
			h.Set("Access-Control-Max-Age", "7200")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func allowHeaders(r *http.Request) string {
	if asked := r.Header.Get("Access-Control-Request-Headers"); asked != "" && len(asked) < 1000 {
		return asked
	}
	return "*"
}
