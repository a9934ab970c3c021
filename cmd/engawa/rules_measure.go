package main

import (
	"engawa/internal/ruler"
)

// rulesMeasureCmd says how long texts are for a network and how they would be
// split. It needs no running home.
type rulesMeasureCmd struct {
	Network string `required:"" enum:"x,bluesky,mastodon,misskey,nostr,threads,discord,slack" help:"Network whose ruler is taken: x, bluesky, mastodon, misskey, nostr, threads, discord or slack."`
	Limit   int    `placeholder:"N" help:"The longest text that is taken, where a server announces another than usual."`
}

// measured is the answer to one text; a limit of 0 is none.
type measured struct {
	Length   int      `json:"length"`
	Limit    int      `json:"limit"`
	Segments []string `json:"segments"`
}

// Run implements the command.
func (c *rulesMeasureCmd) Run(g *Globals) error {
	if c.Limit < 0 {
		return wrongUsage("--limit is %d; give a number above 0", c.Limit)
	}
	g.EndAtOnce()
	r := ruler.For(c.Network, ruler.Bounds{Characters: c.Limit})
	return eachJSONLine(g.Stdin, g.Stdout, func(text string) (any, error) {
		m := measured{Length: r.Measure(text), Limit: r.Limit, Segments: []string{}}
		for _, s := range r.Split(text, nil, ruler.Options{}) {
			m.Segments = append(m.Segments, s.Text)
		}
		return m, nil
	})
}
