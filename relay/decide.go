package relay

import (
	"slices"
	"strings"

	"engawa/internal/locale"
	"engawa/social"
)

// Compiled is a Book bound to the Links of its owner, made ready to decide. It
// does not change and may be used concurrently.
type Compiled struct {
	rules   []compiled
	byName  map[string]int // lower case
	targets []ruleTarget   // in the order of the Links
}

type compiled struct {
	*Rule
	cond condition
}

// ruleTarget is a Link with the indexes of the rules that name it or block.
type ruleTarget struct {
	link  *social.Link
	rules []int
}

// Compile binds a Book to Links. Rules that are off, and names that are no
// Link, are left out: Check tells of them.
func Compile(b *Book, links []social.Link) *Compiled {
	c := &Compiled{byName: make(map[string]int, len(b.Rules)), targets: make([]ruleTarget, len(links))}
	for i := range links {
		c.targets[i].link = &links[i]
	}
	for i := range b.Rules {
		r := &b.Rules[i]
		if !r.On {
			continue
		}
		n := len(c.rules)
		c.rules = append(c.rules, compiled{r, newCondition(r)})
		c.byName[strings.ToLower(r.Name)] = n
		for t, named := range meant(r, links) {
			if named {
				c.targets[t].rules = append(c.targets[t].rules, n)
			}
		}
	}
	return c
}

// Rule is the rule of a name that is on; nil when there is none.
func (c *Compiled) Rule(name string) *Rule {
	if i, ok := c.byName[strings.ToLower(name)]; ok {
		return c.rules[i].Rule
	}
	return nil
}

// Decision is what is to be done with one Post at one Link, and why.
type Decision struct {
	Link *social.Link
	Send bool
	// Rule decided. Where none matched it is the one that came nearest, and
	// Near is true; nil where no rule names the Link.
	Rule  *Rule
	Near  bool
	Cause Cause
	Tag   string // key of the tag that decided, where one did
	// Follows says that the Post continues the parent's Copy there.
	Follows bool

	audience social.Audience
	sort     kindSet
	lang     string
}

// Decisions are those of one Post, one for each Link that can be posted to or
// that a rule names.
type Decisions struct {
	Post *social.Post
	Each []Decision
	// Triggers are the keys of all tags that made a rule send the Post
	// somewhere: what as.strip_trigger removes.
	Triggers []string
}

// Decide asks the rules about a Post, for each Link the first rule that
// matches. The audience is never widened, what was read or made through a Link
// is never a source, and another User's Post is nobody's to relay.
func (c *Compiled) Decide(f Facts) Decisions {
	a := ask(&f)
	out := Decisions{Post: f.Post, Each: make([]Decision, 0, len(c.targets))}
	outcomes := make([]outcome, len(c.rules))
	for i := range c.rules {
		outcomes[i] = c.rules[i].cond.match(a)
	}
	for i := range c.targets {
		t := &c.targets[i]
		if len(t.rules) == 0 && !t.link.Can.Has(social.AblePost) {
			continue
		}
		d := c.decide(a, t, outcomes)
		d.Link, d.audience, d.sort, d.lang = t.link, f.Post.Audience, a.sort, f.Post.Language
		if d.Send && d.Rule != nil {
			out.Triggers = addTriggers(out.Triggers, a.keys, &c.rules[c.byName[strings.ToLower(d.Rule.Name)]].cond)
		}
		out.Each = append(out.Each, d)
	}
	return out
}

func addTriggers(list, keys []string, c *condition) []string {
	for _, k := range keys {
		if (c.any[k] || c.all[k]) && !slices.Contains(list, k) {
			list = append(list, k)
		}
	}
	return list
}

