package activitypub

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"engawa/internal/httpsig"
	"engawa/internal/proof"
	"engawa/social"
)

// Handler answers neighbours: inboxes, documents, WebFinger, NodeInfo.
func (f *Federation) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"POST /inbox":                     f.postInbox,
		"POST /users/{name}/inbox":        f.postInbox,
		"POST /actor/inbox":               f.postInbox,
		"GET /.well-known/webfinger":      f.getWebFinger,
		"GET /.well-known/host-meta":      f.getHostMeta,
		"GET /.well-known/host-meta.json": f.getHostMeta,
		"GET /.well-known/nodeinfo":       f.getNodeInfoLinks,
		"GET /nodeinfo/":                  f.getNodeInfo,
		"GET /manifest.json":              f.getManifest,

		"GET /users/{name}/outbox":                    f.document200(f.outbox),
		"GET /users/{name}/followers":                 f.document200(f.followers),
		"GET /users/{name}/following":                 f.document200(f.following),
		"GET /users/{name}/collections/featured":      f.document200(f.featured),
		"GET /users/{name}/statuses/{id}/activity":    f.document200(f.postActivity),
		"GET /users/{name}/statuses/{id}/replies":     f.document200(f.replies),
		"GET /users/{name}/statuses/{id}/likes":       f.document200(f.likes),
		"GET /users/{name}/statuses/{id}/shares":      f.document200(f.shares),
		"GET /users/{name}/quote_authorizations/{id}": f.document200(f.stamp),
		"GET /actor/outbox":                           f.document200(f.empty),
		"GET /actor/followers":                        f.document200(f.empty),
		"GET /actor/following":                        f.document200(f.empty),
		"GET /actor/collections/featured":             f.document200(f.empty),
		"GET /contexts/{id}":                          f.document200(f.context),
		"GET /":                                       f.document200(f.byAddress),
	} {
		mux.Handle(pattern, h)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := f.ready(); err != nil {
			f.Log.Error("federation cannot start", "err", err)
			writeError(w, http.StatusServiceUnavailable, "not now")
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// Wants reports whether a request asks for a document rather than a page: the
// first type it names of the two kinds decides, as far as their weights agree.
func (f *Federation) Wants(r *http.Request) bool {
	if r.Method == http.MethodPost {
		return strings.HasSuffix(r.URL.Path, "/inbox")
	}
	return wantsDocument(r.Header.Values("Accept"))
}

func wantsDocument(accept []string) bool {
	bestDoc, bestPage := "", ""
	for _, line := range accept {
		for part := range strings.SplitSeq(line, ",") {
			kind, params, _ := strings.Cut(part, ";")
			q := weight(params)
			switch strings.ToLower(strings.TrimSpace(kind)) {
			case "application/activity+json", "application/ld+json", "application/json":
				if q > bestDoc {
					bestDoc = q
				}
				if bestPage == "" {
					bestDoc += "+" // named first
				}
			case "text/html", "application/xhtml+xml":
				if q > bestPage {
					bestPage = q
				}
			}
		}
	}
	return bestDoc > bestPage
}

// weight is the q of an Accept item as a text that orders like the number.
func weight(params string) string {
	for p := range strings.SplitSeq(params, ";") {
		if q, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			if q = strings.TrimSpace(q); len(q) <= 5 && (q[:min(len(q), 1)] == "0" || q[:min(len(q), 1)] == "1") {
				return q
			}
		}
	}
	return "1"
}

// asked is one request for a document.
type asked struct {
	*http.Request
	viewer social.Viewer
	signed bool
	signer string // host of the key, as it says
}

// answerer writes one document, as everybody (or the viewer) may see it.
type answerer func(ctx context.Context, r *asked) ([]byte, error)

// redirect answers with another address.
type redirect struct{ to string }

func (r *redirect) Error() string { return "moved to " + r.to }

// gonePost is a post that was deleted here.
type gonePost struct{ uri string }

func (g *gonePost) Error() string { return g.uri + " was deleted here" }

// document200 wraps what all documents share: who asks, who may not, what may be
// kept by caches (T56: only what everybody sees, asked for without a signature).
func (f *Federation) document200(answer answerer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Vary", "Accept, Signature, Signature-Input")
		q, err := f.asker(r)
		if err == nil {
			var doc []byte
			if doc, err = answer(r.Context(), q); err == nil {
				h.Set("Content-Type", "application/activity+json; charset=utf-8")
				if q.signed || f.AuthorizedFetch {
					h.Set("Cache-Control", "private, no-store")
				} else {
					h.Set("Cache-Control", "public, max-age=180")
				}
				_, _ = w.Write(doc)
				return
			}
		}
		f.denied(w, r, err)
	}
}

