package relay

import (
	"slices"
	"strings"

	"engawa/social"
)

// resolve finds the Link that a name in to means: a Link's own name, or the
// name of a network that just one Link is on, whatever the case. It answers an
// index in links, noLink or manyLinks.
func resolve(name string, links []social.Link) int {
	found := noLink
	for i := range links {
		if strings.EqualFold(links[i].Name, name) {
			return i
		}
		if strings.EqualFold(links[i].Network, name) {
			if found != noLink {
				found = manyLinks
				continue
			}
			found = i
		}
	}
	return found
}

// meant says for each Link whether the rule names it; a block means them all.
func meant(r *Rule, links []social.Link) []bool {
	out := make([]bool, len(links))
	if r.Blocks() {
		for i := range out {
			out[i] = true
		}
		return out
	}
	for _, name := range r.To {
		if i := resolve(name, links); i >= 0 {
			out[i] = true
		}
	}
	return out
}

// What resolve answers when a name means no single Link.
const (
	noLink    = -1
	manyLinks = -2
)

// nameFlaw is what is wrong with a name in to; nil when it means one Link.
func nameFlaw(name string, links []social.Link) *flaw {
	switch resolve(name, links) {
	case manyLinks:
		return wrong("relay.flaw.link_many", "got", quote(name), "names", linkNames(links, name))
	case noLink:
		if len(links) == 0 {
			return wrong("relay.flaw.link_none", "got", quote(name))
		}
		return wrong("relay.flaw.link_unknown", "got", quote(name), "names", linkNames(links, ""))
	}
	return nil
}

// linkNames are the names of Links, of one network or ("") of all.
func linkNames(links []social.Link, network string) []string {
	const most = 20
	var names []string
	for i := range links {
		if network == "" || strings.EqualFold(links[i].Network, network) {
			names = append(names, quote(links[i].Name))
		}
	}
	slices.Sort(names)
	if len(names) > most {
		names = append(names[:most], "…")
	}
	return names
}