// decide is one Link's decision.
func (c *Compiled) decide(a *asked, t *ruleTarget, outcomes []outcome) Decision {
	switch {
	case a.Copy:
		return Decision{Cause: CauseCopy}
	case a.Post.Origin == social.Linked:
		return Decision{Cause: CauseLinked}
	case a.Post.Origin != social.Local || a.Post.Home == 0 || a.Post.Actor != t.link.User:
		return Decision{Cause: CauseForeign}
	case a.Post.DeletedAt != 0:
		return Decision{Cause: CauseDeleted}
	}
	first, nearest := -1, -1
	for _, i := range t.rules {
		if outcomes[i].cause == CauseMatch {
			first = i
			break
		}
		if nearest < 0 || outcomes[i].cause > outcomes[nearest].cause {
			nearest = i
		}
	}
	switch {
	case a.Post.Audience > social.Unlisted:
		return Decision{Cause: CauseWall}
	case first >= 0:
		return c.matched(a, t, first, outcomes[first].tag)
	}
	if d, follows := c.follow(a, t); follows {
		return d
	}
	if nearest < 0 {
		return Decision{Cause: CauseNoRule}
	}
	return Decision{Rule: c.rules[nearest].Rule, Near: true, Cause: outcomes[nearest].cause, Tag: outcomes[nearest].tag}
}

// matched is the decision of the rule that matched first.
func (c *Compiled) matched(a *asked, t *ruleTarget, i int, tag string) Decision {
	r := c.rules[i].Rule
	d := Decision{Rule: r, Tag: tag, Follows: a.trace(t.link.ID) != nil}
	switch {
	case r.Blocks():
		d.Cause, d.Follows = CauseBlocked, false
	case !t.link.Can.Has(social.AblePost):
		d.Cause = CauseUnable
	case a.sort&isSelfReply != 0 && !d.Follows && tag == "":
		// A self-reply goes where its parent went; only a tag begins anew.
		d.Cause = CauseParent
	default:
		d.Send, d.Cause = true, CauseMatch
	}
	return d
}

// follow sends a self-reply after its parent though no rule matched.
func (c *Compiled) follow(a *asked, t *ruleTarget) (Decision, bool) {
	trace := a.trace(t.link.ID)
	if trace == nil || a.sort&isSelfReply == 0 || !t.link.Can.Has(social.AblePost) {
		return Decision{}, false
	}
	r := c.Rule(trace.Rule)
	if r == nil { // gone since: the defaults speak
		plain := NewRule()
		plain.Name, r = trace.Rule, &plain
		if a.Post.Audience != social.Public {
			return Decision{Rule: r, Cause: CauseVisibility, Near: true}, true
		}
		return Decision{Send: true, Rule: r, Cause: CauseThread, Follows: true}, true
	}
	switch {
	case !r.Keep.Thread || !slices.Contains(r.When.Kind, KindSelfReply):
		return Decision{}, false
	case !slices.Contains(r.When.Visibility, a.Post.Audience):
		return Decision{Rule: r, Cause: CauseVisibility, Near: true}, true
	}
	return Decision{Send: true, Rule: r, Cause: CauseThread, Follows: true}, true
}

func (a *asked) trace(link social.ID) *Trace {
	for i := range a.Parent {
		if a.Parent[i].Link == link {
			return &a.Parent[i]
		}
	}
	return nil
}

// Verdicts are the decisions as they are stored, in the person's language.
func (d *Decisions) Verdicts(lang locale.Lang, at social.Millis) []social.Verdict {
	out := make([]social.Verdict, len(d.Each))
	for i := range d.Each {
		e := &d.Each[i]
		out[i] = social.Verdict{Post: d.Post.ID, Link: e.Link.ID, User: e.Link.User, Send: e.Send, Reason: e.Say(lang), At: at}
		if e.Rule != nil && !e.Near {
			out[i].Rule = e.Rule.Name
		}
	}
	return out
}

// Traces are where a Post has Copies that a self-reply is to follow: those that
// are sent or on their way.
func Traces(copies []social.Copy) []Trace {
	var out []Trace
	for i := range copies {
		cp := &copies[i]
		switch cp.State {
		case social.CopySkipped, social.CopyFailed, social.CopyDeleting, social.CopyDeleted:
			continue
		}
		if !slices.ContainsFunc(out, func(t Trace) bool { return t.Link == cp.Link }) {
			out = append(out, Trace{cp.Link, cp.Rule})
		}
	}
	return out
}