// denied answers what could not be: gone only for what was deleted here, else
// "not found", whether it is not there or not to be seen.
func (f *Federation) denied(w http.ResponseWriter, r *http.Request, err error) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	var (
		to   *redirect
		gone *gonePost
		no   *refusal
	)
	switch {
	case errors.As(err, &to):
		http.Redirect(w, r, to.to, http.StatusMovedPermanently)
	case errors.As(err, &gone):
		h.Set("Content-Type", "application/activity+json; charset=utf-8")
		w.WriteHeader(http.StatusGone)
		_, _ = w.Write(f.encoder().Tombstone(gone.uri, 0))
	case errors.As(err, &no):
		writeError(w, no.status, no.text)
	case social.IsKind(err, social.Gone):
		writeError(w, http.StatusGone, "this was deleted here")
	case errors.Is(err, ErrNotHere), errors.Is(err, ErrInvalid), social.KindOf(err) != social.Temporary:
		writeError(w, http.StatusNotFound, "not found")
	default:
		f.Log.Error("a document could not be written", "path", r.URL.Path, "err", err)
		writeError(w, http.StatusServiceUnavailable, "not now")
	}
}

// asker says who asks. A signature is proved where something depends on it: with
// authorised fetch, and later for what not everybody may see.
func (f *Federation) asker(r *http.Request) (*asked, error) {
	q := &asked{Request: r}
	q.signed = len(r.Header["Signature"]) > 0 || len(r.Header["Signature-Input"]) > 0
	if q.signed {
		sig, err := httpsig.Parse(r)
		if err == nil {
			if q.signer = HostOf(sig.KeyID); f.blocked(r.Context(), q.signer) {
				return nil, refused(http.StatusForbidden, "this home does not speak with "+q.signer)
			}
		}
	}
	if !f.AuthorizedFetch || r.URL.Path == "/actor" { // the key of who signs our GETs is for all
		return q, nil
	}
	return q, f.prove(q)
}

// prove checks the signature of a GET; the viewer is its actor then.
func (f *Federation) prove(q *asked) error {
	if q.viewer.Actor != 0 {
		return nil
	}
	if !q.signed {
		return refused(http.StatusUnauthorized, "this home answers signed requests only")
	}
	sig, err := f.signatureOf(q.Request, nil)
	if err != nil {
		return err
	}
	key, err := f.verify(q.Context(), sig, nil, "")
	if err != nil {
		return err
	}
	q.viewer.Actor = key.actor
	return nil
}

// encoder writes documents of this home.
func (f *Federation) encoder() *Encoder {
	return &Encoder{Store: f.Home.Store, Base: f.Base, Sign: f.signDocument}
}

// signDocument adds an integrity proof by an Actor of ours (FEP-8b32).
func (f *Federation) signDocument(ctx context.Context, a *social.Actor, doc []byte) ([]byte, error) {
	s, err := f.signersOf(ctx, a.ID)
	if err != nil || s.edKey.IsZero() {
		return doc, err
	}
	return proof.Create(doc, s.edKey, s.edID, f.now())
}

// byAddress answers by the exact URI, else by its route.
func (f *Federation) byAddress(ctx context.Context, q *asked) ([]byte, error) {
	uri := f.Base + q.URL.EscapedPath()
	if q.URL.RawQuery != "" {
		uri += "?" + q.URL.RawQuery
	}
	at, err := f.Home.Store.Address(ctx, uri)
	switch {
	case social.IsKind(err, social.NotFound):
		return f.byRoute(ctx, q)
	case err != nil:
		return nil, err
	case at.State == "gone":
		return nil, &gonePost{uri}
	case at.State == "redirect":
		return nil, f.primary(ctx, at)
	}
	switch at.Kind {
	case "actor":
		a, err := f.Home.Store.Actor(ctx, at.Target)
		if err != nil {
			return nil, err
		}
		return f.actorDocument(ctx, a)
	case "post":
		return f.postDocument(ctx, q, at.Target, "")
	}
	return f.byRoute(ctx, q)
}

