package relay

import (
	"slices"
	"strings"
	"time"

	"engawa/internal/locale"
)

// Sentence is the whole rule in words: which posts go where, and how it differs
// from what a rule does by itself. What has no words of its own stands as it is
// written, so that nothing is left out.
func (r *Rule) Sentence(lang locale.Lang) string {
	s := sentence{lang: lang, rule: r}
	posts := s.say("posts", "visibility", s.join(saidAll(lang, "relay.visibility.", valueOf(r, "when.visibility"))),
		"kinds", s.join(saidAll(lang, "relay.kind.", valueOf(r, "when.kind"))))
	if wanted := s.wanted(); len(wanted) > 0 {
		posts = s.say("wanted", "posts", posts, "wanted", strings.Join(wanted, s.say("and")))
	}
	var out string
	switch {
	case !slices.Contains(r.From, FromHome):
		out = s.say("never", "from", s.join(r.From))
	case r.Blocks():
		out = s.say("blocks", "posts", posts)
	default:
		out = s.say("sends", "posts", posts, "to", s.join(r.To), "how", strings.Join(s.how(), s.say("also")))
	}
	if !r.On {
		out = s.say("off", "rule", out)
	}
	return out
}

// sentence puts one rule into words.
type sentence struct {
	lang locale.Lang
	rule *Rule
}

func (s *sentence) say(key string, args ...any) string {
	return locale.T(s.lang, "relay.sentence."+key, args...)
}

func (s *sentence) join(list []string) string {
	return strings.Join(list, locale.T(s.lang, "relay.comma"))
}

func (s *sentence) span(d time.Duration) string { return locale.Duration(s.lang, d) }

// wanted are the conditions.
func (s *sentence) wanted() (out []string) {
	w := &s.rule.When
	list := func(key string, values []string) {
		if len(values) > 0 {
			out = append(out, s.say(key, "list", s.join(values)))
		}
	}
	switch len(w.TagAny) {
	case 1:
		list("tag", hashed(w.TagAny))
	default:
		list("tag_any", hashed(w.TagAny))
	}
	list("tag_all", hashed(w.TagAll))
	list("tag_none", hashed(w.TagNone))
	list("lang", w.Lang)
	list("text", w.Text)
	list("client", w.Client)
	if w.Media != WhenAny {
		out = append(out, s.say("media_"+w.Media))
	}
	if w.CW != WhenAny {
		out = append(out, s.say("cw_"+w.CW))
	}
	return out
}

// how is the manner, and whatever else is not as usual.
func (s *sentence) how() []string {
	r := s.rule
	out := []string{s.say("long_" + r.As.Long)}
	if r.Limit.Hold > 0 {
		out = append(out, s.say("hold", "time", s.span(r.Limit.Hold)))
	}
	for _, k := range writtenKeys(r) {
		if strings.HasPrefix(k.key, "when.") || slices.Contains(saidAlready, k.key) {
			continue
		}
		out = append(out, s.unusual(&k))
	}
	return out
}

// saidAlready are the keys that the rest of the sentence says.
var saidAlready = []string{"name", "on", "from", "to", "as.long", "limit.hold"}

// unusual says a key that is not as it is by itself.
func (s *sentence) unusual(k *writtenKey) string {
	l := &s.rule.Limit
	switch k.key {
	case "limit.per_day":
		return s.say("per_day", "count", l.PerDay)
	case "limit.gap":
		return s.say("gap", "time", s.span(l.Gap))
	case "limit.quiet_hours":
		if hours, is := k.value.(string); is {
			return s.say("quiet", "hours", hours)
		}
	case "limit.budget_month":
		return s.say("budget", "money", dollars(l.Budget))
	case "limit.ask_over":
		return s.say("ask_over", "money", dollars(l.AskOver))
	case "keep.edit":
		if s.rule.Keep.Edit == EditRedo {
			return s.say("keep.edit.redo_within", "time", s.span(s.rule.Keep.Within))
		}
	}
	value := strings.Trim(tomlValue(k.value), `"`)
	if key := "relay.sentence." + k.key + "." + value; locale.Has(key) {
		return locale.T(s.lang, key)
	}
	return k.key + " = " + tomlValue(k.value)
}

// valueOf is what stands under a key.
func valueOf(r *Rule, key string) any {
	for _, f := range fields {
		if f.key == key {
			return f.write(r)
		}
	}
	return nil
}
