package relay

import (
	"regexp"
	"slices"
	"strings"

	"engawa/internal/markup"
	"engawa/social"
)

// Facts are what rules look at: a Post with what stands beside its row.
type Facts struct {
	Post *social.Post
	App  string // name of the App it was written with
	// Text is the plain text; "" is taken from Post.Content where a rule asks.
	Text string
	// Parent is where the Post that a self-reply continues went.
	Parent []Trace
	// Copy says that the ledger knows the Post as something relayed: never a source.
	Copy bool
}

// Trace is one Link that a Post has a Copy at which is sent or on its way.
type Trace struct {
	Link social.ID
	Rule string // that decided
}

// kindSet is a set of kinds; the bits are the indexes of the table kinds.
type kindSet uint8

const (
	isOriginal kindSet = 1 << iota
	isSelfReply
	isReply
	isBoost
	isQuote
	isPoll
)

func setOf(list []Kind) (s kindSet) {
	for i, k := range kinds {
		if slices.Contains(list, k) {
			s |= 1 << i
		}
	}
	return s
}

// sortOf is what a Post is: one of original, self-reply, reply and boost, and
// quote and poll beside it.
func sortOf(p *social.Post) kindSet {
	if p.BoostOf != 0 || p.Kind == social.Boost {
		return isBoost
	}
	s := isOriginal
	if p.ReplyTo != 0 || p.ReplyToURI != "" {
		s = isReply
		if p.ReplyToActor != 0 && p.ReplyToActor == p.Actor {
			s = isSelfReply
		}
	}
	if p.QuoteOf != 0 || p.QuoteURI != "" {
		s |= isQuote
	}
	if p.HasPoll {
		s |= isPoll
	}
	return s
}

// takes reports whether a rule for the kinds s wants a Post of sort p.
func (s kindSet) takes(p kindSet) bool {
	if p&(isReply|isBoost) != 0 {
		return s&p&(isReply|isBoost) != 0
	}
	return s&p != 0
}

// condition is a When made ready to be asked often.
type condition struct {
	any, all, none map[string]bool // keys of tags
	visible        [social.LocalOnly + 1]bool
	kinds          kindSet
	media, cw      string
	langs, clients []string // lower case
	words          []string // folded
	patterns       []*regexp.Regexp
	home           bool // From names what is said here
}

func newCondition(r *Rule) condition {
	c := condition{
		any: tagSet(r.When.TagAny), all: tagSet(r.When.TagAll), none: tagSet(r.When.TagNone),
		kinds: setOf(r.When.Kind), media: r.When.Media, cw: r.When.CW,
		langs: lowered(r.When.Lang), clients: lowered(r.When.Client),
		home: slices.Contains(r.From, FromHome),
	}
	for _, a := range r.When.Visibility {
		c.visible[a] = a <= social.Unlisted
	}
	for _, t := range r.When.Text {
		if re, bad := pattern(t); bad == nil && re != nil {
			c.patterns = append(c.patterns, re)
		} else if bad == nil {
			c.words = append(c.words, social.TagKey(t))
		}
	}
	return c
}

func tagSet(tags []string) map[string]bool {
	if len(tags) == 0 {
		return nil
	}
	set := make(map[string]bool, len(tags))
	for _, t := range tags {
		set[social.TagKey(t)] = true
	}
	return set
}

func lowered(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ToLower(s)
	}
	return out
}

// asked is one Post while it is asked about: what is worked out once for all rules.
type asked struct {
	*Facts
	sort   kindSet
	keys   []string // of its tags
	plain  string
	folded string
	read   bool
}

func ask(f *Facts) *asked {
	a := &asked{Facts: f, sort: sortOf(f.Post)}
	if n := len(f.Post.Tags); n > 0 {
		a.keys = make([]string, n)
		for i, t := range f.Post.Tags {
			a.keys[i] = social.TagKey(t)
		}
	}
	return a
}

