package relay

import (
	"engawa/internal/ruler"
	"engawa/social"
)

// trait is what a network can show, as far as rendering asks and
// social.Ability does not say.
type trait struct {
	network  string
	warning  bool // a content warning covers the text
	label    bool // media can be marked sensitive
	rich     bool // a link may have a text of its own (Span with Target)
	short    bool // addresses are shown short, as Spans
	card     bool // Part.Link shows a card, which costs no characters
	fedi     bool // @name@domain names anybody there
	handles  bool // @name in a text names somebody there, without any Span
	unlisted bool // it has the audience unlisted
	gates    bool // who may answer can be limited
	emoji    bool // :shortcode: is usual there
	alone    bool // media, a poll and a quote exclude one another
	glues    bool // what follows an address without a space belongs to it
	ascii    bool // addresses end before what is not Latin
	media    mix
	files    int // a post, where the Link says nothing
	altText  int // characters, where the Link says nothing
	poll     pollBounds
}

// mix says which media may stand together in one post.
type mix uint8

const (
	mixAny    mix = iota // whatever there is
	mixImages            // pictures together, everything else alone
	mixSilent            // the same, and no sound files
)

// pollBounds are those of polls. Options 0: the network has none.
type pollBounds struct {
	options, characters int
	multiple            bool
	media               bool  // beside media
	longest             int64 // seconds
}

const (
	week  = 7 * 24 * 3600
	month = 30 * 24 * 3600
)

// traits is the table of networks; what is not here is as traitless.
var traits = [...]trait{
	{network: "x", label: true, handles: true, gates: true, ascii: true, alone: true, media: mixSilent, files: 4, altText: 1000,
		poll: pollBounds{options: 4, characters: 25, longest: week}},
	{network: "bluesky", label: true, rich: true, short: true, card: true, gates: true, media: mixSilent, files: 4, altText: 2000},
	{network: "mastodon", warning: true, label: true, fedi: true, handles: true, unlisted: true, emoji: true, glues: true, media: mixImages, files: 4, altText: 1500,
		poll: pollBounds{options: 4, characters: 50, multiple: true, longest: month}},
	{network: "misskey", warning: true, label: true, fedi: true, handles: true, unlisted: true, emoji: true, files: 16, altText: 512,
		poll: pollBounds{options: 10, characters: 50, multiple: true, media: true, longest: 1 << 40}},
	{network: "nostr", warning: true, label: true, files: 100, altText: 10_000},
	{network: "threads", handles: true, media: mixSilent, files: 20, altText: 1000},
	{network: "discord", warning: true, label: true, rich: true, card: true, files: 10, altText: 1024},
	{network: "slack", warning: true, label: true, rich: true, card: true, files: 20, altText: 2000},
	{network: "webhook", warning: true, label: true, rich: true, card: true, unlisted: true, emoji: true, files: 100, altText: 10_000,
		poll: pollBounds{options: 100, characters: 1000, multiple: true, media: true, longest: 1 << 40}},
	{network: "mail", warning: true, label: true, rich: true, card: true, files: 16, altText: 10_000},
}

var traitless = trait{files: 4, altText: 1000}

func traitOf(network string) *trait {
	for i := range traits {
		if traits[i].network == network {
			return &traits[i]
		}
	}
	return &traitless
}

// rulerOf is the ruler for a Link's texts.
func rulerOf(l *social.Link) ruler.Ruler {
	return ruler.For(l.Network, ruler.Bounds{Characters: l.Limits.Characters, Bytes: l.Limits.Bytes, URL: l.Limits.URL})
}

// or is a bound that the Link announced, else the network's.
func or(announced, usual int) int {
	if announced > 0 {
		return announced
	}
	return usual
}
