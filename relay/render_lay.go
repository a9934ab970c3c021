package relay

import (
	"slices"
	"strings"

	"engawa/internal/ruler"
	"engawa/social"
)

// maxThread is how many parts a thread has at most; what is beyond is cut, and
// a link leads to the whole.
const maxThread = 25

// lay makes the parts.
func (r *rendering) lay() {
	if r.as.LinkBack == "always" {
		r.back = true
	}
	if r.as.LinkBack == "never" && r.back {
		r.back = false
		r.plan.lose("linkNever")
	}
	if r.text.text == "" && len(r.groups) == 0 && r.poll == nil && r.quote.Zero() && !r.back {
		r.skip("empty")
		return
	}
	if r.target.Link.Network == "discord" {
		r.ruler.Limit = max(r.ruler.Limit-r.around(), leastText)
	}
	segments := r.segments()
	if r.plan.Skip != nil {
		return
	}
	for i := 0; i < max(len(segments), len(r.groups), 1); i++ {
		var s ruler.Segment
		if i < len(segments) {
			s = segments[i]
		} else {
			s.Text, s.At = r.lead, len(r.lead)
		}
		r.plan.Parts = append(r.plan.Parts, r.part(i, s))
	}
	r.cards()
	if len(r.emojis) > 0 {
		r.plan.lose("emoji", "names", strings.Join(r.emojis, " "))
	}
}

// around is how much of a message at Discord stands around the text: its warning,
// the address of what it answers, and those of links with a text of their own.
func (r *rendering) around() int {
	n := 0
	if r.warning != "" {
		n += r.ruler.Measure(r.warning) + len("****\n||||")
	}
	if parent := address(r.target.Parent); parent != "" || r.target.Follows {
		n += max(len(parent), 100) + len("-# ↩ <>\n")
	}
	for _, s := range r.text.signs {
		if s.label {
			n += len(s.target) + len("[](<>)")
		}
	}
	return n
}

// segments is the text in pieces that fit.
func (r *rendering) segments() []ruler.Segment {
	written := r.back && !r.onCard(1)
	whole := r.text
	if written {
		whole = r.text.add("\n\n", r.linked(r.home()))
	}
	if r.placed && r.ruler.Fits(whole.text) {
		r.lead = ""
	}
	if r.ruler.Fits(r.lead + whole.text) {
		r.text = whole
		return r.one(whole)
	}
	switch r.as.Long {
	case "skip":
		r.skip("long", "limit", r.ruler.Limit)
		return nil
	case "cut_link":
		return r.cut()
	case "link_only":
		if r.as.LinkBack == "never" {
			return r.cut()
		}
		r.plan.lose("linkOnly")
		r.back, r.text = true, flow{text: r.draft.Post.Title}
		if r.onCard(1) {
			return r.one(r.text)
		}
		r.text = r.text.add("\n\n", r.linked(r.home()))
		return r.one(r.text)
	}
	o := ruler.Options{Number: r.as.Number != "" && r.as.Number != "none", Lead: r.lead}
	out := r.ruler.Split(whole.text, whole.pieces(), o)
	if len(out) <= maxThread {
		r.text = whole
	}
	if len(out) > maxThread {
		return r.beginning(o)
	}
	return out
}

func (r *rendering) one(f flow) []ruler.Segment {
	return []ruler.Segment{{To: len(f.text), At: len(r.lead), Text: r.lead + f.text}}
}

// cut is the beginning of the text with a link to the whole.
func (r *rendering) cut() []ruler.Segment {
	r.plan.lose("cut")
	tail := "…"
	if r.as.LinkBack != "never" {
		r.back = true
		if !r.onCard(1) {
			link := r.linked(r.home())
			tail = "…\n" + link.text
			s := r.ruler.Cut(r.text.text, r.text.pieces(), r.lead, tail)
			r.text = flow{r.text.text[:s.To], r.signsUntil(s.To)}.add("…\n", link)
			s.To = len(r.text.text)
			s.Text = s.Text[:s.At] + r.text.text[s.From:]
			return []ruler.Segment{s}
		}
	}
	return []ruler.Segment{r.ruler.Cut(r.text.text, r.text.pieces(), r.lead, tail)}
}

