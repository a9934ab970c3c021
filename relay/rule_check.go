package relay

import (
	"slices"
	"strings"

	"engawa/social"
)

// Check looks at a Book beside the Links of its owner. Errors: names that mean
// no single Link. Warnings: rules that can never match or never decide, tags
// that nobody can write, and what a target cannot do.
func Check(b *Book, links []social.Link) Problems {
	c := checker{book: b, links: links, meant: make([][]bool, len(b.Rules))}
	for i := range b.Rules {
		r := &b.Rules[i]
		c.meant[i] = meant(r, links)
		c.names(r)
		c.alone(r)
		if r.On {
			c.targets(i, r)
		}
	}
	return c.problems
}

// CheckAlone gives the warnings that need no Links.
func CheckAlone(b *Book) Problems {
	c := checker{book: b}
	for i := range b.Rules {
		c.alone(&b.Rules[i])
	}
	return c.problems
}

type checker struct {
	book     *Book
	links    []social.Link
	meant    [][]bool // by rule and Link
	problems Problems
}

func (c *checker) warn(r *Rule, key string, f *flaw) {
	c.problems = append(c.problems, Problem{Line: r.Line, Rule: r.Name, Key: key, Warning: true, flaw: *f})
}

// names wants each name in to to mean one Link. A source is looked at only for
// its spelling.
func (c *checker) names(r *Rule) {
	if !r.Blocks() {
		for _, name := range r.To {
			if bad := nameFlaw(name, c.links); bad != nil {
				c.problems = append(c.problems, Problem{Line: r.Line, Rule: r.Name, Key: "to", flaw: *bad})
			}
		}
	}
	for _, name := range r.From {
		if bad := nameFlaw(name, c.links); name != FromHome && bad != nil {
			c.problems = append(c.problems, Problem{Line: r.Line, Rule: r.Name, Key: "from", flaw: *bad})
		}
	}
}

// alone warns of what a rule says against itself.
func (c *checker) alone(r *Rule) {
	w := &r.When
	if i := slices.IndexFunc(r.From, func(s string) bool { return s != FromHome }); i >= 0 {
		if slices.Contains(r.From, FromHome) {
			c.warn(r, "from", wrong("relay.warn.from", "got", quote(r.From[i])))
		} else {
			c.warn(r, "from", wrong("relay.warn.never_from", "got", quote(r.From[i])))
		}
	}
	c.visibility(r)
	for _, list := range []struct {
		key  string
		tags []string
	}{{"when.tag_any", w.TagAny}, {"when.tag_all", w.TagAll}, {"when.tag_none", w.TagNone}} {
		for _, t := range list.tags {
			if !possibleTag(t) {
				c.warn(r, list.key, wrong("relay.warn.tag", "got", quote(t)))
			}
		}
	}
	c.tags(r)
	if setOf(w.Kind) == isBoost && (len(w.TagAny)+len(w.TagAll)+len(w.Text)+len(w.Lang) > 0 || w.Media == "only" || w.CW == "with") {
		c.warn(r, "when.kind", wrong("relay.warn.never_boost"))
	}
}

func (c *checker) visibility(r *Rule) {
	var walled []string
	open := false
	for _, a := range r.When.Visibility {
		if a > social.Unlisted {
			walled = append(walled, quote(visibilityName(a)))
		} else {
			open = true
		}
	}
	switch {
	case len(walled) == 0:
	case open:
		c.warn(r, "when.visibility", wrong("relay.warn.wall", "got", walled))
	default:
		c.warn(r, "when.visibility", wrong("relay.warn.never_wall", "got", walled))
	}
}

// tags warns where the excluded tags leave nothing, and where no needed tag
// can be written.
func (c *checker) tags(r *Rule) {
	w := &r.When
	none := tagSet(w.TagNone)
	var clash []string
	for _, t := range w.TagAll {
		if none[social.TagKey(t)] {
			clash = append(clash, t)
		}
	}
	if len(clash) == 0 && len(w.TagAny) > 0 && !slices.ContainsFunc(w.TagAny, func(t string) bool { return !none[social.TagKey(t)] }) {
		clash = w.TagAny
	}
	if len(clash) > 0 {
		c.warn(r, "when.tag_none", wrong("relay.warn.never_tags", "tags", hashed(clash)))
	}
}

// targets warns, for each Link that the rule means, of what it cannot do, and
// where an earlier rule has decided already.
func (c *checker) targets(i int, r *Rule) {
	covers := make(map[int]bool) // by earlier rule; worked out once for all Links
	for l, named := range c.meant[i] {
		if !named {
			continue
		}
		if link := &c.links[l]; !r.Blocks() {
			c.abilities(r, link)
		}
		if by := c.shadow(i, l, covers); by != nil {
			c.warn(r, "to", wrong("relay.warn.shadowed", "link", c.links[l].Name, "rule", by.Name))
		}
	}
}

