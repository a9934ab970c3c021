package page

import (
	"slices"
	"strings"

	"engawa/internal/locale"
)

// scopeLine is what an app asks for, in words.
type scopeLine struct {
	Text  string
	Grave bool // it can change things, or see what only moderators see
}

// maxScopes bounds how many lines a consent page has.
const maxScopes = 60

// scopeLines puts OAuth scopes into words. A scope that another one covers
// ("read" covers "read:lists") is left out; one without words is shown as it is.
func scopeLines(lang locale.Lang, scopes []string) []scopeLine {
	var lines []scopeLine
	for i, scope := range scopes {
		if scope == "" || slices.Contains(scopes[:i], scope) || covered(scope, scopes) {
			continue
		}
		if len(lines) == maxScopes {
			break
		}
		line := scopeLine{Text: tidy(scope, maxLine), Grave: grave(scope)}
		if key := "scope." + scope; locale.Has(key) {
			line.Text = locale.T(lang, key)
		}
		lines = append(lines, line)
	}
	return lines
}

func covered(scope string, scopes []string) bool {
	for i := range len(scope) {
		if scope[i] == ':' && slices.Contains(scopes, scope[:i]) {
			return true
		}
	}
	return false
}

func grave(scope string) bool {
	root, _, _ := strings.Cut(scope, ":")
	return root == "write" || root == "follow" || root == "admin"
}
