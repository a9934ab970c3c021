package main

import (
	"engawa/internal/markup"
)

// renderCmd converts texts between the formats that posts are written in and
// those that they are shown in.
type renderCmd struct {
	From string `required:"" enum:"mfm,markdown,plain" help:"Format of the texts: mfm, markdown or plain."`
	To   string `required:"" enum:"html,web,text" help:"Format wanted: html as it is federated, web as the web client shows it, or text."`
}

// Run implements the command.
func (c *renderCmd) Run(g *Globals) error {
	g.EndAtOnce()
	return eachJSONLine(g.Stdin, g.Stdout, func(text string) (any, error) {
		return markup.Convert(c.From, c.To, text)
	})
}
