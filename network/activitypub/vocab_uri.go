package activitypub

import (
	"net/url"
	"strings"

	"engawa/internal/hostname"
)

// maxURI bounds ids and addresses, in bytes.
const maxURI = 2048

// The names of "everybody"; the first is the one that is sent.
const (
	Public      = "https://www.w3.org/ns/activitystreams#Public"
	publicShort = "as:Public"
	publicBare  = "Public"
)

func isPublic(uri string) bool {
	return uri == Public || uri == publicShort || uri == publicBare
}

// HostOf is the canonical host (package hostname) of an http or https URI, ""
// for everything else: nothing has the host "". Two URIs are of one origin when
// their hosts are equal and not "".
func HostOf(uri string) string {
	if len(uri) > maxURI {
		return ""
	}
	for i := range len(uri) {
		if c := uri[i]; c <= ' ' || c == '\\' || c == 0x7f || c == '"' || c == '<' || c == '>' {
			return ""
		}
	}
	rest, ok := strings.CutPrefix(uri, "https://")
	if !ok {
		if !strings.HasPrefix(uri, "http://") {
			return ""
		}
		u, err := url.Parse(uri)
		if err != nil {
			return ""
		}
		host, err := hostname.OfURL(u)
		if err != nil {
			return ""
		}
		return host
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	if strings.IndexByte(rest, '@') >= 0 || strings.IndexByte(rest, '%') >= 0 {
		return ""
	}
	host, err := hostname.Parse(rest)
	if err != nil {
		return ""
	}
	return host
}

// sameOrigin reports whether both are URIs of one host.
func sameOrigin(a, b string) bool {
	host := HostOf(a)
	return host != "" && host == HostOf(b)
}

// uriOf is the id of v if it is an http or https URI, else "".
func uriOf(v Value) string {
	if id := v.ID(); HostOf(id) != "" {
		return id
	}
	return ""
}

// ownURI is the id of v if it is of the same origin as owner, else "".
func ownURI(v Value, owner string) string {
	if id := v.ID(); sameOrigin(id, owner) {
		return id
	}
	return ""
}

// pageOf is the address for people that an object gives: of its url the first
// HTML one, else the first, if it has the host of its id (T9); else "".
func pageOf(url Value, id string) string {
	first := ""
	for u := range url.Each {
		href := u.Str()
		if u.IsObject() {
			href = u.Get("href").Str()
		}
		if !sameOrigin(href, id) {
			continue
		}
		if kind := u.Get("mediaType").Str(); kind == "text/html" {
			return href
		}
		if first == "" {
			first = href
		}
	}
	return first
}

// fileOf is the address of a picture or other file: the first of url that is
// http or https, whatever its host.
func fileOf(url Value) (href, mediaType string) {
	for u := range url.Each {
		href := u.Str()
		if u.IsObject() {
			href = u.Get("href").Str()
		}
		if HostOf(href) != "" {
			return href, u.Get("mediaType").Str()
		}
	}
	return "", ""
}
