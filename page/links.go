package page

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxURL bounds every address a page repeats, in bytes.
const maxURL = 2048

// SamePath is next if it is a path on this site, else "". What a form or a
// query names as the place to go next must pass it: a scheme, a host, a
// backslash or a control character would lead elsewhere.
func SamePath(next string) string {
	if len(next) > maxURL || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return ""
	}
	for i := range len(next) {
		if next[i] < ' ' || next[i] == 0x7f || next[i] == '\\' {
			return ""
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return ""
	}
	return next
}

// web is s if it is an http or https URL without credentials, or a path on
// this site; else "".
func web(s string) string {
	if p := SamePath(s); p != "" {
		return p
	}
	if u := absolute(s); u != nil {
		return s
	}
	return ""
}

// absolute parses an http or https URL that has a host and no credentials.
func absolute(s string) *url.URL {
	if s == "" || len(s) > maxURL {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return nil
	}
	return u
}

// host is the host of an absolute URL, with its port if it has one; else "".
func host(s string) string {
	if u := absolute(s); u != nil {
		return strings.ToLower(u.Host)
	}
	return ""
}

// original is where a post is at home: its url only if that has the host of
// its id, because a url may claim to be anywhere.
func original(post PostView) string {
	if host(post.URL) != "" && host(post.URL) == host(post.URI) {
		return post.URL
	}
	if post.Local {
		return web(post.URL)
	}
	return web(post.URI)
}

// shownLink writes a URL for the eye: the host whole, then as much of the rest
// as fits in a line.
func shownLink(s string) string {
	u := absolute(s)
	if u == nil {
		return ""
	}
	rest := strings.TrimSuffix(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		rest += "?" + u.RawQuery
	}
	const room = 32
	if utf8.RuneCountInString(rest) > room {
		rest = string([]rune(rest)[:room-1]) + "…"
	}
	return strings.ToLower(u.Host) + rest
}

// withLang is the page's own address with another language chosen.
func withLang(here, lang string) string {
	u, err := url.Parse(SamePath(here))
	if err != nil || here == "" {
		return "?lang=" + lang
	}
	q := u.Query()
	q.Set("lang", lang)
	return u.EscapedPath() + "?" + q.Encode()
}

// logInLink leads to the log-in page and back.
func logInLink(here string) string {
	if here = SamePath(here); here == "" || here == "/" {
		return LogInPath
	}
	return LogInPath + "?next=" + url.QueryEscape(here)
}

// target tells where an app's redirect URI leads: a host, the scheme of an app
// on the device, or nowhere because the code is shown.
type target struct{ Host, Scheme string }

func redirectTarget(uri string) target {
	if uri == OOB {
		return target{}
	}
	u, err := url.Parse(uri)
	if err != nil || len(uri) > maxURL {
		return target{Scheme: "?"}
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return target{Host: strings.ToLower(u.Host)}
	}
	return target{Scheme: u.Scheme + ":"}
}

// formTarget is the Content-Security-Policy source of a redirect URI, since
// browsers hold form-action against the redirects that follow a form too; ""
// when there is none or it cannot be said safely.
func formTarget(uri string) string {
	if uri == OOB {
		return ""
	}
	u, err := url.Parse(uri)
	if err != nil || len(uri) > maxURL || strings.ContainsAny(u.Host, " ;,'\"") {
		return ""
	}
	switch u.Scheme {
	case "", "javascript", "data", "vbscript", "blob":
		return ""
	case "http", "https":
		if u.Host == "" {
			return ""
		}
		return u.Scheme + "://" + u.Host
	}
	return u.Scheme + ":"
}
