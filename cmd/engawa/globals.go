package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"strconv"

	"github.com/alecthomas/kong"

	"engawa/server"
)

// Globals is what every command gets: the flags that all have, the streams,
// and the settings once somebody asks for them.
type Globals struct {
	// ConfigFile and JSON are flags of every command.
	ConfigFile string `name:"config" placeholder:"FILE" env:"ENGAWA_CONFIG" help:"TOML file with settings."`
	JSON       bool   `name:"json" help:"Write the result as one JSON object."`

	Stdin          io.Reader `kong:"-"`
	Stdout, Stderr io.Writer `kong:"-"`
	// Environ is the environment as os.Environ gives it.
	Environ []string `kong:"-"`

	flags     map[string]string // settings given as flags
	endAtOnce func()            // gives signals their usual effect
	config    *server.Config
}

// Config is the settings in force, loaded and checked at the first call.
// Commands that need no home do not call it and so work whatever the settings.
func (g *Globals) Config() (*server.Config, error) {
	if g.config != nil {
		return g.config, nil
	}
	config, err := server.LoadConfig(server.Sources{File: g.ConfigFile, Environ: g.Environ, Flags: g.flags})
	if err != nil {
		return nil, err
	}
	g.config = config
	return config, nil
}

// Logger logs to stderr at the level of the settings.
func (g *Globals) Logger(config *server.Config) *slog.Logger {
	return server.NewLogger(g.Stderr, config.Log)
}

// Result writes what a command found out: v as one JSON object with --json,
// and otherwise what text writes.
func (g *Globals) Result(v any, text func(w io.Writer) error) error {
	if !g.JSON {
		return text(g.Stdout)
	}
	enc := json.NewEncoder(g.Stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// EndAtOnce gives SIGTERM and SIGINT their usual effect again, which is to end
// the program. It is for commands that wait for stdin and hold nothing that
// has to be ended in order.
func (g *Globals) EndAtOnce() { g.endAtOnce() }

// switchText is the text of a setting that is on or off. Its flag may stand
// alone, which means on, and takes off both as --flag=off and as --flag off.
type switchText string

// IsBool tells kong that the flag needs no value.
func (*switchText) IsBool() bool { return true }

// Decode implements kong.MapperValue.
func (s *switchText) Decode(ctx *kong.DecodeContext) error {
	*s = "on"
	next := ctx.Scan.Peek()
	switch next.Value {
	case "on", "off", "true", "false", "yes", "no":
	default:
		if next.Type != kong.FlagValueToken {
			return nil
		}
	}
	text, ok := ctx.Scan.Pop().Value.(string)
	if ok {
		*s = switchText(text)
	}
	return nil
}

// settingFlags is a flag for every setting, made from the table of settings.
type settingFlags struct {
	settings []server.Setting
	target   any // pointer to a struct with a pointer to text for each setting
}

func newSettingFlags() settingFlags {
	settings := server.Settings()
	fields := make([]reflect.StructField, len(settings))
	for i, s := range settings {
		help := s.Help
		if s.Default != "" {
			help += "; default " + s.Default
		}
		tag := fmt.Sprintf("name:%s placeholder:%s group:%s help:%s", strconv.Quote(s.Flag()), strconv.Quote(s.Placeholder),
			strconv.Quote("Settings"), strconv.Quote(help+" ($"+s.Env()+")."))
		kind := reflect.TypeFor[*string]()
		if s.Switch() {
			kind = reflect.TypeFor[*switchText]()
		}
		fields[i] = reflect.StructField{Name: "Setting" + strconv.Itoa(i), Type: kind, Tag: reflect.StructTag(tag)}
	}
	return settingFlags{settings, reflect.New(reflect.StructOf(fields)).Interface()}
}

// given is the flags that stood on the command line, by name of the setting.
func (f settingFlags) given() map[string]string {
	texts := make(map[string]string)
	values := reflect.ValueOf(f.target).Elem()
	for i, s := range f.settings {
		if text := values.Field(i); !text.IsNil() {
			texts[s.Name] = text.Elem().String()
		}
	}
	return texts
}
