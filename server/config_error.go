package server

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// SettingError says that a setting has a value it cannot have. Its text is
// one line with the setting, the value (secrets masked), where that came from
// and what would be right.
type SettingError struct {
	Name   string // of the setting, or the unknown key
	Value  string // as it was given, secrets masked
	Origin Origin
	Reason string // what is wrong, continues "… value"
	Want   string // what would be right, an instruction
}

// Error implements error.
func (e *SettingError) Error() string {
	return fmt.Sprintf("%s: the value %s (from %s) %s; %s",
		e.Name, quote(shorten(e.Value, 120)), e.Origin, e.Reason, e.Want)
}

// wrong is what a parser says of a text; the loader adds name, value and origin.
type wrong struct{ reason, want string }

func (w *wrong) Error() string { return w.reason + "; " + w.want }

// settingError makes a SettingError of err, which parse returned for text.
func (s Setting) settingError(text string, from Origin, err error) error {
	if s.Secret {
		text = maskURL(text)
	}
	e := &SettingError{Name: s.Name, Value: text, Origin: from, Reason: "is wrong", Want: err.Error()}
	if w, ok := err.(*wrong); ok {
		e.Reason, e.Want = w.reason, w.want
	}
	return e
}

// shorten cuts text to at most n bytes, at a character.
func shorten(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n] + "…"
}

const masked = "***"

// maskURL hides the password of a URL with user information, and those of
// password parameters. It also has to serve for text that is no URL, where
// nobody knows which part is the secret: it then hides more than it must.
func maskURL(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		// "user=a password=b" and "KEY:SECRET@host" give themselves away by these.
		if strings.ContainsAny(text, "@=") {
			return masked
		}
		return text
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, _, hasPassword := strings.Cut(rest[:at], ":")
		switch {
		case strings.ContainsAny(rest[:at], "/?"):
			return scheme + "://" + masked
		case hasPassword:
			rest = user + ":" + masked + rest[at:]
		}
	}
	path, query, ok := strings.Cut(rest, "?")
	if !ok {
		return scheme + "://" + rest
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		key, _, _ := strings.Cut(pair, "=")
		if !shownParameters[key] {
			pairs[i] = key + "=" + masked
		}
	}
	return scheme + "://" + path + "?" + strings.Join(pairs, "&")
}

// shownParameters are the parameters of database and objects that bear no secret.
var shownParameters = map[string]bool{
	"application_name": true, "connect_timeout": true, "host": true, "pool_max_conns": true, "port": true,
	"region": true, "search_path": true, "sslmode": true, "sslrootcert": true, "target_session_attrs": true,
	"tls": true, "user": true,
}

// nearest is the name that is most like what was written, or "" when none is
// near enough to be meant.
func nearest(written string, names []string) string {
	written = strings.ToLower(strings.ReplaceAll(shorten(written, 64), "-", "_"))
	best, limit := "", max(2, len(written)/3)
	for _, name := range names {
		if d := distance(written, name); d <= limit && d < len(name) {
			best, limit = name, d-1
		}
	}
	return best
}

// distance is how many letters must be put in, taken out, changed or swapped
// with their neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
