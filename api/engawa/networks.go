package engawa

import (
	"engawa/internal/locale"
	"engawa/social"
)

// abilities are the names of a Link's abilities, in the order of their bits.
var abilities = []struct {
	bit  social.Ability
	name string
}{
	{social.AblePost, "post"}, {social.AbleReply, "reply"}, {social.AbleEdit, "edit"}, {social.AbleDelete, "delete"},
	{social.AbleMedia, "media"}, {social.AblePoll, "poll"}, {social.AbleQuote, "quote"}, {social.AbleBoost, "boost"},
	{social.AbleFavourite, "favourite"}, {social.AbleReact, "react"}, {social.AbleBookmark, "bookmark"}, {social.AbleFollow, "follow"},
	{social.AbleRead, "read"}, {social.AbleNotify, "notify"}, {social.AbleStream, "stream"},
}

func abilityNames(can social.Ability) []string {
	out := []string{}
	for _, a := range abilities {
		if can.Has(a.bit) {
			out = append(out, a.name)
		}
	}
	return out
}

type networkEntity struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	Base   string        `json:"base,omitempty"`
	Fields []fieldEntity `json:"fields"`
	Can    []string      `json:"can"`
}

type fieldEntity struct {
	Name   string `json:"name"`
	Label  string `json:"label"`
	Secret bool   `json:"secret"`
	Needed bool   `json:"needed"`
}

// networksList is GET networks: what accounts can be linked on, and what the
// person has to type for each.
func networksList(a *API, c *call) (any, error) {
	out := []networkEntity{}
	for _, n := range a.Links.Networks() {
		e := networkEntity{Name: n.Name, Title: n.Title, Base: n.Base, Fields: []fieldEntity{}, Can: abilityNames(n.Can)}
		for _, f := range n.Fields {
			label := f.Name
			if locale.Has(f.Label) {
				label = locale.T(c.lang, f.Label)
			}
			e.Fields = append(e.Fields, fieldEntity{Name: f.Name, Label: label, Secret: f.Secret, Needed: f.Needed})
		}
		out = append(out, e)
	}
	return out, nil
}
