package activitypub

import (
	"encoding/json"
	"net/http"
	"strings"

	"engawa/social"
)

// Public answers that seldom change may be kept this long (mastodon.md 5.10).
const (
	cacheFound   = "public, max-age=259200"
	cacheMissing = "public, max-age=180"
)

// descriptor is a JSON Resource Descriptor (RFC 7033, 4.4).
type descriptor struct {
	Subject string    `json:"subject"`
	Aliases []string  `json:"aliases"`
	Links   []jrdLink `json:"links"`
}

type jrdLink struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// getWebFinger answers who is behind acct:name@domain, or behind an address of
// somebody here: 400 without a resource, 404 for strangers, 410 for whom was
// deleted here.
func (f *Federation) getWebFinger(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	resource := r.URL.Query().Get("resource")
	if resource == "" {
		h.Set("Cache-Control", cacheMissing)
		writeError(w, http.StatusBadRequest, "the parameter resource is missing: acct:name@"+f.Home.Info.Domain)
		return
	}
	a, err := f.fingered(r, resource)
	if err != nil {
		h.Set("Cache-Control", cacheMissing)
		writeError(w, fingerStatus(err), "nobody of this name is here")
		return
	}
	h.Set("Cache-Control", cacheFound)
	writeJSON(w, "application/jrd+json; charset=utf-8", f.describe(a))
}

func fingerStatus(err error) int {
	switch social.KindOf(err) {
	case social.Invalid:
		return http.StatusBadRequest
	case social.Gone:
		return http.StatusGone
	case social.Temporary:
		return http.StatusServiceUnavailable
	}
	return http.StatusNotFound
}

// fingered finds the local Actor a resource means.
func (f *Federation) fingered(r *http.Request, resource string) (*social.Actor, error) {
	ctx := r.Context()
	var a *social.Actor
	var err error
	if strings.HasPrefix(resource, "https:") || strings.HasPrefix(resource, "http:") {
		a, err = f.actorAt(r, resource)
	} else {
		name, domain, ok := parseAcct(resource)
		switch {
		case !ok:
			return nil, &social.Error{Kind: social.Invalid, Op: "webfinger", Message: "a resource is acct:name@domain or the address of an account"}
		case domain != f.Home.Info.Domain && domain != HostOf(f.Base):
			return nil, social.ErrNotFound
		case name == domain:
			name = f.Home.Info.Domain // the server's own actor
		}
		a, err = f.Home.Store.ActorByHandle(ctx, name, f.Home.Info.Domain)
	}
	if err != nil {
		return nil, err
	}
	if !a.Local() || a.Suspended != 0 {
		return nil, social.ErrNotFound
	}
	if a.State == social.ActorGone {
		return nil, &social.Error{Kind: social.Gone, Op: "webfinger", Message: "this account has been deleted"}
	}
	return a, nil
}

// actorAt finds an Actor of ours by one of its addresses: the exact URI, the
// page, or the home itself.
func (f *Federation) actorAt(r *http.Request, address string) (*social.Actor, error) {
	ctx := r.Context()
	if a, err := f.knownActor(ctx, address); !social.IsKind(err, social.NotFound) {
		return a, err
	}
	rest, ok := strings.CutPrefix(strings.TrimSuffix(address, "/"), f.Base)
	if !ok {
		return nil, social.ErrNotFound
	}
	if rest == "" {
		return f.Home.Store.ServerActor(ctx, f.Home.Info.ID)
	}
	name, ok := strings.CutPrefix(rest, "/@")
	if !ok {
		name, ok = strings.CutPrefix(rest, "/users/")
	}
	if !ok || name == "" || strings.Contains(name, "/") {
		return nil, social.ErrNotFound
	}
	return f.Home.Store.ActorByHandle(ctx, name, f.Home.Info.Domain)
}

// describe is the descriptor of an Actor of ours; the links are Mastodon's.
func (f *Federation) describe(a *social.Actor) *descriptor {
	page := a.URL
	if a.Kind == social.Server {
		page = f.Base + "/about"
	}
	d := &descriptor{
		Subject: "acct:" + a.Name + "@" + a.Domain,
		Aliases: []string{page, a.URI},
		Links: []jrdLink{
			{Rel: "http://webfinger.net/rel/profile-page", Type: "text/html", Href: page},
			{Rel: "self", Type: "application/activity+json", Href: a.URI},
			{Rel: "http://ostatus.org/schema/1.0/subscribe", Template: f.Base + "/authorize_interaction?uri={uri}"},
			{Rel: "https://w3id.org/fep/3b86/Object", Template: f.Base + "/authorize_interaction?uri={object}"},
		},
	}
	if a.Avatar.Key != "" {
		d.Links = append(d.Links, jrdLink{Rel: "http://webfinger.net/rel/avatar", Type: pictureType(a.Avatar.Key), Href: f.Base + "/blob/" + a.Avatar.Key})
	}
	return d
}

// pictureType is the media type that a blob's name tells.
func pictureType(key string) string {
	switch {
	case strings.HasSuffix(key, ".png"):
		return "image/png"
	case strings.HasSuffix(key, ".webp"):
		return "image/webp"
	case strings.HasSuffix(key, ".gif"):
		return "image/gif"
	case strings.HasSuffix(key, ".avif"):
		return "image/avif"
	}
	return "image/jpeg"
}

// getHostMeta answers where WebFinger is (RFC 6415): XML, or JSON where that is
// asked for.
func (f *Federation) getHostMeta(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", cacheFound)
	w.Header().Add("Vary", "Accept")
	template := f.Base + "/.well-known/webfinger?resource={uri}"
	if strings.HasSuffix(r.URL.Path, ".json") || hasType(r.Header.Get("Accept"), "application/json") || hasType(r.Header.Get("Accept"), "application/jrd+json") {
		writeJSON(w, "application/json; charset=utf-8", map[string]any{"links": []jrdLink{{Rel: "lrdd", Template: template}}})
		return
	}
	w.Header().Set("Content-Type", "application/xrd+xml; charset=utf-8")
	_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">` + "\n" +
		`  <Link rel="lrdd" template="` + template + `"/>` + "\n</XRD>\n"))
}

// writeJSON answers with v; addresses keep their & as they are.
func writeJSON(w http.ResponseWriter, contentType string, v any) {
	w.Header().Set("Content-Type", contentType)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the other side went away
}
