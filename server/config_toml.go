package server

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// readTOML is the settings of a TOML document. Strings are taken as they are;
// numbers, booleans, arrays and tables where the setting is of that shape.
func readTOML(path string, data []byte) (map[string]given, error) {
	lines, err := keyLines(path, data)
	if err != nil {
		return nil, err
	}
	document := make(map[string]any)
	if err := toml.Unmarshal(data, &document); err != nil {
		return nil, syntaxError(path, err)
	}
	texts := make(map[string]given)
	for _, key := range slices.SortedFunc(maps.Keys(document), byLine(lines)) {
		from := Origin{place: path + ":" + strconv.Itoa(lines[key])}
		i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == key })
		if i < 0 {
			return nil, unknownKey(key, document[key], from)
		}
		text, bad := settings[i].tomlText(document[key])
		if bad != nil {
			return nil, settings[i].settingError(text, from, bad)
		}
		texts[key] = given{text, from}
	}
	return texts, nil
}

// keyLines is the line on which each top-level key first stands. Decoding
// strictly into a struct without fields makes every key a stray one, and each
// stray key bears its position.
func keyLines(path string, data []byte) (map[string]int, error) {
	lines := make(map[string]int)
	err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&struct{}{})
	var strays *toml.StrictMissingError
	switch {
	case errors.As(err, &strays):
		for _, stray := range strays.Errors {
			key := stray.Key()
			if len(key) == 0 {
				continue
			}
			if _, seen := lines[key[0]]; !seen {
				lines[key[0]], _ = stray.Position()
			}
		}
	case err != nil:
		return nil, syntaxError(path, err)
	}
	return lines, nil
}

func byLine(lines map[string]int) func(a, b string) int {
	return func(a, b string) int {
		if d := lines[a] - lines[b]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	}
}

func syntaxError(path string, err error) error {
	const want = `write name = "value", with text in quotes`
	var at *toml.DecodeError
	if errors.As(err, &at) {
		line, column := at.Position()
		return fmt.Errorf("%s:%d:%d is not TOML: %s; %s", path, line, column, strings.TrimPrefix(at.Error(), "toml: "), want)
	}
	return fmt.Errorf("%s is not TOML: %w; %s", path, err, want)
}

// unknownKey says what was perhaps meant. The value is left out: nobody knows
// whether it is a secret.
func unknownKey(key string, value any, from Origin) error {
	names := make([]string, 0, 32)
	for _, s := range settings {
		names = append(names, s.Name)
	}
	shown := quote(shorten(key, 64))
	if near := nearest(key, names); near != "" {
		return fmt.Errorf("%s: the key %s is not known; did you mean %s?", from, shown, near)
	}
	if _, table := value.(map[string]any); table {
		return fmt.Errorf("%s: the table %s is not known; settings stand at the top of the file, outside tables", from, shown)
	}
	if base, ok := strings.CutSuffix(key, "_file"); ok && slices.Contains(names, base) {
		return fmt.Errorf("%s: the key %s is not known; name a file with the environment variable ENGAWA_%s", from, shown, strings.ToUpper(key))
	}
	return fmt.Errorf("%s: the key %s is not known; `engawa config` lists the settings", from, shown)
}

// tomlText writes a TOML value as the text that a flag would bear.
func (s Setting) tomlText(value any) (string, *wrong) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		if s.shape == shapeSwitch {
			return strconv.FormatBool(v), nil
		}
	case int64:
		if s.shape == shapeNumber {
			return strconv.FormatInt(v, 10), nil
		}
	case []any:
		if s.shape == shapeList {
			return listText(v)
		}
	case map[string]any:
		if s.shape == shapePairs {
			var pairs []string
			bad := pairTexts("", v, &pairs)
			slices.Sort(pairs)
			return strings.Join(pairs, ","), bad
		}
	}
	return tomlKind(value), &wrong{"is of the wrong type", "write " + s.shape.want()}
}

func listText(list []any) (string, *wrong) {
	texts := make([]string, len(list))
	for i, item := range list {
		text, ok := item.(string)
		if !ok {
			return tomlKind(item), &wrong{"stands in the list", "write " + shapeList.want()}
		}
		texts[i] = text
	}
	return strings.Join(texts, ","), nil
}

// pairTexts adds name=value for each string under table. A name with dots that
// nobody put in quotes is a table in a table, and means the same here.
func pairTexts(prefix string, table map[string]any, pairs *[]string) *wrong {
	for name, value := range table {
		switch v := value.(type) {
		case string:
			*pairs = append(*pairs, prefix+name+"="+v)
		case map[string]any:
			if bad := pairTexts(prefix+name+".", v, pairs); bad != nil {
				return bad
			}
		default:
			return &wrong{"has " + quote(shorten(prefix+name, 64)) + ", which is " + tomlKind(value), "write " + shapePairs.want()}
		}
	}
	return nil
}

func (s shape) want() string {
	switch s {
	case shapeSwitch:
		return "true or false"
	case shapeNumber:
		return "a whole number, or text in quotes"
	case shapeList:
		return `text in quotes, or a list such as ["a", "b"]`
	case shapePairs:
		return `text in quotes, or a table such as { "name" = "127.0.0.1:8080" }`
	}
	return "text in quotes"
}

func tomlKind(value any) string {
	switch v := value.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case []any:
		return "a list"
	case map[string]any:
		return "a table"
	case string:
		return "text"
	}
	return "a date or time"
}