func (r *rendering) signsUntil(to int) []sign {
	i := 0
	for i < len(r.text.signs) && r.text.signs[i].to <= to {
		i++
	}
	return slices.Clip(r.text.signs[:i])
}

// beginning is a thread of maxThread parts whose last is cut.
func (r *rendering) beginning(o ruler.Options) []ruler.Segment {
	o.Max = maxThread - 1
	out := r.ruler.Split(r.text.text, r.text.pieces(), o)
	at := out[len(out)-1].To
	rest := *r
	rest.text = flow{r.text.text[at:], nil}
	for _, s := range r.text.signs {
		if s.from >= at {
			s.from -= at
			s.to -= at
			rest.text.signs = append(rest.text.signs, s)
		}
	}
	last := rest.cut()[0]
	r.plan, r.back = rest.plan, rest.back
	r.text = flow{r.text.text[:at], r.signsUntil(at)}.add("", rest.text)
	last.From += at
	last.To += at
	return append(out, last)
}

// onCard tells whether the link to the Post can be Part.Link of the last of n
// parts, where it costs no characters.
func (r *rendering) onCard(n int) bool {
	if !r.trait.card || r.target.Link.Network != "bluesky" {
		return r.trait.card
	}
	return len(r.groups) < n && r.quote.Zero()
}

// part is number i.
func (r *rendering) part(i int, s ruler.Segment) social.Part {
	p := r.draft.Post
	out := social.Part{
		Text: s.Text, Warning: r.warning, Language: p.Language, Audience: p.Audience, Origin: p.URI, CreatedAt: p.CreatedAt, Spans: r.text.spans(s.From, s.To, s.At-s.From),
	}
	out.Limited, out.Audience = r.limited(p.Audience)
	if r.trait.ascii {
		out.Spans = withAddresses(out.Text, out.Spans)
	}
	for _, span := range out.Spans {
		if span.Kind == social.SpanTag && !slices.Contains(out.Tags, span.Target) {
			out.Tags = append(out.Tags, span.Target)
		}
	}
	if i < len(r.groups) {
		out.Media = r.groups[i]
		out.Sensitive = r.cover
	}
	if r.warning != "" {
		out.Sensitive = r.cover
	}
	if i == 0 {
		out.Poll, out.Quote = r.poll, r.quote
		out.Root, out.Parent = r.target.Root, r.target.Parent
	}
	return out
}

// withAddresses adds what X takes for an address beside those that are known.
func withAddresses(text string, spans []social.Span) []social.Span {
	for _, a := range ruler.Addresses(text) {
		i, known := slices.BinarySearchFunc(spans, a.From, func(s social.Span, from int) int {
			if s.To <= from {
				return -1
			}
			if s.From >= a.To {
				return 1
			}
			return 0
		})
		if !known {
			spans = slices.Insert(spans, i, social.Span{From: a.From, To: a.To, Kind: social.SpanLink, Target: text[a.From:a.To]})
		}
	}
	return spans
}

// limited is who may answer, and who may see: where answers cannot be limited by
// themselves, a post that only followers may answer is for followers.
func (r *rendering) limited(seen social.Audience) (string, social.Audience) {
	switch {
	case r.as.Audience == "" || r.as.Audience == "everyone":
		return "", seen
	case r.trait.gates:
		return r.as.Audience, seen
	case r.trait.fedi && r.as.Audience == "followers":
		return "", social.Followers
	}
	r.plan.lose("gates")
	return "", seen
}

// cards puts the link to the Post, or else the first link of the text, on a card.
func (r *rendering) cards() {
	parts := r.plan.Parts
	last := &parts[len(parts)-1]
	bluesky := r.target.Link.Network == "bluesky"
	switch {
	case r.trait.card && r.back && (!bluesky || len(last.Media) == 0 && last.Quote.Zero()):
		last.Link = r.home()
	case r.target.Link.Network == "webhook" || r.target.Link.Network == "mail":
		last.Link = r.home()
	}
	if !bluesky {
		return
	}
	for i := range parts {
		p := &parts[i]
		if p.Link != "" || len(p.Media) > 0 || !p.Quote.Zero() {
			continue
		}
		for _, s := range p.Spans {
			if s.Kind == social.SpanLink {
				p.Link = s.Target
				break
			}
		}
	}
}