// primary leads from an address that was given up to the present one.
func (f *Federation) primary(ctx context.Context, at *social.Address) error {
	uri := ""
	switch at.Kind {
	case "actor":
		if a, err := f.Home.Store.Actor(ctx, at.Target); err == nil {
			uri = a.URI
		}
	case "post":
		if p, err := f.Home.Store.Post(ctx, at.Target); err == nil && p.Audience <= social.Unlisted {
			uri = p.URI
		}
	}
	if uri == "" || uri == at.URI {
		return social.ErrNotFound
	}
	return &redirect{uri}
}

// byRoute answers /users/{name}, /@{name} and the posts below them.
func (f *Federation) byRoute(ctx context.Context, q *asked) ([]byte, error) {
	path := strings.TrimSuffix(q.URL.Path, "/")
	if name, id, ok := f.routeOf(f.Base + path); ok {
		a, err := f.localActor(ctx, name)
		if err != nil {
			return nil, err
		}
		return f.postDocument(ctx, q, id, a.Name)
	}
	name, ok := strings.CutPrefix(path, "/users/")
	if !ok {
		name, ok = strings.CutPrefix(path, "/@")
	}
	if !ok || name == "" || strings.Contains(name, "/") {
		return nil, social.ErrNotFound
	}
	a, err := f.localActor(ctx, name)
	if err != nil {
		return nil, err
	}
	return f.actorDocument(ctx, a)
}

// localActor finds somebody of this home by name. What stands under a path is
// found by the stored address first.
func (f *Federation) localActor(ctx context.Context, name string) (*social.Actor, error) {
	a, err := f.knownActor(ctx, f.Base+"/users/"+name)
	if social.IsKind(err, social.NotFound) {
		a, err = f.Home.Store.ActorByHandle(ctx, name, f.Home.Info.Domain)
	}
	if err != nil {
		return nil, err
	}
	if a.State == social.ActorGone && a.Local() {
		return nil, &gonePost{a.URI}
	}
	if !a.Local() || a.Suspended != 0 {
		return nil, social.ErrNotFound
	}
	return a, nil
}

func (f *Federation) actorDocument(ctx context.Context, a *social.Actor) ([]byte, error) {
	switch {
	case !a.Local():
		return nil, &redirect{a.URI}
	case a.State == social.ActorGone:
		return nil, &gonePost{a.URI}
	}
	return f.encoder().Actor(ctx, a)
}

// postDocument is a post of ours that the viewer may see. name, if given, is
// whose it must be.
func (f *Federation) postDocument(ctx context.Context, q *asked, id social.ID, name string) ([]byte, error) {
	p, err := f.visible(ctx, q, id, name)
	if err != nil {
		return nil, err
	}
	if p.BoostOf != 0 {
		return f.encoder().Activity(ctx, p)
	}
	return f.encoder().Note(ctx, p)
}

// visible loads a post of ours for who asks; whose signature counts only where
// not everybody may see the post.
func (f *Federation) visible(ctx context.Context, q *asked, id social.ID, name string) (*social.Post, error) {
	l, err := f.Home.PostFor(ctx, q.viewer, id)
	if social.IsKind(err, social.NotFound) && q.signed && q.viewer.Actor == 0 {
		if err := f.prove(q); err != nil {
			return nil, social.ErrNotFound
		}
		l, err = f.Home.PostFor(ctx, q.viewer, id)
	}
	if err != nil {
		return nil, err
	}
	p := l.Posts[0]
	author := l.Actors[p.Actor]
	if author == nil || !author.Local() || p.Audience == social.LocalOnly || name != "" && !strings.EqualFold(author.Name, name) {
		return nil, social.ErrNotFound
	}
	return p, nil
}