// shadow is the earlier rule that decides for a Link whenever rule i matches.
func (c *checker) shadow(i, l int, covers map[int]bool) *Rule {
	for j := range c.book.Rules[:i] {
		if !c.book.Rules[j].On || !c.meant[j][l] {
			continue
		}
		covered, known := covers[j]
		if !known {
			covered = implies(&c.book.Rules[i], &c.book.Rules[j])
			covers[j] = covered
		}
		if covered {
			return &c.book.Rules[j]
		}
	}
	return nil
}

// needs are what a rule asks of its targets beyond posting.
var needs = []struct {
	ability social.Ability
	asked   func(r *Rule) bool
	key     string
	text    string
}{
	{social.AblePoll, func(r *Rule) bool { return slices.Contains(r.When.Kind, KindPoll) && r.As.Poll == "native" }, "as.poll", "relay.warn.unable_poll"},
	{social.AbleQuote, func(r *Rule) bool { return r.As.Quote == "native" }, "as.quote", "relay.warn.unable_quote"},
	{social.AbleBoost, func(r *Rule) bool { return slices.Contains(r.When.Kind, KindBoost) && r.As.Boost != "link" }, "when.kind", "relay.warn.unable_boost"},
	{social.AbleReply, func(r *Rule) bool { return slices.Contains(r.When.Kind, KindReply) }, "when.kind", "relay.warn.unable_reply"},
	{social.AbleMedia, func(r *Rule) bool { return r.When.Media == "only" }, "when.media", "relay.warn.unable_media"},
	{social.AbleEdit, func(r *Rule) bool { return r.Keep.Edit == EditReplace }, "keep.edit", "relay.warn.unable_edit"},
	{social.AbleDelete, func(r *Rule) bool { return r.Keep.Edit == EditRedo }, "keep.edit", "relay.warn.unable_redo"},
}

func (c *checker) abilities(r *Rule, link *social.Link) {
	if !link.Can.Has(social.AblePost) {
		c.warn(r, "to", wrong("relay.warn.unable_post", "link", link.Name))
		return
	}
	for _, n := range needs {
		if n.asked(r) && !link.Can.Has(n.ability) {
			c.warn(r, n.key, wrong(n.text, "link", link.Name))
		}
	}
}

// implies reports whether every Post that a takes is taken by b too, as far as
// that can be told from the conditions: true is certain, false is not.
func implies(a, b *Rule) bool {
	x, y := &a.When, &b.When
	return slices.Contains(b.From, FromHome) &&
		impliesTags(x, y) &&
		subset(openOf(x.Visibility), openOf(y.Visibility)) &&
		setOf(x.Kind)&^setOf(y.Kind) == 0 &&
		(y.Media == WhenAny || x.Media == y.Media) &&
		(y.CW == WhenAny || x.CW == y.CW) &&
		impliesList(x.Lang, y.Lang, underLanguage) &&
		impliesList(x.Text, y.Text, func(s, t string) bool { return s == t }) &&
		impliesList(x.Client, y.Client, strings.EqualFold)
}

func impliesTags(x, y *When) bool {
	xAny, xAll, xNone := tagSet(x.TagAny), tagSet(x.TagAll), tagSet(x.TagNone)
	sure := func(t string) bool { // every Post that x takes has t
		return xAll[t] || len(xAny) == 1 && xAny[t]
	}
	for t := range tagSet(y.TagAll) {
		if !sure(t) {
			return false
		}
	}
	for t := range tagSet(y.TagNone) {
		if !xNone[t] {
			return false
		}
	}
	yAny := tagSet(y.TagAny)
	if len(yAny) == 0 {
		return true
	}
	for t := range xAll {
		if yAny[t] {
			return true
		}
	}
	for t := range xAny {
		if !yAny[t] {
			return false
		}
	}
	return len(xAny) > 0
}

// impliesList is for conditions of which one entry has to be met.
func impliesList(x, y []string, under func(a, b string) bool) bool {
	if len(y) == 0 {
		return true
	}
	for _, s := range x {
		if !slices.ContainsFunc(y, func(t string) bool { return under(s, t) }) {
			return false
		}
	}
	return len(x) > 0
}

func openOf(list []social.Audience) []social.Audience {
	return slices.DeleteFunc(slices.Clone(list), func(a social.Audience) bool { return a > social.Unlisted })
}

func subset[T comparable](a, b []T) bool {
	return !slices.ContainsFunc(a, func(v T) bool { return !slices.Contains(b, v) })
}
