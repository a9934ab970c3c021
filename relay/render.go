package relay

import (
	"strings"
	"unicode/utf8"

	"engawa/internal/markup"
	"engawa/internal/ruler"
	"engawa/social"
)

// Render plans what a Post becomes at a Link in the manner of the deciding rule.
// It is pure: the same arguments give the same Plan.
//
// The audience is never widened: what is not public or unlisted becomes
// nothing, whatever the rule says. A content warning is never dropped.
func Render(d *Draft, t *Target, as Manner) Plan {
	r := &rendering{draft: d, target: t, as: as, trait: traitOf(t.Link.Network), ruler: rulerOf(t.Link)}
	if code := r.wall(); code != "" {
		return skipped(code)
	}
	if d.Post.BoostOf != 0 {
		r.boost()
	} else {
		r.post()
	}
	if r.plan.Skip != nil {
		return Plan{Skip: r.plan.Skip}
	}
	r.price()
	return r.plan
}

// rendering is one Post on its way to one Link.
type rendering struct {
	draft  *Draft
	target *Target
	as     Manner
	trait  *trait
	ruler  ruler.Ruler
	plan   Plan

	warning string // shown by the network itself
	lead    string // written before each part
	placed  bool   // the template says where the content warning stands
	cover   bool   // media are to be marked sensitive
	text    flow
	ends    []flow // addresses and lists below the text
	back    bool   // something stands only at home: a link leads there
	groups  [][]social.PartFile
	poll    *social.PartPoll
	quote   social.Ref
	emojis  []string // left out, as :name:
}

// skip says that the Post becomes nothing.
func (r *rendering) skip(code string, args ...any) {
	if r.plan.Skip == nil {
		r.plan.Skip = &Loss{code, args}
	}
}

// wall is why nothing at all may go to the Link, or "".
func (r *rendering) wall() string {
	p := r.draft.Post
	switch {
	case p.Audience != social.Public && p.Audience != social.Unlisted:
		return "audience"
	case p.DeletedAt != 0:
		return "deleted"
	case p.Hidden != 0:
		return "hidden"
	case !r.target.Link.Can.Has(social.AblePost):
		return "readOnly"
	}
	return ""
}

// post renders everything but boosts.
func (r *rendering) post() {
	p := r.draft.Post
	if p.Audience == social.Unlisted && !r.trait.unlisted {
		r.plan.lose("unlisted")
	}
	linkOnly := r.contentWarning()
	if r.plan.Skip != nil {
		return
	}
	if linkOnly {
		r.linkAlone(r.warned())
		return
	}
	r.text = r.body()
	r.decideQuote()
	r.decideMedia()
	r.decidePoll()
	r.decideAnswer()
	if r.plan.Skip != nil {
		return
	}
	r.template()
	for _, f := range r.ends {
		r.text = r.text.add("\n\n", f)
	}
	r.lay()
}

// contentWarning decides about it; linkOnly: the text stays at home.
func (r *rendering) contentWarning() (linkOnly bool) {
	p := r.draft.Post
	r.cover = p.Sensitive || p.Warning != ""
	if p.Warning == "" {
		return false
	}
	how := r.as.CW
	if how == "auto" || how == "" {
		if how = "link_only"; r.trait.warning {
			how = "native"
		}
	}
	switch how {
	case "native":
		if !r.trait.warning {
			r.skip("warning")
			return false
		}
		return r.nativeWarning()
	case "prefix":
		r.lead = r.warned() + "\n\n"
		r.placed = strings.Contains(r.as.Template, "{cw}")
	case "link_only":
		return true
	default:
		r.skip("warningSkip")
	}
	return false
}

// leastText is how much room a content warning has to leave for the text.
const leastText = 50

// longestCW is the longest content warning that Misskey takes, in characters.
const longestCW = 100

// nativeWarning is for networks that have content warnings. Mastodon counts them
// with the text: one that leaves no room for it stands alone, with a link.
func (r *rendering) nativeWarning() (linkOnly bool) {
	w := r.draft.Post.Warning
	switch r.target.Link.Network {
	case "mastodon":
		rest := r.ruler.Limit - ruler.Graphemes(w)
		if rest < leastText {
			return true
		}
		r.ruler.Limit = rest
	case "misskey":
		if utf8.RuneCountInString(w) > longestCW {
			w = markup.Shorten(w, longestCW)
			r.plan.lose("warningCut")
		}
	}
	r.warning = w
	return false
}

// warned is the content warning as text, cut where it would fill the post.
func (r *rendering) warned() string {
	w := strings.Join(strings.Fields(r.draft.Post.Warning), " ")
	half := r.ruler
	half.Limit /= 2
	half.Bytes /= 2
	text := "⚠ " + r.neutral(w)
	if half.Fits(text) {
		return text
	}
	r.plan.lose("warningCut")
	return half.Cut(text, nil, "", "…").Text
}

// neutral is a text in which nothing names a stranger and nothing is a sign.
func (r *rendering) neutral(s string) string {
	var w flowWriter
	r.bare(&w, r.withoutEmoji(s))
	return string(w.buf)
}

// withoutEmoji is a short text without custom emoji that have no picture there.
func (r *rendering) withoutEmoji(s string) string {
	if !strings.Contains(s, ":") {
		return s
	}
	var w flowWriter
	at := 0
	for _, found := range markup.Scan(s) {
		if found.Kind == markup.SpanEmoji && r.customEmoji(found.Name) {
			w.text(s[at:found.Start])
			w.dropped()
			at = found.End
		}
	}
	w.text(s[at:])
	if out := strings.TrimSpace(string(w.buf)); out != "" {
		return out
	}
	return s
}

// linkAlone makes one part of a few words and the address of the Post.
func (r *rendering) linkAlone(words string) {
	if r.as.LinkBack == "never" {
		r.skip("linkNever")
		return
	}
	r.plan.lose("linkOnly")
	r.text, r.back, r.groups, r.poll, r.cover = flow{text: words}, true, nil, nil, false
	r.warning = ""
	r.lead = ""
	r.lay()
}

// home is the address of the Post here.
func (r *rendering) home() string {
	if r.draft.Post.URL != "" {
		return r.draft.Post.URL
	}
	return r.draft.Post.URI
}

// template puts the text into the rule's own words.
func (r *rendering) template() {
	if r.as.Template == "" || r.as.Template == "{text}" {
		return
	}
	var out flowWriter
	rest := r.as.Template
	for rest != "" {
		i := strings.IndexByte(rest, '{')
		if i < 0 {
			i = len(rest)
		}
		r.plain(&out, rest[:i])
		rest = rest[i:]
		switch {
		case strings.HasPrefix(rest, "{text}"):
			out.flowed(r.text)
			rest = rest[len("{text}"):]
		case strings.HasPrefix(rest, "{link}"):
			r.link(&out, r.home(), sign{kind: social.SpanLink, target: r.home()})
			rest = rest[len("{link}"):]
		case strings.HasPrefix(rest, "{cw}"):
			if r.draft.Post.Warning == "" || r.warning != "" {
				out.dropped()
			} else {
				out.text(r.neutral(r.draft.Post.Warning))
			}
			rest = rest[len("{cw}"):]
		case rest != "":
			out.text("{")
			rest = rest[1:]
		}
	}
	r.text = out.flow()
}

// flowed writes another flow.
func (w *flowWriter) flowed(f flow) {
	at := 0
	for _, s := range f.signs {
		w.text(f.text[at:s.from])
		w.sign(f.text[s.from:s.to], s)
		at = s.to
	}
	w.text(f.text[at:])
}
