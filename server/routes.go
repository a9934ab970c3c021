package server

import (
	"net/http"
	"strings"

	"engawa/api/mastodon"
	"engawa/media"
	"engawa/network/bluesky"
	"engawa/network/mail"
	"engawa/page"
	"engawa/social"
	"engawa/web"
)

// Handler is everything that is served on the main address, in one table: who
// answers which path. What both a browser and a neighbour may ask for (profiles,
// posts) is decided by Accept.
func (s *Server) Handler() (http.Handler, error) {
	site, err := s.newSite()
	if err != nil {
		return nil, err
	}
	api := s.API.Handler()
	fed := s.Fed.Handler()
	own := s.ownAPI()
	linked := &relaySite{site, own}
	forms := http.NewCrossOriginProtection()
	post := func(f func(*visit) error) http.Handler { return forms.Handler(site.handle(f)) }
	either := func(f func(*visit) error) http.Handler { return s.either(fed, site.handle(f)) }

	mux := http.NewServeMux()
	for pattern, h := range map[string]http.Handler{
		// the client API and its streams
		"/api/":              api,
		"/api/engawa/":       own.Handler(),
		"/api/v1/streaming":  s.Hub,
		"/api/v1/streaming/": s.Hub,
		"/oauth/token":       api,
		"/oauth/revoke":      api,
		"/oauth/userinfo":    api,
		"/.well-known/oauth-authorization-server": api,
		"GET /health":   api,
		"GET /avatars/": mastodon.MissingPictures(),
		"GET /headers/": mastodon.MissingPictures(),

		"GET " + bluesky.MetadataPath: http.HandlerFunc(s.blueskyClient),

		// neighbours
		"/inbox":                          fed,
		"/actor":                          fed,
		"/actor/":                         fed,
		"/users/{name}":                   either(site.toProfile),
		"/users/{name}/statuses/{id}":     either(site.toPost),
		"/users/":                         fed,
		"/contexts/":                      fed,
		"GET /.well-known/webfinger":      fed,
		"GET /.well-known/host-meta":      fed,
		"GET /.well-known/host-meta.json": fed,
		"GET /.well-known/nodeinfo":       fed,
		"GET /nodeinfo/":                  fed,
		"GET /manifest.json":              fed,

		// pages and forms
		"GET /{$}":                               site.handle(site.front),
		"GET " + page.TermsPath:                  site.handle(s.document(site, social.DocTerms)),
		"GET " + page.PrivacyPath:                site.handle(s.document(site, social.DocPrivacy)),
		"GET " + page.AboutPath:                  site.handle(site.about),
		"GET /tags/{tag}":                        site.handle(site.tag),
		"GET " + page.LogInPath:                  site.handle(site.logInPage),
		"POST " + page.LogInPath:                 post(site.logIn),
		"POST " + page.LogOutPath:                post(site.logOut),
		"GET /auth/sign_in":                      http.RedirectHandler(page.LogInPath, http.StatusFound),
		"GET /.well-known/change-password":       http.RedirectHandler(page.PasswordPath, http.StatusFound),
		"GET " + page.AuthorizePath:              site.handle(site.authorizePage),
		"GET " + page.AuthorizePath + "/":        site.handle(site.authorizePage),
		"POST " + page.AuthorizePath:             post(site.authorize),
		"POST " + page.AuthorizePath + "/":       post(site.authorize),
		"GET " + page.SetUpPath:                  site.handle(site.setUpPage),
		"POST " + page.SetUpPath:                 post(site.setUp),
		"GET " + page.PasswordPath:               site.handle(site.passwordPage),
		"POST " + page.PasswordPath:              post(site.password),
		"GET " + page.JoinPath:                   site.handle(site.joinPage),
		"POST " + page.JoinPath:                  post(site.join),
		"GET /auth/sign_up":                      http.RedirectHandler(page.JoinPath, http.StatusFound),
		"GET " + invitePath + "{code}":           site.handle(site.invited),
		"GET " + page.ForgotPath:                 site.handle(site.forgotPage),
		"POST " + page.ForgotPath:                post(site.forgot),
		"GET /auth/password/new":                 http.RedirectHandler(page.ForgotPath, http.StatusFound),
		"GET " + page.ConfirmPath:                site.handle(site.confirmPage),
		"POST " + page.ConfirmPath:               post(site.confirm),
		"GET " + page.EmailPath:                  site.handle(site.emailPage),
		"POST " + page.EmailPath:                 post(site.email),
		"GET " + page.SecurityPath:               site.handle(site.securityPage),
		"POST " + page.SecurityPath:              post(site.security),
		"GET /settings":                          http.RedirectHandler(page.SecurityPath, http.StatusFound),
		"GET /auth/edit":                         http.RedirectHandler(page.SecurityPath, http.StatusFound),
		"GET " + page.TOTPPath:                   site.handle(site.totpPage),
		"POST " + page.TOTPPath:                  post(site.totp),
		"POST " + page.PasskeyPath:               forms.Handler(site.scripted(site.passkeyBegin)),
		"POST " + page.PasskeyPath + "/done":     forms.Handler(site.scripted(site.passkeyDone)),
		"POST " + page.PasskeyMakePath:           forms.Handler(site.scripted(site.passkeyMake)),
		"POST " + page.PasskeyMakePath + "/done": forms.Handler(site.scripted(site.passkeyMade)),
		"GET " + page.IdentityPath:               site.handle(site.identity),
		"GET " + identityBack:                    site.handle(site.identityArrived),
		"GET " + page.InvitesPath:                site.handle(site.invitesPage),
		"POST " + page.InvitesPath:               post(site.invites),
		"GET " + page.InteractPath:               site.handle(site.interactPage),
		"POST " + page.InteractPath:              post(site.interact),
		"GET " + callbackPath + "{network}":      site.handle(s.linkBack(site)),

		// linked accounts, rules and copies without script
		"GET " + page.RelayPath:                                site.handle(linked.mine(linked.linked)),
		"POST " + page.RelayBeginPath:                          post(linked.mine(linked.begin)),
		"POST " + page.RelayLinksPath + "{id}/{action}":        post(linked.mine(linked.act)),
		"GET " + page.RulesPath:                                site.handle(linked.mine(linked.rulesPage)),
		"POST " + page.RulesPath:                               post(linked.mine(linked.rules)),
		"GET " + page.RelayPostsPath + "{id}":                  site.handle(linked.mine(linked.copiesPage)),
		"POST " + page.RelayPostsPath + "{id}/{link}/{action}": post(linked.mine(linked.actOnCopies)),

		"GET " + mail.UnsubscribePath:  site.handle(s.unsubscribe(site)),
		"POST " + mail.UnsubscribePath: post(s.unsubscribe(site)),
		"GET /page/":                   site.pages,
		"GET /favicon.ico":             http.RedirectHandler(site.pages.IconPath(), http.StatusFound),
		"GET /robots.txt":              http.HandlerFunc(robots),

		// files
		"GET /blob/{key...}":         media.Handler(s.blobs),
		"GET " + media.RemotePattern: media.RemoteHandler(s.cache, s.links),

		// the web client
		"GET /deck":  http.HandlerFunc(deck),
		"GET /deck/": http.StripPrefix(strings.TrimSuffix(web.Base, "/"), http.HandlerFunc(deckFile)),

		"GET /livez":  http.HandlerFunc(s.livez),
		"GET /readyz": http.HandlerFunc(s.readyz),
		"/":           handles(either(site.profile), either(site.post), either(nothing)),
	} {
		mux.Handle(pattern, h)
	}
	return guarded(s.Log, site.pages, mux), nil
}

