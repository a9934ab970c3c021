package relay

import (
	"strings"

	"engawa/internal/locale"
)

// Problem is what is wrong with a rule book: an error, which keeps it from
// being saved, or a warning. It is an error value in English.
type Problem struct {
	Line    int    // in the text; 0 unknown, as for JSON
	Rule    string // the rule's name; "" for the book itself
	Key     string // such as "when.tag_any"; "" for the rule itself
	Warning bool
	flaw
}

// flaw is a text of the catalogue with its arguments.
type flaw struct {
	text string
	args []any
}

// textKey is an argument of a flaw that is itself a key of the catalogue.
type textKey string

// wrong makes a flaw; the arguments are those of locale.T.
func wrong(text string, args ...any) *flaw { return &flaw{text, args} }

// Say is the problem in words, without its place: what was wrong and what
// would be right.
func (f *flaw) Say(lang locale.Lang) string {
	args := make([]any, len(f.args))
	for i, a := range f.args {
		switch v := a.(type) {
		case textKey:
			args[i] = locale.T(lang, string(v))
		case []string:
			args[i] = strings.Join(v, locale.T(lang, "relay.comma"))
		default:
			args[i] = a
		}
	}
	return locale.T(lang, f.text, args...)
}

// Where is the problem's place: `line 4, rule "ttr", when.tag_any`.
func (p *Problem) Where(lang locale.Lang) string {
	var at []string
	if p.Line > 0 {
		at = append(at, locale.T(lang, "relay.at.line", "line", p.Line))
	}
	if p.Rule != "" {
		at = append(at, locale.T(lang, "relay.at.rule", "rule", p.Rule))
	}
	if p.Key != "" {
		at = append(at, p.Key)
	}
	return strings.Join(at, locale.T(lang, "relay.comma"))
}

// Say is the whole problem in one line.
func (p *Problem) Say(lang locale.Lang) string {
	if where := p.Where(lang); where != "" {
		return where + ": " + p.flaw.Say(lang)
	}
	return p.flaw.Say(lang)
}

// Error implements error.
func (p *Problem) Error() string { return p.Say(locale.English) }

// Problems are all that was found, in the order of the text.
type Problems []Problem

// Errors are those that keep the book from being saved.
func (ps Problems) Errors() Problems { return ps.only(false) }

// Warnings are the others.
func (ps Problems) Warnings() Problems { return ps.only(true) }

func (ps Problems) only(warning bool) Problems {
	var out Problems
	for i := range ps {
		if ps[i].Warning == warning {
			out = append(out, ps[i])
		}
	}
	return out
}

// Err is the errors as one error in English, nil when there are none.
func (ps Problems) Err() error {
	if errs := ps.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}

// Error implements error.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i := range ps {
		lines[i] = ps[i].Error()
	}
	return strings.Join(lines, "\n")
}
