package bluesky

import (
	"net/url"
	"strings"

	"engawa/social"
)

// The collections of records that are written here.
const (
	posts       = "app.bsky.feed.post"
	likes       = "app.bsky.feed.like"
	reposts     = "app.bsky.feed.repost"
	follows     = "app.bsky.graph.follow"
	threadgates = "app.bsky.feed.threadgate"
	postgates   = "app.bsky.feed.postgate"
)

const maxURI = 1024

// atURI is at://repo/collection/rkey, taken apart.
type atURI struct{ repo, collection, rkey string }

// parseURI reads the AT-URI of a record; false when it is none.
func parseURI(s string) (atURI, bool) {
	rest, ok := strings.CutPrefix(s, "at://")
	if !ok || len(s) > maxURI {
		return atURI{}, false
	}
	repo, rest, _ := strings.Cut(rest, "/")
	collection, rkey, _ := strings.Cut(rest, "/")
	if !validDID(repo) || !plainName(collection) || !plainName(rkey) {
		return atURI{}, false
	}
	return atURI{repo, collection, rkey}, true
}

func (u atURI) String() string { return "at://" + u.repo + "/" + u.collection + "/" + u.rkey }

// plainName reports whether s can be a collection or rkey (atproto.com/specs/record-key).
func plainName(s string) bool {
	if s == "" || len(s) > 512 || s == "." || s == ".." {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(".-_:~", c) >= 0) {
			return false
		}
	}
	return true
}

// validDID reports whether s is a DID of a method that Bluesky has.
func validDID(s string) bool {
	rest, plc := strings.CutPrefix(s, "did:plc:")
	if !plc {
		var web bool
		if rest, web = strings.CutPrefix(s, "did:web:"); !web {
			return false
		}
	}
	if rest == "" || len(s) > 256 {
		return false
	}
	for i := range len(rest) {
		c := rest[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte(".-_:%", c) >= 0) {
			return false
		}
	}
	return true
}

// validHandle reports whether s is a handle: a name of at least two labels (atproto.com/specs/handle).
func validHandle(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for i := range len(l) {
			if c := l[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return last[0] > '9'
}

// profileURL is an account's page; who is a DID or handle.
func profileURL(who string) string { return publicApp + "/profile/" + who }

// pageURL is the page of the record at u.
func pageURL(u atURI) string {
	if u.collection != posts {
		return profileURL(u.repo)
	}
	return profileURL(u.repo) + "/post/" + u.rkey
}

func tagURL(tag string) string { return publicApp + "/hashtag/" + url.PathEscape(tag) }

// refOf is the Ref of a record of ours or somebody's; zero when uri is no AT-URI.
func refOf(uri, cid string) social.Ref {
	u, ok := parseURI(uri)
	if !ok {
		return social.Ref{}
	}
	return social.Ref{ID: uri, URI: uri, URL: pageURL(u), CID: clip(cid, 256), Author: u.repo}
}

// clip cuts s to at most n bytes, at a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