// handles serves /@name and /@name/id, which no pattern of ServeMux can say, and
// gives everything else to rest.
func handles(profile, post, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
		if !strings.HasPrefix(parts[0], "@") || len(parts) > 2 || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
			rest.ServeHTTP(w, r)
			return
		}
		r.SetPathValue("handle", parts[0])
		if len(parts) == 1 {
			profile.ServeHTTP(w, r)
			return
		}
		r.SetPathValue("id", parts[1])
		post.ServeHTTP(w, r)
	})
}

func nothing(*visit) error { return social.ErrNotFound }

// either lets a neighbour have the document and a browser the page.
func (s *Server) either(document, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		if s.Fed.Wants(r) {
			document.ServeHTTP(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /deck\nDisallow: /blob/remote/\n"))
}

// deck answers the web client's page; it finds its way by the fragment.
func deck(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", web.ContentSecurityPolicy)
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(web.Index())
}

// files serves what is built into the program; names carry a hash of their content.
var files = http.FileServerFS(web.FS())

func deckFile(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/assets/") {
		if r.URL.Path == "/" || strings.HasSuffix(r.URL.Path, ".html") {
			deck(w, r)
			return
		}
	} else if strings.HasSuffix(r.URL.Path, "/") { // no lists of files
		deck(w, r)
		return
	} else {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	files.ServeHTTP(w, r)
}
