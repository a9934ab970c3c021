// Package locale holds what Engawa says to people, in every language it speaks,
// and how numbers, dates and spans of time are written in them.
//
// It knows no transport: pages, API errors and notifications all take their
// words from here. Texts are in en.json and ja.json, one flat object each:
//
//	"post.boosts": {"one": "{count} boost", "other": "{count} boosts"}
//	"front.rules": "Rules"
//
// Placeholders are {names}; the integer called count chooses the plural form.
// Both files have the same keys and placeholders: the tests see to it.
package locale

// Lang is a language that Engawa speaks, as a lower-case BCP 47 language subtag.
type Lang string

// The languages there are catalogues for.
const (
	English  Lang = "en"
	Japanese Lang = "ja"
)

// All lists every Lang in the order in which a choice of languages is shown.
func All() []Lang { return []Lang{English, Japanese} }

// Endonym is the language's name in itself: "English", "日本語".
func (l Lang) Endonym() string {
	if l == Japanese {
		return "日本語"
	}
	return "English"
}

// OpenGraph is the language with the territory that og:locale asks for.
func (l Lang) OpenGraph() string {
	if l == Japanese {
		return "ja_JP"
	}
	return "en_US"
}

// known is l itself, or English for a value that is no language of ours.
func (l Lang) known() Lang {
	if l == Japanese {
		return Japanese
	}
	return English
}
