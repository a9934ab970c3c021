package page

import (
	"html/template"
	"strconv"
	"time"

	"engawa/internal/locale"
)

// functions are what templates can say, bound to one language.
func (p *Pages) functions(lang locale.Lang) template.FuncMap {
	return template.FuncMap{
		"t":        func(key string, args ...any) string { return locale.T(lang, key, args...) },
		"lang":     func() string { return string(lang) },
		"langs":    locale.All,
		"number":   func(n int64) string { return locale.Number(lang, n) },
		"date":     func(t time.Time) string { return locale.Date(lang, t.In(p.zone)) },
		"datetime": func(t time.Time) string { return locale.DateTime(lang, t.In(p.zone)) },
		"machine":  func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"duration": func(d time.Duration) string { return locale.Duration(lang, d) },
		"percent":  func(part, whole int64) string { return locale.Percent(lang, part, whole) },

		"line":     func(s string) string { return tidy(s, maxLine) },
		"para":     func(s string) string { return tidy(s, maxPara) },
		"verse":    verse,
		"handle":   func(s string) string { return tidy(s, maxHandle) },
		"name":     nameHTML,
		"plain":    plainName,
		"isolated": func(a ActorView) string { return isolate(plainName(a)) },
		"isolate":  func(s string) string { return isolate(tidy(s, maxLine)) },
		"emojis":   emojified,
		"langtag":  langTag,
		"decimal":  decimal,

		"web":        web,
		"host":       host,
		"original":   original,
		"shown":      shownLink,
		"samepath":   SamePath,
		"withlang":   withLang,
		"loginlink":  logInLink,
		"redirect":   redirectTarget,
		"scopes":     func(all []string) []scopeLine { return scopeLines(lang, all) },
		"size":       pixels,
		"totalVotes": totalVotes,
		"quoted":     func(post *PostView) entry { return entry{PostView: *post, Quoted: true} },
		"entry":      func(post PostView) entry { return entry{PostView: post} },
		"chosen":     func(post PostView) entry { return entry{PostView: post, Chosen: true} },
		"depth":      func(n int) int { return min(max(n, 1), 2) },
		"errorKey":   errorKey,
		"hasKey":     locale.Has,
		"act":        func(do, id, label string) deed { return deed{do, id, label} },
		"tabs":       func() []tab { return tabs },
		"say":        func(key string) string { return locale.T(lang, key) },
	}
}

// deed is a button by itself.
type deed struct{ Do, ID, Label string }

// entry is a post and the manner in which it is shown.
type entry struct {
	PostView
	Chosen bool // the one the page is about
	Quoted bool // inside another
}

// frameSize is a picture's place before it has loaded.
type frameSize struct{ Width, Height int }

// pixels bounds the size a remote home claims; 16:9 where it claims none.
func pixels(m MediaView) frameSize {
	if m.Width < 1 || m.Height < 1 || m.Width > 100_000 || m.Height > 100_000 {
		return frameSize{640, 360}
	}
	return frameSize{m.Width, m.Height}
}

// totalVotes counts what was chosen, or is -1 while results are hidden.
func totalVotes(poll PollView) int64 {
	var sum int64
	for _, o := range poll.Options {
		if o.Votes < 0 {
			return -1
		}
		sum += o.Votes
	}
	return sum
}

// errorKey is the root of an error page's texts: that of the status if it has
// its own, else that of its class.
func errorKey(status int) string {
	key := "error." + strconv.Itoa(status)
	if locale.Has(key + ".title") {
		return key
	}
	if status >= 400 && status < 500 {
		return "error.400"
	}
	return "error.500"
}
