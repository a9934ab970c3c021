package relay

import (
	"strings"
	"unicode/utf8"

	"engawa/social"
)

// decideQuote keeps the quote where the network knows the quoted post, else
// links to it. What is not for everybody is not linked to.
func (r *rendering) decideQuote() {
	p := r.draft.Post
	if p.QuoteOf == 0 && p.QuoteURI == "" || p.QuoteState == social.QuoteDeleted || p.QuoteState == social.QuoteRevoked || p.QuoteState == social.QuoteRejected {
		return
	}
	if r.as.Quote == "skip" {
		r.skip("quoteSkip")
		return
	}
	ref := r.target.Quote
	if q := r.draft.Quoted; ref.Zero() && q != nil && (r.target.Link.Network != "mastodon" || q.QuotePolicy == social.QuoteAnyone) {
		ref = r.findable(q)
	}
	if r.as.Quote != "link" && !ref.Zero() && r.target.Link.Can.Has(social.AbleQuote) && r.pollFits() != "" &&
		!(r.trait.alone && len(r.draft.Media) > 0) {
		r.quote = ref
		return
	}
	if r.as.Quote == "native" {
		r.skip("quoteSkip")
		return
	}
	if r.draft.Quoted != nil && r.draft.Quoted.Audience > social.Unlisted {
		r.plan.lose("quoteHidden")
		return
	}
	url := p.QuoteURI
	if r.draft.Quoted != nil {
		url = pageOf(r.draft.Quoted)
	}
	r.plan.lose("quote")
	if isWeb(url) && !r.text.leadsTo(url) {
		r.ends = append(r.ends, r.linked(url))
	}
}

// findable names a Post by its address for the servers of the fediverse, which
// find by it what they do not know yet.
func (r *rendering) findable(p *social.Post) social.Ref {
	if !r.trait.fedi || !isWeb(p.URI) || p.Audience > social.Unlisted {
		return social.Ref{}
	}
	return social.Ref{ID: p.URI, URI: p.URI, URL: p.URL}
}

// linked is an address alone, as the network shows it.
func (r *rendering) linked(url string) flow {
	w := flowWriter{}
	r.link(&w, url, sign{kind: social.SpanLink, target: url})
	return w.flow()
}

func pageOf(p *social.Post) string {
	if p.URL != "" {
		return p.URL
	}
	return p.URI
}

func isWeb(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// pollFits is why the poll cannot be one there, or "".
func (r *rendering) pollFits() string {
	poll, b := r.draft.Poll, r.trait.poll
	if poll == nil || b.options == 0 || !r.target.Link.Can.Has(social.AblePoll) || r.as.Poll == "text" || r.as.Poll == "link" {
		return "poll"
	}
	most := or(r.target.Link.Limits.PollOptions, b.options)
	if len(poll.Options) < 2 || len(poll.Options) > most || poll.Multiple && !b.multiple || !b.media && len(r.draft.Media) > 0 {
		return "poll"
	}
	for _, o := range poll.Options {
		if utf8.RuneCountInString(o.Title) > b.characters {
			return "poll"
		}
	}
	if poll.Ended(r.draft.Now) {
		return "pollEnded"
	}
	return ""
}

// shortestPoll is the shortest time in seconds that networks take.
const shortestPoll = 5 * 60

// decidePoll makes a poll there, or a list of its options with a link to vote.
func (r *rendering) decidePoll() {
	poll := r.draft.Poll
	if poll == nil {
		return
	}
	if r.as.Poll == "skip" {
		r.skip("pollSkip")
		return
	}
	why := r.pollFits()
	if why == "" {
		r.poll = &social.PartPoll{Multiple: poll.Multiple, Seconds: r.pollTime()}
		for _, o := range poll.Options {
			r.poll.Options = append(r.poll.Options, r.withoutEmoji(o.Title))
		}
		return
	}
	if r.as.Poll == "native" {
		r.skip("pollSkip")
		return
	}
	r.plan.lose(why)
	if r.as.Poll != "link" {
		var list []string
		for _, o := range poll.Options {
			list = append(list, "・"+r.neutral(strings.Join(strings.Fields(o.Title), " ")))
		}
		r.ends = append([]flow{{text: strings.Join(list, "\n")}}, r.ends...)
	}
	if r.as.Poll != "text" {
		r.back = true
	}
}

func (r *rendering) pollTime() int64 {
	longest := r.trait.poll.longest
	if r.draft.Poll.ExpiresAt == 0 {
		return min(week, longest)
	}
	left := (r.draft.Poll.ExpiresAt - r.draft.Now) / 1000
	if left > longest {
		r.plan.lose("pollTime")
	}
	return max(min(left, longest), shortestPoll)
}

// decideAnswer notes where an answer stands alone because what it answers is
// not known there.
func (r *rendering) decideAnswer() {
	p := r.draft.Post
	if (p.ReplyTo != 0 || p.ReplyToURI != "") && r.target.Parent.Zero() && !r.target.Follows {
		r.plan.lose("alone")
	}
}

// boost passes on what the network knows; else, where the rule wants it, a link.
func (r *rendering) boost() {
	b, ref := r.draft.Boosted, r.target.Boost
	if ref.Zero() && b != nil {
		ref = r.findable(b)
	}
	switch {
	case b != nil && b.Audience > social.Unlisted:
		r.skip("audience")
	case r.as.Boost == "skip":
		r.skip("boostSkip")
	case r.as.Boost != "link" && !ref.Zero() && r.target.Link.Can.Has(social.AbleBoost):
		p := r.draft.Post
		r.plan.Parts = []social.Part{{Boost: ref, Audience: p.Audience, Origin: p.URI, CreatedAt: p.CreatedAt}}
	case r.as.Boost != "link" || b == nil || !isWeb(pageOf(b)):
		r.skip("boostUnknown")
	default:
		r.plan.lose("boost")
		r.text, r.as.LinkBack, r.as.Long = r.linked(pageOf(b)), "never", "cut_link"
		if b.Warning != "" {
			r.lead = "⚠ " + r.neutral(b.Warning) + "\n\n"
		}
		r.lay()
	}
}

// Prices of X in micro-dollars (facts/relay.md 3.1); other networks take nothing.
const (
	priceX     = 15_000
	priceXURL  = 200_000
	priceXFile = 5_000 // for what is said about a file: alt text, a warning
)

// price reckons what the Parts cost.
func (r *rendering) price() {
	r.plan.Costs = make([]int64, len(r.plan.Parts))
	if r.target.Link.Network != "x" {
		return
	}
	for i := range r.plan.Parts {
		r.plan.Costs[i] = costX(&r.plan.Parts[i])
		r.plan.Price += r.plan.Costs[i]
	}
}

func costX(p *social.Part) int64 {
	cost := int64(priceX)
	for _, s := range p.Spans {
		if s.Kind == social.SpanLink {
			cost = priceXURL
		}
	}
	for i := range p.Media {
		if p.Media[i].Alt != "" || p.Sensitive {
			cost += priceXFile
		}
	}
	return cost
}
