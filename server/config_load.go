package server

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// Sources are where settings come from, each overruling the ones before it:
// defaults, the TOML file, the environment, the files that the environment
// names, flags.
type Sources struct {
	File    string            // path of the TOML file; empty for none
	Environ []string          // as os.Environ gives it
	Flags   map[string]string // by Setting.Name, only those given
}

// Origin is where a value came from. The zero Origin is the default.
type Origin struct {
	place string
	flag  bool
}

// String names the place: "default", "engawa.toml:3", "ENGAWA_NODE",
// "ENGAWA_DATABASE_FILE (/run/secrets/db)" or "--node".
func (o Origin) String() string {
	if o.place == "" {
		return "default"
	}
	return o.place
}

// Flag says that the value was given on the command line.
func (o Origin) Flag() bool { return o.flag }

// Bounds of what is read, in bytes.
const (
	maxConfigFile = 1 << 20
	maxValueFile  = 64 << 10
)

// given is the text of a value and where it came from.
type given struct {
	text string
	from Origin
}

// LoadConfig reads the sources and checks them, each setting alone and those
// that belong together. An error is one line; a *SettingError where one
// setting is to blame.
func LoadConfig(src Sources) (*Config, error) {
	texts, err := src.collect()
	if err != nil {
		return nil, err
	}
	c := &Config{origins: make(map[string]Origin), Warnings: misspelt(src.Environ)}
	for _, s := range settings {
		value, ok := texts[s.Name]
		if !ok {
			value.text = s.defaultText(c)
		}
		if strings.ContainsRune(value.text, 0) {
			return nil, s.settingError(value.text, value.from, &wrong{"contains a zero byte", "take it out"})
		}
		if err := s.parse(c, value.text); err != nil {
			return nil, s.settingError(value.text, value.from, err)
		}
		c.origins[s.Name] = value.from
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, nil
}

// collect is the text of every setting that somebody gave.
func (src Sources) collect() (map[string]given, error) {
	texts := make(map[string]given)
	if src.File != "" {
		data, err := readBounded(src.File, maxConfigFile)
		if err != nil {
			return nil, fmt.Errorf("--config: %w", err)
		}
		if texts, err = readTOML(src.File, data); err != nil {
			return nil, err
		}
	}
	env := environment(src.Environ)
	for _, s := range settings {
		if text := env[s.Env()]; text != "" {
			texts[s.Name] = given{text, Origin{place: s.Env()}}
		}
		if path := env[s.Env()+"_FILE"]; path != "" {
			data, err := readBounded(path, maxValueFile)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.Env()+"_FILE", err)
			}
			from := Origin{place: s.Env() + "_FILE (" + path + ")"}
			texts[s.Name] = given{strings.TrimRight(string(data), "\r\n"), from}
		}
		if text, ok := src.Flags[s.Name]; ok {
			texts[s.Name] = given{text, Origin{place: "--" + s.Flag(), flag: true}}
		}
	}
	return texts, nil
}

// environment is the variables of ours. An empty one counts as not set, for
// that is what compose files make of a variable nobody filled.
func environment(environ []string) map[string]string {
	env := make(map[string]string)
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "ENGAWA_") {
			env[name] = value
		}
	}
	return env
}

// misspelt warns of variables that are nearly a setting. Others that begin
// like ours are left alone: container platforms make some from service names.
func misspelt(environ []string) []string {
	names := make([]string, 0, 64)
	for _, s := range settings {
		names = append(names, s.Name, s.Name+"_file")
	}
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(environment(environ))) {
		short := strings.ToLower(strings.TrimPrefix(name, "ENGAWA_"))
		if slices.Contains(names, short) {
			continue
		}
		if near := nearest(short, names); near != "" && distance(short, near) <= 2 && len(near) > 4 {
			warnings = append(warnings, fmt.Sprintf("%s is not a setting; did you mean ENGAWA_%s?", name, strings.ToUpper(near)))
		}
	}
	return warnings
}

// readBounded reads a file of at most limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, remedy(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, remedy(err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s is larger than %s; give another file", path, sizeText(limit))
	}
	return data, nil
}

func remedy(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%w; give the path of a file that exists", err)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%w; let this user read it", err)
	}
	return err
}