// texts are the plain text and what words are looked for in.
func (a *asked) texts() (plain, folded string) {
	if !a.read {
		if a.plain = a.Text; a.plain == "" {
			a.plain = markup.Text(a.Post.Content)
		}
		a.folded, a.read = social.TagKey(a.plain), true
	}
	return a.plain, a.folded
}

// outcome is what one condition says of a Post: causeMatch, or what stood
// against it. Causes grow with how near the Post came.
type outcome struct {
	cause Cause
	tag   string // that decided
}

// match asks everything but the visibility last, so that a Post that has the
// tag and is not public is told just that.
func (c *condition) match(a *asked) outcome {
	if !c.home {
		return outcome{cause: CauseFrom}
	}
	tag, cause := c.tags(a.keys)
	if cause != CauseMatch {
		return outcome{cause, tag}
	}
	for _, step := range [...]struct {
		ok    bool
		cause Cause
	}{
		{c.kinds.takes(a.sort), CauseKind},
		{c.takesMedia(a.Post), CauseMedia},
		{c.takesLanguage(a.Post.Language), CauseLanguage},
		{c.takesWarning(a.Post), CauseWarning},
		{len(c.clients) == 0 || slices.Contains(c.clients, strings.ToLower(a.App)), CauseClient},
	} {
		if !step.ok {
			return outcome{step.cause, tag}
		}
	}
	if !c.takesText(a) {
		return outcome{CauseText, tag}
	}
	if int(a.Post.Audience) >= len(c.visible) || !c.visible[a.Post.Audience] {
		return outcome{CauseVisibility, tag}
	}
	return outcome{CauseMatch, tag}
}

// tags gives the tag that decided: the first trigger found, or the excluded one.
func (c *condition) tags(keys []string) (string, Cause) {
	decided, found := "", 0
	for _, k := range keys {
		if c.none[k] {
			return k, CauseTagNone
		}
	}
	for i, k := range keys {
		if decided == "" && (c.any[k] || c.all[k]) {
			decided = k
		}
		if c.all[k] && !slices.Contains(keys[:i], k) {
			found++
		}
	}
	if found < len(c.all) {
		return "", CauseTagAll
	}
	if len(c.any) > 0 && !slices.ContainsFunc(keys, func(k string) bool { return c.any[k] }) {
		return "", CauseTagAny
	}
	return decided, CauseMatch
}

func (c *condition) takesMedia(p *social.Post) bool {
	switch c.media {
	case "none":
		return p.MediaCount == 0
	case "only":
		return p.MediaCount > 0
	}
	return true
}

func (c *condition) takesWarning(p *social.Post) bool {
	switch c.cw {
	case "with":
		return p.Warning != ""
	case "without":
		return p.Warning == ""
	}
	return true
}

func (c *condition) takesLanguage(lang string) bool {
	if len(c.langs) == 0 {
		return true
	}
	lang = strings.ToLower(lang)
	return slices.ContainsFunc(c.langs, func(want string) bool { return underLanguage(lang, want) })
}

// underLanguage reports whether a tag is want or narrower: "ja-jp" is under "ja".
func underLanguage(lang, want string) bool {
	return lang == want || len(lang) > len(want) && lang[len(want)] == '-' && lang[:len(want)] == want
}

func (c *condition) takesText(a *asked) bool {
	if len(c.words) == 0 && len(c.patterns) == 0 {
		return true
	}
	plain, folded := a.texts()
	return slices.ContainsFunc(c.words, func(w string) bool { return hasWord(folded, w) }) ||
		slices.ContainsFunc(c.patterns, func(re *regexp.Regexp) bool { return re.MatchString(plain) })
}

// hasWord finds w in s; where w begins or ends with an ASCII letter or digit,
// no other may stand beside it. Japanese has no such ends.
func hasWord(s, w string) bool {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return false
		}
		at, end := from+i, from+i+len(w)
		if !(at > 0 && alnum(s[at-1]) && alnum(w[0])) && !(end < len(s) && alnum(s[end]) && alnum(w[len(w)-1])) {
			return true
		}
		from = at + 1
	}
}

func alnum(c byte) bool {
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_'
}
