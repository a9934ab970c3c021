package bluesky

import (
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"engawa/internal/locale"
	"engawa/network"
	"engawa/social"
)

// Records of app.bsky.* as they are written, with the lexicons' names.

type strongRef struct {
	URI string `json:"uri"`
	CID string `json:"cid"`
}

type postRecord struct {
	Type      string     `json:"$type"`
	Text      string     `json:"text"`
	Facets    []facet    `json:"facets,omitempty"`
	Reply     *replyRef  `json:"reply,omitempty"`
	Embed     any        `json:"embed,omitempty"`
	Langs     []string   `json:"langs,omitempty"`
	Labels    *selfMarks `json:"labels,omitempty"`
	Tags      []string   `json:"tags,omitempty"`
	CreatedAt string     `json:"createdAt"`
	// Origin declares whose copy this is, by the name that bridges use.
	Origin string `json:"bridgyOriginalUrl,omitempty"`
}

type replyRef struct {
	Root   strongRef `json:"root"`
	Parent strongRef `json:"parent"`
}

type facet struct {
	Index    byteSlice `json:"index"`
	Features []feature `json:"features"`
}

// byteSlice counts bytes of the text in UTF-8.
type byteSlice struct {
	Start int `json:"byteStart"`
	End   int `json:"byteEnd"`
}

type feature struct {
	Type string `json:"$type"`
	URI  string `json:"uri,omitempty"`
	DID  string `json:"did,omitempty"`
	Tag  string `json:"tag,omitempty"`
}

// The features of a facet.
const (
	linkFeature    = "app.bsky.richtext.facet#link"
	mentionFeature = "app.bsky.richtext.facet#mention"
	tagFeature     = "app.bsky.richtext.facet#tag"
)

type selfMarks struct {
	Type   string      `json:"$type"`
	Values []selfLabel `json:"values"`
}

type selfLabel struct {
	Val string `json:"val"`
}

// Limits of the lexicons app.bsky.feed.post and app.bsky.richtext.facet.
const (
	maxTags      = 8
	maxTagRunes  = 64  // graphemes
	maxTagBytes  = 640 // in UTF-8
	maxLangs     = 3
	maxFacetURI  = 8192
	maxCharacter = 300
	maxBytes     = 3000
)

// facetsOf are the Spans of a Part that Bluesky can show: links by http(s),
// mentions of a DID, and tags. Spans out of order or not at the borders of
// characters are left out, as is what no facet can say.
func facetsOf(text string, spans []social.Span) []facet {
	var out []facet
	at := 0
	for _, s := range spans {
		if s.From < at || s.To <= s.From || s.To > len(text) || !border(text, s.From) || !border(text, s.To) {
			continue
		}
		f, ok := featureOf(s)
		if !ok {
			continue
		}
		out = append(out, facet{byteSlice{s.From, s.To}, []feature{f}})
		at = s.To
	}
	return out
}

func border(text string, i int) bool { return i == len(text) || utf8.RuneStart(text[i]) }

func featureOf(s social.Span) (feature, bool) {
	switch s.Kind {
	case social.SpanLink:
		return feature{Type: linkFeature, URI: s.Target}, webURL(s.Target) != "" && len(s.Target) <= maxFacetURI
	case social.SpanMention:
		return feature{Type: mentionFeature, DID: s.Target}, validDID(s.Target)
	case social.SpanTag:
		return feature{Type: tagFeature, Tag: s.Target}, validTag(s.Target)
	}
	return feature{}, false
}

func validTag(tag string) bool {
	return tag != "" && len(tag) <= maxTagBytes && uniseg.GraphemeClusterCount(tag) <= maxTagRunes
}

// outerTags are the tags of a Part that no facet of its text shows.
func outerTags(tags []string, shown []facet) []string {
	var out []string
next:
	for _, t := range tags {
		if !validTag(t) || len(out) == maxTags {
			continue
		}
		for _, f := range shown {
			if f.Features[0].Tag == t {
				continue next
			}
		}
		out = append(out, t)
	}
	return out
}

// langsOf is the language as BCP 47 wants it, where it looks like one.
func langsOf(lang string) []string {
	if len(lang) < 2 || len(lang) > 35 {
		return nil
	}
	for i := range len(lang) {
		if c := lang[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || i > 1 && (c == '-' || '0' <= c && c <= '9')) {
			return nil
		}
	}
	return []string{lang}
}

// selfLabels marks what is behind a warning. Bluesky's own words for it are few:
// graphic-media covers the media and asks before it shows them, and says least
// of what they are; a Link's settings can choose another of its words.
func selfLabels(p *social.Part, label string) *selfMarks {
	if !p.Sensitive && p.Warning == "" {
		return nil
	}
	return &selfMarks{"com.atproto.label.defs#selfLabels", []selfLabel{{label}}}
}

// stamp writes a time as atproto wants it (atproto.com/specs/lexicon, "datetime").
func stamp(ms social.Millis) string {
	return time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z")
}

// fits checks a Part against what every PDS refuses, before anything is uploaded.
func fits(p *social.Part) error {
	switch {
	case p.CreatedAt <= 0:
		return network.Fix(locale.W("link.fail.no_time"), "")
	case p.Audience > social.Unlisted:
		return network.Closed("Bluesky")
	case p.Poll != nil:
		return network.NoPolls("Bluesky")
	case len(p.Text) > maxBytes, uniseg.GraphemeClusterCount(p.Text) > maxCharacter:
		return network.TooLong("Bluesky", nil)
	case !utf8.ValidString(p.Text):
		return network.Fix(locale.W("link.fail.not_utf8"), "")
	}
	return nil
}
