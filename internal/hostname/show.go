package hostname

import (
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"
)

// Display is a canonical host as people read it, in Unicode. A label that
// mixes scripts as no language does stays an A-label, for it was made to be
// mistaken for another one.
func Display(host string) string {
	if !strings.Contains(host, "xn--") {
		return host
	}
	name, port := Split(host)
	labels := strings.Split(name, ".")
	for i, l := range labels {
		if shown, err := profile.ToUnicode(l); err == nil && readable(shown) {
			labels[i] = shown
		}
	}
	name = strings.Join(labels, ".")
	if port != "" {
		name += ":" + port
	}
	return name
}

// mixtures are the scripts that one label may mix (UTS #39, 5.2, highly
// restrictive).
var mixtures = [][]*unicode.RangeTable{
	{unicode.Latin, unicode.Han, unicode.Hiragana, unicode.Katakana},
	{unicode.Latin, unicode.Han, unicode.Bopomofo},
	{unicode.Latin, unicode.Han, unicode.Hangul},
}

func readable(label string) bool {
	for _, m := range mixtures {
		if onlyOf(label, m) {
			return true
		}
	}
	for _, r := range label {
		for _, script := range unicode.Scripts {
			if script != unicode.Common && script != unicode.Inherited && unicode.Is(script, r) {
				return onlyOf(label, []*unicode.RangeTable{script})
			}
		}
	}
	return false // nothing but signs
}

func onlyOf(label string, scripts []*unicode.RangeTable) bool {
	own := false
	for _, r := range label {
		switch {
		case unicode.In(r, scripts...):
			own = true
		case !unicode.In(r, unicode.Common, unicode.Inherited):
			return false
		}
	}
	return own
}

// Registrable is the part of a canonical host that its owner registered
// (`a.b.example.co.jp` → `example.co.jp`, by the public suffix list), without
// port: what budgets count by, for below it names cost nothing. An address, a
// single label and a public suffix are returned as they are.
func Registrable(host string) string {
	name, _ := Split(host)
	if IsAddress(name) {
		return name
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name
	}
	return domain
}
