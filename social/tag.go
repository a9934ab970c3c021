package social

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// TagKey is what a hashtag is looked up by: NFKC, lower case.
func TagKey(name string) string {
	for i := 0; i < len(name); i++ {
		if name[i] >= 0x80 {
			return strings.ToLower(norm.NFKC.String(name))
		}
	}
	return strings.ToLower(name)
}

func tagKeysOf(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = TagKey(n)
	}
	return keys
}
