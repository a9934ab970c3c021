package server

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// InForce is a setting as `engawa config` shows it.
type InForce struct {
	Name  string `json:"name"`
	Value string `json:"value"` // secrets masked
	From  string `json:"from"`  // Origin in words
	Env   string `json:"env"`   // environment variable
	Flag  string `json:"flag"`  // with its dashes
	Help  string `json:"help"`  // what it means
	TOML  string `json:"-"`     // Value as the TOML file would have it
}

// InForce is every setting in the order of [Settings].
func (c *Config) InForce() []InForce {
	list := make([]InForce, len(settings))
	for i, s := range settings {
		text := s.text(c)
		list[i] = InForce{Name: s.Name, Value: text, From: c.origins[s.Name].String(),
			Env: s.Env(), Flag: "--" + s.Flag(), Help: s.Help, TOML: s.literal(text)}
	}
	return list
}

// literal is text as a TOML value.
func (s Setting) literal(text string) string {
	switch {
	case s.shape == shapeSwitch && (text == "true" || text == "false"):
		return text
	case s.shape == shapeNumber && text != "" && text[len(text)-1] <= '9':
		return text
	}
	return quote(text)
}

// WriteInForce writes the settings as a TOML file whose comments say where
// each value came from.
func (c *Config) WriteInForce(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range c.InForce() {
		if _, err := fmt.Fprintf(table, "%s = %s\t# %s\n", s.Name, s.TOML, s.From); err != nil {
			return err
		}
	}
	return table.Flush()
}
