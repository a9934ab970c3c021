package auth

import (
	"slices"
	"strings"
)

// Scopes are those that Mastodon's documentation names. A scope covers those
// under it ("read" covers "read:statuses"); "follow" is the old name for reading
// and writing blocks, follows and mutes.
var Scopes = []string{
	"read", "read:accounts", "read:blocks", "read:bookmarks", "read:collections", "read:favourites", "read:filters", "read:follows",
	"read:lists", "read:mutes", "read:notifications", "read:search", "read:statuses",
	"write", "write:accounts", "write:blocks", "write:bookmarks", "write:collections", "write:conversations", "write:favourites",
	"write:filters", "write:follows", "write:lists", "write:media", "write:mutes", "write:notifications",
	"write:reports", "write:statuses",
	"follow", "push", "profile",
	"admin:read", "admin:read:accounts", "admin:read:reports", "admin:read:domain_allows", "admin:read:domain_blocks",
	"admin:read:ip_blocks", "admin:read:email_domain_blocks", "admin:read:canonical_email_blocks",
	"admin:write", "admin:write:accounts", "admin:write:reports", "admin:write:domain_allows", "admin:write:domain_blocks",
	"admin:write:ip_blocks", "admin:write:email_domain_blocks", "admin:write:canonical_email_blocks",
}

var underFollow = []string{"read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes"}

// Covers reports whether held allows what wanted names.
func Covers(held []string, wanted string) bool {
	for _, h := range held {
		if h == wanted || strings.HasPrefix(wanted, h+":") {
			return true
		}
		if h == "follow" && slices.Contains(underFollow, wanted) {
			return true
		}
	}
	return false
}

// CoversAny reports whether held allows one of wanted; an empty list is allowed.
func CoversAny(held, wanted []string) bool {
	for _, w := range wanted {
		if Covers(held, w) {
			return true
		}
	}
	return len(wanted) == 0
}

// Within reports whether every scope asked for is known and covered by held.
func Within(asked, held []string) bool {
	for _, a := range asked {
		if !slices.Contains(Scopes, a) || !Covers(held, a) {
			return false
		}
	}
	return true
}

// ParseScopes splits a scope parameter at spaces or plus signs.
func ParseScopes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '+' || r == '\n' || r == '\t' })
}
