package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed en.json ja.json
var files embed.FS

// piece is a run of text, or a placeholder when name is set.
type piece struct{ text, name string }

// message is one text, cut at its placeholders; one is nil where the language
// or the text does not tell one from many.
type message struct{ one, other []piece }

// catalogues are read once, at the first word said.
var catalogues = sync.OnceValue(func() map[Lang]map[string]message {
	all := make(map[Lang]map[string]message, 2)
	for _, l := range All() {
		raw, err := files.ReadFile(string(l) + ".json")
		if err != nil {
			panic(err) // the file is part of the program
		}
		if all[l], err = parseCatalogue(raw); err != nil {
			panic(fmt.Sprintf("locale: %s.json: %v", l, err)) // likewise; the tests read both
		}
	}
	return all
})

// parseCatalogue reads one catalogue file.
func parseCatalogue(raw []byte) (map[string]message, error) {
	var entries map[string]json.RawMessage
	if err := json.Unmarshal(raw, &entries); err != nil {
		return nil, err
	}
	out := make(map[string]message, len(entries))
	for key, entry := range entries {
		m, err := parseMessage(entry)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out[key] = m
	}
	return out, nil
}

func parseMessage(raw json.RawMessage) (message, error) {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		other, err := pieces(plain)
		return message{other: other}, err
	}
	var forms map[string]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return message{}, fmt.Errorf("want a text or an object of plural forms")
	}
	var m message
	for form, text := range forms {
		cut, err := pieces(text)
		if err != nil {
			return message{}, err
		}
		switch form {
		case "one":
			m.one = cut
		case "other":
			m.other = cut
		default:
			return message{}, fmt.Errorf("plural form %q: want one or other", form)
		}
	}
	if m.other == nil {
		return message{}, fmt.Errorf("the plural form other is missing")
	}
	return m, nil
}

// pieces cuts a text at its {placeholders}.
func pieces(text string) ([]piece, error) {
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("the text is empty")
	}
	var out []piece
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		if before != "" {
			out = append(out, piece{text: before})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.ContainsAny(name, " {") {
			return nil, fmt.Errorf("bad placeholder in %q: want {name}", text)
		}
		out = append(out, piece{name: name})
		text = after
	}
	return out, nil
}
