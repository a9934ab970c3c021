package mastodon

import (
	"strings"
	"testing"
)

// A slash at the end of a path is none, as for Mastodon's router.
func TestSlashAtTheEnd(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"/api/v1/instance", "/api/v2/search?q=engawa", "/api/v1/timelines/tag/%E7%B8%81%E5%81%B4"} {
		plain := h.get("alice", path)
		bare, query, asks := strings.Cut(path, "?")
		if asks {
			query = "?" + query
		}
		if slashed := h.get("alice", bare+"/"+query); slashed.Body.String() != plain.Body.String() {
			t.Errorf("%s/ answers %s, not %s", path, slashed.Body, plain.Body)
		}
	}
	for _, path := range []string{"/api/v1/instance//", "/api/v1/no/such/thing/"} {
		if w := h.as("alice", "GET", path); w.Code == 200 {
			t.Errorf("%s answers 200: %s", path, w.Body)
		}
	}
}
